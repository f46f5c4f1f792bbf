"""Who states a figure, as one value: the person, the body, whose it is.

Pure. Bodies are given in English, office before country: "Ministry of Internal Affairs of Georgia".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tolqyn.extract.owners import OF_PROVINCES, OF_SEATS, OF_TOWNS, called
from tolqyn.places import Place
from tolqyn.values import value

__all__ = ["Attribution", "is_local", "with_known"]


@value
class Attribution:
    """Who says it.

    Attributes:
        speaker: the person as named; None where only a body speaks.
        organization: in English; None where only a person does.
        country: alpha-3 of the country that the body belongs to, where named.
        words: the body or office as written.
        taken: items of the sentence that belong to the source and are no places of movement.
        aside: whether it holds for its own sentence alone: it stands in brackets.
        local: whether it is one of many bodies of its kind, as a town hall, and holds for its own paragraph.
        acts: whether it did itself what is counted ("the border guard detained 23"), and nobody speaks.
        body: the organization without its country, where the sentence does not say whose it is.
        by_pronoun: whether only "he" or "she" speaks.
        alone: whether it is somebody who speaks for no body: an economist, a driver.
        government: that of a minister whose ministry is not said.
        seatless: the body of a town or region, where the sentence does not say of which.
        guessed: whether a lone name is taken for that of a body, which may be somebody's surname.
    """

    speaker: str | None
    organization: str | None
    country: str | None = None
    words: str = ""
    taken: frozenset[int] = frozenset()
    aside: bool = False
    local: bool = False
    acts: bool = False
    body: str | None = None
    by_pronoun: bool = False
    alone: bool = False
    government: str | None = None
    seatless: str | None = None
    guessed: bool = False

    def owned_by(self, land: Place) -> Attribution:
        """The attribution with a body as that of a country, where the sentence does not say whose it is."""
        return replace(self, organization=called(self.body, land.name)) if self.body else self

    def untaken(self) -> Attribution:
        """The attribution for another sentence, of which no items belong to the source."""
        return replace(self, taken=frozenset()) if self.taken else self

    def seated_in(self, seat: Place) -> Attribution:
        """The attribution with a body as that of a town or region, where the sentence does not say of which."""
        if self.seatless is None:
            return self
        return replace(self, organization=called(self.seatless, seat.name), seatless=None)

    @property
    def is_bare(self) -> bool:
        """Whether only an office speaks ("the official added"): then whoever spoke before."""
        return self.speaker is None and self.organization is None and not self.alone

    @property
    def sits_in_town(self) -> bool:
        """Whether the body is one that a town has, as a town hall."""
        return self.seatless in OF_TOWNS

    @property
    def bears_town(self) -> bool:
        """Whether the body bears the name of the town that it sits in, as a prefecture."""
        return self.seatless in OF_SEATS

    @property
    def sits_in_province(self) -> bool:
        """Whether the body is one of a province that may bear the name of its town, as a prefecture."""
        return self.seatless in OF_PROVINCES


def is_local(found: Attribution | None) -> bool:
    """Whether who speaks is one of many bodies of its kind, as a town hall."""
    return found is not None and found.seatless is not None


def with_known(found: Attribution, known: Mapping[str, Attribution]) -> Attribution:
    """An attribution to a person whose body was named elsewhere in the document, completed."""
    if found.organization or not found.speaker:
        return found
    other = known.get(found.speaker)
    if other is None:
        return found
    return replace(found, organization=other.organization, country=other.country)
