"""Posts that did not report: unknown, not zero.

Pure, but for `read_posts`, which reads a table that it is given.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tolqyn.errors import RegisterError

__all__ = ["FIGURES", "Posts", "read_posts", "with_silence"]

FIGURES = (
    "entries", "exits", "net", "persons_in", "persons_out", "repeat_in", "repeat_out",
    "same_day_transit", "keyless",
)  # fmt: skip
"""The figures of a tally, in the order of its columns."""


@dataclass(frozen=True, slots=True)
class Posts:
    """When posts were open or closed: (checkpoint, first day, last day, is open); later rows win."""

    spans: tuple[tuple[str, date, date, bool], ...]

    def state(self, checkpoint: str, day: date) -> str:
        """Whether it is "open" or "closed"; "unknown" where no span covers the day."""
        found = "unknown"
        for name, first, last, is_open in self.spans:
            if name == checkpoint and first <= day <= last:
                found = "open" if is_open else "closed"
        return found

    @property
    def names(self) -> set[str]:
        """The posts that it speaks of."""
        return {name for name, *_ in self.spans}


def read_posts(path: Path) -> Posts:
    """A table of posts: checkpoint,first,last,status with status open or closed.

    Raises:
        RegisterError: a column is missing, or a row cannot be read.
    """
    spans = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), 2):
                where = f"{path}, row {number}"
                try:
                    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
                    is_open = {"open": True, "closed": False}[row["status"]]
                    name = row["checkpoint"].strip()
                except (KeyError, ValueError, AttributeError, TypeError) as error:
                    raise RegisterError(
                        f"cannot be read: {error}",
                        where,
                        "columns: checkpoint,first,last,status; 2022-09-21; open or closed",
                    ) from None
                if last < first:
                    raise RegisterError(f"last is {last}, before first, {first}", where)
                spans.append((name, first, last, is_open))
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"cannot be read: {error}", str(path)) from None
    return Posts(tuple(spans))


def with_silence(
    table: pa.Table,
    by: Sequence[str],
    reported: AbstractSet[tuple[str, date]],
    first: date,
    last: date,
    posts: Posts | None,
) -> pa.Table:
    """A tally with its net, and with the posts that did not report.

    Args:
        table: rows of `sql.flows`, with `date` as a date.
        by: its dimensions.
        reported: (checkpoint, day) pairs with at least one event.
        first: first day of the register.
        last: its last day.
        posts: when posts were open; an open post without events saw nobody.
    """
    net = pc.subtract(table["entries"], table["exits"])
    table = table.add_column(table.column_names.index("exits") + 1, "net", net)
    table = table.add_column(len(by), "status", pa.repeat(pa.scalar("reported"), table.num_rows))
    missing = _missing(reported, first, last, posts)
    if "checkpoint" in by and "date" in by:
        extra = [
            {"date": day, "checkpoint": post, "status": status}
            | (dict.fromkeys(FIGURES, 0) if status == "reported" else {})
            for post, day, status in missing
        ]
        more = pa.Table.from_pylist(extra, schema=table.schema)
        table = pa.concat_tables([table, more])
        return table.sort_by([(name, "ascending") for name in by])
    silent = [(post, day) for post, day, status in missing if status != "reported"]
    if "date" in by:
        per_day: dict[date, int] = {}
        for _, day in silent:
            per_day[day] = per_day.get(day, 0) + 1
        counts = [per_day.get(day, 0) for day in table["date"].to_pylist()]
    elif "checkpoint" in by:
        per_post: dict[str, int] = {}
        for post, _ in silent:
            per_post[post] = per_post.get(post, 0) + 1
        counts = [per_post.get(post, 0) for post in table["checkpoint"].to_pylist()]
    else:
        counts = [len(silent)] * table.num_rows
    return table.append_column("posts_silent", pa.array(counts, pa.int64()))


def _missing(
    reported: AbstractSet[tuple[str, date]], first: date, last: date, posts: Posts | None
) -> list[tuple[str, date, str]]:
    """Posts and days without an event, and what that means: reported (zero), silent, closed."""
    names = {post for post, _ in reported} | (posts.names if posts else set())
    meaning = {"open": "reported", "closed": "closed", "unknown": "silent"}
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(n)
        found += [
            (post, day, meaning[posts.state(post, day)] if posts else "silent")
            for post in sorted(names)
            if (post, day) not in reported
        ]
    return found
