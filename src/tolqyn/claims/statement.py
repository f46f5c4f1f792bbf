"""What a source said once, however many repeated it."""

from __future__ import annotations

from dataclasses import dataclass

from tolqyn.claims.claim import Claim

__all__ = ["Statement"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One saying of one figure, with every claim that carries it.

    The figure counts once in an estimate. `claims[0]` speaks for the rest: the earliest that names
    its source most fully.

    Attributes:
        id: stable name, made from the claim that speaks.
        claims: at least one; the mentions.
        origins: how many independent sources stand behind it; 0 when no mention names one.
    """

    id: str
    claims: tuple[Claim, ...]
    origins: int

    @property
    def claim(self) -> Claim:
        """The claim that speaks for the statement."""
        return self.claims[0]

    @property
    def mentions(self) -> int:
        """How many claims carry it."""
        return len(self.claims)

    @property
    def confidence(self) -> float:
        """Of the mention that was read best, 0 to 1; 1 where one was not read by a machine, as in a table."""
        return max(1.0 if claim.confidence is None else claim.confidence for claim in self.claims)
