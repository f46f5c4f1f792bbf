"""A place, and a mention of one in a text.

Pure values. Names and borders follow the sources named in docs/reference/places.md and take no side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Form", "Kind", "Mention", "Place"]

Kind = Literal["country", "region", "city", "checkpoint"]
Form = Literal["name", "people", "adjective"]


# Where governments sit that sit elsewhere than in the capital, or did until a few years ago.
_SEATS = {"Abidjan", "Bujumbura", "Cotonou", "Dar es Salaam", "La Paz", "Putrajaya", "The Hague", "Yangon"}


@dataclass(frozen=True, slots=True)
class Place:
    """A country, region, city or border checkpoint.

    Attributes:
        code: ISO 3166-1 alpha-3 for a country, else the English name.
        name: in English.
        kind: what it is.
        country: alpha-3 of the country it lies in (a country: its own); of a checkpoint, the side that
            runs it; None where that is not settled.
        latitude, longitude: degrees north and east; a country's or region's point is its capital's or
            seat's; None where not known.
        population: inhabitants by the source's last figure; None where not known.
        apart: whether a region is spoken of by its own name where the country would be said of others: its
            status is disputed, or it lies apart from the rest.
        across: alpha-3 of the other side of a checkpoint, or of a region that one crosses from there; None of other places.
    """

    code: str
    name: str
    kind: Kind
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    apart: bool = False
    across: str | None = None

    def is_capital_of(self, land: Place) -> bool:
        """Whether a city is the capital of a country, whose point is its capital's."""
        here, there = (self.latitude, self.longitude), (land.latitude, land.longitude)
        return self.kind == "city" and self.country == land.code and here == there

    def governs(self, land: Place) -> bool:
        """Whether a city may stand for the government of a country: its capital, or where it sits beside that."""
        seat = self.kind == "city" and self.country == land.code and self.code in _SEATS
        return seat or self.is_capital_of(land)


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` means `place`: as its name, its people, or the adjective of it.

    Not `sure` is a name that is also an ordinary word.
    """

    start: int
    end: int
    place: Place
    form: Form
    sure: bool = True
