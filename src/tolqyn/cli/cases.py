"""`tolqyn cases`: statements that cannot all hold, and why."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tolqyn.claims import claim_to_record
from tolqyn.cli.common import AS_OF, SEED, WAVE, figure, out, print_jsonl, safe, say, up_to_date

if TYPE_CHECKING:
    from tolqyn.estimate.case import Case

__all__ = ["cases"]


def cases(
    wave: WAVE,
    as_of: AS_OF = None,
    seed: SEED = 0,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Statements that cannot all be read at face value: which, why, and the residual in persons.

    [dim]Example:[/dim]

        tolqyn cases kz --as-of 2022-10-04
    """
    with up_to_date(wave, as_of) as opened:
        found = opened.cases(as_of=as_of, seed=seed)
    if json:
        print_jsonl(_record(case) for case in found)
    else:
        for case in found:
            _print(case)
    say(f"{len(found)} cases")


def _print(case: Case) -> None:
    """A case for the eye: title and reason, the explanation, the statements, one a line."""
    width = min(out.width, 100)
    out.print(safe(case.title), style="bold", markup=False)
    left = "nothing is left" if case.residual_after < 1 else f"{case.residual_after:,.0f} are left"
    out.print(
        f"  {case.reason}: {case.residual_before:,.0f} persons at face value, {left} once so read",
        style="cyan",
    )
    out.print(textwrap.indent(textwrap.fill(safe(case.explanation), width - 2), "  "), markup=False)
    for statement in case.statements:
        c = statement.claim
        who = c.source or c.publisher or "source not named"
        line = (
            f"{figure(c)}, {c.measure}, {c.window}: {who}, said {c.known or 'on an unknown day'} [{c.where}]"
        )
        out.print(
            textwrap.fill(safe(line), width, initial_indent="  - ", subsequent_indent="    "),
            style="dim",
            markup=False,
        )
    out.print()


def _record(case: Case) -> dict[str, Any]:
    record = asdict(case)
    record["statements"] = [
        {"statement": s.id, "mentions": s.mentions, "origins": s.origins, **claim_to_record(s.claim)}
        for s in case.statements
    ]
    return record
