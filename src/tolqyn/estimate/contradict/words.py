"""Figures, days, places and sources in plain words."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from tolqyn.claims import Measure, Qualifier
from tolqyn.estimate.contradict.said import Said

__all__ = [
    "count",
    "country_of_body",
    "days_text",
    "estimated",
    "figure_text",
    "place_name",
    "quantity_text",
    "source_text",
    "statement_text",
]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_QUALIFIERS = {
    Qualifier.ABOUT: "about ",
    Qualifier.OVER: "more than ",
    Qualifier.SLIGHTLY_OVER: "a little more than ",
    Qualifier.UNDER: "less than ",
    Qualifier.ALMOST: "almost ",
    Qualifier.UP_TO: "up to ",
}

_MEASURES = {
    Measure.ENTRIES: "entries to {place}",
    Measure.EXITS: "exits from {place}",
    Measure.NET: "entries minus exits of {place}",
    Measure.STOCK: "people present in {place}",
    Measure.REGISTRATIONS: "registrations in {place}",
    Measure.APPLICATIONS: "applications in {place}",
    Measure.DEPORTATIONS: "deportations from {place}",
    Measure.REFUSALS: "refusals at {place}",
    Measure.DETENTIONS: "detentions in {place}",
}

_KINDS = {
    "iin": "personal number",
    "residence": "permanent residence",
    "temporary_stay": "temporary stay",
    "work_permit": "work permit",
    "bank_account": "bank account",
}


def count(persons: float) -> str:
    """A count with thousands separated: 64,234."""
    return f"{round(persons):,}"


def estimated(persons: float, sd: float) -> str:
    """A count that is not known better than its standard deviation, to that one's first digit: 380,000 ± 20,000."""
    unit = 10 ** max(0, math.floor(math.log10(sd))) if sd > 0 else 1
    return count(unit * round(persons / unit))


def figure_text(said: Said) -> str:
    """The figure as its source put it: "more than 200,000", "9,000–12,000 a day"."""
    claim = said.claim
    unit = {"persons": "", "crossings": " crossings"}.get(claim.unit)
    if unit is None:
        unit = " a " + claim.unit.partition("/")[2] if "/" in claim.unit else f" {claim.unit}"
    if claim.value is not None:
        return f"{_QUALIFIERS.get(claim.qualifier, '')}{claim.value:,.12g}{unit}"
    ends = [f"{end:,.12g}" for end in (claim.low, claim.high) if end is not None]
    return "–".join(ends) + unit


def days_text(start: date | None, end: date | None) -> str:
    """A span of days as a reader writes it.

    >>> days_text(date(2022, 9, 21), date(2022, 9, 27))
    '21–27 September 2022'
    >>> days_text(date(2022, 9, 21), date(2022, 10, 4))
    '21 September – 4 October 2022'
    """
    if start is None and end is None:
        return "on an unstated day"
    if start is None or end is None:
        known, word = (end, "until") if start is None else (start, "since")
        assert known is not None
        return f"{word} {_day(known)} {known.year}"
    if start == end:
        return f"{_day(end)} {end.year}"
    if start.year != end.year:
        return f"{_day(start)} {start.year} – {_day(end)} {end.year}"
    if start.month != end.month:
        return f"{_day(start)} – {_day(end)} {end.year}"
    return f"{start.day}–{_day(end)} {end.year}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def window_text(said: Said) -> str:
    """The days of a statement as it gives them."""
    if not said.measure.is_flow:
        return days_text(said.start, said.end)
    return days_text(said.claim.window_start, said.claim.window_end)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Alpha-3 code -> English name."""
    names = Locale("en").territories
    aliases = get_global("territory_aliases")
    return {
        code: names[targets[0]]
        for code, targets in aliases.items()
        if len(code) == 3 and code.isalpha() and len(targets) == 1 and targets[0] in names
    }


def place_name(code: str) -> str:
    """The English name of a country code; any other name as it is."""
    return _countries().get(code, code)


@lru_cache(maxsize=4096)
def country_of_body(organization: str | None) -> str | None:
    """The country that the name of a body ends with, by the convention "office of country".

    >>> country_of_body("Federal Security Service of Russia"), country_of_body("UNHCR")
    ('RUS', None)
    """
    if organization is None:
        return None
    ends = [code for code, name in _countries().items() if organization.endswith(f" of {name}")]
    return max(ends, key=lambda code: len(_countries()[code]), default=None)


def group_text(said: Said) -> str:
    """Whose movement, as words."""
    if said.group == "any":
        return "everybody"
    if said.group == "foreign":
        return "all foreigners"
    name = place_name(said.group)
    return f"citizens of {name}" if name != said.group else said.group


def quantity_text(said: Said) -> str:
    """What is counted, of whom: "entries to Kazakhstan, citizens of Russia"."""
    words = _MEASURES[said.measure].format(place=place_name(said.place))
    if said.kind:
        words = f"{_KINDS.get(said.kind, said.kind)} {words}"
    return f"{words}, {group_text(said)}"


def source_text(said: Said) -> str:
    """Who stated it and who carried it."""
    claim = said.claim
    # The host by hand: this room does not know the network, not even by name.
    host = (claim.source_url or "").partition("://")[2].partition("/")[0]
    publisher = claim.publisher or host.removeprefix("www.")
    source = claim.source or "no named source"
    return f"{source} ({publisher})" if publisher and publisher != source else source


def statement_text(said: Said) -> str:
    """One statement in a clause: who, what, when."""
    preposition = "on" if said.start == said.end else "for"
    words = window_text(said)
    when = words if words.startswith(("on ", "since ", "until ")) else f"{preposition} {words}"
    return f"{figure_text(said)} {when}, {source_text(said)}"


def capital(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
