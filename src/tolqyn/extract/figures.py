"""Numbers as the press writes them: digits, words, digits with words, orders, ranges.

Pure. "4 млн 399 тыс.", "98 thousand", "half a million", "tens of thousands", "8-9 thousand".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tolqyn.languages import Hit, Item
from tolqyn.values import value

__all__ = ["Figure", "collapse_figures", "join_ranges"]


@value
class Figure:
    """A number with how it was written.

    Attributes:
        value: the figure; None of an order or range.
        low, high: ends of an order or range.
        order: whether it is an order of magnitude in words ("tens of thousands").
        share: whether the words themselves mean a percentage ("half of them").
        scale: the last magnitude word applied, 1 if none.
        same: whether the words repeat the figure before ("as many again").
        plain: written as bare digits without group marks: could be a year, a page, a code.
        words: written in words only.
        rough: whether the words themselves say "about" ("une centaine").
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    order: bool = False
    share: bool = False
    scale: float = 1
    same: bool = False
    plain: bool = False
    words: bool = False
    rough: bool = False

    @property
    def size(self) -> float:
        """The largest number in it, without its sign."""
        if self.low is None and self.high is None:
            return 0 if self.value is None else abs(self.value)
        return max(abs(number) for number in (self.value, self.low, self.high) if number is not None)


def collapse_figures(items: list[Item], hits: Mapping[str, Sequence[Hit]], decimal: str) -> list[Item]:
    """The items with every number put together into one item of kind "n"; the same list where there is none.

    Args:
        items: of one sentence.
        hits: category -> what the first lexicon found in them.
        decimal: the language's decimal mark.
    """
    at = {hit.first: hit for hit in hits.get("number", ())}
    orders = {hit.first: hit for hit in hits.get("order", ())}
    spots = {i for i, item in enumerate(items) if item.kind == "n"}.union(at, orders)
    if not spots:
        return items
    joined: list[Item] = []
    free = 0
    for i in sorted(spots):
        if i < free:
            continue
        read = (_turned(items, at, orders, i) or _order(orders, i)) if i in orders else None
        read = read or _read(items, at, i, decimal)
        if read is None:
            continue
        figure, last = read
        text = items[i].text if last == i + 1 else " ".join(item.text for item in items[i:last])
        joined += items[free:i]
        joined.append(Item("n", items[i].start, items[last - 1].end, text, figure))
        free = last
    return joined + items[free:]


def _turned(
    items: Sequence[Item], at: Mapping[int, Hit], orders: Mapping[int, Hit], i: int
) -> tuple[Figure, int] | None:
    """A number after its thousands, as Slavic languages say "about": "тысяч пятнадцать"."""
    hit = orders[i]
    if hit.last != i + 1 or hit.value[0] not in {1e3, 1e6}:
        return None
    number, last, _, bare = _simple(items, at, i + 1)
    if number is None or bare or number >= _THOUSAND or (last in at and at[last].value[0] == "magnitudes"):
        return None
    return Figure(number * hit.value[0], scale=hit.value[0], words=True, rough=True), last


_THOUSAND = 1000


def _order(orders: Mapping[int, Hit], i: int) -> tuple[Figure, int]:
    hit = orders[i]
    low, high = hit.value
    return Figure(None, low, high, order=True, scale=low, words=True), hit.last


def _read(items: Sequence[Item], at: Mapping[int, Hit], i: int, decimal: str) -> tuple[Figure, int] | None:
    """The figure that begins at an item, and where it ends."""
    item, hit = items[i], at.get(i)
    if hit is None and item.kind != "n":
        return None
    if hit is None and i + 1 not in at:
        return Figure(float(item.value), plain=item.text.isdigit()), i + 1  # as most are
    if hit is not None and hit.value[0] == "same":
        return Figure(None, same=True, words=True), hit.last
    if hit is not None and hit.value[0] == "fractions":
        return Figure(hit.value[1], share=True, words=True), hit.first + 1
    part = _part(items, at, i, decimal)
    if part is None:
        return None
    total, scale, last, worded = part
    floor = scale
    while floor > 1:  # "4 млн" goes on with "155 тыс.", never with another million
        begin = _past_join(items, at, last) if worded else _past_and(items, at, last)
        further = _part(items, at, begin, decimal)
        if further is None or further[1] >= floor or further[0] >= floor:
            break
        if further[1] == 1 and not further[3] and not (floor == 1000 and _goes_below(items[begin])):
            break
        if further[1] == 1 and further[3] and not worded:
            break  # "14 thousand two weeks before"
        total, floor, last = total + further[0], further[1], further[2]
        worded = worded and further[3]
    plain = item.kind == "n" and last == i + 1 and item.text.isdigit()
    rough = any(k in at and at[k].value[0] == "rough" for k in range(i, last))
    return Figure(total, scale=scale, plain=plain, words=worded, rough=rough), last


