"""The child process in which strangers' HTML, Markdown, feeds, PDF, XLSX and Parquet are parsed.

It reads tasks from stdin (a line of JSON, then the bytes) and answers each with a line of JSON; the
other end is sandbox.py. Its memory and processor time are limited here; the parent watches the clock.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from tolqyn.errors import ReadError
from tolqyn.read.limits import PARSE_BYTES_OF_MEMORY

__all__ = ["PARSERS", "main"]

PARSERS: Mapping[str, str] = {
    "webpage": "tolqyn.read.webpage:parse_webpage",
    "markdown": "tolqyn.read.markdown:parse_markdown",
    "pdf": "tolqyn.read.pdf:parse_pdf",
    "xlsx": "tolqyn.read.sheets:parse_xlsx",
    "parquet": "tolqyn.read.sheets:parse_parquet",
    "feed": "tolqyn.read.items:parse_feed",
}
"""Task name -> module and function, each (content, where, **options) -> JSON value."""


def main() -> None:
    """Answer tasks until stdin ends."""
    limit_memory()
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a parser prints must not mix with the answers
    while line := sys.stdin.buffer.readline():
        task = json.loads(line)
        content = sys.stdin.buffer.read(task["bytes"])
        limit_time(task["seconds"])
        answers.write(json.dumps(answer(task, content)).encode() + b"\n")
        answers.flush()


def answer(task: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """What the parser returns, or what was wrong with the file."""
    where = task["where"]
    try:
        module, _, function = PARSERS[task["parser"]].partition(":")
        parse: Callable[..., Any] = getattr(importlib.import_module(module), function)
        return {"value": parse(content, where, **task["options"])}
    except ReadError as error:
        return {"error": [error.message, error.where or where, error.hint]}
    except MemoryError:
        return {
            "error": ["parsing it needs more memory than is allowed", where, "split it, or export it again"]
        }
    except Exception as error:  # noqa: BLE001 a parser may raise anything on a hostile file
        reason = f"{type(error).__name__}: {error}"[:200]
        return {
            "error": [f"cannot be parsed ({reason})", where, "it may be damaged: download or export it again"]
        }


def limit_memory() -> None:
    """Bound the address space, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (PARSE_BYTES_OF_MEMORY, PARSE_BYTES_OF_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # being stopped for time would leave one


def limit_time(seconds: float) -> None:
    """Let the system end this process after so much more processor time, where it can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 not on Windows

        usage = resource.getrusage(resource.RUSAGE_SELF)
        until = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
