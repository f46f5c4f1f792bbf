"""Who repeats whom: claims that carry one statement, put together.

Pure. Claims are taken in an order that depends on what they say alone, the fittest to speak first.
Each joins the statement whose speaking claim it repeats, or begins one. As every claim is held
against the one that speaks, never against another echo, a chain of small changes cannot drift. The
rules with their reasons: docs/concepts/ledger.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

from tolqyn.claims import Claim, Measure, Qualifier, Statement
from tolqyn.ledger.sources import Kinship, Source, kinship, source_of

__all__ = ["group_echoes"]

NEAR_DAYS = 10
"""An echo follows within this many days; what comes later must agree on more."""

SHIFT_DAYS = 2
"""A window's end given by the day of writing lies off by so much."""

LONG_DAYS = 4
"""A window shorter than this is a span of its own: "yesterday" of two days are two statements."""

TELLING_DIGITS = 3
"""Figures with fewer significant digits are round: two sources may come upon one by chance."""

UNIQUE_DIGITS = 4
"""Figures with so many significant digits are known again anywhere: 64,234."""

ROUNDING_SHARE = 0.1
"""A qualified figure said for a finer one lies no further from it than this: "nearly 100,000"."""

BARE_ROUNDING_SHARE = 0.01
"""The same where no qualifier says that it is rounded: 98,000 for 98,123."""

SURE = 0.75
"""What was read with less confidence than this may be a misreading of what was read with more."""

_FLOORS = frozenset({Qualifier.OVER, Qualifier.SLIGHTLY_OVER})
_CEILINGS = frozenset({Qualifier.UNDER, Qualifier.ALMOST, Qualifier.UP_TO})


def group_echoes(
    claims: Iterable[Claim], *, aliases: Mapping[str, str] | None = None
) -> tuple[Statement, ...]:
    """The statements that the claims carry, in the order in which they became known.

    The claim that speaks is the earliest known that names its source, told apart on one day by the
    more exact figure, the body named, the window closed, the qualifier kept, the fuller name. So claims that become
    known later leave `statement.claim` and `statement.id` as they are, unless they are the first
    to name a source.

    Args:
        claims: in any order; one claim given twice counts once.
        aliases: other names of a source -> the name to take for it.

    Returns:
        Statements whose claims are all of `claims`, each in one statement; `origins` is 1 where a
        mention names a source and 0 where none does, since different sources are never merged.
    """
    distinct = {claim.id: claim for claim in sorted(claims, key=lambda claim: claim.confidence or 0)}
    mentions = sorted(
        (_Mention.of(name, claim, aliases) for name, claim in distinct.items()), key=_precedence
    )
    shelf = _Shelf()
    for mention in mentions:
        fitting = [(fit, group) for group in shelf.near(mention) if (fit := group.fit(mention)) is not None]
        if fitting:
            # Groups come in the order in which they began, and max keeps the first of equals.
            max(fitting, key=lambda pair: pair[0])[1].add(mention)
        else:
            shelf.begin(mention)
    statements = [group.statement() for group in _without_misreadings(shelf.groups)]
    return tuple(sorted(statements, key=lambda statement: (statement.claim.known or date.max, statement.id)))


@dataclass(frozen=True, slots=True)
class _Mention:
    """A claim with what is asked of it again and again."""

    id: str
    claim: Claim
    source: Source
    digits: int

    @classmethod
    def of(cls, name: str, claim: Claim, aliases: Mapping[str, str] | None) -> _Mention:
        figures = [figure for figure in (claim.value, claim.low, claim.high) if figure is not None]
        digits = max(_digits(figure) for figure in figures)
        return cls(name, claim, source_of(claim, aliases), digits)

    @property
    def topic(self) -> tuple[object, ...]:
        """What no echo changes."""
        claim = self.claim
        return (claim.measure, claim.kind, claim.place, claim.unit, claim.modality)

    @property
    def turned(self) -> tuple[object, ...] | None:
        """The same movement as the other end sees it: who leaves one country for another enters that one."""
        claim = self.claim
        other = {Measure.ENTRIES: Measure.EXITS, Measure.EXITS: Measure.ENTRIES}.get(claim.measure)
        if (
            other is None
            or claim.counterpart is None
            or not (_is_country(claim.place) and _is_country(claim.counterpart))
        ):
            return None
        return (other, claim.kind, claim.counterpart, claim.unit, claim.modality)

    @property
    def views(self) -> tuple[tuple[object, ...], ...]:
        """The topic as stated and, where both ends are named, from the other end."""
        return (self.topic,) if self.turned is None else (self.topic, self.turned)

    @property
    def figure(self) -> tuple[float | None, ...]:
        claim = self.claim
        return (claim.value,) if claim.value is not None else (claim.low, claim.high)


