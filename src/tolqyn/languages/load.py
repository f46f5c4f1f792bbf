"""Language files, read and checked.

A file that is wrong is refused whole, with the file and the key: half a language would lose claims
in silence. How to write one: docs/reference/languages.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

from tolqyn.errors import ExtractError
from tolqyn.languages.bodies import short_name
from tolqyn.languages.items import fold
from tolqyn.languages.language import Coverage, Language
from tolqyn.languages.lexicon import Lexicon
from tolqyn.languages.schema import SECTIONS, Key

__all__ = ["available", "codes", "load", "parse_language"]

# Found before all else, so that other phrases may speak of {n} and {day}.
_FIRST = {"numbers", "dates"}
_COUNTRY_TABLES = ("peoples", "adjectives", "names")


@cache
def codes() -> tuple[str, ...]:
    """The codes of all languages that have a file, in order."""
    names = (entry.name for entry in files("tolqyn.languages").joinpath("data").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def available() -> tuple[Coverage, ...]:
    """Every language with what its file covers, in the order of their codes."""
    return tuple(load(code).coverage for code in codes())


@cache
def load(code: str) -> Language:
    """The language of a code, compiled once.

    Raises:
        ExtractError: no file for the code, or a file that cannot be used.
    """
    if code not in codes():
        raise ExtractError(
            f"no language file for {code!r}", hint=f"there are files for: {', '.join(codes())}"
        )
    file = files("tolqyn.languages").joinpath("data", f"{code}.toml")
    return parse_language(code, file.read_text(encoding="utf-8"), f"{code}.toml")


def parse_language(code: str, text: str, where: str) -> Language:
    """The language that the text of a file describes.

    Args:
        code: ISO 639-1; month and weekday names are taken from CLDR under it.
        text: TOML.
        where: the file, for messages.

    Raises:
        ExtractError: not TOML; a section or key that is unknown, missing or of the wrong form; a
            phrase that cannot be read.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExtractError(f"not TOML: {error}", where) from None
    _check(table, where)
    about = table["language"]
    if about["decimal"] not in {".", ","}:
        raise ExtractError(
            f"decimal is {about['decimal']!r}", f"{where}, language.decimal", 'it is "." or ","'
        )
    joins = bool(about.get("apostrophe_joins", True))
    prefixes = tuple(about.get("prefixes", ()))
    first, beside, second, bodies, events, begun = (Lexicon(join=joins, prefixes=prefixes) for _ in range(6))
    apart = {"source": bodies, "event": events, "events.begin": begun}
    counts: dict[str, int] = {}
    acronyms: set[str] = set()
    for section, key, phrase, plain in _phrases(table, where, code):
        spot = f"{where}, {section}.{key}"
        category, value = _category(section, key, plain)
        early = section in _FIRST and category not in _SECOND_TOO
        lexicon = second if not early else beside if category in _BESIDE_DATES else first
        lexicon.add(phrase, category, value, spot)
        if category == "percent":
            first.add(phrase, "number", (key, None), spot)  # "in the hundred" is no hundred
        if category == "source" and phrase.isupper() and phrase.isalpha():
            acronyms.add(phrase.casefold())
        if category in apart:
            apart[category].add(phrase, category, value, spot)
        counts[f"{section}.{key}"] = counts.get(f"{section}.{key}", 0) + 1
    countries = {
        name: _countries(table.get(name, {}), f"{where}, {name}", codes_only=name == "peoples")
        for name in _COUNTRY_TABLES
    }
    for name, forms in countries.items():
        counts[f"{name}.forms"] = sum(map(len, forms.values()))
    return Language(
        code=code,
        name=about["name"],
        decimal=about["decimal"],
        joins=joins,
        endings=tuple(about.get("endings", ())),
        changes={end: tuple(bases) for end, bases in about.get("changes", {}).items()},
        abbreviations=frozenset(word.casefold().rstrip(".") for word in about.get("abbreviations", ())),
        titles=frozenset(about.get("titles", ())),
        not_places=tuple(about.get("not_places", ())),
        noun_endings=tuple(map(str.casefold, about.get("noun_endings", ()))),
        home=about.get("home"),
        prefixes=prefixes,
        first=first,
        beside_dates=beside,
        second=second,
        bodies=bodies,
        acronyms=frozenset(acronyms),
        nameless=frozenset(map(fold, table.get("sources", {}).get("nameless", ()))),
        events=events.opening,
        begun=begun.opening,
        adjectives_follow=bool(about.get("adjectives_follow", False)),
        leading_articles=frozenset(about.get("leading_articles", ())),
        capital_peoples=bool(about.get("capital_peoples", False)),
        capital_nouns=bool(about.get("capital_nouns", False)),
        regions_of_adjectives=tuple(about.get("regions_of_adjectives", ())),
        month_tails=tuple(table.get("dates", {}).get("month_tails", ())),
        bare_years=bool(table.get("dates", {}).get("bare_years", False)),
        name_endings=tuple(about["name_endings"]) if "name_endings" in about else None,
        role_endings={role: tuple(ends) for role, ends in table.get("endings", {}).items()},
        person_endings=tuple(about.get("person_endings", ())),
        roles_follow=bool(about.get("roles_follow", False)),
        endings_alone=bool(about.get("endings_give_roles", False)),
        peoples=countries["peoples"],
        adjectives=countries["adjectives"],
        names=countries["names"],
        people_stems=Language.stems(countries["peoples"]),
        phrases=counts,
        missing=_missing(table),
    )


