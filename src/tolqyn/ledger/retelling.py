"""What became of a statement on its way: each mention beside the one that speaks, and what it says otherwise.

Pure. "Up to 300" comes back as "300", Russians as foreigners, a source is left out: docs/concepts/ledger.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tolqyn.claims import Claim, Statement

__all__ = ["Retelling", "retellings"]


@dataclass(frozen=True, slots=True)
class Retelling:
    """One mention of a statement.

    Attributes:
        claim: what it says.
        changed: in what it differs from the claim that speaks, in this order: "figure" (another number), "qualifier",
            "end" (told from the other end of the movement), "group", "counterpart", "days", "source" (named otherwise or not at all).
    """

    claim: Claim
    changed: tuple[str, ...]


def retellings(statement: Statement) -> tuple[Retelling, ...]:
    """Every mention, the one that speaks first, the others in the order in which they became known."""
    first, *others = statement.claims
    others.sort(key=lambda claim: (claim.known or date.max, claim.doc, claim.start or 0, claim.id))
    return tuple(Retelling(claim, _changed(claim, first)) for claim in (first, *others))


def _changed(claim: Claim, first: Claim) -> tuple[str, ...]:
    turned = (claim.measure, claim.place) != (first.measure, first.place)
    differs = {
        "figure": (claim.value, claim.low, claim.high) != (first.value, first.low, first.high),
        "qualifier": claim.qualifier is not first.qualifier,
        "end": turned,
        "group": claim.group != first.group,
        "counterpart": not turned and claim.counterpart != first.counterpart,
        "days": claim.window != first.window,
        "source": claim.source != first.source,
    }
    return tuple(name for name, is_so in differs.items() if is_so)
