"""The engines: every test that asks for `engine` runs on each. Spark is started once."""

import importlib.util
import shutil

import pytest

from tolqyn.register import Settings, open_register


@pytest.fixture(scope="session")
def spark():
    """The address of a real Spark in this process; stopped at the end."""
    # Half a gigabyte and minutes of starting: these run where somebody has installed Spark, and CI
    # does not ask for them (docs/decisions/0011).
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("Spark is not on this machine: pip install pyspark, and Java 17")
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
