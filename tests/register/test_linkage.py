"""Matching without keys, against registers whose truth is known."""

import random
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet
from register.crossings import crossing, on_each_engine, write

from tolqyn.errors import UsageError
from tolqyn.register import Recipe, open_register, register_batch, sql
from tolqyn.register.linkage import _scanned_once, _whole, link_crossings, sound_of

FIRST = [
    "Юрий",
    "Жанна",
    "Хасан",
    "Айгуль",
    "Щедрин",
    "Цветана",
    "Эльдар",
    "Яна",
    "Вячеслав",
    "Игорь",
    "Ольга",
    "Тимур",
]
LAST = [
    "Хромов",
    "Жуков",
    "Щукин",
    "Цой",
    "Яшин",
    "Юдин",
    "Чижов",
    "Вязов",
    "Ахметов",
    "Кузьмин",
    "Ершов",
    "Мышкин",
]
LATIN = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюя",
                 ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "_", "y", "_", "e", "yu", "ya"], strict=True))  # fmt: skip


def latin(name):
    return "".join(LATIN.get(sign, sign) for sign in name.lower()).replace("_", "").title()


def known_register(persons=1500, seed=5):
    """Invented people with a name in one of two alphabets, a birth date, and the slips of those who type them."""
    recipe = Recipe(
        days=120, surge_day=40, missing_exits=0.05, keyless=0, duplicates=0, clock_errors=0, renewals=0.05
    )
    events, _ = register_batch(recipe, seed, 0, persons)
    chance = random.Random(seed)
    people, names, births = {}, [], []
    for key, year in zip(events["person"].to_pylist(), events["born"].to_pylist(), strict=True):
        if key not in people:
            people[key] = (f"{chance.choice(LAST)} {chance.choice(FIRST)}",
                           f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}")  # fmt: skip
        name, born = people[key]
        name = latin(name) if chance.random() < 0.5 else name
        if chance.random() < 0.05:
            at = chance.randrange(1, len(name))
            name = name[:at] + name[at + 1 :]
        names.append(name if chance.random() > 0.02 else None)
        births.append(born if chance.random() > 0.01 else f"{born[:8]}{chance.randrange(1, 29):02}")
    columns = {
        name: events[name] for name in ("time", "direction", "citizenship", "checkpoint", "document", "sex")
    }
    document = pc.if_else(pa.array([chance.random() < 0.03 for _ in names]), None, columns["document"])
    return pa.table({**columns, "document": document, "name": names, "born": births}), events[
        "person"
    ].to_pylist()


@pytest.fixture(scope="module")
def found():
    table, people = known_register()
    return table, people, link_crossings(table)


def true_pairs(table, people):
    """Each exit with the entry just before it of the same person."""
    times, ways = table["time"].to_pylist(), table["direction"].to_pylist()
    inside, pairs = {}, set()
    for row in sorted(range(len(people)), key=lambda n: times[n]):
        if ways[row] == "in":
            inside[people[row]] = row
        elif people[row] in inside:
            pairs.add((inside.pop(people[row]), row))
    return pairs


def test_stays_are_found_and_few_are_wrong(found):
    table, people, linked = found
    truth = true_pairs(table, people)

    pairs = set(zip(linked.pairs["entry"].to_pylist(), linked.pairs["exit"].to_pylist(), strict=True))

    assert len(pairs & truth) / len(pairs) > 0.97  # precision
    assert len(pairs & truth) / len(truth) > 0.95  # recall


def test_a_probability_is_how_often_it_is_right(found):
    table, people, linked = found
    truth = true_pairs(table, people)
    told = linked.pairs["probability"].to_numpy()
    right = np.array([pair in truth for pair in
                      zip(linked.pairs["entry"].to_pylist(), linked.pairs["exit"].to_pylist(), strict=True)])  # fmt: skip

    assert abs(told.mean() - right.mean()) < 0.02
    unsure = told < 0.95
    assert abs(told[unsure].mean() - right[unsure].mean()) < 0.2


def test_each_crossing_is_in_one_pair_and_exits_come_later(found):
    table, _, linked = found
    times = table["time"].to_pylist()

    for side in ("entry", "exit"):
        assert max(Counter(linked.pairs[side].to_pylist()).values()) == 1
    assert all(times[row["entry"]] < times[row["exit"]] for row in linked.pairs.to_pylist())


def test_entries_are_in_three_classes_that_add_up(found):
    table, people, linked = found
    ways = table["direction"].to_pylist()

    assert sum(linked.classes.values()) == pytest.approx(ways.count("in"))
    assert set(linked.classes) == {"left", "within_term", "unmatched"}
    assert linked.classes["left"] == pytest.approx(len(true_pairs(table, people)), rel=0.03)