# The sharper qualifier says more, and it is what gets lost on the way.
_SHARPNESS = tuple(
    Qualifier(word)
    for word in ("range", "slightly_over", "almost", "over", "under", "up_to", "order", "about", "exact")
)


def _precedence(mention: _Mention) -> tuple[object, ...]:
    """Who speaks before whom. Total, and made from the claim alone.

    All that a reading depends on is decided by what is said, so that of two claims that differ in
    their names and places alone either may speak.
    """
    claim, source = mention.claim, mention.source
    return (
        not source,
        claim.known or date.max,
        -mention.digits,
        not source.body,
        claim.measure is Measure.EXITS,
        not claim.window.is_closed,
        _SHARPNESS.index(claim.qualifier),
        -len(source.body),
        source.person is None,
        {"any": 2, "foreign": 1}.get(claim.group, 0),
        claim.window_end or date.max,
        claim.window_start or date.max,
        mention.id,
    )


@dataclass(slots=True)
class _Group:
    """A statement in the making. `mentions[0]` speaks."""

    mentions: list[_Mention]
    sources: set[Source] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def add(self, mention: _Mention) -> None:
        self.mentions.append(mention)
        self.groups.add(mention.claim.group)
        if mention.source:
            self.sources.add(mention.source)

    def fit(self, mention: _Mention) -> tuple[int, ...] | None:
        """How well a claim fits as an echo of this statement, greater is better; None if not at all."""
        kin = {kinship(source, mention.source) for source in self.sources} or {Kinship.UNKNOWN}
        if Kinship.DIFFERENT in kin:
            return None
        # The group may widen from "RUS" to "foreign", but "foreign" does not make RUS and UKR one.
        if not all(_groups_agree(group, mention.claim.group) for group in self.groups):
            return None
        speaks, attributed = self.mentions[0], Kinship.SAME in kin
        span = _compare_windows(mention, speaks, attributed=attributed)
        if span is None or not _ends_agree(mention, speaks):
            return None
        # Seen from the other end it is another body's count, unless the source is the same.
        as_seen = mention.topic == speaks.topic
        if not as_seen and not attributed:
            return None
        as_said = mention.figure == speaks.figure
        if as_said and not _repeats(mention, speaks, span, attributed=attributed):
            return None
        if not as_said and not (attributed and _retells(mention, speaks, span)):
            return None
        return (as_seen, attributed, as_said, span, mention.claim.group == speaks.claim.group)

    def could_be_misread_as(self, other: _Group) -> bool:
        """Whether the other may be this statement with its window misread."""
        kin = {kinship(one, two) for one in self.sources for two in other.sources}
        return (
            Kinship.DIFFERENT not in kin
            and all(_groups_agree(one, two) for one in self.groups for two in other.groups)
            and _counterparts_agree(other.mentions[0].claim, self.mentions[0].claim)
            and any(_is_near(mention.claim, self.mentions[0].claim) for mention in other.mentions)
        )

    def statement(self) -> Statement:
        claims = tuple(mention.claim for mention in self.mentions)
        return Statement(f"s{self.mentions[0].id}", claims, 1 if self.sources else 0)


def _without_misreadings(groups: Sequence[_Group]) -> list[_Group]:
    """The groups, those read doubtfully joined to the sure one whose figure they carry.

    A text read with doubt that gives the figure, measure, place and source of a statement of the same
    days, and differs in its window alone, is far likelier misread than a second count of the same size.
    """
    sure: dict[tuple[object, ...], list[_Group]] = defaultdict(list)
    for group in groups:
        if group.statement().confidence >= SURE:
            sure[(*group.mentions[0].topic, group.mentions[0].figure)].append(group)
    kept = []
    for group in groups:
        first = group.mentions[0]
        doubtful = group.statement().confidence < SURE
        alike = sure[(*first.topic, first.figure)] if doubtful else []
        home = next((other for other in alike if other.could_be_misread_as(group)), None)
        if home is None:
            kept.append(group)
        else:
            for mention in group.mentions:
                home.add(mention)
    return kept


