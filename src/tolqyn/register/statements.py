"""A register's tallies as claims: what the register says of each day, for the ledger.

Pure. A tally has no error of its own but that of coverage, which is stated beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from tolqyn.claims import Claim, Measure, Qualifier
from tolqyn.errors import UsageError
from tolqyn.situation import SourceNote

__all__ = ["register_source", "tally_claims"]


def tally_claims(
    table: pa.Table,
    *,
    doc: str,
    organization: str,
    said: date,
    place: str | None = None,
    counterpart: str | None = None,
    group: str | None = None,
) -> list[Claim]:
    """One claim for each figure of entries and exits that a tally shows.

    Rows of posts that did not report, and figures that were hidden, say nothing. Where posts are
    summed over and some of them were silent or closed, the sum is a floor: its qualifier is `over`.

    Args:
        table: a tally by date, as published: also by checkpoint, citizenship or both.
        doc: the name of the table in the wave.
        organization: whose register it is.
        said: the day of the tally.
        place: the country that it counts for; where the table has checkpoints, they are the places.
        counterpart: the other end of the crossings, where all have the same.
        group: whose crossings they are where the table has no citizenship; "any" if not said.

    Raises:
        UsageError: it has no date, or it is split by purpose, or its place is not known.
    """
    names = table.column_names
    if "date" not in names or "purpose" in names:
        raise UsageError("claims are made of a tally by date, not by purpose", hint="--by date,citizenship")
    if "checkpoint" not in names and place is None:
        raise UsageError("the place of the tally is not known", hint="name the country, such as KAZ")
    claims = []
    for number, row in enumerate(table.to_pylist(), 1):
        for measure in (Measure.ENTRIES, Measure.EXITS):
            if row[measure.value] is None:
                continue
            silent = row.get("posts_silent") or 0
            claims.append(
                Claim(
                    doc=doc,
                    quote=_as_written(row, measure),
                    measure=measure,
                    place=row.get("checkpoint") or place or "",
                    counterpart=counterpart,
                    group=row.get("citizenship") or group or "any",
                    value=float(row[measure.value]),
                    unit="crossings",
                    qualifier=Qualifier.OVER if silent else Qualifier.EXACT,
                    window_start=row["date"],
                    window_end=row["date"],
                    organization=organization,
                    said=said,
                    published=said,
                    confidence=1.0,
                    evidence=(
                        ("value", f"tally of a register, row {number}"),
                        *([("qualifier", f"{silent} posts were silent or closed")] if silent else []),
                    ),
                )
            )
    return claims


def register_source(organization: str, coverage: tuple[float, float] = (0.99, 1.0)) -> SourceNote:
    """What is known of a register as a source: it sees nearly all crossings at its posts.

    Args:
        organization: as in the claims.
        coverage: 90 % range of the share of crossings that it records; the missing exits of
            `overstays` tell the share of exits.
    """
    return SourceNote(organization, coverage)


def _as_written(row: dict[str, Any], measure: Measure) -> str:
    words = [str(row[name]) for name in ("date", "checkpoint", "citizenship") if row.get(name) is not None]
    return ",".join([*words, f"{measure.value}={row[measure.value]}"])
