"""`tolqyn next`: which number to ask for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from tolqyn.cli.common import AS_OF, SEED, WAVE, fail, parse_day, print_csv, print_table, say, up_to_date

__all__ = ["next"]


def next(  # noqa: A001 (the verb's name)
    wave: WAVE,
    as_of: AS_OF = None,
    seed: SEED = 0,
    on: Annotated[
        date | None,
        typer.Option(
            "--on", metavar="DATE", parser=parse_day, help="The day of the stock; else the last day."
        ),
    ] = None,
    error: Annotated[
        float, typer.Option(min=0.0001, max=1, help="Error of the figure asked for, as a share of it.")
    ] = 0.02,
    csv: Annotated[bool, typer.Option("--csv", help="One row a number.")] = False,
) -> None:
    """Which next number (place, days, measure) would narrow the band of people present most.

    [dim]Example:[/dim]

        tolqyn next kz --on 2022-10-04
    """
    from tolqyn.estimate import next_numbers  # noqa: PLC0415 (numerics load when the verb runs)

    with up_to_date(wave, as_of) as opened:
        posterior = opened.estimate(as_of=as_of, seed=seed)
    stocks = [
        stream for stream in posterior.values if stream.measure == "stock" and stream not in posterior.unknown
    ]
    if not stocks:
        fail(
            "how many are present is unknown, so there is no band to narrow: ask for one figure of people present, "
            "or give [population] in situation.toml"
        )
    for stream in sorted(posterior.unknown, key=str):
        if stream.measure == "stock":
            say(
                f"how many of {stream.group} are present in {stream.place} is unknown: one figure of that, of any day, would "
                "tell more than any other"
            )
    day = on or posterior.days[-1]
    rows = [
        {
            "headline": f"{stock.group} in {stock.place} on {day}",
            "measure": one.stream.measure,
            "place": one.stream.place,
            "group": one.stream.group,
            "first": one.first,
            "last": one.last,
            "expected_low": round(one.low),
            "expected_high": round(one.high),
            "band": round(one.band),
            "band_then": round(one.band_then),
        }
        for stock in stocks
        for one in next_numbers(posterior, stock, last=day, error=error)
    ]
    if csv:
        print_csv(list(rows[0]) if rows else [], rows)
        return
    names = ("to ask for", "expected", "band now", "band then")
    for headline in dict.fromkeys(row["headline"] for row in rows):
        say(f"{headline}:")
        mine = [row for row in rows if row["headline"] == headline]
        print_table(names, [_row(row) for row in mine], right=names[1:])
    if not rows:
        say("no single figure would narrow the band by a hundredth")


def _row(row: dict[str, object]) -> tuple[str, ...]:
    span = str(row["last"]) if row["first"] == row["last"] else f"{row['first']} to {row['last']}"
    return (
        f"{row['measure']} of {row['group']}, {row['place']}, {span}",
        f"{row['expected_low']:,} to {row['expected_high']:,}",
        f"{row['band']:,}",
        f"{row['band_then']:,}",
    )
