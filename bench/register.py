"""How fast a register is matched and counted: `python -m bench register [persons ...]`.

Invented registers of growing size. Beside Tolqyn: what the same engine needs to read and sort the
same columns (the floor), hand-written SQL for the same match and tally, and pandas and polars in the
way most people would write it, where they are installed and the size fits. Each runs in a process of
its own, so peak memory is its own. Ratios are to Tolqyn in the same run: of the clock, and of processor time,
which says more on a machine that others use too. 28900000 people are a hundred million events.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEMORY = "4GB"
COLUMNS = "person, time, direction, checkpoint, citizenship, purpose"
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
    found = {}
    for way in ways:
        if way in {"pandas", "polars"} and rows > HELD_IN_MEMORY:
            continue
        words = [
            "--way",
            way,
            "--events",
            str(events),
            "--threads",
            str(asked.threads),
            "--memory",
            asked.memory,
        ]
        done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=False)
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
    """Open, match, tally by day, post, citizenship and purpose, and lengths of stay."""
    from tolqyn.register import open_register

    with open_register(events, threads=threads, memory=memory) as register:
        tally = register.tally()
        lengths = register.lengths()
    left = sum(row["n"] for row in lengths.to_pylist() if row["status"] == "left")
    return [
        int(sum(filter(None, tally["entries"].to_pylist()))),
        int(sum(filter(None, tally["persons_in"].to_pylist()))),
        left,
    ]


def scan_and_sort(events: str, threads: int, memory: str) -> None:
    """The floor: the same columns read and put in order of person and time."""
    connect(threads, memory).execute(
        f"CREATE TEMP TABLE sorted AS SELECT {COLUMNS} FROM '{events}/*.parquet' ORDER BY person, time, direction"
    ).fetchall()


def hand_written(events: str, threads: int, memory: str) -> list[int]:
    """What an engineer writes at a sitting: windows, then a table of crossings, then three queries on it."""
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
    tally = db.execute("""
        SELECT sum(entries), sum(persons) FROM (
          SELECT count(*) FILTER (direction = 'in') AS entries,
            count(DISTINCT person) FILTER (direction = 'in') AS persons,
            count(*) FILTER (direction = 'out') AS exits, count(DISTINCT person) FILTER (direction = 'out') AS gone
          FROM kept GROUP BY time::DATE, checkpoint, citizenship, purpose)""").fetchall()[0]
    left = db.execute("""
        SELECT sum(n) FROM (SELECT nt::DATE - time::DATE AS days, count(*) AS n FROM kept
        WHERE direction = 'in' AND nd = 'out' GROUP BY ALL)""").fetchall()[0][0]
    return [int(tally[0]), int(tally[1]), int(left)]


def connect(threads: int, memory: str) -> object:
    import duckdb

    settings = {"threads": threads, "memory_limit": memory, "preserve_insertion_order": "false"}
    return duckdb.connect(config=settings | {"temp_directory": tempfile.mkdtemp()})


def pandas(events: str, _threads: int, _memory: str) -> list[int]:
    """The plain way: sort, shift within groups, group by."""
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
    cells = kept.groupby(
        [kept["time"].dt.date, "direction", "checkpoint", "citizenship", "purpose"], observed=True
    )
    tally = cells.agg(crossings=("person", "size"), persons=("person", "nunique")).loc[(slice(None), "in"), :]
    stays = kept[(kept["direction"] == "in") & (kept["next_direction"] == "out")]
    days = (stays["next_time"].dt.normalize() - stays["time"].dt.normalize()).dt.days
    return [int(tally["crossings"].sum()), int(tally["persons"].sum()), int(days.value_counts().sum())]


def polars(events: str, _threads: int, _memory: str) -> list[int]:
    """The lazy way: windows over persons, group by."""
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
    tally = kept.group_by(pl.col("time").dt.date(), "direction", "checkpoint", "citizenship", "purpose").agg(
        pl.len().alias("crossings"), pl.col("person").n_unique().alias("persons")
    )
    tally = tally.filter(inward)
    stays = kept.filter(inward & (pl.col("next_direction") == "out"))
    days = stays.select(
        (pl.col("next_time").dt.date() - pl.col("time").dt.date()).dt.total_days().alias("days")
    )
    left = days.group_by("days").len()["len"].sum()
    return [int(tally["crossings"].sum()), int(tally["persons"].sum()), int(left)]


WAYS = {
    "tolqyn": tolqyn,
    "scan and sort": scan_and_sort,
    "hand-written": hand_written,
    "polars": polars,
    "pandas": pandas,
}

if __name__ == "__main__":
    main()
