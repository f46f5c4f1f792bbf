"""`tolqyn languages` tells what is in each language file and how well it reads."""

import csv
import io
import json

from typer.testing import CliRunner

from tolqyn.cli.app import app
from tolqyn.languages import codes, load, scores


def run(*arguments):
    result = CliRunner().invoke(app, ["languages", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_language_stands_in_the_table_with_its_phrases_and_score():
    rows = list(csv.DictReader(io.StringIO(run("--csv"))))

    assert [row["language"] for row in rows] == list(codes())
    for row in rows:
        assert int(row["phrases"]) > 500
        measured = scores().get(row["language"])
        assert row["core"] == (str(measured.core) if measured else "")


def test_one_language_tells_what_its_file_leaves_out():
    lines = [json.loads(line) for line in run("pl", "--json").splitlines()]

    missing = {line["key"] for line in lines if line["phrases"] == 0}
    assert missing == set(load("pl").missing)
    assert "measures.entries" in {line["key"] for line in lines} - missing


def test_the_table_for_the_eye_names_sections_and_gaps():
    shown = run("ar")

    assert "measures" in shown
    assert "missing in language:" in shown


def test_scores_are_of_languages_that_there_are():
    assert set(scores()) <= set(codes())
    assert all(0 <= score.full <= score.core <= score.found <= 1 for score in scores().values())
