"""The people whom a text names, and the one form of a name that cases bend.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from tolqyn.extract.outlets import name_after
from tolqyn.extract.reading import Reading
from tolqyn.languages import Item

__all__ = ["find_people", "find_surname", "is_name", "unify_names"]


def find_people(reading: Reading, text: str, taken: Collection[int] = ()) -> list[tuple[int, int, str]]:
    """Runs of two or three capitalized words that are no place, people or body: (first, last, name).

    Args:
        reading: the sentence.
        text: of the document.
        taken: items that belong to bodies.
    """
    items, nameless = reading.items, reading.language.nameless
    capitals = [n for n, item in enumerate(items) if item.kind in "wl" and text[item.start].isupper()]
    if all(after - before > 2 for before, after in pairwise(capitals)):
        return []  # none stands beside another, or has but a hyphen between
    busy = {i for named in reading.named for i in range(named.first, named.last)}
    busy |= set(taken)
    busy |= {i for hit in reading.among(*_NO_NAMES) for i in range(hit.first, hit.last)}
    for hit in reading.of("source.media"):  # "told the broadcaster Beta Plus": an outlet is no person
        outlet = name_after(reading, text, hit)
        busy |= set(range(outlet[0], outlet[1])) if outlet is not None else set()
    busy |= {n for n in capitals if items[n].text in nameless and _begins(reading, n)}
    found: list[tuple[int, int, str]] = []
    i = 0
    for begin in capitals:
        if begin < i:
            continue
        i = j = begin
        while j < len(items) and j - i < 4 and j not in busy and is_name(text, items[j]):
            if j > i and text[items[j - 1].end : items[j].start] not in {" ", "\u00a0", "-"}:
                break
            j += 1
            if j < len(items) and items[j].text == "-" and items[j].start == items[j - 1].end:
                j += 1
        if j - i >= 2 and items[j - 1].kind == "w" and not _names_what(reading, i, j):
            found.append(
                (i, j, text[items[i].start : items[j - 1].end].removesuffix("'s").removesuffix("’s"))
            )
        i = max(j, i + 1)
    return found


_NO_NAMES = ("source", "speech.verbs", "speech.told", "units", "group")


def _names_what(reading: Reading, first: int, last: int) -> bool:
    """Whether a name says of what somebody is the head or which region it is: "the mayor of Cap Blanc"."""
    link = reading.ending("source.from", first)
    office = link is not None and reading.ending("source", link.first) is not None
    region = reading.at("role.area", last) or reading.at("role.region", last)
    spot = reading.ending("role.spot", first) or reading.at("role.spot", first)
    return office or region is not None or spot is not None


def _begins(reading: Reading, at: int) -> bool:
    """Whether an item begins a sentence or a quotation, where any word has a capital."""
    return at == 0 or reading.items[at - 1].kind == "p"


def is_name(text: str, item: Item) -> bool:
    """Whether an item is written as a name of people is: with a capital, and not all in capitals."""
    if item.kind not in "wl" or not text[item.start].isupper():
        return False
    word = text[item.start : item.end]
    return (len(word) > 1 and word[0].isupper() and not word.isupper() and word.isalpha()) or (
        len(word) > 2 and word[0].isupper() and "'" in word.replace("’", "'")
    )


def find_surname(
    reading: Reading, text: str, speakers: Mapping[str, str], endings: Sequence[str] = ()
) -> str | None:
    """The full name of a known speaker whose last name alone stands beside a verb of speech.

    Args:
        reading: the sentence.
        text: of the document.
        speakers: last name -> full name.
        endings: those that a person's name may take on.
    """
    for hit in reading.among("speech.verbs", "speech.according"):
        for at in (hit.first - 1, hit.last):
            if 0 <= at < len(reading.items):
                item = reading.items[at]
                word = text[item.start : item.end].removesuffix("'s").removesuffix("’s")
                forms = (word, *(word.removesuffix(ending) for ending in endings if word.endswith(ending)))
                name = next((speakers[form] for form in forms if form in speakers), None)
                if name is not None:
                    return name
    return None


def unify_names(names: Sequence[str], endings: Sequence[str] = ()) -> Mapping[str, str]:
    """Each name as written -> the form to give for it: the shortest that shares its beginnings.

    Cases lengthen a name ("Марата Ахметжанова"), so the shortest form seen is the nominative or
    nearest to it.

    Args:
        names: as written.
        endings: those of the language that a name loses to stand as a subject does.
    """
    chosen: dict[tuple[str, ...], str] = {}
    for name in sorted(set(names), key=lambda name: (len(name), name)):
        chosen.setdefault(_stem(name), _bare(name, endings))
    return {name: chosen[_stem(name)] for name in names}


def _bare(name: str, endings: Sequence[str]) -> str:
    """A name without an ending of case, where enough of it is left."""
    lost = next((ending for ending in endings if name.endswith(ending)), "")
    return name.removesuffix(lost) if len(name.rsplit(maxsplit=1)[-1]) > len(lost) + 3 else name


def _stem(name: str) -> tuple[str, ...]:
    return tuple(word[: max(4, len(word) - 3)].casefold()[:5] for word in name.split())
