"""Invented crossings for the tests, and a slow, plain matcher that the engines must agree with."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

# One worker runs all tests of Spark, so that one Spark is started.
SPARK = pytest.param("spark", marks=[pytest.mark.server, pytest.mark.xdist_group("spark")])
on_each_engine = pytest.mark.parametrize("engine", ["duckdb", SPARK], indirect=True)

SCHEMA = pa.schema(
    [
        ("person", pa.string()),
        ("time", pa.timestamp("s", "UTC")),
        ("direction", pa.string()),
        ("checkpoint", pa.string()),
        ("citizenship", pa.string()),
        ("purpose", pa.string()),
    ]
)


def moment(text):
    """ "21 10:00" is a moment of September 2022; "2022-12-01 10:00" any."""
    full = text if len(text) > 10 else f"2022-09-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=UTC)


def crossing(person, when, direction, checkpoint="Post A", citizenship="RUS", purpose="visit"):
    return {
        "person": person,
        "time": moment(when) if isinstance(when, str) else when,
        "direction": direction,
        "checkpoint": checkpoint,
        "citizenship": citizenship,
        "purpose": purpose,
    }


def write(path, rows, **options):
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, schema=SCHEMA)
    parquet.write_table(table, path, **options)
    return path


def plain_match(rows, *, duplicate_seconds=600, places_seconds=300):
    """Each crossing with its status, by a loop over each person's crossings."""
    people = defaultdict(list)
    judged = []
    for row in rows:
        if row["person"] is None:
            judged.append((row, "keyless", None))
        else:
            people[row["person"]].append(row)
    for crossings in people.values():
        ordered = in_order(crossings)
        for n, row in enumerate(ordered):
            before = ordered[n - 1] if n else None
            after = ordered[n + 1] if n + 1 < len(ordered) else None
            beside = after if row["direction"] == "in" else before
            status, days = "open" if row["direction"] == "in" else "unmatched", None
            if beside is not None and beside["direction"] == row["direction"]:
                gap = abs((beside["time"] - row["time"]).total_seconds())
                if beside["checkpoint"] == row["checkpoint"] and gap <= duplicate_seconds:
                    status = "duplicate"
                elif gap <= places_seconds:
                    status = "two_places"
                elif row["direction"] == "in":
                    status = "superseded"
            elif beside is not None:
                status = "left" if row["direction"] == "in" else "matched"
            if status in {"left", "superseded"}:
                days = (beside["time"].date() - row["time"].date()).days
            judged.append((row, status, days))
    return judged


def in_order(crossings):
    """By time; an entry and an exit of one second so that they fit what was before."""
    seconds = defaultdict(list)
    for row in crossings:
        seconds[row["time"]].append(row)
    ordered, inside = [], False
    for _, rows in sorted(seconds.items()):
        first = "out" if inside else "in"
        words = ("checkpoint", "citizenship", "purpose")
        rows.sort(key=lambda row: (row["direction"] != first, *(row[name] or "unknown" for name in words)))
        ordered += rows
        if len({row["direction"] for row in rows}) == 1:
            inside = rows[0]["direction"] == "in"
    return ordered


def plain_tally(rows, by=("date", "checkpoint", "citizenship", "purpose")):
    """Cell -> figures, by the same loop."""
    cells = defaultdict(Counter)
    people = defaultdict(Counter)
    for row, status, days in plain_match(rows):
        if status in {"duplicate", "two_places"}:
            continue
        words = {"date": row["time"].date(), **{k: row[k] or "unknown" for k in ("citizenship", "purpose")}}
        cell = tuple({**words, "checkpoint": row["checkpoint"]}[name] for name in by)
        way = row["direction"]
        cells[cell]["entries" if way == "in" else "exits"] += 1
        cells[cell]["same_day_transit"] += status == "left" and days == 0
        cells[cell]["keyless"] += status == "keyless"
        if status != "keyless":
            people[cell][way, row["person"]] += 1
    for cell, count in people.items():
        for (way, _), n in count.items():
            cells[cell][f"persons_{way}"] += 1
            cells[cell][f"repeat_{way}"] += n > 1
    return cells
