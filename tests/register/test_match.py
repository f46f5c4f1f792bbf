"""Matching in order of time: three classes, never two, on both engines."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register.crossings import crossing, on_each_engine, plain_match, plain_tally, write

from tolqyn.register import Settings, open_register
from tolqyn.register.posts import FIGURES


def counts(rows):
    found = {}
    for row, status, _ in plain_match(rows):
        key = (row["direction"], status)
        found[key] = found.get(key, 0) + 1
    return found


CASES = {
    "an exit closes the entry before it": (
        [("21 10:00", "in"), ("22 10:00", "out")],
        {("in", "left"): 1, ("out", "matched"): 1},
    ),
    "an exit needs an earlier entry": (
        [("21 10:00", "out"), ("22 10:00", "in")],
        {("out", "unmatched"): 1, ("in", "open"): 1},
    ),
    "two entries in a row mean a missed exit": (
        [("21 10:00", "in"), ("23 10:00", "in"), ("24 10:00", "out")],
        {("in", "superseded"): 1, ("in", "left"): 1, ("out", "matched"): 1},
    ),
    "a run of scans is one crossing": (
        [
            ("21 10:00", "in"),
            ("21 10:03", "in"),
            ("21 10:06", "in"),
            ("22 10:00", "out"),
            ("22 10:04", "out"),
        ],
        {("in", "duplicate"): 2, ("in", "left"): 1, ("out", "matched"): 1, ("out", "duplicate"): 1},
    ),
    "a run of scans over midnight is one crossing": (
        [("21 23:58", "in"), ("22 00:03", "in")],
        {("in", "duplicate"): 1, ("in", "open"): 1},
    ),
    "nobody enters at two posts within minutes": (
        [("21 10:00", "in", "Post A"), ("21 10:04", "in", "Post B"), ("22 10:00", "out", "Post B")],
        {("in", "two_places"): 1, ("in", "left"): 1, ("out", "matched"): 1},
    ),
    "of one second, whoever was out comes in first": (
        [("21 00:00", "out"), ("21 00:00", "in"), ("22 00:00", "in"), ("22 00:00", "out")],
        {("in", "left"): 2, ("out", "matched"): 2},
    ),
    "of one second, whoever was in goes out first": (
        [("20 00:00", "in"), ("21 00:00", "in"), ("21 00:00", "out"), ("22 00:00", "out")],
        {("in", "left"): 2, ("out", "matched"): 2},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_known_case(name, opened):
    """Each by hand; the order of the rows in the file must not matter."""
    scans, expected = CASES[name]
    rows = [crossing("p", *scan) for scan in reversed(scans)]

    found = opened(rows).statuses()

    assert found == expected
    assert counts(rows) == expected  # the plain matcher is held to the same


@on_each_engine
def test_all_known_cases_in_one_register(opened):
    """The cases of many people stay apart from one another."""
    rows = [crossing(name, *scan) for name, (scans, _) in CASES.items() for scan in scans]
    expected = Counter()
    for _, outcome in CASES.values():
        expected.update(outcome)

    assert opened(rows).statuses() == expected


def test_a_crossing_without_a_key_is_counted_and_never_matched(opened):
    rows = [crossing(None, "21 10:00", "in"), crossing("", "22 10:00", "out")]

    register = opened(rows)

    assert register.statuses() == {("in", "keyless"): 1, ("out", "keyless"): 1}
    (row,) = register.tally(("citizenship",)).to_pylist()
    assert (row["entries"], row["exits"], row["keyless"], row["persons_in"]) == (1, 1, 2, 0)


def test_an_unmatched_entry_is_within_its_term_or_not(opened):
    rows = [
        crossing("a", "2022-09-01 10:00", "in"),
        crossing("b", "2022-09-01 10:00", "in", citizenship="KGZ"),
        crossing("c", "2022-09-30 10:00", "in"),
        crossing("d", "2022-10-01 09:00", "in"),
        crossing("d", "2022-10-01 12:00", "out"),
    ]

    on_the_day = opened(rows, term_days=30, terms={"KGZ": 29}).classes(()).to_pylist()[0]
    a_day_less = opened(rows, term_days=29).classes(()).to_pylist()[0]

    assert (on_the_day["left"], on_the_day["within_term"], on_the_day["unmatched"]) == (1, 2, 1)
    assert (a_day_less["left"], a_day_less["within_term"], a_day_less["unmatched"]) == (1, 1, 2)


def test_as_of_uses_nothing_later(opened):
    rows = [
        crossing("a", "21 10:00", "in"),
        crossing("a", "25 10:00", "out"),
        crossing("b", "26 00:00", "in"),
    ]

    register = opened(rows, as_of=datetime(2022, 9, 24, tzinfo=UTC).date())

    assert register.statuses() == {("in", "open"): 1}
    assert register.last_day.isoformat() == "2022-09-24"


def test_a_day_ends_at_the_midnight_of_the_zone(opened):
    """20:00 UTC is 2 in the morning of the next day in Almaty; in Berlin the clock goes back on 30 October."""
    rows = [
        crossing("a", "21 20:00", "in"),
        crossing("b", "2022-10-29 22:30", "in"),
        crossing("c", "2022-10-30 22:30", "in"),
    ]

    almaty = opened(rows, zone="Asia/Almaty").tally(("date",)).to_pylist()
    berlin = opened(rows, zone="Europe/Berlin").tally(("date",)).to_pylist()

    assert [str(row["date"]) for row in almaty] == ["2022-09-22", "2022-10-30", "2022-10-31"]
    assert [str(row["date"]) for row in berlin] == ["2022-09-21", "2022-10-30"]
    assert [row["entries"] for row in berlin] == [1, 2]


def hard_register(persons=400, seed=1):
    """Random crossings made to collide: coarse times, few posts, scans twice, keys missing."""
    chance = random.Random(seed)
    start = datetime(2022, 9, 20, tzinfo=UTC)
    rows = []
    for person in range(persons):
        step = chance.choice([60, 3600, 86400])  # of some people only the hour or the day is kept
        for _ in range(chance.randrange(1, 12)):
            at = start + timedelta(seconds=step * chance.randrange(max(1, 6 * 86400 // step)))
            row = crossing(
                None if chance.random() < 0.02 else f"p{person}",
                at,
                chance.choice(["in", "out"]),
                chance.choice(["Post A", "Post B", "Қос пост"]),
                chance.choice(["RUS", "RUS", "KGZ", None]),
                chance.choice(["work", "visit", None]),
            )
            rows.append(row)
            if chance.random() < 0.2:
                rows.append({**row, "time": at + timedelta(seconds=chance.randrange(0, 900))})
    chance.shuffle(rows)
    return rows


BYS = [
    ("date", "checkpoint", "citizenship", "purpose"),
    ("date", "checkpoint"),
    ("citizenship", "date"),
    ("date",),
    ("checkpoint", "purpose"),
    (),
]


@on_each_engine
def test_engines_agree_with_the_plain_way_to_the_last_digit(opened):
    rows = hard_register()

    register = opened(rows)

    assert register.statuses() == counts(rows)
    for by in BYS:
        expected = plain_tally(rows, by)
        reported = [row for row in register.tally(by).to_pylist() if row["status"] == "reported"]
        found = {tuple(row[name] for name in by): row for row in reported}
        assert found.keys() == expected.keys()
        for cell, row in found.items():
            figures = {name: row[name] for name in FIGURES if name != "net"}
            assert figures == {name: expected[cell][name] for name in figures}, (by, cell)
            assert row["net"] == row["entries"] - row["exits"]


scans = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.integers(0, 20),
        st.sampled_from([1, 60, 400, 43200, 86400]),
        st.sampled_from(["in", "out"]),
        st.sampled_from(["A", "B"]),
    ),
    min_size=1,
    max_size=12,
)


@given(scans)
@settings(max_examples=40)
def test_any_crossings_come_out_as_the_plain_way_has_them(tmp_path_factory, drawn):
    """Small and odd registers; the classes add up to the entries."""
    start = datetime(2022, 9, 20, tzinfo=UTC)
    rows = [
        crossing(who, start + timedelta(seconds=n * step), way, post) for who, n, step, way, post in drawn
    ]
    path = write(tmp_path_factory.getbasetemp() / "any.parquet", rows)

    with open_register(path, settings=Settings(term_days=3), memory="500MB", threads=1) as register:
        statuses = register.statuses()
        (row,) = register.classes(()).to_pylist()

    assert statuses == counts(rows)
    assert row["entries"] == row["left"] + row["within_term"] + row["unmatched"]
    assert sum(statuses.values()) == len(rows)