class _Shelf:
    """Statements in the making, to be found by topic, figure and the start of the window."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self._places: dict[tuple[object, ...], dict[int | None, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def begin(self, mention: _Mention) -> None:
        """A new statement, which this claim speaks for."""
        group = _Group([])
        group.add(mention)
        start = _ordinal(mention.claim.window_start)
        for topic in mention.views:
            for figure in {mention.figure, *_roundings(mention), *_ends_of_range(mention)}:
                self._places[(*topic, figure)][start].append(len(self.groups))
        self.groups.append(group)

    def near(self, mention: _Mention) -> Iterator[_Group]:
        """The statements that a claim could repeat, in the order in which they began."""
        found: set[int] = set()
        for topic in mention.views:
            starts = self._places.get((*topic, mention.figure), {})
            start = _ordinal(mention.claim.window_start)
            if start is None:
                found.update(index for indices in starts.values() for index in indices)
            else:
                reach = 1 if mention.claim.measure.is_flow else NEAR_DAYS
                days: Sequence[int | None] = (*range(start - reach, start + reach + 1), None)
                found.update(index for day in days for index in starts.get(day, ()))
        yield from (self.groups[index] for index in sorted(found))


# What makes an echo ------------------------------------------------------------------------------


class _Span(IntEnum):
    """How two windows agree; greater is closer."""

    OPEN = 0  # an end that one of them, or both, leave open
    SHIFTED = 1  # off by days that the day of writing explains
    SAME = 2  # both closed, to the day


def _repeats(mention: _Mention, speaks: _Mention, span: _Span, *, attributed: bool) -> bool:
    """Whether a claim of the same figure says over again what the other says.

    The less a claim says of its source, the more its figure and window must tell.
    """
    claim, first = mention.claim, speaks.claim
    if not _qualifiers_agree(claim, first):
        return False
    if claim.doc == first.doc:
        # One text repeats itself in the same terms; other terms are another count, or the next row.
        return span is not _Span.SHIFTED and claim.group == first.group and _is_near(claim, first)
    if mention.digits >= UNIQUE_DIGITS:
        return True
    long = span is _Span.SAME and (not first.measure.is_flow or (first.window.days or 0) >= LONG_DAYS)
    if attributed:
        return _is_near(claim, first) or span is _Span.SAME or mention.digits >= TELLING_DIGITS
    if _is_near(claim, first):
        return span is not _Span.OPEN or mention.digits >= TELLING_DIGITS
    return long and first.measure.is_flow


def _retells(mention: _Mention, speaks: _Mention, span: _Span) -> bool:
    """Whether a claim gives the other's figure less exactly: rounded, or one end of its range."""
    if span is _Span.SAME and _rounds(mention, speaks):
        return True
    return _is_end_of_range(mention.claim, speaks.claim)


def _is_end_of_range(claim: Claim, first: Claim) -> bool:
    """Whether a claim has kept one end of a range: "between 10,000 and 20,000" as "up to 20,000", or as "20,000"."""
    if claim.value is None or first.low is None or first.high is None or first.qualifier is Qualifier.ORDER:
        return False
    if claim.doc == first.doc or not _is_near(claim, first):
        return False
    kept = first.low if claim.qualifier in _FLOORS else first.high
    return claim.value == kept


def _rounds(mention: _Mention, speaks: _Mention) -> bool:
    """Whether a claim rounds the other's figure as its qualifier says: 98,000 as "nearly 100,000"."""
    claim, first = mention.claim, speaks.claim
    if claim.value is None or first.value is None or not _is_near(claim, first):
        return False
    if claim.group != first.group:
        return False
    if mention.digits >= speaks.digits or claim.doc == first.doc:
        return False
    share = BARE_ROUNDING_SHARE if claim.qualifier is Qualifier.EXACT else ROUNDING_SHARE
    if abs(claim.value - first.value) > share * abs(first.value):
        return False
    if claim.qualifier in _FLOORS:
        return abs(claim.value) <= abs(first.value) and first.qualifier not in _CEILINGS
    if claim.qualifier in _CEILINGS:
        return abs(claim.value) >= abs(first.value) and first.qualifier not in _FLOORS
    return first.qualifier in {Qualifier.EXACT, Qualifier.ABOUT}


def _is_near(claim: Claim, first: Claim) -> bool:
    """Whether they became known within days of each other; texts without a day only with themselves."""
    if claim.known is None or first.known is None:
        return claim.doc == first.doc
    return abs(claim.known - first.known) <= timedelta(NEAR_DAYS)


def _qualifiers_agree(claim: Claim, first: Claim) -> bool:
    """A qualifier is lost or softened on the way, but a floor does not become a ceiling."""
    two = {claim.qualifier, first.qualifier}
    return not (two & _FLOORS and two & _CEILINGS)


