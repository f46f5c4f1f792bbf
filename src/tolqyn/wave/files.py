"""Estimates as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tolqyn.files import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

    from tolqyn.estimate import Posterior

__all__ = ["table_bytes", "write_draws", "write_table"]


def table_bytes(table: pa.Table) -> bytes:
    """A table as a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def write_table(table: pa.Table, path: Path) -> None:
    """A table as CSV, or as Parquet where the name ends so."""
    import pyarrow as pa
    from pyarrow import csv

    if path.suffix == ".parquet":
        write_whole(path, table_bytes(table))
        return
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink)
    write_whole(path, sink.getvalue().to_pybytes())


def write_draws(posterior: Posterior, count: int, path: Path) -> None:
    """The first `count` draws of every stream: date,measure,place,counterpart,group,kind,draw,value."""
    write_table(posterior.draw_table(count), path)
