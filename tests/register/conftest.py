"""The engines: tests run on DuckDB, and those marked `on_each_engine` on a real Spark too."""

import importlib.util
import shutil
import warnings

import pytest

from tolqyn.register import Settings, open_register

MASTER = "local-cluster[1,2,1024]"
"""A cluster on this machine: a master, a worker and an executor, each a process of its own."""


@pytest.fixture(scope="session")
def spark(absent):
    """The address of a real Spark, started once and stopped at the end."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        absent("Spark (requirements-spark.lock, and Java 17)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(MASTER)
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "512m",
            "spark.sql.shuffle.partitions": "2",
            # Compiling each query costs more than running it on a few hundred rows.
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.adaptive.enabled": "false",
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    yield MASTER
    session.stop()


@pytest.fixture
def engine(request):
    """The name of an engine: DuckDB, unless the test is marked to run on each."""
    name = getattr(request, "param", "duckdb")
    if name == "spark":
        request.getfixturevalue("spark")
    return name


@pytest.fixture
def opened(engine, tmp_path):
    """Open a path, or rows, with the engine under test; closed at the end."""
    from register.crossings import write

    registers = []

    def open_it(what, **settings):
        path = (
            what if not isinstance(what, list) else write(tmp_path / f"events-{len(registers)}.parquet", what)
        )
        register = open_register(
            path, settings=Settings(**settings), engine=engine, master=MASTER, memory="1GB", threads=1
        )
        registers.append(register)
        return register

    yield open_it
    for register in registers:
        register.close()
