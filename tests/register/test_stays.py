"""Overstays as a distribution: a missing exit is not an overstay, and the interval says what is not known."""

import numpy as np
import pyarrow as pa
import pytest
from register.crossings import crossing, on_each_engine, write

from tolqyn.errors import UsageError
from tolqyn.register import Recipe, open_register, overstays, register_batch


def judged(tmp_path, missing, seed, persons=6000):
    events, truth = register_batch(Recipe(missing_exits=missing), seed, 0, persons)
    with open_register(write(tmp_path / "events.parquet", events), memory="500MB", threads=1) as register:
        return overstays(register, seed=seed, draws=1000), truth


def test_overstays_are_unbiased_and_their_interval_holds(tmp_path):
    """The full study (a hundred registers) is in studies/; here thirty small ones, 2 to 10 % of exits missing."""
    runs = [judged(tmp_path, missing, seed) for seed, missing in enumerate(np.linspace(0.02, 0.10, 30))]

    errors = np.array([found.present[0] - truth.overstaying for found, truth in runs])
    inside = sum(found.present[1] <= truth.overstaying <= found.present[2] for found, truth in runs)
    naive = np.array([found.unmatched - truth.overstaying for found, truth in runs])
    assert abs(errors.mean()) < 3 * errors.std(ddof=1) / np.sqrt(len(runs))
    assert inside >= 23  # of 30 at 90 %: fewer would come about once in 130 times
    assert naive.mean() > 50  # what counting unmatched entries would get wrong


def test_without_missing_exits_overstays_are_counted(opened):
    rows = [crossing(f"p{n}", "2022-06-01 10:00", "in") for n in range(5)]
    rows += [crossing(f"q{n}", "2022-06-01 10:00", "in") for n in range(200)]
    rows += [crossing(f"q{n}", "2022-06-09 10:00", "out") for n in range(200)]
    rows += [crossing(f"q{n}", "2022-09-29 10:00", "in") for n in range(200)]

    found = overstays(opened(rows, term_days=90))

    assert found.unmatched == 5
    assert found.missing[0] < 0.01
    assert found.present[0] == pytest.approx(
        5
    )  # those who left have all come again: none can have left unseen


def test_late_leavers_are_told_from_those_still_here(opened):
    rows = [crossing("late", "2022-06-01 10:00", "in"), crossing("late", "2022-07-11 10:00", "out")]
    rows += [crossing("here", "2022-07-01 10:00", "in"), crossing("now", "2022-09-20 10:00", "in")]

    found = overstays(opened(rows, term_days=30))
    table = {row["days_over"]: row for row in found.table.to_pylist()}

    assert table["8-30"]["left_late_seen"] == 1
    assert found.unmatched == 1
    assert found.left_late[0] >= 1
    assert table["31-90"]["mean"] == pytest.approx(1, abs=0.1)
    assert found.missing[0] == pytest.approx(0.05, abs=0.01)  # nothing is known: the prior speaks


def test_the_same_seed_gives_the_same_draws(tmp_path):
    first, _ = judged(tmp_path, 0.05, 3, persons=500)
    again, _ = judged(tmp_path, 0.05, 3, persons=500)

    assert (first.draws == again.draws).all()
    assert first.table.equals(again.table)


@on_each_engine
def test_people_are_judged_inside_and_only_counts_come_out(opened):
    """Three people; the judge sees the stays of each in order, and no key."""
    rows = [
        crossing("a", "2022-09-01 10:00", "in"),
        crossing("a", "2022-09-03 10:00", "out"),
        crossing("a", "2022-09-05 10:00", "in"),
        crossing("b", "2022-09-02 10:00", "in", citizenship="KGZ"),
        crossing("b", "2022-09-04 10:00", "in", citizenship="KGZ"),
        crossing("c", "2022-09-02 10:00", "in"),
        crossing("c", "2022-09-03 10:00", "out"),
        crossing("c", "2022-09-06 10:00", "in"),
    ]

    def judge(stays):
        people = {}
        for row in stays.to_pylist():
            people.setdefault(row["person"], []).append((row["entry"].day, row["exit"] and row["exit"].day))
        return pa.table({"stays": [str(found) for found in people.values()]})

    counts = opened(rows).count_stays(judge).to_pylist()

    assert counts == [
        {"stays": "[(1, 3), (5, None)]", "persons": 1},
        {"stays": "[(2, 3), (6, None)]", "persons": 1},
        {"stays": "[(2, None), (4, None)]", "persons": 1},
    ]


def test_a_judge_that_gives_more_than_classes_is_refused(opened):
    with pytest.raises(UsageError, match="and not only text"):
        opened([crossing("a", "21 10:00", "in")]).count_stays(lambda stays: stays)
