"""What stands of the claims after persons have judged them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tolqyn.claims import Claim
from tolqyn.ledger.entries import Judgement

__all__ = ["Judged", "apply_judgements"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim as it stands: as extracted, or as last corrected; rejected or not."""

    claim: Claim
    rejected: bool = False


def apply_judgements(claims: Sequence[tuple[str, Claim]], judgements: Sequence[Judgement]) -> list[Judged]:
    """Each claim as the last word on it leaves it, in the order given.

    A judgement names a claim as extracted or as corrected; either way it is the last word on both.
    To accept is to let the named claim stand, so accepting a claim that was corrected or rejected
    since brings it back.

    Args:
        claims: (id, claim) as extracted.
        judgements: in the order in which they were made.
    """
    stands = [Judged(claim) for _, claim in claims]
    # Every name that a claim goes by or has gone by, to what it says and where it stands in the list.
    told: dict[str, Claim] = {}
    places: dict[str, set[int]] = defaultdict(set)
    if judgements:
        for place, (name, claim) in enumerate(claims):
            told[name] = claim
            places[name].add(place)
    for judgement in judgements:
        named = places.get(judgement.claim_id)
        if not named:
            continue  # of a version of the document that is read no more
        right = judgement.corrected or told[judgement.claim_id]
        for place in sorted(named):
            stands[place] = Judged(right, rejected=judgement.verdict == "reject")
        if judgement.corrected is not None:
            told[right.id] = right
            places[right.id] |= named
    return stands
