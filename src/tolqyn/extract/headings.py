"""Lines that say what follows them is about: headings, lone names of places, datelines.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tolqyn.extract.reading import Reading
from tolqyn.languages import Item

__all__ = ["dateline_end", "datelines", "heads_list", "is_heading", "is_lone_name", "is_title", "sets_off"]

_HEADING = 6  # words of a heading, at most
_TOWN = 8  # items of a town, its country and a day, at most
_AGENCY = 6  # items of the agency that stands in brackets behind them, at most
_DASHES = {"—", "–", "-"}
_STOPS = {".", "!", "?", "…", '"'}  # what a sentence ends with, and no title


def is_lone_name(reading: Reading) -> bool:
    """Whether a sentence is but the name of a place."""
    alone = len(reading.named) == 1 and all(item.kind in "lp" for item in reading.items)
    return alone and reading.named[0].form == "name"


def is_heading(reading: Reading) -> bool:
    """Whether a line is the heading of what follows: a few words without a stop and without a figure."""
    items = reading.items
    return len(items) <= _HEADING and not reading.figures and all(item.kind in "wl" for item in items)


def heads_list(reading: Reading) -> bool:
    """Whether a line says as of when the figures below it hold: "Key figures as of 31 July 2023"."""
    return len(reading.items) <= _HEADING + 2 and not reading.figures and reading.items[-1].kind in "dp"


def datelines(readings: Sequence[Reading]) -> frozenset[int]:
    """The sentence that only says where the report was written: "Rome. In a week ...".

    Of several lines that begin with the name of a place, each is about its own.
    """
    heads = [
        n
        for n, (reading, following) in enumerate(pairwise(readings))
        if is_lone_name(reading) and following.sentence.line == reading.sentence.line
    ]
    first = [n for n in heads if all(is_title(reading) for reading in readings[:n])]
    return frozenset(first if len(heads) == 1 else ())


def is_title(reading: Reading) -> bool:
    """Whether a line is a headline, or one below it: it does not end like a sentence."""
    return reading.sentence.headline or (bool(reading.items) and reading.items[-1].text not in _STOPS)


def dateline_end(reading: Reading) -> int:
    """The item after a dateline with a day, 0 without one: "ADRE, Chad, 5 March (agency) - More than ..."."""
    items = reading.items
    day = next(iter(reading.dates), _TOWN)
    if not 0 < day < _TOWN or items[day].value.day is None or day + 1 >= len(items):
        return 0
    named = [named for named in reading.named if named.first < day]
    told = any(hit.first < day for hit in reading.of("measures")) or any(at < day for at in reading.figures)
    if not named or told or any(name.roles for name in named):
        return 0
    if any(item.kind == "p" and item.text not in {",", "/", "(", ")"} for item in items[:day]):
        return 0
    if items[day].text.endswith("."):
        return day + 1  # "Vilnius, rugpjūčio 4 d. Antradienį ..."
    dash = day + 1 + (items[day + 1].text == ".")  # "28 Jan. (agency) -"
    if dash < len(items) and items[dash].text == "(":
        dash = next(
            (i + 1 for i in range(dash, min(dash + _AGENCY, len(items))) if items[i].text == ")"), dash
        )
    dash += dash < len(items) and items[dash].text == "."  # "28 ene (agency).- "
    return dash + 1 if dash < len(items) and sets_off(items, dash) else 0


def sets_off(items: Sequence[Item], i: int) -> bool:
    """Whether an item is a dash behind a dateline, and none within a word; in Spanish it stands right at a full stop."""
    loose = i > 0 and (items[i].start > items[i - 1].end or items[i - 1].text == ".")
    return items[i].text in _DASHES and loose
