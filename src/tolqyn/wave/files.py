"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from tolqyn.estimate import Posterior

__all__ = ["write_draws", "write_table", "write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)  # a temporary file is its owner's alone
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_table(table: pa.Table, path: Path) -> None:
    """A table as CSV, or as Parquet where the name ends so."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    sink = pa.BufferOutputStream()
    if path.suffix == ".parquet":
        parquet.write_table(table, sink)
    else:
        csv.write_csv(table, sink)
    write_whole(path, sink.getvalue().to_pybytes())


def write_draws(posterior: Posterior, count: int, path: Path) -> None:
    """The first `count` draws of every stream: date,measure,place,counterpart,group,kind,draw,value."""
    write_table(posterior.draw_table(count), path)