def test_an_entry_between_shows_that_an_exit_was_missed():
    """Two entries of one document and then an exit: the exit is the second's."""
    table, _ = known_register(persons=400, seed=8)
    rows = table.to_pylist()
    person = {
        **rows[0],
        "document": "d-own",
        "name": "Own Name",
        "born": "1980-02-03",
        "checkpoint": "Post A",
    }
    times = [rows[len(rows) // 2 + step]["time"] for step in (0, 100, 200)]
    extra = [
        {**person, "time": when, "direction": way}
        for when, way in zip(times, ("in", "in", "out"), strict=True)
    ]

    linked = link_crossings(pa.Table.from_pylist([*rows, *extra], schema=table.schema))

    mine = {row["exit"]: row["entry"] for row in linked.pairs.to_pylist()}
    assert mine[len(rows) + 2] == len(rows) + 1
    assert linked.left[len(rows)] < 0.1


@pytest.mark.parametrize(
    "names",
    [("Щербаков Юрий", "SHCHERBAKOV Yuriy"), ("Хасанов Эльдар", "Eldar Khasanov"), ("Яшин", "Iashin")],
)
def test_one_name_in_two_alphabets_sounds_alike(names):
    assert sound_of(names[0]) == sound_of(names[1])


def test_nothing_to_tell_people_apart_is_an_error():
    with pytest.raises(UsageError, match="nothing tells people apart"):
        link_crossings(pa.table({"time": [], "direction": []}))


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    """The same invented crossings twice: with their keys, and with names and birth dates in place of keys."""
    folder = tmp_path_factory.mktemp("linkage")
    paths = {}
    for names in (False, True):
        recipe = Recipe(days=120, surge_day=40, missing_exits=0.05, names=names)
        events, _ = register_batch(recipe, 5, 0, 2000)
        paths[names] = folder / f"names-{names}.parquet"
        parquet.write_table(events, paths[names])
    return paths


def test_classes_without_keys_are_near_those_by_key(registers):
    with open_register(registers[False]) as by_key:
        truth = by_key.classes(()).to_pylist()[0]
    with open_register(registers[True]) as register:
        rows = register.linked().classes.to_pylist()

    found = {name: sum(row[name] for row in rows) for name in ("entries", "left", "within_term", "unmatched")}
    assert all(row["entries"] == row["left"] + row["within_term"] + row["unmatched"] for row in rows)
    assert found["entries"] == pytest.approx(truth["entries"], rel=0.005)
    for name in ("left", "within_term", "unmatched"):
        assert abs(found[name] - truth[name]) < 0.025 * truth["entries"], name


@on_each_engine
def test_what_is_linked_is_the_same_on_each_engine(registers, opened):
    """What Splink is given comes from the engine: rows in order of time, words and days."""
    register = opened(registers[True], zone="Asia/Almaty", as_of=date(2022, 10, 31))
    told = ("direction", "checkpoint", "citizenship", "document", "name", "born", "sex")

    rows = register._engine.rows(sql.told_apart(register.settings, register._reading)).to_pylist()

    written = [
        row
        for row in parquet.read_table(registers[True]).to_pylist()
        if row["time"] < datetime(2022, 10, 31, 18, tzinfo=UTC)  # midnight in Almaty
    ]
    assert [[row[name] for name in told] for row in rows] == [[row[name] for name in told] for row in written]
    assert [row["t"] for row in rows] == [int(row["time"].timestamp()) for row in written]
    assert rows[-1]["day"] == (date(2022, 10, 31) - date(1970, 1, 1)).days


def test_a_second_scan_is_no_second_crossing():
    noon = datetime(2022, 9, 21, 12, tzinfo=UTC)
    table = pa.table(
        {
            "time": pa.array([noon + timedelta(seconds=n) for n in (0, 100, 500, 2000)]),
            "direction": ["in", "in", "in", "in"],
            "document": ["a", "a", None, "a"],
            "name": ["Юрий Щукин", None, "SHCHUKIN Yuriy", None],
            "born": ["1980-01-01", None, "1980-01-01", None],
        }
    )

    assert _scanned_once(table, 600).tolist() == [True, False, False, True]


def test_a_missing_extra_is_told_with_what_to_do(registers, monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)

    with open_register(registers[True]) as register, pytest.raises(UsageError) as told:
        register.linked()

    assert "Splink is not installed" in str(told.value)
    assert "pip install 'tolqyn[linkage]'" in str(told.value)


def test_a_register_with_nothing_but_keys_cannot_be_linked(tmp_path):
    events = write(tmp_path / "e.parquet", [crossing("p", "21 10:00", "in")])

    with open_register(events) as register, pytest.raises(UsageError, match="nothing tells people apart"):
        register.linked()


def test_what_is_told_of_linkage_holds_nobody(registers):
    with open_register(registers[True]) as register:
        found = register.linked()

    assert found.classes.column_names[0] == "citizenship"
    assert set(found.classes["citizenship"].to_pylist()) == {"DEU", "KGZ", "RUS", "TJK", "TUR", "UZB"}
    assert found.certainty.column_names == ["probability", "pairs", "expected_right"]


def test_expected_numbers_are_rounded_so_that_they_add_up():
    assert _whole([1.5, 1.5, 1.0], 4) == [2, 1, 1]
    assert _whole([0.4, 0.4, 0.2], 1) == [1, 0, 0]
