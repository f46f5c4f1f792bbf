"""Answers of a language model kept on disk, one file each, so that nothing is asked twice.

Safe to delete. A file holds the answer with the model and prompt that gave it; it quotes the article,
so the folder is its owner's alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from tolqyn.files import write_whole

__all__ = ["Answers", "common_folder"]


class Answers(MutableMapping[str, Mapping[str, Any]]):
    """The answers in a folder, by key; a file that cannot be read is as good as none.

    Args:
        folder: made when the first answer is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        try:
            kept = json.loads(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise KeyError(key) from None
        if not isinstance(kept, dict):
            raise KeyError(key)
        return kept

    def __setitem__(self, key: str, answer: Mapping[str, Any]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._path(key), json.dumps(answer, ensure_ascii=True, indent=0).encode())

    def __delitem__(self, key: str) -> None:
        try:
            self._path(key).unlink()
        except OSError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return (path.stem for path in sorted(self.folder.glob("*.json")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def common_folder() -> Path:
    """Where answers are kept when no wave is at hand: the user's folder for caches."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".cache") / "tolqyn" / "answers"
