"""Rows of XLSX and Parquet as plain values for JSON: text, numbers, ISO days.

Runs in the child process of sandbox.py. Formulas are not computed: a cell holds the value that the
program which saved it had found.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tolqyn.errors import ReadError
from tolqyn.read.limits import TABLE_CELLS, TABLE_ROWS, UNPACKED_BYTES, ZIP_ENTRIES

__all__ = ["parse_parquet", "parse_xlsx"]


def parse_xlsx(content: bytes, where: str) -> list[dict[str, Any]]:
    """The sheets: name, and rows of cells counted from the sheet's first row.

    Raises:
        ReadError: not a workbook; one that unpacks to more than the limit.
    """
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 each task imports its own parser alone

    _check_zip(content, where)
    sheets: list[dict[str, Any]] = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            # The library gives the index of the last row and column, which counts from zero.
            _check_shape(sheet.total_height + 1, sheet.total_width + 1, f"{where}, sheet {name}")
            rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            sheets.append({"name": name, "rows": rows})
    return sheets


def parse_parquet(content: bytes, where: str) -> list[dict[str, Any]]:
    """One sheet, whose first row holds the names of the columns.

    Raises:
        ReadError: not Parquet; more rows or bytes than the limit.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        about = file.metadata
        _check_shape(about.num_rows, about.num_columns, where)
        unpacked = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        _check_unpacked(unpacked, where)
        columns = file.read(use_threads=False).to_pydict()
    except (pa.ArrowException, OSError) as error:
        raise ReadError(f"not a whole Parquet file ({str(error)[:160]})", where, "write it again") from None
    body = zip(*columns.values(), strict=True)
    return [{"name": "", "rows": [list(columns), *([_plain(cell) for cell in row] for row in body)]}]


def _check_zip(content: bytes, where: str) -> None:
    """Refuse a bomb by what the archive says of itself, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ReadError(
            f"not a whole XLSX file ({error})", where, "save it again as .xlsx, or as .csv"
        ) from None
    if len(entries) > ZIP_ENTRIES:
        raise ReadError(
            f"{len(entries):,} parts, above the limit of {ZIP_ENTRIES:,}", where, "save it again as .csv"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadError("the workbook is encrypted", where, "save it without a password")
    _check_unpacked(sum(entry.file_size for entry in entries), where)


def _check_unpacked(size: int, where: str) -> None:
    if size > UNPACKED_BYTES:
        raise ReadError(
            f"unpacks to {size:,} bytes, above the limit of {UNPACKED_BYTES:,}",
            where,
            "keep the rows that matter, or split it",
        )


def _check_shape(rows: int, columns: int, where: str) -> None:
    if rows > TABLE_ROWS + 1 or rows * columns > TABLE_CELLS:
        raise ReadError(
            f"{rows:,} rows by {columns:,} columns, above the limit of {TABLE_ROWS:,} rows or {TABLE_CELLS:,} cells",
            where,
            "keep the rows that matter, or split it",
        )


def _plain(cell: Any) -> Any:
    """The cell as text, number or None; a day as ISO text."""
    if cell is None or isinstance(cell, str | int):
        return str(cell) if isinstance(cell, bool) else cell
    if isinstance(cell, float | Decimal):
        number = float(cell)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else repr(cell)
