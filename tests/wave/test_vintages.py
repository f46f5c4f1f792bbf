"""A wave's own past: estimates replayed day by day, and what moved a number since one was kept."""

from datetime import date

import pytest

from tolqyn.errors import UsageError
from tolqyn.situation import Event
from tolqyn.wave import create

TABLE = """measure,place,group,value,window_start,window_end,organization,said
entries,KAZ,RUS,30000,2022-09-21,2022-09-24,Border Service,2022-09-25
exits,KAZ,RUS,20000,2022-09-21,2022-09-24,Border Service,2022-09-25
stock,KAZ,RUS,90000,2022-09-24,2022-09-24,Ministry,2022-09-25
"""
OTHER = """measure,place,group,value,window_start,window_end,organization,said
entries,KAZ,RUS,36000,2022-09-21,2022-09-24,Police,2022-09-25
"""
LATER = """measure,place,group,value,window_start,window_end,organization,said
entries,KAZ,RUS,33000,2022-09-21,2022-09-24,Border Service,2022-09-28
entries,KAZ,RUS,12000,2022-09-25,2022-09-26,Border Service,2022-09-28
"""


@pytest.fixture
def wave(tmp_path):
    with create(
        tmp_path / "w", title="made up", places=["KAZ"], groups=["RUS"], start=date(2022, 9, 15), end=date(2022, 10, 1),
        events=[Event(date(2022, 9, 21), "made up")],
    ) as opened:  # fmt: skip
        (opened.path / "tables" / "first.csv").write_text(TABLE)
        opened.add()
        yield opened


def test_each_day_of_news_is_a_vintage(wave):
    (wave.path / "tables" / "later.csv").write_text(LATER)
    wave.add()
    steps = []

    told = wave.vintages(step=lambda done, total: steps.append((done, total)))

    assert {then.as_of for then, _ in told} == {date(2022, 9, 25), date(2022, 9, 28)}
    assert all(then.span == now.span for then, now in told)
    assert steps[-1] == (3, 3)


def test_nothing_changed_moves_nothing(wave):
    wave.estimate()
    (kept,) = wave.kept_estimates()

    for change in wave.changes_since(kept.id):
        assert change.parts == pytest.approx(dict.fromkeys(change.parts, 0.0), abs=1e-6)


def test_a_change_is_split_into_revised_and_new(wave):
    wave.estimate(as_of=date(2022, 9, 26))
    (wave.path / "tables" / "later.csv").write_text(LATER)
    wave.add()

    change = next(c for c in wave.changes_since(1) if c.span.stream.measure == "entries")

    assert change.parts["method"] == pytest.approx(0, abs=1e-6)
    assert change.parts["judgement"] == pytest.approx(0, abs=1e-6)
    assert abs(change.parts["revised data"]) > 50
    assert change.after - change.before == pytest.approx(sum(change.parts.values()))


def test_a_judgement_is_told_apart_from_data(wave):
    # Without a second body entries would be unknown once the first is judged misheard.
    (wave.path / "tables" / "other.csv").write_text(OTHER)
    wave.add()
    wave.estimate()
    wrong = next(claim for claim in wave.claims() if claim.value == 30_000)
    wave.judge(wrong.id, "reject", who="an invented analyst", why="misheard")

    change = next(c for c in wave.changes_since(1) if c.span.stream.measure == "entries")

    assert abs(change.parts["judgement"]) > 500
    assert change.parts["new data"] == pytest.approx(0, abs=1e-6)


def test_an_estimate_that_was_not_kept_is_said_to_be_none(wave):
    with pytest.raises(UsageError, match="no estimate 7 was kept"):
        wave.changes_since(7)


def test_a_picture_takes_in_what_was_added_and_is_not_kept(wave):
    before = wave.estimate()
    (wave.path / "tables" / "later.csv").write_text(LATER)
    wave.add()

    seen = wave.picture()

    assert len(seen.readings) == len(before.readings) + 2
    assert len(wave.kept_estimates()) == 1
    assert wave.picture() is seen
