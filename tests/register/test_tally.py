"""Tallies and stock: exact totals, unknown is not zero, nothing is lost between days."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from register.crossings import crossing, on_each_engine, write
from register.test_match import hard_register

from tolqyn.errors import RegisterError, UsageError
from tolqyn.register import Recipe, read_posts, register_batch, register_of_totals, stay_lengths, stock

DATA = Path(__file__).parent / "data"


def hong_kong():
    """Totals of a week of Hong Kong, a row for each day, post, direction and group with anybody in it."""
    with (DATA / "hong-kong-april-2020.csv").open() as stream:
        return [
            {
                "date": date.fromisoformat(row["date"]),
                "checkpoint": row["control_point"],
                "direction": {"arrival": "in", "departure": "out"}[row["direction"]],
                "citizenship": group,
                "count": int(row[group]),
            }
            for row in csv.DictReader(stream)
            for group in ("hk_residents", "mainland_visitors", "other_visitors")
        ]


@on_each_engine
def test_hong_kong_is_tallied_back_exactly(opened, tmp_path):
    totals = hong_kong()
    register = opened(write(tmp_path / "hk.parquet", register_of_totals(totals)))

    rows = register.tally(("date", "checkpoint", "citizenship")).to_pylist()

    found, expected = Counter(), Counter()
    for row in rows:
        cell = (row["date"], row["checkpoint"], row["citizenship"])
        if row["status"] == "reported":
            found[(*cell, "in")], found[(*cell, "out")] = row["entries"], row["exits"]
    for row in totals:
        expected[row["date"], row["checkpoint"], row["citizenship"], row["direction"]] += row["count"]
    assert +found == +expected
    assert sum(found.values()) == 17_400  # the sum of the column `total`
    assert {row["checkpoint"] for row in rows} == {cell[1] for cell in +expected}


def test_every_post_that_was_silent_is_a_row_without_figures(opened):
    rows = [
        crossing("a", "21 10:00", "in", "Post A"),
        crossing("b", "22 10:00", "in", "Post B"),
        crossing("c", "23 10:00", "in", "Post A"),
    ]

    register = opened(rows)
    found = register.tally(("date", "checkpoint")).to_pylist()
    by_day = register.tally(("date",)).to_pylist()

    silent = [(row["date"].day, row["checkpoint"]) for row in found if row["status"] == "silent"]
    assert silent == [(21, "Post B"), (22, "Post A"), (23, "Post B")]
    assert all(row["entries"] is None and row["net"] is None for row in found if row["status"] == "silent")
    assert [row["posts_silent"] for row in by_day] == [1, 1, 1]


def test_a_post_known_to_be_open_saw_nobody_and_a_closed_one_is_closed(opened, tmp_path):
    rows = [crossing("a", f"{day} 10:00", "in", "Post A") for day in (21, 22, 23)]
    rows.append(crossing("b", "22 11:00", "in", "Post B"))
    table = tmp_path / "posts.csv"
    table.write_text(
        "checkpoint,first,last,status\nPost B,2022-09-01,2022-09-30,open\nPost B,2022-09-23,2022-09-23,closed\n"
        "Post C,2022-09-23,2022-09-23,closed\n"
    )

    found = opened(rows).tally(("date", "checkpoint"), read_posts(table)).to_pylist()

    of = {(row["date"].day, row["checkpoint"]): (row["status"], row["entries"]) for row in found}
    assert of[21, "Post B"] == ("reported", 0)
    assert of[23, "Post B"] == ("closed", None)
    assert of[23, "Post C"] == ("closed", None)
    assert of[21, "Post C"] == ("silent", None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Post B,2022-09-31,2022-09-30,open", "row 2: cannot be read"),
        ("Post B,2022-09-21,2022-09-20,open", "row 2: last is 2022-09-20, before first"),
        ("Post B,2022-09-21,2022-09-22,shut", "row 2: cannot be read: 'shut'"),
    ],
)
def test_a_bad_row_of_the_posts_is_named(tmp_path, line, message):
    table = tmp_path / "posts.csv"
    table.write_text(f"checkpoint,first,last,status\n{line}\n")

    with pytest.raises(RegisterError, match=message):
        read_posts(table)


def test_counting_by_what_is_not_there_is_refused(opened):
    register = opened([crossing("a", "21 10:00", "in")])

    with pytest.raises(UsageError, match="cannot count by 'person'"):
        register.tally(("person",))


@on_each_engine
def test_stock_changes_by_entries_minus_exits_on_every_day(opened):
    """Whatever the register looks like: odd keys, missed exits, exits of people never seen."""
    register = opened(hard_register(seed=3))

    total = Counter()
    for row in stock(register).to_pylist():
        total[row["date"]] += row["persons"]
    net = {row["date"]: row["net"] for row in register.tally(("date",)).to_pylist()}

    before = 0
    for day in sorted(total):
        assert total[day] - before == net.get(day, 0), day
        before = total[day]
    assert len(total) == (max(total) - min(total)).days + 1


def test_days_present_are_those_since_the_entry(opened):
    rows = [
        crossing("a", "2022-09-01 10:00", "in"),
        crossing("a", "2022-09-05 10:00", "out"),
        crossing("b", "2022-09-04 10:00", "in"),
        crossing("c", "2022-09-12 10:00", "out"),
    ]

    table = stock(opened(rows)).to_pylist()

    of = {(row["date"].day, row["days_present"]): row["persons"] for row in table if row["persons"]}
    assert of == {
        (1, "0"): 1, (2, "1-2"): 1, (3, "1-2"): 1, (4, "3-6"): 1, (4, "0"): 1, (5, "1-2"): 1, (6, "1-2"): 1,
        (7, "3-6"): 1, (8, "3-6"): 1, (9, "3-6"): 1, (10, "3-6"): 1, (11, "7-13"): 1, (12, "7-13"): 1,
        (12, "no_entry"): -1,
    }  # fmt: skip


@on_each_engine
def test_lengths_of_stay_by_hand(opened):
    """Four stays: one ended on its day, one after two days, two were last seen entering."""
    rows = [
        crossing("a", "21 08:00", "in"),
        crossing("a", "21 10:00", "out"),
        crossing("b", "21 08:00", "in"),
        crossing("b", "23 08:00", "out"),
        crossing("c", "22 08:00", "in"),
        crossing("d", "20 08:00", "in"),
    ]

    table = stay_lengths(opened(rows)).to_pylist()

    # At risk: 4, then 3 of which one is lost from sight after a day, then 2 of which one leaves.
    assert [(row["days"], row["left"], row["open"]) for row in table] == [
        (0, 1, 0),
        (1, 0, 1),
        (2, 1, 0),
        (3, 0, 1),
    ]
    assert [row["ended"] for row in table] == pytest.approx([0.25, 0.25, 0.625, 0.625])


def test_a_perfect_register_gives_the_truth(opened, tmp_path):
    """Nothing missed, nothing scanned twice: entries, exits and those here are what happened."""
    recipe = Recipe(days=60, missing_exits=0, missing_entries=0, duplicates=0, clock_errors=0, term_days=20)
    events, truth = register_batch(recipe, 5, 0, 3000)

    register = opened(write(tmp_path / "perfect.parquet", events), term_days=20)
    rows = {row["date"]: row for row in register.tally(("date",)).to_pylist()}
    (classes,) = register.classes(()).to_pylist()

    days = [recipe.start + timedelta(n) for n in range(recipe.days)]
    assert [rows[day]["entries"] if day in rows else 0 for day in days] == truth.entries.tolist()
    assert [rows[day]["exits"] if day in rows else 0 for day in days] == truth.exits.tolist()
    assert classes["within_term"] + classes["unmatched"] == truth.present
    assert classes["unmatched"] == truth.overstaying
    assert classes["exits_without_entry"] == classes["entered_again"] == classes["repeated_scans"] == 0
