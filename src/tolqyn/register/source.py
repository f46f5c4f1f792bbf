"""From a file, a folder or a pattern to the Parquet files that an engine can scan.

Reads files; writes only into the scratch folder that it is given. A file that cannot be used is a
`Problem` beside those that can. CSV becomes Parquet in the scratch folder, so that both engines see
the same rows under the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from tolqyn.errors import Problem, RegisterError
from tolqyn.register.columns import COLUMNS, REQUIRED, kind_of

__all__ = ["Part", "damaged", "open_parts"]

BLOCK = 16 << 20
"""Bytes of CSV that are parsed at a time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file that an engine scans.

    Attributes:
        path: the Parquet file.
        name: the file that its owner knows.
        rows: how many rows it holds.
        kinds: column -> how it is read (`columns.kind_of`).
        numbered: whether the row numbers are in a column `_number` (of a table that was CSV).
        skipped: rows that could not be taken over, each with a problem of its own.
    """

    path: Path
    name: str
    rows: int
    kinds: tuple[tuple[str, str], ...]
    numbered: bool = False
    skipped: int = 0


def open_parts(path: Path, scratch: Path) -> tuple[list[Part], list[Problem]]:
    """The usable files under a path.

    Args:
        path: a Parquet or CSV file, or a folder of them; subfolders are searched.
        scratch: folder for what is converted.

    Raises:
        RegisterError: nothing there can be used.
    """
    files = _files(path)
    parts: list[Part] = []
    problems: list[Problem] = []
    for n, file in enumerate(files):
        try:
            if file.suffix.lower() == ".csv":
                part, wrong = _from_csv(file, scratch / f"table-{n}.parquet")
                problems += wrong
            else:
                part = _from_parquet(file)
            parts.append(part)
        except RegisterError as error:
            if len(files) == 1:
                raise
            problems.append(Problem.of(error, str(file)))
    if not parts:
        told = "\n  ".join(str(problem) for problem in problems[:5])
        raise RegisterError(f"none of {len(files)} files can be used:\n  {told}", str(path))
    return parts, problems


def damaged(part: Part) -> Problem | None:
    """What is wrong with the data pages of a file; None where each can be read."""
    try:
        file = parquet.ParquetFile(part.path)
    except (pa.ArrowException, OSError) as error:
        return Problem(part.name, f"cannot be opened: {_first_line(error)}")
    first = 1
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        try:
            file.read_row_group(group, columns=[name for name, _ in part.kinds])
        except (pa.ArrowException, OSError) as error:
            return Problem(
                part.name,
                f"row group {group + 1} (rows {first} to {first + rows - 1}) is damaged: {_first_line(error)}",
                "write the file again from its source; none of its rows was used",
            )
        first += rows
    return None


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.exists():
        raise RegisterError("no such file or folder", str(path))
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in {".parquet", ".csv"} and not file.name.startswith((".", "_"))
    )
    if not found:
        raise RegisterError("no .parquet or .csv file in this folder", str(path))
    return found


def _from_parquet(file: Path) -> Part:
    try:
        opened = parquet.ParquetFile(file)
        schema, meta = opened.schema_arrow, opened.metadata
    except (pa.ArrowException, OSError) as error:
        raise RegisterError(
            f"not a whole Parquet file: {_first_line(error)}",
            str(file),
            "it may have been cut off in copying",
        ) from None
    columns = _kinds(schema, str(file))
    first = 1
    for group in range(meta.num_row_groups):
        chunk = meta.row_group(group)
        for n in range(chunk.num_columns):
            have, want = chunk.column(n).physical_type, meta.schema.column(n).physical_type
            if have != want:
                raise RegisterError(
                    f"row group {group + 1} (rows {first} to {first + chunk.num_rows - 1}) stores"
                    f" {chunk.column(n).path_in_schema} as {have}, and the file says {want}",
                    str(file),
                )
        first += chunk.num_rows
    return Part(file.resolve(), str(file), meta.num_rows, columns)


def _kinds(schema: pa.Schema, where: str) -> tuple[tuple[str, str], ...]:
    """How each column of ours is read.

    Raises:
        RegisterError: one is missing, stands twice, or has a type that cannot be read.
    """
    names = list(schema.names)
    for name in REQUIRED:
        if name not in names:
            raise RegisterError(
                f"column {name!r} is missing", where, f"crossing events need: {', '.join(REQUIRED)}"
            )
    found = []
    for name in COLUMNS:
        if name not in names:
            continue
        if names.count(name) > 1:
            raise RegisterError(f"column {name!r} stands twice", where)
        of = schema.field(name).type
        kind = kind_of(name, of)
        if kind is None:
            wanted = "a timestamp, or text such as 2022-09-21T10:00:00Z" if name == "time" else "text"
            raise RegisterError(
                f"column {name!r} is {of}, which cannot be read", where, f"it should be {wanted}"
            )
        found.append((name, kind))
    return tuple(found)


def _from_csv(file: Path, target: Path) -> tuple[Part, list[Problem]]:
    """A CSV file as Parquet; rows with too few or too many cells are set aside."""
    wrong: list[csv.InvalidRow] = []

    def skip(row: csv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    options = {
        # Row numbers of invalid rows are only told when one thread reads.
        "read_options": csv.ReadOptions(use_threads=False, block_size=BLOCK),
        "parse_options": csv.ParseOptions(invalid_row_handler=skip, newlines_in_values=True),
    }
    try:
        with csv.open_csv(file, **options) as reader:
            names = reader.schema.names
        kinds = _kinds(pa.schema([(name, pa.string()) for name in names]), str(file))
        convert = csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            include_columns=[name for name, _ in kinds],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        )
        wrong.clear()
        rows = 0
        schema = pa.schema([*((name, pa.string()) for name, _ in kinds), ("_number", pa.int64())])
        with (
            csv.open_csv(file, convert_options=convert, **options) as reader,
            parquet.ParquetWriter(target, schema) as writer,
        ):
            numbers = _numbers(wrong)
            for batch in reader:
                count = pa.array([next(numbers) for _ in range(batch.num_rows)], pa.int64())
                writer.write_batch(pa.record_batch([*batch.columns, count], schema=schema))
                rows += batch.num_rows
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise RegisterError(
            f"cannot be read as CSV: {_first_line(error)}", str(file), "UTF-8, commas, one heading row"
        ) from None
    problems = [
        Problem(
            f"{file}, row {row.number}",
            f"{row.actual_columns} cells, and the heading has {row.expected_columns}",
        )
        for row in wrong
    ]
    return Part(target, str(file), rows, kinds, numbered=True, skipped=len(problems)), problems


def _numbers(wrong: Sequence[csv.InvalidRow]) -> Iterator[int]:
    """Row numbers as a spreadsheet shows them, the heading being row 1; rows set aside are passed over."""
    number, seen = 1, 0
    while True:
        number += 1
        while seen < len(wrong) and wrong[seen].number == number:
            number, seen = number + 1, seen + 1
        yield number


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
