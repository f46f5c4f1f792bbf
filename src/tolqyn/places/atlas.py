"""The places of the data files, and their names by script and language.

Reads the files of this package, once each. Sources: docs/reference/places.md.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from babel.core import Locale, UnknownLocaleError, get_global

from tolqyn.places.place import Kind, Place
from tolqyn.places.words import fold_name

__all__ = [
    "City",
    "alpha2",
    "capital",
    "city",
    "city_names",
    "country_names",
    "curated",
    "doubtful",
    "neighbours",
    "place",
    "script_of_language",
    "settled",
]

_DATA = files("tolqyn.places") / "data"
_KIND_ORDER: tuple[Kind, ...] = ("country", "city", "region", "checkpoint")

_TELLING = 5  # letters from which an English name is taken for a place in other languages

City = int  # a line of cities.tsv.gz, most people first


@lru_cache(maxsize=4_000)
def place(code_or_english_name: str) -> Place | None:
    """The place of that code or English name; the most populous where cities share a name, not an alias.

    >>> place("KAZ").name, place("Uralsk").country, place("Nowhere at all")
    ('Kazakhstan', 'KAZ', None)
    """
    found = settled().get(code_or_english_name)
    if found is not None:
        return found
    key = fold_name(code_or_english_name)
    code = country_names("en").get(key)
    if code is not None:
        return settled()[code]
    named = curated("en").get(key)
    rows = city_names("Latn").get(key)
    if rows is not None:
        towns = [city(int(row)) for row in rows.split()]
        town = next((town for town in towns if fold_name(town.name) == key), towns[0])
        if named is None or _outranks(town, named[0]):
            return town
    return named[0] if named else None


@lru_cache(maxsize=512)
def capital(code: str) -> Place | None:
    """The capital of the country of that alpha-3; None where no city stands at its point.

    >>> capital("POL").name, capital("???")
    ('Warsaw', None)
    """
    land = settled().get(code)
    towns = (city(row) for row, line in enumerate(_cities()) if line.split("\t", 2)[1:2] == [code])
    return next((town for town in towns if town.is_capital_of(land)), None) if land is not None else None


@lru_cache(maxsize=512)
def region_of(town: Place) -> Place | None:
    """The region that a town is the seat of; None where it is of none, or the capital, whose land "the region" may be.

    >>> region_of(place("Uralsk")).name, region_of(place("Astana"))
    ('West Kazakhstan Region', None)
    """
    land = settled().get(town.country or "")
    if town.kind != "city" or land is None or town.is_capital_of(land):
        return None
    seated = [
        row["name"] for row in _rows("regions.csv") if (row["country"], row["seat"]) == (land.code, town.name)
    ]
    return place(seated[0]) if len(seated) == 1 else None


@lru_cache(maxsize=512)
def alpha2(code: str) -> str | None:
    """The ISO 3166-1 alpha-2 of a country's alpha-3; None where it is none.

    >>> alpha2("KAZ"), alpha2("Almaty")
    ('KZ', None)
    """
    return next((row["alpha2"] for row in _rows("countries.csv") if row["code"] == code), None)


@lru_cache(maxsize=512)
def neighbours(code: str) -> frozenset[str]:
    """The alpha-3 of the countries that the country of that alpha-3 has a land border with.

    >>> sorted(neighbours("EST")), neighbours("ISL")
    (['LVA', 'RUS'], frozenset())
    """
    beside = (row["neighbours"] for row in _rows("countries.csv") if row["code"] == code)
    return frozenset(next(beside, "").split())


def _outranks(town: Place, other: Place) -> bool:
    """Whether a bare name means the city rather than the region or checkpoint of that name."""
    return other.kind == "region" and (town.population or 0) >= 50_000


@lru_cache(maxsize=1)
def settled() -> dict[str, Place]:
    """Countries by code, regions and checkpoints by English name."""
    english = _territories("en")
    found: dict[str, Place] = {}
    for row in _rows("countries.csv"):
        found[row["code"]] = Place(
            row["code"],
            english.get(row["alpha2"], [row["code"]])[0],
            "country",
            row["code"],
            _number(row["latitude"]),
            _number(row["longitude"]),
            int(row["population"]) if row["population"] else None,
        )
    for file, kind in _CURATED.items():
        for row in _rows(file):
            found[row["name"]] = Place(
                row["name"],
                row["name"],
                kind,
                row["country"] or None,
                _number(row["latitude"]),
                _number(row["longitude"]),
                apart=row.get("apart") == "yes",
                across=row.get("counterpart") or None,
            )
    return found


_CURATED: dict[str, Kind] = {"regions.csv": "region", "checkpoints.csv": "checkpoint"}


@lru_cache(maxsize=64)
def country_names(language: str) -> dict[str, str]:
    """Folded name -> alpha-3, by CLDR's short, long and variant names and our own additions."""
    codes = {row["alpha2"]: row["code"] for row in _rows("countries.csv")}
    names: dict[str, str] = {}
    for alpha2, variants in _territories(language).items():
        if alpha2 in codes:
            for name in variants:
                names.setdefault(fold_name(name), codes[alpha2])
    for row in _rows("country-names.csv"):
        if row["language"] == language:
            for name in row["names"].split("|"):
                names[fold_name(name)] = row["code"]
    return names


