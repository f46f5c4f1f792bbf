"""The ledger: documents, claims, judgements and vintages, added and never changed.

Touches the disk or a database server, and the clock. Each write is one transaction; each read sees
one moment. The laws that hold: docs/concepts/ledger.md.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, ScalarSelect, Select, Table, func, insert, or_, select

from tolqyn.claims import (
    Claim,
    Document,
    Measure,
    Modality,
    Qualifier,
    Statement,
    claim_from_record,
    claim_to_record,
)
from tolqyn.errors import LedgerError, Problem, UsageError
from tolqyn.ledger import schema
from tolqyn.ledger.connect import connect, reading, writing
from tolqyn.ledger.echoes import group_echoes
from tolqyn.ledger.entries import Added, Judgement, Verdict, Vintage
from tolqyn.ledger.judged import apply_judgements
from tolqyn.ledger.migrate import SCHEMA, migrate, read_schema

__all__ = ["Ledger", "open_ledger"]


def open_ledger(
    url_or_path: str | Path, *, create: bool = True, now: Callable[[], datetime] | None = None
) -> Ledger:
    """The ledger at a path or address, brought to the present schema; made if it is not there.

    Args:
        url_or_path: path of an SQLite file, or postgresql://user@host/database.
        create: whether a missing ledger may be made.
        now: the clock that stamps what is recorded; UTC by default.

    Raises:
        LedgerError: not a ledger, a newer one than this version knows, damaged, out of reach, or
            missing while `create` is false.
    """
    engine, where = connect(url_or_path, create=create)
    try:
        _bring_up(engine, where, create=create)
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine, where, now or _utc_now)


def _bring_up(engine: Engine, where: str, *, create: bool) -> None:
    """Make the tables that are missing."""
    with reading(engine, where) as connection:
        found = read_schema(connection, where)
    if found is None and not create:
        raise LedgerError("no ledger is here", where, "add a document first")
    if found != SCHEMA:
        with writing(engine, where) as connection:
            migrate(connection, where)


class Ledger:
    """An open ledger; a context manager that closes it. Made by `open_ledger`.

    `recorded_by` on a read gives the ledger as it stood at that moment: what is added, replaced or
    judged later never shows. `as_of` gives what was said by the end of that day; what has no day
    is left out.
    """

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self.where = where

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Adding --------------------------------------------------------------------------------------

    def add_document(
        self,
        document: Document,
        content: bytes,
        claims: Sequence[Claim],
        *,
        engine: str,
        problems: Sequence[Problem] = (),
    ) -> Added:
        """Add a document with its claims, or nothing at all.

        What the ledger reads under that name already, with the same bytes, metadata and engine,
        changes nothing. Anything else under the name is a new version: the claims of the version
        before are read no more, save with an earlier `recorded_by`.

        Args:
            document: as read. Of a table, `text` is its text.
            content: the bytes as they were seen.
            claims: found in `document`, by their offsets or as rows.
            engine: what found the claims, with its version.
            problems: what was set aside.

        Raises:
            LedgerError: a claim of another document, or whose quote is not in the text at its
                offsets; a text that cannot be kept; a database that refuses.
        """
        _check_text(document)
        for claim in claims:
            _check_claim(claim, document)
        sha256 = hashlib.sha256(content).hexdigest()
        fields = {name: getattr(document, name) for name in _DOCUMENT_FIELDS}
        offered = {**fields, "sha256": sha256, "engine": engine}
        with writing(self._engine, self.where) as connection:
            before = connection.execute(_versions().where(schema.documents.c.doc == document.doc)).first()
            if before is not None and all(before._mapping[name] == offered[name] for name in offered):  # noqa: SLF001
                counts = (_count(connection, table, before.id) for table in (schema.claims, schema.problems))
                return Added(document.doc, False, False, *counts)
            stamp = {"recorded_at": self._tick(connection)}
            content_id = _keep_content(connection, content, sha256)
            row = {**offered, **stamp, "content_id": content_id, "withdrawn": False}
            document_id = _add(connection, schema.documents, row)
            shared = {**stamp, "document_id": document_id}
            if claims:
                rows = [{**_claim_row(claim), **shared, "engine": engine} for claim in claims]
                connection.execute(insert(schema.claims), rows)
            if problems:
                rows = [{**_problem_row(problem), **shared, "doc": document.doc} for problem in problems]
                connection.execute(insert(schema.problems), rows)
        return Added(document.doc, True, before is not None, len(claims), len(problems))

    def set_aside(self, doc: str, problems: Sequence[Problem]) -> None:
        """Record what kept a document out of the ledger altogether.

        It is listed by `problems` until a version of the document is added. The same again changes
        nothing.
        """
        with writing(self._engine, self.where) as connection:
            listed = {(row.doc, *_problem(row)[1:]) for row in _open_problems(connection, None)}
            fresh = [p for p in problems if (doc, p.where, p.message, p.hint) not in listed]
            if fresh:
                stamp = {"recorded_at": self._tick(connection), "doc": doc, "document_id": None}
                connection.execute(insert(schema.problems), [{**_problem_row(p), **stamp} for p in fresh])

    def withdraw(self, doc: str) -> bool:
        """Read a document no more, because its file is gone; False if it was not read.

        It stays for an earlier `recorded_by`, and comes back when it is added again.
        """
        with writing(self._engine, self.where) as connection:
            table = schema.documents
            read = connection.execute(_versions().where(table.c.doc == doc)).first()
            if read is None and doc not in {row.doc for row in _open_problems(connection, None)}:
                return False
            nothing = hashlib.sha256(b"").hexdigest()
            row = dict.fromkeys(_DOCUMENT_FIELDS) | {"doc": doc, "text": "", "retold": False}
            row |= {"engine": "", "sha256": nothing, "withdrawn": True, "recorded_at": self._tick(connection)}
            _add(connection, table, row | {"content_id": _keep_content(connection, b"", nothing)})
        return True

    def judge(
        self, claim_id: str, verdict: Verdict, *, who: str, why: str, corrected: Claim | None = None
    ) -> Judgement:
        """Record a person's word on a claim. The last word holds, and every word is kept.

        Args:
            claim_id: of a claim as extracted, or as corrected before.
            verdict: accept lets the named claim stand; reject leaves it out; correct puts
                `corrected` in its place.
            who: the person.
            why: the reason, for those who come after.
            corrected: the right claim, of the same document; with "correct" only.

        Raises:
            LedgerError: no such claim, or a corrected claim that is not of its document.
            UsageError: a verdict that is none, or does not go with `corrected`; nobody named.
        """
        if verdict not in {"accept", "correct", "reject"}:
            raise UsageError(f"the verdict is {verdict!r}", hint="one of: accept, correct, reject")
        if (verdict == "correct") != (corrected is not None):
            raise UsageError(
                f"the verdict is {verdict}", hint="a corrected claim goes with correct, and only so"
            )
        if not who.strip():
            raise UsageError("a judgement needs to say whose it is", hint="name the person")
        with writing(self._engine, self.where) as connection:
            document = self._document_of(connection, claim_id)
            if corrected is not None:
                _check_claim(corrected, document)
            judgement = Judgement(claim_id, verdict, who, why, self._tick(connection), corrected)
            row = {
                "claim_id": claim_id,
                "verdict": verdict,
                "who": who,
                "why": why,
                "corrected_id": corrected.id if corrected else None,
                "corrected": _to_json(claim_to_record(corrected)) if corrected else None,
                "recorded_at": judgement.recorded_at,
            }
            _add(connection, schema.judgements, row)
        return judgement

    def add_vintage(
        self,
        *,
        as_of: date | None,
        seed: int,
        method: str,
        summary: Mapping[str, Any],
        parquet: bytes | None = None,
    ) -> Vintage:
        """Record an estimate. The very same as the last one of its as-of day changes nothing.

        Args:
            as_of: the day up to which statements were used; None means all.
            seed: what the draws were made from.
            method: name and version of the method.
            summary: plain values that JSON can keep.
            parquet: the table or the draws, as a Parquet file.
        """
        table, kept = schema.vintages, _to_json(summary)
        row = {"as_of": as_of, "seed": seed, "method": method, "summary": kept, "parquet": parquet}
        with writing(self._engine, self.where) as connection:
            same_day = table.c.as_of.is_(None) if as_of is None else table.c.as_of == as_of
            last = connection.execute(
                select(table).where(same_day).order_by(table.c.id.desc()).limit(1)
            ).first()
            if last is not None and all(last._mapping[name] == row[name] for name in row):  # noqa: SLF001
                return _vintage(last)
            stamp = self._tick(connection)
            number = _add(connection, table, {**row, "recorded_at": stamp})
        return Vintage(number, as_of, seed, method, stamp, json.loads(kept))

    # Reading -------------------------------------------------------------------------------------

    def claims(
        self,
        *,
        as_of: date | None = None,
        recorded_by: datetime | None = None,
        include_rejected: bool = False,
    ) -> list[Claim]:
        """Claims as judged: corrected ones in the place of those they correct, rejected ones left out.

        Args:
            as_of: only what was known by this day: said, else published. Claims without either day
                are left out then.
            recorded_by: as the ledger stood at this moment.
            include_rejected: give the rejected ones too.
        """
        with reading(self._engine, self.where) as connection:
            current = _versions(recorded_by).subquery()
            table = schema.claims
            columns = (table.c.claim_id, *(table.c[name] for name in _CLAIM_FIELDS))
            query = select(*columns).join(current, current.c.id == table.c.document_id)
            rows = connection.execute(query.order_by(table.c.id)).all()
            words = _judgements(connection, recorded_by)
        judged = apply_judgements([(name, _claim(fields)) for name, *fields in rows], words)
        return [
            stands.claim
            for stands in judged
            if (include_rejected or not stands.rejected) and _known_by(stands.claim.known, as_of)
        ]

    def statements(
        self,
        *,
        as_of: date | None = None,
        recorded_by: datetime | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> list[Statement]:
        """The claims, those that repeat one statement put together; see `group_echoes`."""
        return list(group_echoes(self.claims(as_of=as_of, recorded_by=recorded_by), aliases=aliases))

    def documents(self, *, as_of: date | None = None, recorded_by: datetime | None = None) -> list[Document]:
        """Documents, in the order in which they were recorded.

        With `as_of` those published by that day; one without a day of its own, as a table, if some
        claim in it was known by then.
        """
        table = schema.claims
        with reading(self._engine, self.where) as connection:
            current = _versions(recorded_by)
            if as_of is not None:
                known = func.coalesce(table.c.said, table.c.published) <= as_of
                early = select(table.c.id).where(table.c.document_id == schema.documents.c.id, known).exists()
                dated = schema.documents.c.published <= as_of
                current = current.where(or_(dated, schema.documents.c.published.is_(None) & early))
            rows = connection.execute(current.order_by(schema.documents.c.id)).all()
        return [_document(row) for row in rows]

    def document(self, doc: str, *, recorded_by: datetime | None = None) -> Document:
        """The document of that name.

        Raises:
            LedgerError: there is none.
        """
        with reading(self._engine, self.where) as connection:
            return _document(self._version(connection, doc, recorded_by))

    def content(self, doc: str, *, recorded_by: datetime | None = None) -> bytes:
        """The bytes of a document as they were seen.

        Raises:
            LedgerError: no such document, or the bytes are not what they were.
        """
        with reading(self._engine, self.where) as connection:
            version = self._version(connection, doc, recorded_by)
            kept = connection.execute(
                select(schema.contents.c.zlib).where(schema.contents.c.id == version.content_id)
            ).scalar()
        try:
            content = zlib.decompress(kept or b"")
        except zlib.error:
            content = None
        if content is None or hashlib.sha256(content).hexdigest() != version.sha256:
            raise LedgerError(
                f"the bytes kept of {doc} are damaged", self.where, "restore a copy of the ledger"
            )
        return content

    def problems(self, *, recorded_by: datetime | None = None) -> list[Problem]:
        """What was set aside of the documents as they are read now, and the documents that were kept out."""
        with reading(self._engine, self.where) as connection:
            return [Problem(*_problem(row)[1:]) for row in _open_problems(connection, recorded_by)]

    def judgements(self, *, recorded_by: datetime | None = None) -> list[Judgement]:
        """Every word on every claim, in the order in which they were recorded."""
        with reading(self._engine, self.where) as connection:
            return _judgements(connection, recorded_by)

    def vintages(self, *, recorded_by: datetime | None = None) -> list[Vintage]:
        """Estimates as they were made, in that order, without their tables."""
        table = schema.vintages
        columns = [column for column in table.c if column is not table.c.parquet]
        with reading(self._engine, self.where) as connection:
            query = _by(select(*columns).order_by(table.c.id), table, recorded_by)
            return [_vintage(row) for row in connection.execute(query)]

    def vintage_parquet(self, vintage_id: int) -> bytes | None:
        """The Parquet file kept with an estimate; None if none was.

        Raises:
            LedgerError: no such estimate.
        """
        table = schema.vintages
        with reading(self._engine, self.where) as connection:
            row = connection.execute(select(table.c.parquet).where(table.c.id == vintage_id)).first()
        if row is None:
            raise LedgerError(f"no estimate {vintage_id} is in the ledger", self.where)
        kept: bytes | None = row.parquet
        return kept

    # Inside --------------------------------------------------------------------------------------

    def _tick(self, connection: Connection) -> datetime:
        """The moment to stamp: the clock's, but always later than every stamp before.

        So a clock that is set back cannot slip a row into a past that was read already.
        """
        now = self._now()
        if now.tzinfo is None:
            raise UsageError(f"the clock gave {now}, without a time zone", hint="datetime.now(UTC)")
        tables = (schema.documents, schema.judgements, schema.vintages, schema.problems)
        last = connection.execute(select(*(_last_stamp(table) for table in tables))).one()
        stamps: list[datetime] = [stamp for stamp in last if stamp is not None]
        return max([now, *(stamp + timedelta(microseconds=1) for stamp in stamps)])

    def _version(self, connection: Connection, doc: str, recorded_by: datetime | None) -> Row[Any]:
        """The version of a document that is read."""
        row = connection.execute(_versions(recorded_by).where(schema.documents.c.doc == doc)).first()
        if row is None:
            raise LedgerError(f"no document {doc!r} is in the ledger", self.where)
        return row

    def _document_of(self, connection: Connection, claim_id: str) -> Document:
        """The latest version of a document that a claim, as extracted or as corrected, stands in."""
        claims, judgements, documents = schema.claims, schema.judgements, schema.documents
        root, seen = claim_id, {claim_id}
        while True:
            query = select(documents).join(claims, claims.c.document_id == documents.c.id)
            query = query.where(claims.c.claim_id == root).order_by(documents.c.id.desc()).limit(1)
            row = connection.execute(query).first()
            if row is not None:
                return _document(row)
            corrects = select(judgements.c.claim_id).where(judgements.c.corrected_id == root)
            root = connection.execute(corrects.order_by(judgements.c.id).limit(1)).scalar() or ""
            if not root or root in seen:
                raise LedgerError(f"no claim {claim_id!r} is in the ledger", self.where)
            seen.add(root)


# Rows and values ---------------------------------------------------------------------------------

_DOCUMENT_FIELDS = ("doc", "text", "title", "publisher", "published", "language", "url", "retold")
_CLAIM_FIELDS = tuple(
    column.name
    for column in schema.claims.c
    if column.name not in {"id", "recorded_at", "document_id", "claim_id", "engine"}
)
_READERS: dict[str, Callable[[str], Any]] = {
    "measure": Measure,
    "qualifier": Qualifier,
    "modality": Modality,
    "evidence": lambda kept: tuple(json.loads(kept).items()),
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _claim_row(claim: Claim) -> dict[str, Any]:
    row = {name: getattr(claim, name) for name in _CLAIM_FIELDS}
    # Plain text, not members of an enumeration; and JSON.
    words = {name: str(row[name]) for name in ("measure", "qualifier", "modality")}
    return {
        **row,
        **words,
        "evidence": _to_json(dict(claim.evidence)) if claim.evidence else None,
        "claim_id": claim.id,
    }


def _claim(row: Sequence[Any]) -> Claim:
    """The claim of a row with the columns of `_CLAIM_FIELDS`."""
    values = dict(zip(_CLAIM_FIELDS, row, strict=True))
    for name, read in _READERS.items():
        values[name] = read(values[name]) if values[name] is not None else ()
    return Claim(**values)


def _document(row: Row[Any]) -> Document:
    return Document(**{name: row._mapping[name] for name in _DOCUMENT_FIELDS})  # noqa: SLF001


def _problem_row(problem: Problem) -> dict[str, Any]:
    return {"where": problem.where, "message": problem.message, "hint": problem.hint}


def _problem(row: Row[Any]) -> tuple[int, str, str, str | None]:
    return row.id, row.where, row.message, row.hint


def _vintage(row: Row[Any]) -> Vintage:
    return Vintage(row.id, row.as_of, row.seed, row.method, row.recorded_at, json.loads(row.summary))


def _judgements(connection: Connection, recorded_by: datetime | None) -> list[Judgement]:
    table = schema.judgements
    rows = connection.execute(_by(select(table).order_by(table.c.id), table, recorded_by)).all()
    return [
        Judgement(
            row.claim_id,
            row.verdict,
            row.who,
            row.why,
            row.recorded_at,
            claim_from_record(json.loads(row.corrected)) if row.corrected else None,
        )
        for row in rows
    ]


def _open_problems(connection: Connection, recorded_by: datetime | None) -> Sequence[Row[Any]]:
    """Problems of versions that are read, and of documents kept out since their last version, if any."""
    problems = schema.problems
    current = _last_versions(recorded_by).subquery()
    query = select(problems).outerjoin(current, current.c.doc == problems.c.doc)
    kept_out = problems.c.document_id.is_(None) & or_(
        current.c.id.is_(None), current.c.recorded_at < problems.c.recorded_at
    )
    query = query.where(or_(problems.c.document_id == current.c.id, kept_out)).order_by(problems.c.id)
    return connection.execute(_by(query, problems, recorded_by)).all()


def _versions(recorded_by: datetime | None = None) -> Select[Any]:
    """The versions of documents that are read."""
    return _last_versions(recorded_by).where(schema.documents.c.withdrawn.is_(False))


def _last_versions(recorded_by: datetime | None) -> Select[Any]:
    """Under each name the version recorded last."""
    table = schema.documents
    last = _by(select(func.max(table.c.id)).group_by(table.c.doc), table, recorded_by)
    return select(table).where(table.c.id.in_(last))


def _by(query: Select[Any], table: Table, recorded_by: datetime | None) -> Select[Any]:
    """Only what was recorded by a moment."""
    if recorded_by is None:
        return query
    if recorded_by.tzinfo is None:
        raise UsageError(f"recorded_by is {recorded_by}, without a time zone", hint="say which: ...+00:00")
    return query.where(table.c.recorded_at <= recorded_by)


def _known_by(known: date | None, as_of: date | None) -> bool:
    return as_of is None or (known is not None and known <= as_of)


def _last_stamp(table: Table) -> ScalarSelect[datetime]:
    return select(table.c.recorded_at).order_by(table.c.id.desc()).limit(1).scalar_subquery()


def _count(connection: Connection, table: Table, document_id: int) -> int:
    query = select(func.count()).select_from(table).where(table.c.document_id == document_id)
    number: int = connection.execute(query).scalar_one()
    return number


def _add(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    """Add a row; its id."""
    added = connection.execute(insert(table).values(row)).inserted_primary_key
    assert added is not None
    number: int = added[0]
    return number


def _keep_content(connection: Connection, content: bytes, sha256: str) -> int:
    """Keep the bytes unless they are kept; their id."""
    table = schema.contents
    kept: int | None = connection.execute(
        select(table.c.id).where(table.c.sha256 == sha256).limit(1)
    ).scalar()
    if kept is not None:
        return kept
    return _add(connection, table, {"sha256": sha256, "size": len(content), "zlib": zlib.compress(content)})


def _to_json(value: Mapping[str, Any]) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise UsageError(f"cannot be kept as JSON: {error}", hint="plain values only") from None


# Checks ------------------------------------------------------------------------------------------


def _check_text(document: Document) -> None:
    """Both databases must be able to keep the text to the letter."""
    for name in _DOCUMENT_FIELDS:
        value = getattr(document, name)
        if isinstance(value, str):
            _check_letters(value, f"{document.doc}, {name}")


def _check_letters(text: str, where: str) -> None:
    at = text.find("\x00")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        at = error.start
    if at >= 0:
        raise LedgerError(
            f"character U+{ord(text[at]):04X} at {at} cannot be kept", where, "decode the bytes another way"
        )


def _check_claim(claim: Claim, document: Document) -> None:
    """A claim is of its document, and its quote stands where it says."""
    if claim.doc != document.doc:
        raise LedgerError(f"a claim of {claim.doc}, offered with {document.doc}", claim.where)
    if claim.start is not None and document.text[claim.start : claim.end] != claim.quote:
        found = document.text[claim.start : claim.end]
        raise LedgerError(
            f"the quote is {claim.quote!r}, but the text has {found!r}",
            claim.where,
            "extract the claims again",
        )
    for name in _CLAIM_FIELDS:
        value = getattr(claim, name)
        if isinstance(value, str):
            _check_letters(value, f"{claim.where}, {name}")
