"""Files written whole or not at all. For the rooms that touch the disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tolqyn.errors import UsageError

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, finds the old one or the new one, never a part.

    Raises:
        UsageError: the place cannot be written to.
    """
    part = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(0o644)  # mkstemp makes it for its owner alone
        Path(part).replace(path)
    except BaseException as error:
        if part:
            Path(part).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageError(
                f"cannot be written: {error.strerror or error}",
                str(path),
                "name a place that you may write to, with --output where there is that",
            ) from None
        raise
