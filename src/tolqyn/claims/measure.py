"""What can be counted, how sharply it can be said, and in what sense it is meant."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["KINDS", "MEASURES", "Measure", "Modality", "Qualifier"]


class Measure(StrEnum):
    """What a claim counts. Flows cover a window; levels hold on a day."""

    ENTRIES = "entries"
    EXITS = "exits"
    NET = "net"
    STOCK = "stock"
    REGISTRATIONS = "registrations"
    APPLICATIONS = "applications"
    DEPORTATIONS = "deportations"
    REFUSALS = "refusals"
    DETENTIONS = "detentions"
    QUEUE = "queue"
    SHARE = "share"
    PRICE = "price"
    SHELTER = "shelter"

    @property
    def is_flow(self) -> bool:
        """Whether it is a count over a window (else a level on a day)."""
        return self not in _LEVELS


_LEVELS = frozenset({Measure.STOCK, Measure.QUEUE, Measure.SHARE, Measure.PRICE, Measure.SHELTER})

MEASURES: dict[Measure, str] = {
    Measure.ENTRIES: "people who came into the place in the window",
    Measure.EXITS: "people who left the place in the window",
    Measure.NET: "entries minus exits in the window",
    Measure.STOCK: "people present in the place on the day",
    Measure.REGISTRATIONS: "acts of registration in the window",
    Measure.APPLICATIONS: "requests made in the window, granted or not",
    Measure.DEPORTATIONS: "people removed",
    Measure.REFUSALS: "people refused entry or exit",
    Measure.DETENTIONS: "people detained",
    Measure.QUEUE: "people or vehicles waiting at the place on the day",
    Measure.SHARE: "a percentage of one of the others",
    Measure.PRICE: "rents or fares: a level or a change",
    Measure.SHELTER: "people housed or housing places",
}

KINDS: tuple[str, ...] = (
    "iin",
    "residence",
    "temporary_stay",
    "asylum",
    "citizenship",
    "work_permit",
    "bank_account",
    "other",
)
"""Kinds of registrations and applications. Shares and prices have kinds of their own."""


class Qualifier(StrEnum):
    """How sharply the figure is said."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    SLIGHTLY_OVER = "slightly_over"
    UNDER = "under"
    ALMOST = "almost"
    UP_TO = "up_to"
    RANGE = "range"
    ORDER = "order"


class Modality(StrEnum):
    """In what sense it is meant: only what was observed is a reading of the wave."""

    OBSERVED = "observed"
    FORECAST = "forecast"
    CAPACITY = "capacity"
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
