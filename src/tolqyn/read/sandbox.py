"""Parse in a child process that is killed when it takes too long.

A hang or a crash in a parser costs one file and one process. Children are kept for the next file,
because starting one takes most of a second.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from typing import Any

from tolqyn.errors import ReadError
from tolqyn.read.limits import PARSE_SECONDS

__all__ = ["parse_apart"]

_MOST_CHILDREN = 4
_CLOCK_FACTOR = 3
_GRACE_SECONDS = 0.5

_idle: deque[subprocess.Popen[bytes]] = deque()
_places = threading.BoundedSemaphore(_MOST_CHILDREN)


def parse_apart(
    parser: str, content: bytes, where: str, *, seconds: float = PARSE_SECONDS, **options: str | None
) -> Any:
    """What `parser` (a name in worker.PARSERS) makes of the content.

    Args:
        parser: which.
        content: the whole file.
        where: the file, for messages.
        seconds: the processor time allowed; on the clock it may be three times as long, so that a
            busy machine refuses no more files than an idle one.
        options: passed on by name.

    Raises:
        ReadError: the file cannot be parsed; it took too long; it brought the parser down.
    """
    task = {"parser": parser, "where": where, "bytes": len(content), "seconds": seconds, "options": options}
    with _places:
        child = _take()
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(_CLOCK_FACTOR * seconds, stop)
        clock.start()
        try:
            reply = _ask(child, json.dumps(task).encode() + b"\n", content)
        except BaseException:
            _end(child)  # an interrupted child would answer the next file with this one's text
            raise
        finally:
            clock.cancel()
        if not reply.endswith(b"\n"):
            over_time = _end(child) == -getattr(signal, "SIGXCPU", 0) or late.is_set()
            raise _lost(where, seconds if over_time else None)
        _idle.append(child)
    answer = json.loads(reply)
    if "error" in answer:
        raise ReadError(*answer["error"])
    return answer["value"]


def _take() -> subprocess.Popen[bytes]:
    """An idle child that still lives, else a new one."""
    with contextlib.suppress(IndexError):
        while True:
            child = _idle.pop()
            if child.poll() is None:
                return child
            _end(child)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tolqyn.read.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _ask(child: subprocess.Popen[bytes], line: bytes, content: bytes) -> bytes:
    """The child's answer; short of its newline where the child ended."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(line)
        child.stdin.write(content)
        child.stdin.flush()
        return child.stdout.readline()
    except (BrokenPipeError, ConnectionError):
        return b""


def _lost(where: str, seconds: float | None) -> ReadError:
    """The error for an answer that never came."""
    if seconds is not None:
        message = f"parsing took longer than the {seconds:g} s allowed"
    else:
        message = "the parser broke down on it"
    return ReadError(message, where, "the file is damaged or made to harm: leave it out, or export it again")


def _end(child: subprocess.Popen[bytes]) -> int:
    """Close a child and wait for it; the status that it ended with."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was still to be written to the dead child
                pipe.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        return child.wait(_GRACE_SECONDS)  # it has ended by itself, or does so when its input ends
    child.kill()
    return child.wait()


def _end_all() -> None:
    """At exit, leave no child behind."""
    while _idle:
        _end(_idle.pop())


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # the pipes belong to the parent
