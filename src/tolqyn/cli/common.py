"""What the verbs share: arguments that recur, how messages and data are printed."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from tolqyn.claims import Claim, Qualifier
from tolqyn.errors import Problem
from tolqyn.wave import Added, Believed, Wave

__all__ = [
    "AS_OF",
    "DOCUMENTS",
    "SEED",
    "WAVE",
    "fail",
    "figure",
    "parse_day",
    "print_csv",
    "print_jsonl",
    "print_table",
    "progress",
    "replayed",
    "safe",
    "say",
    "tell_engines",
    "tell_problems",
    "up_to_date",
]

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

CELL = 52
"""Characters of a cell in a table for the eye."""

PROBLEMS_SHOWN = 12
"""After this many a list of problems is cut; `tolqyn claims WAVE --problems` prints them all."""


def parse_day(text: str | date | None) -> date | None:
    """A day from the command line.

    Raises:
        typer.BadParameter: not an ISO date.
    """
    if text is None or isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2022-10-04") from None


WAVE = Annotated[
    Path,
    typer.Argument(
        metavar="WAVE", help="Folder of the wave: the one with situation.toml.", show_default=False
    ),
]
DOCUMENTS = Annotated[
    Path | None,
    typer.Option(
        help="CSV with doc,publisher,published,language of each document; other columns are ignored."
    ),
]
AS_OF = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=parse_day,
        help="Use only what had been said by this day, such as 2022-10-04.",
        show_default=False,
    ),
]
SEED = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")]


def figure(claim: Claim) -> str:
    """The figure of a claim as a reader says it: "about 98,000 persons", "9,000-12,000 persons/day"."""
    ends = [claim.value] if claim.value is not None else [claim.low, claim.high]
    number = "-".join(f"{end:,.10g}" for end in ends if end is not None)
    plain = claim.qualifier in {Qualifier.EXACT, Qualifier.RANGE, Qualifier.ORDER}
    words = "" if plain else f"{claim.qualifier} ".replace("_", " ")
    return f"{words}{number} {claim.unit}"


def safe(text: str) -> str:
    """Text of strangers with its control characters made visible: a terminal obeys them."""
    return "".join(c if c in "\n\t" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def say(text: str) -> None:
    """A message for the person, on stderr: stdout is for data."""
    err.print(safe(text), markup=False)


def fail(text: str) -> NoReturn:
    """Say what is wrong and stop with status 1."""
    say(f"tolqyn: {text}")
    raise typer.Exit(1)


def tell_problems(problems: Sequence[Problem], *, limit: int = PROBLEMS_SHOWN) -> None:
    """List what was set aside, on stderr."""
    for problem in problems[:limit]:
        say(f"set aside: {problem}")
    if len(problems) > limit:
        say(f"... and {len(problems) - limit} more")


def tell_engines(added: Added) -> None:
    """Say it when the documents of a wave were not all read by the same engine: they find different things."""
    if len(added.engines) > 1:
        counts = ", ".join(f"{count} by {name}" for name, count in sorted(added.engines.items()))
        say(f"the documents were read by different engines: {counts}")


def tell_undated(opened: Wave) -> None:
    """Say how much is left out of what was known by any day, because nobody says when it was known."""
    undated = [claim for claim in opened.claims() if claim.known is None]
    if undated:
        docs = sorted({claim.doc for claim in undated})
        more = f" and {len(docs) - 3} more" if len(docs) > 3 else ""
        say(
            f"{len(undated)} claims have neither a day on which they were said nor one of publication, and are left out as of "
            f"any day: {', '.join(docs[:3])}{more}. Add a column `said`, or `published` in the documents.csv beside the file"
        )


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on stderr; silent where stderr is not a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield bar


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as CSV on stdout; None is an empty cell."""
    writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def print_jsonl(records: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line on stdout."""
    for record in records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()
) -> None:
    """Rows in aligned columns for the eye, one line each, on stdout; long cells are cut with an ellipsis."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[n]) for row in cells)]) for n, name in enumerate(columns)]
    for n, row in enumerate([list(columns), *cells]):
        line = "  ".join(
            cell.rjust(width) if name in right else cell.ljust(width)
            for name, cell, width in zip(columns, row, widths, strict=True)
        )
        out.print(line.rstrip(), style="bold" if n == 0 else None, markup=False)


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(safe(str(value)).split())
    return text if len(text) <= CELL else text[: CELL - 1] + "\u2026"


def replayed(opened: Wave, seed: int, every: int) -> tuple[Believed, ...]:
    """What was believed when, with a progress bar: the wave is estimated again for each day of news."""
    tell_undated(opened)
    with progress() as bar:
        task = bar.add_task("estimating", total=None)
        return opened.vintages(
            seed=seed, every=every, step=lambda done, total: bar.update(task, completed=done, total=total)
        )


@contextmanager
def up_to_date(path: Path, as_of: date | None = None) -> Iterator[Wave]:
    """The wave in a folder, with whatever is new or changed there taken in first, and what `as_of` leaves out told."""
    with Wave(path) as wave:
        with progress() as bar:
            task = bar.add_task("reading", total=None)
            added = wave.add(step=lambda done, total: bar.update(task, completed=done, total=total))
        if added.new or added.withdrawn:
            say(f"{len(added.new)} documents and tables read, {added.claims} claims")
        if added.problems:
            say(f"{len(added.problems)} set aside; `tolqyn claims {path} --problems` lists them")
        tell_engines(added)
        if as_of is not None:
            tell_undated(wave)
        yield wave
