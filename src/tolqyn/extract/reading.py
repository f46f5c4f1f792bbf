"""One sentence taken apart: items, phrases, places, figures. All that the other steps look at.

Pure. Positions here are numbers of items, not of characters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, TypeVar, TypeVarTuple

from tolqyn.extract.dates import When, collapse_dates, spell_days
from tolqyn.extract.figures import Figure, collapse_figures, join_ranges
from tolqyn.extract.naming import Named, find_named
from tolqyn.extract.sentences import Sentence
from tolqyn.languages import Hit, Item, Language, itemize
from tolqyn.places import Mention

__all__ = ["Named", "Reading", "has_date", "kept", "read_sentence"]


@dataclass(slots=True)
class Reading:
    """A sentence with everything found in it.

    Attributes:
        hits: category -> phrases, in order.
        figures: the items that are numbers. dates: those that are dates. stops: semicolons.
        kept: what `kept` functions found.
        language: whose phrases they are.
    """

    sentence: Sentence
    items: list[Item]
    hits: dict[str, list[Hit]]
    named: list[Named]
    language: Language
    figures: list[int] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)
    stops: list[int] = field(init=False, repr=False)
    _counted: list[int] = field(init=False, repr=False)
    _costs: list[float] = field(init=False, repr=False)
    _marks: list[int] = field(init=False, repr=False)
    _brackets: list[int] = field(init=False, repr=False)
    _parts: list[int] = field(init=False, repr=False)
    _begins: dict[str, dict[int, Hit]] = field(default_factory=dict, repr=False)
    _ends: dict[str, dict[int, Hit]] = field(default_factory=dict, repr=False)
    _sorted: dict[tuple[str, ...], list[Hit]] = field(default_factory=dict, repr=False)

    def of(self, category: str) -> list[Hit]:
        """The phrases of a category, in order."""
        return self.hits.get(category, _NONE)

    def among(self, *categories: str) -> list[Hit]:
        """The phrases of some categories, in order of their first item."""
        known = self._sorted.get(categories)
        if known is None:
            known = self._sorted[categories] = self._together(categories)
        return known

    def has(self, *categories: str) -> bool:
        """Whether there is a phrase of one of some categories."""
        return any(map(self.hits.get, categories))

    def _together(self, categories: Sequence[str]) -> list[Hit]:
        if self.hits.keys().isdisjoint(categories):
            return _NONE
        found = [hits for name in categories if (hits := self.hits.get(name))]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=_FIRST)

    def at(self, category: str, first: int) -> Hit | None:
        """The phrase of a category that begins at an item."""
        hits = self.hits.get(category)
        if not hits:
            return None
        known = self._begins.get(category)
        if known is None:
            known = self._begins[category] = {hit.first: hit for hit in reversed(hits)}
        return known.get(first)

    def ending(self, category: str, last: int) -> Hit | None:
        """The phrase of a category that ends before an item."""
        hits = self.hits.get(category)
        if not hits:
            return None
        known = self._ends.get(category)
        if known is None:
            known = self._ends[category] = {hit.last: hit for hit in reversed(hits)}
        return known.get(last)

    def words(self, first: int, last: int) -> str:
        """The folded words of a stretch of items, for evidence."""
        return " ".join(item.text for item in self.items[first:last])

    def between(self, first: int, last: int) -> float:
        """How far apart two stretches of items are that leave first to last between them.

        One for each item, more for marks that part clauses and much more for another figure.
        """
        return self._costs[last] - self._costs[first] if last > first else 0.0

    def apart(self, figure: int, first: int, last: int) -> float:
        """How far a stretch of items is from a figure outside it, by `between`.

        It is further where a mark parts the two and another figure stands beyond it unparted: then
        it opens that figure's clause ("4.3 million came, there left 4.1 million").
        """
        if last <= figure:
            return self.between(last, figure)
        distance = self.between(figure + 1, first)
        if self.parted(figure + 1, first):
            n = bisect_left(self.figures, last)
            if n < len(self.figures) and not self.parted(last, self.figures[n]):
                distance += _PARTED
        return distance

    def elsewhere(self, figure: int, first: int) -> float:
        """What it costs that a stretch stands in brackets and the figure does not."""
        return _BRACKETED if self._brackets[first] > self._brackets[figure] else 0.0

    def bracketed(self, at: int) -> bool:
        """Whether an item stands in brackets."""
        return self._brackets[at] > 0

    def own(self, figure: int, starts: Sequence[int]) -> set[int]:
        """Those of several stretches, given by their first items, that go with a figure by their order.

        "28,000 left on Monday, 20,500 came on Tuesday": what follows the first figure follows each; "on
        Monday 28,000 left, on Tuesday 20,500 came": what leads the first leads each. Empty where the
        sentence has but one figure or the figure has none of its own.
        """
        if len(self._counted) < 2 or not starts:
            return set()
        first, last = self._clause(figure)
        figures = [other for other in self._counted if first <= other < last]
        starts = [start for start in starts if first <= start < last]
        if len(figures) < 2 or not starts or figure not in figures:
            return set()
        n = bisect_left(figures, figure)
        ends, begins = [*figures[1:], last], [first - 1, *figures[:-1]]
        if min(starts) > figures[0]:
            return {start for start in starts if figure < start < ends[n]}
        follow = [
            [start for start in starts if at < start < end] for at, end in zip(figures, ends, strict=True)
        ]
        lead = [
            [start for start in starts if at < start < end] for at, end in zip(begins, figures, strict=True)
        ]
        if all(follow) and all(lead) and self._nearer(figures, follow, lead):
            return set(follow[n])
        if lead[0] and not follow[0] and all(follow[1:]):
            # "In October 1,768 came, 911 in September and 394 in August": one leads all, each other follows.
            return set(follow[n] if n else lead[0])
        return set(lead[n])

    def _nearer(self, figures: Sequence[int], follow: list[list[int]], lead: list[list[int]]) -> bool:
        """Whether what follows each figure stands nearer to it than what leads it."""
        after = sum(self.between(at + 1, starts[0]) for at, starts in zip(figures, follow, strict=True))
        before = sum(self.between(starts[-1] + 1, at) for at, starts in zip(figures, lead, strict=True))
        return after < before

    def _clause(self, at: int) -> tuple[int, int]:
        """The items from one semicolon to the next around an item."""
        if not self.stops:
            return 0, len(self.items)
        n = bisect_left(self.stops, at)
        return (self.stops[n - 1] + 1 if n else 0), (
            self.stops[n] if n < len(self.stops) else len(self.items)
        )

    def is_lone(self, figure: int) -> bool:
        """Whether a figure is the only one from one semicolon to the next."""
        first, last = self._clause(figure)
        return not any(first <= other < last for other in self.figures if other != figure)

    def clause(self, at: int) -> tuple[int, int]:
        """The items from one comma or semicolon to the next around an item: first, and the one after."""
        n = bisect_left(self._parts, at)
        return (self._parts[n - 1] + 1 if n else 0), (
            self._parts[n] if n < len(self._parts) else len(self.items)
        )

    def beside(self, first: int, last: int) -> list[int]:
        """The figures next to a stretch of items, at most one on either side."""
        before, after = bisect_left(self.figures, first), bisect_left(self.figures, last)
        return [*self.figures[max(before - 1, 0) : before], *self.figures[after : after + 1]]

    def parted(self, first: int, last: int) -> bool:
        """Whether a comma or semicolon stands from one item to another."""
        return last > first and self._marks[last] > self._marks[first]

    def settle(self) -> None:
        """Count up the items, once they do not change any more."""
        self._parts, self.stops = [], []
        costs, marks, brackets = [1.0] * len(self.items), [0] * len(self.items), [0] * len(self.items)
        for i, item in enumerate(self.items):
            kind = item.kind
            if kind == "w":
                continue
            text = item.text
            if kind == "p":
                costs[i] = _COSTS.get(text, 1.0)
                if text in _OPENS:
                    brackets[i] = _OPENS[text]
                elif text in _MARKS:
                    self._parts.append(i)
                    if text == ";":
                        self.stops.append(i)
            elif kind == "n":
                costs[i] = 5.0
                if isinstance(item.value, Figure):
                    self.figures.append(i)
            elif isinstance(item.value, When):
                self.dates.append(i)
            if text[-1] in _MARKS:
                marks[i] = 1  # a date may have taken the comma behind it
        self._costs = [0.0, *accumulate(costs)]
        self._marks = [0, *accumulate(marks)]
        self._brackets = list(accumulate(brackets))
        dated = self.of("windows") if len(self.figures) > 1 else ()
        self._counted = [i for i in self.figures if not any(hit.first <= i < hit.last for hit in dated)]


Asked = TypeVarTuple("Asked")
T = TypeVar("T")


def kept(find: Callable[[Reading, *Asked], T]) -> Callable[[Reading, *Asked], T]:
    """A function of a sentence whose answers are kept with it, since each figure asks again.

    It must ask of nothing that changes once a sentence is read, such as the values of items; what it is asked is told by
    place, not by name.
    """

    @wraps(find)
    def look(reading: Reading, /, *args: *Asked) -> T:
        asked = (find, *args)
        found: T = reading.kept.get(asked, _UNASKED)
        if found is _UNASKED:
            found = reading.kept[asked] = find(reading, *args)
        return found

    return look


_UNASKED: Any = object()
_FIRST, _START = attrgetter("first"), attrgetter("start")
_NONE: list[Hit] = []  # never changed
_PARTED = 10.0
_BRACKETED = 20.0
_MARKS = {",", ";"}
_OPENS = {"(": 1, ")": -1}
_COSTS = {";": 9.0, ",": 3.0, ":": 0.5, "(": 2.0, ")": 2.0, "—": 1.0, "–": 1.0, "|": 9.0, ".": 4.0}


def read_sentence(text: str, sentence: Sentence, language: Language, mentions: Sequence[Mention]) -> Reading:
    """A sentence taken apart.

    Args:
        text: of the document.
        sentence: which part of it.
        language: whose phrases are looked for.
        mentions: the places that stand in the sentence, in order.
    """
    items = _counted(text, sentence, language)
    mentions = _outside_bodies(items, mentions, language)
    if mentions and _begins_with_word(items, mentions[0], language):
        mentions = mentions[1:]
    items, hits = _phrased(_collapse_names(items, mentions), language)
    if "range" in hits and "qualifiers" in hits:  # Lithuanian "nuo 300 iki 500": no "over" and "up to"
        spans = [hit for hit in hits["range"] if hit.first not in hit.slots]
        hits["qualifiers"] = [
            hit for hit in hits["qualifiers"] if not any(hit.within(span) for span in spans)
        ]
    _sharpen(items, hits.get("qualifiers", ()))
    if "source" in hits:
        hits["source"] = [hit for hit in hits["source"] if not _is_small(items, hit, text, language)]
        _empty_bodies(hits)
    if "windows" in hits:
        hits["windows"] = [hit for hit in hits["windows"] if hit.value not in _BOUNDED or _bounds(items, hit)]
    reading = Reading(sentence, items, hits, [], language)
    _find_bodies(reading, mentions, language)
    reading.named = find_named(reading, mentions, text, language)
    objects = [
        Mention(items[named.first].start, items[named.last - 1].end, named.place, "name")
        for named in reading.named
        if not named.listed and not named.roles and reading.ending("role.unlisted", named.first)
    ]
    if objects:
        # "Reached Um Rakuba" is a phrase once its object is known to be a place.
        known = sorted([*mentions, *objects], key=lambda mention: mention.start)
        return read_sentence(text, sentence, language, known)
    reading.settle()
    return reading


def _begins_with_word(items: Sequence[Item], mention: Mention, language: Language) -> bool:
    """Whether the town that a sentence begins with is a word of the language with a capital: Norwegian "Barn", "Paliko" in Lithuanian."""
    at = 1 if len(items) > 1 and items[0].kind == "p" else 0
    if mention.form != "name" or mention.place.kind != "city" or at >= len(items):
        return False
    if (items[at].start, items[at].end) != (mention.start, mention.end):
        return False
    found = language.second.find([items[at]])
    return not found.keys() <= _NAMED_LIKE_TOWNS


_NAMED_LIKE_TOWNS = {"money", "changes"}  # "Pula", "Cordoba", Spanish "Salta"


def _counted(text: str, sentence: Sentence, language: Language) -> list[Item]:
    """The items of a sentence, its dates and figures each put together."""
    raw = itemize(text, sentence.start, sentence.end, decimal=language.decimal, join=language.joins)
    # Looked for in the sentence alone: a text of many sentences is not gone through again for each.
    if text.find(_LEADER, sentence.start, sentence.end) >= 0:
        _drop_leaders(raw)
    if text.find("[", sentence.start, sentence.end) >= 0:
        _drop_inserts(raw)
    if language.month_tails:
        _part_months(raw, language)
    early = language.first.find(raw)
    if _drop_clocks(raw, early) or spell_days(raw, early, language):
        early = language.first.find(raw)
    items = collapse_dates(raw, early, text, language)
    _end_dates(items, language)
    # Dates have taken their numbers, and weekdays that are numbers too; what is left is found again.
    if items is not raw and not _NUMBERS.isdisjoint(early):
        early = language.first.find(items)
    return collapse_figures(items, early, language.decimal)


def has_date(text: str, sentence: Sentence, language: Language) -> bool:
    """Whether a sentence has a date with a month, known before its other phrases and names are looked for."""
    whens = (item.value for item in _counted(text, sentence, language) if isinstance(item.value, When))
    return any(when.month is not None or when.fixed is not None for when in whens)


def _phrased(items: list[Item], language: Language) -> tuple[list[Item], dict[str, list[Hit]]]:
    """The items with the phrases found in them, once ranges, events and parts of months are put together."""
    hits = language.second.find(items)
    ranged = join_ranges(items, hits)
    if len(ranged) != len(items):
        items = ranged
        hits = language.second.find(items)
    if "event" in hits:
        for hit in hits["event"]:
            items[hit.first].kind = "e"
        hits = language.second.find(items)
    if "dates.day_of_month" in hits:
        items = _collapse_days(items, hits["dates.day_of_month"])
        hits = language.second.find(items)
    return (items, hits) if _PARTS.keys().isdisjoint(hits) else _join_parts(items, hits, language)


def _is_small(items: Sequence[Item], hit: Hit, text: str, language: Language) -> bool:
    """Whether a word is no short name of a body, being written small: Romanian "mai" is "more", "MAI" a ministry."""
    item = items[hit.first]
    return (
        hit.last == hit.first + 1 and item.text in language.acronyms and text[item.start : item.end].islower()
    )


_BOUNDED = {"span", "both_days"}
_LAST = 31  # day of a month


def _bounds(items: Sequence[Item], hit: Hit) -> bool:
    """Whether a phrase joins days, and not a count to the day behind it: "12,000, and in April 7,500"."""
    figures = [figure for slot in hit.slots if isinstance(figure := items[slot].value, Figure)]
    return all(figure.plain and figure.size <= _LAST for figure in figures)


def _find_bodies(reading: Reading, mentions: Sequence[Mention], language: Language) -> None:
    """Find the bodies that an adjective of a country stands inside: "ministère kazakh de l'Intérieur"."""
    items = reading.items
    inside = [mention for mention in mentions if mention.form != "name"]
    if not inside:
        return
    skipped = {bisect_left(items, mention.start, key=_START) for mention in inside}
    kept = [i for i in range(len(items)) if i not in skipped]
    found = []
    for hit in language.bodies.find([items[i] for i in kept]).get("source", ()):
        if hit.value[0] == "abbreviations":
            continue  # a body of the world is no country's: "the Chadian refugee agency"
        first, last = kept[hit.first], kept[hit.last - 1] + 1
        if last - first > hit.last - hit.first:
            found.append(replace(hit, first=first, last=last, slots=()))
    if found:
        whole = [
            hit
            for hit in reading.of("source")
            if not any(hit.first < longer.last and longer.first < hit.last for longer in found)
            or any(hit.first <= longer.first and longer.last <= hit.last for longer in found)
        ]
        longest = [
            hit
            for hit in found
            if not any(other.first < hit.last and hit.first < other.last for other in whole)
        ]
        reading.hits["source"] = sorted([*whole, *longest], key=lambda hit: hit.first)


def _empty_bodies(hits: dict[str, list[Hit]]) -> None:
    """Drop what stands inside the name of a body: the Immigration Service is no immigration."""
    for category in ("measures", "documents", "acts"):
        if category in hits:
            hits[category] = [
                hit
                for hit in hits[category]
                if not any(body.first <= hit.first and hit.last <= body.last for body in hits["source"])
            ]


def _end_dates(items: Sequence[Item], language: Language) -> None:
    """Dates whose own ending says "since" or "until", as Georgian months, weekdays and years do."""
    for side in ("since", "until"):
        endings = language.role_endings.get(side, ())
        for item in items if endings else ():
            when = item.value
            if isinstance(when, When) and when.offset is None and item.text.endswith(endings):
                item.value = replace(when, side=side)


def _sharpen(items: list[Item], qualifiers: Sequence[Hit]) -> None:
    """Make "more than a thousand" a number: after a qualifier an order in one word is its least."""
    for i in {hit.last for hit in qualifiers if not hit.slots and hit.last < len(items)}:
        item, figure = items[i], items[i].value
        if isinstance(figure, Figure) and figure.order and " " not in item.text:
            item.value = replace(figure, value=figure.low, low=None, high=None, order=False)


_NUMBERS = {"number", "order"}
_LEADER = "...."


def _drop_leaders(items: list[Item]) -> None:
    """Make a row of dots that leads the eye to a figure one colon: "Into Egypt ........ 11,246"."""
    kept: list[Item] = []
    for item in items:
        if item.text == "." and kept and kept[-1].text in {".", ":"} and kept[-1].end == item.start:
            last = kept[-1]
            long = kept[-1].text == ":" or item.end - last.start >= len(_LEADER)
            kept[-1] = Item("p", last.start, item.end, ":" if long else ".")
        else:
            kept.append(item)
    items[:] = kept


def _drop_inserts(items: list[Item]) -> None:
    """Leave out what an editor put in: "between 21 September [the date of the decree - ed.] and 4 October".

    A word or two in square brackets stands for one of the text, and a figure may count.
    """
    opened: int | None = None
    for i in reversed(range(len(items))):
        if items[i].text == "]":
            opened = i
        elif items[i].text == "[" and opened is not None:
            inside = items[i + 1 : opened]
            if len(inside) > _OWN_WORDS and all(item.kind != "n" for item in inside):
                del items[i : opened + 1]
            opened = None


_OWN_WORDS = 3


def _part_months(items: list[Item], language: Language) -> None:
    """Part a month from what has grown onto it: "Septemberwoche" is a week of September."""
    tails = language.month_tails
    for i in reversed([i for i, item in enumerate(items) if item.text.endswith(tails)]):
        item = items[i]
        tail = next(tail for tail in tails if item.text.endswith(tail))
        if tail != item.text and language.is_month(month := item.text.removesuffix(tail)):
            middle = item.start + len(month)
            items[i : i + 1] = [Item("w", item.start, middle, month), Item("w", middle, item.end, tail)]


def _drop_clocks(items: list[Item], hits: Mapping[str, Sequence[Hit]]) -> bool:
    """Make "10 a.m." one mark, so that its number is no figure and no day; whether there was one."""
    clocks = [
        hit
        for hit in hits.get("dates.clock", ())
        if not any(isinstance(items[slot].value, float) and items[slot].value > _HOURS for slot in hit.slots)
    ]
    for hit in reversed(clocks):
        first, last = items[hit.first], items[hit.last - 1]
        items[hit.first : hit.last] = [Item("c", first.start, last.end, "clock")]
    return bool(clocks)


_HOURS = 24


def _outside_bodies(items: Sequence[Item], mentions: Sequence[Mention], language: Language) -> list[Mention]:
    """The mentions without towns that are part of the name of a body: no Berehove in "Берегова охорона"."""
    towns = {mention.start for mention in mentions if mention.form == "name" and mention.place.kind == "city"}
    if not towns:
        return list(mentions)
    bodies = [
        (items[hit.first].start, items[hit.last - 1].end)
        for hit in language.bodies.find(items).get("source", ())
    ]
    return [
        mention
        for mention in mentions
        if mention.start not in towns
        or not any(
            mention.start < end
            and start < mention.end
            and (mention.end - mention.start < end - start or not start <= mention.start < mention.end <= end)
            for start, end in bodies
        )
    ]


def _collapse_names(items: list[Item], mentions: Sequence[Mention]) -> list[Item]:
    """The items with every name of a place made one, so that phrases may speak of {place}."""
    joined: list[Item] = []
    at = 0
    for mention in mentions:
        if mention.form != "name":
            continue
        first = bisect_left(items, mention.start, key=_START)
        last = bisect_left(items, mention.end, first, key=_START)
        if first >= last or first < at:
            continue
        run = items[first:last]
        if any(item.kind not in "wp" for item in run):
            continue
        joined += items[at:first]
        joined.append(Item("l", run[0].start, run[-1].end, " ".join(item.text for item in run)))
        at = last
    return [*joined, *items[at:]] if joined else items


_PARTS = {"dates.month_start": -1, "dates.month_middle": 0, "dates.month_end": 1}
_MIDDLE = 15  # the day that the middle of a month is


def _join_parts(
    items: list[Item], hits: dict[str, list[Hit]], language: Language
) -> tuple[list[Item], dict[str, list[Hit]]]:
    """Beginnings, middles and ends of months put together, with the phrases then found.

    A beginning or end stays apart where no span runs from it: "by the end of" is a phrase of its own.
    """
    halves = [hit for hit in hits.get("windows", ()) if str(hit.value).endswith("half_of")]
    parts = [
        hit
        for category in _PARTS
        for hit in hits.get(category, ())
        if not any(hit.within(half) for half in halves)
    ]
    parts.sort(key=_FIRST)
    joined = _collapse_parts(items, parts)
    _end_dates(joined, language)
    found = language.second.find(joined)
    middle = any(hit.category == "dates.month_middle" for hit in parts)
    runs = {"span", "since", "from", "year_until"}  # "since the end of July"
    if middle or any(hit.value in runs for hit in found.get("windows", ())):
        return joined, found
    for hit in parts:
        when = items[hit.slots[0]].value
        if isinstance(when, When) and when.day is None:
            items[hit.slots[0]].value = replace(when, part=_PARTS[hit.category])
    return items, hits


def _collapse_parts(items: list[Item], parts: Sequence[Hit]) -> list[Item]:
    """Beginnings, middles and ends of months, each as one date."""
    items = list(items)
    for hit in reversed(parts):
        when = items[hit.slots[0]].value
        if not isinstance(when, When) or when.day is not None or when.part:
            continue
        part = _PARTS[hit.category]
        when = replace(when, part=part) if part or when.month is None else replace(when, day=_MIDDLE)
        first, last = items[hit.first], items[hit.last - 1]
        text = " ".join(item.text for item in items[hit.first : hit.last])
        items[hit.first : hit.last] = [Item("d", first.start, last.end, text, when)]
    return items


def _collapse_days(items: list[Item], days: Sequence[Hit]) -> list[Item]:
    """Bare days of a month spoken of, "the 21st", each as one date."""
    items = list(items)
    for hit in reversed(days):
        figure = items[hit.slots[0]].value
        if isinstance(figure, Figure) and figure.plain and figure.value and 1 <= figure.value <= 31:
            first, last = items[hit.first], items[hit.last - 1]
            text = " ".join(item.text for item in items[hit.first : hit.last])
            items[hit.first : hit.last] = [
                Item("d", first.start, last.end, text, When(day=int(figure.value)))
            ]
    return items
