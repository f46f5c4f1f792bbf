"""How fast a register goes through the rules of stay: `python -m bench stay [PERSONS]`.

A million invented persons with three stays each, one exit in twenty not seen, through each counting machine; beside it
the plain way, a look at each day of one person after the other, on a thousandth of them.
"""

import resource
import sys
import time
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from tolqyn.stay import load_rules
from tolqyn.stay.register import answer_table

ON = date(2023, 6, 1)
RULES = ("kz-eaeu", "schengen", "kz-visafree", "mn-ru", "ru-visafree", "ge", "uk-settlement")


def main(argv: list[str]) -> None:
    persons = int(argv[0]) if argv else 1_000_000
    stays = invented(persons)
    book = load_rules()
    for name in RULES:
        started = time.perf_counter()
        answers = answer_table(stays, book.rule(name), ON)
        print(f"{name:<16} {answers.num_rows:>10,} persons {time.perf_counter() - started:6.2f} s")
    some = stays.slice(0, 3 * (persons // 1000)).to_pylist()
    started = time.perf_counter()
    day_by_day(some)
    spent = time.perf_counter() - started
    print(f"{'day by day':<16} {persons // 1000:>10,} persons {spent:6.2f} s, 90 days in 180 alone")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB at most")


def invented(persons: int) -> pa.Table:
    rng = np.random.default_rng(0)
    entry = (date(2022, 6, 1) - date(1970, 1, 1)).days + rng.integers(0, 400, 3 * persons)
    leave = entry + rng.integers(0, 60, 3 * persons)
    return pa.table(
        {
            "person": np.repeat(np.arange(persons), 3),
            "entry": pa.array(entry.astype(np.int32)).cast(pa.date32()),
            "exit": pa.array(leave.astype(np.int32), mask=rng.random(3 * persons) < 0.05).cast(pa.date32()),
        }
    )


def day_by_day(rows: list[dict]) -> int:
    present: dict[int, set[date]] = {}
    for row in rows:
        last = min(row["exit"] or row["entry"], ON)
        days = present.setdefault(row["person"], set())
        days |= {row["entry"] + timedelta(n) for n in range((last - row["entry"]).days + 1)}
    broken = 0
    for days in present.values():
        for day in days:
            broken += sum(day - timedelta(n) in days for n in range(180)) > 90
    return broken


if __name__ == "__main__":
    main(sys.argv[1:])
