"""A table of figures: each good row gives claims, each bad row a problem.

Two shapes are read. A *claims table* has a column `measure` and one claim a row, with the columns of
a claim's record. A *daily series* has a day in each row, and either a column for each measure
(entries, exits, stock, ...) or, again, `measure` and `value`.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from tolqyn.claims import RECORD_FIELDS, Claim, Document, Measure, Qualifier, claim_from_record
from tolqyn.errors import ClaimError, Problem, ReadError
from tolqyn.languages import short_name
from tolqyn.read.document import NOTHING
from tolqyn.read.figures import read_day_cell, read_figure
from tolqyn.read.kind import Kind, kind_of
from tolqyn.read.limits import check_size
from tolqyn.read.metadata import host_of, read_day
from tolqyn.read.names import shown, stem_of
from tolqyn.read.rows import Row, Sheet, read_sheets

__all__ = ["TableRead", "read_table"]


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table with the bytes that it was read from.

    Attributes:
        document: the table as text; every claim's quote is in it.
        claims: in the order of the rows.
        problems: rows, figures and columns that were set aside.
        content: the bytes as seen, to be kept.
    """

    document: Document
    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """64 hex digits that name the bytes as seen."""
        return hashlib.sha256(self.content).hexdigest()


_MEASURES = tuple(str(measure) for measure in Measure)
_ALIASES = {"date_said": "said", "url": "source_url"}
_OWN = frozenset({"doc", "quote", "start", "end", "confidence", "evidence"})
"""Columns of a claim's record that a row cannot tell of itself; kept as evidence where they are filled."""
_READ = (*(name for name in RECORD_FIELDS if name not in _OWN), "date")
_DAYS = ("window_start", "window_end", "said", "published")
_FIGURES = ("value", "low", "high")
_WHOLE_UNITS = frozenset({"persons", "crossings", "vehicles", "households"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_NEAR = 0.8


def read_table(
    content: bytes, name: str, *, kind: Kind | None = None, given: Mapping[str, str] = NOTHING
) -> TableRead:
    """The claims that a table makes.

    Args:
        content: a CSV, XLSX or Parquet file. Of a workbook the first sheet with the needed columns
            is read.
        name: its name; the stem becomes `doc` of its claims.
        kind: what it is, where the name does not tell.
        given: publisher and published (ISO) of the table, for rows that do not say it of themselves.

    Raises:
        ReadError: not a table; a needed column is missing, or one is misspelt.
    """
    where = shown(name)
    check_size(len(content), where)
    kind = kind or kind_of(name, content)
    if not kind.is_table:
        raise ReadError(f"a {kind} is not a table", where, "tables are .csv, .tsv, .xlsx or .parquet")
    sheets = read_sheets(content, where, kind)
    sheet, columns, problems = _choose(sheets, where)
    claims: list[Claim] = []
    problems += sheet.problems
    published = read_day(given.get("published"))
    if given.get("published") and published is None:
        about = f"published is {shown(given['published'])!r}, which is no date"
        problems.append(Problem(where, about, "dates are written 2022-09-21"))
    known = {"publisher": given.get("publisher") or None, "published": published}
    spot = f"{where}, sheet {shown(sheet.name)}" if len(sheets) > 1 else where
    for row in sheet.rows:
        made, wrong = _claims_of(
            row, columns, len(sheet.header), stem_of(name), f"{spot}, row {row.number}", known
        )
        claims += made
        problems += wrong
    document = Document(
        stem_of(name),
        sheet.text,
        publisher=known["publisher"],
        published=date.fromisoformat(published) if published else None,
    )
    return TableRead(document, tuple(claims), tuple(problems), content)


def _choose(sheets: list[Sheet], where: str) -> tuple[Sheet, dict[str, int], list[Problem]]:
    """The first sheet with the needed columns, its columns, and notes on what is not read."""
    refused: ReadError | None = None
    for sheet in sheets:
        spot = f"{where}, sheet {shown(sheet.name)}, row 1" if len(sheets) > 1 else f"{where}, row 1"
        try:
            columns, notes = _columns(sheet.header, spot)
        except ReadError as error:
            refused = refused or error
            continue
        others = ", ".join(shown(other.name) for other in sheets if other is not sheet)
        if others:
            notes.append(
                Problem(
                    where,
                    f"only sheet {shown(sheet.name)} is read, not {others}",
                    "put each in a file of its own",
                )
            )
        return sheet, columns, notes
    assert refused is not None
    raise refused


def _columns(header: tuple[str, ...], where: str) -> tuple[dict[str, int], list[Problem]]:
    """Name -> position of the columns that are read, and a note on those that are not.

    Raises:
        ReadError: a needed column is missing; one stands twice; one is nearly a name that is read,
            so that leaving it out could change what the rows say.
    """
    found: dict[str, int] = {}
    for position, raw in enumerate(header):
        plain = re.sub(r"[\s-]+", "_", raw.strip().lower())
        name = _ALIASES.get(plain, plain)
        if name and name in found:
            raise ReadError(f"two columns are called {shown(name)}", where, "rename or remove one")
        if name:
            found[name] = position
    _check_needed(found, where)
    wide = () if "measure" in found else _MEASURES
    known = {*_READ, *_OWN, *wide}
    unknown = [name for name in found if name not in known]
    for name in unknown:
        near = difflib.get_close_matches(name, [other for other in known if other not in found], 1, _NEAR)
        if near:
            raise ReadError(
                f"column {shown(name)!r} is not known",
                where,
                f"did you mean {near[0]!r}? Else give it another name",
            )
    notes = []
    if unknown:
        names = ", ".join(shown(name) for name in unknown)
        notes.append(Problem(where, f"columns that are not read: {names}"))
    return {name: position for name, position in found.items() if name in known}, notes


def _check_needed(found: Mapping[str, int], where: str) -> None:
    """Refuse a header without a needed column, naming those it has and the likeliest slip."""
    needed = ["place", "group"]
    wide = "measure" not in found and {"date", "window_end"} & set(found) and set(_MEASURES) & set(found)
    if not wide:
        needed.append("measure")
        if not ("value" in found or {"low", "high"} <= set(found)):
            needed.append("value")
    missing = [name for name in needed if name not in found]
    if not missing:
        return
    have = ", ".join(shown(name) for name in found)[:500]
    near = difflib.get_close_matches(missing[0], [name for name in found if name not in _READ], 1, 0.6)
    hint = f"did you mean {missing[0]!r} by {shown(near[0])!r}?" if near else f"add a column {missing[0]!r}"
    raise ReadError(f"column {missing[0]!r} is missing; the columns are: {have}", where, hint)


def _claims_of(
    row: Row, columns: Mapping[str, int], width: int, doc: str, where: str, known: Mapping[str, str | None]
) -> tuple[list[Claim], list[Problem]]:
    """The claims of a row (one; of a wide series one for each figure), and what is wrong with it."""
    try:
        record = _with_known(_record(row, columns, width), known)
    except ReadError as error:
        return [], [Problem.of(error, where)]
    claims: list[Claim] = []
    problems: list[Problem] = []
    for one in _each_measure(record, wide="measure" not in columns):
        try:
            claims.append(_claim(one, row.quote, doc, where))
        except (ReadError, ClaimError) as error:
            problems.append(Problem.of(error, where))
    if not claims and not problems:
        problems.append(Problem(where, "the row holds no figure", "leave out rows without one"))
    return claims, problems


def _with_known(record: dict[str, Any], known: Mapping[str, str | None]) -> dict[str, Any]:
    """The record, with what is known of the whole table where the row does not tell; its own address names its publisher."""
    told = {name: text for name, text in known.items() if text}
    if "source_url" in record:
        told.pop("publisher", None)
    return {**told, **record}


def _record(row: Row, columns: Mapping[str, int], width: int) -> dict[str, Any]:
    """Name -> cell of a row, without the empty ones."""
    if len(row.cells) != width:
        raise ReadError(
            f"the row has {len(row.cells)} cells, the header {width}",
            hint="text that holds the separator needs quotation marks",
        )
    record: dict[str, Any] = {}
    for name, position in columns.items():
        cell = row.cells[position]
        if isinstance(cell, str):
            control = _CONTROL.search(cell)
            if control:
                raise ReadError(
                    f"{name} holds the control character U+{ord(control.group()):04X}", hint="remove it"
                )
            cell = cell.strip()
        if cell is not None and cell != "":
            record[name] = cell
    return record


def _each_measure(record: dict[str, Any], *, wide: bool) -> Iterator[dict[str, Any]]:
    """The record itself; of a wide series one for each measure with a figure."""
    if not wide:
        yield record
        return
    rest = {name: cell for name, cell in record.items() if name not in _MEASURES}
    for name in _MEASURES:
        if name in record:
            yield {**rest, "measure": name, "value": record[name], "column": name}


def _claim(record: dict[str, Any], quote: str, doc: str, where: str) -> Claim:
    """The claim that a row's cells make.

    Raises:
        ReadError, ClaimError: a cell that cannot be read, or cells that do not fit together.
    """
    values: dict[str, Any] = {name: cell for name, cell in record.items() if name not in _OWN}
    column = values.pop("column", "value")
    day = values.pop("date", None)
    if day is not None:
        for name in ("window_start", "window_end"):
            values.setdefault(name, day)
    for name in _DAYS:
        if name in values:
            # What was said in a month was known at its end, not before.
            read = partial(read_day_cell, first=name == "window_start")
            label = name if name in record else "date"
            values[name] = _named(label, where, read, values[name])
    measure = values.get("measure")
    if measure == Measure.PRICE and "unit" not in values:
        raise ReadError(
            "unit is empty; a price needs its money", where, "as in KZT/month, or percent for a change"
        )
    values.setdefault("unit", "percent" if measure == Measure.SHARE else "persons")
    for name in _FIGURES:
        if name in values:
            whole = values["unit"] in _WHOLE_UNITS
            label = column if name == "value" else name
            values[name] = _named(label, where, partial(read_figure, whole=whole), values[name])
    if "value" not in values and not {"low", "high"} <= set(values):
        raise ReadError(
            "no figure: value is empty, and so is low or high",
            where,
            "a formula counts only with its value saved",
        )
    if "value" not in values:
        values.setdefault("qualifier", Qualifier.RANGE)
    if "organization" in values:
        values["organization"] = short_name(str(values["organization"]))
    values.setdefault("publisher", host_of(values.get("source_url")))
    aside = {name: str(record[name]) for name in ("doc", "quote", "evidence") if name in record}
    return claim_from_record({**values, "doc": doc, "quote": quote, "evidence": aside or None}, where)


def _named(name: str, where: str, read: Callable[[Any], Any], cell: Any) -> Any:
    """The cell as `read` reads it; its error names the column."""
    try:
        return read(cell)
    except ReadError as error:
        raise ReadError(f"{name}: {error.message}", where, error.hint) from None
