"""A register on the stay clock: the answers of one by one, counted, and nothing but counts."""

from collections import Counter
from datetime import date

import pytest
from register.crossings import crossing, plain_match, write
from register.test_match import hard_register

from tolqyn.errors import StayError
from tolqyn.register import Settings, open_register, protect
from tolqyn.stay import answer, load_rules, parse_stay
from tolqyn.stay.totals import STANDING, STANDINGS, stay_totals

BOOK = load_rules()
ON = date(2022, 12, 31)
CASES = {
    "gone_in_time": [("2022-10-01 10:00", "in"), ("2022-10-05 10:00", "out")],
    "gone_late": [("2022-09-01 10:00", "in"), ("2022-12-20 10:00", "out")],
    "lawful": [("2022-12-01 10:00", "in")],
    "not_lawful": [("2022-09-01 10:00", "in"), ("2023-01-05 10:00", "out")],
    "exit_unseen": [("2022-09-01 10:00", "in")],
    "no_rule": [("2022-12-01 10:00", "in")],
}


def rows():
    """One person of each class, the last of a citizenship of which no rule is on file, and one who comes later."""
    found = [
        crossing(name, when, way, citizenship="XXX" if name == "no_rule" else "RUS")
        for name, scans in CASES.items()
        for when, way in scans
    ]
    return [*found, crossing("later", "2023-01-03 10:00", "in")]


def test_each_person_is_in_the_class_that_the_rule_says(tmp_path):
    with open_register(write(tmp_path / "events.parquet", rows())) as register:
        table = stay_totals(register, BOOK, "KZ", ON).to_pylist()

    assert table == [
        {
            "citizenship": "RUS",
            "persons": 5,
            **{name: int(name in CASES and name != "no_rule") for name in STANDINGS},
        },
        {"citizenship": "XXX", "persons": 1, **{name: int(name == "no_rule") for name in STANDINGS}},
    ]


def test_the_totals_are_those_of_one_by_one(tmp_path):
    """Against the answers for one person, from a plain loop over crossings."""
    crossings = hard_register(persons=150, seed=6)
    people = {}
    for row, status, days in plain_match(crossings):
        if status in {"left", "superseded", "open"}:
            day = row["time"].date()
            stays = people.setdefault(row["person"], {"stays": [], "last": (row["time"], "")})
            stays["last"] = max(stays["last"], (row["time"], row["citizenship"] or "unknown"))
            left = date.fromordinal(day.toordinal() + days) if status == "left" else "?"
            stays["stays"].append(f"{day}/{left}")
    with open_register(write(tmp_path / "events.parquet", crossings)) as register:
        found = {row["citizenship"]: row for row in stay_totals(register, BOOK, "KZ").to_pylist()}
        last_day = register.last_day

    expected = Counter()
    for person in people.values():
        citizenship = person["last"][1]
        nations = {"RUS": "RU", "KGZ": "KG"}
        rule = BOOK.find("KZ", nations[citizenship]) if citizenship in nations else None
        verdict = (
            answer([parse_stay(text) for text in person["stays"]], rule, last_day).verdict
            if rule
            else "no_rule"
        )
        expected[citizenship, str(verdict)] += 1
    for citizenship, row in found.items():
        assert row["lawful"] + row["gone_in_time"] + row["gone_late"] == expected[citizenship, "lawful"]
        assert row["exit_unseen"] == expected[citizenship, "undetermined"]
        assert row["no_rule"] == expected[citizenship, "no_rule"]
        assert row["persons"] == sum(row[name] for name in STANDINGS)
    assert sum(row["persons"] for row in found.values()) == len(people)


def test_small_classes_are_hidden_with_what_gives_them_away(tmp_path):
    many = [crossing(f"p{n}", "2022-12-01 10:00", "in") for n in range(40)]
    many += [crossing(f"q{n}", "2022-09-01 10:00", "in") for n in range(3)]
    with open_register(write(tmp_path / "events.parquet", many)) as register:
        table = stay_totals(register, BOOK, "KZ")

    (row,) = (
        protect({("citizenship",): table}, threshold=5, scheme=STANDING).tables["citizenship",].to_pylist()
    )

    assert row["exit_unseen"] is None
    assert [row["persons"], row["lawful"]].count(None) == 1


@pytest.mark.parametrize(
    ("first", "entered", "standing"),
    [
        # 90 days in any 180 on 31 March 2023: the window began on 3 October 2022; 90 less 31 days are left.
        ("2022-10-02", "2023-03-01", "lawful"),
        ("2022-12-01", "2023-03-01", "lawful"),  # 59 unseen days of the window, and 59 are left
        ("2022-12-02", "2023-03-01", "before_register"),  # one more could be too many
    ],
)
def test_days_before_the_register_leave_open_who_could_have_used_them(tmp_path, first, entered, standing):
    rows = [
        crossing("early", f"{first} 10:00", "in", citizenship="USA"),
        crossing("early", f"{first} 12:00", "out", citizenship="USA"),
        crossing("asked", f"{entered} 10:00", "in", citizenship="USA"),
    ]

    with open_register(
        write(tmp_path / "events.parquet", rows), settings=Settings(as_of=date(2023, 3, 31))
    ) as register:
        (row,) = stay_totals(register, BOOK, "SCHENGEN").to_pylist()

    assert (row["gone_in_time"], row[standing], row["persons"]) == (1, 1, 2)


def test_a_rule_that_counts_no_stay_before_a_day_looks_back_no_further(tmp_path):
    """Kazakhstan counts stays entered from 27 January 2023, and this register begins after that or before."""
    found = []
    for first in ("2023-01-27", "2023-03-01"):
        rows = [
            crossing("early", f"{first} 10:00", "in"),
            crossing("early", f"{first} 12:00", "out"),
            crossing("asked", "2023-04-01 10:00", "in"),
        ]
        path = write(tmp_path / f"{first}.parquet", rows)
        with open_register(path, settings=Settings(as_of=date(2023, 6, 20))) as register:
            (row,) = stay_totals(register, BOOK, "KZ").to_pylist()
        found.append((row["lawful"] + row["exit_unseen"], row["before_register"]))

    assert found == [(1, 0), (0, 1)]


def test_a_day_that_the_register_does_not_know_is_refused(tmp_path):
    with (
        open_register(write(tmp_path / "events.parquet", rows())) as register,
        pytest.raises(StayError, match="2024-01-01 is after the register's last day, 2023-01-05"),
    ):
        stay_totals(register, BOOK, "KZ", date(2024, 1, 1))


def test_a_country_of_schengen_is_answered_by_its_rule_from_the_day_it_joined():
    assert BOOK.find("FR", "US").id == "schengen"
    assert BOOK.find("HR", "US", on=date(2023, 6, 1)).id == "schengen"
    assert BOOK.find("HR", "US", on=date(2022, 6, 1)) is None
    assert BOOK.find("FR", "PL") is None
