"""Invented registers: the same for the same seed, as wrong as they say, whole or not there."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from pyarrow import parquet

from tolqyn.errors import RegisterError, UsageError
from tolqyn.register import Recipe, generate_register, open_register, register_batch
from tolqyn.register.folders import whole_folder

SMALL = Recipe(days=40, surge_day=12)


def test_a_register_is_the_same_however_many_processes_write_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tolqyn.register.generate.BATCH", 300)

    one = generate_register(tmp_path / "one", persons=700, recipe=SMALL, seed=4)
    batches = [register_batch(SMALL, 4, n, size) for n, size in enumerate((300, 300, 100))]

    files = sorted((tmp_path / "one" / "events").iterdir())
    assert [
        parquet.read_table(file).to_pylist() == table.to_pylist()
        for file, (table, _) in zip(files, batches, strict=True)
    ] == [True] * 3
    assert one.entries.sum() == sum(truth.entries.sum() for _, truth in batches)


def test_processes_write_what_one_would(tmp_path):
    recipe = replace(SMALL, days=5)

    generate_register(tmp_path / "two", persons=400, recipe=recipe, seed=4, workers=2)
    generate_register(tmp_path / "one", persons=400, recipe=recipe, seed=4)

    one, two = (parquet.read_table(tmp_path / name / "events") for name in ("one", "two"))
    assert one.equals(two)
    assert (tmp_path / "one" / "truth.json").read_text() == (tmp_path / "two" / "truth.json").read_text()


def test_what_goes_wrong_goes_wrong_as_often_as_said(tmp_path):
    recipe = Recipe(missing_exits=0.08, missing_entries=0.01, duplicates=0.03, clock_errors=0.0, keyless=0.1)

    truth = generate_register(tmp_path / "r", persons=20_000, recipe=recipe, seed=1)
    with open_register(tmp_path / "r" / "events") as register:
        check, statuses = register.check(), register.statuses()

    assert truth.missed_exits / truth.exits.sum() == pytest.approx(0.08, rel=0.05)
    assert truth.missed_entries / truth.entries.sum() == pytest.approx(0.01, rel=0.15)
    assert (
        check.rows
        == truth.entries.sum()
        + truth.exits.sum()
        - truth.missed_exits
        - truth.missed_entries
        + truth.duplicates
    )
    assert check.keyless / check.rows == pytest.approx(0.1, rel=0.05)
    # A second scan is found unless one of the two has lost its key.
    found = statuses["in", "duplicate"] + statuses["out", "duplicate"]
    assert found == pytest.approx(truth.duplicates * 0.9**2, rel=0.05)
    assert json.loads((tmp_path / "r" / "truth.json").read_text())["present"] == truth.present


def test_people_do_as_people_do():
    """A wave that rises and ebbs, queues over midnight, some who cross often, some who stay too long."""
    events, truth = register_batch(
        Recipe(missing_exits=0, missing_entries=0, duplicates=0, clock_errors=0), 2, 0, 20_000
    )

    by_day, hours = truth.entries, np.array([moment.hour for moment in events["time"].to_pylist()])
    persons = np.unique(events["person"].to_numpy(), return_counts=True)[1]
    assert by_day[21:25].mean() > 2.5 * by_day[100:130].mean()
    assert 0.005 < (hours < 4).mean() < 0.1
    assert (persons > 8).mean() > 0.01
    assert 0 < truth.overstaying < truth.present
    assert truth.entries.sum() - truth.exits.sum() == truth.present
    assert np.all(np.diff(np.array(events["time"].cast("int64"))) >= 0)


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "r").mkdir()

    with pytest.raises(RegisterError, match="is there already"):
        generate_register(tmp_path / "r", persons=10)
    with pytest.raises(UsageError, match="persons is 0"):
        generate_register(tmp_path / "s", persons=0)
    with pytest.raises(UsageError, match="not a share"):
        Recipe(missing_exits=1.5)

    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_failure_leaves_nothing_behind(tmp_path):
    def fail():
        with whole_folder(tmp_path / "r") as draft:
            (draft / "half").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert list(tmp_path.iterdir()) == []


def test_a_kill_leaves_no_half_register(tmp_path):
    """Killed while it writes, the folder is not there; a later run makes it whole."""
    code = (
        "import sys; from pathlib import Path; from tolqyn.register import generate_register;"
        "generate_register(Path(sys.argv[1]), persons=2_000_000, seed=1)"
    )
    for wait in (0.9, 1.4):
        running = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "r")])
        time.sleep(wait)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()

        assert not (tmp_path / "r").exists()

    generate_register(tmp_path / "r", persons=100, recipe=SMALL)
    assert (tmp_path / "r" / "truth.json").exists()
