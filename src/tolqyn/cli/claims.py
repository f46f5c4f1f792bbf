"""`tolqyn claims`: what is in a wave's ledger."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tolqyn.claims import RECORD_FIELDS, Claim, Modality, claim_to_record
from tolqyn.cli.common import (
    AS_OF,
    WAVE,
    figure,
    print_csv,
    print_jsonl,
    print_table,
    say,
    tell_problems,
    up_to_date,
)

__all__ = ["claims"]


def claims(
    wave: WAVE,
    as_of: AS_OF = None,
    measure: Annotated[str | None, typer.Option(help="Only this measure: entries, exits, stock, ...")] = None,
    place: Annotated[str | None, typer.Option(help="Only this place: KAZ, Almaty, ...")] = None,
    doubtful: Annotated[
        float | None,
        typer.Option(help="Only claims whose confidence is below this, such as 0.7.", max=1, min=0),
    ] = None,
    statements: Annotated[
        bool, typer.Option("--statements", help="Echoes together: one row a statement.")
    ] = False,
    problems: Annotated[bool, typer.Option("--problems", help="What was set aside, and why.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="One row a claim.")] = False,
) -> None:
    """List the claims of a wave, as they stood on any day.

    [dim]Examples:[/dim]

        tolqyn claims kz --measure entries --as-of 2022-10-04

        tolqyn claims kz --statements          mention count beside origin count

        tolqyn claims kz --doubtful 0.7 --json
    """
    with up_to_date(wave, as_of) as opened:
        if problems:
            found = opened.ledger.problems()
            tell_problems(found, limit=len(found))
            say(f"{len(found)} set aside")
            return
        grouped = opened.statements(as_of=as_of) if statements else []
        single = [] if statements else opened.claims(as_of=as_of)

    def wanted(claim: Claim) -> bool:
        sure = claim.confidence if claim.confidence is not None else 1.0
        return (
            (measure or claim.measure) == claim.measure
            and (place or claim.place) == claim.place
            and (doubtful is None or sure < doubtful)
        )

    if statements:
        chosen = [s for s in grouped if wanted(s.claim)]
        counts = [{"statement": s.id, "mentions": s.mentions, "origins": s.origins} for s in chosen]
        _print([s.claim for s in chosen], counts, json=json, csv=csv)
        say(f"{len(chosen)} statements, {sum(s.mentions for s in chosen)} mentions")
    else:
        picked = [claim for claim in single if wanted(claim)]
        _print(picked, [{"id": claim.id} for claim in picked], json=json, csv=csv)
        say(f"{len(picked)} claims")


def _print(claims: list[Claim], first: list[dict[str, Any]], *, json: bool, csv: bool) -> None:
    """Claims with the columns that come first for each."""
    records = [{**lead, **claim_to_record(claim)} for lead, claim in zip(first, claims, strict=True)]
    leads = list(first[0]) if first else []
    if json:
        print_jsonl(records)
    elif csv:
        print_csv((*leads, *RECORD_FIELDS), records)
    else:
        names = (
            *leads,
            "said",
            "measure",
            "place",
            "group",
            "figure",
            "window",
            "source",
            "sure",
            "at",
        )
        rows = [
            (*(str(value)[:8] for value in lead.values()), c.known, c.measure, c.place, c.group, _stated(c), c.window, c.source, "" if c.confidence is None else f"{c.confidence:.2f}", c.where)
            for lead, c in zip(first, claims, strict=True)
        ]  # fmt: skip
        print_table(names, rows, right=("mentions", "origins", "figure", "sure"))


def _stated(claim: Claim) -> str:
    """The figure, and what it is if it was not observed: "5,000 persons, denied"."""
    return figure(claim) if claim.modality is Modality.OBSERVED else f"{figure(claim)}, {claim.modality}"
