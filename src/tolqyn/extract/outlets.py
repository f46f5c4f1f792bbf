"""The portal, paper or agency that a sentence names as its source.

Pure. Names written in Cyrillic are given in Latin letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.extract.reading import Reading
from tolqyn.languages import Item

__all__ = ["find_outlet"]

_LONGEST = 4  # words of a name, at most
_SHORTEST = 4  # letters of a name that begins a sentence, at least
_BESIDE = 2  # words between a verb of telling and who is told
_OPENING = "«\"“„'‘"


def find_outlet(reading: Reading, text: str) -> tuple[int, int, str] | None:
    """The outlet that speaks, as (first item, item after, name); None where there is none.

    It stands beside a word for such outlets ("the property portal Krisha.kz", "Kvartal.kz порталы"), or
    right after a verb of speech, where quotation marks or another script tell it from a person's name.
    """
    heard = [hit.last for hit in reading.of("speech.told")]
    for hit in reading.of("source.media"):
        if any(0 <= hit.first - last <= _BESIDE for last in heard):
            continue  # "told the broadcaster Beta": it is who listens
        for found in (_from(reading, text, hit.last), _until(reading, text, hit.first)):
            if found is not None and not any(found[0] <= named.first < found[1] for named in reading.named):
                return found
    for hit in reading.of("speech.verbs"):
        found = _from(reading, text, hit.last)
        if found is not None and _is_no_person(reading, text, hit.first, found[0]):
            return found
    return None


def _from(reading: Reading, text: str, first: int) -> tuple[int, int, str] | None:
    """The name that begins at an item, or after the quotation mark there."""
    items = reading.items
    while first < len(items) and items[first].kind == "p" and text[items[first].start] in _OPENING:
        first += 1
    last = first
    quoted = first > 0 and text[items[first - 1].start] in _OPENING
    while last < min(len(items), first + _LONGEST) and (
        _goes_on(items, text, first, last) or (quoted and last > first and items[last].kind in "wl")
    ):
        last += 1
    if last == first or items[first].kind not in "wl":
        return None
    return first, last, _in_latin(text[items[first].start : items[last - 1].end])


def _until(reading: Reading, text: str, last: int) -> tuple[int, int, str] | None:
    """The name that ends before an item: the word for the outlet comes after it."""
    items = reading.items
    while last > 0 and items[last - 1].kind == "p" and text[items[last - 1].start] in "»\"”“'’":
        last -= 1
    first = last
    while first > max(0, last - _LONGEST) and (
        (items[first - 1].kind in "wl" and text[items[first - 1].start].isupper())
        or (first > 1 and items[first - 2].text == "." and _is_tight(items, first - 2))
        or (first < last and items[first - 1].text == "." and _is_tight(items, first - 1))
        or (first < last and items[first].text == "." and _is_tight(items, first))
    ):
        first -= 1
    if first == last or not text[items[first].start].isupper():
        return None
    name = text[items[first].start : items[last - 1].end]
    if first == 0 and len(name) < _SHORTEST and not (name.isupper() and len(name) > 1):
        return None  # the article of "Le quotidien", "L'agence"
    foreign = last < len(items) and name.isascii() and not items[last].text.isascii()
    quoted = first > 0 and text[items[first].start - 1] in _OPENING
    return (first, last, _in_latin(name)) if foreign or quoted or "." in name else None


def _goes_on(items: Sequence[Item], text: str, first: int, last: int) -> bool:
    return (
        text[items[last].start].isupper()
        or (items[last].text == "." and _is_tight(items, last))
        or (last > first and items[last - 1].text == "." and _is_tight(items, last - 1))
    )


def _is_tight(items: Sequence[Item], at: int) -> bool:
    """Whether a full stop joins two words without a space, as in the name of a site."""
    return (
        0 < at < len(items) - 1
        and items[at - 1].end == items[at].start
        and items[at].end == items[at + 1].start
    )


def _is_no_person(reading: Reading, text: str, verb: int, first: int) -> bool:
    """Whether a name after a verb of speech stands in quotation marks or in another script than the verb."""
    items = reading.items
    if text[items[first].start - 1] in _OPENING:
        return text[items[first].start - 1] != '"' or first > verb + 1
    return items[first].text.isascii() and _is_in_letters_of_its_own(items[verb].text)


def _is_in_letters_of_its_own(word: str) -> bool:
    """Whether a word is in another script than Latin, which has letters with marks too: "mówi"."""
    return any(character > _LAST_LATIN for character in word)


_LAST_LATIN = "\u024f"


_CYRILLIC = "абвгґдеєёжзиіїйклмнопрстуфхцчшщыэюяәғқңөұүһ"
_LATIN = [
    "a", "b", "v", "g", "g", "d", "e", "ye", "yo", "zh", "z", "i", "i", "yi", "y", "k", "l", "m", "n", "o", "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "y", "e", "yu", "ya", "a", "gh", "q", "ng", "o",
    "u", "u", "h",
]  # fmt: skip
_LETTERS = {**dict(zip(_CYRILLIC, _LATIN, strict=True)), "ь": "", "ъ": ""}


def _in_latin(name: str) -> str:
    """A name with its Cyrillic letters as Latin ones."""
    letters = []
    for character in name:
        latin = _LETTERS.get(character.casefold(), character)
        letters.append(latin.capitalize() if character.isupper() else latin)
    return "".join(letters)
