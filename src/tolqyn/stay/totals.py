"""A whole register on the stay clock: how many persons are within the rule of their citizenship, as totals alone.

Pure but for the register that it asks, which judges people inside and lets only counts out.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tolqyn.errors import StayError
from tolqyn.places import alpha2
from tolqyn.register import Register, Scheme
from tolqyn.stay.load import RuleBook
from tolqyn.stay.person import Verdict
from tolqyn.stay.register import answer_table
from tolqyn.stay.rule import Kind, Rule, Version

__all__ = ["STANDING", "STANDINGS", "stay_totals"]

STANDINGS = ("gone_in_time", "gone_late", "lawful", "not_lawful", "exit_unseen", "before_register", "no_rule")
"""Classes of persons: not inside, and never or once beyond a limit as far as the register saw; inside or perhaps so, and
lawful all the same; inside against the rule; undetermined because an exit was not seen; undetermined because stays before
the register's first day, which nobody can see in it, could decide; undetermined because no rule on file answers."""

NO_LIMIT = 10_000
"""Days left where no limit counts over visits."""

STANDING = Scheme(sums={"persons": dict.fromkeys(STANDINGS, 1)})
"""How the figures of `stay_totals` hang together, for `tolqyn.register.protect`."""


def stay_totals(
    register: Register,
    book: RuleBook,
    destination: str,
    on: date | None = None,
    *,
    known_on: date | None = None,
) -> pa.Table:
    """Persons of a register by citizenship and by what the rules of a country make of their stays on a day.

    Each citizenship is answered by its own rule, each entry by the version in force. A missing exit is never an
    overstay: where it decides, the person is undetermined (`exit_unseen`). So is who is inside under a rule that looks
    back beyond the register's first day, where days before it could decide (`before_register`). Stays that the register
    did not see begin are not counted, and crossings without a key are nobody's.

    Args:
        register: opened.
        book: the rules on file.
        destination: the country of the register, ISO 3166-1 alpha-2, or an area such as SCHENGEN.
        on: the day asked; the register's last day if not said. Later stays are not known of.
        known_on: answer as it could be known on that day.

    Returns:
        citizenship, persons, and the figures of `STANDINGS`, whose sum is `persons`; not protected.

    Raises:
        StayError: a day after the register's last, on which nobody knows who is there.
    """
    day = on or register.last_day
    if day > register.last_day:
        raise StayError(
            f"{day} is after the register's last day, {register.last_day}", hint="ask an earlier day"
        )

    def judge(stays: pa.Table) -> pa.Table:
        stays = stays.filter(pc.less_equal(stays["entry"], pa.scalar(day)))
        # An exit after the day had not happened on it, and it is known that it had not.
        later = pc.fill_null(pc.greater(stays["exit"], pa.scalar(day)), fill_value=False)
        stays = stays.append_column("inside", later)
        stays = stays.set_column(3, "exit", pc.if_else(later, pa.scalar(None, pa.date32()), stays["exit"]))
        # A person is answered by the citizenship of the last entry.
        person = stays["person"].to_numpy()
        last = np.flatnonzero(np.append(person[1:] != person[:-1], True)) if person.size else person
        names = stays["citizenship"].combine_chunks().dictionary_encode()
        of_person = names.indices.to_numpy()[last]
        of_stay = np.repeat(of_person, np.diff(last, prepend=-1))
        classes = [pa.schema([("citizenship", pa.string()), ("standing", pa.string())]).empty_table()]
        for code in np.unique(of_person):
            citizenship = names.dictionary[code].as_py()
            # Codes of two letters stand for themselves; of whom nothing is known no rule can answer.
            national = alpha2(citizenship) or (citizenship if len(citizenship) == 2 else None)
            rule = book.find(destination, national, on=day) if national else None
            own = stays.filter(pa.array(of_stay == code))
            count = int((of_person == code).sum())
            standing = (
                pa.repeat("no_rule", count)
                if rule is None
                else _standing(answer_table(own, rule, day, known_on=known_on), rule, day, register.first_day)
            )
            classes.append(pa.table({"citizenship": pa.repeat(citizenship, count), "standing": standing}))
        return pa.concat_tables(classes)

    counts: dict[str, dict[str, int]] = {}
    for row in register.count_stays(judge).to_pylist():
        counts.setdefault(row["citizenship"], dict.fromkeys(STANDINGS, 0))[row["standing"]] = row["persons"]
    rows = [{"citizenship": who, "persons": sum(of.values()), **of} for who, of in sorted(counts.items())]
    figures = [(name, pa.int64()) for name in ("persons", *STANDINGS)]
    return pa.Table.from_pylist(rows, schema=pa.schema([("citizenship", pa.string()), *figures]))


def _standing(answers: pa.Table, rule: Rule, day: date, first: date) -> pa.Array:
    """The class of each person, from what the rule made of them and what the register, from its first day, can see."""

    def holds(name: str, value: str) -> NDArray[np.bool_]:
        return np.asarray(pc.fill_null(pc.equal(answers[name], value), fill_value=False), dtype=bool)

    unseen = np.zeros(answers.num_rows, np.int64)
    periods = np.zeros(answers.num_rows, bool)
    for version in rule.versions:
        governed = holds("rule", version.id)
        unseen[governed] = _days_before(version, day, first)
        periods |= governed & any(limit.kind is Kind.FIRST_ENTRY for limit in version.limits)
    left = np.asarray(pc.fill_null(answers["days_left_least"], NO_LIMIT))
    within = ~holds("inside", "no")
    # A stay before the register can have begun a period earlier, and so have ended it, too.
    hangs_on_before = within & ((unseen > left) | (periods & (unseen > 0)))
    found = np.select(
        [
            np.asarray(answers["rule"].is_null(), dtype=bool),
            holds("verdict", Verdict.UNDETERMINED),
            holds("verdict", Verdict.NOT_LAWFUL) & ~(hangs_on_before & periods),
            hangs_on_before,
            within,
            np.asarray(pc.fill_null(answers["breach_days"], 0)) > 0,
        ],
        [
            STANDINGS.index(name)
            for name in ("no_rule", "exit_unseen", "not_lawful", "before_register", "lawful", "gone_late")
        ],
        default=0,
    )
    return pa.DictionaryArray.from_arrays(pa.array(found, pa.int8()), pa.array(STANDINGS)).cast(pa.string())


def _days_before(version: Version, day: date, first: date) -> int:
    """The most days before the register's first on which a limit of this version looks back on a day."""
    since = date.max
    for limit in version.limits:
        match limit.kind:
            case Kind.ROLLING | Kind.FIRST_ENTRY:
                begins = day - timedelta((limit.window or 0) - 1)
            case Kind.CALENDAR_YEAR:
                begins = day.replace(month=1, day=1)
            case Kind.ABSENCE:
                begins = day - timedelta(31 * (limit.window_months or 0))  # as long as so many months can be
            case _:
                continue  # a visit, or a date: nothing before the entry counts
        since = min(since, begins)
    counted = max(since, version.count_stays_entered_from or since)
    return max(0, (first - counted).days)
