"""`tolqyn vintages`: what was believed when, and what changed a belief."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tolqyn.cli.common import SEED, WAVE, print_csv, print_table, replayed, say, up_to_date
from tolqyn.files import write_whole

if TYPE_CHECKING:
    from tolqyn.wave import Believed, Wave

__all__ = ["vintages"]


def vintages(
    wave: WAVE,
    seed: SEED = 0,
    every: Annotated[int, typer.Option(min=1, help="At least so many days from one to the next.")] = 1,
    csv: Annotated[bool, typer.Option("--csv", help="One row a day and measure.")] = False,
    chart: Annotated[Path | None, typer.Option(help="Also a picture, as an SVG file.")] = None,
    kept: Annotated[
        bool, typer.Option("--kept", help="List the estimates that were made before, with their numbers.")
    ] = False,
    since: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="What moved the headline numbers since that estimate was made."),
    ] = None,
) -> None:
    """What was believed when: the wave estimated again as of every day on which something new was said.

    [dim]Examples:[/dim]

        tolqyn vintages kz --every 7

        tolqyn vintages kz --csv --chart believed.svg > believed.csv

        tolqyn vintages kz --kept

        tolqyn vintages kz --since 3
    """
    with up_to_date(wave) as opened:
        if kept:
            _tell_kept(opened)
        elif since is not None:
            _tell_changes(opened, since)
        else:
            told = replayed(opened, seed, every)
            _tell(told, csv=csv)
            if chart is not None:
                from tolqyn.report import vintage_chart  # noqa: PLC0415 (drawing loads when it is asked for)

                write_whole(chart, vintage_chart(told).encode())
                say(f"wrote {chart}")


def _tell(told: tuple[Believed, ...], *, csv: bool) -> None:
    rows = [
        {
            "as_of": then.as_of,
            "measure": then.span.stream.measure,
            "place": then.span.stream.place,
            "group": then.span.stream.group,
            "first": then.span.first,
            "last": then.span.last,
            "then_q05": round(then.low),
            "then_q50": round(then.middle),
            "then_q95": round(then.high),
            "now_q05": round(now.low),
            "now_q50": round(now.middle),
            "now_q95": round(now.high),
        }
        for then, now in told
    ]
    if csv:
        print_csv(list(rows[0]) if rows else [], rows)
        return
    names = ("as of", "measure", "place", "group", "believed then", "believed now")
    cells = [
        (
            row["as_of"],
            f"{row['measure']} since {row['first']}" if row["first"] != row["last"] else row["measure"],
            row["place"],
            row["group"],
            f"{row['then_q50']:,} ({row['then_q05']:,} to {row['then_q95']:,})",
            f"{row['now_q50']:,} ({row['now_q05']:,} to {row['now_q95']:,})",
        )
        for row in rows
    ]
    print_table(names, cells, right=names[4:])
    inside = sum(then.low <= now.middle <= then.high for then, now in told)
    say(f"{inside} of {len(told)} numbers lie, as believed now, within what was believed then at 90 %")


def _tell_kept(opened: Wave) -> None:
    rows = [
        (
            v.id,
            f"{v.recorded_at:%Y-%m-%d %H:%M}",
            v.as_of or "all",
            v.method,
            v.summary.get("used", ""),
            v.seed,
        )
        for v in opened.kept_estimates()
    ]
    names = ("number", "made", "as of", "version", "statements used", "seed")
    print_table(names, rows, right=("number", "statements used", "seed"))


def _tell_changes(opened: Wave, since: int) -> None:
    found = opened.changes_since(since)
    parts = list(dict.fromkeys(name for change in found for name in change.parts))
    names = ("what", "then", "now", *parts)
    rows = [
        (
            f"{c.span.stream.measure} of {c.span.stream.group}, {c.span.stream.place}, up to {c.span.last}",
            f"{c.before:,.0f}",
            f"{c.after:,.0f}",
            *(f"{c.parts[name]:+,.0f}" for name in parts),
        )
        for c in found
    ]
    print_table(names, rows, right=names[1:])
