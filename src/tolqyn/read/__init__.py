"""Documents and tables as seen: bytes in, text or rows with their metadata out.

What is read comes from strangers. Sizes are bounded before a file is opened; HTML, Markdown, feeds,
PDF, XLSX and Parquet are parsed in a child process under a time and a memory limit; nothing in them
is executed; and a URL leads only to public addresses. Every limit: docs/reference/reading.md.
"""

from tolqyn.read.document import Read, read_document
from tolqyn.read.feed import FeedRead, read_feed
from tolqyn.read.fetch import Fetched, fetch
from tolqyn.read.index import read_index
from tolqyn.read.kind import Kind, kind_of
from tolqyn.read.source import (
    Found,
    Item,
    files_in,
    name_of_url,
    read_bytes,
    read_content,
    read_file,
    read_path,
    read_url,
)
from tolqyn.read.table import TableRead, read_table

__all__ = [
    "FeedRead",
    "Fetched",
    "Found",
    "Item",
    "Kind",
    "Read",
    "TableRead",
    "fetch",
    "files_in",
    "kind_of",
    "name_of_url",
    "read_bytes",
    "read_content",
    "read_document",
    "read_feed",
    "read_file",
    "read_index",
    "read_path",
    "read_table",
    "read_url",
]
