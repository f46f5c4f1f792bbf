"""CSV, XLSX and Parquet as rows of cells, each with its number and its words as written.

Pure but for the child process of sandbox.py that opens XLSX and Parquet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tolqyn.errors import Problem, ReadError
from tolqyn.read.encoding import decode
from tolqyn.read.kind import Kind
from tolqyn.read.limits import TABLE_ROWS
from tolqyn.read.sandbox import parse_apart

__all__ = ["Row", "Sheet", "parse_csv", "read_sheets"]

_REREAD_CHARACTERS = 20_000_000
_LINE_CHARACTERS = 1_000_000

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in the file (the header's is 1 where it stands first), cells, and words."""

    number: int
    cells: tuple[Cell, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the names of its columns, the rows below, and what is wrong with rows left out."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str
    problems: tuple[Problem, ...] = ()


def read_sheets(content: bytes, where: str, kind: Kind) -> list[Sheet]:
    """The tables in the file that hold anything: one in a CSV or Parquet file, one or more in XLSX.

    Raises:
        ReadError: the file cannot be read, or no sheet has a row.
    """
    if kind is Kind.CSV:
        decoded = decode(content, where)
        sheet = parse_csv(decoded.text, where)
        if decoded.guessed:
            note = Problem(where, f"the encoding is a guess: {decoded.encoding}", "save the file as UTF-8")
            sheet = Sheet(sheet.name, sheet.header, sheet.rows, sheet.text, (note, *sheet.problems))
        return [sheet]
    raw = parse_apart("xlsx" if kind is Kind.XLSX else "parquet", content, where)
    sheets = [sheet for sheet in (_typed_sheet(entry) for entry in raw) if sheet is not None]
    if not sheets:
        raise ReadError("no sheet holds a row", where)
    return sheets


def parse_csv(text: str, where: str) -> Sheet:
    """The rows of a CSV text, separated by comma, semicolon or tab, whichever its first line shows.

    Raises:
        ReadError: no header; more rows than the limit.
    """
    lines = _Lines(text)
    header_line = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    separator = _separator(header_line)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    problems: list[Problem] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            lines.resume()
            if header is None:
                raise ReadError(f"the header cannot be read ({error})", f"{where}, row 1") from None
            problems.append(
                Problem(
                    f"{where}, row {number}", f"the row cannot be read ({error})", "check its quotation marks"
                )
            )
            continue
        if header is not None and lines.held > 1 and len(cells) != len(header):
            lines.resume()
            message = "the row cannot be read (a cell goes on in the next line, and the cells are too many or too few)"
            problems.append(Problem(f"{where}, row {number}", message, "check its quotation marks"))
            continue
        quote = lines.take()
        if number > TABLE_ROWS + 1:
            raise ReadError(f"more than {TABLE_ROWS:,} rows", where, "split it")
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = tuple(cells)
        else:
            rows.append(Row(number, tuple(cells), quote))
    if header is None:
        raise ReadError("no header: the file holds no row", where)
    return Sheet("", header, tuple(rows), text, tuple(problems))


class _Lines:
    """The lines of a text, remembering those handed out since the last `take`."""

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self._again: list[str] = []
        self._taken: list[str] = []
        self._patience = _REREAD_CHARACTERS

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._taken.append(line)
        if len(line) > _LINE_CHARACTERS:
            raise csv.Error(f"a line of {len(line):,} characters")
        return line

    @property
    def held(self) -> int:
        """How many lines were handed out since the last `take`."""
        return len(self._taken)

    def take(self) -> str:
        """What was handed out, without its last newline."""
        taken = "".join(self._taken).rstrip("\r\n")
        self._taken.clear()
        return taken

    def resume(self) -> None:
        """Go on after the first of the lines handed out: a mark that was never closed takes only its own.

        A file made of such marks is read again only so far; past that each takes what it took.
        """
        swallowed = self._taken[1:]
        self._patience -= sum(map(len, swallowed))
        if self._patience > 0:
            self._again += reversed(swallowed)
        self._taken.clear()


def _separator(line: str) -> str:
    """Of comma, semicolon and tab the one that the header has most of, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=bare.count)


def _typed_sheet(entry: dict[str, Any]) -> Sheet | None:
    """A sheet of typed cells; its words are the cells in a line of commas."""
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    words: list[str] = []
    for number, cells in enumerate(entry["rows"], 1):
        if all(cell is None or cell == "" for cell in cells):
            continue
        quote = _written(cells)
        words.append(quote)
        if header is None:
            header = tuple("" if cell is None else str(cell) for cell in cells)
        else:
            rows.append(Row(number, tuple(cells), quote))
    return None if header is None else Sheet(entry["name"], header, tuple(rows), "\n".join(words))


def _written(cells: list[Cell]) -> str:
    """The cells as a row of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()
