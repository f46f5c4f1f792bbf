"""Many small jobs on two processors, with a bar; what was done stays done if it is broken off.

Results of jobs are kept in `out/studies` under a fingerprint of the code that made them, so that a
study that is started again goes on, and one whose code has changed begins anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

__all__ = ["each"]

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "out" / "studies"
PROCESSES = 2

Job = Sequence[str | int]


def each(study: str, do: Callable[[Any], Any], jobs: Iterable[Job]) -> list[Any]:
    """`do(job)` for every job, in the order of the jobs; jobs and results are plain JSON."""
    wanted = [tuple(job) for job in jobs]
    path = KEPT / f"{study}-{_fingerprint(study)}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    done = dict(_lines(path))
    missing = [job for job in wanted if job not in done]
    with (
        get_context("fork").Pool(PROCESSES, maxtasksperchild=50) as pool,
        path.open("a", encoding="utf-8") as kept,
    ):
        results = pool.imap_unordered(_Named(do), missing)
        for job, result in track(
            results, study, total=len(missing), console=Console(stderr=True), disable=not missing
        ):
            done[job] = result
            kept.write(json.dumps([job, result]) + "\n")
            kept.flush()
    return [done[job] for job in wanted]


class _Named:
    """A job with its result, as a value that a process can be sent."""

    def __init__(self, do: Callable[[Any], Any]) -> None:
        self.do = do

    def __call__(self, job: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], Any]:
        return job, self.do(job)


def _lines(path: Path) -> Iterable[tuple[tuple[str | int, ...], Any]]:
    """What was done before; a line that was broken off is not."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                job, result = json.loads(line)
            except json.JSONDecodeError:
                continue
            yield tuple(job), result


def _fingerprint(study: str) -> str:
    """Of the model and of this study with what it draws on."""
    code = [*(ROOT / "src" / "tolqyn" / "estimate").rglob("*.py"), *(ROOT / "studies").glob("*.py")]
    shared = [path for path in code if path.parent.name != "studies" or path.stem in {study, *_SHARED}]
    digest = hashlib.sha256()
    for path in sorted(shared):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


_SHARED = {"invented", "rivals", "said", "scores", "work"}
