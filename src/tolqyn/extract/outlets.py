"""The portal, paper or agency that a sentence names as its source.

Pure. Names written in Cyrillic are given in Latin letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.extract.letters import in_latin
from tolqyn.extract.reading import Reading
from tolqyn.languages import Hit, Item
from tolqyn.values import value

__all__ = ["Outlet", "find_outlet", "name_after"]

_LONGEST = 4  # words of a name, at most
_SHORTEST = 4  # letters of a name that begins a sentence, at least
_BESIDE = 2  # words between a verb of telling and who is told
_OPENING = "«\"“„'‘"


@value
class Outlet:
    """A portal, paper, charity or company as a source.

    Attributes:
        first, last: items of its name, last excluded.
        name: in Latin letters.
        person: who speaks for it, as named; None where it speaks itself.
        guessed: whether nothing but its capital says that the name is that of a body.
    """

    first: int
    last: int
    name: str
    person: str | None = None
    guessed: bool = False


def find_outlet(reading: Reading, text: str, people: Sequence[tuple[int, int, str]] = ()) -> Outlet | None:
    """The outlet that speaks; None where there is none.

    It stands beside a word for such outlets ("the property portal Krisha.kz", "Kvartal.kz порталы"), behind a
    person ("Ana Sample of Beta Lettings"), or beside a verb of speech, where quotation marks, capitals or another
    script tell it from a person's name.

    Args:
        reading: the sentence.
        text: of the document.
        people: those that it names, as (first item, item after, name).
    """
    return (
        _of_person(reading, text, people)
        or _beside_noun(reading, text, people)
        or _beside_verb(reading, text)
        or _cited(reading, text)
    )


def _beside_noun(reading: Reading, text: str, people: Sequence[tuple[int, int, str]]) -> Outlet | None:
    """The name beside a word for outlets."""
    heard = [hit.last for hit in reading.of("speech.told")]
    for hit in reading.of("source.media"):
        if any(0 <= hit.first - last <= _BESIDE for last in heard):
            continue  # "told the broadcaster Beta": it is who listens
        for found in (name_after(reading, text, hit), _until(reading, text, hit.first)):
            if found is not None and not any(found[0] <= named.first < found[1] for named in reading.named):
                person = next((name for _, last, name in people if 0 <= hit.first - last <= _BESIDE), None)
                return Outlet(*found, person)
    return None


def name_after(reading: Reading, text: str, noun: Hit) -> tuple[int, int, str] | None:
    """The name of an outlet behind a word for one, as (first item, item after, name); None where it is a person's.

    "The letting agent Ana Sample" is a person; so are two words in letters other than Latin without quotation
    marks, since the names of bodies have them there.
    """
    found = _from(reading, text, noun.last)
    if found is None or found[1] - found[0] < 2 or found[0] > noun.last:
        return found
    item = reading.items[found[0]]
    lone = reading.ending("source.alone", noun.last) is not None
    return None if lone or _is_in_letters_of_its_own(item.text) else found


def _of_person(reading: Reading, text: str, people: Sequence[tuple[int, int, str]]) -> Outlet | None:
    """The name of a body behind that of a person and the word that joins them."""
    speech = reading.among("speech.verbs", "speech.according")
    places = {i for named in reading.named for i in range(named.first, named.last)}
    for first, last, person in people:
        if not any(min(abs(hit.first - last), abs(first - hit.last)) <= _BESIDE + 2 for hit in speech):
            continue
        at = last + 1 if last < len(reading.items) and reading.items[last].text == "," else last
        link = reading.at("source.from", at)
        if link is None:
            continue
        noun = reading.at("source.media", link.last)
        found = _from(reading, text, link.last)
        if found is None and noun is not None:
            found = name_after(reading, text, noun)
        if found is not None and not places.issuperset(range(found[0], found[1])):
            return Outlet(*found, person)
    return None


def _beside_verb(reading: Reading, text: str) -> Outlet | None:
    """The name right after a verb of speech that is no person's; or a short name in capitals beside one."""
    for hit in reading.of("speech.verbs"):
        found = _from(reading, text, hit.last)
        if found is not None and _is_no_person(reading, text, hit.first, found[0]):
            return Outlet(*found)
    for hit in reading.among("speech.verbs", "speech.according"):
        for at in (hit.last, hit.last + 1, hit.first - 1):
            if _is_acronym(reading, text, at):
                item = reading.items[at]
                return Outlet(at, at + 1, in_latin(text[item.start : item.end], _around(reading, text)))
    return None


def _cited(reading: Reading, text: str) -> Outlet | None:
    """The lone name after "according to" or a verb of speech, which may be a surname as well."""
    places = {i for named in reading.named for i in range(named.first, named.last)}
    for hit in reading.among("speech.verbs", "speech.according"):
        found = _from(reading, text, hit.last)
        after = reading.items[hit.last].text if hit.last < len(reading.items) else ""
        if found is None and 0 < len(after) <= _ARTICLE and reading.ending("role.in", hit.last + 1) is None:
            found = _from(reading, text, hit.last + 1)
        if found is None or found[1] - found[0] > 1 or not places.isdisjoint(range(found[0], found[1])):
            continue
        word = reading.items[found[0]].text
        if any(reading.at(category, found[0]) for category in _NOUNS):
            continue
        if found[0] > 1 and not _is_in_letters_of_its_own(word) and not reading.language.capital_nouns:
            return Outlet(*found, guessed=True)
    return None


def _is_acronym(reading: Reading, text: str, at: int) -> bool:
    """Whether an item is a short name in capitals that is no place: "IBGE"."""
    if not 0 <= at < len(reading.items) or any(named.first <= at < named.last for named in reading.named):
        return False
    item = reading.items[at]
    word = text[item.start : item.end]
    if item.kind != "w" or not word.isupper() or not word.isalpha():
        return False
    short = _ACRONYM[0] <= len(word) <= _ACRONYM[1]
    return short and not any(reading.at(category, at) for category in _NOUNS)


_NOUNS = ("source", "source.media", "source.kinds", "source.heads", "source.alone", "group", "units")
_ARTICLE = 3  # letters of an article, at most
_ACRONYM = (3, 8)  # letters of a short name in capitals


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
    return first, last, in_latin(text[items[first].start : items[last - 1].end], _around(reading, text))


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
    inside = first > 0 and items[first - 1].kind == "w" and not reading.language.capital_nouns and not foreign
    if not (foreign or quoted or inside or "." in name):
        return None
    return first, last, in_latin(name, _around(reading, text))


def _goes_on(items: Sequence[Item], text: str, first: int, last: int) -> bool:
    if text[items[last].start].isupper():
        return True
    tight = (
        items[last].text in _INSIDE and (items[last].text == "." or last > first) and _is_tight(items, last)
    )
    return tight or (last > first and items[last - 1].text in _INSIDE and _is_tight(items, last - 1))


_INSIDE = {".", "-"}  # marks within a name: "Krisha.kz", "Beta-Plus"


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


def _around(reading: Reading, text: str) -> str:
    """The sentence in small letters."""
    return text[reading.items[0].start : reading.items[-1].end].casefold()
