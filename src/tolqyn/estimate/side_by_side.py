"""Accounts worked on side by side, in two processes: in threads they hold each other up.

Pure: the same results in the same order as one after the other.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

import numpy as np

__all__ = ["side_by_side"]

Item = TypeVar("Item")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Item], Made], items: Iterable[Item], *, much: bool) -> list[Made]:
    """`work` of each item, in order.

    Args:
        work: what it gives goes from one process to the other; what it changes does not.
        items: what is worked on.
        much: whether it is worth a process of its own, which takes some hundredths of a second.
    """
    todo = list(items)
    if not much or len(todo) < 2 or not _may_fork():
        return [work(item) for item in todo]
    fork = multiprocessing.get_context("fork")  # the items need not be carried there, nor anything imported
    there, here = fork.Pipe(duplex=False)
    hand = fork.Process(target=_give, args=(work, todo[1::2], here), daemon=True)
    hand.start()
    here.close()
    try:
        made: list[Made] = [*map(work, todo[::2])]
        for place in range(1, len(todo), 2):
            try:
                found = there.recv()
            except EOFError:  # it ended before, for want of memory or by an error that is met again here
                found = work(todo[place])
            made.insert(place, found)
    finally:
        hand.terminate()
        hand.join()
        there.close()
    return made


def _give(work: Callable[[Item], Made], items: Sequence[Item], out: Connection) -> None:
    """What `work` comes to for each item, unless its numbers run out."""
    with suppress(np.linalg.LinAlgError):
        # Sent when all are made, since nobody listens before.
        for one in [work(item) for item in items]:
            out.send(one)


def _may_fork() -> bool:
    """Whether a fork is safe, and there is a processor for it: a process with threads may fork while one holds a lock."""
    return (
        sys.platform == "linux"
        and multiprocessing.cpu_count() > 1
        and threading.active_count() == 1
        and multiprocessing.parent_process() is None
    )
