"""The crossing events in a wave's `registers/`, tallied into its tables whenever they change.

What leaves the register is the tally alone, protected; the vintage that was shown last stays beside the events, so
that the next is protected against both together.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tolqyn.errors import Problem, RegisterError, TolqynError, UsageError
from tolqyn.files import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

    from tolqyn.register import Published
    from tolqyn.wave.folder import Wave

__all__ = ["REGISTERS", "TALLY_DOC", "RegisterNote", "read_note", "tally_registers", "write_note"]

REGISTERS = "registers"
"""The folder of a wave in which crossing events lie."""

TALLY_DOC = "register"
"""The name of the tally among the wave's tables."""

NOTE = "register.toml"
"""What its owner says of the register, beside the events."""

SHOWN = "_published.csv"
"""The tally as it was shown last. A later one is protected against it, so it is no cache."""

SEEN = "registers.json"
"""In the ledger's folder: what the events were like when they were tallied. A cache; safe to delete."""


KINDS = {
    "organization": str, "threshold": int, "by": list, "place": str, "coverage": list, "zone": str, "posts": str,
}  # fmt: skip
"""The keys of `register.toml`, and what each holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNote:
    """How the register of a wave is tallied.

    Attributes:
        organization: whose register it is; the source of the statements.
        threshold: figures of fewer persons are hidden.
        by: dimensions of the tally: "date", and "citizenship", "checkpoint" or both.
        place: the country that it counts for; empty is the first place of the wave.
        coverage: share of crossings that the register records, a 90 % range.
        zone: IANA name of the zone whose midnight ends a day.
        posts: a table of when posts were open, beside the events; empty is none, and then silence is not zero.
    """

    organization: str = "border register"
    threshold: int = 10
    by: tuple[str, ...] = ("date", "citizenship")
    place: str = ""
    coverage: tuple[float, float] = (0.99, 1.0)
    zone: str = "UTC"
    posts: str = ""

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise UsageError(f"threshold is {self.threshold}", hint="2 at least; 5 or 10 is usual")
        if "date" not in self.by:
            raise UsageError(f"by is {', '.join(self.by)}, without date", hint="such as date, citizenship")


def read_note(folder: Path) -> RegisterNote:
    """What `register.toml` says; the defaults where there is none.

    Raises:
        UsageError: not TOML, an unknown key, or a value that cannot be.
    """
    path = folder / NOTE
    if not path.exists():
        return RegisterNote()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read: {error}", str(path)) from None
    for name, value in given.items():
        if name not in KINDS:
            raise UsageError(f"unknown key {name!r}", str(path), f"the keys are: {', '.join(KINDS)}")
        if not isinstance(value, KINDS[name]):
            raise UsageError(f"{name} is {value!r}", str(path), f"it should be a {KINDS[name].__name__}")
    if len(given.get("coverage", (0.99, 1.0))) != 2:
        raise UsageError(f"coverage is {given['coverage']}", str(path), "two shares, such as [0.97, 1.0]")
    try:
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
        return RegisterNote(**values)
    except UsageError as error:
        raise UsageError(error.message, str(path), error.hint) from None


def write_note(folder: Path, note: RegisterNote) -> None:
    """Keep what is said of the register beside its events."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in asdict(note).items()]
    write_whole(folder / NOTE, "\n".join([*lines, ""]).encode())


def tally_registers(wave: Wave, home: Path) -> list[Problem]:
    """Bring a wave's table of its register to what lies in `registers/`, where that has changed.

    Args:
        wave: opened.
        home: where the cache of what was seen lies.

    Returns:
        what was set aside; a register that cannot be used is a problem, and leaves the table as it was.
    """
    folder = wave.path / REGISTERS
    if not folder.is_dir() or not _holds_events(folder):
        return []
    try:
        note = read_note(folder)
        mark, table = _mark(folder), wave.path / "tables" / f"{TALLY_DOC}.csv"
        if table.exists() and _seen(home) == mark:
            return []
        problems = _tally(wave, folder, note)
    except TolqynError as error:
        return [Problem.of(error, str(folder))]
    write_whole(home / SEEN, json.dumps({"mark": mark}).encode())
    return problems


def _tally(wave: Wave, folder: Path, note: RegisterNote) -> list[Problem]:
    """Count, protect against what was shown before, and keep."""
    from tolqyn.register import Settings, open_register, protect, read_posts, register_source, tally_claims
    from tolqyn.wave.tallies import keep_tally

    by = note.by
    with open_register(folder, settings=Settings(zone=note.zone)) as register:
        tally = register.tally(by, read_posts(folder / note.posts) if note.posts else None)
        last_day, problems, bad = register.last_day, list(register.problems), register.bad
    published = protect({by: tally}, threshold=note.threshold, earlier=_shown(folder, by, tally)).tables[by]
    place = note.place or wave.situation.places[0]
    claims = tally_claims(
        published, doc=TALLY_DOC, organization=note.organization, said=last_day, place=place
    )
    write_whole(folder / SHOWN, _csv(published))
    keep_tally(wave, claims, register_source(note.organization, note.coverage))
    if bad:
        told = f"{bad:,} rows of the register are set aside"
        return [Problem(str(folder), told, f"`tolqyn register check {folder}` names each"), *problems[:5]]
    return problems


def _shown(folder: Path, by: tuple[str, ...], tally: pa.Table) -> Published | None:
    """The tally as it was shown last; None where none was.

    Raises:
        RegisterError: it was by other dimensions, so that nothing can be told of the two together.
    """
    from tolqyn.register import read_published

    path = folder / SHOWN
    if not path.exists():
        return None
    try:
        return read_published(path, by, tally.schema)
    except RegisterError as error:
        hint = (
            "the table shown before has other columns; keep `by` as it was, or protect both together by hand"
        )
        raise RegisterError(error.message, str(path), hint) from None


def _csv(table: pa.Table) -> bytes:
    import pyarrow as pa
    from pyarrow import csv

    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink)
    return bytes(sink.getvalue())


def _holds_events(folder: Path) -> bool:
    return any(
        path.suffix.lower() in {".parquet", ".csv"} and not path.name.startswith((".", "_"))
        for path in folder.rglob("*")
    )


def _mark(folder: Path) -> str:
    """What the events and what is said of them are like, as cheaply as can be told."""
    about = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SHOWN)
    told = [f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in about]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _seen(home: Path) -> str | None:
    try:
        return str(json.loads((home / SEEN).read_text(encoding="utf-8"))["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
