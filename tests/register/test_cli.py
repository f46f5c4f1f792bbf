"""`tolqyn register`: data on stdout, words on stderr, status 0 for success alone."""

import csv
import io
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from register.crossings import crossing, write

import tolqyn
import tolqyn.wave

IN_A_WAVE = ["--wave", "nowhere", "--threshold", "5", "--organization", "Border Service"]


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "tolqyn", "register", *map(str, words)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def rows_of(done):
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    rows = [crossing(f"p{n}", "21 10:00", "in") for n in range(20)]
    rows += [crossing(f"p{n}", "21 20:00", "out", "Post B") for n in range(3)]
    rows += [crossing("q", "22 10:00", "sideways")]
    return write(tmp_path_factory.mktemp("register") / "events.parquet", rows)


def test_tally_prints_every_cell_and_tells_what_was_set_aside(events):
    done = run("tally", events, "--csv")

    rows = rows_of(done)
    assert [(row["date"], row["checkpoint"], row["entries"], row["exits"], row["net"]) for row in rows] == [
        ("2022-09-21", "Post A", "20", "0", "20"),
        ("2022-09-21", "Post B", "0", "3", "-3"),
    ]
    assert "row 24: direction is 'sideways', not in or out" in done.stderr
    assert "not protected" in done.stderr


def test_a_threshold_hides_and_an_earlier_table_keeps_it_hidden(events, tmp_path):
    first = run("tally", events, "--csv", "--threshold", "5", "--by", "date")
    (tmp_path / "first.csv").write_text(first.stdout)
    again = run(
        "tally", events, "--csv", "--threshold", "5", "--by", "date", "--earlier", tmp_path / "first.csv"
    )

    (row,) = rows_of(first)
    assert (row["entries"], row["exits"], row["net"]) == ("20", "", "")
    assert first.stdout == again.stdout
    assert "figures hidden" in first.stderr


def test_a_day_can_end_elsewhere_and_a_term_differ(events):
    at_home = rows_of(run("tally", events, "--csv", "--by", "date", "--zone", "Asia/Almaty"))
    classes = rows_of(run("match", events, "--csv", "--term", "90", "--term", "RUS=0"))

    assert [row["date"] for row in at_home] == ["2022-09-21", "2022-09-22"]
    assert (classes[0]["left"], classes[0]["within_term"]) == ("3", "17")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tally", "nowhere.parquet"], "nowhere.parquet: no such file or folder"),
        (["tally", "EVENTS", "--by", "shoe"], "cannot count by 'shoe'"),
        (["tally", "EVENTS", "--threshold", "5", "--round", "5"], "two ways"),
        (["tally", "EVENTS", "--round", "5"], "--round needs --secret"),
        (["tally", "EVENTS", "--wave", "kz"], "--wave needs --threshold and --organization"),
        (["tally"], "which events?"),
        (["tally", *IN_A_WAVE, "--as-of", "2022-10-01"], "need EVENTS"),
        (["tally", *IN_A_WAVE], "registers is not there"),
        (["link", "EVENTS"], "nothing tells people apart"),
        (["link", "EVENTS", "--table", "certainty", "--threshold", "5"], "--table classes"),
        (["stays", "EVENTS", "--table", "rules"], "whose rules?"),
        (["stays", "EVENTS", "--threshold", "5"], "--threshold goes with --table rules"),
        (["match", "EVENTS", "--term", "many"], "--term many is not a number of days"),
    ],
)
def test_an_error_says_what_to_do_and_ends_with_a_status(events, words, message):
    done = run(*[events if word == "EVENTS" else word for word in words])

    assert done.returncode == 1
    assert done.stdout == ""
    assert message in done.stderr


def test_the_rules_of_a_country_are_asked_of_everybody(events):
    done = run("stays", events, "--table", "rules", "--in", "KZ", "--csv", "--threshold", "4")

    (row,) = rows_of(done)
    # The day of exit is a day inside.
    assert (row["citizenship"], row["persons"], row["lawful"]) == ("RUS", "20", "20")
    assert "decides nothing" in done.stderr


def test_a_tally_becomes_statements_of_a_wave(tmp_path):
    """From a register in the wave's folder to an estimate that follows it; what was hidden is not told."""
    rows = [
        crossing(f"p{day}-{n}", f"2022-09-{day} 10:00", "in") for day in range(10, 20) for n in range(day * 4)
    ]
    rows += [
        crossing(f"p{day}-{n}", f"2022-09-{day} 20:00", "out") for day in range(10, 20) for n in range(20)
    ]
    rows += [crossing("alone", "2022-09-12 10:00", "in", citizenship="KGZ")]
    with tolqyn.wave.create(
        tmp_path / "kz",
        title="A wave",
        places=["KAZ"],
        groups=["RUS"],
        start=date(2022, 9, 10),
        end=date(2022, 9, 19),
    ):
        pass
    (tmp_path / "kz" / "registers").mkdir()
    write(tmp_path / "kz" / "registers" / "events.parquet", rows)
    words = ["tally", "--wave", tmp_path / "kz", "--by", "date,citizenship", "--threshold", "5"]

    done = run(*words, "--organization", "Border Service", "--coverage", "0.99,1")

    assert done.returncode == 0, done.stderr
    assert "21 figures of Border Service kept" in done.stderr
    with tolqyn.open(tmp_path / "kz") as wave:
        (note,) = wave.situation.sources
        claims = wave.claims()
        total = wave.estimate(draws=200).draws("entries", "KAZ", "RUS").sum(axis=1)
    assert (note.name, note.coverage) == ("Border Service", (0.99, 1.0))
    assert {claim.doc for claim in claims} == {"register"}
    assert {claim.measure for claim in claims if claim.group == "KGZ"} == {"exits"}  # one entry is hidden
    assert sum(claim.value for claim in claims if claim.group == "RUS" and claim.measure == "entries") == 580
    assert abs(np.median(total) - 580) < 25


def test_a_register_is_invented_and_its_overstays_found(tmp_path):
    made = run("generate", tmp_path / "r", "--persons", "2000", "--seed", "3")
    done = run("stays", tmp_path / "r" / "events", "--table", "overstays", "--csv")

    assert made.returncode == 0, made.stderr
    assert [row["days_over"] for row in rows_of(done)] == ["1-7", "8-30", "31-90", "91-180", "181+"]
    assert "90 % interval" in done.stderr


def test_a_register_without_keys_is_invented_and_linked(tmp_path):
    made = run("generate", tmp_path / "r", "--persons", "600", "--names", "--days", "60", "--seed", "3")
    done = run("link", tmp_path / "r" / "events", "--csv", "--threshold", "5")
    sure = run("link", tmp_path / "r" / "events", "--csv", "--table", "certainty")

    assert made.returncode == 0, made.stderr
    assert [row["citizenship"] for row in rows_of(done)] == ["DEU", "KGZ", "RUS", "TJK", "TUR", "UZB"]
    assert "figures hidden" in done.stderr
    assert [row["probability"] for row in rows_of(sure)] == ["0.5-0.9", "0.9-0.99", "0.99-1"]
