"""How fast a register is matched and counted: `python -m bench register [persons ...]`.

Invented registers of growing size, and one piece of work: entries matched to exits; by day, direction, post,
citizenship and purpose the crossings, persons, repeat crossers and same-day transit; the three classes of
entries by citizenship; lengths of stay; and for each day those present, by how long. Beside Tolqyn: what the
same engine needs to read and sort the same columns (the floor), hand-written SQL, and pandas and polars in
the way most people would write it, where they are installed and the size fits; all give the same figures.
Each runs in a process of its own, so peak memory is its own, loading its libraries included, once they have
been compiled. Ratios are to Tolqyn in the same run: of the clock, and of processor time, which says more on
a machine that others use too. 28900000 people are a hundred million events.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

MEMORY = "4GB"
COLUMNS = "person, time, direction, checkpoint, citizenship, purpose"
BESIDE = pa.array(["missed_exit", "no_entry", "keyless"])
"""Rows of our stock that are no length of stay."""

BANDS = (0, 1, 3, 7, 14, 30, 60, 90, 180, 365)
TERM = 90
HELD_IN_MEMORY = 12_000_000
"""Rows above which pandas and polars are not tried."""


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("persons", nargs="*", type=int, default=[300_000, 2_700_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default=MEMORY)
    parser.add_argument("--only", help="names of ways, comma-separated")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--events", help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.way:
        print(json.dumps(timed(asked.way, asked.events, asked.threads, asked.memory)))
        return
    for persons in asked.persons:
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), persons, asked)


def compare(folder: Path, persons: int, asked: argparse.Namespace) -> None:
    """Make a register and time each way on it."""
    from tolqyn.register import generate_register

    start = time.perf_counter()
    generate_register(folder / "r", persons=persons, seed=1, workers=asked.threads)
    events = folder / "r" / "events"
    rows = timed("count", str(events), asked.threads, asked.memory)["answer"]
    print(f"{rows:,} events of {persons:,} people, invented in {time.perf_counter() - start:.1f} s")
    ways = asked.only.split(",") if asked.only else list(WAYS)
    few = folder / "few"
    few.mkdir()
    shutil.copy(min(events.iterdir()), few)
    found = {}
    for way in ways:
        if way in {"pandas", "polars"} and rows > HELD_IN_MEMORY:
            continue
        in_a_process(way, few, asked, folder)
        done = in_a_process(way, events, asked, folder)
        found[way] = json.loads(done.stdout) if done.returncode == 0 else None
        if found[way] is None:
            print(f"  {way:<12} not run: {done.stderr.strip().splitlines()[-1][:90]}")
            continue
        ours = found.get("tolqyn")
        ratios = [found[way][name] / ours[name] for name in ("seconds", "processor")] if ours else []
        print(
            f"  {way:<14}{found[way]['seconds']:7.2f} s {found[way]['processor']:7.2f} s of processor"
            f" {found[way]['peak']:6.0f} MB   of tolqyn: {', '.join(f'{ratio:.2f}' for ratio in ratios)}",
            flush=True,
        )
    answers = {json.dumps(one["answer"]) for way, one in found.items() if one and way != "scan and sort"}
    print(f"  all ways agree: {len(answers) == 1}")


def in_a_process(
    way: str, events: Path, asked: argparse.Namespace, folder: Path
) -> subprocess.CompletedProcess[str]:
    """One way, timed in a process that finds the libraries compiled by the process before."""
    words = ["--way", way, "--events", str(events), "--threads", str(asked.threads), "--memory", asked.memory]
    world = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    world["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    return subprocess.run(
        [sys.executable, "-W", "ignore", __file__, *words],
        capture_output=True,
        text=True,
        check=False,
        env=world,
    )


def timed(way: str, events: str, threads: int, memory: str) -> dict[str, object]:
    start, used = time.perf_counter(), time.process_time()
    answer = (WAYS | {"count": count})[way](events, threads, memory)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "processor": processor, "peak": peak, "answer": answer}


def count(events: str, _threads: int, _memory: str) -> int:
    import duckdb

    return int(duckdb.sql(f"SELECT count(*) FROM '{events}/*.parquet'").fetchall()[0][0])


def tolqyn(events: str, threads: int, memory: str) -> list[int]:
    """Everything that the others do, and a look at every row for what is wrong with it."""
    import pyarrow.compute as pc

    from tolqyn.register import open_register, stock

    with open_register(events, threads=threads, memory=memory) as register:
        tally = register.tally()
        lengths = register.lengths()
        classes = register.classes()
        present = stock(register)
    figures = ("entries", "persons_in", "repeat_in", "repeat_out", "same_day_transit")
    left = lengths.filter(pc.equal(lengths["status"], "left"))
    days = pc.multiply(left["days"], left["n"])
    in_bands = present.filter(pc.invert(pc.is_in(present["days_present"], BESIDE)))
    last = in_bands.filter(pc.equal(in_bands["date"], pc.max(in_bands["date"])))
    sums = [
        *(tally[name] for name in figures),
        *(classes[name] for name in ("left", "within_term", "unmatched")),
        days,
        in_bands["persons"],
        last.filter(pc.equal(last["days_present"], "30-59"))["persons"],
    ]
    return [int(pc.sum(column).as_py()) for column in sums]


def scan_and_sort(events: str, threads: int, memory: str) -> None:
    """The floor: the same columns read and put in order of person and time."""
    connect(threads, memory).execute(
        f"CREATE TEMP TABLE sorted AS SELECT {COLUMNS} FROM '{events}/*.parquet' ORDER BY person, time, direction"
    ).fetchall()


def hand_written(events: str, threads: int, memory: str) -> list[int]:
    """What an engineer writes at a sitting: windows, then a table of crossings, then a query for each question."""
    db = connect(threads, memory)
    w = "OVER (PARTITION BY person ORDER BY time, direction DESC, checkpoint)"
    db.execute(f"""
        CREATE TEMP TABLE crossings AS
        SELECT *, lead(direction) {w} AS nd, lead(time) {w} AS nt, lead(checkpoint) {w} AS nc,
          lag(direction) {w} AS pd, lag(time) {w} AS pt, lag(checkpoint) {w} AS pc
        FROM (SELECT {COLUMNS} FROM '{events}/*.parquet')""").fetchall()
    same = """(direction = 'in' AND nd = 'in' AND epoch(nt) - epoch(time) <= if(nc = checkpoint, 600, 300))
        OR (direction = 'out' AND pd = 'out' AND epoch(time) - epoch(pt) <= if(pc = checkpoint, 600, 300))"""
    db.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM crossings WHERE ({same}) IS NOT TRUE").fetchall()
    cells = db.execute("""
        SELECT sum(n) FILTER (direction = 'in'), sum(persons) FILTER (direction = 'in'),
          sum(repeats) FILTER (direction = 'in'), sum(repeats) FILTER (direction = 'out'), sum(same_day)
        FROM (
          SELECT day, direction, checkpoint, citizenship, purpose, sum(n) AS n, count(*) AS persons,
            count(*) FILTER (n > 1) AS repeats, sum(same_day) AS same_day
          FROM (
            SELECT time::DATE AS day, direction, checkpoint, citizenship, purpose, person, count(*) AS n,
              count(*) FILTER (direction = 'in' AND nd = 'out' AND nt::DATE = time::DATE) AS same_day
            FROM kept GROUP BY ALL)
          GROUP BY day, direction, checkpoint, citizenship, purpose)""").fetchall()[0]
    db.execute("""
        CREATE TEMP TABLE stays AS
        SELECT citizenship, time::DATE AS entry, nd, nt::DATE AS until FROM kept WHERE direction = 'in'""").fetchall()
    classes = db.execute(f"""
        SELECT sum(gone), sum(here), sum(n - gone - here) FROM (
          SELECT citizenship, count(*) AS n, count(*) FILTER (nd = 'out') AS gone,
            count(*) FILTER (nd IS NULL AND entry + {TERM} >= (SELECT max(time)::DATE FROM kept)) AS here
          FROM stays GROUP BY citizenship)""").fetchall()[0]
    lengths = db.execute("""
        SELECT sum(days * n) FROM (
          SELECT until - entry AS days, count(*) AS n FROM stays WHERE nd = 'out' GROUP BY ALL)""").fetchall()[
        0
    ]
    band = " ".join(f"WHEN day - entry >= {first} THEN {first}" for first in reversed(BANDS))
    stock = db.execute(f"""
        WITH days AS (
          SELECT unnest(generate_series(min(time)::DATE, max(time)::DATE, INTERVAL 1 DAY))::DATE AS day FROM kept),
        present AS (
          SELECT day, CASE {band} END AS band, count(*) AS n
          FROM days JOIN stays ON entry <= day AND (until IS NULL OR until > day) GROUP BY ALL)
        SELECT sum(n), sum(n) FILTER (band = 30 AND day = (SELECT max(day) FROM days)) FROM present""").fetchall()[
        0
    ]
    return [int(figure or 0) for figure in (*cells, *classes, *lengths, *stock)]


def connect(threads: int, memory: str) -> object:
    import duckdb

    settings = {"threads": threads, "memory_limit": memory, "preserve_insertion_order": "false"}
    return duckdb.connect(config=settings | {"temp_directory": tempfile.mkdtemp()})


def pandas(events: str, _threads: int, _memory: str) -> list[int]:
    """The plain way: sort, shift within groups, group by, and a loop over days for who is there."""
    import pandas as pd

    frame = pd.read_parquet(events, columns=COLUMNS.split(", "))
    frame = frame.sort_values(["person", "time", "direction"], ascending=[True, True, False])
    people = frame.groupby("person", sort=False)
    for name in ("direction", "time", "checkpoint"):
        frame[f"next_{name}"] = people[name].shift(-1)
        frame[f"before_{name}"] = people[name].shift(1)
    inward = frame["direction"] == "in"
    text = {name: frame[name].astype(str) for name in ("direction", "checkpoint")}
    beside = {
        name: frame[f"next_{name}"].where(inward, frame[f"before_{name}"])
        for name in ("direction", "time", "checkpoint")
    }
    gap = (beside["time"] - frame["time"]).abs().dt.total_seconds()
    limit = (beside["checkpoint"].astype(str) == text["checkpoint"]).map({True: 600, False: 300})
    kept = frame[~((beside["direction"].astype(str) == text["direction"]) & (gap <= limit))]
    kept = kept.assign(day=kept["time"].dt.normalize(), next_day=kept["next_time"].dt.normalize())
    entered, next_way = kept["direction"] == "in", kept["next_direction"]
    kept = kept.assign(same_day=entered & (next_way == "out") & (kept["next_day"] == kept["day"]))
    cell = ["day", "direction", "checkpoint", "citizenship", "purpose"]
    people = kept.groupby([*cell, "person"], observed=True).agg(
        crossings=("time", "size"), same_day=("same_day", "sum")
    )
    people["again"] = people["crossings"] > 1
    tally = people.groupby(level=cell, observed=True).agg(
        crossings=("crossings", "sum"),
        persons=("crossings", "size"),
        repeats=("again", "sum"),
        same_day=("same_day", "sum"),
    )
    ways = {way: tally.xs(way, level="direction") for way in ("in", "out")}

    stays = kept[entered]
    last = kept["day"].max()
    left = stays["next_direction"] == "out"
    within = stays["next_direction"].isna() & (stays["day"] + pd.Timedelta(days=TERM) >= last)
    classes = stays.assign(left=left, within=within, unmatched=~left & ~within)
    classes = classes.groupby("citizenship", observed=True)[["left", "within", "unmatched"]].sum()
    lengths = (stays["next_day"] - stays["day"]).dt.days[left].value_counts()

    stock = {}
    for day in pd.date_range(kept["day"].min(), last):
        here = stays[(stays["day"] <= day) & (stays["next_day"].isna() | (stays["next_day"] > day))]
        present = pd.cut((day - here["day"]).dt.days, [*BANDS, 10_000], right=False, labels=BANDS)
        stock[day] = present.value_counts()
    sums = [
        ways["in"]["crossings"],
        ways["in"]["persons"],
        ways["in"]["repeats"],
        ways["out"]["repeats"],
        tally["same_day"],
        *(classes[name] for name in ("left", "within", "unmatched")),
        lengths * lengths.index,
    ]
    whole = sum(int(bands.sum()) for bands in stock.values())
    return [*(int(column.sum()) for column in sums), whole, int(stock[last][30])]


def polars(events: str, _threads: int, _memory: str) -> list[int]:
    """The lazy way: windows over persons, group by, and a loop over days for who is there."""
    import polars as pl

    inward = pl.col("direction") == "in"
    frame = pl.scan_parquet(f"{events}/*.parquet").select(COLUMNS.split(", "))
    frame = frame.with_columns(pl.col("direction", "checkpoint").cast(pl.String))
    frame = frame.sort("person", "time", "direction", descending=[False, False, True])
    frame = frame.with_columns(
        *(pl.col(n).shift(-1).over("person").alias(f"next_{n}") for n in ("direction", "time", "checkpoint")),
        *(
            pl.col(n).shift(1).over("person").alias(f"before_{n}")
            for n in ("direction", "time", "checkpoint")
        ),
    )
    near = {
        n: pl.when(inward).then(f"next_{n}").otherwise(f"before_{n}")
        for n in ("direction", "time", "checkpoint")
    }
    gap = (near["time"] - pl.col("time")).dt.total_seconds().abs()
    limit = pl.when(near["checkpoint"] == pl.col("checkpoint")).then(600).otherwise(300)
    again = ((near["direction"] == pl.col("direction")) & (gap <= limit)).fill_null(value=False)
    kept = frame.filter(~again).collect()
    kept = kept.with_columns(day=pl.col("time").dt.date(), next_day=pl.col("next_time").dt.date())
    out_next = inward & (pl.col("next_direction") == "out").fill_null(value=False)
    cell = ["day", "direction", "checkpoint", "citizenship", "purpose"]
    people = kept.group_by(*cell, "person").agg(
        pl.len().alias("crossings"),
        (out_next & (pl.col("next_day") == pl.col("day"))).sum().alias("same_day"),
    )
    tally = people.group_by(cell).agg(
        pl.col("crossings").sum(),
        pl.len().alias("persons"),
        (pl.col("crossings") > 1).sum().alias("repeats"),
        pl.col("same_day").sum(),
    )
    ways = {way: tally.filter(pl.col("direction") == way) for way in ("in", "out")}
    stays, last = kept.filter(inward), kept["day"].max()
    open_still = pl.col("next_direction").is_null()
    within = open_still & (pl.col("day") + pl.duration(days=TERM) >= last)
    classes = stays.group_by("citizenship").agg(
        out_next.sum().alias("left"),
        within.sum().alias("within"),
        (~out_next & ~within).sum().alias("unmatched"),
    )
    lengths = (
        stays.filter(out_next)
        .group_by((pl.col("next_day") - pl.col("day")).dt.total_days().alias("days"))
        .agg(pl.len().alias("n"))
    )
    stock = {}
    for day in pl.date_range(kept["day"].min(), last, eager=True):
        here = stays.filter(
            (pl.col("day") <= day) & (pl.col("next_day").is_null() | (pl.col("next_day") > day))
        )
        present = (pl.lit(day) - pl.col("day")).dt.total_days()
        bands = present.cut(BANDS[1:], labels=[str(first) for first in BANDS], left_closed=True)
        stock[day] = dict(here.select(bands.alias("band")).group_by("band").len().iter_rows())
    sums = [
        *(ways["in"][name] for name in ("crossings", "persons", "repeats")),
        ways["out"]["repeats"],
        tally["same_day"],
        *(classes[name] for name in ("left", "within", "unmatched")),
        lengths["days"] * lengths["n"],
    ]
    whole = sum(sum(bands.values()) for bands in stock.values())
    return [*(int(column.sum()) for column in sums), whole, stock[last]["30"]]


WAYS = {
    "tolqyn": tolqyn,
    "scan and sort": scan_and_sort,
    "hand-written": hand_written,
    "polars": polars,
    "pandas": pandas,
}

if __name__ == "__main__":
    main()
