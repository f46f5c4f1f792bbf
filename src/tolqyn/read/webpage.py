"""A page as the reader of the article sees it: the article's text and what the page says of it.

Runs in the child process of sandbox.py. Navigation, banners, comments and what is hidden go;
headings, paragraphs, bullets and table rows stay, one a line.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.settings import DEFAULT_CONFIG

from tolqyn.errors import ReadError
from tolqyn.read.encoding import decode, refuse_controls
from tolqyn.read.limits import TEXT_CHARACTERS
from tolqyn.read.metadata import page_metadata

__all__ = ["fragment_text", "parse_webpage"]

_CONFIG = copy.deepcopy(DEFAULT_CONFIG)
# Short pages are the rule for statements of ministries; without this they fall to a cruder method.
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"
_CONFIG["DEFAULT"]["MIN_OUTPUT_SIZE"] = "1"

_NEVER_READ = (
    "nav", "script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "canvas",
    "audio", "video", "select", "textarea",
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_TABLE_RULE = re.compile(r"^\|(\s*-+\s*\|)+\s*$\n?", re.MULTILINE)
_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
_LANG = re.compile(rb"<html[^>]{0,1000}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})", re.IGNORECASE)


def parse_webpage(
    content: bytes, where: str, *, charset: str | None = None, language: str | None = None
) -> dict[str, Any]:
    """Text and metadata of a page.

    Args:
        content: the page.
        where: the file, for messages.
        charset: what the server or a person says the encoding is; else the page's own word.
        language: ISO 639-1, where it is known.

    Returns:
        text, title, publisher, published, language, url (None where the page does not tell), and
        notes: a list of [message, hint].

    Raises:
        ReadError: not text, or no text in it.
    """
    head = content[:4096]
    said = _CHARSET.search(head) or _XML_ENCODING.match(head)
    lang = _LANG.search(head)
    decoded = decode(
        content,
        where,
        declared=charset or (said.group(1).decode("ascii") if said else None),
        language=language or (lang.group(1).decode("ascii").lower() if lang else None),
    )
    refuse_controls(decoded.text, where)
    tree, notes = _tree(decoded.text, where)
    found = page_metadata(tree)
    _drop_hidden(tree)
    text = _article(tree) or fragment_of(tree)
    if not text:
        raise ReadError(
            "no text is left of the page",
            where,
            "it may be made by a script: save it from a browser, or as PDF",
        )
    # The headline makes claims too, and many pages keep it outside the article.
    title, first = found["title"], text.partition("\n")[0]
    if title and title not in text[: len(title) + 200] and not title.startswith(first):
        text = f"{title}\n\n{text}"
    if decoded.guessed:
        notes.append(
            [f"the encoding is a guess: {decoded.encoding}", "save the file as UTF-8 if letters are wrong"]
        )
    return {**found, "text": text[:TEXT_CHARACTERS], "notes": notes}


def fragment_text(markup: str, where: str) -> str:
    """The text of a piece of HTML, as of a feed's item; "" where there is none."""
    if not markup.strip():
        return ""
    tree, _ = _tree(markup, where)
    _drop_hidden(tree)
    return fragment_of(tree)


def _tree(text: str, where: str) -> tuple[Any, list[list[str]]]:
    """The page as a tree, with a note where the parser gave up on a part of it."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ReadError(f"not HTML ({str(error)[:120]})", where, "is it another kind of file?") from None
    fatal = [entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]
    notes = [
        [f"the page is cut at line {entry.line}: {entry.message.strip()[:120]}", "what follows is not read"]
        for entry in fatal[:1]
    ]
    return tree, notes


def _drop_hidden(tree: Any) -> None:
    """Take away what a reader of the article does not see, or passes over."""
    hidden = [
        node
        for node in tree.iter()
        if node.tag in _NEVER_READ
        or node.get("role") == "navigation"
        or "hidden" in node.attrib
        or _HIDDEN.search(node.get("style", ""))
    ]
    for node in hidden:
        if node.getparent() is not None and node.tag not in {"html", "body"}:
            node.drop_tree()


def _article(tree: Any) -> str:
    """The body of the article, "" where none stands out."""
    found = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        fast=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        with_metadata=False,
        deduplicate=False,
        config=_CONFIG,
    )
    assert not isinstance(found, dict)
    text = (found.text or "") if found is not None else ""
    lines = (line.strip() for line in _TABLE_RULE.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def fragment_of(tree: Any) -> str:
    """All text of a tree, one block a line."""
    lines = " ".join(_pieces(tree)).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _pieces(tree: Any) -> Iterator[str]:
    """Text in document order, with a newline at each block's start and end."""
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(node.tag, str) or node.tag in {"head", "title"}:
            continue
        if event == "start":
            if node.tag in _BLOCKS:
                yield "\n- " if node.tag == "li" else "\n"
            if node.text and (node.getparent() is None or node.getparent().tag != "head"):
                yield node.text.replace("\n", " ")
        else:
            if node.tag in _BLOCKS:
                yield "\n"
            if node.tail:
                yield node.tail.replace("\n", " ")
