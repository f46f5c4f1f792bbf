"""The town or region whose a local body is: the town hall of Uralsk, the police of Aktobe Region.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tolqyn.extract.asides import is_seat
from tolqyn.extract.chains import Chain
from tolqyn.extract.owners import OF_STATES, OF_TOWNS, is_of_land
from tolqyn.extract.people import is_name
from tolqyn.extract.reading import Named, Reading
from tolqyn.places import Place, place

__all__ = ["SEATS", "find_seat", "find_seats", "unlisted_seat"]

# What may be a town: the gazetteer has some as checkpoints.
SEATS = ("city", "checkpoint")


def find_seat(reading: Reading, chain: Chain, home: str | None) -> str | None:
    """The region or city of a local body that is named without one: the nearest in its sentence."""
    if chain.names[-1] in OF_STATES or (chain.country is not None and not is_of_land(chain)):
        return chain.country.place.name if chain.country is not None else None
    kinds = (
        set(SEATS) if chain.names[-1] in OF_TOWNS else {"region"} if chain.regional else {"region", "city"}
    )
    land = place(home) if home else None
    around = [
        named
        for named in reading.named
        if named.form == "name"
        and named.place.kind in kinds
        and (named.place.country is not None or (not named.listed and chain.names[-1] in OF_TOWNS))
        and (not _is_moved_from(reading, named) or _stands_behind(reading, chain, named))
    ]
    # Of another country only a place that heads the sentence, or stands beside the body.
    home_land = land.code if land is not None else None
    around = [named for named in around if home_land in {None, named.place.country} or not named.listed] or [
        named for named in around if named.first <= 1 or 0 <= named.first - chain.last <= 1
    ]
    around = [named for named in around if not _heads_line(reading, named)] or around
    around = [
        named for named in around if "from" not in named.roles or _stands_behind(reading, chain, named)
    ] or around
    nearest = min(around, key=lambda named: abs(named.first - chain.first), default=None)
    if nearest is None:
        return None
    return nearest.place.name


def _stands_behind(reading: Reading, chain: Chain, named: Named) -> bool:
    """Whether nothing but "of" stands between a body and a name: "la préfecture d'Agrigente"."""
    between = reading.items[chain.last : named.first]
    return 0 <= named.first - chain.last <= _OF and all(len(item.text) <= _AND for item in between)


def _is_moved_from(reading: Reading, named: Named) -> bool:
    """Whether a town is but one end of a movement; "the village of Inch" is none."""
    if _is_sent_to(reading, named):
        return True
    moved = any(hit.value != "there" and 0 <= named.first - hit.last <= _OF for hit in reading.of("measures"))
    return "from" in named.roles and (moved or named.first <= _OF or not named.listed)


def _is_sent_to(reading: Reading, named: Named) -> bool:
    """Whether a town is but where people of another are taken on to: "880 were transferred to Catania"."""
    sent = (hit for hit in reading.of("measures") if hit.value in _AWAY and hit.first < named.first)
    return "to" in named.roles and any(
        named.first - hit.last <= _WAY and not reading.parted(hit.first, named.first) for hit in sent
    )


_AWAY = {"sends", "transfers"}
_WAY = 6  # items from such a verb to whither people are taken, at most
_OF = 2  # items of "of", an apostrophe among them


def _heads_line(reading: Reading, named: Named) -> bool:
    """Whether a name stands at the head of a line, before a mark, and may only say where the report was written."""
    after = reading.items[named.last : named.last + 1]
    return named.first == 0 and bool(after) and after[0].text in _HEADS


_HEADS = {".", "-", "–", "—", "("}


def find_seats(
    readings: Sequence[Reading], kinds: Collection[str], lands: Collection[str | None] | None
) -> list[list[Place]]:
    """The towns or regions in some countries, or in all, that each sentence names.

    Where a report was written counts only if no other is named in all of the text.
    """
    named = [
        [
            other
            for other in reading.named
            if other.form == "name"
            and other.place.kind in kinds
            and (lands is None or other.place.country in lands)
            and not (is_seat(reading, other) or _is_sent_to(reading, other))
        ]
        for reading in readings
    ]
    inside = [
        [other for other in names if not _heads_line(reading, other)]
        for reading, names in zip(readings, named, strict=True)
    ]
    return [[other.place for other in names] for names in (inside if any(inside) else named)]


def unlisted_seat(reading: Reading, text: str, chain: Chain) -> str | None:
    """The town of a local body that no list of names has: "the mayor of Briançon"."""
    link = reading.at("source.from", chain.last)
    if link is None or any(reading.at(noun, at) for noun in _LANDS for at in (chain.last, link.last)):
        return None
    first = last = link.last
    items = reading.items
    while last < len(items) and last - first < _SEAT:
        if not is_name(text, items[last]) and (last == first or items[last].text != "-"):
            break
        last += 1
    listed = any(named.first < last and first < named.last for named in reading.named)
    name = text[items[first].start : items[last - 1].end] if last > first else ""
    return name if name and not listed and name[0] < _NOT_LATIN else None


_LANDS = ("role.region", "role.country")  # "the authorities of the region"
_SEAT = 3  # words of the name of a town, at most
_NOT_LATIN = "\u0250"


_AND = 3  # letters of a word that joins two names, at most
