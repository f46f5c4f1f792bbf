"""A long text in pieces that overlap, cut between sentences.

Pure. Offsets are those of the whole text, so that nothing has to be mapped back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tolqyn.extract.sentences import Sentence

__all__ = ["Piece", "cut"]


@dataclass(frozen=True, slots=True)
class Piece:
    """text[start:end]."""

    start: int
    end: int


def cut(sentences: Sequence[Sentence], *, size: int, overlap: int) -> list[Piece]:
    """The pieces that together hold every sentence whole.

    Args:
        sentences: of the text, in order.
        size: characters that a piece has at most, unless one sentence is longer.
        overlap: about how many characters of a piece are given again at the beginning of the next.
    """
    pieces: list[Piece] = []
    first = 0
    while first < len(sentences):
        start = sentences[first].start
        last = first + 1
        while last < len(sentences) and sentences[last].end - start <= size:
            last += 1
        end = sentences[last - 1].end
        pieces.append(Piece(start, end))
        if last == len(sentences):
            break
        back = last
        # Never back to where this piece began: each piece gets on by a sentence at least.
        while back - 1 > first and end - sentences[back - 1].start <= overlap:
            back -= 1
        first = back
    return pieces
