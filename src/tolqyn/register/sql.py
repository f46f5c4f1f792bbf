"""The pipeline as SQL that DuckDB and Spark both understand, to the last digit.

Pure: text in, text out; what it comes to is kept under tests/golden/register/. How crossings become
stays is told in docs/concepts/register.md. Portable because: times are whole seconds and days whole
numbers from the first step on; text is compared byte by byte and never sorted with nulls in it; no
function is used whose name or rounding differs. The few words that do differ are in `DIALECTS`.

Two whole numbers stand for a crossing: `k`, which is its person's, and `p`, its place in the order of
all crossings. `p` holds, from its high bits to its low ones, seconds since 1990, the direction, the post
and what else is told of it, so that sorting by it is sorting by all of them. Rows of 16 bytes are sorted
several times faster than rows of text, and only counts are ever turned back into words.

One pass does the work. All crossings are put in order of person and time once, and `cells` counts them
by everything that any later question asks for; all tallies are sums of cells.
"""

# ruff: noqa: S608 - what is put in are whole numbers, names of our columns, and text through `quoted`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tolqyn.register.settings import Settings

__all__ = ["DIALECTS", "DIMENSIONS", "REASONS", "STAY_BANDS", "WORD_BITS", "Dialect", "Shape"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one engine: templates with the place of their argument.

    `key` gives 63 bits or more, so that two of a hundred million people get the same number with a chance
    of less than one in a thousand. `people` puts crossings in order: DuckDB is fastest with one order over
    everybody, Spark must have each person in one place.
    """

    key: str
    matches: str
    moment: str
    nanoseconds: str
    people: str
    whole: str
    zoned: str


DIALECTS = {
    "duckdb": Dialect(
        key="CAST(hash({0}) >> 1 AS BIGINT)",
        matches="regexp_matches({0}, {1})",
        moment="epoch_us(CAST({0} AS TIMESTAMPTZ)) // 1000000",
        nanoseconds="epoch_ns({0}) // 1000000000",
        people="ORDER BY k, {0}",
        whole="({0}) // {1}",
        zoned="TIMESTAMPTZ",
    ),
    "spark": Dialect(
        key="xxhash64({0})",
        matches="regexp_like({0}, {1})",
        moment="unix_seconds(CAST({0} AS TIMESTAMP))",
        nanoseconds="{0} DIV 1000000000",
        people="PARTITION BY k ORDER BY {0}",
        whole="({0}) DIV {1}",
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

DAY = 86_400
"""Seconds."""

LONGEST_DAY = 26 * 3600
"""Seconds; when clocks go back, a day has an hour more, and in some places two have been seen."""

WORD_BITS = 30
"""Bits of `p` for the post and what else is told of a crossing; above them one for the direction."""

TELLING = ("document", "name", "born", "sex")
"""Columns by which a person can be told without a key; read for that alone."""

REASONS = (
    "time is empty",
    "time cannot be read",
    "time is out of range",
    "direction is empty",
    "direction is not in or out",
    "checkpoint is empty",
)
"""Why a row cannot be used; the first that holds. `p` of such a row is its place here, from -1 down."""


STATUSES = ("left", "superseded", "open", "matched", "unmatched", "duplicate", "two_places", "keyless")
"""What became of a crossing, in the order of the numbers that stand for it while crossings are counted."""


NO_DAYS = -2
"""Stands for no days while crossings are counted: where clocks go back at midnight, a stay can end a day before it began."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one view of Parquet files is read: its name, its columns and their kinds."""

    view: str
    kinds: tuple[tuple[str, str], ...]
    numbered: bool


def written(shapes: Sequence[Shape], dialect: str) -> str:
    """Every row of every file as it is written, in one shape, with its second since 1970."""
    return "\nUNION ALL\n".join(_part(shape, DIALECTS[dialect]) for shape in shapes)


def _part(shape: Shape, dialect: Dialect) -> str:
    kinds = dict(shape.kinds)

    def text(name: str) -> str:
        return f"CAST({name} AS STRING)" if name in kinds else "CAST(NULL AS STRING)"

    number = "_number" if shape.numbered else "_row + 1"
    given = text("time") if kinds["time"] == "text" else "CAST(NULL AS STRING)"
    timed = "TRIM(time) <> ''" if kinds["time"] == "text" else "time IS NOT NULL"
    return f"""\
SELECT _file AS file, {number} AS row_number, {text("person")} AS person,
  CAST({_seconds(kinds["time"], dialect)} AS BIGINT) AS t, COALESCE({timed}, FALSE) AS timed, {given} AS given_time,
  {text("direction")} AS direction, {text("checkpoint")} AS checkpoint, {text("citizenship")} AS citizenship,
  {text("purpose")} AS purpose, {", ".join(f"{text(name)} AS {name}" for name in TELLING)}
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


def words() -> str:
    """Each direction, post, citizenship and purpose as they are written together, and what they mean.

    Columns: the four as written (`direction`, ...), the four as counted (`way`: 1 in, 0 out; `post`, `citizen`,
    `aim`), `fault` (a place in `REASONS` from 1 on, 0 is none), and the numbers `post_code`, `told_code`,
    which are in the order of their texts.
    """

    def read(name: str) -> str:
        return f"NULLIF(TRIM({name}), '')"

    return f"""\
SELECT *, DENSE_RANK() OVER (ORDER BY post) - 1 AS post_code, DENSE_RANK() OVER (ORDER BY citizen, aim) - 1 AS told_code
FROM (
  SELECT direction, checkpoint, citizenship, purpose,
    CASE LOWER({read("direction")}) WHEN 'in' THEN 1 WHEN 'out' THEN 0 END AS way,
    COALESCE({read("checkpoint")}, '') AS post, COALESCE({read("citizenship")}, 'unknown') AS citizen,
    COALESCE({read("purpose")}, 'unknown') AS aim,
    CASE
      WHEN {read("direction")} IS NULL THEN 4
      WHEN LOWER({read("direction")}) NOT IN ('in', 'out') THEN 5
      WHEN {read("checkpoint")} IS NULL THEN 6
      ELSE 0
    END AS fault
  FROM (SELECT DISTINCT direction, checkpoint, citizenship, purpose FROM written) AS together
) AS meant"""


def word_counts() -> str:
    """How many posts there are, and how many citizenships and purposes together."""
    return "SELECT MAX(post_code) + 1 AS posts, MAX(told_code) + 1 AS told FROM words"


def placed(dialect: str, told_bits: int) -> str:
    """Every row with its `k` (null without a key) and its `p` (below zero where it cannot be used).

    Args:
        dialect: the engine.
        told_bits: bits of `p` for citizenship and purpose.
    """
    key = "CASE WHEN person LIKE ' %' OR person LIKE '% ' THEN TRIM(person) ELSE person END"
    return f"""\
SELECT file, row_number, given_time, LOWER(TRIM(direction)) AS direction, t, {", ".join(TELLING)},
  CASE WHEN person <> '' THEN {DIALECTS[dialect].key.format("person")} END AS k,
  CASE
    WHEN fault = 0 AND t >= {EARLIEST} AND t < {LATEST} THEN ((t - {EARLIEST}) * 2 + way) * {2**WORD_BITS} + word
    WHEN NOT timed THEN -1
    WHEN t IS NULL THEN -2
    WHEN t < {EARLIEST} OR t >= {LATEST} THEN -3
    ELSE -fault
  END AS p
FROM (
  SELECT file, row_number, given_time, a.direction, t, timed, {key} AS person, fault, {", ".join(TELLING)},
    CAST(way AS BIGINT) AS way, CAST(post_code AS BIGINT) * {2**told_bits} + told_code AS word
  FROM written AS a JOIN words AS b
    ON a.direction IS NOT DISTINCT FROM b.direction AND a.checkpoint IS NOT DISTINCT FROM b.checkpoint
    AND a.citizenship IS NOT DISTINCT FROM b.citizenship AND a.purpose IS NOT DISTINCT FROM b.purpose
) AS read"""


def coded() -> str:
    """Every row as two numbers: all that matching and counting need."""
    return "SELECT k, p FROM placed"


def checked() -> str:
    """Rows by fault (0 is none), those with a key, and the first and last second."""
    return f"""\
SELECT fault, COUNT(*) AS n, COUNT(k) AS keyed, MIN(p >> {WORD_BITS + 1}) + {EARLIEST} AS first_t,
  MAX(p >> {WORD_BITS + 1}) + {EARLIEST} AS last_t
FROM (SELECT k, p, CASE WHEN p < 0 THEN -p ELSE 0 END AS fault FROM coded) AS judged
GROUP BY fault
ORDER BY fault"""


def set_aside(limit: int) -> str:
    """The first bad rows, by file and row."""
    return f"""\
SELECT file, row_number, -p AS fault, given_time, direction, t
FROM placed
WHERE p < 0
ORDER BY file, row_number
LIMIT {limit}"""


def crossings(settings: Settings) -> str:
    """The usable rows up to the day as of which the register is read."""
    until = ""
    if settings.before is not None:
        until = f" AND p < {max(settings.before - EARLIEST, 0) * 2 ** (WORD_BITS + 1)}"
    return f"SELECT k, p FROM coded WHERE p >= 0{until}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How `p` is read: by which engine, where a day ends, and how many bits tell citizenship and purpose.

    Attributes:
        dialect: the engine.
        steps: (until, seconds ahead of UTC), from `zone_steps`.
        told_bits: as for `placed`.
    """

    dialect: str
    steps: tuple[tuple[int | None, int], ...]
    told_bits: int

    def local(self, p: str) -> str:
        """Seconds since 1970 on the clock where the border lies."""
        second = f"({p} >> {WORD_BITS + 1}) + {EARLIEST}"
        if len(self.steps) == 1:
            return f"({p} >> {WORD_BITS + 1}) + {EARLIEST + self.steps[0][1]}"
        cases = " ".join(f"WHEN {second} < {until} THEN {offset}" for until, offset in self.steps[:-1])
        return f"{second} + CASE {cases} ELSE {self.steps[-1][1]} END"

    def day(self, p: str) -> str:
        """The day where the border lies."""
        return f"CAST({DIALECTS[self.dialect].whole.format(self.local(p), DAY)} AS INT)"

    def post(self, p: str) -> str:
        """The number of the post."""
        return f"({p} & {2**WORD_BITS - 1}) >> {self.told_bits}"

    def order(self, by: str) -> str:
        """Each person's crossings together, in the order of a column."""
        return DIALECTS[self.dialect].people.format(by)


def second(p: str) -> str:
    """Seconds since 1990."""
    return f"{p} >> {WORD_BITS + 1}"


def entry(p: str) -> str:
    """1 in, 0 out."""
    return f"({p} >> {WORD_BITS}) & 1"


def _beside(function: str, steps: int, name: str) -> str:
    """`p` of the same person's crossing so many steps before or after, or NULL."""
    far = f", {steps}" if steps > 1 else ""
    return f"CASE WHEN {function}(k{far}) OVER w = k THEN {function}(p{far}) OVER w END AS {name}"


def counted(
    settings: Settings,
    reading: Reading,
    *,
    source: str = "crossings",
    turned: bool = False,
    every_person: bool = False,
) -> str:
    """Crossings counted by day, direction, post, citizenship, purpose and what became of them, in numbers.

    Of a run of scans the one next to the stay counts: the last of a run of entries, the first of a
    run of exits. So a stay is always two neighbours in time.

    Columns: day, word (direction and words, the low bits of `p`), n, and
        status: of entries `left`, `superseded` (another entry follows: the exit was missed), `open`;
            of exits `matched`, `unmatched` (no entry before it); of both `duplicate`, `two_places`,
            `keyless`.
        days: from the entry's day to that of the exit, or of the entry that supersedes it.
        again: 1 where a `left` person is seen to enter again (after one scan of the exit, or two).
        tied: 1 where an entry and an exit of a person bear the same second.
        person: only where a person crosses more than once a day in a way that counting has to know of.

    Args:
        settings: how near two scans of one crossing may lie.
        reading: how `p` is read.
        source: the crossings.
        turned: put an entry and an exit of the same second in the order that fits what was before;
            without it exits come first, and the `tied` ones say that it is needed.
        every_person: give the person of each crossing, so that persons can be counted over many days.
    """
    of_one = "k" if every_person else f"CASE WHEN {_crowded()} THEN k END"
    left, superseded = STATUSES.index("left"), STATUSES.index("superseded")
    again = f"status = {left} AND ({entry('after2')} = 1 OR {entry('after3')} = 1)"
    days = f"CASE WHEN status IN ({left}, {superseded}) THEN {reading.day('after')} - day ELSE {NO_DAYS} END"
    word = 2 ** (WORD_BITS + 1)
    return f"""\
{_judged(settings, reading, source, turned=turned)},
packed AS (
  SELECT day * CAST({word} AS BIGINT) + (p & {word - 1}) AS cell,
    ({days} - {NO_DAYS}) * 32 + status * 4 + CASE WHEN {again} THEN 2 ELSE 0 END
      + CASE WHEN until = 0 AND after_entry <> entry THEN 1 ELSE 0 END AS fate,
    {of_one} AS person
  FROM judged
  UNION ALL
  SELECT {reading.day("p")} * CAST({word} AS BIGINT) + (p & {word - 1}) AS cell,
    {STATUSES.index("keyless") * 4} AS fate, CAST(NULL AS BIGINT) AS person
  FROM {source}
  WHERE k IS NULL
)
SELECT CAST(cell >> {WORD_BITS + 1} AS INT) AS day, cell & {word - 1} AS word,
  CASE (fate >> 2) & 7 {" ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(STATUSES))} END AS status,
  CASE WHEN fate >= 32 THEN CAST(fate >> 5 AS INT) + {NO_DAYS} END AS days,
  CAST((fate >> 1) & 1 AS INT) AS again, CAST(fate & 1 AS INT) AS tied, person, n
FROM (SELECT cell, fate, person, COUNT(*) AS n FROM packed GROUP BY cell, fate, person) AS counts"""


def _crowded() -> str:
    """Whether counting persons of a day may have to know who this is: others of his crossings may be of the same cell.

    Said of a few too many, which costs less than to know where each day ends.
    """
    day = LONGEST_DAY * 2 ** (WORD_BITS + 1)
    return f"""\
LEAST(p - before2, after2 - p, after - before, CASE WHEN before_entry = entry THEN p - before END,
      CASE WHEN after_entry = entry OR until = 0 THEN after - p END) <= {day}"""


def _judged(settings: Settings, reading: Reading, source: str, *, turned: bool) -> str:
    """Each crossing of a person with its status (its place in `STATUSES`) and its neighbours, as a common table `judged`.

    `until` and `since` are the seconds to the crossing after and from the one before.
    """
    number = {name: n for n, name in enumerate(STATUSES)}
    scanned, beside = settings.duplicate_seconds, settings.places_seconds
    return f"""\
WITH ordered AS (
  SELECT k, p,
    {_beside("LAG", 1, "before")},
    {_beside("LAG", 2, "before2")},
    {_beside("LEAD", 1, "after")},
    {_beside("LEAD", 2, "after2")},
    {_beside("LEAD", 3, "after3")}
  FROM {f"({chr(10)}{_turned(source)}{chr(10)}  ) AS turned" if turned else source}
  WHERE k IS NOT NULL
  WINDOW w AS ({reading.order("q" if turned else "p")})
),
seen AS (
  SELECT k, p, before, before2, after, after2, after3,
    {entry("p")} AS entry, {entry("before")} AS before_entry, {entry("after")} AS after_entry,
    ({second("p")}) - ({second("before")}) AS since, ({second("after")}) - ({second("p")}) AS until,
    {reading.post("p")} AS post, {reading.post("before")} AS before_post, {reading.post("after")} AS after_post,
    {reading.day("p")} AS day
  FROM ordered
),
judged AS (
  SELECT *,
    CASE
      WHEN entry = 1 AND after_entry = 0 THEN {number["left"]}
      WHEN entry = 0 AND before_entry = 1 THEN {number["matched"]}
      WHEN entry = 1 AND after_entry = 1 AND after_post = post AND until <= {scanned} THEN {number["duplicate"]}
      WHEN entry = 0 AND before_entry = 0 AND before_post = post AND since <= {scanned} THEN {number["duplicate"]}
      WHEN entry = 1 AND after_entry = 1 AND until <= {beside} THEN {number["two_places"]}
      WHEN entry = 0 AND before_entry = 0 AND since <= {beside} THEN {number["two_places"]}
      WHEN entry = 1 AND after_entry = 1 THEN {number["superseded"]}
      WHEN entry = 1 THEN {number["open"]}
      ELSE {number["unmatched"]}
    END AS status
  FROM seen
)"""


def stays(settings: Settings, reading: Reading, part: int, parts: int, *, turned: bool) -> str:
    """Each stay of the people of one part: `person`, `citizenship` (of the entry), `entry` and `exit` as days.

    An exit that was not seen is null. One part holds all stays of its people.

    Args:
        settings: as for `counted`.
        reading: how `p` is read.
        part: from 0.
        parts: into how many the people are split.
        turned: as for `counted`.
    """
    source = f"(SELECT k, p FROM crossings WHERE k % {parts} IN ({part}, {part - parts})) AS of_part"
    left, superseded, still = (STATUSES.index(name) for name in ("left", "superseded", "open"))
    return f"""\
{_judged(settings, reading, source, turned=turned)}
SELECT k AS person, citizenship, day AS entry, CASE WHEN status = {left} THEN {reading.day("after")} END AS exit
FROM judged
JOIN (SELECT DISTINCT told_code, citizen AS citizenship FROM words) AS told
  ON told_code = (p & {2**reading.told_bits - 1})
WHERE status IN ({left}, {superseded}, {still})
ORDER BY person, p"""


def told_apart(settings: Settings, reading: Reading) -> str:
    """Each usable crossing with all that tells whose it is, but for the key: for linkage, and for nothing else."""
    until = "" if settings.before is None else f" AND t < {settings.before}"
    told = ", ".join(f"NULLIF(TRIM({name}), '') AS {name}" for name in TELLING)
    return f"""\
SELECT t, {reading.day("p")} AS day, CASE {entry("p")} WHEN 1 THEN 'in' ELSE 'out' END AS direction,
  post AS checkpoint, citizen AS citizenship, {told}
FROM placed
JOIN (SELECT DISTINCT post_code, told_code, post, citizen FROM words) AS meant
  ON post_code = {reading.post("p")} AND told_code = (p & {2**reading.told_bits - 1})
WHERE p >= 0{until}
ORDER BY t, file, row_number"""


def _turned(source: str) -> str:
    """Crossings with `q`, in whose order an entry and an exit that bear the same second fit what was before.

    Whoever was in goes out first, whoever was out comes in first; such a pair leaves a person where
    they were, so the last crossing that is not in a pair tells.
    """
    turn = 2**WORD_BITS
    return f"""\
  SELECT k, p, CASE WHEN inside = 1 THEN p ELSE p - {turn} * ({entry("p")}) + {turn} * (1 - ({entry("p")})) END AS q
  FROM (
    SELECT *, COALESCE(MAX(CASE WHEN paired THEN NULL ELSE p >> {WORD_BITS} END)
      OVER (PARTITION BY k ORDER BY {second("p")}), 0) & 1 AS inside
    FROM (
      SELECT *, MIN({entry("p")}) OVER (PARTITION BY k, {second("p")})
        <> MAX({entry("p")}) OVER (PARTITION BY k, {second("p")}) AS paired
      FROM {source}
      WHERE k IS NOT NULL
    ) AS pairs
  ) AS turns"""


def tied_crossings() -> str:
    """The crossings of people who have an entry and an exit of the same second."""
    return "SELECT k, p FROM crossings WHERE k IN (SELECT person FROM plain WHERE tied = 1)"


def corrected(settings: Settings, reading: Reading, *, every_person: bool = False) -> str:
    """`plain`, with those of people in `tied_crossings` taken out and counted again in their right order.

    So the second, dearer ordering is paid for by those alone who need it.
    """
    keys = "day, word, status, days, again, tied, person"
    plain = counted(settings, reading, source="tied_crossings", every_person=every_person)
    turned = counted(settings, reading, source="tied_crossings", turned=True, every_person=every_person)
    return f"""\
SELECT {keys}, CAST(SUM(n) AS BIGINT) AS n
FROM (
SELECT {keys}, n FROM plain
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


def cells(source: str, told_bits: int) -> str:
    """What was counted, in words: day, entry (1 in, 0 out), checkpoint, citizenship, purpose, status, ..., n."""
    return f"""\
SELECT day, entry, checkpoint, citizenship, purpose, status, days, again, tied, person, n
FROM (SELECT *, {entry("word")} AS entry, word & {2**WORD_BITS - 1} AS code FROM {source}) AS counted
JOIN (
  SELECT DISTINCT CAST(post_code AS BIGINT) * {2**told_bits} + told_code AS code,
    post AS checkpoint, citizen AS citizenship, aim AS purpose
  FROM words
) AS names USING (code)"""


COUNTED = "status NOT IN ('duplicate', 'two_places')"


def ties() -> str:
    """How many pairs of an entry and an exit bear the same second."""
    return "SELECT COUNT(*) AS n FROM plain WHERE tied = 1"


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
    return f"""\
WITH bands AS (
  SELECT band, first_day, next_day FROM (VALUES {bands}) AS b(band, first_day, next_day)
),
stays AS (
  SELECT {columns}day, days, SUM(n) AS n
  FROM cells
  WHERE status IN ('left', 'open', 'superseded')
  GROUP BY {columns}day, days
),
steps AS (
  SELECT {columns}day + first_day AS day, band, n
  FROM stays CROSS JOIN bands
  WHERE days IS NULL OR days > first_day
  UNION ALL
  SELECT {columns}day + CASE WHEN next_day IS NULL OR days <= next_day THEN days ELSE next_day END AS day, band, -n AS n
  FROM stays CROSS JOIN bands
  WHERE (days IS NULL OR days > first_day) AND NOT (days IS NULL AND next_day IS NULL)
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


def oddities(settings: Settings, reading: Reading, limit: int) -> str:
    """Crossings that cannot be as written, with the rows that say so.

    `two_places`: scans at two posts within minutes. `negative_stay`: an exit without an entry, and
    within half a day an entry of the same person without an exit: the clock of one of them is wrong.
    Of rows that are alike in all that is told, the first stands for them.
    """
    near = 12 * 3600
    return f"""\
WITH ordered AS (
  SELECT k, p,
    {_beside("LAG", 1, "before")},
    {_beside("LEAD", 1, "after")},
    {_beside("LEAD", 2, "after2")}
  FROM crossings
  WHERE k IS NOT NULL
  WINDOW w AS ({reading.order("p")})
),
named AS (
  SELECT k, p, after, ({second("after")}) - ({second("p")}) AS seconds,
    CASE
      WHEN {reading.post("after")} <> {reading.post("p")} AND ({second("after")}) - ({second("p")}) <= {settings.places_seconds}
        THEN 'two_places'
      WHEN {entry("p")} = 0 AND COALESCE({entry("before")}, 0) = 0 AND {entry("after")} = 1
        AND COALESCE({entry("after2")}, 1) = 1 AND ({second("after")}) - ({second("p")}) BETWEEN 1 AND {near}
        THEN 'negative_stay'
    END AS oddity
  FROM ordered
),
odd AS (
  SELECT k, p, after, seconds, oddity, COUNT(*) OVER (PARTITION BY oddity) AS n
  FROM named
  WHERE oddity IS NOT NULL
),
rows_of AS (
  SELECT k, p, file, row_number
  FROM (
    SELECT k, p, file, row_number, ROW_NUMBER() OVER (PARTITION BY k, p ORDER BY file, row_number) AS same
    FROM placed
    WHERE k IN (SELECT k FROM odd)
  ) AS numbered
  WHERE same = 1
),
posts AS (
  SELECT DISTINCT post_code, post FROM words
)
SELECT oddity, a.file, a.row_number, b.file AS other_file, b.row_number AS other_row, seconds,
  c.post AS checkpoint, d.post AS next_post, n
FROM odd
JOIN rows_of AS a ON a.k = odd.k AND a.p = odd.p
JOIN rows_of AS b ON b.k = odd.k AND b.p = odd.after
JOIN posts AS c ON c.post_code = {reading.post("odd.p")}
JOIN posts AS d ON d.post_code = {reading.post("odd.after")}
ORDER BY a.file, a.row_number
LIMIT {limit}"""


def disorder(limit: int) -> str:
    """Rows whose time lies before that of the row above, where a file is otherwise in order of time."""
    return f"""\
SELECT file, row_number, seconds, n
FROM (
  SELECT file, row_number, seconds, COUNT(*) OVER (PARTITION BY file) AS n
  FROM (
    SELECT file, row_number, LAG(t) OVER (PARTITION BY file ORDER BY row_number) - t AS seconds
    FROM placed
    WHERE p >= 0
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
