"""The cases whose answers are known: what a source itself states, and what was computed from the rule's text.

`cases.csv` holds facts (dates and numbers) with their sources; `more.csv` and `by-hand.csv` are ours, worked out by hand.
"""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolqyn.errors import StayError
from tolqyn.stay import ANSWER_COLUMNS, answer_case, answer_cases, load_rules

DATA = Path(__file__).parent / "data"


def rows_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields(rows, *, published):
    for row in rows:
        stated = set(row["published"].split(";"))
        for name, value in row.items():
            if name.startswith("exp_") and value and (name[4:] in stated) == published:
                yield row["case_id"], name[4:], value


@pytest.mark.parametrize("table", ["cases.csv", "more.csv", "by-hand.csv"])
@pytest.mark.parametrize("published", [True, False], ids=["published", "computed"])
def test_every_known_answer_is_given(table, published):
    rows = rows_of(table)

    answers, problems = answer_cases(rows, load_rules(), table)

    assert problems == []
    given = {answer["case_id"]: answer for answer in answers}
    wrong = [
        (case, name, expected, given[case][name])
        for case, name, expected in fields(rows, published=published)
        if given[case][name] != expected
    ]
    assert wrong == []


def test_there_is_something_to_be_wrong_about():
    rows = rows_of("cases.csv")

    assert len(list(fields(rows, published=True))) == 138
    assert len(list(fields(rows, published=False))) == 617


def test_every_version_and_duty_with_a_case_names_one_that_exists():
    known = {row["case_id"]: row["exp_rule"] for table in ("cases.csv", "more.csv") for row in rows_of(table)}

    for rule in load_rules().rules:
        for version in rule.versions:
            assert version.examples, f"{version.id} has no example"
            assert {known[case] for case in version.examples} == {version.id}


def row(**cells):
    return {"case_id": "c", "rule": "schengen-90-180", "params": "rolling:90/180", "mode": "status", "stays": "", "query_date": "2024-06-01"} | cells  # fmt: skip


def test_a_bad_row_is_set_aside_with_its_number_and_the_others_are_answered():
    rows = [row(), row(stays="2024-05-01/2024-04-01"), row(mode="guess"), row(rule="nowhere", params="")]

    answers, problems = answer_cases(rows, load_rules(), "c.csv")

    assert len(answers) == 1
    assert [problem.where for problem in problems] == ["c.csv, row 3", "c.csv, row 4", "c.csv, row 5"]
    assert "exit is before the entry" in problems[0].message
    assert "'guess'" in problems[1].message
    assert "status" in problems[1].hint
    assert "'nowhere'" in problems[2].message


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"rule": "auto:KZ"}, "does not say who goes where"),
        ({"rule": "auto:BR/RU"}, "no rule on file for nationals of RU at BR"),
        ({"query_date": "1 June"}, "not a day"),
        ({"query_date": ""}, "query_date is missing"),
        ({"mode": "deadline", "rule": "kz-register-30"}, "without a stay"),
        ({"rule": "mine", "params": "rolling:90"}, "'rolling:90' is not a limit"),
        ({"stays": "1215-06-15/"}, "do not lie between"),
    ],
)
def test_what_cannot_be_answered_says_why(cells, message):
    with pytest.raises(StayError, match=message):
        answer_case(row(**cells), load_rules())


words = st.sampled_from(
    ["", "auto:KZ/RU", "kz-eaeu", "schengen-90-180", "kz-register-30", "rolling:90/180", "rolling:3/2", "rolling:0/5",
     "rolling:99999/99999", "per_entry:6m", "absence:1/1m", "first_entry:1/1", "deadline:3 working days", "deadline:0th day",
     "status", "plan", "check", "peak", "govern", "deadline", "absence", "fixed_end", "tp-ukraine-eu",
     "2022-09-25/", "?/2022-10-01", "?/?", "/", "..2022-10-01/2022-10-05..", "2022-09-25/2022-09-25;2022-09-25/", "1850-01-01/",
     "2022-12-31", "0001-01-01", "9999-12-31"]
) | st.text(max_size=8)  # fmt: skip


@settings(max_examples=300)
@given(
    st.fixed_dictionaries(dict.fromkeys(("case_id", "rule", "params", "mode", "stays", "query_date"), words))
)
def test_any_row_is_answered_or_set_aside(cells):
    answers, problems = answer_cases([cells], load_rules(), "c.csv")

    assert len(answers) + len(problems) == 1


@pytest.mark.parametrize(
    "mode", ["status", "plan", "check", "peak", "absence", "fixed_end", "deadline", "govern"]
)
@pytest.mark.parametrize(
    "stays", ["?/?", "?/", "2022-09-25/?", "..2022-10-01/2022-10-05..", "2023-06-01/2023-07-01"]
)
@pytest.mark.parametrize(
    "rule", ["kz-eaeu", "tp-ukraine-eu", "mn-ru", "uk-settlement", "uz-ru", "uz-register-15"]
)
def test_every_mode_meets_every_kind_of_date(mode, stays, rule):
    cells = row(rule=rule, params="", mode=mode, stays=stays, query_date="2023-02-01")

    answers, problems = answer_cases([cells], load_rules(), "c.csv")

    assert len(answers) + len(problems) == 1


def test_numbers_are_rule_enough():
    answered = answer_case(
        row(rule="of-my-own", params="rolling:3/5+per_entry:2", stays="2024-05-30/"), load_rules()
    )

    assert answered["rule"] == "of-my-own"
    assert (answered["days_used"], answered["overstay"], answered["overstay_days"]) == ("3", "1", "1")


def test_uncertain_dates_give_the_least_and_the_most():
    answered = answer_case(row(stays="2024-05-01..2024-05-03/2024-05-10"), load_rules())

    assert answered["days_used"] == "8..10"
    assert answered["days_left"] == "80..82"
    assert set(answered) == set(ANSWER_COLUMNS)
