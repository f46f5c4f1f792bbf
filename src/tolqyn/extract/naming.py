"""The places, peoples and adjectives of countries that a sentence names, and their part in a movement.

Pure. Of a name the words before it, behind it in some languages, or its own ending say whether people come
from there, go there or are there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from tolqyn.extract.spots import find_spots
from tolqyn.languages import Hit, Item, Language
from tolqyn.places import Mention, Place, capital, place
from tolqyn.values import value

if TYPE_CHECKING:
    from tolqyn.extract.reading import Reading

__all__ = ["Named", "find_named"]


@value
class Named:
    """A place, people or adjective of a country among the items.

    Attributes:
        first, last: items, last excluded.
        form: "name", "people" or "adjective".
        roles: of a name, what stands before it or ends it: "to", "from", "in", "via", "between";
            empty for a subject or object.
        listed: whether a list of names has it; else the words beside it tell that it is a place.
    """

    first: int
    last: int
    place: Place
    form: str
    roles: frozenset[str] = frozenset()
    listed: bool = True


_START = attrgetter("start")
_FIRST_NAME = 3  # letters of a first name, at least
_ARTICLE = 4  # letters of the longest article or preposition
_AND = 3  # letters of "and", and of an article, at most
_ROLES = {role: f"role.{role}" for role in ("to", "from", "in", "via", "between")}
_ROLE_OF = {category: role for role, category in _ROLES.items()}
_QUOTES = frozenset('«»„“”"›‹')
_JOINED = {"-", "–", "—"}
_HYPHENS = {"-", "‐", "‑"}


def find_named(reading: Reading, mentions: Sequence[Mention], text: str, language: Language) -> list[Named]:
    """What a sentence names, in order.

    Args:
        reading: the sentence, its phrases found.
        mentions: the names that stand in it.
        text: of the document.
        language: whose words give names their roles.
    """
    items = reading.items
    named: list[Named] = []
    for mention in mentions:
        first = bisect_left(items, mention.start, key=_START)
        last = bisect_left(items, mention.end, first, key=_START)
        if first >= len(items) or last <= first:
            # The mention begins inside an item ("l'Ukraine" read as one word): take that item.
            first = max(first - 1, 0)
            last = first + 1
        last += _ends_short(items, first, last)
        form, side = _form(reading, mention, first, last, text, language)
        where = mention.place
        if form == "name" and _is_no_place(reading, first, last, where, text, named):
            continue
        region = _region(reading, first, last) if where.kind == "city" and form == "name" else None
        whole = place(f"{where.name} Region") if region is not None else None
        if region is not None and whole is not None and whole.country == where.country:
            where = whole
            first, last = min(first, region.first), max(last, region.last)
        roles = _roles(reading, first, last, language) if form == "name" else frozenset[str]()
        if (
            not roles
            and named
            and mention.form == named[-1].form == "name"
            and _goes_on(reading, named[-1], first)
        ):
            roles = named[-1].roles  # "to Armenia, Turkey and Europe"
        if not roles and named and _owns(reading, text, named[-1], first):
            roles = named[-1].roles  # "from Nigeria's Borno state"
        if side == "shore" or (side == "coast" and not {"to", "from"} & roles):
            roles = frozenset({"in"})
        head = _capital(reading, first, last, where, form)
        if head is not None:
            where, form, roles = head, "name", frozenset({"in"})
        if form == "name" and side != "coast" and _governs(reading, first, last, where, roles):
            where = place(where.country or "") or where
        named.append(Named(first, last, where, form, roles))
    busy = {i for other in named for i in range(other.first, other.last)}
    lands = {other.first: other.place.country for other in named if other.form == "name"}
    for first, last, spot in find_spots(reading, text, busy, lands, language):
        roles = _roles(reading, first, last, language) or _roles_over(reading, first)
        named.append(Named(first, last, spot, "name", roles, listed=False))
    named.sort(key=lambda other: other.first)
    if named:
        _share_roles(reading, named, language)
    return named


def _ends_short(items: Sequence[Item], first: int, last: int) -> bool:
    """Whether the full stop behind a name is the last of its own: "U.S. officials"."""
    inside = last - first > 2 and items[last - 2].text == "."
    return inside and last < len(items) - 1 and items[last].text == "."


def _form(
    reading: Reading, mention: Mention, first: int, last: int, text: str, language: Language
) -> tuple[str, str | None]:
    """How a mention is meant beside its words; "shore" or "coast" where they say that it is that of a country."""
    form: str = mention.form
    if form == "people" and language.adjectives_follow and _modifies(reading, first, text, language):
        form = "adjective"
    if form == "name" and language.prefixes and _is_counted(reading, first, mention):
        form = "people"  # Arabic writes "25 Syrians" with the letters of "Syria"
    if form == "adjective" and (
        _stands_alone(reading, first, last, text)
        or (mention.place.kind == "region" and _region(reading, first, last) is not None)
    ):
        form = "name"  # "w województwie podlaskim"
    if form == "people" and reading.at("role.coast", last) is not None:
        form = "adjective"  # Turkish "Yunan adaları", the Greek islands
    # "Am Berliner Hauptbahnhof" is no adjective where every noun has a capital.
    bent = form == "name" and mention.place.kind == "city" and language.capital_nouns
    if (form == "adjective" or bent) and _has_coast(reading, first, last):
        return "name", "coast"
    if form == "adjective" and _is_ashore(reading, first, last):
        return "name", "shore"  # "on the Russian side"
    return form, None


def _is_no_place(
    reading: Reading, first: int, last: int, where: Place, text: str, named: Sequence[Named]
) -> bool:
    """Whether a name is that of a person or an outlet: "Ivan Kirov", "Interfax-Ukraine", "the agency Casa Nova"."""
    if where.kind == "country":
        return _ends_title(reading, first, text, named)
    if where.kind != "city":
        return False
    outlet = reading.ending("source.media", first) is not None
    return outlet or _is_surname(reading, first, text) or _begins_longer(reading, first, last, text)


def _begins_longer(reading: Reading, first: int, last: int, text: str) -> bool:
    """Whether a name behind the word for a spot goes on behind a hyphen: no Kyzyl is "the crossing «Kyzyl-Bel»"."""
    items = reading.items
    if last + 1 >= len(items) or items[last].text not in _HYPHENS or items[last + 1].kind != "w":
        return False
    glued = items[last - 1].end == items[last].start and items[last].end == items[last + 1].start
    first, _ = _outside_quotes(reading, first, last)
    return glued and text[items[last + 1].start].isupper() and reading.ending("role.spot", first) is not None


def _share_roles(reading: Reading, named: list[Named], language: Language) -> None:
    """Give names the parts that other names and words of the sentence tell."""
    if language.endings_alone:
        _share_endings(reading, named)
    entered = {other.place.code for other in named if other.roles == {"to"}}
    for n, other in enumerate(named if entered else ()):
        if other.place.kind == "checkpoint" and other.roles == {"from"} and other.place.country in entered:
            named[n] = replace(other, roles=frozenset({"via"}))  # "came to Turkey from Kapıkule", its own
    if any(hit.value == "fare" for hit in reading.of("measures")):
        _join_ends(reading, named)
    for key, role in (("thence", "from"), ("thither", "to")):
        for hit in reading.of(f"role.{key}"):
            _point_back(named, hit.first, role)


def _share_endings(reading: Reading, named: list[Named]) -> None:
    """Give a bare name the part of the one joined to it, which has the ending of both: "Tekirdağ ve Kırklareli'nde"."""
    for n in reversed(range(len(named) - 1)):
        one, other = named[n], named[n + 1]
        joint = reading.items[one.last : other.first]
        short = len(joint) == 1 and joint[0].kind == "w" and len(joint[0].text) <= _AND
        short = short and reading.ending("role.from", other.first) is None
        alike = one.form == other.form == "name" and one.place.kind == other.place.kind
        if short and alike and not one.roles:
            named[n] = replace(one, roles=other.roles)


def _governs(reading: Reading, first: int, last: int, where: Place, roles: frozenset[str]) -> bool:
    """Whether a capital stands for its government: "Madrid had sent 4,800 back", "the deadline set by Tehran"."""
    if where.kind != "city" or reading.ending("measures", first) is not None:
        return False
    if reading.at("source", last) is not None:
        return False  # "Berlin's mayor"
    by = reading.ending("role.by", first) is not None
    if roles and not by:
        return False
    land = place(where.country or "")
    if land is None or not where.governs(land):
        return False
    items = reading.items
    if by:
        return True
    if last >= len(items) or items[last].text in _HEADS or (first > 0 and items[first - 1].text in _HEADS):
        return False
    end = next((i for i in range(last, len(items)) if items[i].text in {",", ";", ":"}), len(items))
    return any(
        last <= hit.first < end and (hit.category == "speech.verbs" or hit.value in _GOVERNED)
        for hit in reading.among("measures", "speech.verbs")
    )


_HEADS = {"-", "–", "—", ":", "(", ",", ".", "/"}
_GOVERNED = {"deportations", "refusals", "detentions", "hosts", "sends"}  # what a government does to people


def _stands_alone(reading: Reading, first: int, last: int, text: str) -> bool:
    """Whether an abbreviation is the country and no adjective: "moved to the UK", not "UK visas"."""
    items = reading.items
    if not text[items[first].start : items[first].end].isupper():
        return False
    if last >= len(items) or items[last].kind != "w":
        return True
    return any(reading.at(category, last) is not None for category in _BREAKS)


_BREAKS = (
    "role.to", "role.from", "role.in", "role.via", "role.between", "measures", "windows", "modality", "speech.verbs",
)  # fmt: skip


def _is_counted(reading: Reading, first: int, mention: Mention) -> bool:
    """Whether the name of a country stands right behind a figure."""
    return mention.place.kind == "country" and first > 0 and reading.items[first - 1].kind == "n"


def _modifies(reading: Reading, first: int, text: str, language: Language) -> bool:
    """Whether the name of a people is rather the adjective of the noun before: "autorités soudanaises"."""
    items = reading.items
    if first == 0 or items[first - 1].kind != "w":
        return False
    if language.capital_peoples and text[items[first].start].isupper():
        return False
    if any(
        reading.ending(category, first) is not None
        for category in ("source", "role.side", "role.border", "role.coast")
    ):
        return True
    persons = any(reading.ending(category, first) is not None for category in ("units", "group"))
    return language.capital_peoples and not persons and len(items[first - 1].text) > _ARTICLE


def _is_ashore(reading: Reading, first: int, last: int) -> bool:
    """Whether an adjective of a country stands at a word for a side of a border where somebody is, and none speaks."""
    side = reading.at("role.shore", last) or reading.ending("role.shore", first)
    return side is not None and all(
        reading.at("speech.verbs", max(side.last, last) + n) is None for n in range(2)
    )


def _has_coast(reading: Reading, first: int, last: int) -> bool:
    """Whether an adjective of a country stands at a word for its coast: "Italian shores", but no "Italian coast guard"."""
    coast = reading.at("role.coast", last) or reading.ending("role.coast", first)
    return coast is not None and reading.at("source", coast.first) is None


def _capital(reading: Reading, first: int, last: int, where: Place, form: str) -> Place | None:
    """The capital of a country named beside the word for it: "the Polish capital", "the capital of Kyrgyzstan"."""
    if where.kind != "country" or form == "people" or not reading.of("role.capital"):
        return None
    beside = reading.at("role.capital", last) if form == "adjective" else None
    if form == "name":
        beside = reading.ending("role.capital", first)
        if beside is None and reading.ending("role.between", first) is not None:
            beside = reading.ending("role.capital", first - 1)
    else:
        beside = beside or reading.ending("role.capital", first)
    return capital(where.code) if beside is not None else None


def _region(reading: Reading, first: int, last: int) -> Hit | None:
    """The word for a region that belongs to a town's name: "la région de", "Gebiet"."""
    return reading.ending("role.region", first) or reading.at("role.region", last)


