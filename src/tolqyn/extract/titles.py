"""Bodies that no language file lists, named in English word by word: "General Inspectorate for Migration".

Pure. The noun says what the body is, the words before and after it what it is for; a country or town beside it is
added where bodies are put together (`chains`, `owners`).
"""

from __future__ import annotations

from collections.abc import Collection

from tolqyn.extract.outlets import name_after
from tolqyn.extract.reading import Reading
from tolqyn.languages import Hit

__all__ = ["LEVELS", "find_titles"]

# Words that say not what a body is for but that a region or town has it.
LEVELS = {"Regional", "Provincial", "Municipal", "City", "District", "Republican"}

_MOST = 4  # words before or after the noun
# Words that say what kind of body it is, wherever they stand.
_KINDS = {
    "Federal", "National", "State", "General", "Main", "Central", "Civil", "Military", "Special", "Joint",
}  # fmt: skip
_FOR = {"Committee", "Commission", "Agency", "Council", "Center", "Fund", "Inspectorate", "Office"}
_JOINS = 2  # items between a noun and what it is for: "po", "po voprosam", "za"


def find_titles(reading: Reading, text: str, taken: Collection[int]) -> list[Hit]:
    """The bodies of a sentence that are named by a noun and what they are for.

    A noun alone beside a verb of speech stands for a body named before: its name is empty. Elsewhere it is none.

    Args:
        reading: the sentence.
        text: of the document.
        taken: items that belong to bodies already found.
    """
    found: list[Hit] = []
    busy = set(taken)
    for noun in reading.of("source.heads"):
        media = reading.at("source.media", noun.first)
        land = any(named.first == noun.last and named.form != "name" for named in reading.named)
        if media is not None and media.last == noun.last and not land and name_after(reading, text, noun):
            continue  # "the association Toit d'Urgence" goes by its name, not "Instituto Guatemalteco de Migración"
        before, first = _before(reading, noun.first)
        after, last = _after(reading, noun.last)
        if busy.isdisjoint(range(first, last)) and (before or after):
            told = str(noun.value).split(" ")  # Kazakh "басқарма" is the department of a region
            words = [*before, *(word for word in after if word in _KINDS | LEVELS), *told]
            after = [word for word in after if word not in words]
            kind = "bodies" if LEVELS.isdisjoint(words) else "regional"
            name = " ".join(word for word in words if word not in LEVELS)
            link = "for" if noun.value in _FOR else "of"
            name += f" {link} {' and '.join(after)}" if after else ""
            found.append(Hit(first, last, "source", (kind, name), ()))
            busy |= set(range(first, last))
        elif not (before or after) and busy.isdisjoint(range(first, last)) and _stands_for(reading, noun):
            found.append(Hit(first, last, "source", ("bodies", ""), ()))
            busy |= set(range(first, last))
    return found


def _stands_for(reading: Reading, noun: Hit) -> bool:
    """Whether a verb of speech stands beside a noun, but for an article, and it is no office that is known."""
    if reading.at("source", noun.first) is not None:
        return False  # "the minister" says more
    verbs = reading.among("speech.verbs", "speech.according")
    return any(0 <= noun.first - hit.last <= 1 or 0 <= hit.first - noun.last <= 1 for hit in verbs)


def _before(reading: Reading, at: int) -> tuple[list[str], int]:
    """What stands before the noun, and where it begins; the adjective of a country may stand among it."""
    lands = {named.last: named.first for named in reading.named if named.form != "name"}
    words: list[str] = []
    first = at
    while len(words) < _MOST:
        topic = reading.ending("source.topics", at)
        if topic is not None:
            words.insert(0, str(topic.value))
            first = at = topic.first
        elif at in lands:
            at = lands[at]
        else:
            break
    return words, first


def _after(reading: Reading, at: int) -> tuple[list[str], int]:
    """What stands after the noun, and where it ends."""
    words: list[str] = []
    last = at
    while len(words) < _MOST:
        topics = (reading.at("source.topics", start) for start in range(at, at + _JOINS + 1))
        topic = next((hit for hit in topics if hit is not None), None)
        if topic is None or any(item.kind != "w" for item in reading.items[at : topic.first]):
            break
        if any(reading.at(category, at) for category in ("speech.verbs", "measures")):
            break
        words.append(str(topic.value))
        last = at = topic.last
    return words, last
