"""What stands in a ledger beside documents and claims, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from tolqyn.claims import Claim

__all__ = ["Added", "Judgement", "Verdict", "Vintage"]

Verdict = Literal["accept", "correct", "reject"]


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a document did.

    Attributes:
        doc: the document's name.
        added: False where the ledger had it already, to the byte, and nothing changed.
        replaced: whether another version under that name is now read no more.
        claims, problems: how many of each stand in the ledger for this version.
    """

    doc: str
    added: bool
    replaced: bool
    claims: int
    problems: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of a claim.

    Attributes:
        claim_id: the claim that was judged, as extracted or as corrected before.
        corrected: the right claim; None unless the verdict is "correct".
    """

    claim_id: str
    verdict: Verdict
    who: str
    why: str
    recorded_at: datetime
    corrected: Claim | None = None


@dataclass(frozen=True, slots=True)
class Vintage:
    """An estimate as it was made.

    Attributes:
        id: number in the ledger; `Ledger.vintage_parquet` takes it.
        as_of: only what was said by this day was used; None means all.
        seed, method: what the estimate was made with; the method names its version.
        recorded_at: when it was made.
        summary: plain values, as JSON keeps them.
    """

    id: int
    as_of: date | None
    seed: int
    method: str
    recorded_at: datetime
    summary: Mapping[str, Any] = field(default_factory=dict)
