"""`tolqyn report`: the situation report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tolqyn.cli.common import AS_OF, SEED, WAVE, replayed, say, up_to_date

__all__ = ["report"]


def report(
    wave: WAVE,
    as_of: AS_OF = None,
    seed: SEED = 0,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also a PDF beside the page.")] = False,
    vintages: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="DAYS",
            help="Also what was believed when, every so many days: estimates the wave again for each.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="The HTML file; by default report.html in the wave's folder.")
    ] = None,
) -> None:
    """Make the situation report: one HTML file that works offline, in which every figure opens its sentence.

    [dim]Examples:[/dim]

        tolqyn report kz --pdf

        tolqyn report kz --vintages 7

        tolqyn report kz --as-of 2022-10-04 --output then.html
    """
    with up_to_date(wave, as_of) as opened:
        believed = replayed(opened, seed, vintages) if vintages else ()
        for path in opened.report(output, as_of=as_of, seed=seed, pdf=pdf, believed=believed):
            say(f"wrote {path}")