def _point_back(named: list[Named], at: int, role: str) -> None:
    """Give the name before "from there" or "thither" the role that the word says, if it is bare."""
    before = [n for n, other in enumerate(named) if other.last <= at and other.form == "name"]
    if before and not named[before[-1]].roles:
        named[before[-1]] = replace(named[before[-1]], roles=frozenset({role}))


def _owns(reading: Reading, text: str, before: Named, first: int) -> bool:
    """Whether a name is that of whose a place is: "Nigeria's", with nothing between the two."""
    if before.form != "name" or before.place.kind != "country":
        return False
    end = reading.items[before.last - 1].end
    return text[max(end - 2, 0) : reading.items[first].start].strip().endswith(_GENITIVES)


_GENITIVES = ("'s", "’s")


def _goes_on(reading: Reading, before: Named, first: int) -> bool:
    """Whether a name is the next in a list of names."""
    between = reading.items[before.last : first]
    if len(between) == 1:
        return between[0].text == "," or (between[0].kind == "w" and len(between[0].text) <= _AND)
    # "To Poland, Czechia and the Netherlands" in languages whose articles bend.
    short = len(between) == 2 and all(item.kind == "w" and len(item.text) <= _AND for item in between)
    return short and not any(reading.ending(category, first) is not None for category in _ROLES.values())