@lru_cache(maxsize=64)
def curated(language: str) -> dict[str, list[Place]]:
    """Folded name -> regions and checkpoints so called in a language.

    Where it is written in Latin letters many go by their English name: "Brandenburg", "Medyka"; in Cyrillic,
    those that its own lists leave out by their Russian one: "Торхам".
    """
    places = settled()
    called = [
        (name, name)
        for name in places
        if places[name].kind != "country"
        and (language == "en" or (len(name) >= _TELLING and script_of_language(language) == "Latn"))
    ]
    for file in ("region-names.csv", "checkpoint-names.csv"):
        for row in _rows(file):
            if row["language"] == language:
                called += [(name, row["name"]) for name in row["names"].split("|")]
    if language != "ru" and script_of_language(language) == "Cyrl":
        own = {bearer for _, bearer in called}
        russian = ((name, bearers[0].name) for name, bearers in curated("ru").items() if len(bearers) == 1)
        called += [(name, bearer) for name, bearer in russian if bearer not in own]
    names: dict[str, list[Place]] = {}
    for name, bearer in called:
        bearers = names.setdefault(fold_name(name), [])
        if places[bearer] not in bearers:
            bearers.append(places[bearer])
    return names


@lru_cache(maxsize=16)
def city_names(script: str) -> dict[str, str]:
    """Folded name -> line numbers of the cities so called, most people first, as "17 402".

    Left as text: a quarter of a million small lists would take longer to make than to read.
    """
    try:
        text = gzip.decompress((_DATA / f"names-{script}.txt.gz").read_bytes()).decode()
    except FileNotFoundError:
        return {}
    keys, _, rows = text.partition("\n\n")
    return dict(zip(keys.split("\n"), rows.split("\n"), strict=True))


@lru_cache(maxsize=64)
def doubtful(language_or_script: str) -> dict[str, frozenset[str]]:
    """Folded names of cities that are also something else.

    Under a language, `never`: so much likelier a word of it that no text is searched for the name;
    `seldom`: a word that the city's name is told from by its capital. Under a script, `person`: names
    that people bear.
    """
    found: dict[str, set[str]] = {"never": set(), "seldom": set(), "person": set()}
    for line in _doubts():
        of, doubt, key = line.split("\t")
        if of == language_or_script:
            found[doubt].add(key)
    return {doubt: frozenset(keys) for doubt, keys in found.items()}


@lru_cache(maxsize=1)
def _doubts() -> list[str]:
    return gzip.decompress((_DATA / "doubtful.tsv.gz").read_bytes()).decode().split("\n")


@lru_cache(maxsize=4096)
def city(row: City) -> Place:
    """The city on that line."""
    name, country, latitude, longitude, population = _cities()[row].split("\t")
    return Place(
        name,
        name,
        "city",
        country,
        float(latitude),
        float(longitude),
        int(population) if population else None,
    )


@lru_cache(maxsize=1)
def _cities() -> list[str]:
    return gzip.decompress((_DATA / "cities.tsv.gz").read_bytes()).decode().split("\n")


def script_of_language(language: str) -> str:
    """ISO 15924 code of the script that a language is usually written in; Latn where not known.

    >>> script_of_language("kk"), script_of_language("pl"), script_of_language("??")
    ('Cyrl', 'Latn', 'Latn')
    """
    likely = get_global("likely_subtags").get(language, "")
    return next((part for part in likely.split("_") if len(part) == 4), "Latn")


def _territories(language: str) -> dict[str, list[str]]:
    """alpha-2 -> names of a country in a language, the usual one first; empty for an unknown language."""
    try:
        names = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {
        code: [name] if code in _TOLD_APART else list(_variants(name))
        for code, name in names.items()
        if len(code) == 2
    }


_TOLD_APART = {"CD", "CG", "HK", "MO"}  # whose brackets say which of two it is, or its status


def _variants(name: str) -> Iterator[str]:
    """A name with brackets is two: "Myanmar (Burma)"."""
    yield name
    if "(" in name:
        outside, _, inside = name.rstrip(") ").partition("(")
        yield from (outside.strip(), inside.strip())


@lru_cache(maxsize=8)
def _rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_DATA / file).read_text(encoding="utf-8").splitlines()))


def _number(text: str) -> float | None:
    return float(text) if text else None
