"""Spark: the same text on a cluster. Needs the extra `spark` and Java 17 or later."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from tolqyn.errors import RegisterError, UsageError

__all__ = ["SparkEngine"]

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    # Nanoseconds come as whole numbers; Spark has no type for them.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    # An overflow or a bad cast is an error, as in DuckDB.
    "spark.sql.ansi.enabled": "true",
}


class SparkEngine:
    """A Spark session; a running one is used, and its settings are put back at the end."""

    dialect = "spark"

    def __init__(self, scratch: Path, *, master: str, memory: str) -> None:
        try:
            from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional extra
            from pyspark.sql import SparkSession  # noqa: PLC0415
        except ImportError:
            raise UsageError(
                "Spark is not installed", hint="pip install 'tolqyn[spark]', and Java 17"
            ) from None
        self._error: type[Exception] = PySparkException
        self._own = SparkSession.getActiveSession() is None
        builder = (
            SparkSession.builder.appName("tolqyn register")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", memory.replace("B", "").replace(" ", "").lower())
            .config("spark.local.dir", str(scratch / "spark"))
            .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
            .master(master)
        )
        if master.startswith("local"):
            # Nothing outside this machine has to reach the driver.
            builder = builder.config("spark.driver.host", "127.0.0.1").config(
                "spark.driver.bindAddress", "127.0.0.1"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a pandas that is not used here
            try:
                self._spark: Any = builder.getOrCreate()
            except Exception as error:  # noqa: BLE001 - what Java lacks comes as errors of many kinds
                raise RegisterError(
                    f"Spark does not start on {master}: {error}", hint="is Java 17 there?"
                ) from None
        self._before = {name: self._spark.conf.get(name, None) for name in SETTINGS}
        for name, value in SETTINGS.items():
            self._spark.conf.set(name, value)
        self._kept: list[Any] = []

    def attach(self, name: str, paths: Sequence[Path]) -> None:
        """A view of Parquet files, with `_file` and `_row`."""

        def read() -> None:
            frame = self._spark.read.parquet(*[Path(path).as_uri() for path in paths])
            frame.selectExpr(
                "*", "_metadata.file_path AS _file", "_metadata.row_index AS _row"
            ).createOrReplaceTempView(name)

        self._try(read)

    def view(self, name: str, text: str) -> None:
        """A name for a query."""
        self._try(lambda: self._spark.sql(text).createOrReplaceTempView(name))

    def table(self, name: str, text: str) -> None:
        """The rows of a query, kept until `close`."""

        def keep() -> None:
            frame = self._spark.sql(text).persist()
            frame.createOrReplaceTempView(name)
            self._kept.append(frame)

        self._try(keep)

    def rows(self, text: str) -> pa.Table:
        """The rows of a query, in memory."""
        table = self._try(lambda: self._spark.sql(text).toArrow())
        for n, name in enumerate(table.column_names):
            if name in {"file", "other_file"}:
                # Spark names a file by its address.
                paths = [None if f is None else unquote(urlsplit(f).path) for f in table[name].to_pylist()]
                table = table.set_column(n, name, pa.array(paths, pa.string()))
        return table

    def close(self) -> None:
        """Drop everything."""
        for frame in self._kept:
            frame.unpersist()
        for name, value in self._before.items():
            if value is None:
                self._spark.conf.unset(name)
            else:
                self._spark.conf.set(name, value)
        if self._own:
            self._spark.stop()

    def _try(self, step: Any) -> Any:
        try:
            return step()
        except self._error as error:
            raise RegisterError(f"Spark: {str(error).splitlines()[0]}") from None
