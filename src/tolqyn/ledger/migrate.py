"""A database brought to the schema that this version of Tolqyn knows.

The schema's number stands in the table `tolqyn_schema`. Steps run inside the transaction of the
caller, on both engines, so a kill leaves the old schema or the new one.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from tolqyn.errors import LedgerError

__all__ = ["SCHEMA", "migrate", "read_schema"]

SCHEMA = "0001"
"""The schema that this version writes and reads; the last step in `migrations`."""

_VERSION_TABLE = "tolqyn_schema"
_STEPS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps the step that it runs in a global


def read_schema(connection: Connection, where: str) -> str | None:
    """The number of the database's schema; None for an empty database.

    Raises:
        LedgerError: the database holds something, but no ledger; or a ledger newer than this version.
    """
    names = inspect(connection).get_table_names()
    if not names:
        return None
    if _VERSION_TABLE not in names:
        found = ", ".join(sorted(names)[:3])
        raise LedgerError(
            f"a database without a ledger in it: it has {found}", where, "give a path or database of its own"
        )
    version = Table(_VERSION_TABLE, MetaData(), autoload_with=connection)
    number: str | None = connection.execute(select(version.c.version_num)).scalar()
    if number is None or number > SCHEMA:
        raise LedgerError(
            f"the ledger has schema {number}; this version of Tolqyn knows schemas up to {SCHEMA}",
            where,
            "a newer Tolqyn wrote it: install that or a later one",
        )
    return number


def migrate(connection: Connection, where: str) -> None:
    """Run the steps that are missing. To be called with writers kept out.

    Raises:
        LedgerError: as `read_schema`, or a step failed.
    """
    if read_schema(connection, where) == SCHEMA:
        return
    # Alembic takes most of a second to import, and most opens need no step.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection, "version_table": _VERSION_TABLE})
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    try:
        with _ONE_AT_A_TIME:
            command.upgrade(config, SCHEMA)
    except (CommandError, SQLAlchemyError) as error:
        raise LedgerError(f"the schema could not be brought to {SCHEMA}: {error}", where) from error
