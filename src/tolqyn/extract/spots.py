"""Places that no list of names has, told by the words beside them: "Nyarugusu camp", "in Um Rakuba".

Pure. Such a place is given as it is written; it lies in the country named right after it, else in none. Which words
tell it: `roles.spot` and `roles.unlisted` of a language file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from tolqyn.extract.letters import in_latin
from tolqyn.languages import Hit, Language
from tolqyn.places import Place

if TYPE_CHECKING:
    from tolqyn.extract.reading import Reading

__all__ = ["find_spots"]

_LONGEST = 3  # words of a name, at most
_SHORTEST = 3  # letters of its first word, at least
_BEGINS = 2  # letters of the first word of a name of several, at least: "Um Rakuba"
_LINKS = 2  # words between the word for the place and its name, as "of the"
_PARTICLE = 3  # letters of a word in small letters inside a name, at most: "Bab al-Hawa"
_ADVERBS = 1  # words between a name that leads its sentence and what the place does
_HYPHENS = frozenset("-‐‑–")
_OPENING = frozenset('«„“"‹')
_TOLD = ("speech.told", "speech.according", "speech.citing", "speech.verbs", "speech.that")
_HEARD = 3  # words from a verb of speech to whom it is told: "he says to Morning Star"
_HOUSES = {"shelter", "capacity"}
_QUALIFIED = 3  # items from the verb to the end of its figure, at most
_HOLDS = {"shelter", "capacity", "stock"}  # what a place does to people, and no person


def find_spots(
    reading: Reading, text: str, busy: Collection[int], lands: Mapping[int, str | None], language: Language
) -> Iterator[tuple[int, int, Place]]:
    """The unknown places of a sentence, as (first item, item after, place).

    Args:
        reading: the sentence.
        text: of the document.
        busy: items that belong to known names.
        lands: items at which the name of a country, region or town begins -> the country it lies in.
        language: of the text.
    """
    if not _may_name(reading, text):
        return
    taken = {i for hit in reading.among(*_OTHERS) for i in range(hit.first, hit.last)}
    # A phrase may leave a gap for the name: "in the reception centre of Suhl live".
    taken |= {i for hit in reading.of("measures") for i in (hit.first, hit.last - 1)}
    taken |= set(busy)
    common = _common(language)
    seen: set[int] = set()
    for first, last, name_first, name_last in [
        *_beside_nouns(reading, text, taken), *_after_words(reading, text, taken), *_leading(reading, text, taken, articles=bool(language.phrases.get("dates.articles"))),
    ]:  # fmt: skip
        words = [item.text for item in reading.items[name_first:name_last]]
        word = words[0]
        if (
            not common.isdisjoint((word, words[-1], " ".join(words)))
            or word.endswith(language.noun_endings)
            or seen & set(range(first, last))
            or not {name_first - 1, name_last}.isdisjoint(busy)  # part of a name that is known
            or reading.at("source.kinds", last) is not None  # the Inter Sector Coordination Group
            or _is_cut(reading, text, name_last, taken)
        ):
            continue
        seen |= set(range(first, last))
        items = reading.items
        name = text[items[name_first].start : items[name_last - 1].end]
        after = last + 1 if last < len(reading.items) and reading.items[last].text in {",", "("} else last
        name = in_latin(
            name.removesuffix("'s").removesuffix("’s"), text[items[0].start : items[-1].end].casefold()
        )
        yield first, last, Place(name, name, "city", lands.get(after))


def _is_cut(reading: Reading, text: str, at: int, taken: Collection[int]) -> bool:
    """Whether a name goes on with a word that means something else: the bridge "Simón Bolívar", no money."""
    items = reading.items
    if at < len(items) and items[at].text in _HYPHENS and items[at].start == items[at - 1].end:
        at += 1
    return at < len(items) and at in taken and items[at].kind in "wl" and text[items[at].start].isupper()


def _may_name(reading: Reading, text: str) -> bool:
    """Whether a capital stands where the name of a place may: a look that spares the rest."""
    items = reading.items
    if reading.of("role.spot"):
        return True
    holds = [hit.first for hit in reading.of("measures") if hit.value in _HOLDS]
    if 1 in holds or (holds and all(text[item.start].isupper() for item in items[:2])):
        return True
    ends = (hit.last for hit in reading.of("role.unlisted"))
    return any(at < len(items) and items[at].kind == "w" and text[items[at].start].isupper() for at in ends)


@lru_cache(maxsize=64)
def _common(language: Language) -> frozenset[str]:
    """The words of a language that are no places, folded."""
    return frozenset(word.casefold() for word in language.not_places)


_OTHERS = (
    "source", "group", "units", "event", "speech.verbs", "documents", "role.spot", "calendar",
    "percent", "money", "source.media", "acts",
)  # fmt: skip


def _beside_nouns(reading: Reading, text: str, taken: Collection[int]) -> Iterator[tuple[int, int, int, int]]:
    """Names beside a word for a place: "Nyarugusu camp", "the village of Joda"."""
    media = {i for hit in reading.of("source.media") for i in range(hit.first, hit.last)}
    for noun in reading.of("role.spot"):
        if noun.last - 1 in media:
            continue  # a site may be a camp, and may be on the web
        first = _before(reading, text, noun.first, taken)
        if first < noun.first:
            yield first, noun.last, first, noun.first
            continue
        begin = noun.last
        while begin - noun.last < _LINKS and any(
            reading.ending(role, begin + 1) is not None for role in ("role.between", "role.from")
        ):
            begin += 1
        if begin == noun.last and reading.ending("role.in", begin + 1) is not None:
            begin += 1
        if begin < len(reading.items) and reading.items[begin].text in _OPENING:
            begin += 1  # "the crossing «Kyzyl-Bel»"
        last = _after(reading, text, begin, taken)
        if last > begin:
            yield noun.first, last, begin, last


def _after_words(reading: Reading, text: str, taken: Collection[int]) -> Iterator[tuple[int, int, int, int]]:
    """Names after a word that only places follow: "in Um Rakuba"."""
    for word in reading.of("role.unlisted"):
        last = _after(reading, text, word.last, taken)
        reach = _HEARD if reading.at("role.to", word.first) is not None else 0
        told = any(
            word.first - reach <= hit.last <= word.last for category in _TOLD for hit in reading.of(category)
        )
        if last > word.last and not told and not _speaks(reading, last) and _moves(reading, word):
            yield word.last, last, word.last, last


def _moves(reading: Reading, word: Hit) -> bool:
    """Whether people go there, where the word says whither: who is written to is no place."""
    if reading.at("role.to", word.first) is None or reading.at("role.in", word.first) is not None:
        return True
    return any(
        word.first - _HEARD <= hit.last <= word.last + 1 for hit in reading.among("measures", "directions")
    )


def _leading(
    reading: Reading, text: str, taken: Collection[int], *, articles: bool
) -> Iterator[tuple[int, int, int, int]]:
    """A name of several words that leads its sentence and holds people: "Bidi Bidi now houses 272,206"."""
    last = _after(reading, text, 0, taken)
    if last and (last > 1 or (articles and _holds(reading))) and _acts(reading, last):
        yield 0, last, 0, last


def _holds(reading: Reading) -> bool:
    """Whether the first word alone is a name that holds a number of people: "Manston was holding four thousand".

    A noun would have its article there, or stand in the plural.
    """
    verb = next((hit for hit in reading.of("measures") if hit.first == 1 and hit.value in _HOUSES), None)
    first = reading.items[0]
    if verb is None or first.text.endswith("s") or first.end - first.start <= _SHORTEST:
        return False
    return any(item.kind == "n" for item in reading.items[verb.last : verb.last + _QUALIFIED])


def _acts(reading: Reading, last: int) -> bool:
    """Whether what holds people stands right behind an item, an adverb between at most."""
    return any(hit.value in _HOLDS and 0 <= hit.first - last <= _ADVERBS for hit in reading.of("measures"))


def _speaks(reading: Reading, last: int) -> bool:
    """Whether somebody speaks behind the name."""
    return reading.at("speech.verbs", last) is not None


def _before(reading: Reading, text: str, last: int, taken: Collection[int]) -> int:
    """Where the run of capitalized words that ends before an item begins."""
    first = last
    while first > 0 and last - first < _LONGEST and _is_name(reading, text, first - 1, taken):
        first -= 1
    return last if first == 0 else first  # what begins a sentence has its capital from there


def _after(reading: Reading, text: str, first: int, taken: Collection[int]) -> int:
    """Where the run of capitalized words that begins at an item ends."""
    items = reading.items
    last, words = first, 0
    while last < len(items) and words < _LONGEST and _is_name(reading, text, last, taken, words == 0):
        last, words = last + 1, words + 1
        joined = _joint(reading, last)
        if joined > last and joined < len(items) and _is_name(reading, text, joined, taken):
            last = joined
    if words == 1 and last == first + 1 and items[first].end - items[first].start < _SHORTEST:
        return first
    return last


def _joint(reading: Reading, at: int) -> int:
    """The item after a hyphen or particle inside a name: the "al-" of "Bab al-Hawa"."""
    items = reading.items
    if at + 1 < len(items) and items[at].kind == "w" and len(items[at].text) <= _PARTICLE:
        glued = items[at + 1].text in _HYPHENS and items[at + 1].start == items[at].end
        return at + 2 if glued else at
    if at < len(items) and items[at].text in _HYPHENS and items[at].start == items[at - 1].end:
        return at + 1 if at + 1 < len(items) and items[at + 1].start == items[at].end else at
    return at


def _is_name(reading: Reading, text: str, at: int, taken: Collection[int], begins: bool = False) -> bool:
    item = reading.items[at]
    word = text[item.start : item.end]
    return (
        item.kind in "wl"  # a known name that goes on is no longer known
        and at not in taken
        and len(word) >= (_BEGINS if begins else _SHORTEST)
        and word[0].isupper()
        and not word.isupper()
    )
