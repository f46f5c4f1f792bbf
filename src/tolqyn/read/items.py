"""The items of an RSS or Atom feed as plain values. Runs in the child process of sandbox.py."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import feedparser

from tolqyn.errors import ReadError
from tolqyn.read.encoding import decode, refuse_controls
from tolqyn.read.webpage import fragment_text

__all__ = ["parse_feed"]

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
# Declarations can only stand before the first element; an article inside may speak of them.
_PROLOG = re.compile(r"\A(?:[^<]|<(?![A-Za-z]))*")
_PLAIN_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*>", re.IGNORECASE)


def parse_feed(content: bytes, where: str, *, charset: str | None = None) -> dict[str, Any]:
    """The feed's title, language and items; of each its id, link, title, text, day and markup.

    Raises:
        ReadError: not a feed; one that declares entities, which a feed has no need of and a bomb has.
    """
    said = _ENCODING.match(content)
    text = decode(content, where, declared=charset or (said.group(1).decode("ascii") if said else None)).text
    refuse_controls(text, where)
    prolog = _PROLOG.match(text)
    assert prolog is not None
    opening = _PLAIN_DOCTYPE.sub("", _DECLARATION.sub("", prolog.group(), count=1), count=1)
    if "<!DOCTYPE" in opening.upper() or "<!ENTITY" in opening.upper():
        raise ReadError(
            "declares entities, which a feed has no need of and which may be made to swell",
            where,
            "remove the declaration",
        )
    feed = feedparser.parse(io.BytesIO((opening + text[prolog.end() :]).encode()))
    if not feed.version and not feed.entries:
        raise ReadError("neither RSS nor Atom", where, "give the address of the feed itself")
    notes = []
    if feed.bozo:
        notes.append(
            [
                f"the feed is not well formed ({str(feed.bozo_exception)[:120]})",
                "items after that point may be missing",
            ]
        )
    return {
        "title": feed.feed.get("title"),
        "language": feed.feed.get("language"),
        "items": [_item(entry, where) for entry in feed.entries],
        "notes": notes,
    }


def _item(entry: Any, where: str) -> dict[str, Any]:
    """One item; its text is the longest of what it carries."""
    parts = [part.get("value", "") for part in entry.get("content", [])]
    markup = max([*parts, entry.get("summary", "")], key=len)
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    return {
        "id": entry.get("id") or entry.get("link") or "",
        "link": entry.get("link"),
        "title": " ".join(fragment_text(entry.get("title", ""), where).split()),
        "text": fragment_text(markup, where),
        "markup": markup,
        "published": date(*stamp[:3]).isoformat() if stamp else None,
    }