def _goes_below(item: Item) -> bool:
    """Whether an item is two or three bare digits, as in "12 thousand 400", "25 bin 14"."""
    return item.kind == "n" and len(item.text) in {2, 3} and item.text.isdigit()


def _part(
    items: Sequence[Item], at: Mapping[int, Hit], i: int, decimal: str
) -> tuple[float, float, int, bool] | None:
    """One number with its magnitude: value, magnitude, end, whether in words."""
    if i >= len(items):
        return None
    number, last, worded, bare = _simple(items, at, i)
    if number is None:
        return None
    scale = 1.0
    while (hit := at.get(last)) is not None and hit.value[0] in {"magnitudes", "rough"}:
        magnitude = hit.value[1]
        if scale > 1 and magnitude < 1000 <= scale:
            break
        if _is_letter(items, last) or (worded and _is_short(items[last])):
            break
        if hit.value[0] == "rough" and hit.last > last + 1:
            break  # "30 000 la quinzaine": its article begins something else
        if scale == 1 and items[i].kind == "n" and last == i + 1:
            number = _scaled_digits(items[i], number, decimal)
        # 4.1 million is 4,100,000 people, whatever binary fractions make of it.
        number, scale, last = round(number * magnitude, 6), scale * magnitude, hit.last
        if magnitude == 100 and worded:
            below, end, _, bare_too = _simple(items, at, _past_join(items, at, last))
            if below is not None and not bare_too and below < 100 and items[end - 1].kind != "n":
                number, last = number + below, end  # "one hundred and twenty" thousand
    if bare and scale == 1:
        return None
    half = at.get(last)
    if half is not None and half.value[0] == "and_half" and scale > 1 and items[last - 1].kind != "n":
        number, last = number + scale / 2, half.last  # "a million and a half"
    return number, scale, last, worded


def _is_letter(items: Sequence[Item], at: int) -> bool:
    """Whether a magnitude of one letter stands apart from its digits: "10 a.m." is no million."""
    return len(items[at].text) == 1 and items[at].start > items[at - 1].end


def _scaled_digits(item: Item, number: float, decimal: str) -> float:
    """Digits before a magnitude: there "1,250 million" has decimals whatever the mark."""
    head, mark, tail = item.text.partition(decimal)
    if mark and head.isdigit() and tail.isdigit() and len(tail) == 3:
        return float(f"{head}.{tail}")
    return number


def _simple(items: Sequence[Item], at: Mapping[int, Hit], i: int) -> tuple[float | None, int, bool, bool]:
    """Digits, or number words added up: value, end, whether in words, whether it needs a magnitude."""
    if i >= len(items):
        return None, i, False, False
    item, hit = items[i], at.get(i)
    if item.kind == "n":
        return float(item.value), i + 1, False, False
    if hit is None:
        return None, i, False, False
    key, value = hit.value
    if key == "halves":
        return value, hit.last, True, True
    if key == "magnitudes" and not _is_short(item):
        return 1.0, i, True, True
    if key not in {"words", "rough"}:
        return None, i, False, False
    total, last = value, hit.last
    lowest = value
    while True:
        half = at.get(last)
        if half is not None and half.value[0] == "and_half":
            return total + 0.5, half.last, True, True
        ahead = _past_join(items, at, last)
        following = at.get(ahead)
        if following is None or following.value[0] != "words" or not _fits_below(following.value[1], lowest):
            return total, last, True, False
        total, lowest, last = total + following.value[1], following.value[1], following.last


def _is_short(item: Item) -> bool:
    """Whether a magnitude is written short, "bn" or "млн": then digits go before it; "a BN(O) visa" is no billion."""
    return _CONSONANTS.issuperset(item.text)


_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxzбвгджзклмнпрстфхцчшщ")


def _past_join(items: Sequence[Item], at: Mapping[int, Hit], last: int) -> int:
    """Where a number goes on after a hyphen or a word such as "and"; `last` if it does not."""
    join = at.get(last)
    if join is not None and join.value[0] == "joins":
        return join.last if join.last in at and at[join.last].value[0] == "words" else last
    return last + 1 if last < len(items) and items[last].text == "-" and last + 1 in at else last


