"""A register's matched stays through the rules: one answer a person, a million persons in seconds.

A missing exit is never an overstay: the person's stays are counted twice, with every unseen exit as early and as
late as it can be, and where the two disagree the answer is `undetermined`. Personal rows stay with the caller;
what leaves a register is totals, under its disclosure control. Pure: Arrow tables in and out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tolqyn.errors import StayError
from tolqyn.stay.days import LAST_DAY, NEVER, Positions, day_of, place
from tolqyn.stay.person import Verdict
from tolqyn.stay.rule import Kind, Rule
from tolqyn.stay.standing import MISSING, Standings, status
from tolqyn.stay.trips import Trips

__all__ = ["REGISTER_COLUMNS", "answer_table"]

REGISTER_COLUMNS = (
    "person", "rule", "verdict", "because", "inside", "days_used", "days_used_most", "days_left", "days_left_least",
    "latest_exit", "breach_days", "breach_days_most", "first_breach", "next_entry",
)  # fmt: skip

_EPOCH = date(1970, 1, 1).toordinal()

_PRESENT, _PAST = "inside, and a limit is exceeded", "a limit was exceeded in the past"
_WITHIN, _GONE = "inside, and within the limits", "not inside"
_UNSEEN = "an exit was not seen"
_NO_RULE = "no version on file governs the entry"
_BAD_DATES = "a date is missing or an exit is before its entry"


def answer_table(stays: Any, rule: Rule, on: date, *, known_on: date | None = None) -> pa.Table:
    """What a rule makes of each person of a register on a day.

    Args:
        stays: an Arrow table, or anything that gives one (a DuckDB relation, a data frame): one row a stay, with
            `person` (any type), `entry` and `exit` (dates; a null exit was not seen). Optional: `inside` (bool: true
            where the person is known to be inside still), `basis` (text: a basis that the rule does not count leaves
            the stay out).
        rule: its versions are chosen by entry.
        on: the day asked; later stays are ignored.
        known_on: answer as it could be known on that day; None is as known now.

    Returns:
        One row a person in order of first appearance, with `REGISTER_COLUMNS`. `verdict` is lawful, not lawful or
        undetermined; `inside` yes, no or unknown; `days_used` to `days_used_most`, `breach_days` to
        `breach_days_most` and `days_left_least` to `days_left` are the range over unseen exits; `latest_exit` is of the
        present stay, if it goes on. Persons whose every row is bad or later than the day have nulls.

    Raises:
        StayError: a column that is missing or of the wrong type; a date before 1900 or after 2200.
    """
    table = _table(stays)
    keys = pc.dictionary_encode(table["person"].combine_chunks(), null_encoding="encode")
    people = _People.of(table, keys, rule)
    asked = rule.as_known(known_on) if known_on else rule
    size = len(keys.dictionary)
    points = place(np.arange(size), np.full(size, on.toordinal()))
    most = status(people.trips(size, late=True), asked, points, known_on)
    least = _least(people, most, asked, points, known_on)
    return _answers(keys.dictionary, people, asked, most, least, size)


def _table(stays: Any) -> pa.Table:
    table = stays if isinstance(stays, pa.Table) else pa.table(stays)
    for name in ("person", "entry", "exit"):
        if name not in table.column_names:
            raise StayError(f"no column {name!r}", hint=f"the table has: {', '.join(table.column_names)}")
    for name in ("entry", "exit"):
        kind = table.schema.field(name).type
        if not (pa.types.is_date(kind) or pa.types.is_null(kind)):
            raise StayError(
                f"{name} is of type {kind}, not a date",
                hint="cast it to the day at the border: a time in UTC can fall on another day",
            )
    return table


@dataclass(frozen=True, eq=False)
class _People:
    """Stays as arrays, sorted by person and entry; `unseen` exits, the `earliest` and `latest` that they can be."""

    person: Positions
    entry: Positions
    earliest: Positions
    latest: Positions
    goes_on: NDArray[np.bool_]
    unseen: NDArray[np.bool_]
    followed: NDArray[np.bool_]
    bad: NDArray[np.int64]

    @classmethod
    def of(cls, table: pa.Table, keys: Any, rule: Rule) -> _People:
        person = keys.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        entry, no_entry = _ordinals_of(table["entry"])
        leave, no_exit = _ordinals_of(table["exit"])
        wrong = no_entry | (~no_exit & (leave < entry))
        keep = ~wrong
        if rule.conventions.not_counted and "basis" in table.column_names:
            counted = pc.is_in(table["basis"], pa.array(rule.conventions.not_counted))
            keep &= ~counted.to_numpy().astype(bool)
        inside = np.zeros(len(table), dtype=np.bool_)
        if "inside" in table.column_names:
            inside = pc.fill_null(table["inside"], fill_value=False).to_numpy().astype(bool)
        order = np.flatnonzero(keep)
        order = order[np.lexsort((entry[order], person[order]))]
        person, entry, leave = person[order], entry[order], leave[order]
        no_exit, inside = no_exit[order], inside[order]
        followed = np.append(person[1:] == person[:-1], False) if person.size else np.zeros(0, dtype=np.bool_)  # fmt: skip
        following = np.append(entry[1:], 0) if person.size else entry
        # Two entries in a row: the person left in between, on some day that nobody wrote down.
        latest = np.where(no_exit, np.where(followed, following, LAST_DAY.toordinal()), leave)
        unseen = no_exit & (followed | ~inside)
        return cls(
            person, entry, np.where(no_exit, entry, leave), latest, no_exit & ~followed, unseen, followed,
            np.unique(keys.indices.to_numpy(zero_copy_only=False)[wrong]),
        )  # fmt: skip

    def trips(self, size: int, *, late: bool) -> Trips:
        goes_on = self.goes_on & (late | ~self.unseen)
        return Trips.of(size, self.person, self.entry, self.latest if late else self.earliest, goes_on)

    def some(self, chosen: Positions, size: int) -> _People:
        """The stays of some persons, numbered anew in the order of `chosen`."""
        number = np.full(size, MISSING, dtype=np.int64)
        number[chosen] = np.arange(chosen.size)
        keep = number[self.person] != MISSING
        return replace(
            self, person=number[self.person[keep]], entry=self.entry[keep], earliest=self.earliest[keep],
            latest=self.latest[keep], goes_on=self.goes_on[keep], unseen=self.unseen[keep], followed=self.followed[keep],
        )  # fmt: skip


def _ordinals_of(column: pa.ChunkedArray) -> tuple[Positions, NDArray[np.bool_]]:
    days = pc.cast(column, pa.date32())
    missing = pc.is_null(days).to_numpy().astype(bool)
    numbers = pc.fill_null(pc.cast(days, pa.int32()), 0).to_numpy().astype(np.int64)
    return numbers + _EPOCH, missing


def _least(
    people: _People, most: Standings, rule: Rule, points: Positions, known_on: date | None
) -> Standings:
    """The answers with every unseen exit as early as it can be; only those who have one are counted again."""
    size = points.size
    chosen = np.unique(people.person[people.unseen])
    if not chosen.size:
        return most
    some = people.some(chosen, size)
    low = status(some.trips(chosen.size, late=False), rule, _of_some(points, chosen), known_on)
    merged = {}
    for name in ("version", "inside", "used", "left", "over", "longest", "latest", "breach_days", "first_breach", "next_entry"):  # fmt: skip
        values = getattr(most, name).copy()
        values[chosen] = getattr(low, name)
        merged[name] = values
    return Standings(**merged)


def _of_some(points: Positions, chosen: Positions) -> Positions:
    """The days of some persons, as points of persons numbered anew."""
    return place(np.arange(chosen.size), day_of(points[chosen]))


def _answers(
    keys: pa.Array, people: _People, rule: Rule, most: Standings, least: Standings, size: int
) -> pa.Table:
    known = most.version != MISSING
    seen = np.zeros(size, dtype=np.bool_)
    seen[people.person] = True
    bad = np.zeros(size, dtype=np.bool_)
    bad[people.bad] = True
    unlawful_most, unlawful_least = (each.inside & (each.over > 0) for each in (most, least))
    unsure = unlawful_most != unlawful_least
    if any(limit.kind is Kind.FIRST_ENTRY for version in rule.versions for limit in version.limits):
        # A longer stay can begin a period earlier and so make a later count smaller: the two ends bound nothing.
        unsure[people.person[people.unseen & people.followed]] = True
    because = np.select(
        [bad, ~known, unsure, unlawful_most, most.inside & least.inside, least.breach_days > 0],
        [_BAD_DATES, _NO_RULE, _UNSEEN, _PRESENT, _WITHIN, _PAST],
        default=_GONE,
    )
    verdict = np.select(
        [bad | ~known | unsure, unlawful_most], [str(Verdict.UNDETERMINED), str(Verdict.NOT_LAWFUL)],
        default=str(Verdict.LAWFUL),
    )  # fmt: skip
    inside = np.where(most.inside == least.inside, np.where(most.inside, "yes", "no"), "unknown")
    names = np.array([*(version.id for version in rule.versions), ""], dtype=object)
    told = known & seen & ~bad
    columns = [
        keys,
        pa.array(names[most.version], pa.string(), mask=~known),
        pa.array(verdict, pa.string()),
        pa.array(because, pa.string()),
        pa.array(inside, pa.string(), mask=~told),
        _numbers(least.used, told),
        _numbers(most.used, told),
        _numbers(least.left, told),
        _numbers(most.left, told),
        _days(most.latest, told & most.inside),
        _numbers(least.breach_days, told),
        _numbers(most.breach_days, told),
        _days(least.first_breach, told),
        _days(np.where(most.inside, MISSING, most.next_entry), told),
    ]
    return pa.table(columns, names=list(REGISTER_COLUMNS))


def _numbers(values: Positions, told: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values.astype(np.int32), pa.int32(), mask=~told | (values == MISSING))


def _days(values: Positions, told: NDArray[np.bool_]) -> pa.Array:
    hidden = ~told | (values == MISSING) | (values == NEVER)
    days = np.where(hidden, 0, values - _EPOCH).astype(np.int32)
    return pa.array(days, pa.int32(), mask=hidden).cast(pa.date32())
