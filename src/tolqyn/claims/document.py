"""A text that claims can be found in, with what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Document"]


@dataclass(frozen=True, slots=True)
class Document:
    """One article or statement, as text.

    Offsets of claims count code points of `text`, so the text is kept as it was read.

    Attributes:
        doc: short name, unique in a wave; the stem of its file.
        text: what was read; a title that stands above the text is part of it.
        title: the headline, where it is known apart from the text.
        publisher: who carried it. published: the day it appeared.
        language: ISO 639-1 code; None where it is to be found out from the text.
        url: where it was read.
        retold: whether the words are ours and not the publisher's.
    """

    doc: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    retold: bool = False
