"""RSS and Atom: each item a document of its own, and the links to the articles. Touches no files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tolqyn.errors import Problem, ReadError
from tolqyn.read.document import NOTHING, Read, charset_of, make_document
from tolqyn.read.limits import WEBPAGE_BYTES, check_size
from tolqyn.read.metadata import host_of
from tolqyn.read.names import shown, stem_of
from tolqyn.read.sandbox import parse_apart

__all__ = ["FeedRead", "read_feed"]


@dataclass(frozen=True, slots=True)
class FeedRead:
    """A feed with the bytes that it was read from.

    Attributes:
        reads: a document for each item with a text; the bytes of each are the item's markup.
        links: the addresses of the articles, in the order of the items, each once.
        problems: items that were set aside.
        content: the bytes as seen.
    """

    reads: tuple[Read, ...]
    links: tuple[str, ...]
    problems: tuple[Problem, ...]
    content: bytes = field(repr=False)


def read_feed(
    content: bytes, name: str, *, given: Mapping[str, str] = NOTHING, content_type: str | None = None
) -> FeedRead:
    """The items of an RSS or Atom feed.

    A feed mostly carries the first lines of its articles: `links` lead to the rest. The name of an
    item's document is made from the feed's and the item's own id, so that it stays the same when the
    feed is read again.

    Args:
        content: the whole feed.
        name: its name.
        given: publisher, language, retold of all items; it wins over what the feed says.
        content_type: as a server gave it.

    Raises:
        ReadError: not a feed, or one made to swell.
    """
    where = shown(name)
    check_size(len(content), where, WEBPAGE_BYTES)
    found = parse_apart("feed", content, where, charset=charset_of(content_type))
    problems = [Problem(where, message, hint) for message, hint in found["notes"]]
    shared = {key: given[key] for key in ("publisher", "language", "retold") if given.get(key)}
    reads: dict[str, Read] = {}
    links: dict[str, None] = {}
    for n, item in enumerate(found["items"], 1):
        spot = f"{where}, item {n}"
        link = item["link"] if host_of(item["link"]) else None
        if link:
            links[link] = None
        if not item["text"] and not item["title"]:
            problems.append(Problem(spot, "the item holds no text"))
            continue
        key = item["id"] or item["title"]
        doc = f"{stem_of(name)}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}"
        if doc in reads:
            problems.append(Problem(spot, f"the item {shown(key)} stands above already"))
            continue
        text = "\n\n".join(filter(None, (item["title"], item["text"])))
        about = {
            "title": item["title"],
            "publisher": found["title"],
            "published": item["published"],
            "language": found["language"],
            "url": link,
            **shared,
        }
        aside: list[Problem] = []
        document = make_document(doc, text, about, spot, aside)
        reads[doc] = Read(document, (item["markup"] or text).encode("utf-8", "replace"), tuple(aside))
    if not reads and not links:
        raise ReadError("the feed has no items", where)
    return FeedRead(tuple(reads.values()), tuple(links), tuple(problems), content)
