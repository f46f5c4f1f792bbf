"""`tolqyn review`: a person's judgement of a claim."""

from __future__ import annotations

import getpass
import json
from typing import Annotated, Any

import typer

from tolqyn.claims import Claim, claim_from_record, claim_to_record
from tolqyn.cli.common import WAVE, fail, figure, out, safe, say, up_to_date
from tolqyn.errors import ClaimError, UsageError
from tolqyn.wave import Verdict, Wave

__all__ = ["review"]


def review(
    wave: WAVE,
    claim: Annotated[
        str | None,
        typer.Argument(help="The claim's id, or its first digits (`tolqyn claims`). None: ask one by one."),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="It is right.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is not what the text says.")] = False,
    correct: Annotated[
        list[str] | None, typer.Option(help="Field and right value: --correct measure=exits. May recur.")
    ] = None,
    why: Annotated[str | None, typer.Option(help="The reason; needed to correct or reject.")] = None,
    who: Annotated[str | None, typer.Option(help="Whose judgement; this login's name by default.")] = None,
    below: Annotated[
        float, typer.Option(help="One by one: only claims less sure than this.", min=0, max=1)
    ] = 1.0,
) -> None:
    """Accept, correct or reject claims. Nothing is overwritten: the judgement stands beside the claim.

    [dim]Examples:[/dim]

        tolqyn review kz                               asks, the most doubtful first

        tolqyn review kz 3f9a --reject --why "an age, not a count"

        tolqyn review kz 3f9a --correct window_start=2022-09-21 --why "named in the headline"
    """
    person = who or getpass.getuser()
    with up_to_date(wave) as opened:
        if claim is not None:
            verdicts = [accept, reject, bool(correct)]
            if sum(verdicts) != 1:
                raise UsageError("say one of --accept, --reject, --correct FIELD=VALUE")
            target = _find(opened, claim)
            changed = _changed(target, correct) if correct else None
            verdict: Verdict = "accept" if accept else "reject" if reject else "correct"
            if verdict != "accept" and not why:
                raise UsageError(f"to {verdict} a claim, say why", hint='--why "..."')
            opened.judge(target.id, verdict, who=person, why=why or "", corrected=changed)
            say(f"{verdict}ed {target.id} for {person}")
            return
        _ask(opened, person, below)


def _find(wave: Wave, start: str) -> Claim:
    found = [claim for claim in wave.claims() if claim.id.startswith(start)]
    if len(found) != 1:
        fail(f"{len(found)} claims start with {start!r}" + ("; give more digits" if found else ""))
    return found[0]


def _changed(claim: Claim, corrections: list[str]) -> Claim:
    record: dict[str, Any] = claim_to_record(claim)
    for text in corrections:
        field, mark, value = text.partition("=")
        if not mark or field not in record:
            raise UsageError(f"{text!r} is not FIELD=VALUE", hint=f"fields: {', '.join(record)}")
        record[field] = value
    return claim_from_record(record, claim.where)


def _ask(wave: Wave, person: str, below: float) -> None:
    judged = {judgement.claim_id for judgement in wave.ledger.judgements()}
    waiting = [
        c
        for c in wave.claims()
        if c.id not in judged and (c.confidence if c.confidence is not None else 1) < below
    ]
    waiting.sort(key=lambda c: (c.confidence if c.confidence is not None else 1, c.doc, c.start or 0))
    say(f"{len(waiting)} claims wait for a judgement; a accept, c correct, r reject, s skip, q quit")
    for n, claim in enumerate(waiting, 1):
        _show(wave, claim, f"{n} of {len(waiting)}")
        if not _ask_one(wave, claim, person):
            return


def _ask_one(wave: Wave, claim: Claim, person: str) -> bool:
    """Ask until one claim is judged or skipped; False to stop."""
    while True:
        answer = typer.prompt("a/c/r/s/q", default="s", err=True).strip().lower()[:1]
        if answer == "q":
            return False
        if answer == "s":
            return True
        if answer == "a":
            wave.judge(claim.id, "accept", who=person, why="")
            return True
        if answer == "r":
            wave.judge(claim.id, "reject", who=person, why=typer.prompt("why", err=True))
            return True
        if answer == "c":
            try:
                changed = _changed(claim, typer.prompt("FIELD=VALUE, separated by ;", err=True).split(";"))
            except (ClaimError, UsageError) as error:
                say(str(error))
                continue
            wave.judge(claim.id, "correct", who=person, why=typer.prompt("why", err=True), corrected=changed)
            return True


def _show(wave: Wave, claim: Claim, count: str) -> None:
    out.rule(f"{claim.id[:8]}  {count}", style="dim")
    context = wave.context(claim)
    out.print(safe(context.before), style="dim", end="", markup=False)
    out.print(safe(context.quote), style="bold", end="", markup=False)
    out.print(safe(context.after), style="dim", markup=False)
    facts = {
        "figure": figure(claim),
        "measure": claim.measure,
        "kind": claim.kind,
        "place": claim.place,
        "counterpart": claim.counterpart,
        "group": claim.group,
        "window": str(claim.window),
        "source": claim.source,
        "modality": claim.modality,
        "confidence": claim.confidence,
        "evidence": json.dumps(dict(claim.evidence), ensure_ascii=False) if claim.evidence else None,
    }
    for name, value in facts.items():
        if value is not None:
            out.print(f"  {name:12} {safe(str(value))}", markup=False)
