"""Text as items: words, numbers, calendar dates and marks, each with its offsets.

Pure. One pass of one pattern whose repetitions never share a character, so the time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

__all__ = ["Item", "fold", "itemize", "read_digits"]

# Marks that belong to the letter before them: combining accents, vowel points of Hebrew, Arabic and
# Indic scripts, soft hyphens, zero-width characters and direction marks.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0abc-\u0acd"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
)
_SPACES = " \u00a0\u202f\u2009\u2007"
_LETTER = r"[^\W\d_]"
_GROUPED = "|".join(
    rf"\d{{1,3}}{mark}\d{{3}}(?:{mark}\d{{3}})*" for mark in map(re.escape, f"{_SPACES}'’.,٬")
)
_NUMBER = rf"(?:{_GROUPED})(?!\d)(?:[.,٫]\d{{1,3}}(?!\d))?|\d+(?:[.,٫]\d+)?"
_DATE = (
    r"(?<!\d)(?:(?:19|20)\d\d-[01]?\d-[0-3]?\d|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d"
    r"|[0-3]?\d/[01]?\d/(?:19|20)\d\d)(?!\d)"
)
# A clock time, "14:05", or one with a scheme of its own, "24/7": never a count.
_CLOCK = r"(?<!\d)\d{1,2}(?::\d\d)+(?!\d)|24/7"


@dataclass(slots=True)
class Item:
    """One word, number, date or mark.

    Attributes:
        kind: "w" word, "n" number, "d" date or span of days, "c" clock time, "p" any other mark.
        start, end: code points of the text.
        text: folded: lower case, without marks that only dress a letter.
        value: of a number its figure, of a date its days; None of others.
    """

    kind: str
    start: int
    end: int
    text: str
    value: Any = None


@lru_cache(maxsize=4)
def _pattern(*, join: bool) -> re.Pattern[str]:
    """Every piece of a text, a word, number or mark with the one space before it, or spaces. To be quick it has no groups."""
    inner = rf"[{_MARKS}]+" + (rf"|['’ʼ`](?={_LETTER})" if join else "")
    word = rf"{_LETTER}+(?:(?:{inner}){_LETTER}*)*"
    return re.compile(rf" ?(?:{word}|(?=\d)(?:{_CLOCK}|{_DATE}|{_NUMBER})|[^\w\s]|_)|\s+")


_DRESS = re.compile(rf"[{_MARKS}]+")
_CALENDAR = re.compile(_DATE)


def itemize(text: str, start: int, end: int, *, decimal: str, join: bool) -> list[Item]:
    """The items of text[start:end].

    Args:
        text: the whole text; offsets count from its beginning.
        start: where the part to read begins.
        end: where it ends.
        decimal: the language's decimal mark, "." or ",".
        join: whether an apostrophe inside a word belongs to it ("п'ять"); else it parts two
            words ("l'Intérieur").
    """
    known = _known[decimal]
    items = []
    last = start
    for piece in _pattern(join=join).findall(text, start, end):
        first, last = last, last + len(piece)
        what = known.get(piece)
        if what is None:
            what = _what(piece, decimal)
            if len(piece) < _LONG:
                _remember(known, piece, what)
        kind, lead, word, value = what
        if kind:
            items.append(Item(kind, first + lead, last, word, value))
    return items


# The kind of a piece of text, the spaces before it, its folded text, the value of a number or date. Spaces are of no kind.
_What = tuple[str, int, str, Any]
# Decimal mark -> pieces met, with the space before them: texts repeat their words.
_known: dict[str, dict[str, _What]] = {".": {}, ",": {}}
_REMEMBERED = 50_000
_LONG = 40  # letters from which a word is not remembered


def _remember(known: dict[str, _What], piece: str, what: _What) -> None:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[piece] = what


def _what(piece: str, decimal: str) -> _What:
    """What a piece of text is: a number or the like, a mark, a word, or but space."""
    text = piece.lstrip(" ")
    lead = len(piece) - len(text)
    if not text or text.isspace():
        return "", 0, "", None
    if not text[0].isdecimal():
        return (
            ("w", lead, _word(text), None)
            if text[0].isalnum()
            else ("p", lead, text.translate(_COMMAS), None)
        )
    if ":" in text or text == "24/7":
        return "c", lead, text, None
    if _CALENDAR.fullmatch(text):
        days = _calendar(text)
        return "p" if days is None else "d", lead, text, days
    return "n", lead, text, read_digits(text, decimal)


# Letters that are written now one way, now the other: apostrophes, alef, yeh; and the commas of Arabic.
_ALIKE = dict(zip("’ʼ`أإآٱىیک", "'''ااااييك", strict=True))
_UNLIKE = re.compile(f"[{''.join(_ALIKE)}]")
_COMMAS = str.maketrans("،؛", ",;")


def _word(word: str) -> str:
    """A word folded."""
    folded = fold(word) or word  # a lone tatweel is all dress
    # "The agency's" is the agency.
    return folded[:-2] if folded.endswith("'s") and len(folded) > 3 else folded


def fold(text: str) -> str:
    """A text in small letters, without marks that only dress a letter."""
    if text.isascii():
        return text.lower()
    # The dot of a Turkish İ parts from it when it is made small.
    return _UNLIKE.sub(lambda match: _ALIKE[match.group()], _DRESS.sub("", text.casefold()))


_GROUPING = re.compile(rf"[{_SPACES}'’٬]")


def read_digits(text: str, decimal: str) -> float:
    """The number that digits with marks stand for.

    A mark before exactly three digits groups thousands, unless it is the language's own decimal
    mark and stands once: then "7,591" is 7.591 where "," is decimal; but three zeros after it are
    thousands in every language ("98,000"), since nobody writes a count to three places of nothing.

    >>> read_digits("1 660 000", ","), read_digits("4,3", ","), read_digits("98,000", ",")
    (1660000.0, 4.3, 98000.0)
    """
    if text.isdigit():
        return _number(text)
    plain = _GROUPING.sub("", text).replace("٫", decimal)
    marks = [character for character in plain if character in ".,"]
    if not marks:
        return _number(plain)
    last = marks[-1]
    whole, _, rest = plain.rpartition(last)
    several = marks.count(last) > 1 or (len(marks) == 1 and plain != text.replace("٫", decimal))
    grouped = len(rest) == 3 and (
        marks.count(last) > 1 or (len(marks) == 1 and not several and (last != decimal or rest == "000"))
    )
    whole = whole.replace(".", "").replace(",", "")
    return _number(whole + rest) if grouped else _number(f"{whole}.{rest}")


def _number(text: str) -> float:
    # More digits than any count of people could have are no count; they stay finite, though.
    return float(text) if len(text) < 40 else 1e39


def _calendar(text: str) -> tuple[date, date] | None:
    parts = [int(part) for part in re.split(r"[-./]", text)]
    year, month, day = parts if len(text.split("-", 1)[0]) == 4 else reversed(parts)
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found
