"""The claims of files and folders, document by document, on as many cores as asked for.

What is read is given on at once, in the order of the files, so that memory does not grow with their number.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tolqyn.claims import Claim
from tolqyn.errors import ExtractError, Problem
from tolqyn.wave.engines import Engine, rules_engine

if TYPE_CHECKING:
    from tolqyn.read import Found, Item

__all__ = ["claims_of", "extract_paths", "read_given"]

Read = tuple[tuple[Claim, ...], tuple[Problem, ...]]

_MANY = 400  # files from which on it pays to start processes for them
_BATCH = 16  # files given to a process at a time
_AHEAD = 4  # batches for each process that are under way at a time


def extract_paths(
    paths: Sequence[Path], index: Path | None = None, engine: Engine | None = None, *, workers: int = 1
) -> Iterator[Read]:
    """The claims and problems of each document in files and folders, without a wave.

    Args:
        paths: files or folders; "-" is stdin.
        index: CSV with what is given of each document, in place of documents.csv beside them.
        engine: what reads the documents; None is the rules.
        workers: processes for many files, where the rules read them; what comes out is the same. As each
            process begins by importing the program, a script that asks for more than one guards its main part.

    Raises:
        ReadError: a path that is not there, or an index that cannot be read.
    """
    given, wrong = read_given(index)
    if wrong:
        yield (), wrong
    files = _files(paths, given)
    if workers > 1 and engine is None:
        first = list(islice(files, _MANY))
        files = chain(first, files)
        if len(first) == _MANY:
            yield from _side_by_side(files, workers)
            return
    reader = engine or rules_engine()
    for file in files:
        yield from _read(file, reader)


def read_given(table: Path | None) -> tuple[dict[str, dict[str, str]] | None, tuple[Problem, ...]]:
    """What a table tells of documents, by doc, and the rows that were set aside; None without a table.

    Raises:
        ReadError: a table that cannot be read.
    """
    if table is None:
        return None, ()
    from tolqyn.read import read_content, read_index

    return read_index(read_content(table), str(table))


def claims_of(
    item: Item, near: Collection[str], engine: Engine
) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    """The claims in a document that was read, and what could not be made a claim."""
    from tolqyn.read import TableRead

    if isinstance(item, TableRead):
        return item.claims, ()
    assert not isinstance(item, Problem)
    found = engine.read(item.document, near)
    return found.claims, found.problems


def _files(
    paths: Sequence[Path], index: Mapping[str, Mapping[str, str]] | None
) -> Iterator[Found | Problem | None]:
    """The files to read, in order; None is stdin."""
    from tolqyn.read import files_in

    for path in paths:
        if str(path) == "-":
            yield None
        else:
            yield from files_in(path, index=index)


def _read(file: Found | Problem | None, reader: Engine) -> Iterator[Read]:
    """What the documents of a file give, one after the other."""
    from tolqyn.read import read_bytes, read_file

    if isinstance(file, Problem):
        yield (), (file,)
        return
    for item in read_bytes(sys.stdin.buffer.read(), "-") if file is None else read_file(file):
        if isinstance(item, Problem):
            yield (), (item,)
            continue
        try:
            claims, problems = claims_of(item, (), reader)
        except ExtractError as error:
            claims, problems = (), (Problem.of(error, item.document.doc),)
        yield claims, (*item.problems, *problems)


def _side_by_side(files: Iterable[Found | Problem | None], workers: int) -> Iterator[Read]:
    """What many files give, read by several processes and given on in the order of the files."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[Read]]] = deque()
        for batch in _batches(iter(files)):
            if isinstance(batch, list):
                waiting.append(pool.submit(_read_all, batch))
            while waiting and (batch is None or len(waiting) >= _AHEAD * workers):
                yield from waiting.popleft().result()
            if batch is None:
                yield from _read(None, rules_engine())
        while waiting:
            yield from waiting.popleft().result()


def _batches(files: Iterator[Found | Problem | None]) -> Iterator[list[Found | Problem] | None]:
    """Files in batches; stdin, which is this process's own, by itself."""
    batch: list[Found | Problem] = []
    for file in files:
        if isinstance(file, Problem):
            batch.append(file)
        elif file is not None:
            batch.append(replace(file, given=dict(file.given)))  # a plain one can be sent to a process
        if batch and (file is None or len(batch) == _BATCH):
            yield batch
            batch = []
        if file is None:
            yield None
    if batch:
        yield batch


def _read_all(files: list[Found | Problem]) -> list[Read]:
    """What a batch of files gives; runs in a process of its own."""
    reader = rules_engine()
    return [read for file in files for read in _read(file, reader)]
