"""What a statement is read as: which sum of daily counts, and why not where it cannot be read.

Pure. Days are indices from the first latent day once a `Calendar` is chosen (`place_on`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from tolqyn.claims import Claim, Measure, Modality, Qualifier, Statement
from tolqyn.estimate.breaks import Break, breaks
from tolqyn.estimate.contradict.finding import SURE
from tolqyn.estimate.habits import Habit, replaced, with_habits
from tolqyn.estimate.priors import Priors
from tolqyn.places import settled
from tolqyn.situation import Situation

__all__ = ["Functional", "Heard", "Unread", "hear", "latent_days", "read_statement"]

Bound = Literal["part", "whole", "most"]

_PERIODS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
_FLOWS = (Measure.ENTRIES, Measure.EXITS, Measure.NET, Measure.REGISTRATIONS)
_CEILINGS = {Qualifier.UNDER, Qualifier.UP_TO}
_FLOORS = {Qualifier.OVER}
_BEFORE = 400  # latent days reach at most so far before the study
_SURE = 0.5  # confidence above which a reading is a witness even where another says the same
_AFTER = 120  # and so far after it


@dataclass(frozen=True, slots=True)
class Functional:
    """A sum of daily counts that a statement speaks of.

    Attributes:
        place, group: whose account.
        measure: entries, exits, net, stock, registrations, or the share of those who entered that left. kind: of registrations.
        first, last: the days summed, both included; the stock is that at the end of `last`.
        peak: the highest day of the window is meant, not the sum.
        per: what one unit of the statement is in persons over the window: 1 for a count, the
            number of days for a daily rate; of a share, one in a hundred.
        mirror: the other side of the border counts, by rules of its own.
        usual: the window was not stated; a customary rate is read over the weeks before its end.
        since: the source's series was cut on this day and counts something else from then on.
        bound: the statement counts only a "part" of these, or a "whole" of which they are a part, so
            that it is a floor or a ceiling; or a whole of which they are the "most", which tells their size too; None
            where it counts these.
    """

    place: str
    group: str
    measure: Measure
    kind: str | None
    first: date
    last: date
    peak: bool = False
    per: float = 1.0
    mirror: bool = False
    usual: bool = False
    since: date | None = None
    bound: Bound | None = None

    @property
    def days(self) -> int:
        """Number of days summed."""
        return (self.last - self.first).days + 1

    @property
    def _anew(self) -> str:
        return f", as counted anew from {self.since}" if self.since else ""

    @property
    def _bound(self) -> str:
        return {
            None: "",
            "part": "at least, a part of the ",
            "whole": "at most, with others, the ",
            "most": "with some others, the ",
        }[self.bound]

    @property
    def tells_size(self) -> bool:
        """Whether it is more than a floor or a ceiling."""
        return self.bound in {None, "most"}

    def __str__(self) -> str:
        """In words, for the reader of a report."""
        what = f"{self.kind} {self.measure}" if self.kind else str(self.measure)
        if self.measure is Measure.STOCK:
            return f"{self._bound}stock of {self.group} in {self.place}, {self.last}{self._anew}"
        if self.measure is Measure.SHARE:
            return (
                f"{self._bound}exits of {self.group} from {self.place} per hundred entries, "
                f"{self.first} to {self.last}{self._anew}"
            )
        if self.peak:
            what = f"highest daily {what}"
        joint = {Measure.ENTRIES: "to", Measure.EXITS: "from"}.get(self.measure, "in")
        span = str(self.last) if self.first == self.last else f"{self.first} to {self.last}"
        seen = ", as the other side counts" if self.mirror else ""
        return f"{self._bound}{what} of {self.group} {joint} {self.place}, {span}{seen}{self._anew}"


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a statement is not a reading of any stream, in plain words."""

    why_not: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement on its way in.

    Attributes:
        functional: the sum that it speaks of; None where it speaks of none that is modelled.
        claim: its claim as it is read.
        why_not: why it is not used; None if it is.
        habit: what other figures of its source tell of it.
    """

    statement: Statement
    functional: Functional | None
    claim: Claim
    why_not: str | None
    habit: Habit = field(default_factory=Habit)

    @property
    def read_as(self) -> Functional:
        """The sum that it speaks of; every statement that is used has one."""
        assert self.functional is not None
        return self.functional


def hear(
    statements: Sequence[Statement], situation: Situation, as_of: date | None, priors: Priors
) -> list[Heard]:
    """Each statement that had been made by `as_of`, in the order of their ids, and what it is read as."""
    heard = []
    for statement in sorted(statements, key=lambda statement: statement.id):
        claim = statement.claim
        if as_of is not None and (claim.known is None or claim.known > as_of):
            continue
        read = read_statement(statement, situation, priors)
        if isinstance(read, Unread):
            heard.append(Heard(statement, None, claim, read.why_not))
        else:
            heard.append(Heard(statement, read, claim, _modality_problem(claim)))
    told = _cut(_other_units(heard), situation)
    return with_habits(replaced(_once_each(told), told), told)


def read_statement(statement: Statement, situation: Situation, priors: Priors) -> Functional | Unread:
    """The sum of daily counts that a statement speaks of, whatever its modality."""
    claim = statement.claim
    if claim.measure is Measure.SHARE:
        return _share(claim, situation, priors)
    if claim.measure not in (*_FLOWS, Measure.STOCK):
        return Unread(f"{claim.measure} is not estimated")
    if claim.measure is Measure.REGISTRATIONS and claim.kind is None:
        return Unread("the kind of registration is not said")
    stream = _stream(claim, situation)
    if isinstance(stream, Unread):
        return stream
    counted, _, period = claim.unit.partition("/")
    if counted not in {"persons", "crossings"} or (period and period not in _PERIODS):
        return Unread(f"the unit, {claim.unit!r}, does not count persons")
    if claim.measure is Measure.NET and claim.centre == 0:
        return Unread("a net of zero gives no scale to read it on")
    return _with_window(claim, stream, _PERIODS.get(period), situation, priors)


def _share(claim: Claim, situation: Situation, priors: Priors) -> Functional | Unread:
    """How many of a hundred who came have left: exits over entries of the same days.

    Of the other shares a claim does not say what they are shares of, or they are of people who have no account.
    """
    if claim.kind != Measure.EXITS or claim.unit != "percent":
        return Unread(f"a share, of {claim.kind or 'what is not said'}, is not estimated")
    stream = _stream(replace(claim, measure=Measure.EXITS), situation)
    if isinstance(stream, Unread):
        return stream
    if stream.mirror or stream.bound in {"whole", "most"}:
        return Unread("it is not said of how many who entered this is a share")
    return _with_window(claim, stream._replace(measure=Measure.SHARE), None, situation, priors)


class _Stream(NamedTuple):
    """Whose account a statement speaks of, whether from the other side, and whether it only bounds it."""

    place: str
    group: str
    measure: Measure
    mirror: bool = False
    bound: Bound | None = None


def _stream(claim: Claim, situation: Situation) -> _Stream | Unread:
    """The stream that is spoken of."""
    if claim.group not in situation.groups:
        return _ceiling(claim, situation)
    home = claim.group
    if claim.place in situation.places and not (
        claim.place == home and claim.counterpart in situation.places
    ):
        ours = claim.counterpart is None or (
            claim.measure is not Measure.EXITS and claim.counterpart in {home, claim.place}
        )
        if ours:
            return _Stream(claim.place, claim.group, claim.measure)
        if claim.measure is Measure.NET:
            return Unread(f"only the part to or from {claim.counterpart} is counted")
        return _bounded(claim, _Stream(claim.place, claim.group, claim.measure, bound="part"))
    # The country of the group counts its own border with one of our places.
    turned = {Measure.EXITS: Measure.ENTRIES, Measure.ENTRIES: Measure.EXITS}.get(claim.measure)
    if claim.place == home and claim.counterpart in situation.places and turned is not None:
        return _Stream(claim.counterpart, claim.group, turned, mirror=True)
    return _floor(claim, situation)


def _floor(claim: Claim, situation: Situation) -> _Stream | Unread:
    """The account of the country that a region or city lies in, of which it is a part.

    Those who leave a region may stay in the country, so its exits and its net are no part of the country's.
    """
    where = settled().get(claim.place)
    country = where.country if where is not None and where.kind != "country" else None
    if country not in situation.places:
        return Unread(f"{claim.place} is not one of the situation's places ({', '.join(situation.places)})")
    if claim.measure in {Measure.EXITS, Measure.NET}:
        return Unread(f"those who leave {claim.place} may stay in {country}")
    return _bounded(claim, _Stream(country, claim.group, claim.measure, bound="part"))


def _ceiling(claim: Claim, situation: Situation) -> _Stream | Unread:
    """The one account that a figure of everybody, or of all foreigners, cannot be below.

    Most of those who come from the group's own country in a wave are of the group.
    """
    within = [
        group
        for group in situation.groups
        if claim.group == "any" or (claim.group == "foreign" and group != claim.place)
    ]
    unread = Unread(f"group {claim.group!r} is not one of the situation ({', '.join(situation.groups)})")
    if len(within) != 1:
        return unread
    home = within[0]
    if claim.place == home and claim.counterpart in situation.places and claim.measure is Measure.EXITS:
        return _Stream(claim.counterpart, home, Measure.ENTRIES, mirror=True, bound="most")
    if claim.place not in situation.places or claim.counterpart not in {None, home}:
        return unread
    if claim.measure is Measure.NET:
        return Unread(f"the net of {claim.group!r} says nothing of {home}")
    if claim.counterpart == home and claim.measure is Measure.ENTRIES:
        return _Stream(claim.place, home, Measure.ENTRIES, bound="most")
    if claim.counterpart == home and claim.measure is Measure.EXITS:
        return Unread(f"others are among them, and those of {home} who go on elsewhere are not")
    return _bounded(claim, _Stream(claim.place, home, claim.measure, bound="whole"))


def _bounded(claim: Claim, stream: _Stream) -> _Stream | Unread:
    """The same, if the words leave a bound: less than of a part, or more than of a whole, leaves none."""
    empty = _CEILINGS if stream.bound == "part" else _FLOORS
    if claim.qualifier in empty:
        return Unread(f"{claim.qualifier} of a {stream.bound} bounds nothing")
    return stream


def _with_window(
    claim: Claim,
    stream: _Stream,
    period: float | None,
    situation: Situation,
    priors: Priors,
) -> Functional | Unread:
    """The functional, with its open ends closed and its days near enough to the study."""
    place, group, measure, mirror, bound = stream
    last = claim.window_end or claim.known
    if last is None:
        return Unread("neither the end of its window nor the day it was said is known")
    if claim.known is not None:
        last = min(last, claim.known)  # nobody has counted tomorrow
    earliest = situation.start - timedelta(days=_BEFORE)
    latest = (situation.end or last) + timedelta(days=_AFTER)
    first, usual = claim.window_start, False
    if measure is Measure.STOCK:
        first = last
    elif first is None and measure is Measure.SHARE:
        first = max((event.date for event in situation.events if event.date <= last), default=None)
    if first is None:
        if period is None or claim.window_end is None:
            return Unread("the first day of its window is not said")
        first, usual = last - timedelta(days=int(max(priors.usual_days, period)) - 1), True
    if first > last:
        return Unread(f"its window begins on {first}, after it was said")
    if last < earliest or first > latest:
        return Unread("its window lies outside the study")
    if first < earliest:
        return Unread(f"its window begins more than {_BEFORE} days before the study")
    if last > latest:
        return Unread(f"its window ends more than {_AFTER} days after the study")
    peak = period == 1 and claim.qualifier is Qualifier.UP_TO and first < last
    days = (last - first).days + 1
    per = 1.0 if period is None or peak or measure is Measure.STOCK else days / period
    if measure is Measure.SHARE:
        per = 0.01
    return Functional(place, group, measure, claim.kind if measure is Measure.REGISTRATIONS else None,
                      first, last, peak, per, mirror, usual, bound=bound)  # fmt: skip


def latent_days(functionals: Sequence[Functional], situation: Situation, last: date) -> tuple[date, date]:
    """First and last day that must be modelled: the study, every window, four weeks before the first event."""
    firsts = [situation.start, *(f.first for f in functionals)]
    if situation.events:
        reach = max(situation.events[0].date, situation.start - timedelta(days=_BEFORE))
        firsts.append(reach - timedelta(days=28))
    return min(firsts), max([last, *(f.last for f in functionals)])


def _modality_problem(claim: Claim) -> str | None:
    """Why a claim is no reading although its sum is clear; None when it is one."""
    return {
        Modality.OBSERVED: None,
        Modality.FORECAST: "a forecast is compared, not read",
        Modality.CAPACITY: "it speaks of what is possible",
        Modality.HYPOTHETICAL: "it is hypothetical",
        Modality.DENIED: "the source denies it",
    }[claim.modality]


def _other_units(heard: Sequence[Heard]) -> list[Heard]:
    """Those that count otherwise (trips, persons) than most do of the same stream, marked as mirror."""
    counts: dict[tuple[str, str, Measure], list[bool]] = {}
    for one in heard:
        if one.functional is not None and one.functional.bound is None and one.why_not is None:
            counts.setdefault(_stream_of(one.functional), []).append(_counts_trips(one.claim))
    return [replace(one, functional=_seen_otherwise(one, counts)) for one in heard]


def _seen_otherwise(one: Heard, counts: Mapping[tuple[str, str, Measure], list[bool]]) -> Functional | None:
    """The functional, marked as mirror if it counts trips where most count persons, or the reverse."""
    if one.functional is None or one.functional.bound:
        return one.functional
    same = counts.get(_stream_of(one.functional), [])
    trips = _counts_trips(one.claim)
    alike = same.count(trips)
    odd = bool(same) and (2 * alike < len(same) or (2 * alike == len(same) and trips))
    return replace(one.functional, mirror=True) if odd else one.functional


def _cut(heard: Sequence[Heard], situation: Situation) -> list[Heard]:
    """Those after a break of their source's series, marked with its day."""
    cuts = breaks([one.statement for one in heard if one.statement.confidence >= SURE], situation)
    return [_after_the(cuts, one) for one in heard]


