"""The days of events that movements are dated from: "since the invasion", "after the call-up".

A document's own date stands first, then what the caller knows of the wave, then a short list of
public events, data/events.toml, read once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

__all__ = ["day_of"]


@dataclass(frozen=True, slots=True)
class _Known:
    kind: str
    places: frozenset[str]
    day: date


@cache
def _known() -> tuple[_Known, ...]:
    text = files("tolqyn.extract").joinpath("data", "events.toml").read_text(encoding="utf-8")
    return tuple(
        _Known(entry["kind"], frozenset(entry["places"]), entry["day"])
        for entry in tomllib.loads(text)["event"]
    )


def day_of(kind: str, given: Mapping[str, date], places: Collection[str], by: date | None) -> date | None:
    """The day of an event; None where it is not known.

    Args:
        kind: as the language files name it: "war", "mobilization" ...
        given: kind -> day, from the document or the caller.
        places: alpha-3 codes of the countries that the document names.
        by: the day of the document: of several, the last before it is meant.
    """
    if kind in given:
        return given[kind]
    fitting = [
        known.day
        for known in _known()
        if known.kind == kind and known.places & set(places) and (by is None or known.day <= by)
    ]
    return max(fitting, default=None)
