"""Bodies that are a source without a verb of speech: they act, head a line, sign it or stand in brackets.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.extract.chains import Chain
from tolqyn.extract.people import is_name
from tolqyn.extract.reading import Reading

__all__ = ["alone_in_brackets", "find_acting", "opens_line", "signs_line"]

_DATED = 6  # items of a date between a body and its colon, at most


def find_acting(reading: Reading, chains: Sequence[Chain]) -> Chain | None:
    """The body that did itself what is counted: it stands right at the verb, with no preposition before it."""
    deeds = reading.among("measures", "acts", "documents")
    for chain in chains:
        start, end = chain.start, chain.end
        article = (
            start == 1 and len(reading.items[0].text) == 1
        )  # Portuguese "a" is an article and a preposition
        if not chain.names or (
            not article and any(reading.ending(f"role.{role}", start) for role in _PREPOSITIONS)
        ):
            continue
        if any(0 <= deed.first - end <= 1 or deed.last == start for deed in deeds):
            return chain
        if _leads(reading, start) and any(end < figure for figure in reading.figures) and deeds:
            return chain  # "The committee has, since Monday, given out 300 permits"
    return None


def _leads(reading: Reading, start: int) -> bool:
    """Whether a body is what a sentence begins with, but for where and when, an article, or its headline before a colon."""
    begin = next((i + 1 for i in range(start - 1, -1, -1) if reading.items[i].kind == "p"), 0)
    frame = {i for named in reading.named if named.form == "name" for i in range(named.first, named.last)}
    frame |= {i for hit in reading.among("windows", "role.frontier") for i in range(hit.first, hit.last)}
    words = [i for i in range(begin, start) if i not in frame and reading.items[i].kind != "d"]
    return len(words) <= 1 and not any(begin <= figure < start for figure in reading.figures)


_PREPOSITIONS = ("to", "from", "in", "via", "between")


def opens_line(reading: Reading, text: str, chains: Sequence[Chain]) -> bool:
    """Whether a body stands before a colon at the beginning, or after a dash at the end: a headline."""
    items = reading.items
    for chain in chains:
        start, end = chain.start, chain.end
        while chain.names and end < len(items) and is_name(text, items[end]):
            end += 1  # the minister by name
        if chain.first <= 2 and _colon_follows(reading, end):
            return True
        dashed = start > 0 and items[start - 1].text in {"–", "—", "-"}
        if dashed and (end >= len(items) - 2 or items[end].text == ";"):
            return True
    return False


def _colon_follows(reading: Reading, end: int) -> bool:
    """Whether a colon stands right behind, or behind the days that are told of: "Border guard, 28 August:"."""
    reach = range(end, min(end + _DATED, len(reading.items)))
    colon = next((i for i in reach if reading.items[i].text == ":"), None)
    if colon is None or colon == end:
        return colon is not None
    between = reading.items[end:colon]
    dated = any(item.kind == "d" for item in between)
    return dated and all(item.kind in "wd" or item.text == "," for item in between)


def signs_line(reading: Reading, chains: Sequence[Chain]) -> bool:
    """Whether a line is nothing but the name of a body, as under a list of its figures."""
    return any(chain.names and chain.start == 0 and chain.end >= len(reading.items) - 1 for chain in chains)


def alone_in_brackets(reading: Reading, chains: Sequence[Chain]) -> bool:
    """Whether brackets hold a body and nothing else: "... 730,300 (Rosstat)"."""
    items = reading.items
    return any(
        chain.names
        and chain.first > 0
        and items[chain.first - 1].text == "("
        and items[min(chain.end, len(items) - 1)].text == ")"
        for chain in chains
    )
