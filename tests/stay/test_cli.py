"""`tolqyn stay` as it is typed."""

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tolqyn.cli.app import app
from tolqyn.errors import StayError, UsageError
from tolqyn.situation import Event
from tolqyn.wave import create

CASES = Path(__file__).parent / "data" / "cases.csv"


def run(*words, typed=None):
    done = CliRunner().invoke(app, ["stay", *map(str, words)], input=typed)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_a_table_of_cases_goes_to_stdout_as_csv():
    done = run(CASES, "--csv")

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert done.exit_code == 0
    assert len(rows) == 125
    assert list(rows[0])[:3] == ["case_id", "days_used", "days_left"]


def test_cases_can_come_on_stdin():
    text = "case_id,rule,params,mode,stays,query_date\nx,schengen-90-180,,status,2024-05-01/,2024-05-03\n"

    assert "x,3,87,90,2024-07-29,0,0,0,,,,schengen-90-180" in run("-", "--csv", typed=text).stdout


def test_one_person_is_answered_in_words_with_the_provision():
    said = run("--in", "KZ", "--nationality", "RU", "--stay", "2022-09-25/", "--on", "2022-12-20").stdout

    assert said.startswith("lawful on 2022-12-20")
    assert "days left: 3" in said
    assert "in force until 2023-01-26" in said.replace("\n", " ")
    assert "decides nothing" in said


def test_one_person_as_json():
    done = run(
        "--rule", "rolling:90/180", "--stay", "2024-01-01/2024-03-30", "--plan", "2024-04-15", "--json"
    )

    record = json.loads(done.stdout)
    assert record["verdict"] == "not lawful"
    assert record["figures"]["next_entry"] == ["2024-06-29", "2024-06-29"]


def test_grounds_are_explained():
    said = run("--fact", "fear_of_return=yes").stdout

    assert said.startswith("stopped")
    assert "asylum procedure" in said


def test_rules_are_listed():
    assert "kz-eaeu-90-180" in run("--list").stdout


def test_a_folder_of_ones_own_rules_is_asked_too(tmp_path):
    (tmp_path / "xx.toml").write_text(
        'schema = 1\nid = "xx"\ndestination = "XX"\nnationals = ["YY"]\nquestion = "visa-free stay"\n'
        '[[version]]\nid = "xx-10"\nlimits = [{ kind = "per_entry", days = 10 }]\nsources = ["a"]\n'
        '[source.a]\ntitle = "An invented law"\nkind = "law"\nwhere = "nowhere"\nseen = "full-text"\n'
    )

    said = run(
        "--rules", tmp_path, "--in", "xx", "--nationality", "yy", "--plan", "2024-01-01", "--json"
    ).stdout

    assert json.loads(said)["figures"]["latest_exit"] == ["2024-01-10", "2024-01-10"]
    assert json.loads(said)["confidence"] == "stated"


def test_no_case_answered_is_a_failure():
    done = run(
        "-", "--csv", typed="case_id,rule,params,mode,stays,query_date\nx,nowhere,,status,,2024-05-03\n"
    )

    assert done.exit_code == 1
    assert "'nowhere'" in done.stderr


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ((), UsageError, "whose stay"),
        (("--in", "BR", "--nationality", "RU"), StayError, "no rule on file"),
        (("--rule", "nonsense"), StayError, "no rule 'nonsense'"),
        (("--fact", "age=yes"), StayError, "age, sex, call-up status"),
        (("--fact", "age"), UsageError, "is not a fact"),
        (("no-such.csv",), StayError, "cannot be read"),
        (("--rule", "rolling:90/180", "--mode", "guess"), UsageError, "it is one of"),
    ],
)
def test_what_cannot_be_asked_says_why(words, error, message):
    with pytest.raises(error) as caught:
        run(*words)
    assert message in str(caught.value)


def test_a_wave_is_put_on_the_clock_before_and_after_a_change(tmp_path):
    """A fortnight of invented figures: who reaches day 30 and day 90, and their last lawful day, by scenario."""
    folder = tmp_path / "kz"
    event = Event(date(2022, 9, 21), "an event")
    with create(folder, title="A wave", places=["KAZ"], groups=["RUS"], start=date(2022, 9, 15),
                end=date(2022, 10, 5), events=[event]):  # fmt: skip
        (folder / "tables").mkdir(exist_ok=True)
    rows = [
        f"2022-09-{day},{2000 if day < 21 else 9000},{2000 if day < 21 else 5000}" for day in range(15, 31)
    ]
    heading = "date,entries,exits,place,group,organization,said"
    told = "".join(f"{row},KAZ,RUS,Border Service,2022-10-01\n" for row in rows)
    (folder / "tables" / "daily.csv").write_text(f"{heading}\n{told}")

    done = run("cohort", folder, "--csv", "--as-if", "kz-eaeu-90-180", "--what-if", "per_entry:30@2022-09-01")

    totals = Counter()
    for row in csv.DictReader(io.StringIO(done.stdout)):
        totals[row["scenario"], row["milestone"]] += float(row["mean"])
    in_force, always, assumed = "as in force", "as if kz-eaeu-90-180", "what if per_entry:30@2022-09-01"
    assert 70_000 > totals[in_force, "day 30"] > totals[in_force, "day 90"] > 0
    # 90 days per entry, or 90 in any 180 on a first visit: the same day; a term of 30 ends sixty days before.
    assert (
        totals[in_force, "last lawful day"] == totals[in_force, "day 90"] == totals[always, "last lawful day"]
    )
    assert totals[assumed, "last lawful day"] == totals[in_force, "day 30"]
