"""A register through the rules: the same answers as one by one, and no overstay from a missing exit."""

from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from tolqyn.errors import StayError
from tolqyn.stay import answer, load_rules, parse_stay
from tolqyn.stay.register import REGISTER_COLUMNS, answer_table

BOOK = load_rules()
ON = date(2023, 6, 1)


def table(rows, **more):
    person, entry, leave = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {"person": pa.array(person), "entry": pa.array(entry, pa.date32()), "exit": pa.array(leave, pa.date32())}  # fmt: skip
    return pa.table(columns | more)


def one(rows, rule="kz-eaeu", on=ON, **more):
    return answer_table(table(rows, **more), BOOK.rule(rule), on).to_pylist()[0]


@pytest.mark.parametrize(
    "rule", ["kz-eaeu", "kz-visafree", "schengen", "mn-ru", "ru-visafree", "ge", "uk-visitor", "tr-ru"]
)
def test_many_at_once_are_answered_as_one_by_one(rule):
    rng = np.random.default_rng(7)
    persons, rows, texts = 60, [], {}
    for person in range(persons):
        day, told = date(2022, 6, 1) + timedelta(int(rng.integers(0, 60))), []
        for _ in range(rng.integers(1, 5)):
            leave = day + timedelta(int(rng.integers(0, 70)))
            rows.append((f"p{person}", day, leave))
            told.append(f"{day}/{leave}")
            day = leave + timedelta(int(rng.integers(0, 60)))
        texts[f"p{person}"] = told
    rng.shuffle(rows)

    found = {row["person"]: row for row in answer_table(table(rows), BOOK.rule(rule), ON).to_pylist()}

    for person, told in texts.items():
        alone = answer([parse_stay(text) for text in told], BOOK.rule(rule), ON)
        many = found[person]
        assert many["verdict"] == alone.verdict, (person, told)
        assert many["rule"] == alone.rule
        for name in ("days_used", "days_left", "latest_exit", "breach_days", "first_breach", "next_entry"):
            one_by_one = alone.figures.get(name)
            assert many[name] == (one_by_one and one_by_one.low), (person, name, told)


def test_a_missing_exit_is_never_an_overstay():
    row = one([("a", date(2023, 1, 30), None)])

    assert (row["verdict"], row["because"], row["inside"]) == (
        "undetermined",
        "an exit was not seen",
        "unknown",
    )
    assert (row["days_used"], row["days_used_most"]) == (1, 123)


def test_a_missing_exit_within_the_term_is_lawful_whatever_happened():
    row = one([("a", date(2023, 5, 20), None)])

    assert row["verdict"] == "lawful"


def test_who_is_known_to_be_inside_is_answered_plainly():
    row = one([("a", date(2023, 1, 30), None)], inside=pa.array([True]))

    assert (row["verdict"], row["inside"], row["days_used"]) == ("not lawful", "yes", 123)


def test_two_entries_in_a_row_are_a_missed_exit_between_them():
    row = one([("a", date(2023, 2, 1), None), ("a", date(2023, 4, 1), date(2023, 4, 10))])

    assert (row["days_used"], row["days_used_most"]) == (11, 69)
    assert row["inside"] == "no"


def test_a_stay_that_goes_on_does_not_reach_the_next_person():
    rows = [
        ("a", date(2023, 5, 1), None),
        ("b", date(2023, 5, 10), date(2023, 5, 12)),
        ("c", date(2023, 5, 20), None),
    ]

    found = answer_table(table(rows, inside=pa.array([True] * 3)), BOOK.rule("kz-eaeu"), ON).to_pylist()

    assert [(row["days_used"], row["inside"]) for row in found] == [(32, "yes"), (3, "no"), (13, "yes")]


def test_being_inside_now_says_nothing_of_an_earlier_exit_that_was_not_seen():
    rows = [("a", date(2023, 2, 1), None), ("a", date(2023, 5, 1), None)]

    row = one(rows, inside=pa.array([True, True]))

    assert (row["days_used"], row["days_used_most"]) == (33, 121)
    assert (row["verdict"], row["because"]) == ("undetermined", "an exit was not seen")


def test_a_period_from_the_first_entry_is_not_bounded_by_its_ends():
    """A longer first stay can begin the next period earlier, so the extremes of an unseen exit settle nothing."""
    rows = [("a", date(2022, 6, 1), None), ("a", date(2023, 5, 20), date(2023, 6, 10))]

    assert one(rows, "mn-ru")["verdict"] == "undetermined"


def test_bad_dates_and_dates_before_every_rule_are_undetermined():
    found = answer_table(
        table([("bad", date(2023, 2, 1), date(2023, 1, 1)), ("none", None, None)]), BOOK.rule("kz-eaeu"), ON
    ).to_pylist()
    early = one([("a", date(2010, 1, 1), date(2010, 1, 5))], "ge", date(2010, 1, 3))

    assert [row["because"] for row in found] == ["a date is missing or an exit is before its entry"] * 2
    assert (early["verdict"], early["rule"]) == ("undetermined", None)


def test_a_basis_that_does_not_count_is_left_out():
    rows = [("a", date(2023, 2, 1), date(2023, 4, 1)), ("a", date(2023, 5, 1), date(2023, 5, 5))]

    row = one(rows, basis=pa.array(["residence_permit", None]))

    assert row["days_used"] == 5


def test_a_duckdb_table_is_a_table():
    con = duckdb.connect()
    stays = con.sql("select 1 as person, date '2023-05-01' as entry, date '2023-05-09' as exit")

    found = answer_table(stays, BOOK.rule("kz-eaeu"), ON)

    assert tuple(found.column_names) == REGISTER_COLUMNS
    assert found["days_used"].to_pylist() == [9]


def test_an_empty_register_has_no_answers():
    assert answer_table(table([]), BOOK.rule("kz-eaeu"), ON).num_rows == 0


def test_times_and_missing_columns_are_refused():
    with pytest.raises(StayError, match="no column 'exit'"):
        answer_table(pa.table({"person": [1], "entry": [ON]}), BOOK.rule("kz-eaeu"), ON)
    timed = pa.table({"person": [1], "entry": pa.array([0], pa.timestamp("us")), "exit": pa.array([ON])})
    with pytest.raises(StayError, match="not a date"):
        answer_table(timed, BOOK.rule("kz-eaeu"), ON)
