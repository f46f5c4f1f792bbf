"""What a report is made of, before it is a page: sections of blocks, in which figures are links.

Pure values. A renderer (HTML, PDF) knows every block below and nothing else, so both say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

__all__ = [
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "Column",
    "Dispute",
    "Entry",
    "Heading",
    "Paragraph",
    "Quote",
    "Report",
    "Section",
    "Span",
    "Table",
    "Text",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text.

    Attributes:
        text: as it is read; a renderer escapes it.
        to: what it opens: "#anchor" in this report, or a web address; None for plain words.
        strong: whether it carries the sentence.
    """

    text: str
    to: str | None = None
    strong: bool = False


Text = tuple[Span, ...]
Cell = Text


def plain(text: Text) -> str:
    """The words without their links."""
    return "".join(span.text for span in text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `role` is "body", "lead" or "note" (small print)."""

    kind: ClassVar[str] = "paragraph"
    text: Text
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section; `id` may be empty."""

    kind: ClassVar[str] = "heading"
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure: `value` is its middle, None where that says little, `interval` its 90 % range, `to` opens what it rests on."""

    label: str
    value: str | None
    interval: str
    note: str
    to: str


@dataclass(frozen=True, slots=True)
class Cards:
    """Key figures side by side."""

    kind: ClassVar[str] = "cards"
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name; `numeric` columns are set flush right; `share` weighs the width of the others on paper."""

    name: str
    numeric: bool = False
    share: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `folded` tables open on request where the medium can."""

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture in two widths, with the same facts as words and as a table.

    Attributes:
        id: anchor.
        title, subtitle: what is seen; in what unit and for whom.
        wide, narrow: SVG for a page and for a phone.
        description: for readers who do not see it.
        table: the figures behind it; None where the text around gives them.
        note: what a reader must know to read it rightly.
    """

    kind: ClassVar[str] = "chart"
    id: str
    title: str
    subtitle: str
    wide: str
    narrow: str
    description: str
    table: Table | None = None
    note: Text = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, cut to a bounded length; `to` opens the statement in the appendix."""

    text: str
    credit: str
    figure: str
    to: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A contradiction: what clashes, by how many persons, and what is left once it is explained.

    `remains` is the share of the clash that is left, 0 to 1, for the bar. `others` names the statements
    of the case that are not quoted.
    """

    kind: ClassVar[str] = "dispute"
    id: str
    title: str
    reason: str
    explanation: str
    before: str
    after: str
    remains: float
    quotes: tuple[Quote, ...]
    others: Text = ()
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement in the evidence appendix, or one estimated figure with what it rests on.

    Attributes:
        id: anchor; `label` is the number or letter in front of it.
        head: the figure and what it counts.
        quote: the sentence as printed, or "".
        facts: (name, text) pairs, in the order in which they are read.
    """

    kind: ClassVar[str] = "entry"
    id: str
    label: str
    head: Text
    quote: str
    language: str | None
    facts: tuple[tuple[str, Text], ...]


Block = Paragraph | Heading | Cards | Table | Chart | Dispute | Entry


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report; `appendix` parts are set smaller."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A situation report.

    Attributes:
        title: of the situation.
        headline: the finding, with its interval; each figure opens its evidence.
        stamp: (name, text) pairs under the title: as of, data until, made on.
        sections: in the order in which they are read.
        language: of the running text, ISO 639-1.
        made_on: the day printed as the day it was made; None prints none.
        method_version: which version of the method made the figures.
    """

    title: str
    headline: Text
    stamp: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    language: str
    made_on: date | None
    method_version: str
