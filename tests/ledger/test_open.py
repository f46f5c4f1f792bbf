"""Opening: made when missing, brought up to date, refused when it is not ours."""

import builtins
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ledger.make import made
from sqlalchemy import create_engine, text

import tolqyn.ledger
from tolqyn.errors import LedgerError
from tolqyn.ledger import open_ledger
from tolqyn.ledger.migrate import SCHEMA
from tolqyn.ledger.schema import metadata


def test_the_last_migration_leaves_the_schema_that_the_code_reads(ledger):
    steps = ScriptDirectory(str(Path(tolqyn.ledger.__file__).parent / "migrations"))
    with ledger._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "tolqyn_schema"})
        differences = compare_metadata(context, metadata)

    assert differences == []
    assert steps.get_current_head() == SCHEMA


def test_a_ledger_is_found_again_as_it_was_left(address):
    document, content, claims = made("a", 300)
    with open_ledger(address) as ledger:
        ledger.add_document(document, content, claims, engine="rules 1")

    with open_ledger(address, create=False) as again:
        assert again.claims() == claims


def test_a_ledger_of_a_newer_schema_is_refused(address):
    with open_ledger(address) as ledger, ledger._engine.begin() as connection:
        connection.execute(text("UPDATE tolqyn_schema SET version_num = '0999'"))

    with pytest.raises(
        LedgerError, match=f"schema 0999; this version of Tolqyn knows schemas up to {SCHEMA}"
    ) as caught:
        open_ledger(address)

    assert "newer Tolqyn" in caught.value.hint


def test_a_database_of_others_is_refused_and_left_alone(address):
    url = address if isinstance(address, str) else f"sqlite:///{address}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE birds (name text)"))

    with pytest.raises(LedgerError, match="without a ledger in it: it has birds"):
        open_ledger(address)

    with engine.connect() as connection:
        assert connection.dialect.get_table_names(connection) == ["birds"]
    engine.dispose()


def test_nothing_is_made_where_nothing_may_be(address, tmp_path):
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(LedgerError, match="no ledger is here"):
        open_ledger(address, create=False)

    assert sorted(tmp_path.rglob("*")) == before


def test_writers_take_turns(address):
    """Twenty documents from four threads, each with a ledger of its own."""
    with open_ledger(address) as ledger:

        def write(thread):
            with open_ledger(address) as own:
                for n in range(5):
                    document, content, claims = made(f"d{thread}-{n}", 300, 400)
                    own.add_document(document, content, claims, engine="rules 1")

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(ledger.claims()) == 40
        with ledger._engine.connect() as connection:
            stamps = connection.execute(text("SELECT recorded_at FROM documents ORDER BY id")).scalars().all()
        assert stamps == sorted(set(stamps))


def test_a_new_ledger_may_be_opened_by_several_at_once(address):
    failures = []

    def start():
        try:
            open_ledger(address).close()
        except LedgerError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


# Files -------------------------------------------------------------------------------------------


def test_the_folder_of_a_ledger_is_made_with_it(tmp_path):
    path = tmp_path / "wave 100%" / ".tolqyn" / "ledger.sqlite"

    open_ledger(path).close()

    assert path.exists()


@pytest.mark.parametrize("content", [b"a letter, not a database", b"SQLite format 3\x00" + b"?" * 4000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)

    with pytest.raises(LedgerError, match="file is not a database") as caught:
        open_ledger(path)

    assert caught.value.where == str(path)
    assert path.read_bytes() == content


def test_bytes_that_rotted_are_told_from_bytes_that_were_seen(tmp_path):
    path = tmp_path / "ledger.sqlite"
    document, content, claims = made("a", 300)
    with open_ledger(path) as ledger:
        ledger.add_document(document, content, claims, engine="rules 1")
    with sqlite3.connect(path) as plain:
        plain.execute("DROP TRIGGER contents_no_update")
        plain.execute("UPDATE contents SET zlib = x'00'")
    plain.close()

    with open_ledger(path) as ledger, pytest.raises(LedgerError, match="bytes kept of a are damaged"):
        ledger.content("a")


def test_a_ledger_survives_a_kill_by_its_settings(tmp_path):
    with open_ledger(tmp_path / "ledger.sqlite") as ledger, ledger._engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://host/wave", "mysql is not supported"),
        ("nonsense://host/wave", "nonsense is not supported"),
        ("://", "not the address of a ledger"),
        ("", "kept in a file"),
        (":memory:", "kept in a file"),
        ("postgresql://nobody:secret@127.0.0.1:1/wave", "refused"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_so(address, message):
    with pytest.raises(LedgerError, match=message) as caught:
        open_ledger(address)

    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_said_with_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "psycopg":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(LedgerError, match="psycopg is not installed") as caught:
        open_ledger("postgresql://host/wave")

    assert "tolqyn[postgres]" in caught.value.hint
