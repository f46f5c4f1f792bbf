"""Documents that carry the same text: one agency's report under several publishers' names.

Pure. Texts are compared by the share of short word sequences that they have in common (Jaccard), found
with minhash and banding so that not every pair is compared: A. Broder, "On the resemblance and
containment of documents", 1997.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Document

__all__ = ["near_duplicates"]

_WORDS = 4  # in a sequence: long enough that two texts on one subject share few
_BANDS, _ROWS = 32, 4  # a pair that shares 0.6 is found with probability 0.99, 0.7 with 0.9999
_PRIME = np.uint64((1 << 31) - 1)
_PIECE = 4096  # sequences at a time


def near_duplicates(documents: Sequence[Document], *, share: float = 0.7) -> tuple[tuple[str, ...], ...]:
    """Groups of documents that carry the same text, give or take.

    Args:
        documents: in any order.
        share: of the sequences of four words that two texts have between them, how many must be in
            both; 0.6 is the least that is found reliably.

    Returns:
        Names of documents, two or more a group, sorted; a document is in one group at most. In a group
        each resembles some other one, so a text that was cut twice is still with its origin.
    """
    texts = {document.doc: _sequences(document.text) for document in documents}
    names = sorted(name for name, sequences in texts.items() if sequences.size)
    bands: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    for name in names:
        for band, key in enumerate(_signature(texts[name])):
            bands[band, key].append(name)
    leaders = {name: name for name in names}
    for alike in bands.values():
        for one, other in itertools.pairwise(alike):
            first, second = _leader(leaders, one), _leader(leaders, other)
            if first != second and _shared(texts[one], texts[other]) >= share:
                leaders[max(first, second)] = min(first, second)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[_leader(leaders, name)].append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _sequences(text: str) -> NDArray[np.uint64]:
    """Hashes of the sequences of words in a text, each once, sorted; of a short text, of its words."""
    words = re.findall(r"\w+", text.casefold())
    length = min(_WORDS, len(words))
    runs = (" ".join(words[at : at + length]) for at in range(len(words) - length + 1)) if words else ()
    hashes = {zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs}
    return np.array(sorted(hashes), dtype=np.uint64)


def _signature(sequences: NDArray[np.uint64]) -> list[bytes]:
    """Minima of the hashes under fixed random permutations, in bands; texts alike share a band."""
    random = np.random.default_rng(1997)
    slopes, offsets = random.integers(1, int(_PRIME), size=(2, _BANDS * _ROWS, 1), dtype=np.uint64)
    minima = np.full(_BANDS * _ROWS, _PRIME)
    # Piece by piece, so that a book needs no more memory than an article.
    for at in range(0, sequences.size, _PIECE):
        piece = sequences[None, at : at + _PIECE] % _PRIME
        minima = np.minimum(minima, ((slopes * piece + offsets) % _PRIME).min(axis=1))
    return [band.tobytes() for band in minima.reshape(_BANDS, _ROWS)]


def _shared(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Jaccard: what both have, as a share of what either has."""
    both = np.intersect1d(one, other, assume_unique=True).size
    return float(both / (one.size + other.size - both))


def _leader(leaders: dict[str, str], name: str) -> str:
    """The name that stands for a group, with the way to it made short."""
    while leaders[name] != name:
        leaders[name] = leaders[leaders[name]]
        name = leaders[name]
    return name
