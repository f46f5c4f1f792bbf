"""A text taken apart: its sentences, with the places that it names.

Pure but for the names of places, which are read once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from tolqyn.extract.owners import lands_of_bodies
from tolqyn.extract.reading import Reading, read_sentence
from tolqyn.extract.sentences import Sentence
from tolqyn.languages import Language
from tolqyn.places import Gazetteer, Mention, Place, gazetteer

__all__ = ["gazetteer_of", "read_text"]

_SPOTS = 40  # names that no list has, looked for again, at most


def read_text(
    text: str, language: Language, near: Collection[str], sentences: Sequence[Sentence]
) -> list[Reading]:
    """Sentences of a text taken apart.

    Args:
        text: of the document.
        language: that it is in.
        near: alpha-3 codes; of places that share a name, one there is meant.
        sentences: those wanted.
    """
    places = gazetteer_of(language, tuple(sorted(near)))
    found = places.find(text, unsure=True)
    named = {mention.place.code for mention in found if mention.place.kind == "country"}
    mentions = places.settle(text, found, named)
    readings = [
        read_sentence(text, sentence, language, _inside(mentions, sentence)) for sentence in sentences
    ]
    hosts = {land for reading in readings for land in lands_of_bodies(reading)} - named
    if hosts:
        # "The Home Office" speaks of Britain, and so of the towns there.
        meant = places.settle(text, found, named | hosts)
        moved = set(meant) ^ set(mentions)
        mentions = meant
        for n, sentence in enumerate(sentences if moved else ()):
            if any(sentence.start <= mention.start < sentence.end for mention in moved):
                readings[n] = read_sentence(text, sentence, language, _inside(mentions, sentence))
    for at, again in _found_again(text, readings, sentences).items():
        known = sorted([*_inside(mentions, sentences[at]), *again], key=lambda mention: mention.start)
        readings[at] = read_sentence(text, sentences[at], language, known)
    return readings


def _inside(mentions: Sequence[Mention], sentence: Sentence) -> Sequence[Mention]:
    """Those of all mentions of a text, in order, that begin in a sentence."""
    first = bisect_left(mentions, sentence.start, key=_start)
    return mentions[first : bisect_left(mentions, sentence.end, key=_start)]


_start = attrgetter("start")


def _found_again(
    text: str, readings: Sequence[Reading], sentences: Sequence[Sentence]
) -> dict[int, list[Mention]]:
    """Sentence -> names in it that no list has, which another sentence tells to be places."""
    spots = {
        named.place.name: named.place for reading in readings for named in reading.named if not named.listed
    }
    found: dict[int, list[Mention]] = {}
    starts = [sentence.start for sentence in sentences]
    for mention in _mentions_again(text, spots):
        at = bisect_right(starts, mention.start) - 1
        if at >= 0 and mention.end <= sentences[at].end and not _is_taken(text, readings[at], mention):
            found.setdefault(at, []).append(mention)
    return found


def _mentions_again(text: str, spots: Mapping[str, Place]) -> Iterator[Mention]:
    """Where a text has the names that no list has, which one of its sentences tells to be places."""
    if not spots:
        return
    few = islice(spots.items(), _SPOTS)  # so that time stays linear in the text
    names = {form: spot for name, spot in few for form in (name, name.upper())}
    for match in re.finditer(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", text):
        yield Mention(match.start(), match.end(), names[match.group()], "name")


def _is_taken(text: str, reading: Reading, mention: Mention) -> bool:
    """Whether what stands at a mention is known already, or part of a body or a person's name."""
    items = reading.items
    begin = bisect_left([item.start for item in items], mention.start)
    if any(named.first <= begin < named.last for named in reading.named):
        return True
    if any(hit.first <= begin < hit.last for hit in reading.among("source", "group", "source.media")):
        return True
    before = items[begin - 1] if begin > 0 else None
    # "Ali Sample" is nobody's town.
    named = before is not None and before.kind == "w" and begin > 1 and text[before.start].isupper()
    return named and not text[mention.start : mention.end].isupper()


@lru_cache(maxsize=64)
def gazetteer_of(language: Language, near: tuple[str, ...]) -> Gazetteer:
    """The places that texts in a language name; of those that share a name, one in the countries `near` is meant."""
    return gazetteer(
        language.code,
        names=language.names,
        peoples=language.peoples,
        adjectives=language.adjectives,
        endings=language.endings,
        near=near,
        not_places=language.not_places,
        changes=language.changes,
        prefixes=language.prefixes,
        name_endings=language.name_endings,
        capital_nouns=language.capital_nouns,
    )
