"""Crossing events in a wave's folder meet the ledger by themselves, as protected totals."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

import tolqyn
import tolqyn.wave
from tolqyn.errors import UsageError
from tolqyn.wave import RegisterNote, read_note, write_note

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
