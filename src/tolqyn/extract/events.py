"""The days of events that movements are dated from: "since the invasion", "after the call-up".

A document's own date stands first, then what the caller knows of the wave, then a short list of
public events, data/events.toml, read once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from tolqyn.languages import codes, itemize
from tolqyn.languages import load as load_language

__all__ = ["day_of", "events_of"]

_FRESH = timedelta(120)  # how long an event is the one that everybody speaks of


@dataclass(frozen=True, slots=True)
class _Known:
    kind: str
    places: frozenset[str]
    day: date
    famous: bool


@cache
def _known() -> tuple[_Known, ...]:
    text = files("tolqyn.extract").joinpath("data", "events.toml").read_text(encoding="utf-8")
    return tuple(
        _Known(entry["kind"], frozenset(entry["places"]), entry["day"], entry.get("famous", False))
        for entry in tomllib.loads(text)["event"]
    )


def events_of(named: Mapping[str, date]) -> dict[str, date]:
    """Kind of event -> its day, from the names that a wave gives its events, in any language we read.

    Args:
        named: name -> day, as "Partial mobilization announced in Russia". Of two of one kind the
            earlier counts: what follows is the same event going on, or over.

    Returns:
        what `extract` takes as `events=`; a name that speaks of no kind we know is left out.

    >>> events_of({"Partial mobilization announced in Russia": date(2022, 9, 21)})
    {'mobilization': datetime.date(2022, 9, 21)}
    """
    found: dict[str, date] = {}
    for name, day in named.items():
        for kind in _kinds(name):
            found[kind] = min(day, found.get(kind, day))
    return found


def _kinds(name: str) -> set[str]:
    kinds: set[str] = set()
    for code in codes():
        language = load_language(code)
        items = itemize(name, 0, len(name), decimal=language.decimal, join=language.joins)
        kinds |= {str(hit.value) for hit in language.second.find(items).get("event", ())}
    return kinds


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
    before = [known for known in _known() if known.kind == kind and (by is None or known.day <= by)]
    named = set(places)
    fit = max((len(known.places & named) for known in before), default=0)
    fitting = [known.day for known in before if fit and len(known.places & named) == fit]
    # In the first months everybody knows which war is meant: "since the war began Slovakia has let in ...".
    fresh = [known.day for known in before if known.famous and by is not None and by - known.day <= _FRESH]
    return max(fitting or fresh, default=None)