def _roles(reading: Reading, first: int, last: int, language: Language) -> frozenset[str]:
    """What the words before a place (behind it in some languages), or its own ending, say of its part in the movement."""
    found: set[str] = set()
    longest = 0
    end = last
    first, last = _outside_quotes(reading, first, last)
    leading = reading.among(*_ROLE_OF)
    noun = None if language.roles_follow else reading.ending("role.spot", first)
    if noun is not None and all(hit.last != first for hit in leading):
        first = noun.first  # "across the border town of X"
    for back in (0, 1, 2) if leading else ():
        spot = last + back if language.roles_follow else first - back
        between = spot - 1 if language.roles_follow else spot
        if spot <= 0 or spot >= len(reading.items) or (back and reading.items[between].kind != "w"):
            break
        for hit in leading:
            if (hit.first if language.roles_follow else hit.last) != spot:
                continue
            if (back and _within_window(reading, hit)) or _cites(reading, hit):
                continue
            if hit.first == 0 and reading.words(hit.first, hit.last) in language.leading_articles:
                continue
            # "the border with" is no "with": the longest phrase says what the place is.
            if hit.last - hit.first > longest:
                found.clear()
                longest = hit.last - hit.first
            if hit.last - hit.first == longest:
                found.add(_ROLE_OF[hit.category])
        if found:
            break
    if found or language.endings_alone:
        word = reading.items[end - 1].text.rsplit(" ", 1)[-1]
        ended = {
            role
            for role, endings in language.role_endings.items()
            if role in _ROLES and word.endswith(endings)
            if any(word.endswith(ending) and len(word) > len(ending) + 2 for ending in endings)
        }
        # A word that means both "to" and "in" is settled by the case of the name; where cases do what words
        # do elsewhere, a word that they contradict belongs to another name.
        found = (found & ended or (ended if language.endings_alone else None) or found) if found else ended
    if not found and language.endings_alone:
        # A noun behind the name may have the ending: "at the checkpoint of Sarpi".
        found = {role for role, category in _ROLES.items() if reading.at(category, end) is not None}
    return frozenset(found)


