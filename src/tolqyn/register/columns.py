"""The columns of crossing events, and the types of a file in which each can be read.

Pure. The table for readers is in docs/reference/register.md.
"""

from __future__ import annotations

import pyarrow as pa
from pyarrow import types as kinds

__all__ = ["COLUMNS", "REQUIRED", "kind_of"]

COLUMNS = (
    "person", "time", "direction", "checkpoint", "citizenship",
    "document", "name", "born", "sex", "purpose", "mode", "counterpart",
)  # fmt: skip
"""In the order in which they are written; others in a file are not read."""

REQUIRED = ("person", "time", "direction", "checkpoint", "citizenship")

KEYS = frozenset({"person", "document", "born"})
"""May be whole numbers; each is opaque here."""


def kind_of(name: str, of: pa.DataType) -> str | None:
    """How a column of this type is read: "text", "whole", "day", "moment", "nanoseconds"; None if it cannot be."""
    if kinds.is_dictionary(of):
        return kind_of(name, of.value_type)
    if name == "time":
        if kinds.is_timestamp(of):
            return "nanoseconds" if of.unit == "ns" else "moment"
        if kinds.is_date(of):
            return "day"
    elif name == "born" and kinds.is_date(of):
        return "day"
    elif name in KEYS and kinds.is_integer(of):
        return "whole"
    textual = kinds.is_string(of) or kinds.is_large_string(of) or kinds.is_string_view(of)
    return "text" if textual or kinds.is_null(of) else None
