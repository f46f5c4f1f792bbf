"""Places that no list of names has, told by the word beside them: "Nyarugusu camp", "the village of Joda".

Pure. Such a place is given as it is written, in no country. Which words tell it: `roles.spot` of a language file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from tolqyn.places import Place

if TYPE_CHECKING:
    from tolqyn.extract.reading import Reading

__all__ = ["find_spots"]

_LONGEST = 3  # words of a name, at most
_SHORTEST = 3  # letters of its first word, at least
_LINKS = 2  # words between the word for the place and its name, as "of the"


def find_spots(reading: Reading, text: str, busy: Collection[int]) -> Iterator[tuple[int, int, Place]]:
    """The unknown places of a sentence, as (first item, item after, place).

    Args:
        reading: the sentence.
        text: of the document.
        busy: items that belong to known names.
    """
    nouns = reading.of("role.spot")
    if not nouns:
        return
    taken = {i for category in _OTHERS for hit in reading.of(category) for i in range(hit.first, hit.last)}
    taken |= set(busy)
    for noun in nouns:
        first, last = _before(reading, text, noun.first, taken), noun.last
        if first == noun.first:
            begin = noun.last
            while begin - noun.last < _LINKS and reading.ending("role.between", begin + 1) is not None:
                begin += 1
            if begin == noun.last and reading.ending("role.in", begin + 1) is not None:
                begin += 1
            first, last = begin, _after(reading, text, begin, taken)
            if first == last:
                continue
            name = text[reading.items[first].start : reading.items[last - 1].end]
            first = noun.first
        else:
            name = text[reading.items[first].start : reading.items[noun.first - 1].end]
        yield first, last, Place(name, name, "city")


_OTHERS = ("source", "group", "units", "measures", "event", "speech.verbs", "documents", "role.spot")


def _before(reading: Reading, text: str, last: int, taken: Collection[int]) -> int:
    """Where the run of capitalized words that ends before an item begins."""
    first = last
    while first > 0 and last - first < _LONGEST and _is_name(reading, text, first - 1, taken):
        first -= 1
    return last if first == 0 else first  # what begins a sentence has its capital from there


def _after(reading: Reading, text: str, first: int, taken: Collection[int]) -> int:
    """Where the run of capitalized words that begins at an item ends."""
    last = first
    while last < len(reading.items) and last - first < _LONGEST and _is_name(reading, text, last, taken):
        last += 1
    return last


def _is_name(reading: Reading, text: str, at: int, taken: Collection[int]) -> bool:
    item = reading.items[at]
    word = text[item.start : item.end]
    return (
        item.kind == "w"
        and at not in taken
        and len(word) >= _SHORTEST
        and word[0].isupper()
        and not word.isupper()
    )
