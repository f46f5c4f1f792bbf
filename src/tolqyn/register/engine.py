"""What carries the pipeline: DuckDB here, Spark on a cluster. Each runs the same text.

An engine owns a scratch folder and its own temporary tables; nothing of it outlives `close`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from tolqyn.errors import UsageError

__all__ = ["ENGINES", "Engine", "open_engine"]

ENGINES = ("duckdb", "spark")


class Engine(Protocol):
    """What the pipeline asks of an engine.

    `dialect` names the few words in which the engines differ (`sql.DIALECTS`).
    """

    dialect: str

    def attach(self, name: str, paths: Sequence[Path]) -> None:
        """A view of Parquet files, with `_file` and the 0-based `_row` beside their columns."""

    def view(self, name: str, text: str) -> None:
        """A name for a query."""

    def table(self, name: str, text: str) -> None:
        """The rows of a query, computed once and kept until `close`."""

    def rows(self, text: str) -> pa.Table:
        """The rows of a query, in memory: totals, never events.

        Raises:
            RegisterError: the engine could not compute it.
        """

    def close(self) -> None:
        """Drop everything."""


def open_engine(
    name: str, scratch: Path, *, master: str | None = None, memory: str = "4GB", threads: int = 0
) -> Engine:
    """An engine by name.

    Args:
        name: "duckdb" or "spark".
        scratch: a folder for what does not fit into memory.
        master: where Spark runs, such as "local[4]" or "spark://host:7077".
        memory: how much the engine may take before it spills to disk.
        threads: 0 is as many as there are processors.

    Raises:
        UsageError: no such engine, or Spark is not installed.
    """
    if name == "duckdb":
        from tolqyn.register.duck import DuckEngine  # noqa: PLC0415 - an engine loads when it is used

        return DuckEngine(scratch, memory=memory, threads=threads)
    if name == "spark":
        from tolqyn.register.spark import SparkEngine  # noqa: PLC0415

        return SparkEngine(scratch, master=master or "local[*]", memory=memory)
    raise UsageError(f"no engine is named {name!r}", hint=f"there are: {', '.join(ENGINES)}")