def _past_and(items: Sequence[Item], at: Mapping[int, Hit], last: int) -> int:
    """Where digits go on after an "and" written onto them, as Arabic does: "91 thousand and200"."""
    join = at.get(last)
    grown = join is not None and join.value[0] == "joins" and join.last < len(items)
    if not grown or items[last + 1].kind != "n" or items[last].end != items[last + 1].start:
        return last
    return last + 1


def _fits_below(value: float, lowest: float) -> bool:
    """Whether a word may be added: units after tens, tens after hundreds, hundreds after thousands."""
    tens = value < 10 <= lowest < 100 and lowest % 10 == 0
    return tens or value < 100 <= lowest or value < 1000 <= lowest


def join_ranges(items: list[Item], hits: Mapping[str, Sequence[Hit]]) -> list[Item]:
    """The items with two figures that are the ends of one range put into one item; the same list without any."""
    ranges = hits.get("range", ())
    if not ranges and "turned" not in hits:
        return items
    changes = [*hits.get("changes", ()), *hits.get("turned", ())]
    numbered = {hit.last for hit in hits.get("decoys.before", ())}  # "school no. 5 - 140 places"
    # "Rose from 6,000 to 8,900" is two figures, the old and the new; "rose 40-45 %" is one.
    spans = {
        hit.first: hit for hit in ranges if not _changes(items, hit, changes) and hit.slots[0] not in numbered
    }
    for pair in (*ranges, *changes):
        if pair.slots[1:] and pair.first not in spans:
            _scale(items, pair)
    if not spans:
        return items
    joined: list[Item] = []
    i = 0
    while i < len(items):
        hit = spans.get(i)
        made = (_of_each if hit.value == "of_each" else _range)(items, hit) if hit is not None else None
        if hit is None or made is None:
            joined.append(items[i])
            i += 1
            continue
        joined.append(made)
        i = hit.last
    return joined


def _scale(items: Sequence[Item], span: Hit) -> None:
    """Give an old figure the magnitude of the new one: "from 2.5 to 7 thousand" is from 2,500."""
    low, high = (items[slot].value for slot in span.slots[:2])
    if not isinstance(low, Figure) or not isinstance(high, Figure) or low.value is None or low.share:
        return
    told = span.value == "from_to" or span.first != span.slots[0]
    if told and low.scale == 1 and high.scale > 1 and low.value < 1000:
        items[span.slots[0]].value = replace(low, value=low.value * high.scale, scale=high.scale)


def _changes(items: Sequence[Item], span: Hit, changes: Sequence[Hit]) -> bool:
    """Whether two figures are the old and the new of something that rose, fell or turned beside them."""
    if span.value == "from_to":
        return any(0 <= hit.first - span.last <= _BEHIND for hit in changes)
    if any(hit.slots[1:] and span.within(hit) for hit in changes):
        return True
    return span.first not in span.slots and any(
        0 <= span.first - hit.last <= (0 if hit.category == "turned" else _BEHIND)
        and all(item.kind in "wd" for item in items[hit.last : span.first])
        for hit in changes
    )


_BEHIND = 3  # items between two figures and the verb that tells that one becomes the other


def _of_each(items: Sequence[Item], hit: Hit) -> Item | None:
    """A share of few: "nine out of ten", "three in every four"."""
    part, whole = (items[slot].value.value for slot in hit.slots)
    if part is None or whole is None or not 0 < part < whole <= _FEW:
        return None
    text = " ".join(item.text for item in items[hit.first : hit.last])
    figure = Figure(100 * part / whole, share=True, words=True)
    return Item("n", items[hit.first].start, items[hit.last - 1].end, text, figure)


_FEW = 10  # of so many at most a share is told by counting


def _range(items: Sequence[Item], hit: Hit) -> Item | None:
    low, high = (items[slot].value for slot in hit.slots)
    if low.value is None or high.value is None or low.share or high.share:
        return None
    first, second = low.value, high.value
    scale = 1000 if high.words and high.scale == 1 and second % 1000 == 0 else high.scale
    if low.scale == 1 and scale > 1 and first < 1000 and first * scale <= second:
        first *= scale  # "8-9 thousand", "drei- bis viertausend"
    if not first < second or second > 1000 * max(first, 1):
        return None
    figure = Figure(None, first, second, scale=high.scale, words=low.words and high.words)
    text = " ".join(item.text for item in items[hit.first : hit.last])
    return Item("n", items[hit.first].start, items[hit.last - 1].end, text, figure)
