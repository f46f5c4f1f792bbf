"""From where things lie to what they say: files, folders, stdin, addresses.

The only module of the room that opens files. A bad file becomes a problem and the rest goes on.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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

__all__ = [
    "Found",
    "Item",
    "files_in",
    "name_of_url",
    "read_bytes",
    "read_content",
    "read_file",
    "read_path",
    "read_url",
]

Item = Read | TableRead | Problem
"""What one file comes to: a document or a table, or a problem in their stead."""

Index = Mapping[str, Mapping[str, str]]

_NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, with what is given about it in a documents.csv."""

    path: Path
    given: Mapping[str, str]


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
        return (read_table(content, name, kind=kind, given=given),)
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
        name_of_url(page.final_url),
        given={"url": page.final_url, **given},
        content_type=page.content_type,
    )


def read_path(path: Path, *, index: Index | None = None) -> Iterator[Item]:
    """What a file, or each file in a folder and the folders in it, holds, in the order of their names.

    Args:
        path: a file or a folder.
        index: doc -> what is given about it (read_index); it takes the place of documents.csv files.

    Raises:
        ReadError: the path itself is not there or cannot be listed.
    """
    for found in files_in(path, index=index):
        if isinstance(found, Problem):
            yield found
        else:
            yield from read_file(found)


def files_in(*paths: Path, index: Index | None = None) -> Iterator[Found | Problem]:
    """The files to read in files and folders, in the order of their names, before any is opened.

    Hidden files are passed over. Links that lead out of the folder, and a second file of one name,
    each give a problem. A documents.csv in a folder tells of the documents beside it.

    Args:
        paths: files or folders.
        index: doc -> what is given about it (read_index); it takes the place of documents.csv files.

    Raises:
        ReadError: a path that is not there or cannot be listed.
    """
    taken: dict[str, str] = {}
    for path in paths:
        if not path.exists():
            raise ReadError("there is no such file or folder", shown(str(path)))
        walk = _walk(path) if path.is_dir() else [(path.parent, [path], [])]
        for folder, files, problems in walk:
            yield from problems
            beside, wrong = (index, ()) if index is not None else _index_beside(folder)
            yield from wrong
            for file in files:
                doc = stem_of(file.name)
                yield _unless_taken(Found(file, beside.get(doc, NOTHING)), doc, taken)
            if index is None and path.is_dir():
                yield from _missing(beside, folder, files)


def _unless_taken(found: Found, doc: str, taken: dict[str, str]) -> Found | Problem:
    """The file, unless another of its name came before: claims are found by the name of their document."""
    where = shown(str(found.path))
    if doc in taken:
        return Problem(where, f"the name {doc} is taken by {taken[doc]}", "rename one of the two")
    taken[doc] = where
    return found


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
        return read_index(read_content(path), shown(str(path)))
    except ReadError as error:
        return {}, (Problem.of(error, shown(str(path))),)


def read_file(found: Found) -> Iterator[Item]:
    """What one file holds; a problem where it cannot be read."""
    path = found.path
    try:
        items = read_bytes(read_content(path), path.name, given=found.given)
    except ReadError as error:
        yield _placed(Problem.of(error, shown(str(path))), path)
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


def read_content(path: Path) -> bytes:
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


def name_of_url(url: str) -> str:
    """A file's name for an address: host, path and query with dashes, and the ending that the path has.

    >>> name_of_url("https://www.example.org/2022/report.pdf?page=2")
    'example-org-2022-report-page-2.pdf'
    """
    parts = urlsplit(url)
    stem, dot, ending = unquote(parts.path).rpartition(".")
    if not dot or not (ending.isascii() and ending.isalnum()):
        stem, ending = unquote(parts.path), ""
    host = (parts.hostname or "").removeprefix("www.")
    words = re.sub(r"\W+", "-", f"{host}/{stem}/{unquote(parts.query)}").strip("-")
    if len(words) > _NAME_CHARACTERS:
        words = f"{words[:_NAME_CHARACTERS]}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
    return f"{words}.{ending}" if ending else words
