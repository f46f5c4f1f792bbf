"""`tolqyn echoes`: who repeats whom, and what changed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tolqyn.claims import Modality, Statement, claim_to_record
from tolqyn.cli.common import (
    AS_OF,
    WAVE,
    fail,
    figure,
    print_csv,
    print_jsonl,
    print_table,
    safe,
    say,
    up_to_date,
)

if TYPE_CHECKING:
    from tolqyn.ledger import Retelling

__all__ = ["echoes"]


def echoes(
    wave: WAVE,
    statement: Annotated[
        str | None,
        typer.Argument(help="Only this one, as `tolqyn claims --statements` names it.", show_default=False),
    ] = None,
    as_of: AS_OF = None,
    altered: Annotated[
        bool, typer.Option("--altered", help="Only those whose figure or qualifier changed on the way.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a mention.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="One row a mention.")] = False,
) -> None:
    """Who repeats whom: each statement with its mentions in order of time, and what changed on the way.

    Ten outlets that carry one briefing are one statement: it counts once. The first line is the mention that speaks for it.

    [dim]Examples:[/dim]

        tolqyn echoes kz

        tolqyn echoes kz --altered              "up to 300" that came back as "300"

        tolqyn echoes kz s0b29117 --csv > chain.csv
    """
    from tolqyn.ledger import retellings  # noqa: PLC0415 (the ledger loads when the verb runs)

    with up_to_date(wave, as_of) as opened:
        grouped = opened.statements(as_of=as_of)
    if statement is not None:
        grouped = [one for one in grouped if one.id.startswith(statement)]
        if not grouped:
            fail(f"no statement {statement!r}; `tolqyn claims {wave} --statements` lists them")
    chains = [(one, retellings(one)) for one in grouped if statement is not None or one.mentions > 1]
    if altered:
        chains = [(one, chain) for one, chain in chains if any(_is_altered(told) for told in chain)]
    if json:
        print_jsonl(_record(one, told) for one, chain in chains for told in chain)
    elif csv:
        rows = [
            {**_record(one, told), "changed": " ".join(told.changed)}
            for one, chain in chains
            for told in chain
        ]
        print_csv(list(rows[0]) if rows else [], rows)
    else:
        for one, chain in chains:
            _show(one, chain)
        lost = sum(any(_is_altered(told) for told in chain) for _, chain in chains)
        said = "statement is" if len(chains) == 1 else "statements are"
        say(
            f"{len(chains)} {said} carried more than once; of {lost} the figure or its qualifier changed on the way"
        )


def _is_altered(told: Retelling) -> bool:
    return bool({"figure", "qualifier"} & set(told.changed))


def _record(one: Statement, told: Retelling) -> dict[str, object]:
    return {"statement": one.id, "changed": list(told.changed), **claim_to_record(told.claim)}


def _show(one: Statement, chain: tuple[Retelling, ...]) -> None:
    """A heading, and a line for each mention."""
    first = one.claim
    pages = len({claim.doc for claim in one.claims})
    source = first.source or "no named source"
    modality = "" if first.modality is Modality.OBSERVED else f", {first.modality}"
    typer.echo(
        f"{one.id[:8]}  {first.measure}, {first.place}, {first.group}, {first.window}{modality}: {safe(source)}; "
        f"{one.mentions} {'mention' if one.mentions == 1 else 'mentions'} in {pages} "
        f"{'document' if pages == 1 else 'documents'}"
    )
    rows = [
        ("", told.claim.known, figure(told.claim), told.claim.publisher, told.claim.where, _in_words(told))
        for told in chain
    ]
    print_table(("", "known", "figure", "carried by", "at", "changed"), rows, right=("figure",))
    typer.echo()


def _in_words(told: Retelling) -> str:
    """What changed, with what it became where the figure does not show it."""
    claim = told.claim
    became = {
        "figure": "figure",
        "qualifier": "qualifier",
        "end": f"told as {claim.measure} of {claim.place}",
        "group": f"group {claim.group}",
        "counterpart": f"counterpart {claim.counterpart or 'left out'}",
        "days": f"days {claim.window}",
        "source": f"source {claim.source or 'left out'}",
    }
    seen = set(told.changed) - ({"qualifier"} if "figure" in told.changed else set())
    return "; ".join(words for name, words in became.items() if name in seen)
