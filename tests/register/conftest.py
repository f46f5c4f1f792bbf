"""The engines: every test that asks for `engine` runs on each. Spark is started once."""

import importlib.util
import shutil

import pytest

from tolqyn.register import Settings, open_register


@pytest.fixture(scope="session")
def spark(absent):
    """The address of a real Spark in this process; stopped at the end."""
    if importlib.util.find_spec("pyspark") is None:
        absent("pyspark")
    if shutil.which("java") is None:
        absent("Java")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
    yield "local[2]"
    session.stop()


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.server)])
def engine(request):
    """The name of an engine that runs here."""
    if request.param == "spark":
        request.getfixturevalue("spark")
    return request.param


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
            path, settings=Settings(**settings), engine=engine, master="local[2]", memory="1GB", threads=1
        )
        registers.append(register)
        return register

    yield open_it
    for register in registers:
        register.close()
