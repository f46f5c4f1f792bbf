"""`tolqyn cohorts`: people of the surge who are still here, by days since they came."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tolqyn.cli.common import AS_OF, SEED, WAVE, fail, parse_day, print_csv, print_table, say, up_to_date

if TYPE_CHECKING:
    from tolqyn.estimate import Posterior

__all__ = ["cohorts"]

_BANDS = ((0, 6), (7, 13), (14, 29), (30, 59), (60, 89), (90, None))
"""Days since entry, both included: weeks, then the thirty days in which limits of stay are mostly written."""


def cohorts(
    wave: WAVE,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="DATE", parser=parse_day, help="The day they are counted on; else the last day."
        ),
    ] = None,
    as_of: AS_OF = None,
    seed: SEED = 0,
    csv: Annotated[bool, typer.Option("--csv", help="One row a day since entry.")] = False,
) -> None:
    """People of the surge who are still here, by days since they came, with 90 % intervals.

    Those who came above ordinary traffic since the first event, less those who have left by the estimate. Who was there
    before, and ordinary travellers, are not in it.

    [dim]Examples:[/dim]

        tolqyn cohorts kz --on 2022-12-01

        tolqyn cohorts kz --csv > present-by-age.csv
    """
    with up_to_date(wave, as_of) as opened:
        posterior = opened.estimate(as_of=as_of, seed=seed)
    day = on or posterior.days[-1]
    begun = min((event.date for event in posterior.situation.events), default=posterior.days[0])
    if not begun <= day <= posterior.days[-1]:
        fail(
            f"{day} is not within {begun} to {posterior.days[-1]}: those who came since the first event are counted"
        )
    rows: list[dict[str, Any]] = []
    for place, group in dict.fromkeys((stream.place, stream.group) for stream in posterior.values):
        if _is_unknown(posterior, place, group):
            say(
                f"of {group} in {place} nothing tells what is above ordinary traffic: a figure of ordinary days would"
            )
            continue
        rows += _counted(posterior, place, group, day, single=csv)
    if csv:
        print_csv(list(rows[0]) if rows else [], rows)
    elif rows:
        names = ("place", "group", "days since entry", "present", "90 % interval")
        print_table(
            names,
            [
                (
                    r["place"],
                    r["group"],
                    r["days_since_entry"],
                    f"{r['q50']:,}",
                    f"{r['q05']:,} to {r['q95']:,}",
                )
                for r in rows
            ],
            right=names[3:],
        )
        say(f"present on {day}")


def _is_unknown(posterior: Posterior, place: str, group: str) -> bool:
    return any(
        (stream.measure, stream.place, stream.group) == ("excess_entries", place, group)
        for stream in posterior.unknown
    )


def _counted(
    posterior: Posterior, place: str, group: str, day: date, *, single: bool
) -> list[dict[str, Any]]:
    """Rows of one place and group: a day since entry each, or bands of days with all of them below."""
    import numpy as np  # noqa: PLC0415 (slow to load, and the verb has loaded it by now)

    from tolqyn.estimate import cohorts as follow  # noqa: PLC0415 (numerics load when the verb runs)

    found = follow(posterior, place, group, last=day)
    oldest = found.days.index(day)
    bands = [(age, age) for age in range(oldest + 1)] if single else [*_BANDS, (0, None)]
    rows = []
    for first, last in bands:
        if first > oldest:
            continue
        present = found.present[:, oldest, first : oldest + 1 if last is None else last + 1].sum(axis=1)
        low, middle, high = (round(q) for q in np.quantile(present, [0.05, 0.5, 0.95]))
        row = {"on": day, "place": place, "group": group, "days_since_entry": _label(first, last)}
        rows.append({**row, "q05": low, "q50": middle, "q95": high})
    return rows


def _label(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+" if first else "all"
    return str(first) if first == last else f"{first}-{last}"
