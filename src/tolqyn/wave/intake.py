"""From files, folders and addresses to documents and claims in the ledger.

A wave's evidence lies in its folder, as seen; the ledger is made from it. So intake has two steps:
`keep` puts a source into the folder, `read_folder` brings the ledger to what lies there.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tolqyn.errors import ExtractError, Problem, TolqynError, UsageError
from tolqyn.files import write_whole
from tolqyn.wave.engines import MODEL, Engine, rules_engine
from tolqyn.wave.extraction import claims_of

if TYPE_CHECKING:
    from tolqyn.ledger import Ledger
    from tolqyn.read import Found, Item

__all__ = ["FOLDERS", "Added", "keep", "read_folder"]

FOLDERS = ("documents", "tables")
"""Where the evidence lies, in the order in which it is read."""

INDEX = "documents.csv"
"""The file beside the documents that says what they do not say of themselves."""

SEEN = "seen.json"
"""In the ledger's folder: what each file was like when it was read. A cache; safe to delete."""

Step = Callable[[int, int | None], None]
"""Told how many files are done, and of how many (None: not known)."""


@dataclass(frozen=True, slots=True)
class Added:
    """What an intake did.

    Attributes:
        new: names of documents and tables taken in, or taken in again because they had changed.
        unchanged: how many were there already, as they are.
        withdrawn: names whose file is no longer in the folder; their claims are read no more.
        claims: how many claims the new ones gave.
        problems: what was set aside, and why.
        engines: name of each engine that has read documents of the folder -> how many; two are told
            to the user, because they do not find the same.
    """

    new: tuple[str, ...]
    unchanged: int
    withdrawn: tuple[str, ...]
    claims: int
    problems: tuple[Problem, ...]
    engines: Mapping[str, int] = field(default_factory=dict)


def keep(
    wave: Path,
    source: str | Path,
    given: Mapping[str, str],
    index: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Problem]:
    """Copy a file, the files of a folder, or what an address gives, into a wave's folder, as seen.

    A file of the same name there is replaced: the ledger keeps what it said before.

    Args:
        wave: the wave's folder.
        source: a path, or an address that begins with http:// or https://.
        given: publisher, published, language; written to documents.csv beside the documents.
        index: doc -> what is given about it (read_index), in place of a documents.csv beside the source.

    Returns:
        What could not be taken.

    Raises:
        UsageError: the source does not exist, or holds the wave itself.
    """
    if str(source).startswith(("http://", "https://")):
        return _keep_address(wave, str(source), given)
    path = Path(source)
    if path.is_dir() and wave.resolve().is_relative_to(path.resolve()):
        raise UsageError(f"{path} holds the wave itself", hint="name the folder of the new documents")
    from tolqyn.read import files_in, read_content

    problems: list[Problem] = []
    for found in files_in(path, index=index):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        try:
            content = read_content(found.path)
            target = _place(wave, found.path.name, content)
        except TolqynError as error:
            problems.append(Problem.of(error))
            continue
        write_whole(target, content)
        _tell_index(target, {**found.given, **given})
    return problems


def read_folder(
    wave: Path,
    home: Path,
    ledger: Ledger,
    *,
    near: Collection[str],
    events: Mapping[str, date],
    problems: Sequence[Problem],
    step: Step,
    engine: Engine | None = None,
) -> Added:
    """Bring the ledger to what lies in a wave's folder: each document whole, or not at all.

    Args:
        wave: the wave's folder.
        home: where the cache of what was seen lies.
        ledger: the wave's ledger.
        near: countries to prefer where a place name is ambiguous.
        events: the wave's events, by name.
        problems: what was set aside before, to be listed too.
        step: told of the progress.
        engine: reads every document; None reads by the rules what is new, and leaves what a language
            model has read as it is.
    """
    from tolqyn.read import read_file

    rules = rules_engine(near, events)
    seen = _read_seen(home / SEEN, ledger)
    now: dict[str, Any] = {}
    aside = list(problems)
    new: list[str] = []
    claims = unchanged = 0
    files = _files(wave, aside)
    for n, found in enumerate(files):
        step(n, len(files))
        key = str(found.path.relative_to(wave))
        mark = _mark(found)
        # A table is its own claims, so no engine reads it; the rules are those that know the wave.
        is_table = found.path.relative_to(wave).parts[0] == FOLDERS[1]
        reader = rules if engine is None or is_table or not engine.name.startswith(MODEL) else engine
        if _is_read(seen.get(key, {}), mark, reader, kept=engine is None):
            now[key] = seen[key]
            unchanged += len(seen[key]["docs"])
            continue
        docs = []
        for item in read_file(found):
            if isinstance(item, Problem):
                aside.append(item)
                ledger.set_aside(found.path.stem, [item])
                continue
            docs.append(item.document.doc)
            try:
                added = _enter(ledger, item, near, reader)
            except ExtractError as error:
                aside.append(Problem.of(error, item.document.doc))
                mark = ""  # what the ledger holds of it stands; the next run asks again
                continue
            aside.extend(added.problems)
            claims += added.claims
            new.extend(added.new)
            unchanged += added.unchanged
        now[key] = {"mark": mark, "docs": docs, "engine": reader.name}
    step(len(files), len(files))
    present = {doc for entry in now.values() for doc in entry["docs"]}
    withdrawn = _withdraw(ledger, present)
    if now != seen:
        write_whole(home / SEEN, json.dumps({"files": now}, indent=0).encode())
    engines = Counter(entry["engine"] for key, entry in now.items() if not key.startswith(FOLDERS[1]))
    return Added(tuple(new), unchanged, withdrawn, claims, tuple(aside), engines)


