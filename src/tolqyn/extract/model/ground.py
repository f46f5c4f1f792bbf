"""What a document offers to check a model's words against: its text, figures, days, places, names.

Pure but for the language files and names, which are read once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tolqyn.claims import Document
from tolqyn.extract.dates import When
from tolqyn.extract.days import resolve
from tolqyn.extract.figures import Figure
from tolqyn.extract.model.pieces import Piece
from tolqyn.extract.scene import set_scene
from tolqyn.extract.sentences import Sentence
from tolqyn.languages import Language

__all__ = ["Ground", "Mark", "survey"]

_WORD = re.compile(r"[^\W\d_]+")
_ENDING = 2  # letters at the end of a name that inflection may change; one more that it may add


@dataclass(frozen=True, slots=True)
class Mark:
    """text[start:end] is a figure, as our own reader reads it."""

    start: int
    end: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Ground:
    """A document, read by the rules that also make claims without a model.

    Attributes:
        sentences: in order.
        marks: its figures, in order; years and days of a month are none.
        days: every day that it names, as the first or last of a span, and its own day and the day before.
        latest: the last day that something seen can have happened on: the document's own, else the last
            one that it names; None where it names none.
        places: codes of countries, and names of other places, that it mentions in any form.
        words: its words, folded, sorted.
        flat: the text with each run of white space as one space. offsets: where in the text each
            character of it stands.
    """

    document: Document
    sentences: tuple[Sentence, ...]
    marks: tuple[Mark, ...]
    days: frozenset[date]
    latest: date | None
    places: frozenset[str]
    words: Sequence[str] = field(repr=False)
    flat: str = field(repr=False)
    offsets: Sequence[int] = field(repr=False)

    def find(self, words: str, piece: Piece | None = None) -> Iterator[tuple[int, int]]:
        """Where the words stand, to the letter; any white space is like any other."""
        wanted = " ".join(words.split())
        end = piece.end if piece else len(self.document.text)
        at = self.flat.find(wanted, bisect_left(self.offsets, piece.start) if piece else 0)
        while wanted and at >= 0:
            last = self.offsets[at + len(wanted) - 1] + 1
            if last > end:
                return
            yield self.offsets[at], last
            at = self.flat.find(wanted, at + 1)

    def has(self, words: str) -> bool:
        """Whether the words stand somewhere in the text or title."""
        title = " ".join((self.document.title or "").split())
        return any(True for _ in self.find(words)) or bool(words.split() and " ".join(words.split()) in title)

    def names(self, name: str) -> bool:
        """Whether each word of a person's name stands in the text, in some case."""
        words = _WORD.findall(name.casefold())
        return bool(words) and all(map(self._has_form, words))

    def _has_form(self, word: str) -> bool:
        """Whether a word of the text differs from this one in its ending alone."""
        stem = word[: max(len(word) - _ENDING, 3)]
        at = bisect_left(self.words, stem)
        while at < len(self.words) and self.words[at].startswith(stem):
            if len(self.words[at]) <= len(word) + _ENDING + 1:
                return True
            at += 1
        return False


def survey(document: Document, language: Language, near: Collection[str]) -> Ground:
    """Read a document for all that can be checked."""
    scene = set_scene(document, language, near)
    marks = [
        Mark(reading.items[at].start, reading.items[at].end, reading.items[at].value)
        for reading in scene.readings
        for at in reading.figures
    ]
    named = [
        day
        for reading in scene.readings
        for item in reading.items
        if isinstance(item.value, When) and (span := resolve(item.value, scene.hint, ahead=False))
        for day in (span.start, span.end)
        if day is not None
    ]
    flat, offsets = _flatten(document.text)
    own = document.published
    near_own = [own, own - timedelta(1)] if own and own > date.min else []
    return Ground(
        document=document,
        sentences=tuple(reading.sentence for reading in scene.readings),
        marks=tuple(marks),
        days=frozenset([*named, *scene.events.values(), *near_own]),
        latest=own or max(named, default=None),
        places=frozenset(mention.place.code for reading in scene.readings for mention in reading.named)
        | scene.countries,
        words=sorted(set(_WORD.findall(document.text.casefold()))),
        flat=flat,
        offsets=offsets,
    )


def _flatten(text: str) -> tuple[str, list[int]]:
    """A text with each run of white space as one space, and where each character of it stood."""
    runs: list[str] = []
    offsets: list[int] = []
    for run in re.finditer(r"\s+|\S+", text):
        space = run.group()[0].isspace()
        runs.append(" " if space else run.group())
        offsets.extend(range(run.start(), run.start() + 1 if space else run.end()))
    return "".join(runs), offsets
