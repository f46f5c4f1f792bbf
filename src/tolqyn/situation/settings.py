"""`situation.toml` as values.

Pure: it is given the text of the file. The keys are described in docs/reference/situation.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tolqyn.claims import Window
from tolqyn.errors import ClaimError, SituationError

__all__ = ["Event", "Situation", "SourceNote", "parse_situation"]


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which something happened that could move people."""

    date: date
    name: str


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What is known of a source beforehand.

    `coverage` is the 90 % range of the share of the true count that it sees (1 is all).
    """

    name: str
    coverage: tuple[float, float] | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """One wave.

    Attributes:
        title: one line for readers.
        start, end: first and last day of the study; `end` None means until the last statement.
        places: codes whose flows and stocks are estimated.
        groups: citizenships or other groups; "any" is everybody.
        events: in the order of their days.
        sources: what is known of sources.
        languages: languages that the documents may be in; empty means every one we read.
        population: place -> group -> persons present in ordinary times, where a figure is known.
    """

    title: str
    start: date
    end: date | None
    places: tuple[str, ...]
    groups: tuple[str, ...]
    events: tuple[Event, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    languages: tuple[str, ...] = ()
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The days of the study."""
        return Window(self.start, self.end)


_KEYS = frozenset({"title", "start", "end", "places", "groups", "event", "source", "languages", "population"})


def parse_situation(text: str, where: str = "situation.toml") -> Situation:
    """The situation that the text of a settings file describes.

    Args:
        text: TOML.
        where: the file, for messages.

    Raises:
        SituationError: not TOML; a key that is missing, unknown or of the wrong type.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SituationError(f"not TOML: {error}", where) from None
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise SituationError(f"unknown key {unknown[0]!r}", where, f"the keys are: {known}")
    start = _day(table, "start", where)
    if start is None:
        raise SituationError("start is missing", where, "start = 2022-09-01 is the first day of the study")
    end = _day(table, "end", where)
    try:
        Window(start, end)
    except ClaimError as error:
        raise SituationError(f"end is {end}, before start, {start}", where, error.hint) from None
    return Situation(
        title=_text(table, "title", where),
        start=start,
        end=end,
        places=_names(table, "places", where, required=True),
        groups=_names(table, "groups", where) or ("any",),
        events=_events(table, where),
        sources=_sources(table, where),
        languages=_names(table, "languages", where),
        population=_population(table, where),
    )


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SituationError(f"{key} is {value!r}, not a line of text", where, f'{key} = "..."')
    return value.strip()


def _day(table: Mapping[str, Any], key: str, where: str) -> date | None:
    value = table.get(key)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    raise SituationError(f"{key} is {value!r}, not a date", where, f"{key} = 2022-09-21, without quotes")


def _names(table: Mapping[str, Any], key: str, where: str, *, required: bool = False) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise SituationError(f"{key} is {value!r}, not a list of names", where, f'{key} = ["KAZ"]')
    if required and not value:
        raise SituationError(f"{key} is missing", where, f'{key} = ["KAZ"]: whose flows are estimated')
    return tuple(value)


def _tables(table: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise SituationError(f"{key} is not a list of tables", where, f"write [[{key}]] above each")
    return value


def _events(table: Mapping[str, Any], where: str) -> tuple[Event, ...]:
    events = []
    for n, entry in enumerate(_tables(table, "event", where), 1):
        spot = f"{where}, event {n}"
        day = _day(entry, "date", spot)
        if day is None:
            raise SituationError("date is missing", spot, "date = 2022-09-21")
        events.append(Event(day, _text(entry, "name", spot)))
    return tuple(sorted(events, key=lambda event: (event.date, event.name)))


def _sources(table: Mapping[str, Any], where: str) -> tuple[SourceNote, ...]:
    notes = []
    for n, entry in enumerate(_tables(table, "source", where), 1):
        spot = f"{where}, source {n}"
        coverage = entry.get("coverage")
        if coverage is not None:
            numeric = isinstance(coverage, list) and all(
                isinstance(end, int | float) and not isinstance(end, bool) for end in coverage
            )
            if not numeric or len(coverage) != 2 or not 0 < coverage[0] <= coverage[1]:
                raise SituationError(
                    f"coverage is {coverage!r}, not two rising positive shares",
                    spot,
                    "coverage = [0.95, 1.05]",
                )
            coverage = (float(coverage[0]), float(coverage[1]))
        notes.append(SourceNote(_text(entry, "name", spot), coverage, _names(entry, "aliases", spot)))
    return tuple(notes)


def _population(table: Mapping[str, Any], where: str) -> dict[str, dict[str, float]]:
    value = table.get("population", {})
    if not isinstance(value, dict):
        raise SituationError("population is not a table", where, "[population.KAZ] then RUS = 130_000")
    population: dict[str, dict[str, float]] = {}
    for place, groups in value.items():
        for group, persons in groups.items() if isinstance(groups, dict) else [("?", None)]:
            if not isinstance(persons, int | float) or isinstance(persons, bool) or persons < 0:
                raise SituationError(
                    f"population of {group} in {place} is {persons!r}, not a count of persons", where
                )
            population.setdefault(place, {})[group] = float(persons)
    return population