def _enter(ledger: Ledger, item: Item, near: Collection[str], engine: Engine) -> Added:
    """One document into the ledger."""
    assert not isinstance(item, Problem)
    claims, problems = claims_of(item, near, engine)
    aside = (*item.problems, *problems)
    try:
        added = ledger.add_document(item.document, item.content, claims, engine=engine.name, problems=aside)
    except TolqynError as error:
        problem = Problem.of(error, item.document.doc)
        return Added((), 0, (), 0, (*aside, problem))
    new = (item.document.doc,) if added.added else ()
    return Added(new, int(not added.added), (), len(claims) if added.added else 0, aside)


def _withdraw(ledger: Ledger, present: Collection[str]) -> tuple[str, ...]:
    """Withdraw each document whose file is gone, so that its claims are read no more."""
    gone = [document.doc for document in ledger.documents() if document.doc not in present]
    return tuple(doc for doc in gone if ledger.withdraw(doc))


def _files(wave: Path, problems: list[Problem]) -> list[Found]:
    """The files of evidence in a wave's folder, in order."""
    from tolqyn.read import files_in

    files: list[Found] = []
    for found in files_in(*(wave / name for name in FOLDERS if (wave / name).is_dir())):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            files.append(found)
    return files


def _mark(found: Found) -> str:
    """What a file is like, as cheaply as can be told: size, time of change, and what is given about it."""
    about = found.path.stat()
    given = json.dumps(dict(found.given), sort_keys=True)
    return f"{about.st_size} {about.st_mtime_ns} {hashlib.sha256(given.encode()).hexdigest()[:16]}"


def _is_read(entry: Mapping[str, Any], mark: str, reader: Engine, *, kept: bool) -> bool:
    """Whether a file was read as it is by that engine, or by a model whose reading is to be kept."""
    before = str(entry.get("engine", ""))
    return entry.get("mark") == mark and (before == reader.name or (kept and before.startswith(MODEL)))


def _read_seen(path: Path, ledger: Ledger) -> dict[str, Any]:
    """What the cache says, as far as the ledger bears it out."""
    try:
        files: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    have = {document.doc for document in ledger.documents()}
    return {key: entry for key, entry in files.items() if have.issuperset(entry["docs"])}


def _keep_address(wave: Path, url: str, given: Mapping[str, str]) -> list[Problem]:
    """Keep what an address gives: a document, a table, or the items of a feed."""
    from tolqyn.read import fetch, kind_of, name_of_url

    try:
        page = fetch(url)
        name = name_of_url(page.final_url)
        kind = kind_of(name, page.content, page.content_type)
    except TolqynError as error:
        return [Problem.of(error, url)]
    # The name of a page says nothing sure of its kind (".php", ".amp"), and is kept short for every disk.
    stem = name.removesuffix(kind.suffix)[:120]
    target = wave / ("tables" if kind.is_table else "documents") / f"{stem.replace('.', '-')}{kind.suffix}"
    write_whole(target, page.content)
    _tell_index(target, {"url": page.final_url, **given})
    return []


def _place(wave: Path, name: str, content: bytes) -> Path:
    """Where a file of that name and content belongs."""
    from tolqyn.read import kind_of

    return wave / ("tables" if kind_of(name, content).is_table else "documents") / name


def _tell_index(target: Path, given: Mapping[str, str]) -> None:
    """Write what is given of a document into the documents.csv beside it."""
    told = {key: value for key, value in given.items() if value and key != "doc"}
    if not told:
        return
    path = target.parent / INDEX
    rows: list[dict[str, str]] = []
    columns = ["doc"]
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or columns)
            rows = [row for row in reader if row.get("doc") != target.stem]
    rows.append({"doc": target.stem, **told})
    columns += [key for key in told if key not in columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, text.getvalue().encode())
