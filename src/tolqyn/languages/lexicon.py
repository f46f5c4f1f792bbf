"""Phrases of a language and where they stand among the items of a sentence.

A phrase is written as a linguist writes it:

    entered              that word
    arriv*               any word that begins so
    *reise*              any word that holds it (slower; keep them few)
    came in|into|to      one of several words
    in (the) period      a word that may be missing
    reisten ... ein      up to six items between
    reisten ...... ein   up to fourteen, none of them a comma, semicolon or colon
    since {day}          a slot: {n} a figure, {day} a date or span of days, {event} a named event,
                         {place} the name of a place, {clock} an hour

Pure. Every phrase is tried from each item at most once and gaps are bounded, so the time is linear
in the number of items.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tolqyn.errors import ExtractError
from tolqyn.languages.items import Item, fold, itemize

__all__ = ["Hit", "Lexicon"]

_SLOTS = {"{n}": "n", "{day}": "d", "{event}": "e", "{clock}": "c", "{place}": "l"}
_WIDE = "......"
_GAPS = {"...": 6, _WIDE: 14}
_CLAUSE = frozenset(",;:")  # a wide gap stays within its clause
_MOST_WAYS = 400


@dataclass(slots=True)
class Hit:
    """A phrase found: items first to last (last excluded), what it is, and the items of its slots."""

    first: int
    last: int
    category: str
    value: Any
    slots: tuple[int, ...]

    def within(self, other: Hit) -> bool:
        """Whether another phrase stands over this one and is neither part of it nor the same words."""
        over = self.first < other.last and other.first < self.last
        return over and not (self.first <= other.first and other.last <= self.last)


@dataclass(slots=True)
class _Node:
    """Where a phrase has come to: its ends, and how it goes on. What a node has not takes no memory."""

    words: dict[str, _Node] = field(default_factory=lambda: _NOWHERE)
    stems: dict[str, _Node] = field(default_factory=lambda: _NOWHERE)
    lengths: tuple[int, ...] = ()
    holds: tuple[tuple[str, bool, _Node], ...] = ()
    slots: dict[str, _Node] = field(default_factory=lambda: _NOWHERE)
    gaps: dict[str, _Node] = field(default_factory=lambda: _NOWHERE)
    ends: tuple[tuple[str, Any], ...] = ()
    plain: bool = True  # whether phrases go on from here by whole words alone, if at all


_NOWHERE: dict[str, _Node] = {}  # never changed
_Step = tuple[_Node, bool]
# The phrases that an item is alone, with whether it fills a slot; where longer ones go on, and what they go on by: words
# and kinds of item, and beginnings of words; None if more may follow. Empty without any.
_Begun = (
    tuple[tuple[tuple[str, Any, bool], ...], tuple[_Step, ...], frozenset[str] | None, tuple[str, ...]]
    | tuple[()]
)
_STEM = 2  # letters that a word has at least without what is written onto it
_REMEMBERED = 4_000  # words whose beginnings are kept
_PLAIN = "wp"  # kinds of items whose text tells their kind


class Lexicon:
    """All phrases of one language, each under a category with a value.

    >>> lexicon = Lexicon()
    >>> lexicon.add("came in|into", "measure", "entries", "en.toml")
    >>> items = itemize("98,000 came into the country", 0, 28, decimal=".", join=True)
    >>> [(hit.first, hit.last, hit.value) for hit in lexicon.find(items)["measure"]]
    [(1, 3, 'entries')]
    """

    def __init__(self, *, join: bool = True, prefixes: Sequence[str] = ()) -> None:
        self._root = _Node()
        self._prefixes = tuple(prefixes)  # written onto the first word of a phrase
        # Text of an item -> what begins with it: of words and marks, which never look the same, and of all others.
        self._begun: dict[str, _Begun] = {}
        self._begun_others: dict[tuple[str, str], _Begun] = {}
        # The same for items that begin the same.
        self._shared: dict[tuple[tuple[int, bool], ...], _Begun] = {}
        self._join = join

    def add(self, phrase: str, category: str, value: Any, where: str) -> None:
        """Put a phrase in.

        Raises:
            ExtractError: a phrase that cannot be read; `where` names file and key.
        """
        self._forget()
        for way in _ways(phrase, where):
            node = self._root
            for n, piece in enumerate(way):
                if piece in _GAPS and not 0 < n < len(way) - 1:
                    raise ExtractError(
                        f"{phrase!r} begins or ends with a gap", where, "a gap joins two words"
                    )
                for step in self._steps(piece, phrase, where):
                    node = _grow(node, step)
            if (category, value) not in node.ends:
                node.ends = (*node.ends, (category, value))

    def _steps(self, piece: str, phrase: str, where: str) -> list[str]:
        if piece in _SLOTS or piece in _GAPS:
            return [piece]
        if "{" in piece or "}" in piece:
            known = ", ".join(_SLOTS)
            raise ExtractError(f"{phrase!r} has an unknown slot {piece!r}", where, f"the slots are {known}")
        core = piece.strip("*")
        plain = core.isalpha()  # one word
        items = [] if plain else itemize(core, 0, len(core), decimal=".", join=self._join)
        words = [fold(core) or core] if plain else [item.text for item in items]
        if self._join and words[1:] == ["'"]:
            words = ["".join(words)]  # "ekim'*": the ending hangs on
        if not words or "*" in core:
            raise ExtractError(
                f"{phrase!r} has a star in the middle or alone", where, "write stem* or *part*"
            )
        if piece.endswith("*"):
            words[-1] += "*"
        if piece.startswith("*"):
            if len(words) > 1:
                raise ExtractError(f"{phrase!r} has a leading star before two words", where)
            words[0] = "*" + words[0]
        return words

    def find(self, items: Sequence[Item]) -> dict[str, list[Hit]]:
        """Category -> its phrases in the items, in order: the leftmost longest, without overlaps."""
        found: dict[str, list[Hit]] = {}
        count, begins, others = len(items), self._begun, self._begun_others
        for i, item in enumerate(items):
            text, kind = item.text, item.kind
            begun = begins.get(text) if kind in _PLAIN else others.get((kind, text))
            if begun is None:
                begun = self._beginnings(item)
            if not begun:
                continue
            ends, ways, steps, stems = begun
            if ways and (steps is None or (i + 1 < count and _goes_on(items[i + 1], steps, stems))):
                for last, category, value, slots, _ in _from(items, i, ways):
                    known = found.get(category)
                    if known is None:
                        found[category] = [Hit(i, last, category, value, slots)]
                    elif i >= known[-1].last:
                        known.append(Hit(i, last, category, value, slots))
            else:
                for category, value, slotted in ends:
                    known = found.get(category)
                    if known is None:
                        found[category] = [Hit(i, i + 1, category, value, (i,) if slotted else ())]
                    elif i >= known[-1].last:
                        known.append(Hit(i, i + 1, category, value, (i,) if slotted else ()))
        return found

    @property
    def opening(self) -> tuple[str, ...]:
        """What the first words of all phrases hold, folded: where a text has none of it, `find` finds none.

        Of phrases that begin with a slot it knows nothing.
        """
        root = self._root
        return tuple({*root.words, *root.stems, *(part for part, _, _ in root.holds)})

    def _forget(self) -> None:
        for known in (self._begun, self._begun_others, self._shared):
            known.clear()

    def _beginnings(self, item: Item) -> _Begun:
        """The phrases that begin with an item: remembered, since texts repeat their words."""
        if max(len(self._begun), len(self._begun_others)) >= _REMEMBERED:
            self._forget()
        nodes = self._nodes(item)
        alike = tuple((id(node), slotted) for node, slotted in nodes)
        if alike not in self._shared:
            self._shared[alike] = _begun(nodes)
        begun = self._shared[alike]
        if item.kind in _PLAIN:
            self._begun[item.text] = begun
        else:
            self._begun_others[item.kind, item.text] = begun
        return begun

    def _nodes(self, item: Item) -> list[_Step]:
        """Where phrases that begin with an item have come to, and whether it fills a slot."""
        root = self._root
        nodes = [(node, False) for node in _after(root, item)]
        slot = root.slots.get(item.kind)
        if slot is not None:
            nodes.append((slot, True))
        for prefix in self._prefixes if item.kind == "w" else ():
            rest = item.text.removeprefix(prefix)
            if _STEM <= len(rest) < len(item.text):
                bare = Item("w", item.start, item.end, rest)
                nodes += [(node, False) for node in _after(root, bare)]
        return nodes


def _from(items: Sequence[Item], i: int, ways: tuple[_Step, ...]) -> list[_Found]:
    """The phrases that begin at an item: of one category the first of the best."""
    count = len(items)
    found: list[_Found] = []
    stack: list[_Way] = [(node, i + 1, (i,) if slotted else (), 0) for node, slotted in ways]
    while stack:
        node, at, slots, opened = stack.pop()
        for category, value in node.ends:
            found.append((at, category, value, slots, opened))
        if at == count:
            continue
        item = items[at]
        following = node.words.get(item.text)
        if following is not None:
            stack.append((following, at + 1, slots, opened))
        if node.plain:
            continue
        if node.stems or node.holds:
            stack += [(following, at + 1, slots, opened) for following in _bent(node, item)]
        if item.kind in node.slots:
            stack.append((node.slots[item.kind], at + 1, (*slots, at), opened))
        for gap, after in node.gaps.items():
            stack += [(after, ahead, slots, opened or at) for ahead in _beyond(items, at, gap, after)]
    return _best(found) if len(found) > 1 else found


def _beyond(items: Sequence[Item], at: int, gap: str, after: _Node) -> Iterator[int]:
    """The items up to which a gap may reach, so that phrases may go on there."""
    bends = bool(after.stems or after.holds or after.gaps)
    for ahead in range(at, min(at + _GAPS[gap] + 1, len(items))):
        item = items[ahead]
        if bends or item.text in after.words or item.kind in after.slots:
            yield ahead
        if gap == _WIDE and item.text in _CLAUSE:
            break


# A node reached, the item after, the slots filled on the way, where the first gap began (0 without one).
_Way = tuple[_Node, int, tuple[int, ...], int]
# The item after a phrase, its category and value, its slots, where its first gap began.
_Found = tuple[int, str, Any, tuple[int, ...], int]


def _begun(nodes: Sequence[_Step]) -> _Begun:
    """What `Lexicon.find` asks of an item: the phrases that it is alone, and all nodes if one goes on."""
    ends: dict[str, tuple[str, Any, bool]] = {}
    for node, slotted in reversed(nodes):
        for category, value in node.ends:
            ends.setdefault(category, (category, value, slotted))
    if not nodes:
        return ()
    if any(node.holds or node.gaps for node, _ in nodes):
        return tuple(ends.values()), tuple(nodes), None, ()
    steps = frozenset(step for node, _ in nodes for step in (*node.words, *node.slots))
    stems = tuple({stem for node, _ in nodes for stem in node.stems})
    return tuple(ends.values()), tuple(nodes) if steps or stems else (), steps, stems


def _goes_on(item: Item, steps: Collection[str], stems: tuple[str, ...]) -> bool:
    """Whether phrases may go on with an item: a look that spares most of the work."""
    text = item.text
    return text in steps or item.kind in steps or (bool(stems) and text.startswith(stems))


def _best(found: list[_Found]) -> list[_Found]:
    """Of phrases that begin at one item the first of the best of each category."""
    best: dict[str, _Found] = {}
    for way in found:
        known = best.get(way[1])
        if known is None or _outdoes(way, known):
            best[way[1]] = way
    return list(best.values())


def _outdoes(way: _Found, other: _Found) -> bool:
    """Whether a phrase goes before another that begins at the same item: the longer one.

    But what stands in the gap of a phrase goes before it: "zogen zu, 1.204.000 fort" is "zogen zu".
    """
    last, opened, known, gap = way[0], way[4], other[0], other[4]
    if opened and known > opened and (not gap or last > known):
        return False
    if gap and last > gap and (not opened or last < known):
        return True
    return last > known


def _after(node: _Node, item: Item) -> list[_Node]:
    found = node.words.get(item.text)
    return _bent(node, item) if found is None else [found, *_bent(node, item)]


def _bent(node: _Node, item: Item) -> list[_Node]:
    """Where phrases go on that name only a part of the word."""
    text = item.text
    found: list[_Node] = []
    # The name of a place is no form of another word: "қаза*" is not in "Қазақстан".
    if item.kind in "we":
        for n in node.lengths:
            stem = node.stems.get(text[:n])
            if stem is not None and len(text) >= n:
                found.append(stem)
        for part, anywhere, following in node.holds:
            if part in text if anywhere else text.endswith(part):
                found.append(following)
    return found


def _grow(node: _Node, step: str) -> _Node:
    """Where a phrase goes on from a node by a step; made if it was not there."""
    if step in _SLOTS:
        node.plain = False
        node.slots = _own(node.slots)
        return _next(node.slots, _SLOTS[step])
    if step in _GAPS:
        node.plain = False
        node.gaps = _own(node.gaps)
        return _next(node.gaps, step)
    if step.startswith("*") and len(step) > 1:
        node.plain = False
        part, anywhere = step.strip("*"), step.endswith("*")
        for known, everywhere, following in node.holds:
            if (known, everywhere) == (part, anywhere):
                return following
        following = _Node()
        node.holds = (*node.holds, (part, anywhere, following))
        return following
    if step.endswith("*") and len(step) > 1:
        node.plain = False
        stem = step[:-1]
        node.lengths = tuple(sorted({*node.lengths, len(stem)}))
        node.stems = _own(node.stems)
        return _next(node.stems, stem)
    node.words = _own(node.words)
    return _next(node.words, step)


def _own(ways: dict[str, _Node]) -> dict[str, _Node]:
    return {} if ways is _NOWHERE else ways


def _next(ways: dict[str, _Node], step: str) -> _Node:
    following = ways.get(step)
    if following is None:
        following = ways[step] = _Node()
    return following


def _ways(phrase: str, where: str) -> list[tuple[str, ...]]:
    """Every plain sequence of pieces that a phrase with (optional) and alter|natives stands for."""
    choices: list[list[tuple[str, ...]]] = []
    for piece in phrase.split():
        bare, optional = piece, False
        if piece.startswith("(") and piece.endswith(")") and len(piece) > 2:
            bare, optional = piece[1:-1], True
        options: list[tuple[str, ...]] = [(word,) for word in bare.split("|") if word]
        if len(options) != bare.count("|") + 1 and bare != "|":
            raise ExtractError(f"{phrase!r} has an empty alternative", where, "write one|other without gaps")
        choices.append([*options, ()] if optional else options)
    ways = list(itertools.islice(itertools.product(*choices), _MOST_WAYS + 1))
    if len(ways) > _MOST_WAYS:
        raise ExtractError(f"{phrase!r} stands for more than {_MOST_WAYS} phrases", where, "split it in two")
    plain = [tuple(itertools.chain.from_iterable(way)) for way in ways]
    if any(not way for way in plain):
        raise ExtractError(f"{phrase!r} may stand for nothing at all", where, "leave one word bare")
    return plain
