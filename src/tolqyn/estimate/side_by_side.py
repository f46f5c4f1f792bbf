"""Accounts worked on side by side: what is large is done by numpy and LAPACK, which do not hold each other up.

Pure: the same results in the same order as one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["side_by_side"]

Item = TypeVar("Item")
Made = TypeVar("Made")

_HANDS = 2  # at most so many accounts at once, for the sake of memory


def side_by_side(work: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
    """`work` of each item, in order."""
    todo = list(items)
    if len(todo) < 2:
        return [work(item) for item in todo]
    with ThreadPoolExecutor(_HANDS) as hands:
        return list(hands.map(work, todo))
