"""Lines that say what follows them is about: headings, lone names of places, datelines.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tolqyn.extract.reading import Reading

__all__ = ["datelines", "heads_list", "is_heading", "is_lone_name"]

_HEADING = 6  # words of a heading, at most


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
    first = [n for n in heads if all(reading.sentence.headline for reading in readings[:n])]
    return frozenset(first if len(heads) == 1 else ())
