"""Markdown as the text that its reader sees: one block, bullet or table row a line.

Runs in the child process of sandbox.py: a second of work for some thirty thousand brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tolqyn.read.plain import header_end, parse_text

__all__ = ["markdown_text", "parse_markdown"]


def parse_markdown(
    content: bytes, where: str, *, charset: str | None = None, language: str | None = None
) -> dict[str, Any]:
    """Text without markup, and what its header and first heading tell; as plain.parse_text else.

    Raises:
        ReadError: not text.
    """
    found = parse_text(content, where, charset=charset, language=language)
    text, heading = markdown_text(found["text"][header_end(found["text"]) :])
    return {"title": heading, **found, "text": text}


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
