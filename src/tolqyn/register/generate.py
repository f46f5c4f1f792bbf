"""Invented registers: people who cross a border as people do, and scanners that err as scanners do.

Touches files only in `generate_register`. Nobody in them is real. What is drawn and why is told in
docs/concepts/register.md; the figures are made up, and only their shape is taken from life: most
entries are short, a few people cross often, a wave lasts some weeks, queues reach past midnight.

People are drawn in batches, each from a seed of its own, so a register is the same whatever the
number of processes, and memory stays at one batch a process.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from tolqyn.errors import UsageError
from tolqyn.register.folders import whole_folder
from tolqyn.register.names import with_names

__all__ = ["Recipe", "Truth", "generate_register", "register_batch", "register_of_totals"]

BATCH = 50_000
"""Persons drawn at once."""

DAY = 86_400
EPOCH = date(1970, 1, 1)

CHECKPOINTS = tuple(f"Post {letter}" for letter in "ABCDEFGHIJKLMNOPQRST")
CITIZENSHIPS = (("RUS", 0.62), ("UZB", 0.16), ("KGZ", 0.09), ("TJK", 0.06), ("DEU", 0.04), ("TUR", 0.03))
MODES = (("car", 0.45), ("bus", 0.25), ("train", 0.2), ("foot", 0.1))
KINDS = ("commuter", "transit", "visit", "stay", "overstay")

SCHEMA = pa.schema(
    [
        ("person", pa.string()),
        ("time", pa.timestamp("s", "UTC")),
        ("direction", pa.dictionary(pa.int8(), pa.string())),
        ("checkpoint", pa.dictionary(pa.int8(), pa.string())),
        ("citizenship", pa.dictionary(pa.int8(), pa.string())),
        ("document", pa.string()),
        ("born", pa.int32()),
        ("sex", pa.dictionary(pa.int8(), pa.string())),
        ("purpose", pa.dictionary(pa.int8(), pa.string())),
        ("mode", pa.dictionary(pa.int8(), pa.string())),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a register is made of. Shares are of persons, rates of crossings.

    Attributes:
        start, days: first day and length of the register.
        surge: entries on the peak day over those of an ordinary day; 1 is no wave.
        surge_day: days from `start` to the peak.
        commuters, transit, visitors, stayers, overstayers: shares of persons; they sum to 1.
        term_days: what overstayers exceed.
        missing_exits, missing_entries: share of crossings that leave no row.
        duplicates: share of crossings that are scanned twice.
        renewals: share of persons who change documents while they are in.
        clock_errors: share of crossings whose time is wrong, by up to two hours.
        keyless: share of crossings without a person's key.
        queues: share of crossings on busy days that wait past midnight.
        names: no key is told; instead names, in one of two alphabets, and birth dates, with the slips of those
            who type them (`names.with_names`).
    """

    start: date = date(2022, 9, 1)
    days: int = 180
    surge: float = 6.0
    surge_day: int = 22
    commuters: float = 0.06
    transit: float = 0.42
    visitors: float = 0.34
    stayers: float = 0.13
    overstayers: float = 0.05
    term_days: int = 90
    missing_exits: float = 0.03
    missing_entries: float = 0.001
    duplicates: float = 0.01
    renewals: float = 0.02
    clock_errors: float = 0.0005
    keyless: float = 0.0
    queues: float = 0.08
    names: bool = False

    def __post_init__(self) -> None:
        shares = [self.commuters, self.transit, self.visitors, self.stayers, self.overstayers]
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
            raise UsageError(f"the shares of persons are {shares}", hint="none below 0, and 1 in all")
        if self.days < 1 or self.surge < 1 or self.term_days < 0:
            raise UsageError("days and surge are at least 1, and term_days at least 0")
        for name in (
            "missing_exits",
            "missing_entries",
            "duplicates",
            "renewals",
            "clock_errors",
            "keyless",
            "queues",
        ):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} is {getattr(self, name)}, not a share")


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What happened, beside what was recorded. Days are counted from the register's first.

    Attributes:
        entries, exits: true crossings of each day, (day,).
        missed_exits, missed_entries, duplicates, clock_errors: how many of each.
        present: persons in the country when the register ends.
        overstaying: of those, beyond the term.
        overstay_days: by how many days, (days over the term,) -> persons.
    """

    entries: NDArray[np.int64]
    exits: NDArray[np.int64]
    overstay_days: NDArray[np.int64]
    present: int
    overstaying: int
    missed_exits: int
    missed_entries: int
    duplicates: int
    clock_errors: int

    def __add__(self, other: Truth) -> Truth:
        return Truth(*(getattr(self, name) + getattr(other, name) for name in Truth.__slots__))


def register_batch(recipe: Recipe, seed: int, batch: int, persons: int = BATCH) -> tuple[pa.Table, Truth]:
    """The events of one batch of people, in order of time, and what is true of them.

    Args:
        recipe: what they do and how it is recorded.
        seed: of the register.
        batch: its number in the register; the same pair gives the same rows.
        persons: people drawn, with all their crossings.

    Returns:
        (table of crossing events, truth).
    """
    chance = np.random.default_rng([seed, batch])
    kind = chance.choice(
        len(KINDS),
        persons,
        p=[recipe.commuters, recipe.transit, recipe.visitors, recipe.stayers, recipe.overstayers],
    )
    who, entered, left = _trips(recipe, kind, chance)
    end = recipe.days * DAY
    seen = entered < end
    who, entered, left = who[seen], entered[seen], left[seen]
    gone = left < end
    truth_over = _overstays(recipe, entered[~gone])
    rows = _scans(recipe, who, entered, left, gone, chance)
    truth = Truth(
        entries=np.bincount(entered // DAY, minlength=recipe.days),
        exits=np.bincount(left[gone] // DAY, minlength=recipe.days),
        overstay_days=truth_over,
        present=int((~gone).sum()),
        overstaying=int(truth_over.sum()),
        missed_exits=rows.pop("missed_exits"),
        missed_entries=rows.pop("missed_entries"),
        duplicates=rows.pop("duplicates"),
        clock_errors=rows.pop("clock_errors"),
    )
    table = _table(recipe, rows, kind, batch, chance)
    return with_names(table, np.random.default_rng([seed, batch, 1])) if recipe.names else table, truth


def generate_register(
    target: Path, *, persons: int, recipe: Recipe | None = None, seed: int = 0, workers: int = 1
) -> Truth:
    """Write a register of invented people: `events/*.parquet`, `truth.json`, `truth-daily.csv`.

    Args:
        target: a folder that is not there yet; it appears when all is written.
        persons: how many people cross; about 4 rows each with the default recipe.
        recipe: what they do; the default if not said.
        seed: the same seed gives the same rows, whatever `workers` is.
        workers: processes.

    Raises:
        RegisterError: the folder is there already.
        UsageError: nobody, or no process.
    """
    recipe = recipe or Recipe()
    if persons < 1 or workers < 1:
        raise UsageError(f"persons is {persons} and workers {workers}; each is at least 1")
    jobs = [
        (recipe, seed, batch, min(BATCH, persons - first))
        for batch, first in enumerate(range(0, persons, BATCH))
    ]
    with whole_folder(target) as draft:
        (draft / "events").mkdir()
        truth: Truth | None = None
        for part in _written(draft / "events", jobs, workers):
            truth = part if truth is None else truth + part
        assert truth is not None
        (draft / "truth.json").write_text(
            json.dumps(_told(truth, recipe, seed), indent=2) + "\n", encoding="utf-8"
        )
        lines = [
            f"{recipe.start + timedelta(n)},{entries},{exits}"
            for n, (entries, exits) in enumerate(zip(truth.entries, truth.exits, strict=True))
        ]
        (draft / "truth-daily.csv").write_text(
            "\n".join(["date,entries,exits", *lines, ""]), encoding="utf-8"
        )
    return truth


def register_of_totals(totals: Sequence[Mapping[str, Any]], *, seed: int = 0) -> pa.Table:
    """Crossing events of invented people that add up to given daily totals exactly.

    Whoever leaves is the one of that citizenship who has been in longest, and somebody never seen to
    enter where nobody is in. Times of a day are drawn evenly, in UTC.

    Args:
        totals: rows with date, checkpoint, direction ("in" or "out"), citizenship, count.
        seed: the same seed gives the same rows.

    Raises:
        UsageError: a count below zero, or a direction that is neither.
    """
    chance = np.random.default_rng(seed)
    scans: list[tuple[int, str, str, str]] = []
    for row in totals:
        if row["count"] < 0 or row["direction"] not in {"in", "out"}:
            raise UsageError(f"{row['direction']!r} with {row['count']} crossings is not a total")
        midnight = (row["date"] - EPOCH).days * DAY
        words = (row["direction"], row["checkpoint"], row["citizenship"])
        scans += [(midnight + int(n), *words) for n in chance.integers(0, DAY, row["count"])]
    scans.sort()
    inside: dict[str, deque[int]] = {}
    people = []
    for n, (_, direction, _, citizenship) in enumerate(scans):
        queue = inside.setdefault(citizenship, deque())
        if direction == "in":
            queue.append(n)
        people.append(queue.popleft() if direction == "out" and queue else n)
    key = _scramble(np.array(people, np.uint64) + np.uint64(1))
    times, ways, posts, groups = ([scan[n] for scan in scans] for n in range(4))
    return pa.table(
        {
            "person": pa.array(_text(key, "p") if scans else [], pa.string()),
            "time": pa.array(times, pa.int64()).cast(pa.timestamp("s", "UTC")),
            "direction": pa.array(ways, pa.string()),
            "checkpoint": pa.array(posts, pa.string()),
            "citizenship": pa.array(groups, pa.string()),
        }
    )


def _written(folder: Path, jobs: list[tuple[Recipe, int, int, int]], workers: int) -> Iterator[Truth]:
    work = [(folder / f"part-{job[2]:05}.parquet", job) for job in jobs]
    if workers == 1:
        yield from map(_write_batch, work)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_write_batch, work)


def _write_batch(work: tuple[Path, tuple[Recipe, int, int, int]]) -> Truth:
    path, job = work
    table, truth = register_batch(*job)
    parquet.write_table(table, path, compression="zstd")
    return truth


def _told(truth: Truth, recipe: Recipe, seed: int) -> Mapping[str, Any]:
    told = {name: getattr(truth, name) for name in Truth.__slots__}
    for name in ("entries", "exits"):
        told[name] = int(told[name].sum())
    told["overstay_days"] = {
        int(n): int(told["overstay_days"][n]) for n in np.flatnonzero(told["overstay_days"])
    }
    return {"seed": seed, "recipe": asdict(recipe) | {"start": recipe.start.isoformat()}, **told}


def _trips(
    recipe: Recipe, kind: NDArray[np.int64], chance: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Person, second of entry and second of exit of every trip, from the register's first midnight.

    A person's trips follow one another: each begins after the end of the one before.
    """
    persons = kind.size
    first_day = chance.choice(recipe.days, persons, p=_pressure(recipe))
    start = first_day * DAY + _time_of_day(recipe, first_day, chance)
    again = np.array([0.9, 0.25, 0.45, 0.15, 0.05])  # chance of one more trip, by kind
    pause = np.array([1.2, 20.0, 30.0, 60.0, 60.0])  # mean days until it
    who, entered, left = [], [], []
    active = np.arange(persons)
    while active.size:
        stay = _stay(recipe, kind[active], chance)
        end = start + stay
        who.append(active)
        entered.append(start)
        left.append(end)
        goes = chance.random(active.size) < again[kind[active]]
        days = (end + 3600 + chance.exponential(pause[kind[active]] * DAY).astype(np.int64)) // DAY + 1
        start = days * DAY + _time_of_day(recipe, days, chance)
        going = goes & (start < recipe.days * DAY)
        active, start = active[going], start[going]
    return np.concatenate(who), np.concatenate(entered), np.concatenate(left)


