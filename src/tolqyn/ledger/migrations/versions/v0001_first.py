"""The first schema: contents, documents, claims, judgements, vintages, problems; rows only added.

A migration is frozen once released: it says what it says whatever `tolqyn.ledger.schema` becomes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = ("contents", "documents", "claims", "judgements", "vintages", "problems")


def upgrade() -> None:
    """Make the tables, then close them to everything but adding."""
    op.create_table(
        "contents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("zlib", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("id > 0", name="contents_id"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content_id", sa.Integer, sa.ForeignKey("contents.id"), nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("publisher", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("language", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("retold", sa.Boolean, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.CheckConstraint("id > 0", name="documents_id"),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("claim_id", sa.Text, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("start", sa.Integer),
        sa.Column("end", sa.Integer),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("counterpart", sa.Text),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("low", sa.Float(53)),
        sa.Column("high", sa.Float(53)),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("qualifier", sa.Text, nullable=False),
        sa.Column("window_start", sa.Date),
        sa.Column("window_end", sa.Date),
        sa.Column("speaker", sa.Text),
        sa.Column("organization", sa.Text),
        sa.Column("modality", sa.Text, nullable=False),
        sa.Column("said", sa.Date),
        sa.Column("published", sa.Date),
        sa.Column("publisher", sa.Text),
        sa.Column("source_url", sa.Text),
        sa.Column("confidence", sa.Float(53)),
        sa.Column("evidence", sa.Text),
        sa.CheckConstraint("id > 0", name="claims_id"),
    )
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_id", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("corrected_id", sa.Text),
        sa.Column("corrected", sa.Text),
        sa.CheckConstraint("id > 0", name="judgements_id"),
        sa.CheckConstraint("verdict IN ('accept', 'correct', 'reject')", name="judgements_verdict"),
        sa.CheckConstraint("(verdict = 'correct') = (corrected IS NOT NULL)", name="judgements_corrected"),
    )
    op.create_table(
        "vintages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("parquet", sa.LargeBinary),
        sa.CheckConstraint("id > 0", name="vintages_id"),
    )
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("documents.id")),
        sa.Column("where", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("hint", sa.Text),
        sa.CheckConstraint("id > 0", name="problems_id"),
    )
    for table, column in (
        ("contents", "sha256"),
        ("documents", "doc"),
        ("claims", "document_id"),
        ("claims", "claim_id"),
        ("judgements", "claim_id"),
        ("judgements", "corrected_id"),
        ("problems", "doc"),
    ):
        op.create_index(f"{table}_{column}", table, [column])
    close = _close_postgresql if op.get_bind().dialect.name == "postgresql" else _close_sqlite
    for table in TABLES:
        close(table)


def _close_sqlite(table: str) -> None:
    """Refuse to change or remove a row.

    REPLACE removes the old row without firing a DELETE trigger, unless a connection asks for it; so
    adding under an id that is there is refused as well. No other column of these tables is unique,
    so there is no other way to replace.
    """
    refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger only takes additions'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 - the names are ours
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _close_postgresql(table: str) -> None:
    """Refuse to change, remove or truncate.

    At statement level, because TRUNCATE and an upsert that finds nothing fire no row trigger; ALWAYS,
    because a session may declare itself a replica, for which ordinary triggers sleep.
    """
    op.execute(
        "CREATE OR REPLACE FUNCTION tolqyn_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger only takes additions'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION tolqyn_refuse()"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")
