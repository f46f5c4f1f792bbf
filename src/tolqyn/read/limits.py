"""How much of a stranger's file is looked at. Each refusal names its limit.

The figures are far above what the press and agencies publish, and low enough that a folder of the
worst files is still read in bounded time and memory.
"""

from __future__ import annotations

from tolqyn.errors import ReadError

__all__ = [
    "FETCHED_BYTES",
    "FILE_BYTES",
    "PARSE_BYTES_OF_MEMORY",
    "PARSE_SECONDS",
    "PDF_PAGES",
    "TABLE_CELLS",
    "TABLE_ROWS",
    "TEXT_CHARACTERS",
    "UNPACKED_BYTES",
    "WEBPAGE_BYTES",
    "ZIP_ENTRIES",
    "check_size",
]

FILE_BYTES = 50_000_000
"""Any file."""
WEBPAGE_BYTES = 10_000_000
"""An HTML page, a feed, a text: the largest article pages are below 2 MB."""
FETCHED_BYTES = 20_000_000
"""The body of a URL, unpacked."""
TEXT_CHARACTERS = 10_000_000
"""The text that a document comes to."""
PDF_PAGES = 2_000
TABLE_ROWS = 200_000
TABLE_CELLS = 5_000_000
UNPACKED_BYTES = 300_000_000
"""What an XLSX or Parquet file says that it unpacks to."""
ZIP_ENTRIES = 2_000
PARSE_SECONDS = 20.0
"""The processor time in which one file is parsed in the child process."""
PARSE_BYTES_OF_MEMORY = 3 * 2**30
"""The address space of the child process (a parser of its own maps about 1 GB before it starts)."""


def check_size(size: int, where: str, limit: int = FILE_BYTES) -> None:
    """Refuse what is empty or larger than `limit` bytes.

    Raises:
        ReadError: naming the size and the limit.
    """
    if size == 0:
        raise ReadError("the file is empty (0 bytes)", where, "download or export it again")
    if size > limit:
        raise ReadError(
            f"{size:,} bytes, above the limit of {limit:,} for this kind of file",
            where,
            "split it, or keep the part that matters",
        )
