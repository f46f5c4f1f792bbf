"""A path or an address as a database engine, and the two kinds of transaction that are used on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from tolqyn.errors import LedgerError

__all__ = ["connect", "reading", "writing"]

_WAIT_SECONDS = 30
"""How long to wait for another writer."""

_WRITERS_LOCK = 0x746F6C71796E
"""PostgreSQL's advisory lock that writers of a ledger take; "tolqyn" in ASCII."""


def connect(url_or_path: str | Path, *, create: bool) -> tuple[Engine, str]:
    """An engine, and its address for messages, without a password.

    Args:
        url_or_path: a path, or an address such as postgresql://host/database or sqlite:///file.
        create: whether a file that is missing may be made.

    Raises:
        LedgerError: an address that cannot be read, of a database that is not supported, or whose
            driver is not installed; a file that is missing and must not be made.
    """
    try:
        url = _address(url_or_path)
        if url.get_backend_name() == "sqlite":
            _prepare_file(Path(url.database or ""), create=create)
            return _sqlite(url), str(url.database)
        where = url.render_as_string(hide_password=True)
        # A connection that a server restart broke is found out before it is used.
        return create_engine(url, pool_pre_ping=True), where
    except (ArgumentError, NoSuchModuleError) as error:
        raise LedgerError(
            f"not the address of a ledger: {error}", hint="a path, or postgresql://..."
        ) from None
    except ModuleNotFoundError as error:
        raise LedgerError(
            f"the driver {error.name} is not installed", hint='pip install "tolqyn[postgres]"'
        ) from None


@contextmanager
def reading(engine: Engine, where: str) -> Iterator[Connection]:
    """A transaction that sees the ledger as it stands at its first read, whatever others add."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with _told(where), engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, where: str) -> Iterator[Connection]:
    """A transaction that keeps other writers out: all of it is kept, or nothing.

    One writer at a time, so that the order of recording is the order in which readers come to see.
    """
    with (
        _told(where),
        engine.connect().execution_options(tolqyn_writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})
        yield connection


def _address(url_or_path: str | Path) -> URL:
    """The address, with our driver in it; a path is that of an SQLite file."""
    written = str(url_or_path)
    if isinstance(url_or_path, Path) or "://" not in written:
        return URL.create("sqlite", database=written)
    url = make_url(written)
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ArgumentError(f"{url.get_backend_name()} is not supported; sqlite and postgresql are")
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _prepare_file(path: Path, *, create: bool) -> None:
    """See that the file is there, or that it can be made."""
    if str(path) in {"", ".", ":memory:"}:
        raise LedgerError("a ledger is kept in a file, not in memory", hint="give a path")
    if not create and not path.exists():
        raise LedgerError("no ledger is here", str(path), "add a document first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"the folder cannot be made: {error.strerror}", str(path.parent)) from None


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        connection.execute("PRAGMA foreign_keys = ON")
        # With a write-ahead log a kill leaves whole transactions only; FULL has each on the disk
        # before it is said to be done, so that a power cut takes back none either.
        connection.execute("PRAGMA synchronous = FULL")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer says so at once: to turn from reader to writer half-way can fail.
        writes = connection.get_execution_options().get("tolqyn_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _told(where: str) -> Iterator[None]:
    """What the database refuses, told as an error of the ledger."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip()
        hints = {
            "file is not a database": "not a ledger, or a damaged one; nothing was changed",
            "database is locked": f"another process has been writing for {_WAIT_SECONDS} seconds",
            "readonly": "the file or its folder is not yours to write",
        }
        hint = next((hint for sign, hint in hints.items() if sign in cause), None)
        raise LedgerError(f"the database refused: {cause}", where, hint) from error
