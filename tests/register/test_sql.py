"""The text that engines are given is kept: a change of it is a change of every answer."""

from datetime import date
from pathlib import Path

import pytest

from tolqyn.register import Settings, sql
from tolqyn.register.settings import zone_steps

GOLDEN = Path(__file__).parent.parent / "golden" / "register"
KINDS = (
    ("person", "text"),
    ("time", "text"),
    ("direction", "text"),
    ("checkpoint", "text"),
    ("citizenship", "text"),
)
SHAPES = [
    sql.Shape("raw_0", KINDS, numbered=True),
    sql.Shape(
        "raw_1", (("person", "whole"), ("time", "moment"), *KINDS[2:], ("purpose", "text")), numbered=False
    ),
    sql.Shape("raw_2", (("person", "text"), ("time", "nanoseconds"), *KINDS[2:]), numbered=False),
]
SETTINGS = Settings(zone="Europe/Berlin", as_of=date(2022, 12, 31), terms={"RUS": 90, "KGZ": 30})

STEPS = tuple(zone_steps("Europe/Berlin", 1_661_990_400, 1_672_444_800))
DUCK, SPARK = sql.Reading("duckdb", STEPS, 9), sql.Reading("spark", STEPS, 9)

TEXTS = {
    "duckdb/written": lambda: sql.written(SHAPES, "duckdb"),
    "spark/written": lambda: sql.written(SHAPES, "spark"),
    "words": sql.words,
    "word_counts": sql.word_counts,
    "duckdb/placed": lambda: sql.placed("duckdb", 9),
    "spark/placed": lambda: sql.placed("spark", 9),
    "coded": sql.coded,
    "checked": sql.checked,
    "set_aside": lambda: sql.set_aside(200),
    "crossings": lambda: sql.crossings(SETTINGS),
    "duckdb/counted": lambda: sql.counted(SETTINGS, DUCK),
    "spark/counted": lambda: sql.counted(SETTINGS, SPARK),
    "stays": lambda: sql.stays(SETTINGS, DUCK, 0, 4, turned=True),
    "told_apart": lambda: sql.told_apart(SETTINGS, DUCK),
    "ties": sql.ties,
    "tied_crossings": sql.tied_crossings,
    "corrected": lambda: sql.corrected(SETTINGS, DUCK, every_person=True),
    "cells": lambda: sql.cells("plain", 9),
    "statuses": sql.statuses,
    "flows": lambda: sql.flows(("date", "checkpoint", "citizenship", "purpose")),
    "flows_of_all": lambda: sql.flows(()),
    "reporting": sql.reporting,
    "classes": lambda: sql.classes(SETTINGS, 19_357),
    "lengths": lambda: sql.lengths(("citizenship",)),
    "reentries": sql.reentries,
    "beyond_term": lambda: sql.beyond_term(SETTINGS, 19_357),
    "stock_changes": lambda: sql.stock_changes(19_357),
    "oddities": lambda: sql.oddities(SETTINGS, DUCK, 200),
    "disorder": lambda: sql.disorder(200),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_the_golden_one(name):
    """To renew: write each text of TEXTS to tests/golden/register/NAME.sql, and read the difference."""
    assert TEXTS[name]() + "\n" == (GOLDEN / f"{name}.sql").read_text(encoding="utf-8")


def test_a_clock_change_is_found_to_the_second():
    steps = zone_steps("Europe/Berlin", 1_661_990_400, 1_672_444_800)

    assert steps == [(1_667_091_600, 7200), (None, 3600)]  # 30 October 2022, 01:00 UTC


def test_a_name_cannot_end_the_text_early():
    assert sql.quoted("O'Higgins'; DROP TABLE cells") == "'O''Higgins''; DROP TABLE cells'"
    with pytest.raises(ValueError, match="backslash"):
        sql.quoted("\\' OR 1")