def _pressure(recipe: Recipe) -> NDArray[np.float64]:
    """Chance that a person's first entry falls on each day: week, and a wave that rises fast and ebbs."""
    day = np.arange(recipe.days)
    weekday = np.array([0.95, 0.9, 0.9, 0.95, 1.15, 1.2, 0.95])[(recipe.start.weekday() + day) % 7]
    since = day - recipe.surge_day
    wave = np.where(since < 0, np.exp(np.minimum(since, 0) / 1.5), np.exp(-np.maximum(since, 0) / 9.0))
    weight = weekday * (1 + (recipe.surge - 1) * wave)
    return np.asarray(weight / weight.sum())


def _time_of_day(recipe: Recipe, day: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """Seconds after midnight, around noon; on busy days some wait into the next morning."""
    second = np.clip(chance.normal(13 * 3600, 4.5 * 3600, day.size), 0, DAY - 1)
    busy = np.exp(-np.abs(day - recipe.surge_day) / 9.0)
    waits = chance.random(day.size) < recipe.queues * busy * (recipe.surge > 1)
    return (second + waits * chance.exponential(9 * 3600, day.size)).astype(np.int64)


def _stay(recipe: Recipe, kind: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """Seconds between entry and exit, by kind; at least ten minutes."""
    size, term = kind.size, max(recipe.term_days, 2)
    days = np.select(
        [kind == 0, kind == 1, kind == 2, kind == 3],
        [
            chance.gamma(4.0, 0.1, size),  # a working day
            chance.gamma(1.3, 0.9, size),
            np.minimum(chance.gamma(1.5, 9.0, size), term - 1),
            np.minimum(chance.gamma(4.0, term / 6, size), term - 1),
        ],
        term + 1 + chance.exponential(70.0, size),
    )
    return np.asarray(np.maximum((days * DAY).astype(np.int64), 600))


def _overstays(recipe: Recipe, entered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Persons still in on the last day, by days beyond their term."""
    over = recipe.days - 1 - entered // DAY - recipe.term_days
    return np.asarray(np.bincount(over[over > 0], minlength=recipe.days))


def _scans(
    recipe: Recipe,
    who: NDArray[np.int64],
    entered: NDArray[np.int64],
    left: NDArray[np.int64],
    gone: NDArray[np.bool_],
    chance: np.random.Generator,
) -> dict[str, Any]:
    """Crossings as the posts recorded them, unsorted, with what went wrong counted."""
    weight = 1 / np.arange(1, len(CHECKPOINTS) + 1)
    home = chance.choice(len(CHECKPOINTS), who.size, p=weight / weight.sum())
    # Four in five leave by the post by which they came.
    away = np.where(chance.random(who.size) < 0.8, home, chance.integers(0, len(CHECKPOINTS), who.size))
    saw_entry = chance.random(who.size) >= recipe.missing_entries
    saw_exit = gone & (chance.random(who.size) >= recipe.missing_exits)
    renewed = chance.random(who.size) < recipe.renewals
    trip = np.concatenate([np.flatnonzero(saw_entry), np.flatnonzero(saw_exit)])
    inward = np.concatenate([np.ones(saw_entry.sum(), bool), np.zeros(saw_exit.sum(), bool)])
    time = np.where(inward, entered[trip], left[trip])
    post = np.where(inward, home[trip], away[trip])
    twice = np.flatnonzero(chance.random(trip.size) < recipe.duplicates)
    wrong = chance.random(trip.size) < recipe.clock_errors
    time = time + wrong * chance.integers(-7200, 7200, trip.size)
    later = time[twice] + chance.integers(5, 300, twice.size)
    return {
        "who": who[np.concatenate([trip, trip[twice]])],
        "time": np.concatenate([time, later]),
        "inward": np.concatenate([inward, inward[twice]]),
        "post": np.concatenate([post, post[twice]]),
        # The document changes during a stay, so the exit bears the new one.
        "renewed": np.concatenate([renewed[trip] & ~inward, (renewed[trip] & ~inward)[twice]]),
        "missed_exits": int(gone.sum() - saw_exit.sum()),
        "missed_entries": int(who.size - saw_entry.sum()),
        "duplicates": int(twice.size),
        "clock_errors": int(wrong.sum()),
    }


def _table(
    recipe: Recipe, rows: Mapping[str, Any], kind: NDArray[np.int64], batch: int, chance: np.random.Generator
) -> pa.Table:
    """Rows in order of time, with what the document says of a person."""
    persons = kind.size
    citizen = chance.choice(len(CITIZENSHIPS), persons, p=[share for _, share in CITIZENSHIPS])
    born = chance.integers(1950, 2015, persons).astype(np.int32)
    sex = chance.integers(0, 2, persons)
    mode = chance.choice(len(MODES), persons, p=[share for _, share in MODES])
    order = np.lexsort((rows["who"], rows["time"]))
    who = rows["who"][order]
    start = int(datetime(recipe.start.year, recipe.start.month, recipe.start.day, tzinfo=UTC).timestamp())
    key = _scramble(who.astype(np.uint64) + np.uint64(batch * BATCH))
    keyless = chance.random(who.size) < recipe.keyless
    document = _scramble(key + rows["renewed"][order].astype(np.uint64) + np.uint64(1))
    purposes = ("work", "transit", "visit", "private")
    purpose = np.array([0, 1, 2, 3, 3])[kind][who]
    columns = [
        pa.array(_text(key, "p"), mask=keyless),
        pa.array(rows["time"][order] + start, pa.int64()).cast(pa.timestamp("s", "UTC")),
        _words(np.where(rows["inward"][order], 0, 1), ("in", "out")),
        _words(rows["post"][order], CHECKPOINTS),
        _words(citizen[who], tuple(name for name, _ in CITIZENSHIPS)),
        pa.array(_text(document, "d")),
        pa.array(born[who]),
        _words(sex[who], ("f", "m")),
        _words(purpose, purposes),
        _words(mode[who], tuple(name for name, _ in MODES)),
    ]
    return pa.table(columns, schema=SCHEMA)


def _scramble(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers that tell nothing of their order: the finisher of SplitMix64 (Steele, Lea, Flood 2014), one to one."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(number ^ (number >> np.uint64(31)))


def _text(number: NDArray[np.uint64], letter: str) -> NDArray[np.str_]:
    """Each number as a letter and sixteen hex digits."""
    digits = np.frombuffer(number.astype(">u8").tobytes(), np.uint8).reshape(-1, 8)
    nibbles = np.stack([digits >> 4, digits & 15], axis=2).reshape(-1, 16)
    letters = np.frombuffer(b"0123456789abcdef", np.uint8)[nibbles].astype(np.uint32)
    head = np.full((number.size, 1), ord(letter), np.uint32)
    text: NDArray[np.str_] = np.ascontiguousarray(np.hstack([head, letters])).view("<U17").ravel()
    return text


def _words(index: NDArray[np.int64], words: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int8)), pa.array(words))
