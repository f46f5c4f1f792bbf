"""A contradiction between statements, with the reason that explains it best.

Pure values; how cases are found and explained is in `contradict`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tolqyn.claims import Statement

__all__ = ["Case", "Reason", "Trial"]


class Reason(StrEnum):
    """Why two statements that look alike cannot both hold, in the order in which they are tried."""

    COPY = "copy"
    DEFINITION_CHANGE = "definition_change"
    STOCK_VS_FLOW = "stock_vs_flow"
    NET_VS_GROSS = "net_vs_gross"
    ARITHMETIC = "arithmetic"
    WINDOW = "window"
    POPULATION = "population"
    ROUNDING = "rounding"
    MIRROR = "mirror"
    REVISION = "revision"
    ERROR = "error"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Trial:
    """One reason that was tried: what it assumes, in words, and the residual that it leaves, in persons."""

    reason: Reason
    assumption: str
    residual: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Statements that cannot all be read at face value.

    Attributes:
        id: stable name, made from the statements.
        statements: two or more, the ones in conflict.
        reason: the first accepted trial's, else unexplained.
        title: one line for a reader.
        explanation: plain words with figures: what clashes, by how much, what explains it.
        residual_before: the clash at face value, in persons.
        residual_after: what is left under the reason, in persons.
        trials: every reason that was tried, in order.
    """

    id: str
    statements: tuple[Statement, ...]
    reason: Reason
    title: str
    explanation: str
    residual_before: float
    residual_after: float
    trials: tuple[Trial, ...] = ()
