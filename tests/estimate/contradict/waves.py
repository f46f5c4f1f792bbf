"""Statements for the tests: from a table, and planted one by one (invented bodies of Freedonia)."""

import csv
from datetime import date
from pathlib import Path

from tolqyn.claims import Claim, Measure, Modality, Qualifier, Statement, claim_from_record
from tolqyn.situation import Event, Situation

DATA = Path(__file__).parent / "data"

BEGUN = date(2022, 9, 21)


def situation(*events, place="FRE", group="SYL", population=None):
    """A wave that began on 21 September, with further events."""
    return Situation(
        title="planted",
        start=date(2022, 9, 1),
        end=date(2022, 12, 31),
        places=(place,),
        groups=(group,),
        events=(Event(BEGUN, "the wave begins"), *(Event(day, "a change") for day in events)),
        population={place: {group: population}} if population else {},
    )


def statement(claim):
    return Statement(claim.id, (claim,), 1)


def say(measure, value, start=None, end=None, qualifier="exact", **more):
    """One planted statement; days are given as "09-21" of 2022, `said` likewise."""
    days = {name: date.fromisoformat(f"2022-{day}") for name, day in (("start", start), ("end", end)) if day}
    said = more.pop("said", None)
    low, high = more.pop("low", None), more.pop("high", None)
    fields = {
        "doc": "planted",
        "quote": f"{measure} {value} {qualifier} {start} {end} {sorted(more.items())}",
        "place": "FRE",
        "group": "SYL",
        "organization": "Interior Ministry",
        "source_url": None,
    } | more
    return statement(
        Claim(
            measure=Measure(measure),
            value=value,
            low=low,
            high=high,
            qualifier=Qualifier(qualifier),
            window_start=days.get("start"),
            window_end=days.get("end"),
            said=date.fromisoformat(f"2022-{said}") if said else days.get("end"),
            modality=Modality(fields.pop("modality", "observed")),
            **fields,
        )
    )


def table(name):
    """The statements of one table of facts."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        statement(claim_from_record({**row, "doc": name, "quote": f"row {n}"}, f"{name}.csv:{n}"))
        for n, row in enumerate(rows, 2)
    ]
