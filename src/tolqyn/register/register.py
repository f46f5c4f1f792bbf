"""A register of crossings: opened, checked, matched, counted.

Reads the files it is given; writes only into a scratch folder that goes when the register is closed.
What comes out are counts: no function returns a person's key, document or birth date.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from tolqyn.errors import Problem, RegisterError, UsageError
from tolqyn.register import sql
from tolqyn.register.engine import Engine, open_engine
from tolqyn.register.posts import Posts, with_silence
from tolqyn.register.settings import Settings, zone_steps
from tolqyn.register.source import Part, damaged, open_parts

if TYPE_CHECKING:
    from tolqyn.register.linkage import LinkCounts

__all__ = ["Check", "Register", "open_register"]

EPOCH = date(1970, 1, 1)
PART = 20_000_000
"""Rows of a register that are judged at a time by `count_stays`."""

SHOWN = 200
"""Rows set aside that are listed one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a register holds; `rows` = `good` + `bad`, and `bad` is the sum of `reasons`.

    Attributes:
        rows: rows of all files, in those that could be used.
        good, bad: rows that are used, and that are set aside.
        keyless: good rows without a person's key; they are counted and cannot be matched.
        reasons: reason -> rows set aside for it.
        files: files used.
        first, last: the first and last moment, UTC; None where no row is good.
        problems: files and rows set aside, one by one up to a limit.
        doubts: rows that are used and look wrong: two places at once, negative stays, broken order.
    """

    rows: int
    good: int
    bad: int
    keyless: int
    reasons: Mapping[str, int]
    files: int
    first: datetime | None
    last: datetime | None
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...] = ()


class Register:
    """Crossing events in an engine. A context manager; made by `open_register`."""

    def __init__(
        self, path: Path, engine: Engine, scratch: tempfile.TemporaryDirectory[str], settings: Settings
    ) -> None:
        self.path = path
        self.settings = settings
        self._engine = engine
        self._scratch = scratch
        self._cells: str | None = None
        parts, problems = open_parts(path, Path(scratch.name))
        self._parts, self._check = self._scan(parts, problems)
        if self._check.good == 0:
            told = "\n  ".join(str(problem) for problem in self._check.problems[:5])
            raise RegisterError(f"no row can be used, of {self._check.rows}:\n  {told}", str(path))
        first, last = (int(moment.timestamp()) for moment in self._span)
        steps = zone_steps(settings.zone, first, last)
        self._reading = sql.Reading(engine.dialect, tuple(steps), self._told_bits)
        self._engine.view("crossings", sql.crossings(settings))
        # The last day on which anything can be known: that of the last event, or `as_of`.
        seen = (last + steps[-1][1]) // 86_400
        self._last_day = seen if settings.as_of is None else (settings.as_of - EPOCH).days
        self._first_day = (first + steps[0][1]) // 86_400

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the engine's tables and the scratch folder."""
        self._engine.close()
        self._scratch.cleanup()

    @property
    def first_day(self) -> date:
        """The day of the first event, where the border lies."""
        return EPOCH + timedelta(self._first_day)

    @property
    def last_day(self) -> date:
        """The day on which stays are judged: that of the last event, or `as_of`."""
        return EPOCH + timedelta(self._last_day)

    @property
    def _span(self) -> tuple[datetime, datetime]:
        assert self._check.first is not None
        assert self._check.last is not None
        return self._check.first, self._check.last

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was set aside, one by one up to a limit."""
        return self._check.problems

    @property
    def bad(self) -> int:
        """How many rows were set aside."""
        return self._check.bad

    def check(self, *, limit: int = SHOWN) -> Check:
        """What the register holds, what was set aside, and what looks wrong in the rest.

        Args:
            limit: doubts that are listed.
        """
        return Check(
            **{name: getattr(self._check, name) for name in Check.__slots__ if name != "doubts"},
            doubts=(*self._oddities(limit), *self._disorder(limit)),
        )

    def classes(self, by: Sequence[str] = ("citizenship",)) -> pa.Table:
        """Entries as `left`, `within_term` or `unmatched`; exits without entry beside them.

        Args:
            by: of "citizenship", "purpose", "checkpoint", "date" (of entry).

        Returns:
            `by`, then entries = left + within_term + unmatched, in persons' entries;
            `entered_again` is the part of `unmatched` whose exit must have been missed.
        """
        self._match()
        table = self._rows(sql.classes(self.settings, self._last_day, _known(by)))
        return table.rename_columns(["left" if n == "left_seen" else n for n in table.column_names])

    def statuses(self) -> dict[tuple[str, str], int]:
        """(direction, status) -> crossings; what each status means is told at `sql.cells`."""
        self._match()
        rows = self._engine.rows(sql.statuses()).to_pylist()
        return {("in" if row["entry"] else "out", row["status"]): row["n"] for row in rows}

    def tally(self, by: Sequence[str] = tuple(sql.DIMENSIONS), posts: Posts | None = None) -> pa.Table:
        """Entries, exits and net, persons, repeat crossers, same-day transit.

        Posts that are silent or closed on a day are rows with `status` "silent" or "closed" and no
        figures where `by` has both date and checkpoint; otherwise `posts_silent` counts them.

        Args:
            by: of "date", "checkpoint", "citizenship", "purpose"; none gives one row.
            posts: when each post was open; without it a day without events is silence, not zero.

        Returns:
            `by`, then status, entries, exits, net (crossings), persons_in, persons_out, repeat_in,
            repeat_out (persons with a key), same_day_transit (entries), keyless (crossings), and
            posts_silent where posts are summed over. Rows in the order of `by`.
        """
        self._match(every_person="date" not in by)
        table = self._rows(sql.flows(_known(by)))
        reported = self._engine.rows(sql.reporting()).to_pylist()
        seen = {(row["checkpoint"], EPOCH + timedelta(row["day"])) for row in reported}
        return with_silence(table, by, seen, self.first_day, self.last_day, posts)

    def lengths(self, by: Sequence[str] = ()) -> pa.Table:
        """Stays by `by`, date of entry, status (left, open, superseded) and length in days."""
        self._match()
        return self._rows(sql.lengths(_known(by)))

    def stock_changes(self, by: Sequence[str] = ()) -> pa.Table:
        """Daily change of the number of people in each band of days present, as `sql.stock_changes` says."""
        self._match()
        return self._rows(sql.stock_changes(self._last_day, _known(by)))

    def reentries(self) -> pa.Table:
        """By citizenship: re-entries before which the exit was seen, and before which it was missed."""
        self._match()
        return self._rows(sql.reentries())

    def beyond_term(self) -> pa.Table:
        """By citizenship and days_over: last stays, how many of them ended, and late exits (`sql.beyond_term`)."""
        self._match()
        return self._rows(sql.beyond_term(self.settings, self._last_day))

    def count_stays(self, judge: Callable[[pa.Table], pa.Table]) -> pa.Table:
        """How many persons a judge puts in each class, from the stays of each; the stays go nowhere else.

        People are judged in parts, all stays of a person in one, so that memory stays flat.

        Args:
            judge: given stays (`person`, a number without meaning; `citizenship`; `entry` and `exit`, days, an unseen
                exit null) in order of person and time, gives one row a person: only classes, in columns of text.

        Returns:
            the judge's columns, and `persons`.

        Raises:
            UsageError: a judge that gives anything but text.
        """
        self._match()
        turned = bool(self._engine.rows(sql.ties()).to_pylist()[0]["n"])
        parts = -(-self._check.good // PART)
        counts: list[pa.Table] = []
        for part in range(parts):
            text = sql.stays(self.settings, self._reading, part, parts, turned=turned)
            found = judge(_anonymous(self._engine.rows(text)))
            if not all(pa.types.is_string(field.type) for field in found.schema):
                raise UsageError(f"a judge of stays gave {found.schema.names}, and not only text")
            counts.append(found.group_by(found.column_names).aggregate([([], "count_all")]))
        names = counts[0].column_names[:-1]
        whole = pa.concat_tables(counts).group_by(names).aggregate([("count_all", "sum")])
        order = [(name, "ascending") for name in names]
        return whole.rename_columns([*names, "persons"]).sort_by(order)

    def linked(self, *, seed: int = 0) -> LinkCounts:
        """Entries in three classes where there is no key to trust: whose crossing is whose is told with a probability.

        By document, name, birth date, sex, citizenship and post, and the order in time (`link_crossings`); a key is not
        looked at. All crossings are held in memory. What comes out are counts.

        Args:
            seed: the same seed gives the same figures.

        Raises:
            UsageError: the extra is not installed, or nothing tells people apart.
        """
        from tolqyn.register.linkage import count_linked  # noqa: PLC0415 - few ask for it

        rows = self._engine.rows(sql.told_apart(self.settings, self._reading))
        times = rows["t"].cast(pa.int64()).cast(pa.timestamp("s", "UTC"))
        empty = [name for name in sql.TELLING if rows[name].null_count == rows.num_rows]
        return count_linked(
            rows.drop_columns(["t", *empty]).append_column("time", times),
            last_day=self._last_day,
            term_days=self.settings.term_days,
            terms=self.settings.terms,
            scan_seconds=self.settings.duplicate_seconds,
            seed=seed,
        )

    def _match(self, *, every_person: bool = False) -> None:
        """Put crossings in order and count them by cells, once."""
        want = "every person" if every_person else "crowded"
        if self._cells == want or (self._cells == "every person" and not every_person):
            return
        self._engine.table("plain", sql.counted(self.settings, self._reading, every_person=every_person))
        source = "plain"
        if self._engine.rows(sql.ties()).to_pylist()[0]["n"]:
            # Some entry and exit bear the same second. Few do, unless a register keeps the day alone.
            self._engine.table("tied_crossings", sql.tied_crossings())
            self._engine.table(
                "mended", sql.corrected(self.settings, self._reading, every_person=every_person)
            )
            source = "mended"
        self._engine.view("cells", sql.cells(source, self._told_bits))
        self._cells = want

    def _scan(self, parts: list[Part], problems: list[Problem]) -> tuple[list[Part], Check]:
        """Look at every row once; a file whose pages are damaged is set aside and the rest looked at again."""
        while True:
            self._attach(parts)
            try:
                return parts, self._look(parts, problems)
            except RegisterError:
                found = [damaged(part) for part in parts]
                hurt = [problem for problem in found if problem is not None]
                if not hurt:
                    raise
                parts = [part for part, problem in zip(parts, found, strict=True) if problem is None]
                problems = [*problems, *hurt]
                if not parts:
                    raise RegisterError(
                        f"no file is left: {hurt[0].message}", hurt[0].where or str(self.path), hurt[0].hint
                    ) from None

    def _attach(self, parts: Sequence[Part]) -> None:
        shapes: dict[tuple[object, bool], list[Part]] = {}
        for part in parts:
            shapes.setdefault((part.kinds, part.numbered), []).append(part)
        views = []
        for n, alike in enumerate(shapes.values()):
            self._engine.attach(f"raw_{n}", [part.path for part in alike])
            views.append(sql.Shape(f"raw_{n}", alike[0].kinds, alike[0].numbered))
        self._engine.view("written", sql.written(views, self._engine.dialect))

    def _look(self, parts: Sequence[Part], problems: Sequence[Problem]) -> Check:
        self._engine.table("words", sql.words())
        self._told_bits = self._bits_of_words()
        self._engine.view("placed", sql.placed(self._engine.dialect, self._told_bits))
        self._engine.table("coded", sql.coded())
        counts = {row["fault"]: row for row in self._engine.rows(sql.checked()).to_pylist()}
        good = counts.pop(0, {"n": 0, "keyed": 0, "first_t": None, "last_t": None})
        reasons = {sql.REASONS[fault - 1]: row["n"] for fault, row in counts.items()}
        skipped = sum(part.skipped for part in parts)
        if skipped:
            reasons["cells are missing or too many"] = skipped
        rows, bad = sum(part.rows for part in parts) + skipped, sum(reasons.values())
        count = good["n"]
        if rows != count + bad:
            raise RegisterError(
                f"{rows} rows stand in the files, and {count} good and {bad} bad ones were read",
                str(self.path),
            )
        names = {str(part.path): part.name for part in parts}
        told = (
            [_bad_row(row, names) for row in self._engine.rows(sql.set_aside(SHOWN)).to_pylist()]
            if bad > skipped
            else []
        )
        return Check(
            rows=rows,
            good=count,
            bad=bad,
            keyless=count - good["keyed"],
            reasons=reasons,
            files=len(parts),
            first=_moment(good["first_t"]),
            last=_moment(good["last_t"]),
            problems=(*problems, *told),
        )

    def _bits_of_words(self) -> int:
        """How many bits the numbers of citizenships and purposes need beside those of posts."""
        (counts,) = self._engine.rows(sql.word_counts()).to_pylist()
        bits = int(counts["told"] or 0).bit_length()
        if bits + int(counts["posts"] or 0).bit_length() > sql.WORD_BITS:
            raise RegisterError(
                f"{counts['posts']:,} posts and {counts['told']:,} citizenships and purposes are more than can be counted",
                str(self.path),
                "are a name or a remark written in one of these columns?",
            )
        return bits

    def _oddities(self, limit: int) -> list[Problem]:
        names = {str(part.path): part.name for part in self._parts}
        doubts = []
        for row in self._engine.rows(sql.oddities(self.settings, self._reading, limit)).to_pylist():
            here = f"{names[row['file']]}, row {row['row_number']}"
            other = f"{names[row['other_file']]}, row {row['other_row']}"
            if row["oddity"] == "two_places":
                what = f"a person is at {row['checkpoint']} and {row['seconds']} s later at {row['next_post']} ({other})"
                doubts.append(
                    Problem(here, what, f"one of {row['n']}; two scans in one direction count once")
                )
            else:
                doubts.append(
                    Problem(
                        here,
                        f"a negative stay: an exit {row['seconds']} s before the entry ({other}), and none after it",
                        f"one of {row['n']}; the clock of {row['checkpoint']} or {row['next_post']} may be wrong",
                    )
                )
        return doubts

    def _disorder(self, limit: int) -> list[Problem]:
        """Broken order is a doubt in files that are kept in order; others are matched by time all the same."""
        names = {str(part.path): part for part in self._parts}
        doubts = []
        for row in self._engine.rows(sql.disorder(limit)).to_pylist():
            part = names[row["file"]]
            if row["n"] * 20 <= part.rows:
                doubts.append(
                    Problem(
                        f"{part.name}, row {row['row_number']}",
                        f"time is {row['seconds']} s before that of the row above",
                        f"one of {row['n']} in this file; matching goes by time, not by row",
                    )
                )
        return doubts

    def _rows(self, text: str) -> pa.Table:
        """Rows with `day` as `date`."""
        table = self._engine.rows(text)
        if "day" not in table.column_names:
            return table
        days = table["day"].combine_chunks().cast(pa.int32()).cast(pa.date32())
        return table.set_column(table.column_names.index("day"), "date", days)


def open_register(
    path: Path | str,
    *,
    settings: Settings | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    memory: str = "4GB",
    threads: int = 0,
) -> Register:
    """Open crossing events and look at every row once.

    Args:
        path: a Parquet or CSV file, or a folder of them. Columns: docs/reference/register.md.
        settings: zone, terms, tolerances; the defaults are those of `Settings`.
        engine: "duckdb", or "spark" with the extra of that name.
        master: where Spark runs; "local[*]" if not said.
        memory: what the engine may take before it spills into the scratch folder.
        threads: of DuckDB; 0 is all.

    Raises:
        RegisterError: nothing in it can be used.
        UsageError: an engine that does not exist or is not installed.
    """
    scratch = tempfile.TemporaryDirectory(prefix="tolqyn-register-", ignore_cleanup_errors=True)
    carrier: Engine | None = None
    try:
        carrier = open_engine(engine, Path(scratch.name), master=master, memory=memory, threads=threads)
        return Register(Path(path), carrier, scratch, settings or Settings())
    except BaseException:
        if carrier is not None:
            carrier.close()
        scratch.cleanup()
        raise


def _known(by: Sequence[str]) -> Sequence[str]:
    for name in by:
        if name not in sql.DIMENSIONS:
            raise UsageError(f"cannot count by {name!r}", hint=f"by: {', '.join(sql.DIMENSIONS)}")
    if len(set(by)) < len(by):
        raise UsageError(f"{', '.join(by)}: one stands twice")
    return by


def _anonymous(stays: pa.Table) -> pa.Table:
    """Stays with a running number in place of each person's key."""
    days = {name: stays[name].cast(pa.int32()).cast(pa.date32()) for name in ("entry", "exit")}
    number = stays["person"].combine_chunks().dictionary_encode().indices
    return pa.table({"person": number, "citizenship": stays["citizenship"], **days})


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _bad_row(row: Mapping[str, Any], names: Mapping[str, str]) -> Problem:
    """A row set aside. Its message shows times and directions, never who it is about."""
    reason = sql.REASONS[row["fault"] - 1]
    message, hint = reason, None
    if reason == "time cannot be read":
        message, hint = f"time is {row['given_time']!r}, which cannot be read", "write 2022-09-21T10:00:00Z"
    elif reason == "time is out of range":
        message, hint = (
            f"time is {row['t']} s since 1970, outside 1990 to 2100",
            "a clock may not have been set",
        )
    elif reason == "direction is not in or out":
        message = f"direction is {row['direction']!r}, not in or out"
    return Problem(f"{names[row['file']]}, row {row['row_number']}", message, hint)
