"""What a file is, by its name, else by how it begins. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from tolqyn.errors import ReadError
from tolqyn.read.limits import FILE_BYTES, WEBPAGE_BYTES
from tolqyn.read.names import shown, suffix_of

__all__ = ["Kind", "kind_of", "most_bytes"]


class Kind(StrEnum):
    """The files that are read."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    WEBPAGE = "HTML"
    PDF = "PDF"
    FEED = "feed"
    CSV = "CSV"
    XLSX = "XLSX"
    PARQUET = "Parquet"

    @property
    def is_table(self) -> bool:
        """Whether it holds rows (else a text, or items)."""
        return self in {Kind.CSV, Kind.XLSX, Kind.PARQUET}

    @property
    def suffix(self) -> str:
        """The ending that a file of this kind is kept with."""
        return next(suffix for suffix, kind in _BY_SUFFIX.items() if kind is self)


_BY_SUFFIX = {
    ".txt": Kind.TEXT, ".text": Kind.TEXT, ".md": Kind.MARKDOWN, ".markdown": Kind.MARKDOWN,
    ".html": Kind.WEBPAGE, ".htm": Kind.WEBPAGE, ".xhtml": Kind.WEBPAGE, ".pdf": Kind.PDF,
    ".xml": Kind.FEED, ".rss": Kind.FEED, ".atom": Kind.FEED, ".rdf": Kind.FEED,
    ".csv": Kind.CSV, ".tsv": Kind.CSV, ".xlsx": Kind.XLSX, ".parquet": Kind.PARQUET,
}  # fmt: skip
_BY_CONTENT_TYPE = {
    "text/html": Kind.WEBPAGE, "application/xhtml+xml": Kind.WEBPAGE, "text/markdown": Kind.MARKDOWN,
    "application/pdf": Kind.PDF, "application/rss+xml": Kind.FEED, "application/atom+xml": Kind.FEED,
    "application/xml": Kind.FEED, "text/xml": Kind.FEED, "application/rdf+xml": Kind.FEED,
    "text/csv": Kind.CSV, "application/vnd.apache.parquet": Kind.PARQUET,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Kind.XLSX,
}  # fmt: skip
_SMALL = frozenset({Kind.TEXT, Kind.MARKDOWN, Kind.WEBPAGE, Kind.FEED})
_SIGNATURES = (
    (b"%PDF-", "a PDF", Kind.PDF),
    (b"PAR1", "a Parquet file", Kind.PARQUET),
    (b"PK\x03\x04", "a ZIP or an office file", Kind.XLSX),
    (b"\xd0\xcf\x11\xe0", "an office file of the older kind", None),
    (b"\x1f\x8b", "a gzip archive", None),
    (b"\x89PNG", "a picture", None),
    (b"\xff\xd8\xff", "a picture", None),
    (b"GIF8", "a picture", None),
    (b"\x7fELF", "a program", None),
    (b"MZ\x90", "a program", None),
)
_HINTS = {
    ".xls": "save it as .xlsx or .csv", ".ods": "save it as .xlsx or .csv", ".doc": "save it as .pdf or .txt",
    ".docx": "save it as .pdf or .txt", ".odt": "save it as .pdf or .txt", ".rtf": "save it as .pdf or .txt",
    ".zip": "unpack it first", ".gz": "unpack it first",
}  # fmt: skip


def most_bytes(name: str) -> int:
    """The size up to which a file of that name is opened."""
    return WEBPAGE_BYTES if _BY_SUFFIX.get(suffix_of(name)) in _SMALL else FILE_BYTES


def kind_of(name: str, content: bytes, content_type: str | None = None) -> Kind:
    """What the file is.

    The content type of a server decides, then the ending of the name, then the first bytes. A PDF,
    Parquet or ZIP file under another's name is refused, not taken for what it seems: somebody is
    mistaken. (Servers are mistaken daily, so against their word the bytes win.)

    Raises:
        ReadError: a kind that is not read, or content that belies the name.
    """
    where = shown(name)
    begins = next(((what, kind) for sign, what, kind in _SIGNATURES if content.startswith(sign)), None)
    suffix = suffix_of(name)
    media = (content_type or "").partition(";")[0].strip().lower()
    named = _BY_SUFFIX.get(suffix)
    kind = _BY_CONTENT_TYPE.get(media) or named
    if kind is None and suffix in _HINTS:
        raise ReadError(f"{suffix} files are not read", where, _HINTS[suffix])
    if begins is not None and begins[1] is not kind:
        what, real = begins
        if real is not None and (kind is None or media):
            return real
        ending = {Kind.PDF: ".pdf", Kind.PARQUET: ".parquet", Kind.XLSX: ".xlsx"}
        hint = f"if it is, name it {ending[real]}" if real else "it is none of the kinds that are read"
        raise ReadError(f"the file begins as {what}, not as {kind or 'text'}", where, hint)
    if kind is not None:
        return kind
    if (
        media
        and not media.startswith("text/")
        and media not in {"application/octet-stream", "application/json"}
    ):
        raise ReadError(
            f"content of type {media[:80]} is not read",
            where,
            "give the address of the article or table itself",
        )
    if suffix and not media and suffix not in {".log", ".asc"} and name != "-":
        known = " ".join(sorted(_BY_SUFFIX))
        raise ReadError(
            f"files ending in {shown(suffix)} are not read", where, f"the endings read are {known}"
        )
    return _by_beginning(content)


def _by_beginning(content: bytes) -> Kind:
    """HTML, a feed, a table or plain text, by the first characters."""
    head = (
        content[:2048].replace(b"\x00", b"").decode("ascii", "replace").lstrip("\ufffd\ufeff \t\r\n").lower()
    )
    if re.match(r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(rss|feed|rdf:rdf)\b", head, re.DOTALL):
        return Kind.FEED
    if re.match(r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", head, re.DOTALL):
        return Kind.WEBPAGE
    cells = {cell.strip(' "') for cell in re.split(r"[,;\t]", head.partition("\n")[0].strip())}
    if cells >= {"place", "group"} and cells & {"measure", "date"}:
        return Kind.CSV
    return Kind.TEXT
