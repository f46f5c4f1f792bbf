"""`tolqyn sources`: how each source has done."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tolqyn.cli.common import AS_OF, SEED, WAVE, print_csv, print_jsonl, print_table, say, up_to_date

if TYPE_CHECKING:
    from tolqyn.estimate import Scorecard

__all__ = ["sources"]


def sources(
    wave: WAVE,
    as_of: AS_OF = None,
    seed: SEED = 0,
    csv: Annotated[bool, typer.Option("--csv", help="One row a source and measure.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with each revision.")] = False,
) -> None:
    """How each source has done: how late, how often corrected, how rounded, and how far from the settled value.

    figures: those compared. days late: from the end of a figure's days to the day it was said, the median. revised: figures
    it changed, and by how much in the median. rounded: share of its figures with at most two digits that count. states
    more: than the settled value, with a 90 % interval. misses: figures more than three standard deviations from the rest.

    A dash means that too little stands behind the number. No card is a grade: a late source can be the only exact one.

    [dim]Examples:[/dim]

        tolqyn sources kz

        tolqyn sources kz --as-of 2022-10-04 --csv > sources.csv
    """
    from tolqyn.estimate import scorecards  # noqa: PLC0415 (numerics load when the verb runs)

    with up_to_date(wave, as_of) as opened:
        cards = scorecards(opened.estimate(as_of=as_of, seed=seed))
    if json:
        print_jsonl(asdict(card) for card in cards)
    elif csv:
        rows = [asdict(card) for card in cards]
        for row in rows:
            row["revisions"], row["not_enough"] = len(row["revisions"]), "; ".join(row["not_enough"])
        print_csv(list(rows[0]) if rows else [], rows)
    else:
        names = (
            "source",
            "measure",
            "figures",
            "days late",
            "revised",
            "by",
            "rounded",
            "states more",
            "misses",
        )
        print_table(names, [_row(card) for card in cards], right=names[2:])
        thin = sum(bool(card.not_enough) for card in cards)
        say(f"{len(cards)} sources and measures; {thin} lack figures for some number, marked with a dash")


def _row(card: Scorecard) -> tuple[str, ...]:
    """One card in words."""
    bias = "–"
    if card.bias is not None and card.bias_low is not None and card.bias_high is not None:
        bias = f"{card.bias:+.1%} ({card.bias_low:+.1%} to {card.bias_high:+.1%})"
    return (
        card.source,
        card.measure,
        str(card.statements),
        "–" if card.delay_days is None else f"{card.delay_days:g}",
        str(len(card.revisions)),
        "–" if card.revision_size is None else f"{card.revision_size:.1%}",
        "–" if card.rounded is None else f"{card.rounded:.0%}",
        bias,
        str(card.misses),
    )
