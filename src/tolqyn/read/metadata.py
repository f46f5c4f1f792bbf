"""What a page says of itself: title, publisher, day, language, address.

Pure. A day is taken only from a place that means the day of publication; one that is merely on the
page is not evidence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

__all__ = ["host_of", "page_metadata", "read_day"]

_DAY_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate",
    "pubdate", "publish-date", "publish_date", "dc.date.issued", "dc.date", "dcterms.issued", "dcterms.created",
    "date", "sailthru.date", "parsely-pub-date", "citation_publication_date", "mediator_published_time",
)  # fmt: skip
# A stamp such as 23.09.2022 counts only after words that call it the day of publication.
_LABELLED_STAMP = re.compile(
    r"(?:published(?: on)?|publication date|posted(?: on)?|опубликовано|дата публикации|опубліковано|дата публікації"
    r"|жарияланды|жарияланған күні|veröffentlicht(?: am)?|publié le|publicado el|opublikowano|data publikacji"
    r"|paskelbta|publicēts|გამოქვეყნდა|yayınlanma tarihi)\s{0,5}:?\s{0,5}"
    r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>20\d\d)\b",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"/(20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)")
_STAMP_CHARACTERS = 100_000
_JSON_CHARACTERS = 500_000


def page_metadata(tree: Any) -> dict[str, str | None]:
    """title, publisher, published (ISO), language and url of a parsed page; None where it does not tell."""
    metas = _metas(tree)
    linked = list(_linked_data(tree))
    url = metas.get("og:url") or _first(tree, "//link[@rel='canonical']/@href")
    url = url if url and urlsplit_safe(url) else None
    return {
        "title": _title(tree, metas),
        "publisher": _line(metas.get("og:site_name")) or _publisher(linked) or host_of(url),
        "published": _published(tree, metas, linked, url),
        "language": _language(tree, metas),
        "url": url,
    }


def read_day(text: str | None) -> str | None:
    """The ISO day that a timestamp begins with, as its writer's clock had it; None where it begins with none.

    >>> read_day("2022-10-04T23:30:00+06:00")
    '2022-10-04'
    """
    found = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", text or "")
    return _iso(*found.groups()) if found else None


def host_of(url: str | None) -> str | None:
    """The host of an address without "www."; None where there is none.

    >>> host_of("https://www.example.org/a")
    'example.org'
    """
    host = urlsplit_safe(url or "")
    return host.removeprefix("www.") if host else None


def urlsplit_safe(url: str) -> str | None:
    """The host of a web address; None where the text is not one."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


def _metas(tree: Any) -> dict[str, str]:
    """Lower-case name -> content of the meta elements; the first of a name counts."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        content = meta.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower(), content.strip())
    return metas


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, graphs and lists opened."""
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", "") or not script.text or len(script.text) > _JSON_CHARACTERS:
            continue
        try:
            value = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue  # a page's broken aside is no reason to refuse the page
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield entry
                graph = entry.get("@graph")
                yield from (
                    (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()
                )


def _title(tree: Any, metas: dict[str, str]) -> str | None:
    """The headline: the only h1, what the page shares itself as, or its title."""
    headings = {_line(node.text_content()) for node in tree.iter("h1")} - {None}
    alone = headings.pop() if len(headings) == 1 else None
    return alone or _line(metas.get("og:title")) or _line(_first(tree, "//title/text()"))


def _publisher(linked: list[dict[str, Any]]) -> str | None:
    for entry in linked:
        publisher = entry.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else publisher
        if isinstance(name, str) and _line(name):
            return _line(name)
    return None


def _published(tree: Any, metas: dict[str, str], linked: list[dict[str, Any]], url: str | None) -> str | None:
    """The day of publication, from the surest place that has one."""
    for entry in linked:
        stamp = entry.get("datePublished")
        day = read_day(stamp) if isinstance(stamp, str) else None
        if day:
            return day
    for name in _DAY_METAS:
        day = read_day(metas.get(name))
        if day:
            return day
    for node in tree.iter("time"):
        if node.get("itemprop") == "datePublished" or "pubdate" in node.attrib:
            day = read_day(node.get("datetime"))
            if day:
                return day
    times = {read_day(node.get("datetime")) for node in tree.xpath("//article//time[@datetime]")} - {None}
    if len(times) == 1:
        return times.pop()
    stamp = _LABELLED_STAMP.search(tree.text_content()[:_STAMP_CHARACTERS])
    if stamp:
        return _iso(stamp["year"], stamp["month"], stamp["day"])
    dated = _IN_ADDRESS.search(url or "")
    return _iso(*dated.groups()) if dated else None


def _language(tree: Any, metas: dict[str, str]) -> str | None:
    """The two-letter code that the page gives itself."""
    root = tree.getroottree().getroot()
    said = root.get("lang") or metas.get("content-language") or metas.get("og:locale") or ""
    found = re.match(r"([A-Za-z]{2})(?![A-Za-z])", said.strip())
    return found.group(1).lower() if found else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _first(tree: Any, path: str) -> str | None:
    found = tree.xpath(path)
    return str(found[0]).strip() if found else None


def _line(text: str | None) -> str | None:
    """One line of at most 500 characters; None where empty."""
    return " ".join((text or "").split())[:500] or None