def _roles_over(reading: Reading, first: int) -> frozenset[str]:
    """What a phrase that runs into the word for a spot says of its part: "through the crossing"."""
    return frozenset(
        role
        for role, category in _ROLES.items()
        for hit in reading.of(category)
        if hit.first < first < hit.last
    )


def _outside_quotes(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """The items of a name with the quotation marks around it: "through the checkpoint «Korday»"."""
    items = reading.items
    if first > 0 and items[first - 1].text in _QUOTES:
        first -= 1
    if last < len(items) and items[last].text in _QUOTES:
        last += 1
    return first, last


def _join_ends(reading: Reading, named: list[Named]) -> None:
    """Make two names with a dash between them the ends of a way: "the bus Lviv-Warsaw"."""
    for n, (one, other) in enumerate(pairwise(named)):
        joined = other.first == one.last + 1 and reading.items[one.last].text in _JOINED
        if joined and one.form == other.form == "name":
            named[n] = replace(one, roles=frozenset({"from"}))
            named[n + 1] = replace(other, roles=frozenset({"to"}))


def _within_window(reading: Reading, hit: Hit) -> bool:
    """Whether a preposition is that of a span of days: "by the end of the year Ukraine will be left by ..."."""
    return any(span.first <= hit.first and hit.last < span.last for span in reading.of("windows"))


def _cites(reading: Reading, hit: Hit) -> bool:
    """Whether a preposition is that of a source: "according to the Kurdistan region's ministry" leads nowhere."""
    cited = reading.ending("speech.according", hit.last)
    return cited is not None and cited.first < hit.first


def _ends_title(reading: Reading, first: int, text: str, named: Sequence[Named]) -> bool:
    """Whether a country only ends the name of an agency, behind a hyphen: "Interfax-Ukraine"."""
    items = reading.items
    if first < 2 or items[first - 1].text not in _HYPHENS or items[first - 1].start != items[first - 2].end:
        return False
    place_before = bool(named) and named[-1].last == first - 1
    before = items[first - 2]
    return not place_before and before.kind == "w" and text[before.start].isupper()


# Offices of a town or region, whose name may stand right behind them.
_OF_PLACES = {
    "City",
    "Municipality",
    "President",
    "Regional Government",
    "Governorate",
    "Prefecture",
    "Voivodeship Office",
}


def _goes_before_name(reading: Reading, first: int, text: str) -> bool:
    """Whether a word stands before two with capitals: a name and a surname."""
    after = reading.items[first + 1 : first + 3]
    return len(after) == 2 and all(
        item.kind == "w" and text[item.start : item.end].istitle() for item in after
    )


def _goes_before_surname(reading: Reading, first: int, text: str) -> bool:
    """Whether a word stands before one with a capital, and that before none."""
    after = [
        item.kind == "w" and text[item.start : item.end].istitle()
        for item in reading.items[first + 1 : first + 3]
    ]
    return after[:1] == [True] and after[1:] != [True]


def _is_surname(reading: Reading, first: int, text: str) -> bool:
    """Whether a name is part of a person's: "governor Alexei Smirnov" names no town of Smyrna."""
    office = reading.ending("source", first)
    offices = office is not None and office.value[0] == "offices"
    if (
        offices
        and office is not None
        and office.value[1] in _OF_PLACES
        and _goes_before_name(reading, first, text)
    ):
        return False  # "prezydent Przemyśla Wojciech Bakun"
    if (offices or reading.ending("source.alone", first)) and first + 1 < len(reading.items):
        after = reading.items[first + 1]
        if after.kind == "w" and text[after.start : after.end].istitle():
            return True  # "prime minister Natalia ..."
    body = reading.ending("source", first) if first else None
    if body is not None and _goes_before_surname(reading, first, text):
        return True  # "the head of the administration Serhiy ..."
    if first < 2:
        return False
    before = reading.items[first - 1]
    titled = any(reading.ending(category, first - 1) for category in ("source", "speech.verbs"))
    beside = text[before.end : reading.items[first].start] == " "
    return titled and beside and text[before.start : before.end].istitle() and len(before.text) >= _FIRST_NAME
