"""Markdown as the text that its reader sees: one block, bullet or table row a line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["header_of", "markdown_text"]

_HEADER = re.compile(r"\A---[ \t]*\r?\n(.{0,4000}?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"^([A-Za-z_]{1,40})[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


def header_of(text: str) -> tuple[dict[str, str], int]:
    """The pairs of the small header between two lines of three dashes, and where the text after it begins."""
    found = _HEADER.match(text)
    if not found:
        return {}, 0
    pairs = {name.lower(): value.strip("\"'") for name, value in _PAIR.findall(found.group(1))}
    return pairs, found.end()


def markdown_text(source: str) -> tuple[str, str | None]:
    """The text without its markup, and its first heading (None without one).

    Addresses of links, pictures and raw HTML are left out; the words of a link stay.
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    lines = list(_lines(tokens))
    headings = [
        _inline(tokens[n + 1])
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h1"
    ]
    return "\n".join(lines), headings[0] if headings else None


def _lines(tokens: list[Token]) -> Iterator[str]:
    bullet = ""
    row: list[str] | None = None
    for token in tokens:
        if token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield f"| {' | '.join(row)} |"
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_inline(token))
        elif token.type == "inline":
            yield bullet + _inline(token)
            bullet = ""
        elif token.type in {"fence", "code_block"}:
            yield token.content.rstrip("\n")


def _inline(token: Token) -> str:
    """The words of a paragraph; its soft line breaks are spaces."""
    words = []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            words.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return "".join(words).strip()
