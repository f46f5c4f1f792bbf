"""A text cut into sentences that know their line and paragraph.

Pure. A new line ends a sentence, except in text that was wrapped by hand; a headline, a list entry
and a table cell are thus sentences of their own.
"""

from __future__ import annotations

import re
from itertools import pairwise

from tolqyn.languages import Language
from tolqyn.values import value

__all__ = ["Sentence", "split_sentences"]

_LONGEST = 900  # characters; what is longer is no sentence and is cut, so that time stays linear
# Of a row of dots only three end a sentence: more lead the eye to a figure.
_STOP = re.compile(r"[.!?…。؟۔।։](?<!\.\.\.\.)(?=[\s\"'»”’)\]«“„]|$)")
_BULLET = re.compile(r"\s*(?:[•●▪◦*·–—-]|\d{1,2}[.)])\s")
# Written without a full stop of their own, whatever comes after.
_CONTRACTED = {"mln", "mld", "mlrd", "млн", "млрд"}
_GAP = re.compile(r"[^\w.'’-]")  # what parts the word before a stop from others
_WORD = 30  # letters of that word, at most
_CLOSERS = "\"'»”’)]"


@value
class Sentence:
    """text[start:end], with where it stands.

    Attributes:
        line, paragraph: counted from 0; a paragraph ends at an empty line.
        bullet: whether it begins an entry of a list.
        headline: whether it stands in the first lines and does not end like a sentence.
    """

    start: int
    end: int
    line: int
    paragraph: int
    bullet: bool = False
    headline: bool = False


def split_sentences(text: str, language: Language) -> list[Sentence]:
    """The sentences of a text in order; empty stretches are left out."""
    found: list[Sentence] = []
    paragraph = 0
    wrapped = _is_wrapped(text)
    for number, (start, end) in enumerate(_lines(text, wrapped=wrapped)):
        if not text[start:end].strip():
            paragraph += 1
            continue
        bullet = bool(_BULLET.match(text, start, end))
        for first, last in _pieces(text, start, end, language):
            headline = not found and text[last - 1] not in ".!?…"
            found.append(Sentence(first, last, number, paragraph, bullet and first <= start + 8, headline))
    return found


def _is_wrapped(text: str) -> bool:
    """Whether most lines go on in the next one: they are of one length and end in mid-sentence."""
    lines = text[:20_000].split("\n")
    full = [line for line in lines if len(line) > 40]
    if len(full) < 4:
        return False
    longest = max(map(len, full))
    open_ended = sum(1 for line in full if line.rstrip()[-1:].isalnum() or line.rstrip()[-1:] == ",")
    return longest <= 120 and open_ended > 0.6 * len(full)


def _lines(text: str, *, wrapped: bool) -> list[tuple[int, int]]:
    """Line spans; in wrapped text the lines of a paragraph are one."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        if (
            wrapped
            and spans
            and line.strip()
            and text[spans[-1][0] : spans[-1][1]].strip()
            and not _BULLET.match(line)
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((at, end))
        at = end
    return spans


def _pieces(text: str, start: int, end: int, language: Language) -> list[tuple[int, int]]:
    """Sentence spans within a line, stripped of space."""
    cuts = [start]
    for stop in _STOP.finditer(text, start, end):
        after = stop.end()
        while after < end and text[after] in _CLOSERS:
            after += 1
        if after < end and text[after].isspace() and _ends_here(text, start, stop.start(), after, language):
            cuts.append(after)
    cuts.append(end)
    spans: list[tuple[int, int]] = []
    for first, last in pairwise(cuts):
        spans += _bounded(text, first, last)
    return spans


def _ends_here(text: str, start: int, stop: int, after: int, language: Language) -> bool:
    """Whether the stop ends a sentence: not after an abbreviation, an initial or a day's number."""
    following = text[after : after + 80].lstrip()
    if not following:
        return False
    opener = following.lstrip("\"'«“„([—–-• ")[:1]
    if opener.islower() and not _is_georgian(opener):
        return False
    if text[stop] != ".":
        return True
    word = _GAP.split(text[max(start, stop - _WORD) : stop])[-1].casefold()
    if not word:
        return True
    if language.decimal == "," and _is_dated(text[max(start, stop - _WORD) : stop], following):
        return False
    last = word.rsplit(".", 1)[-1]
    if last in language.titles:
        return False
    if word in language.abbreviations or last in language.abbreviations:
        # "тыс." may well end a sentence; a figure, a small letter or a people says that it does not.
        counted = following.lstrip("\"'«“„([—–-• ")
        if last not in _CONTRACTED and (language.is_people(counted) or language.is_group(counted)):
            return False
        if last not in _CONTRACTED and _is_acronym(following) and not language.is_body(following):
            return False  # "8,5 тыс. ИИН"
        return opener.isupper() and len(last) > 2 and not opener.isdigit()
    if len(last) == 1 and last.isalpha():
        return False
    if not last.isdigit() or len(last) > 2 or not language.is_month(following):
        return True
    # "Of 81. In August": a month that is written small within a sentence begins one where it has a capital.
    return int(last) > _LAST_DAY or (opener.isupper() and language.code in _SMALL_MONTHS)


_DAY_AND_MONTH = re.compile(r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\. ?(?:0?[1-9]|1[0-2])$")
_DAY = re.compile(r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])$")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])\.(?!\d)")


def _is_dated(before: str, following: str) -> bool:
    """Whether a stop stands within a date in figures, or behind it before a figure: "od 21. 9. do 4. 10. 12 400 lidí"."""
    if not before[-1].isdigit():
        return False
    dated = _DAY.search(before) is not None and _MONTH.match(following) is not None
    return dated or (following[0].isdigit() and _DAY_AND_MONTH.search(before) is not None)


_LAST_DAY = 31
_SMALL_MONTHS = {
    "cs",
    "fi",
    "lt",
    "lv",
    "no",
    "sk",
}  # where a day has a full stop and months are written small


def _is_georgian(letter: str) -> bool:
    """Whether a letter is Georgian: they count as small, and yet begin sentences."""
    return "\u10d0" <= letter <= "\u10ff"


def _is_acronym(following: str) -> bool:
    """Whether a word of capitals alone follows, as the noun of a figure may be."""
    word = re.match(r"[^\W\d_]+", following)
    return word is not None and len(word.group()) > 1 and word.group().isupper()


def _bounded(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """The pieces of a stretch of text that are short enough to be a sentence."""
    spans = []
    while last - first > _LONGEST:
        cut = text.rfind(" ", first + _LONGEST // 2, first + _LONGEST)
        cut = first + _LONGEST if cut < 0 else cut
        spans += _stripped(text, first, cut)
        first = cut
    return spans + _stripped(text, first, last)


def _stripped(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """A stretch of text without the space around it; nothing where it is all space."""
    piece = text[first:last].lstrip()
    return [(last - len(piece), last - len(piece) + len(piece.rstrip()))] if piece else []
