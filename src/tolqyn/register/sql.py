"""The pipeline as SQL that DuckDB and Spark both understand, to the last digit.

Pure: text in, text out; what it comes to is kept under tests/golden/register/. How crossings become
stays is told in docs/concepts/register.md. Portable because: times are whole seconds and days whole
numbers from the first step on; text is compared byte by byte and never sorted with nulls in it; no
function is used whose name or rounding differs. The few words that do differ are in `DIALECTS`.

One pass does the work. Each person's crossings are put in order of time once, and `cells` counts them
by everything that any later question asks for; all tallies are sums of cells.
"""

# ruff: noqa: S608 - what is put in are whole numbers, names of our columns, and text through `quoted`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tolqyn.register.settings import Settings

__all__ = ["DIALECTS", "DIMENSIONS", "STAY_BANDS", "Dialect", "Shape"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one engine: templates with the place of their argument."""

    matches: str
    moment: str
    nanoseconds: str
    zoned: str


DIALECTS = {
    "duckdb": Dialect(
        matches="regexp_matches({0}, {1})",
        moment="epoch_us(CAST({0} AS TIMESTAMPTZ)) // 1000000",
        nanoseconds="epoch_ns({0}) // 1000000000",
        zoned="TIMESTAMPTZ",
    ),
    "spark": Dialect(
        matches="regexp_like({0}, {1})",
        moment="unix_seconds(CAST({0} AS TIMESTAMP))",
        nanoseconds="{0} DIV 1000000000",
        zoned="TIMESTAMP",
    ),
}

DIMENSIONS = {
    "date": "day", "checkpoint": "checkpoint", "citizenship": "citizenship", "purpose": "purpose",
}  # fmt: skip
"""What a tally can be split by -> the column of `cells`."""

STAY_BANDS = (0, 1, 3, 7, 14, 30, 60, 90, 180, 365)
"""First day of each band of days present."""

ISO = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
"""A day, or a day and a time; engines read much else, each in its own way."""

EARLIEST, LATEST = 631_152_000, 4_102_444_800
"""1990 and 2100: outside lie clocks that were never set."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one view of Parquet files is read: its name, its columns and their kinds."""

    view: str
    kinds: tuple[tuple[str, str], ...]
    numbered: bool


def scanned(shapes: Sequence[Shape], dialect: str) -> str:
    """Every row of every file, in one shape, with the reason why it cannot be used (or NULL)."""
    parts = "\n  UNION ALL\n".join(_part(shape, DIALECTS[dialect]) for shape in shapes)
    return f"""\
SELECT *,
  CASE
    WHEN NOT timed THEN 'time is empty'
    WHEN t IS NULL THEN 'time cannot be read'
    WHEN t < {EARLIEST} OR t >= {LATEST} THEN 'time is out of range'
    WHEN direction IS NULL THEN 'direction is empty'
    WHEN entry IS NULL THEN 'direction is not in or out'
    WHEN checkpoint IS NULL THEN 'checkpoint is empty'
  END AS reason
FROM (
{parts}
)"""


def _part(shape: Shape, dialect: Dialect) -> str:
    kinds = dict(shape.kinds)

    def text(name: str) -> str:
        return f"NULLIF(TRIM(CAST({name} AS STRING)), '')" if name in kinds else "CAST(NULL AS STRING)"

    number = "_number" if shape.numbered else "_row + 1"
    given = text("time") if kinds["time"] == "text" else "CAST(NULL AS STRING)"
    direction = f"LOWER({text('direction')})"
    return f"""\
  SELECT _file AS file, {number} AS row_number,
    {text("person")} AS person,
    CAST({_seconds(kinds["time"], dialect)} AS BIGINT) AS t,
    time IS NOT NULL AS timed, {given} AS given_time,
    {direction} AS direction,
    CASE {direction} WHEN 'in' THEN 1 WHEN 'out' THEN 0 END AS entry,
    {text("checkpoint")} AS checkpoint,
    COALESCE({text("citizenship")}, 'unknown') AS citizenship,
    COALESCE({text("purpose")}, 'unknown') AS purpose,
    {text("document")} AS document, {text("born")} AS born, {text("sex")} AS sex
  FROM {shape.view}"""


def _seconds(kind: str, dialect: Dialect) -> str:
    """Seconds since 1970, rounded down."""
    if kind == "nanoseconds":
        return dialect.nanoseconds.format("time")
    if kind in {"moment", "day"}:
        return dialect.moment.format("time")
    given = "TRIM(time)"
    read = dialect.moment.format(f"TRY_CAST({given} AS {dialect.zoned})")
    return f"CASE WHEN {dialect.matches.format(given, quoted(ISO))} THEN {read} END"


def checked() -> str:
    """Rows by file and reason, with the first and last second."""
    return """\
SELECT file, COALESCE(reason, '') AS reason, COUNT(*) AS n, COUNT(person) AS keyed,
  MIN(t) AS first_t, MAX(t) AS last_t
FROM scanned
GROUP BY file, COALESCE(reason, '')
ORDER BY file, reason"""


def set_aside(limit: int) -> str:
    """The first bad rows, by file and row."""
    return f"""\
SELECT file, row_number, reason, given_time, direction, t
FROM scanned
WHERE reason IS NOT NULL
ORDER BY file, row_number
LIMIT {limit}"""


def events(settings: Settings, steps: Sequence[tuple[int | None, int]]) -> str:
    """The usable rows, each with its day where the border lies.

    Args:
        settings: how events are read.
        steps: (until, seconds ahead of UTC), from `zone_steps`.
    """
    ahead = str(steps[-1][1])
    if len(steps) > 1:
        cases = " ".join(f"WHEN t < {until} THEN {offset}" for until, offset in steps[:-1])
        ahead = f"CASE {cases} ELSE {steps[-1][1]} END"
    until = f" AND t < {settings.before}" if settings.before is not None else ""
    return f"""\
SELECT file, row_number, person, t, CAST(FLOOR((t + {ahead}) / 8.64E4) AS INT) AS day, entry,
  checkpoint, citizenship, purpose, document, born, sex
FROM scanned
WHERE reason IS NULL{until}"""


def cells(
    settings: Settings, *, source: str = "events", turned: bool = False, every_person: bool = False
) -> str:
    """Crossings counted by day, direction, post, citizenship, purpose and what became of them.

    Of a run of scans the one next to the stay counts: the last of a run of entries, the first of a
    run of exits. So a stay is always two neighbours in time.

    Columns: day, entry (1 in, 0 out), checkpoint, citizenship, purpose, n, and
        status: of entries `left`, `superseded` (another entry follows: the exit was missed), `open`;
            of exits `matched`, `unmatched` (no entry before it); of both `duplicate`, `two_places`,
            `keyless`.
        days: from the entry's day to that of the exit, or of the entry that supersedes it.
        again: 1 where a `left` person is seen to enter again (after one scan of the exit, or two).
        tied: 1 where an entry and an exit of a person bear the same second.
        person: only where a person crosses more than once a day in a way that counting has to know of.

    Args:
        settings: how near two scans of one crossing may lie.
        source: the events.
        turned: put an entry and an exit of the same second in the order that fits what was before;
            without it exits come first, and the `tied` ones say that it is needed.
        every_person: give the person of each crossing, so that persons can be counted over many days.
    """
    order = "t, turn" if turned else "t, entry"
    source = f"(\n{_turned(source)}\n  )" if turned else source
    crowded = (
        "person"
        if every_person
        else """\
CASE WHEN far_same_day OR (before_same_day AND next_same_day)
      OR (before_same_day AND before_entry = entry) OR (next_same_day AND next_entry = entry)
      OR (next_t = t AND next_entry <> entry)
      THEN person END"""
    )
    return f"""\
WITH seen AS (
  SELECT person, t, day, entry, checkpoint, citizenship, purpose,
    LAG(entry) OVER w AS before_entry, LAG(t) OVER w AS before_t, LAG(checkpoint) OVER w AS before_post,
    LEAD(entry) OVER w AS next_entry, LEAD(t) OVER w AS next_t, LEAD(checkpoint) OVER w AS next_post,
    LEAD(entry, 2) OVER w AS second_entry, LEAD(entry, 3) OVER w AS third_entry,
    LEAD(day) OVER w AS next_day,
    COALESCE(LAG(day) OVER w = day, FALSE) AS before_same_day,
    COALESCE(LEAD(day) OVER w = day, FALSE) AS next_same_day,
    COALESCE(LAG(day, 2) OVER w = day, FALSE) OR COALESCE(LEAD(day, 2) OVER w = day, FALSE) AS far_same_day
  FROM {source}
  WHERE person IS NOT NULL
  WINDOW w AS (PARTITION BY person ORDER BY {order}, checkpoint, citizenship, purpose)
),
judged AS (
  SELECT *,
    CASE
      WHEN entry = 1 AND next_entry = 1 AND next_post = checkpoint
        AND next_t - t <= {settings.duplicate_seconds} THEN 'duplicate'
      WHEN entry = 0 AND before_entry = 0 AND before_post = checkpoint
        AND t - before_t <= {settings.duplicate_seconds} THEN 'duplicate'
      WHEN entry = 1 AND next_entry = 1 AND next_t - t <= {settings.places_seconds} THEN 'two_places'
      WHEN entry = 0 AND before_entry = 0 AND t - before_t <= {settings.places_seconds} THEN 'two_places'
      WHEN entry = 1 AND next_entry = 0 THEN 'left'
      WHEN entry = 1 AND next_entry = 1 THEN 'superseded'
      WHEN entry = 1 THEN 'open'
      WHEN before_entry = 1 THEN 'matched'
      ELSE 'unmatched'
    END AS status,
    {crowded} AS crowded
  FROM seen
)
SELECT day, entry, checkpoint, citizenship, purpose, status,
  CASE WHEN status IN ('left', 'superseded') THEN next_day - day END AS days,
  CASE WHEN status = 'left' AND (second_entry = 1 OR third_entry = 1) THEN 1 ELSE 0 END AS again,
  CASE WHEN next_t = t AND next_entry <> entry THEN 1 ELSE 0 END AS tied,
  crowded AS person, COUNT(*) AS n
FROM judged
GROUP BY day, entry, checkpoint, citizenship, purpose, status,
  CASE WHEN status IN ('left', 'superseded') THEN next_day - day END,
  CASE WHEN status = 'left' AND (second_entry = 1 OR third_entry = 1) THEN 1 ELSE 0 END,
  CASE WHEN next_t = t AND next_entry <> entry THEN 1 ELSE 0 END,
  crowded
UNION ALL
SELECT day, entry, checkpoint, citizenship, purpose, 'keyless' AS status, CAST(NULL AS INT) AS days,
  0 AS again, 0 AS tied, CAST(NULL AS STRING) AS person, COUNT(*) AS n
FROM {source}
WHERE person IS NULL
GROUP BY day, entry, checkpoint, citizenship, purpose"""


def _turned(source: str) -> str:
    """Events with `turn`, the order of an entry and an exit that bear the same second.

    Whoever was in goes out first, whoever was out comes in first; such a pair leaves a person where
    they were, so the last crossing that is not in a pair tells.
    """
    return f"""\
  SELECT *, CASE WHEN inside = 1 THEN entry ELSE 1 - entry END AS turn
  FROM (
    SELECT *, COALESCE(MAX(CASE WHEN paired THEN NULL ELSE t * 2 + entry END)
      OVER (PARTITION BY person ORDER BY t), 0) % 2 AS inside
    FROM (
      SELECT *, MIN(entry) OVER (PARTITION BY person, t) <> MAX(entry) OVER (PARTITION BY person, t) AS paired
      FROM {source}
    )
  )"""


def tied_events() -> str:
    """The events of people who have an entry and an exit of the same second."""
    return """\
SELECT person, t, day, entry, checkpoint, citizenship, purpose
FROM events
WHERE person IN (SELECT person FROM plain_cells WHERE tied = 1)"""


def corrected(settings: Settings, *, every_person: bool = False) -> str:
    """`plain_cells`, with those of people in `tied_events` taken out and counted again in their right order.

    So the second, dearer ordering is paid for by those alone who need it.
    """
    keys = "day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person"
    plain = cells(settings, source="tied_events", every_person=every_person)
    turned = cells(settings, source="tied_events", turned=True, every_person=every_person)
    return f"""\
SELECT {keys}, CAST(SUM(n) AS BIGINT) AS n
FROM (
SELECT {keys}, n FROM plain_cells
UNION ALL
SELECT {keys}, -n AS n FROM (
{plain}
) AS as_counted
UNION ALL
SELECT {keys}, n FROM (
{turned}
) AS in_order
) AS together
GROUP BY {keys}
HAVING SUM(n) <> 0"""


COUNTED = "status NOT IN ('duplicate', 'two_places')"


def ties() -> str:
    """How many pairs of an entry and an exit bear the same second."""
    return "SELECT COUNT(*) AS n FROM plain_cells WHERE tied = 1"


def statuses() -> str:
    """Crossings by direction and status."""
    return """\
SELECT entry, status, CAST(SUM(n) AS BIGINT) AS n
FROM cells
GROUP BY entry, status
ORDER BY entry, status"""


def flows(by: Sequence[str]) -> str:
    """Entries, exits and persons by day, post, citizenship, purpose, or some of them.

    A person who crosses in one direction twice within a cell is one person and a repeat crosser.
    """
    columns = [DIMENSIONS[name] for name in by]
    inner = "".join(f"{column}, " for column in columns)
    group = f"\nGROUP BY {', '.join(columns)}\nORDER BY {', '.join(columns)}" if columns else ""
    return f"""\
SELECT {inner}CAST(SUM(CASE WHEN entry = 1 THEN n ELSE 0 END) AS BIGINT) AS entries,
  CAST(SUM(CASE WHEN entry = 0 THEN n ELSE 0 END) AS BIGINT) AS exits,
  CAST(SUM(CASE WHEN entry = 1 THEN persons ELSE 0 END) AS BIGINT) AS persons_in,
  CAST(SUM(CASE WHEN entry = 0 THEN persons ELSE 0 END) AS BIGINT) AS persons_out,
  CAST(SUM(CASE WHEN entry = 1 THEN repeated ELSE 0 END) AS BIGINT) AS repeat_in,
  CAST(SUM(CASE WHEN entry = 0 THEN repeated ELSE 0 END) AS BIGINT) AS repeat_out,
  CAST(SUM(same_day) AS BIGINT) AS same_day_transit,
  CAST(SUM(keyless) AS BIGINT) AS keyless
FROM (
  SELECT {inner}entry, n,
    CASE WHEN person IS NOT NULL THEN 1 WHEN keyless > 0 THEN 0 ELSE n END AS persons,
    CASE WHEN person IS NOT NULL AND n > 1 THEN 1 ELSE 0 END AS repeated,
    same_day, keyless
  FROM (
    SELECT {inner}entry, person, status = 'keyless' AS without_key, SUM(n) AS n,
      SUM(CASE WHEN status = 'left' AND days = 0 THEN n ELSE 0 END) AS same_day,
      SUM(CASE WHEN status = 'keyless' THEN n ELSE 0 END) AS keyless
    FROM cells
    WHERE {COUNTED}
    GROUP BY {inner}entry, person, status = 'keyless'
  ) AS people
) AS counted{group}"""


def reporting() -> str:
    """The days on which each post reported anything."""
    return """\
SELECT checkpoint, day
FROM cells
GROUP BY checkpoint, day
ORDER BY checkpoint, day"""


def classes(settings: Settings, last_day: int, by: Sequence[str] = ("citizenship",)) -> str:
    """Entries in three classes, never two, and exits without an entry.

    `left`: an exit was seen. `within_term`: no exit, and the term still runs on `last_day`.
    `unmatched`: no exit was seen and the term is over, or another entry shows that an exit was missed.
    Keyless crossings cannot be matched and are counted apart.
    """
    columns = "".join(f"{DIMENSIONS[name]}, " for name in by)
    tail = f"\nGROUP BY {columns[:-2]}\nORDER BY {columns[:-2]}" if columns else ""
    within = f"status = 'open' AND day + {term(settings)} >= {last_day}"
    return f"""\
SELECT {columns}CAST(SUM(CASE WHEN status IN ('left', 'open', 'superseded') THEN n ELSE 0 END) AS BIGINT) AS entries,
  CAST(SUM(CASE WHEN status = 'left' THEN n ELSE 0 END) AS BIGINT) AS left_seen,
  CAST(SUM(CASE WHEN {within} THEN n ELSE 0 END) AS BIGINT) AS within_term,
  CAST(SUM(CASE WHEN status = 'superseded' OR (status = 'open' AND NOT ({within})) THEN n ELSE 0 END) AS BIGINT)
    AS unmatched,
  CAST(SUM(CASE WHEN status = 'superseded' THEN n ELSE 0 END) AS BIGINT) AS entered_again,
  CAST(SUM(CASE WHEN status = 'unmatched' THEN n ELSE 0 END) AS BIGINT) AS exits_without_entry,
  CAST(SUM(CASE WHEN status = 'keyless' THEN n ELSE 0 END) AS BIGINT) AS keyless,
  CAST(SUM(CASE WHEN status IN ('duplicate', 'two_places') THEN n ELSE 0 END) AS BIGINT) AS repeated_scans
FROM cells{tail}"""


def lengths(by: Sequence[str]) -> str:
    """Stays by their length in days: of those that left, and of those last seen entering."""
    columns = "".join(f"{DIMENSIONS[name]}, " for name in by)
    return f"""\
SELECT {columns}day, status, days, CAST(SUM(n) AS BIGINT) AS n
FROM cells
WHERE status IN ('left', 'open', 'superseded')
GROUP BY {columns}day, status, days
ORDER BY {columns}day, status, days NULLS FIRST"""


def reentries() -> str:
    """By citizenship: entries that follow a stay whose exit was seen, and one whose exit was missed.

    Whoever enters again has left, so these are the exits of which it is known whether they were seen.
    """
    return """\
SELECT citizenship,
  CAST(SUM(CASE WHEN status = 'left' AND again = 1 THEN n ELSE 0 END) AS BIGINT) AS seen,
  CAST(SUM(CASE WHEN status = 'superseded' THEN n ELSE 0 END) AS BIGINT) AS missed
FROM cells
WHERE status IN ('left', 'superseded')
GROUP BY citizenship
ORDER BY citizenship"""


def beyond_term(settings: Settings, last_day: int) -> str:
    """By citizenship and days beyond the term: each person's last stay, and late exits.

    `ended` of `stays` whose term ended `days_over` days before `last_day` have an exit; `late` are exits
    that were seen `days_over` days after the term.
    """
    allowed = term(settings)
    return f"""\
WITH both_ways AS (
  SELECT citizenship, {last_day} - day - {allowed} AS days_over, n AS stays,
    CASE WHEN status = 'left' THEN n ELSE 0 END AS ended, 0 AS late
  FROM cells
  WHERE status IN ('left', 'open') AND again = 0 AND {last_day} - day > {allowed}
  UNION ALL
  SELECT citizenship, days - {allowed} AS days_over, 0 AS stays, 0 AS ended, n AS late
  FROM cells
  WHERE status = 'left' AND days > {allowed}
)
SELECT citizenship, days_over, CAST(SUM(stays) AS BIGINT) AS stays, CAST(SUM(ended) AS BIGINT) AS ended,
  CAST(SUM(late) AS BIGINT) AS late
FROM both_ways
GROUP BY citizenship, days_over
ORDER BY citizenship, days_over"""


def stock_changes(last_day: int, by: Sequence[str] = ()) -> str:
    """By how much the number of people in each band of days present changes from day to day.

    Bands: the first day of each of `STAY_BANDS`; `missed_exit`, those whose exit was not seen and who
    entered again; `no_entry`, exits of people who had not been seen to enter (below zero); `keyless`.
    Summed over the bands, a day's change is its entries minus its exits.
    """
    columns = "".join(f"{DIMENSIONS[name]}, " for name in by)
    ends = [*STAY_BANDS[1:], None]
    bands = ", ".join(
        f"({n}, {first}, {'CAST(NULL AS INT)' if last is None else last})"
        for n, (first, last) in enumerate(zip(STAY_BANDS, ends, strict=True))
    )
    stays = "status IN ('left', 'open', 'superseded')"
    return f"""\
WITH bands AS (
  SELECT band, first_day, next_day FROM (VALUES {bands}) AS b(band, first_day, next_day)
),
steps AS (
  SELECT {columns}day + first_day AS day, band, n
  FROM cells CROSS JOIN bands
  WHERE {stays} AND (days IS NULL OR days > first_day)
  UNION ALL
  SELECT {columns}day + CASE WHEN next_day IS NULL OR days <= next_day THEN days ELSE next_day END AS day, band, -n AS n
  FROM cells CROSS JOIN bands
  WHERE {stays} AND (days IS NULL OR days > first_day) AND NOT (days IS NULL AND next_day IS NULL)
  UNION ALL
  SELECT {columns}day + days AS day, -1 AS band, n FROM cells WHERE status = 'superseded'
  UNION ALL
  SELECT {columns}day, -2 AS band, -n AS n FROM cells WHERE status = 'unmatched'
  UNION ALL
  SELECT {columns}day, -3 AS band, CASE WHEN entry = 1 THEN n ELSE -n END AS n FROM cells WHERE status = 'keyless'
)
SELECT {columns}day, band, CAST(SUM(n) AS BIGINT) AS n
FROM steps
WHERE day <= {last_day}
GROUP BY {columns}day, band
ORDER BY {columns}day, band"""


def oddities(settings: Settings, limit: int) -> str:
    """Crossings that cannot be as written, with the rows that say so.

    `two_places`: scans at two posts within minutes. `negative_stay`: an exit without an entry, and
    within half a day an entry of the same person without an exit: the clock of one of them is wrong.
    """
    near = 12 * 3600
    return f"""\
WITH seen AS (
  SELECT file, row_number, person, t, entry, checkpoint,
    LAG(entry) OVER w AS before_entry,
    LEAD(entry) OVER w AS next_entry, LEAD(t) OVER w AS next_t, LEAD(checkpoint) OVER w AS next_post,
    LEAD(file) OVER w AS next_file, LEAD(row_number) OVER w AS next_row,
    LEAD(entry, 2) OVER w AS second_entry
  FROM events
  WHERE person IS NOT NULL
  WINDOW w AS (PARTITION BY person ORDER BY t, entry, checkpoint, citizenship, purpose)
),
named AS (
  SELECT *,
    CASE
      WHEN next_post <> checkpoint AND next_t - t <= {settings.places_seconds} THEN 'two_places'
      WHEN entry = 0 AND COALESCE(before_entry, 0) = 0 AND next_entry = 1 AND COALESCE(second_entry, 1) = 1
        AND next_t - t <= {near} AND next_t > t THEN 'negative_stay'
    END AS oddity
  FROM seen
)
SELECT oddity, file, row_number, next_file AS other_file, next_row AS other_row, next_t - t AS seconds,
  checkpoint, next_post, COUNT(*) OVER (PARTITION BY oddity) AS n
FROM named
WHERE oddity IS NOT NULL
ORDER BY file, row_number
LIMIT {limit}"""


def disorder(limit: int) -> str:
    """Rows whose time lies before that of the row above, where a file is otherwise in order of time."""
    return f"""\
SELECT file, row_number, seconds, n
FROM (
  SELECT file, row_number, seconds, COUNT(*) OVER (PARTITION BY file) AS n
  FROM (
    SELECT file, row_number, LAG(t) OVER (PARTITION BY file ORDER BY row_number) - t AS seconds
    FROM scanned
    WHERE reason IS NULL
  ) AS steps
  WHERE seconds > 0
) AS back
ORDER BY file, row_number
LIMIT {limit}"""


def term(settings: Settings) -> str:
    """Days that a person may stay, by citizenship."""
    if not settings.terms:
        return str(settings.term_days)
    cases = " ".join(f"WHEN {quoted(who)} THEN {days}" for who, days in sorted(settings.terms.items()))
    return f"CASE citizenship {cases} ELSE {settings.term_days} END"


def quoted(text: str) -> str:
    """A text as an SQL literal; a backslash means itself in neither engine's dialect that is used here.

    Raises:
        ValueError: a backslash, which Spark reads as an escape and DuckDB does not.
    """
    if "\\" in text:
        raise ValueError(f"{text!r} has a backslash")
    return "'" + text.replace("'", "''") + "'"
