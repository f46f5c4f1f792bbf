"""What stands beside a figure: people, vehicles, money, percent, or something that is not counted.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection

from tolqyn.extract.figures import Figure
from tolqyn.extract.reading import Named, Reading
from tolqyn.languages import Hit
from tolqyn.values import value

__all__ = ["Head", "becomes", "find_head"]

_REACH = 4
_MANY = 100  # times that people are said to have crossed a border, at least
_MOVEMENTS = {"entries", "exits", "hosts", "sends", "transfers", "returns", "moves", "flees", "transit"}
_LEVELS = {"stock", "there", "shelter", "queue"}
_DASHES = {"—", "–", "-", ":"}
_COUNTED = {"households", "vehicles", "crossings"}
_HYPHENS = frozenset("-‑–")


@value
class Head:
    """The noun of a figure.

    Attributes:
        what: "persons", "crossings", "vehicles", "households", "people" (a people or group named),
            "percent", "money", "decoy", "measure" (a noun such as arrivals), or "" where none stands.
        unit: of money its currency.
        last: the item after it.
    """

    what: str
    unit: str | None = None
    last: int = 0


def find_head(reading: Reading, figure: int) -> Head:
    """The noun of a figure: what follows it, else what stands right before it."""
    value = reading.items[figure].value
    if isinstance(value, Figure) and value.share:
        return Head("percent", last=figure + 1)
    after = figure + 1
    if _attached(reading, after, {"."}):
        return Head("decoy", last=after + 2)  # the name of a site: "24.kg"
    if _attached(reading, after):
        decoy = reading.at("decoys.after", after)
        if decoy is not None:
            return Head("decoy", last=decoy.last)
        part = reading.at("group", after)
        if part is not None and part.value[0] == "carried":
            return Head("people", last=part.last)  # "12-сі": of them
        after += 2  # "10-ти процентов": the ending of a numeral
    before = reading.ending("decoys.before", figure)
    if before is not None and not _ends_window(reading, before):
        return Head("decoy", last=after)
    if _differs(reading, after):
        return Head("decoy", last=after)
    percent = reading.ending("percent", figure)
    if percent is not None and percent.first - 1 not in reading.figures:
        return Head("percent", last=after)  # "yüzde 40", "%25"
    money = reading.ending("money", figure)
    if money is not None:
        return Head("money", str(money.value), after)
    head = _following(reading, after)
    new = None if head.what else becomes(reading, figure)
    if new is not None and (head := _following(reading, new + 1)).what:  # "rose from 80 to 150 soles"
        return Head(head.what, head.unit, after)
    if not head.what and _converted(reading, after):
        return Head("money", "", after)
    return head if new is None else Head("")


def _differs(reading: Reading, after: int) -> bool:
    """Whether a figure is what some days differ by from others: "100 people fewer than on Sunday".

    What a level differs by is how it changed, and is told as a balance.
    """
    persons = reading.at("units", after)
    than = reading.at("decoys.differs", persons.last if persons is not None else after)
    if than is None:
        return False
    told = {hit.value for hit in reading.of("measures")}
    if told & _LEVELS and not told & _MOVEMENTS:
        return False
    days = [*reading.dates, *(hit.first for hit in reading.of("windows"))]
    return any(0 <= first - than.last <= 1 for first in days)


def _converted(reading: Reading, after: int) -> bool:
    """Whether what follows says a sum once more in another currency: the rouble of "13 thousand (2.3 million sums)"."""
    items = reading.items
    opened = after + 1 < len(items) and items[after].text == "(" and items[after + 1].kind == "n"
    return opened and any(abs(hit.first - after - 2) <= 1 for hit in reading.of("money"))


def becomes(reading: Reading, figure: int) -> int | None:
    """The figure that one turned into: the 150 of "rose from 80 to 150"; None where it is none such."""
    spans = (hit for hit in reading.among("range", "turned") if hit.slots[1:] and hit.slots[0] == figure)
    span = next((hit for hit in spans if hit.value == "from_to" or hit.first != figure), None)
    return span.slots[1] if span is not None else None


def _ends_window(reading: Reading, word: Hit) -> bool:
    """Whether a word only ends a phrase of time with a number of its own: Turkish "son 48 saatte 12 bin kişi"."""
    return any(hit.slots and word.within(hit) and hit.last == word.last for hit in reading.of("windows"))


def _attached(reading: Reading, at: int, marks: Collection[str] = _HYPHENS) -> bool:
    """Whether a hyphen, or another mark, and a word hang on the figure without space."""
    items = reading.items
    return (
        at + 1 < len(items)
        and items[at].text in marks
        and items[at].start == items[at - 1].end
        and items[at + 1].kind == "w"
        and items[at + 1].start == items[at].end
    )


def _following(reading: Reading, after: int) -> Head:
    for at in range(after, min(after + _REACH, len(reading.items))):
        item = reading.items[at]
        percent = reading.at("percent", at)
        if percent is not None and at <= after + 1:
            return Head("percent", last=percent.last)
        money = reading.at("money", at)
        if money is not None and (at == after or _links(reading, after, at)):
            return Head("money", str(money.value), money.last)
        times = reading.at("units", at)
        if times is not None and times.value == "times":
            return Head("crossings" if _moves(reading, after - 1) else "decoy", last=times.last)
        decoy = reading.at("decoys.after", at)
        if decoy is not None and at <= after + 1 and not _is_rate(reading, at):
            if _who_move(reading, at):
                return Head("persons", last=decoy.last)
            longer = (reading.at(category, at) for category in ("units", "group", "documents", "measures"))
            if not any(
                hit is not None and hit.last > decoy.last and hit.value != "fare" for hit in longer
            ):  # "18 flights to Dhaka" are no fare
                return Head("decoy", last=decoy.last)
        found = _person(reading, at)
        if found is not None:
            return found
        if item.kind in {"p", "n", "d", "c"} or reading.at("measures", at) is not None:
            break
    measure = reading.at("measures", after)
    if measure is not None:
        return Head("measure", last=measure.last)
    labelled = _label(reading, after - 1)
    return Head(labelled, last=after) if labelled is not None else Head("")


def _label(reading: Reading, figure: int) -> str | None:
    """The unit whose number is told before a dash: "the number of families - 21,800"."""
    if figure < 1 or reading.items[figure - 1].text not in _DASHES:
        return None
    for hit in reading.of("measures"):
        if hit.value == "there" and figure - _REACH <= hit.first < figure:
            unit = reading.ending("units", hit.first) or reading.at("units", hit.last)
            if unit is not None and unit.value in _COUNTED:
                return str(unit.value)
    return None


def _links(reading: Reading, first: int, last: int) -> bool:
    """Whether nothing but "of" stands from one item to another: "3,2 millions d'euros"."""
    ends = (reading.ending(category, last) for category in ("role.from", "source.of"))
    return any(hit is not None and hit.first == first for hit in ends)


def _who_move(reading: Reading, at: int) -> bool:
    """Whether those who live in a place are counted as they move: "482,000 inhabitants have left"."""
    unit = reading.at("units", at)
    if unit is None or unit.value != "persons":
        return False
    ahead = range(unit.last, unit.last + _REACH)
    moves = (reading.at("measures", i) for i in ahead)
    return any(hit is not None and hit.value in _MOVEMENTS for hit in moves)


def _moves(reading: Reading, figure: int) -> bool:
    """Whether a figure stands in a clause with a movement: "entered 1.2 million times"."""
    begin, end = reading.clause(figure)
    told = (hit for hit in reading.of("measures") if begin <= hit.first < end)
    value = reading.items[figure].value
    many = isinstance(value, Figure) and value.size >= _MANY
    return many and any(hit.value in _MOVEMENTS for hit in told)


def _is_rate(reading: Reading, at: int) -> bool:
    return any(
        hit.first < at < hit.last or (hit.first == at < hit.last - 1)
        for hit in reading.among("rates", "windows")
    )


def _person(reading: Reading, at: int) -> Head | None:
    unit = reading.at("units", at)
    if unit is not None and unit.value != "persons":
        return Head(str(unit.value), last=unit.last)
    named = _named_at(reading, at)
    if named is not None and named.form == "people":
        return Head("people", last=named.last)
    group = reading.at("group", at)
    if group is not None and group.value[0] != "carried":
        return Head("people", last=group.last)
    if unit is not None:
        return Head("persons", last=unit.last)
    if group is not None and not _dated(reading, group.last):
        return Head("people", last=group.last)
    return None


def _dated(reading: Reading, at: int) -> bool:
    """Whether a date stands at an item, so that French "en" before it is no "of them"."""
    return at < len(reading.items) and reading.items[at].kind == "d"


def _named_at(reading: Reading, at: int) -> Named | None:
    return next((named for named in reading.named if named.first == at), None)
