"""A ledger on each engine: an SQLite file, and a PostgreSQL server that the tests start themselves."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tolqyn.ledger import open_ledger


class Clock:
    """Time that stands still until it is told to pass."""

    def __init__(self):
        self.time = datetime(2022, 9, 27, 12, tzinfo=UTC)

    def __call__(self):
        return self.time

    def add(self, **span):
        self.time += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def new_address(request, tmp_path):
    """Calling it gives the address of a database that nothing is in."""
    if request.param == "sqlite":
        numbers = itertools.count()
        return lambda: tmp_path / f"{next(numbers)}.sqlite"
    return request.getfixturevalue("new_postgresql")


@pytest.fixture
def address(new_address):
    return new_address()


@pytest.fixture
def ledger(address, clock):
    with open_ledger(address, now=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def new_postgresql(absent):
    """As `new_address`: each call makes a schema of its own on one server."""
    with postgresql(absent) as server:
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        numbers = itertools.count()

        def make():
            name = f"ledger_{next(numbers)}"
            with engine.connect() as connection:
                connection.execute(text(f"CREATE SCHEMA {name}"))
            return f"{server}&options=-csearch_path%3D{name}"

        yield make
        engine.dispose()


@contextmanager
def postgresql(absent):
    """A server of our own on a socket of its own; it must not run as root."""
    initdb = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if initdb is None:
        absent("PostgreSQL's initdb")
    home = Path(tempfile.mkdtemp(prefix="tolqyn-pg-"))
    as_whom = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(home, user.pw_uid, user.pw_gid)
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(*words):
        # To a file and not to a pipe: the server keeps its end open for as long as it runs.
        with Path(home, "said.txt").open("a") as said:
            done = subprocess.run(words, cwd=home, stdout=said, stderr=said, check=False, **as_whom)
        assert done.returncode == 0, Path(home, "said.txt").read_text()

    control = str(Path(initdb).with_name("pg_ctl"))
    data = str(home / "data")
    try:
        run(initdb, "-D", data, "-U", "tolqyn", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {home} -c listen_addresses='' -c fsync=off"
        run(control, "-D", data, "-l", str(home / "log.txt"), "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tolqyn@/postgres?host={home}"
        finally:
            run(control, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)
