"""Crossing events in a wave's folder meet the ledger by themselves, as protected totals."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import tolqyn
import tolqyn.wave
from tolqyn.claims import Claim, Measure
from tolqyn.errors import UsageError
from tolqyn.register import register_source
from tolqyn.wave import RegisterNote, read_note, write_note
from tolqyn.wave.tallies import keep_tally

FIRST = date(2022, 9, 10)


def crossings(path, days, *, each=30, few=(), quiet=None):
    """Invented people: `each` enter by Post A and as many by Post B on each day, and `few` of KGZ beside them."""
    rows = []
    for n in range(days):
        noon = datetime(2022, 9, 10, 12, tzinfo=UTC) + timedelta(n)
        for post in ("Post A", "Post B"):
            if (post, n) == quiet:
                continue
            rows += [(f"{post}{n}-{k}", noon, post, "RUS") for k in range(each)]
        rows += [(f"few{n}-{k}", noon, "Post A", "KGZ") for k in range(few[n] if n < len(few) else 0)]
    person, time, post, group = zip(*rows, strict=True)
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(
        pa.table(
            {
                "person": person,
                "time": pa.array(time, pa.timestamp("s", "UTC")),
                "direction": ["in"] * len(rows),
                "checkpoint": post,
                "citizenship": group,
            }
        ),
        path,
    )


@pytest.fixture
def folder(tmp_path):
    with tolqyn.wave.create(
        tmp_path / "kz", title="A wave", places=["KAZ"], groups=["RUS"], start=FIRST, end=date(2022, 9, 20)
    ):
        pass
    return tmp_path / "kz"


def entries(wave, group="RUS"):
    found = [c for c in wave.claims() if c.measure == "entries" and c.group == group]
    return {c.window_start: (c.value, str(c.qualifier)) for c in found}


def test_events_become_statements_when_the_wave_is_brought_up_to_date(folder):
    crossings(folder / "registers" / "events.parquet", 3)

    with tolqyn.open(folder) as wave:
        added = wave.add()

        assert added.new == ("register",)
        assert entries(wave) == {FIRST + timedelta(n): (60, "exact") for n in range(3)}
        assert wave.situation.sources[0].name == "border register"


def test_what_has_not_changed_is_not_counted_again_and_what_has_is(folder):
    crossings(folder / "registers" / "events.parquet", 3)
    with tolqyn.open(folder) as wave:
        wave.add()
        table = folder / "tables" / "register.csv"
        before = table.stat().st_mtime_ns

        again = wave.add()
        untouched = table.stat().st_mtime_ns == before
        crossings(folder / "registers" / "later.parquet", 5)
        (folder / "registers" / "events.parquet").unlink()
        later = wave.add()

        assert (again.new, untouched) == ((), True)
        assert later.new == ("register",)
        assert len(entries(wave)) == 5


def test_a_silent_post_makes_a_floor_and_a_closed_one_is_no_zero(folder):
    crossings(folder / "registers" / "events.parquet", 3, quiet=("Post B", 1))
    posts = (
        "checkpoint,first,last,status\nPost B,2022-09-10,2022-09-20,open\nPost A,2022-09-10,2022-09-20,open\n"
    )

    with tolqyn.open(folder) as wave:
        wave.add()
        silent = entries(wave)[FIRST + timedelta(1)]
        (folder / "registers" / "_posts.csv").write_text(posts)
        write_note(folder / "registers", RegisterNote(posts="_posts.csv"))
        wave.add()
        known = entries(wave)[FIRST + timedelta(1)]

    assert silent == (30, "over")
    assert known == (30, "exact")  # it was open, and nobody came


def test_a_post_that_was_closed_is_not_zero_so_the_sum_is_a_floor(folder):
    crossings(folder / "registers" / "events.parquet", 3, quiet=("Post B", 1))
    (folder / "registers" / "_posts.csv").write_text(
        "checkpoint,first,last,status\nPost A,2022-09-10,2022-09-20,open\nPost B,2022-09-11,2022-09-11,closed\n"
    )
    write_note(folder / "registers", RegisterNote(posts="_posts.csv"))

    with tolqyn.open(folder) as wave:
        wave.add()

        assert entries(wave) == {
            FIRST: (60, "exact"),
            FIRST + timedelta(1): (30, "over"),
            FIRST + timedelta(2): (60, "exact"),
        }


def test_a_figure_above_a_million_keeps_its_last_digit(folder):
    claims = [
        Claim(doc="register", quote="", measure=Measure.ENTRIES, place="KAZ", group="RUS", value=1_234_567.0, window_start=FIRST,
              window_end=FIRST, organization="border register", said=FIRST)
    ]  # fmt: skip

    with tolqyn.open(folder) as wave:
        keep_tally(wave, claims, register_source("border register", (0.99, 1.0)))
        wave.add()

        assert entries(wave)[FIRST] == (1_234_567, "exact")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_killed_while_a_register_is_taken_in_the_ledger_holds_whole_tallies_only(folder):
    """`kill -9` at random moments: the tally of some day before or of now, never a part of one."""
    events = folder / "registers" / "events.csv"
    events.parent.mkdir()
    crossed = [
        f"{way}{n}-{k},2022-09-{10 + n}T12:00:00Z,{way},Post A,RUS"
        for n in range(3)
        for way in ("in", "out")
        for k in range(30)
    ]
    events.write_text("\n".join(["person,time,direction,checkpoint,citizenship", *crossed]) + "\n")
    command = [sys.executable, str(Path(__file__).parent / "killed.py"), str(folder), "20", "20220921"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["torn"] == []
    assert found["killed"] > 5  # else the kills came too late to prove anything
    assert len(found["seen"]) > 1


def test_only_protected_totals_leave_and_a_hidden_figure_stays_hidden(folder):
    crossings(folder / "registers" / "events.parquet", 2, few=(3, 40))
    with tolqyn.open(folder) as wave:
        wave.add()
        first = entries(wave, "KGZ")
        crossings(folder / "registers" / "events.parquet", 2, few=(60, 40))
        wave.add()
        second = entries(wave, "KGZ")
        texts = [path.read_text() for path in folder.rglob("*") if path.suffix in {".csv", ".json", ".toml"}]

    assert first.keys() == second.keys() == {FIRST + timedelta(1)}
    assert not any("few0-" in text or "Post A0-" in text for text in texts)


def test_a_register_that_cannot_be_read_is_a_problem_and_the_rest_goes_on(folder):
    (folder / "registers").mkdir()
    (folder / "registers" / "events.parquet").write_bytes(b"PAR1 and no more")
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "a.txt").write_text("On 21 September 2022 about 500 people entered Kazakhstan.")

    with tolqyn.open(folder) as wave:
        added = wave.add()

    assert added.new == ("a",)
    assert "not a whole Parquet file" in str(added.problems[0])


def test_what_is_said_of_a_register_is_kept_and_read_again(tmp_path):
    note = RegisterNote(organization="Border Service", threshold=5, coverage=(0.9, 1.0), zone="Asia/Almaty")

    write_note(tmp_path, note)

    assert read_note(tmp_path) == note


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("treshold = 5", "unknown key 'treshold'"),
        ('threshold = "5"', "threshold is '5'"),
        ("threshold = 1", "threshold is 1"),
        ('by = ["citizenship"]', "without date"),
        ("coverage = [1]", "two shares"),
        ("threshold = ", "cannot be read"),
    ],
)
def test_a_slip_in_what_is_said_is_an_error(tmp_path, text, message):
    (tmp_path / "register.toml").write_text(text)

    with pytest.raises(UsageError, match=message):
        read_note(tmp_path)
