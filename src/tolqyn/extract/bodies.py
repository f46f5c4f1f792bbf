"""Bodies that no language file lists, named as they are written: "the national refugee commission".

Pure. It needs a language that names its bodies in English, since organizations are given in English.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tolqyn.extract.reading import Reading
from tolqyn.extract.titles import LEVELS, find_titles
from tolqyn.languages import Hit

__all__ = ["find_bodies"]

_LINKS = {"of", "for", "and", "on", "the"}
_LONGEST = 6  # words of a name on either side of its noun


def find_bodies(reading: Reading, text: str, aliases: Mapping[str, str] | None = None) -> list[Hit]:
    """The bodies of a sentence: those of the language file, those named as written, and those named word by word.

    A noun alone ("the agency said") stands for a body named before: its name is empty.

    Args:
        reading: the sentence.
        text: of the document.
        aliases: short names that the text gives to bodies -> those bodies.
    """
    if not (aliases or reading.has("source", "source.kinds", "source.heads")):
        return []
    listed = [hit for hit in reading.of("source") if not _is_field(reading, hit)]
    taken = {i for hit in listed for i in range(hit.first, hit.last)}
    known = {i for hit in listed if hit.value[0] == "abbreviations" for i in range(hit.first, hit.last)}
    found = list(listed)
    for i, item in enumerate(reading.items if aliases else ()):
        name = aliases.get(text[item.start : item.end]) if aliases and i not in taken else None
        if name is not None:
            found.append(Hit(i, i + 1, "source", ("abbreviations", name), ()))
            taken.add(i)
    for noun in reading.of("source.kinds"):
        if taken.isdisjoint(range(noun.first, noun.last)):
            first, last = _begin(reading, text, noun.first, taken), _end(reading, text, noun.last, known)
            alone = (first, last) == (noun.first, noun.last)
            name = "" if alone else _titled(text, reading, first, last)
            level, _, rest = name.partition(" ")
            kind, name = ("regional", rest) if level in LEVELS and rest else ("bodies", name)
            found.append(Hit(first, last, "source", (kind, name), ()))
            taken |= set(range(first, last))
    named = {i for hit in found if _is_named(hit) for i in range(hit.first, hit.last)}
    titles = find_titles(reading, text, named)
    inside = {i for hit in titles for i in range(hit.first, hit.last)}
    # "The deputy minister of social policy" says more than "the deputy minister".
    found = [hit for hit in found if _is_named(hit) or inside.isdisjoint(range(hit.first, hit.last))] + titles
    return sorted(found, key=lambda hit: hit.first)


def _is_field(reading: Reading, hit: Hit) -> bool:
    """Whether a word that stands for a body alone says here what a noun is for: "Servicio Nacional de Migraciones"."""
    if hit.last - hit.first > 1 or hit.value[0] != "bodies":
        return False
    field = reading.ending("source.topics", hit.last)
    nouns = ("source.heads", "source.topics")
    return field is not None and any(
        reading.ending(noun, field.first - back) is not None for noun in nouns for back in (0, 1)
    )


def _is_named(hit: Hit) -> bool:
    """Whether a phrase says which body it is, as "the director" and "the minister" do not."""
    return hit.value[1] not in {"", "Minister", "Officials"}


def _begin(reading: Reading, text: str, first: int, taken: set[int]) -> int:
    """Where a name begins: with capitals, or with words that such names are made of."""
    places = {i for named in reading.named for i in range(named.first, named.last)}
    fields = {i for hit in reading.of("source.fields") for i in range(hit.first, hit.last)}
    at = first
    while at > 0 and first - at < _LONGEST and at - 1 not in places | taken:
        item = reading.items[at - 1]
        capital = text[item.start].isupper() and item.text not in _LINKS and (at > 1 or at - 1 in fields)
        owner = text[item.start : item.end].endswith(("'s", "’s"))  # "the state's Home Department"
        if item.kind != "w" or owner or not (capital or at - 1 in fields):
            break
        at -= 1
    return at


def _end(reading: Reading, text: str, last: int, known: Collection[int]) -> int:
    """Where a name ends: "Commission for Refugees", "Department of Homeland Security"; but "the office of UNHCR"."""
    places = {i for named in reading.named for i in range(named.first, named.last)} | set(known)
    end = at = last
    if last >= len(reading.items) or reading.items[last].text not in {"of", "for"}:
        return last
    while at < len(reading.items) and at - last < _LONGEST and at not in places:
        item = reading.items[at]
        if item.kind != "w":
            break
        if text[item.start].isupper():
            end = at + 1
        elif item.text not in _LINKS:
            break
        at += 1
    return end


def _titled(text: str, reading: Reading, first: int, last: int) -> str:
    words = [text[item.start : item.end] for item in reading.items[first:last]]
    if all(word.isupper() for word in words):
        words = [word.lower() for word in words]  # a letterhead
    return " ".join(
        word if word in _LINKS or word[0].isupper() else word[0].upper() + word[1:] for word in words
    )
