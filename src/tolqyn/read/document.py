"""One document: bytes and a name in, a text with what is known about it out.

Touches no files. HTML, Markdown and PDF are parsed in the child process of sandbox.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from tolqyn.claims import Document
from tolqyn.errors import Problem, ReadError
from tolqyn.read.kind import Kind, kind_of, most_bytes
from tolqyn.read.limits import FILE_BYTES, WEBPAGE_BYTES, check_size
from tolqyn.read.metadata import host_of, read_day
from tolqyn.read.names import shown, stem_of
from tolqyn.read.plain import parse_text
from tolqyn.read.sandbox import parse_apart

__all__ = ["GIVEN_FIELDS", "NOTHING", "Read", "charset_of", "make_document", "read_document"]

GIVEN_FIELDS: tuple[str, ...] = ("doc", "publisher", "published", "language", "url", "retold", "title")
"""What may be given about a document from outside: the columns of documents.csv."""

NOTHING: Mapping[str, str] = MappingProxyType({})
_YES = frozenset({"1", "true", "yes", "y", "x"})
_NO = frozenset({"", "0", "false", "no", "n"})


@dataclass(frozen=True, slots=True)
class Read:
    """A document with the bytes that it was read from.

    Attributes:
        document: the text and what is known about it.
        content: the bytes as seen, to be kept.
        problems: what was set aside (a bad date, a page of a PDF); the text itself stands.
    """

    document: Document
    content: bytes = field(repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def sha256(self) -> str:
        """64 hex digits that name the bytes as seen."""
        return hashlib.sha256(self.content).hexdigest()


def read_document(
    content: bytes,
    name: str,
    *,
    given: Mapping[str, str] = NOTHING,
    content_type: str | None = None,
) -> Read:
    """The document that the bytes of a file hold.

    The text of a .txt file is exactly what its bytes spell, newlines and a header included, so that
    offsets hold against the file. Of HTML it is the headline and the article, of Markdown the words
    without markup, of a PDF the lines of its pages.

    Args:
        content: the whole file.
        name: its name; the ending says what it is, the stem becomes `doc`.
        given: what is known from outside (GIVEN_FIELDS; others are ignored). It wins over what the
            file says of itself; "" is unknown.
        content_type: as a server gave it, with a charset where it told one.

    Raises:
        ReadError: not a document that can be read.
    """
    where = shown(name)
    check_size(len(content), where, most_bytes(name))
    kind = kind_of(name, content, content_type)
    if kind.is_table or kind is Kind.FEED:
        raise ReadError(
            f"a {kind} is not one document", where, "read it as a table or feed (read_bytes tells them apart)"
        )
    check_size(len(content), where, FILE_BYTES if kind is Kind.PDF else WEBPAGE_BYTES)
    charset, language = charset_of(content_type), given.get("language") or None
    if kind is Kind.PDF:
        found = parse_apart("pdf", content, where)
    elif kind is Kind.TEXT:
        found = parse_text(content, where, charset=charset, language=language)
    else:
        parser = "webpage" if kind is Kind.WEBPAGE else "markdown"
        found = parse_apart(parser, content, where, charset=charset, language=language)
    text, notes = found.pop("text"), found.pop("notes")
    if not text.strip():
        raise ReadError("the file holds no text", where)
    problems = [Problem(where, message, hint) for message, hint in notes]
    said = {key: value for key, value in given.items() if key in GIVEN_FIELDS and value and value.strip()}
    document = make_document(stem_of(name), text, {**found, **said}, where, problems)
    return Read(document, content, tuple(problems))


def make_document(
    doc: str, text: str, about: Mapping[str, str | None], where: str, problems: list[Problem]
) -> Document:
    """The document with what is known about it; what cannot be read of that is added to `problems`."""
    published = about.get("published")
    day = read_day(published)
    if published and day is None:
        problems.append(
            Problem(
                where, f"published is {published[:80]!r}, which is no date", "dates are written 2022-09-21"
            )
        )
    language = (about.get("language") or "").strip().lower().replace("_", "-").partition("-")[0]
    if language and not (language.isascii() and language.isalpha() and len(language) == 2):
        problems.append(
            Problem(where, f"language is {language[:80]!r}, which is no code", "as in: en, ru, kk")
        )
        language = ""
    retold = (about.get("retold") or "").strip().lower()
    if retold not in _YES | _NO:
        problems.append(Problem(where, f"retold is {retold[:80]!r}", "write true or false"))
    url = about.get("url")
    return Document(
        doc=shown(about.get("doc") or doc),
        text=text,
        title=about.get("title") or None,
        publisher=about.get("publisher") or host_of(url),
        published=date.fromisoformat(day) if day else None,
        language=language or None,
        url=url or None,
        retold=retold in _YES,
    )


def charset_of(content_type: str | None) -> str | None:
    """The charset of a content type, None where it names none."""
    for part in (content_type or "").split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None
