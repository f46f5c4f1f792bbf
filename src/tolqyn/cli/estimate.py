"""`tolqyn estimate`: how many came, left and are here, with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tolqyn.cli.common import AS_OF, SEED, WAVE, print_csv, print_table, say, up_to_date

if TYPE_CHECKING:
    from tolqyn.estimate import Posterior
from tolqyn.wave import write_draws, write_table

__all__ = ["estimate"]

MEASURES_SHOWN = ("entries", "exits", "net", "stock", "excess_entries")


def estimate(
    wave: WAVE,
    as_of: AS_OF = None,
    seed: SEED = 0,
    csv: Annotated[
        bool, typer.Option("--csv", help="One row a day and stream, with mean, sd and quantiles.")
    ] = False,
    draws: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Write this many draws; needs --output.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Parquet file for --draws, or file for --csv.")] = None,
    problems: Annotated[
        bool, typer.Option("--readings", help="How each statement fared: used or why not, residual.")
    ] = False,
) -> None:
    """Reconcile the statements into daily flows and stocks with intervals that hold.

    Without --csv or --draws: a table of weeks for the eye. [i]excess[/i] is what came above ordinary traffic.

    [dim]Examples:[/dim]

        tolqyn estimate kz

        tolqyn estimate kz --as-of 2022-10-04 --seed 7 --csv > flows.csv

        tolqyn estimate kz --draws 1000 --output draws.parquet
    """
    if draws is not None and output is None:
        raise typer.BadParameter("--draws needs --output FILE.parquet")
    with up_to_date(wave, as_of) as opened:
        posterior = opened.estimate(as_of=as_of, seed=seed, draws=max(draws or 0, 1000))
    if draws is not None and output is not None:
        write_draws(posterior, draws, output)
        say(f"wrote {draws} draws of {len(posterior.values)} streams to {output}")
    if csv:
        table = posterior.table()
        if output is not None and draws is None:
            write_table(table, output)
            say(f"wrote {output}")
        else:
            print_csv(table.column_names, table.to_pylist())
    elif problems:
        rows = [
            (
                r.statement.id[:8],
                r.statement.claim.known,
                r.statement.claim.measure,
                f"{r.statement.claim.centre:,.10g}",
                r.statement.claim.window,
                r.statement.claim.source,
                "used" if r.used else r.why_not,
                "" if r.residual is None else f"{r.residual:+,.0f}",
                "" if r.residual_sd is None else f"{r.residual_sd:+.1f}",
            )
            for r in posterior.readings
        ]
        names = ("statement", "said", "measure", "figure", "window", "source", "read", "residual", "sd")
        print_table(names, rows, right=("figure", "residual", "sd"))
    elif draws is None:
        weeks = weekly(posterior)
        print_table(
            ("week", "measure", "place", "group", "estimate", "90 % interval"),
            weeks,
            right=("estimate", "90 % interval"),
        )
    say(f"{len(posterior.days)} days, seed {seed}")
    doubt = posterior.trust.note() if posterior.trust else None
    for note in (*posterior.notes, *([doubt] if doubt else [])):
        say(f"note: {note}")


def weekly(posterior: Posterior) -> list[tuple[object, ...]]:
    """Rows for the eye: each week's flows, and the stock at its end, with 90 % intervals."""
    import numpy as np  # noqa: PLC0415 (slow to load, and the verb has loaded it by now)

    rows: list[tuple[object, ...]] = []
    for start in range(0, len(posterior.days), 7):
        first, last = posterior.days[start], posterior.days[min(start + 6, len(posterior.days) - 1)]
        for stream in posterior.values:
            if stream.measure in MEASURES_SHOWN and stream.kind is None:
                label = f"{first} to {last:%m-%d}" if stream.measure != "stock" else f"on {last}"
                figures = ("unknown", "")
                if stream not in posterior.unknown:
                    total = posterior.sum_of(stream, first, last)
                    low, middle, high = np.quantile(total, [0.05, 0.5, 0.95])
                    figures = (f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}")
                rows.append((label, stream.measure, stream.place, stream.group, *figures))
    return rows
