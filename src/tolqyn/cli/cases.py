"""`tolqyn cases`: statements that cannot all hold, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from tolqyn.claims import claim_to_record
from tolqyn.cli.common import AS_OF, SEED, WAVE, figure, out, print_jsonl, safe, say, up_to_date

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
    with up_to_date(wave) as opened:
        found = opened.cases(as_of=as_of, seed=seed)
    if json:
        print_jsonl(_record(case) for case in found)
    else:
        for case in found:
            out.print(safe(f"{case.title}  "), style="bold", end="", markup=False)
            out.print(str(case.reason), style="cyan", markup=False)
            out.print(safe(case.explanation), markup=False)
            out.print(
                f"  residual {case.residual_before:,.0f} persons at face value, {case.residual_after:,.0f} so read",
                style="dim",
            )
            for statement in case.statements:
                c = statement.claim
                who = c.source or c.publisher or "source not named"
                out.print(
                    safe(
                        f"  - {figure(c)}, {c.measure}, {c.window}: {who}, said {c.known or '?'} [{c.where}]"
                    ),
                    markup=False,
                )
            out.print()
    say(f"{len(found)} cases")


def _record(case: Any) -> dict[str, Any]:
    record = asdict(case)
    record["statements"] = [
        {"statement": s.id, "mentions": s.mentions, "origins": s.origins, **claim_to_record(s.claim)}
        for s in case.statements
    ]
    return record
