"""Plain text with, perhaps, a small header that tells of it. Pure."""

from __future__ import annotations

import re
from typing import Any

from tolqyn.read.encoding import decode, refuse_controls

__all__ = ["HEADER_FIELDS", "header_end", "parse_text"]

HEADER_FIELDS = frozenset({"publisher", "published", "language", "url", "retold", "title"})
"""What a header between two lines of three dashes may tell; other pairs are passed over."""

_HEADER = re.compile(r"\A---[ \t]*\r?\n(.{0,4000}?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"^([A-Za-z_]{1,40})[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


def parse_text(
    content: bytes, where: str, *, charset: str | None = None, language: str | None = None
) -> dict[str, Any]:
    """The text exactly as the bytes spell it, header included; what the header tells; and notes.

    Args:
        content: the whole file.
        where: the file, for messages.
        charset: what the encoding is said to be.
        language: ISO 639-1, where it is known.

    Raises:
        ReadError: not text.
    """
    decoded = decode(content, where, declared=charset, language=language)
    refuse_controls(decoded.text, where)
    header = _HEADER.match(decoded.text)
    pairs = _PAIR.findall(header.group(1)) if header else []
    told = {name.lower(): value.strip("\"'") for name, value in pairs if name.lower() in HEADER_FIELDS}
    notes = []
    if decoded.guessed:
        notes.append(
            [f"the encoding is a guess: {decoded.encoding}", "save the file as UTF-8 if letters are wrong"]
        )
    return {**{name: value for name, value in told.items() if value}, "text": decoded.text, "notes": notes}


def header_end(text: str) -> int:
    """Where the text after the header begins; 0 without one."""
    header = _HEADER.match(text)
    return header.end() if header else 0
