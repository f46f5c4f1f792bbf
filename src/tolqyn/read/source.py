"""From where things lie to what they say: files, folders, stdin, addresses.

The only module of the room that opens files. A bad file becomes a problem and the rest goes on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tolqyn.errors import Problem, ReadError
from tolqyn.read.document import NOTHING, Read, read_document
from tolqyn.read.feed import read_feed
from tolqyn.read.fetch import fetch
from tolqyn.read.index import INDEX_NAME, read_index
from tolqyn.read.kind import Kind, kind_of, most_bytes
from tolqyn.read.limits import FILE_BYTES, check_size
from tolqyn.read.names import shown, stem_of
from tolqyn.read.table import TableRead, read_table

__all__ = ["Item", "read_bytes", "read_path", "read_url"]

Item = Read | TableRead | Problem
"""What one file comes to: a document or a table, or a problem in their stead."""

Index = Mapping[str, Mapping[str, str]]


def read_bytes(
    content: bytes, name: str, *, given: Mapping[str, str] = NOTHING, content_type: str | None = None
) -> tuple[Item, ...]:
    """What the bytes hold: one document, one table, or the items of a feed. Touches no files.

    Args:
        content: a whole file, or stdin.
        name: its name, "-" for stdin; without an ending the content decides what it is.
        given: as of read_document.
        content_type: as a server gave it.

    Raises:
        ReadError: nothing can be read.
    """
    check_size(len(content), shown(name), most_bytes(name))
    kind = kind_of(name, content, content_type)
    if kind.is_table:
        return (read_table(content, name, kind=kind),)
    if kind is Kind.FEED:
        feed = read_feed(content, name, given=given, content_type=content_type)
        return (*feed.reads, *feed.problems)
    return (read_document(content, name, given=given, content_type=content_type),)


def read_url(url: str, *, given: Mapping[str, str] = NOTHING) -> tuple[Item, ...]:
    """What an address on the public web holds; the document's name is made from host and path.

    Raises:
        ReadError: it cannot be fetched or read.
    """
    page = fetch(url)
    return read_bytes(
        page.content,
        _name_of(page.final_url),
        given={"url": page.final_url, **given},
        content_type=page.content_type,
    )


def read_path(path: Path, *, index: Index | None = None) -> Iterator[Item]:
    """What a file, or each file in a folder and the folders in it, holds, in the order of their names.

    Hidden files are passed over. Links that lead out of the folder, what is no plain file, kinds that
    are not read, and a second file of one name each give a problem. A documents.csv in a folder tells
    of the documents beside it.

    Args:
        path: a file or a folder.
        index: doc -> what is given about it (read_index); it takes the place of documents.csv files.

    Raises:
        ReadError: the path itself is not there or cannot be listed.
    """
    if not path.exists():
        raise ReadError("there is no such file or folder", shown(str(path)))
    if not path.is_dir():
        beside, wrong = (index, ()) if index is not None else _index_beside(path.parent)
        yield from wrong
        yield from _read_one(path, beside)
        return
    taken: dict[str, str] = {}
    for folder, files, problems in _walk(path):
        yield from problems
        beside, wrong = (index, ()) if index is not None else _index_beside(folder)
        yield from wrong
        for file in files:
            for item in _read_one(file, beside):
                yield _unless_taken(item, shown(str(file)), taken)
        if index is None:
            yield from _missing(beside, folder, files)


def _unless_taken(item: Item, where: str, taken: dict[str, str]) -> Item:
    """The item, unless another of its name came before: claims are found by the name of their document."""
    if isinstance(item, Problem):
        return item
    doc = item.document.doc
    if doc in taken:
        return Problem(where, f"the name {doc} is taken by {taken[doc]}", "rename one of the two")
    taken[doc] = where
    return item


def _missing(index: Index, folder: Path, files: list[Path]) -> Iterator[Problem]:
    """A problem for each row of documents.csv that no file bears out."""
    stems = {stem_of(file.name) for file in files}
    for doc in index:
        if doc not in stems:
            yield Problem(
                shown(str(folder / INDEX_NAME)),
                f"no file is called {shown(doc)}",
                "mend the name, or remove the row",
            )


def _walk(root: Path) -> Iterator[tuple[Path, list[Path], list[Problem]]]:
    """Each folder with the files to read in it, and what is passed over for a reason."""
    inside = root.resolve()
    for name, folders, names in os.walk(root, onerror=_unlisted):
        folder = Path(name)
        problems = []
        for one in sorted(set(folders)):
            place = folder / one
            if one.startswith("."):
                folders.remove(one)
            elif place.is_symlink():
                folders.remove(one)
                problems.append(
                    Problem(
                        shown(str(place)), "a link to a folder is not followed", "read that folder itself"
                    )
                )
            elif not os.access(place, os.R_OK | os.X_OK):
                folders.remove(one)
                problems.append(Problem(shown(str(place)), "the folder may not be opened"))
        folders.sort()
        files = []
        for one in sorted(names):
            file = folder / one
            if one.startswith(".") or one == INDEX_NAME:
                continue
            if file.is_symlink() and not file.resolve().is_relative_to(inside):
                problems.append(
                    Problem(shown(str(file)), "the link leads out of the folder", "copy the file in")
                )
            else:
                files.append(file)
        yield folder, files, problems


def _unlisted(error: OSError) -> None:
    raise ReadError(f"the folder cannot be listed ({error.strerror})", shown(str(error.filename)))


def _index_beside(folder: Path) -> tuple[Index, tuple[Problem, ...]]:
    """What documents.csv in a folder tells; nothing where there is none."""
    path = folder / INDEX_NAME
    if not path.is_file():
        return {}, ()
    try:
        return read_index(_content(path), shown(str(path)))
    except ReadError as error:
        return {}, (Problem.of(error, shown(str(path))),)


def _read_one(path: Path, index: Index) -> Iterator[Item]:
    """What one file holds; a problem where it cannot be read."""
    where = shown(str(path))
    try:
        items = read_bytes(_content(path), path.name, given=index.get(stem_of(path.name), NOTHING))
    except ReadError as error:
        yield _placed(Problem.of(error, where), path)
        return
    for item in items:
        if isinstance(item, Problem):
            yield _placed(item, path)
        else:
            yield replace(item, problems=tuple(_placed(problem, path) for problem in item.problems))


def _placed(problem: Problem, path: Path) -> Problem:
    """The problem with the whole path in place of the bare name of the file."""
    name = shown(path.name)
    whole = shown(str(path))
    return (
        replace(problem, where=whole + problem.where[len(name) :])
        if problem.where.startswith(name)
        else problem
    )


def _content(path: Path) -> bytes:
    """The bytes of a plain file.

    Raises:
        ReadError: not a plain file, too large, or not to be opened.
    """
    where = shown(str(path))
    try:
        # Not to wait for ever on a pipe that lies in the folder.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise ReadError("not a plain file", where, "leave it out of the folder")
            check_size(about.st_size, where, most_bytes(path.name))
            return file.read(FILE_BYTES + 1)
    except OSError as error:
        raise ReadError(f"cannot be opened ({error.strerror})", where) from None


def _name_of(url: str) -> str:
    """A file's name for an address: host and path with dashes, and the ending that the path has."""
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/")
    words = "-".join(filter(None, (parts.hostname or "", *path.split("/")))).removeprefix("www.")
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in words)
    last = path.rpartition("/")[2]
    # "example.org" must not look like a file that ends in ".org".
    return safe if "." in last else safe.replace(".", "-")
