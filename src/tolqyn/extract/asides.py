"""Names of places beside what a sentence tells: where it was written, where a body sits, where another place lies.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.extract.headings import sets_off
from tolqyn.extract.reading import Named, Reading
from tolqyn.languages import Hit, Item
from tolqyn.places import place

__all__ = ["heads_report", "is_seat", "tells_where"]

_ABROAD = {"Embassy", "Consulate General"}
_RELATES = 3  # items between a camp and its country, at most: ", which in"
_ROW = 3  # items from the dash of a row to its end, at most
_KIND_WORDS = 2  # items between a town and what it lies in: a comma, and "County"
_NAMED = 4  # items from an office to the town where its holder speaks: two names and "in"
_KIND = 5  # items from a town to what it lies in, where words say what it is
_SPOKEN = 1  # words between where a body sits and that it spoke


def heads_report(reading: Reading, named: Named) -> bool:
    """Whether a town only says where the report was written: "TBILISI - ..." at the head of a line."""
    items = reading.items
    if named.first > 1 or named.place.kind == "country" or named.last >= len(items) or named.roles:
        return False
    signs = (i for i in range(named.last, min(named.last + 6, len(items))) if items[i].kind in "pd")
    at = next(signs, named.first)
    if any(named.last <= figure < at for figure in reading.figures):
        return False  # "Lviv has taken in 66,000 - a third more"
    if items[at].text == "." and at + 1 < len(items) and sets_off(items, at + 1):
        return True  # "WASHINGTON.- The agency ..."
    if items[at].text == ",":
        return _dashed(reading, named.last)
    if at + 1 in reading.figures and len(items) <= at + _ROW:
        return False  # a row of a list: "Istanbul - 41,200;"
    if any(_says_kind(reading, named.last, other) for other in reading.named):
        return False
    joins = items[at].text == "-" and items[at].start == items[at - 1].end
    return items[at].text in {"—", "–", "-", "("} and not joins


def _dashed(reading: Reading, first: int) -> bool:
    """Whether a dash follows within a dateline's reach, or nothing: "PARIS, 4 October (agency) - ..."."""
    items = reading.items
    for i in range(first, min(first + 8, len(items))):
        if i in reading.figures:
            return False  # "Kharkiv has taken in 187,000, Zaporizhzhia - 92,000"
        if items[i].kind == "d" and items[i].text.endswith("."):
            return True  # "Vilnius, rugpjūčio 4 d. Antradienį ..."
        if sets_off(items, i):
            return True
    dated = any(item.kind == "d" for item in reading.items[first : first + 3])
    return dated and len(reading.items) <= first + 8 and not reading.figures and not reading.of("measures")


def is_seat(reading: Reading, named: Named) -> bool:
    """Whether a town is only where an office sits: "its chief of mission in Kabul, Ali Sample, said"."""
    if named.place.kind != "city":
        return False
    beside = any(hit.first == named.last and hit.value[0] == "offices" for hit in reading.of("source"))
    if beside and _governs(named):
        return True  # "the Athens government spokeswoman"
    if "in" not in named.roles:
        return False
    if _spoken_there(reading, named):
        return True
    office = next(
        (hit for hit in reading.of("source") if 0 < named.first - _with_land(reading, hit) <= 1), None
    )
    if office is None:
        return False
    if office.value[0] == "offices" or office.value[1] in _ABROAD or _governs(named):
        return True  # "the ministry in Paris"
    return any(0 <= hit.first - named.last <= _SPOKEN for hit in reading.of("speech.verbs"))


def _spoken_there(reading: Reading, town: Named) -> bool:
    """Whether a town is only where an official speaks: "said State Secretary Max Muster in Berlin"."""
    offices = (hit for hit in reading.of("source") if hit.value[0] == "offices" and hit.last <= town.first)
    return any(
        0 < town.first - office.last <= _NAMED
        and any(0 <= office.first - verb.last <= 1 for verb in reading.of("speech.verbs"))
        and all(item.kind == "w" for item in reading.items[office.last : town.first])
        for office in offices
    )


def _governs(town: Named) -> bool:
    """Whether a country is governed from a town."""
    land = place(town.place.country or "")
    return land is not None and town.place.governs(land)


def _with_land(reading: Reading, office: Hit) -> int:
    """The item after an office and the country whose it is: "the Consulate General of Russia"."""
    lands = (named for named in reading.named if named.place.kind == "country")
    return next((land.last for land in lands if 0 <= land.first - office.last <= 1), office.last)


def tells_where(reading: Reading, named: Named) -> bool:
    """Whether a name only says where the one before it lies: "Inch, County Clare", "Kigoma (Tanzania)"."""
    before = [other for other in reading.named if other.form == "name" and other.last < named.first]
    if not before or before[-1].place.kind in {"country", named.place.kind} or named.place.kind == "city":
        return False
    inner = before[-1]
    between = reading.items[inner.last : named.first]
    listed = (
        named.roles == inner.roles and len(between) == 1
    )  # "in Tapachula, Chiapas", where "in" is "to" as well
    moves = {"to", "from"} & named.roles and not listed
    apart = between[0].text in {",", "("} and len(between) <= _KIND_WORDS and not moves
    kind = _says_kind(reading, inner.last, named)
    apart = apart or kind or _lies_in(inner, named, between)
    if not apart or any(item.kind not in "wp" for item in between[kind:]):
        return False
    if inner.listed and inner.place.country is None:
        return False  # "in Europe, in Canada - 210,000"
    return inner.place.country in {named.place.country, None} and named.place.code != inner.place.code


def _says_kind(reading: Reading, first: int, land: Named) -> bool:
    """Whether words behind a town say what it is and where: "Kyakhta - a town in Buryatia", "Joda, a village in Sudan"."""
    near = land.first - first <= _KIND and reading.ending("role.in", land.first) is not None
    return near and any(
        first < noun.first and noun.last < land.first and reading.ending("role.in", noun.first) is None
        for noun in reading.among("role.town", "role.spot")
    )


def _lies_in(inner: Named, land: Named, between: Sequence[Item]) -> bool:
    """Whether a country only says where the camp or village lies that is named before it: "Zaatari camp in Jordan"."""
    inside = land.place.kind == "country" and "in" in land.roles and "to" not in inner.roles
    known = not inner.listed or inner.place.country == land.place.code
    return inside and known and len(between) <= _RELATES and all(item.kind in "wp" for item in between)