def _ends_agree(mention: _Mention, speaks: _Mention) -> bool:
    """Whether both may be of one movement: the same other end, or each the other's."""
    claim, first = mention.claim, speaks.claim
    if mention.topic == speaks.topic:
        return _counterparts_agree(claim, first)
    # Found under the other's topic, so that the end which both name is the same already.
    return mention.turned is None or speaks.turned is None or mention.turned == speaks.topic


def _counterparts_agree(claim: Claim, first: Claim) -> bool:
    return claim.counterpart is None or first.counterpart is None or claim.counterpart == first.counterpart


def _groups_agree(one: str, other: str) -> bool:
    """The same people, or one of them a citizenship and the other all who hold any, or everybody."""
    two = {one, other}
    if len(two) == 1 or "any" in two:
        return True
    return "foreign" in two and all(len(group) == 3 and group.isupper() for group in two - {"foreign"})


def _compare_windows(mention: _Mention, speaks: _Mention, *, attributed: bool) -> _Span | None:
    """How the windows agree; None if they do not."""
    claim, first = mention.claim, speaks.claim
    level = not first.measure.is_flow
    shift = _end_shift(claim, first, attributed=attributed)
    spans = [
        _compare_ends(claim.window_end, first.window_end, shift),
        _compare_ends(claim.window_start, first.window_start, shift if level else 1),
    ]
    if None in spans:
        return None
    closest = [span for span in spans if span is not None]
    if _Span.SHIFTED in closest and not level and _is_short(claim, first):
        # A day's count is another than the next day's, unless the figure itself says otherwise.
        moved = claim.window_start != first.window_start and claim.window_end != first.window_end
        if mention.digits < UNIQUE_DIGITS or not moved or claim.doc == first.doc:
            return None
    return min(closest)


def _compare_ends(one: date | None, other: date | None, shift_days: int) -> _Span | None:
    if one is None or other is None:
        return _Span.OPEN
    if one == other:
        return _Span.SAME
    return _Span.SHIFTED if abs(one - other) <= timedelta(shift_days) else None


def _end_shift(claim: Claim, first: Claim, *, attributed: bool) -> int:
    """By how many days the end of an echo's window may lie off.

    A source that is known to have spoken on two days has said two things. Else a writer who names
    the same source for the same figure has the end wrong, and one who is told "since 21 September"
    ends the window at the day of writing.
    """
    days = {_spoken(claim), _spoken(first)} - {None}
    if len(days) > 1:
        return 0
    written = claim.published or claim.known
    at_writing = (
        written is not None
        and claim.window_end is not None
        and first.window_end is not None
        and first.window_end < claim.window_end
        and abs(written - claim.window_end) <= timedelta(1)
    )
    return NEAR_DAYS if attributed or at_writing else SHIFT_DAYS


def _spoken(claim: Claim) -> date | None:
    """The day on which the source spoke, where that is told apart from the day of publication."""
    return None if claim.said == claim.published else claim.said


def _is_short(claim: Claim, first: Claim) -> bool:
    return any(each.window.days is not None and each.window.days < LONG_DAYS for each in (claim, first))


# Figures -----------------------------------------------------------------------------------------


def _digits(figure: float) -> int:
    """Significant digits as written: 64,234 has five, 98,000 two, nothing has none.

    >>> [_digits(figure) for figure in (64_234, 98_000, 4.3e6, 12.5, 0)]
    [5, 2, 2, 3, 0]
    """
    mantissa = f"{abs(figure):.12e}".split("e")[0].replace(".", "")
    return len(mantissa.rstrip("0"))


def _roundings(mention: _Mention) -> set[tuple[float | None, ...]]:
    """The rounder figures under which a value may be said again, with one digit or two."""
    value = mention.claim.value
    if not value or mention.claim.low is not None or mention.claim.high is not None:
        return set()
    rounder: set[tuple[float | None, ...]] = set()
    for digits in range(1, min(mention.digits, 3)):
        step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
        # Twelve digits, so that 3 x 0.1 is the 0.3 that somebody wrote.
        rounder |= {(float(f"{whole * step:.12g}"),) for whole in (value // step, math.ceil(value / step))}
    return rounder


def _ends_of_range(mention: _Mention) -> set[tuple[float | None, ...]]:
    """The ends of a range, under which it may be said again."""
    claim = mention.claim
    if claim.value is not None or claim.qualifier is Qualifier.ORDER:
        return set()
    return {(end,) for end in (claim.low, claim.high) if end is not None}


def _is_country(place: str) -> bool:
    return len(place) == 3 and place.isupper()


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
