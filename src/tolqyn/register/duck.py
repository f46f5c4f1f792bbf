"""DuckDB: one process, as many threads as the machine has, spilling to disk."""

# ruff: noqa: S608 - the only text put in is a file name, with its quotes doubled

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from tolqyn.errors import RegisterError, UsageError

__all__ = ["DuckEngine"]


class DuckEngine:
    """An in-memory database whose overflow goes to a scratch folder."""

    dialect = "duckdb"

    def __init__(self, scratch: Path, *, memory: str, threads: int) -> None:
        if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", memory):
            raise UsageError(f"memory is {memory!r}", hint="a figure with its unit, such as 4GB")
        # Extensions load from the network by themselves unless they are told not to.
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory,
            "temp_directory": str(scratch / "spill"),
            "preserve_insertion_order": "false",
        }
        if threads:
            config["threads"] = threads
        self._db = duckdb.connect(":memory:", config=config)
        self._db.execute("SET TimeZone = 'UTC'")

    def attach(self, name: str, paths: Sequence[Path]) -> None:
        """A view of Parquet files, with `_file` and `_row`."""
        files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        self._run(
            f"CREATE OR REPLACE TEMPORARY VIEW {name} AS SELECT *, filename AS _file, file_row_number AS _row"
            f" FROM read_parquet([{files}], filename = true, file_row_number = true)"
        )

    def view(self, name: str, text: str) -> None:
        """A name for a query."""
        self._run(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {text}")

    def table(self, name: str, text: str) -> None:
        """The rows of a query, kept until `close`."""
        self._run(f"CREATE OR REPLACE TEMPORARY TABLE {name} AS {text}")

    def rows(self, text: str) -> pa.Table:
        """The rows of a query, in memory."""
        try:
            return self._db.sql(text).to_arrow_table()
        except duckdb.Error as error:
            raise RegisterError(f"DuckDB: {error}") from None

    def close(self) -> None:
        """Drop everything."""
        self._db.close()

    def _run(self, text: str) -> None:
        try:
            self._db.execute(text).fetchall()
        except duckdb.Error as error:
            raise RegisterError(f"DuckDB: {error}") from None
