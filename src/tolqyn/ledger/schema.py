"""The tables of a ledger, one schema for SQLite and PostgreSQL.

What stands here is what the latest migration leaves; a test compares the two. Rows are only ever
added. `id` rises in the order in which rows were recorded, and so does `recorded_at`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

__all__ = ["Moment", "claims", "contents", "documents", "judgements", "metadata", "problems", "vintages"]


class Moment(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond. SQLite has no zones, so it is given UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

contents = Table(
    "contents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("zlib", LargeBinary, nullable=False),
    CheckConstraint("id > 0", name="contents_id"),
    Index("contents_sha256", "sha256"),
)
"""Bytes as they were seen, once each, compressed."""

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recorded_at", Moment, nullable=False),
    Column("doc", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content_id", Integer, ForeignKey("contents.id"), nullable=False),
    Column("engine", Text, nullable=False),
    Column("title", Text),
    Column("publisher", Text),
    Column("published", Date),
    Column("language", Text),
    Column("url", Text),
    Column("retold", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    CheckConstraint("id > 0", name="documents_id"),
    Index("documents_doc", "doc"),
)
"""Versions of documents; the one recorded last under a name is read, or none if it is `withdrawn`."""

claims = Table(
    "claims",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recorded_at", Moment, nullable=False),
    Column("document_id", Integer, ForeignKey("documents.id"), nullable=False),
    Column("claim_id", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("doc", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Column("measure", Text, nullable=False),
    Column("kind", Text),
    Column("place", Text, nullable=False),
    Column("counterpart", Text),
    Column("group", Text, nullable=False),
    Column("value", Float(53)),
    Column("low", Float(53)),
    Column("high", Float(53)),
    Column("unit", Text, nullable=False),
    Column("qualifier", Text, nullable=False),
    Column("window_start", Date),
    Column("window_end", Date),
    Column("speaker", Text),
    Column("organization", Text),
    Column("modality", Text, nullable=False),
    Column("said", Date),
    Column("published", Date),
    Column("publisher", Text),
    Column("source_url", Text),
    Column("confidence", Float(53)),
    Column("evidence", Text),
    CheckConstraint("id > 0", name="claims_id"),
    Index("claims_document_id", "document_id"),
    Index("claims_claim_id", "claim_id"),
)
"""What the documents say. `claim_id` names a claim by what it says and where; `evidence` is JSON."""

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recorded_at", Moment, nullable=False),
    Column("claim_id", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("corrected_id", Text),
    Column("corrected", Text),
    CheckConstraint("id > 0", name="judgements_id"),
    CheckConstraint("verdict IN ('accept', 'correct', 'reject')", name="judgements_verdict"),
    CheckConstraint("(verdict = 'correct') = (corrected IS NOT NULL)", name="judgements_corrected"),
    Index("judgements_claim_id", "claim_id"),
    Index("judgements_corrected_id", "corrected_id"),
)
"""What persons said of claims. `corrected` is the right claim as JSON, `corrected_id` its name."""

vintages = Table(
    "vintages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recorded_at", Moment, nullable=False),
    Column("as_of", Date),
    Column("seed", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("parquet", LargeBinary),
    CheckConstraint("id > 0", name="vintages_id"),
)
"""Estimates as they were made. `summary` is JSON."""

problems = Table(
    "problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recorded_at", Moment, nullable=False),
    Column("doc", Text, nullable=False),
    Column("document_id", Integer, ForeignKey("documents.id")),
    Column("where", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("hint", Text),
    CheckConstraint("id > 0", name="problems_id"),
    Index("problems_doc", "doc"),
)
"""What was set aside; `document_id` is null where the document itself could not be read."""
