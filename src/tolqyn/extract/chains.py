"""The bodies and offices of a sentence, those put together of which one belongs to the other.

Pure. "The migration service of the ministry" is one chain; "UNHCR and IOM" are two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tolqyn.extract.bodies import find_bodies
from tolqyn.extract.reading import Named, Reading
from tolqyn.extract.titles import LEVELS
from tolqyn.languages import Hit
from tolqyn.values import value

__all__ = ["Chain", "find_chains", "join_bodies"]

# The government of a region, whose governor speaks for it, as language files name both.
_REGIONAL_GOVERNMENT = "Regional Government"
# A minister whose ministry is not said, as language files name the office.
_MINISTER = "Minister"
# Officials, who speak for the government of the country named beside them, and else for whoever spoke before.
_OFFICIALS = "Officials"


@value
class Chain:
    """Bodies and offices named one inside the other."""

    first: int
    last: int
    names: tuple[str, ...]
    national: bool
    country: Named | None
    regional: bool = False
    minister: bool = False

    @property
    def start(self) -> int:
        """Its first item, that of its country included."""
        return self.first if self.country is None else min(self.first, self.country.first)

    @property
    def end(self) -> int:
        """The item after it, that of its country included."""
        return self.last if self.country is None else max(self.last, self.country.last)


_UNNAMED = {_MINISTER, _OFFICIALS}


def find_chains(reading: Reading, text: str, aliases: Mapping[str, str] | None = None) -> list[Chain]:
    """The bodies and offices of a sentence, found once without aliases of the text and once with them."""
    asked = (find_chains, bool(aliases))
    if asked not in reading.kept:
        bodies = find_bodies(reading, text, aliases)
        reading.kept[asked] = join_bodies(reading, bodies) if bodies else []
    found: list[Chain] = reading.kept[asked]
    return found


def join_bodies(reading: Reading, hits: Sequence[Hit]) -> list[Chain]:
    """Bodies in order as chains: each with those that it belongs to."""
    chains: list[Chain] = []
    hits = [hit for n, hit in enumerate(hits) if not (n and _abbreviates(reading, hits[n - 1], hit))]
    i = 0
    while i < len(hits):
        group = [hits[i]]
        while i + 1 < len(hits) and _joined(reading, group[-1], hits[i + 1]):
            i += 1
            group.append(hits[i])
        i += 1
        names = []
        for hit in group:
            name = str(hit.value[1])
            name = "Government" if name == _REGIONAL_GOVERNMENT else name
            if name and name not in names and name not in _UNNAMED:
                names.append(name)
        names = [name for name in names if not any(name != other and name in other for other in names)]
        if len(names) > 1 and "President" in names:
            names.remove("President")  # of a commission, and of no country
        names.sort(key=_is_whole)  # where the whole stands before its part: "the ministry's service"
        national = any(hit.value[0] != "abbreviations" and hit.value[1] for hit in group)
        country = _country(reading, group)
        if not national and country is not None and group[0].first <= country.first < group[-1].last:
            country = None  # the Norwegian Refugee Council works anywhere
        if names == ["President"] and country is not None and country.place.kind in _PRESIDED:
            names = [_PRESIDED[country.place.kind]]  # Polish "prezydent Przemyśla" is its mayor
        if not names and country is not None and any(hit.value[1] == _OFFICIALS for hit in group):
            names.append("Government")
        chains.append(
            Chain(
                group[0].first,
                group[-1].last,
                tuple(names),
                national,
                country,
                any(hit.value[0] == "regional" or _is_regional(reading, hit) for hit in group),
                not names and any(hit.value[1] == _MINISTER for hit in group),
            )
        )
    return chains


# What a president of no country is the head of.
_PRESIDED = {"city": "City", "region": "Government"}


def _abbreviates(reading: Reading, whole: Hit, short: Hit) -> bool:
    """Whether a body in brackets is the one right before them by its short name: "State Border Guard (VSAT)"."""
    items = reading.items
    return (
        short.first - whole.last == 1
        and items[whole.last].text == "("
        and short.last < len(items)
        and items[short.last].text == ")"
    )


def _is_regional(reading: Reading, hit: Hit) -> bool:
    """Whether a word beside a body says that it is that of a region: "the republic's ministry"."""
    beside = reading.ending("source.topics", hit.first), reading.at("source.topics", hit.last)
    if hit.value[1] == _REGIONAL_GOVERNMENT:
        return True
    return bool(hit.value[1]) and any(word is not None and word.value in LEVELS for word in beside)


def _is_whole(name: str) -> bool:
    """Whether a body is one that others belong to."""
    return name.startswith("Ministry") or name == "National Security Committee"


def _joined(reading: Reading, hit: Hit, following: Hit) -> bool:
    """Whether the next body is the one that this one belongs to; "UNHCR and IOM" are two."""
    if hit.value[0] == following.value[0] == "abbreviations":
        return False
    between = reading.items[hit.last : following.first]
    if len(between) > 4:
        return False
    inside = {i for named in reading.named for i in range(named.first, named.last)}
    inside |= {i for word in reading.of("source.of") for i in range(word.first, word.last)}
    return all(
        item.kind == "w" and (len(item.text) <= 4 or hit.last + n in inside) for n, item in enumerate(between)
    )


def _country(reading: Reading, group: Sequence[Hit]) -> Named | None:
    """The country named right after the bodies, among them, or right before."""
    first, last = group[0].first, group[-1].last
    regions = {i for hit in reading.of("role.region") for i in range(hit.first, hit.last)}
    after = [
        named
        for named in reading.named
        if 0 <= named.first - last <= (3 if {named.first - 1, last} & regions else 2)
        and named.form != "people"
        and not {"to", "in", "from"} & named.roles
    ]
    host = [named for named in reading.named if 0 <= named.first - last <= 1 and named.form == "name"]
    inner = [named for named in reading.named if first <= named.first < last]
    before = [
        named
        for named in reading.named
        if named.last == first and (named.form == "adjective" or (named.form == "name" and not named.roles))
    ] or [
        named
        for named in reading.named
        if named.last == first - 1
        and (named.form == "adjective" or reading.items[named.last].text in _GENITIVES)
    ]
    for named in (*after, *inner, *before, *host):
        gap = range(last, named.first) if named.first >= last else range(0)
        if all(
            reading.items[i].kind == "w" and (len(reading.items[i].text) <= 4 or i in regions) for i in gap
        ):
            return named
    return None


_GENITIVES = {"'", "’"}  # "the Canary Islands' government"
