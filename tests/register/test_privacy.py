"""Nothing personal leaves: not in a table, a message, a file or a word of the command line."""

import subprocess
import sys
from datetime import timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

from tolqyn.register import (
    Recipe,
    Register,
    Settings,
    open_register,
    overstays,
    protect,
    register_batch,
    stay_lengths,
    stock,
)

PERSONAL = ("person", "document", "born", "sex")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A register with bad rows and doubts, and every key, document and birth year in it."""
    folder = tmp_path_factory.mktemp("register")
    events, _ = register_batch(Recipe(days=30, surge_day=9, clock_errors=0.02), 8, 0, 400)
    rows = events.to_pylist()
    rows.append({**rows[-1], "checkpoint": "Post Z", "time": rows[-1]["time"] + timedelta(seconds=60)})
    table = pa.table(
        {
            name: [str(row[name]) if row[name] is not None else None for row in rows]
            for name in events.schema.names
        }
    )
    spoilt = ["not a time" if n % 50 == 0 else text for n, text in enumerate(table["time"].to_pylist())]
    table = table.set_column(table.column_names.index("time"), "time", pa.array(spoilt))
    parquet.write_table(table, folder / "events.parquet")
    secrets = {value for name in ("person", "document") for value in table[name].to_pylist() if value}
    assert len(secrets) > 700
    return folder / "events.parquet", secrets


def test_no_table_or_message_holds_a_key_or_a_document(told):
    path, secrets = told
    seen = []
    with open_register(path, settings=Settings(term_days=10)) as register:
        check = register.check()
        tables = [register.tally(), register.tally(()), register.classes(), register.lengths(("checkpoint",)),
                  register.stock_changes(), register.reentries(), register.beyond_term(), stock(register),
                  stay_lengths(register, ("citizenship",)), overstays(register).table,
                register.count_stays(lambda stays: seen.append(stays) or stays.select(["citizenship"])),
                  register.linked().classes, register.linked().certainty,
                  *protect({("date",): register.tally(("date",))}, threshold=5).tables.values()]  # fmt: skip

    assert check.bad
    assert check.doubts
    assert seen[0].schema.field("person").type == pa.int32()  # a running number, and no key
    text = repr(check) + "".join(str(table.to_pylist()) for table in (*tables, *seen))
    assert not {secret for secret in secrets if secret in text}
    assert not {name for table in tables for name in table.column_names} & set(PERSONAL)


def test_every_public_way_into_a_register_is_tested_above():
    """Whoever adds a way out of a register adds it to the test above."""
    public = {name for name in vars(Register) if not name.startswith("_")}

    assert public == {
        "bad", "beyond_term", "check", "classes", "close", "count_stays", "first_day", "last_day", "lengths", "linked", "problems",
        "reentries", "statuses", "stock_changes", "tally",
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["match", "--csv"],
        ["link", "--csv"],
        ["tally", "--csv"],
        ["stays", "--csv"],
        ["stays", "--table", "overstays"],
    ],
    ids=" ".join,
)
def test_the_command_line_prints_nobody(told, words, tmp_path):
    path, secrets = told

    done = subprocess.run(
        [sys.executable, "-m", "tolqyn", "register", words[0], str(path), *words[1:]],
        capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120,
    )  # fmt: skip

    said = done.stdout + done.stderr
    assert len(said) > 100
    assert not {secret for secret in secrets if secret in said}
    assert list(tmp_path.iterdir()) == []


def test_the_scratch_folder_goes_with_the_register(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "in.csv").write_text(
        "person,time,direction,checkpoint,citizenship\np,2022-09-21,in,Post A,RUS\n"
    )

    with open_register(tmp_path / "in.csv") as register:
        register.statuses()
        assert len(list(tmp_path.glob("tolqyn-register-*"))) == 1
    with pytest.raises(Exception, match="no such file"):
        open_register(tmp_path / "nowhere")

    assert [found.name for found in tmp_path.iterdir()] == ["in.csv"]