def _missing(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that a file leaves empty; names of months and weekdays come from CLDR without it."""
    supplied = {"dates.months", "dates.weekdays"}
    keys = [f"{section}.{key}" for section, rules in SECTIONS.items() for key in rules]
    keys = [key for key in keys if not table.get(key.split(".")[0], {}).get(key.split(".")[1])]
    tables = [section for section, rules in SECTIONS.items() if not rules and not table.get(section)]
    return tuple([key for key in keys if key not in supplied] + tables)


# Found with the rest, because they hold {n} or {day} themselves.
_SECOND_TOO = frozenset(
    {
        "range",
        "turned",
        "pair",
        "minus",
        "against",
        "dates.day_of_month",
        "dates.month_start",
        "dates.month_end",
        "dates.month_middle",
        "percent",
    }
)


# Looked for only where a date is: most are prepositions and articles, which stand everywhere.
_BESIDE_DATES = frozenset(
    f"dates.{key}"
    for key in ("day_joins", "year_joins", "year_before", "month_words", "articles", "day_parts")
)


def _category(section: str, key: str, value: Any) -> tuple[str, Any]:
    """Under what a phrase is looked up: rivals for the same words share a category."""
    match section, key:
        case "numbers", "words" | "rough" | "magnitudes" | "halves" | "fractions":
            return "number", (key, value)
        case "numbers", "same" | "joins" | "and_half":
            return "number", (key, None)
        case "numbers", "minus" | "against":
            return key, key
        case "numbers", "orders":
            return "order", value
        case "numbers", "percent":
            return "percent", key
        case "numbers", "turned":
            return key, key
        case "numbers", "ranges" | "from_to" | "of_each":
            return "range", key
        case "numbers", "pairs":
            return "pair", key
        case "dates", "months" | "weekdays" | "days" | "feasts":
            return "calendar", (key, value)
        case "dates", "ordinals":
            return "dates.ordinals", value
        case "dates", _:
            return f"dates.{key}", key
        case "windows", "fixed":
            return "windows", value
        case "windows", "slept" | "since_clause":
            return key, key
        case "rates", "average":
            return "average", key
        case "roles", _:
            return f"role.{key}", key
        case "groups", "fellow":
            return f"group.{key}", key
        case "groups", _:
            return "group", (key, value)
        case "money", _:
            return "money", value
        case "sources", "of" | "media" | "kinds" | "fields" | "alone" | "from":
            return f"source.{key}", key
        case "sources", "heads" | "topics":
            return f"source.{key}", value
        case "sources", "abbreviations":
            return "source", (key, short_name(value))
        case "sources", _:
            return "source", (key, value)
        case "events", "nouns":
            return "event", value
        case "events" | "decoys" | "modality" | "speech", _:
            return f"{section}.{key}", key
        case _:
            return section, key


def _phrases(table: Mapping[str, Any], where: str, code: str) -> Iterator[tuple[str, str, str, Any]]:
    """(section, key, phrase, value) of everything that goes into a lexicon."""
    for section, keys in SECTIONS.items():
        for key, rule in () if section == "language" else keys.items():
            content = table.get(section, {}).get(key)
            if rule.form in {"months", "weekdays"} and content is None:
                content = _calendar_names(code, rule.form, where)
            if content is None:
                continue
            match rule.form:
                case "phrases":
                    for phrase in content:
                        _check_slots(rule, phrase, f"{where}, {section}.{key}")
                        yield section, key, phrase, key
                case "numbers":
                    yield from ((section, key, phrase, float(number)) for phrase, number in content.items())
                case "orders":
                    yield from (
                        (section, key, phrase, tuple(map(float, ends))) for phrase, ends in content.items()
                    )
                case "months" | "weekdays":
                    for n, phrases in enumerate(content):
                        yield from ((section, key, phrase, n) for phrase in phrases)
                case "named":
                    for name, phrases in content.items():
                        yield from ((section, key, phrase, name) for phrase in phrases)


def _calendar_names(code: str, form: str, where: str) -> list[list[str]]:
    """Month or weekday names of CLDR, in running text and alone, in full and short."""
    try:
        locale = Locale.parse(code)
    except (ValueError, LookupError):
        raise ExtractError(
            f"CLDR has no {form} for {code!r}", f"{where}, dates.{form}", "write them out"
        ) from None
    tables = locale.months if form == "months" else locale.days
    found: list[list[str]] = []
    for n in range(1, 13) if form == "months" else range(7):
        names = {
            tables[context][width][n]
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
        }
        # A short form that is a digit or one letter would be found everywhere.
        found.append(
            sorted(name.rstrip(".") for name in names if len(name.rstrip(".")) > 2 and not name[0].isdigit())
        )
    return found


def _check(table: Mapping[str, Any], where: str) -> None:
    for section, content in table.items():
        if section not in SECTIONS:
            known = ", ".join(SECTIONS)
            raise ExtractError(f"unknown section {section!r}", where, f"the sections are: {known}")
        if not isinstance(content, dict):
            raise ExtractError(f"{section} is not a table", where, f"write [{section}] above its keys")
        if section in _COUNTRY_TABLES:
            continue
        for key, value in content.items():
            rule = SECTIONS[section].get(key)
            if rule is None:
                known = ", ".join(SECTIONS[section])
                raise ExtractError(f"unknown key {key!r}", f"{where}, {section}", f"the keys are: {known}")
            _check_form(rule, value, f"{where}, {section}.{key}")
    for section, keys in SECTIONS.items():
        for key, rule in keys.items():
            if rule.needed and key not in table.get(section, {}):
                raise ExtractError(f"{section}.{key} is missing", where, rule.what)


def _check_slots(rule: Key, phrase: str, spot: str) -> None:
    """Refuse a phrase that leaves out what its key asks for: it would be found and mean nothing."""
    held = sum(phrase.count(slot) for slot in ("{n}", "{day}"))
    if held < rule.slots:
        raise ExtractError(
            f"{phrase!r} holds {held} of the {rule.slots} slots that it needs", spot, f"as in: {rule.what}"
        )


def _check_form(rule: Key, value: Any, spot: str) -> None:
    fits: dict[str, Callable[[], object]] = {
        "text": lambda: isinstance(value, str) and value,
        "flag": lambda: isinstance(value, bool),
        "texts": lambda: _is_texts(value),
        "phrases": lambda: _is_texts(value),
        "numbers": lambda: isinstance(value, dict) and all(_is_number(number) for number in value.values()),
        "orders": lambda: (
            isinstance(value, dict)
            and all(
                isinstance(ends, list)
                and len(ends) == 2
                and all(map(_is_number, ends))
                and ends[0] <= ends[1]
                for ends in value.values()
            )
        ),
        "months": lambda: isinstance(value, list) and len(value) == 12 and all(map(_is_texts, value)),
        "weekdays": lambda: isinstance(value, list) and len(value) == 7 and all(map(_is_texts, value)),
        "named": lambda: isinstance(value, dict) and all(map(_is_texts, value.values())),
    }
    if not fits[rule.form]():
        raise ExtractError(f"{value!r:.60} is not what is needed here", spot, _FORMS[rule.form])


_FORMS = {
    "text": 'a line of text: "..."',
    "flag": "true or false",
    "texts": 'a list of texts: ["...", "..."]',
    "phrases": 'a list of phrases: ["arriv*", "came in|into"]',
    "numbers": 'a table of phrase = number: { "thousand*" = 1000 }',
    "orders": 'a table of phrase = [low, high]: { "tens of thousands" = [10000, 99999] }',
    "months": "twelve lists of phrases, from January",
    "weekdays": "seven lists of phrases, from Monday",
    "named": 'a table of name = list of phrases: { KZT = ["tenge"] }',
}


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _countries(table: Mapping[str, Any], spot: str, *, codes_only: bool) -> dict[str, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {}
    for code, texts in table.items():
        if codes_only and not (len(code) == 3 and code.isascii() and code.isupper()):
            raise ExtractError(f"{code!r} is not an ISO 3166-1 alpha-3 code", spot, 'RUS = ["Russian*"]')
        if not _is_texts(texts):
            raise ExtractError(
                f"{texts!r:.60} is not a list of texts", f"{spot}.{code}", 'RUS = ["Russian*"]'
            )
        forms[code] = tuple(texts)
    return forms