def _after_the(cuts: Sequence[Break], one: Heard) -> Heard:
    if one.functional is None:
        return one
    days = [cut.day for cut in cuts if cut.cuts(one.statement, one.functional.last)]
    return replace(one, functional=replace(one.functional, since=max(days))) if days else one


def _stream_of(functional: Functional) -> tuple[str, str, Measure]:
    return functional.place, functional.group, functional.measure


def _counts_trips(claim: Claim) -> bool:
    return claim.unit.startswith("crossings")


def _once_each(heard: Sequence[Heard]) -> list[Heard]:
    """What a source says again of the same window counts once, and so does a twin of a surer reading.

    Where the wording of the sayings differs ("over", "about", "almost" 70,000), the figure is
    read as "about". Two bodies that are known to have given one figure are two witnesses; but one
    that was more likely misread than not, where the same figure of the same window and day is known
    from another, is that one under a wrong name.
    """
    groups: dict[tuple[object, ...], list[Heard]] = {}
    twins: dict[tuple[object, ...], Heard] = {}
    for one in heard:
        key = _saying(one)
        if key is not None:
            groups.setdefault(key, []).append(one)
            figure = (*key[1:], one.claim.known)
            surest = twins.setdefault(figure, one)
            if one.statement.confidence > surest.statement.confidence:
                twins[figure] = one
    out = []
    for one in heard:
        key = _saying(one)
        group = groups[key] if key is not None else [one]
        twin = twins[*key[1:], one.claim.known] if key is not None else one
        if group[0] is not one:
            out.append(replace(one, why_not=f"its source says the same in statement {group[0].statement.id}"))
        elif one.statement.confidence < min(_SURE, twin.statement.confidence):
            out.append(replace(one, why_not=f"it is read more surely in statement {twin.statement.id}"))
        elif len({other.claim.qualifier for other in group}) > 1:
            out.append(replace(one, claim=replace(one.claim, qualifier=Qualifier.ABOUT)))
        else:
            out.append(one)
    return out


def _saying(heard: Heard) -> tuple[object, ...] | None:
    """What two statements share if one source says one figure of one window; None if it cannot be told."""
    claim, functional = heard.claim, heard.functional
    if claim.source is None or functional is None or heard.why_not is not None:
        return None
    return (claim.source.casefold(), str(functional), functional.per, claim.value, claim.low, claim.high)
