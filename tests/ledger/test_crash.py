"""Kill it anywhere: nothing is half there, and nothing that was said to be kept is lost."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_a_hundred_kills_leave_whole_documents_only(tmp_path):
    path = tmp_path / "ledger.sqlite"
    command = [sys.executable, str(HERE / "killed.py"), str(path), "100", "20220921"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["torn"], found["lost"], found["stray"]) == ([], [], [])
    # Else the kills came too early or too late to prove anything.
    assert found["kept"] > 50
    assert found["interrupted"] > 20
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
