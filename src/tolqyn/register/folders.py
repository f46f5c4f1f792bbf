"""Folders of tables written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tolqyn.errors import RegisterError

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to write into; it takes the name `target` when all is written, and goes when something fails.

    Raises:
        RegisterError: `target` is there already.
    """
    if target.exists():
        raise RegisterError("is there already", str(target), "name a new folder, or remove this one first")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield draft
        draft.chmod(0o755)  # a temporary folder is its owner's alone
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
