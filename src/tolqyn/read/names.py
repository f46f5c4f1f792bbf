"""Names of files as they may be shown, stored and matched."""

from __future__ import annotations

from pathlib import PurePosixPath

__all__ = ["shown", "stem_of", "suffix_of"]

_SHOWN_CHARACTERS = 200


def shown(name: str) -> str:
    """The name with what a terminal would obey, or hide, written out as escapes; long names cut."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)
    return safe if len(safe) <= _SHOWN_CHARACTERS else safe[: _SHOWN_CHARACTERS - 1] + "…"


def stem_of(name: str) -> str:
    """The document's name: the file's without folder and ending ("-" stays as "stdin")."""
    return "stdin" if name == "-" else shown(PurePosixPath(name).stem) or "unnamed"


def suffix_of(name: str) -> str:
    """The ending in lower case, with its dot; "" where there is none."""
    return PurePosixPath(name).suffix.lower()
