"""`tolqyn register`: crossing events checked, matched and counted; nothing personal is printed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tolqyn.cli.common import parse_day, print_csv, print_table, say, tell_problems
from tolqyn.errors import UsageError

__all__ = ["register"]

register = typer.Typer(
    help="Crossing events at national scale: checked, matched, counted, safe to publish.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SHOWN = 40
"""Rows of a table for the eye; `--csv` prints all."""


class EngineName(StrEnum):
    """What does the work."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class LinkTable(StrEnum):
    """What is told of crossings that were matched without a key."""

    CLASSES = "classes"
    CERTAINTY = "certainty"


class StayTable(StrEnum):
    """What is told of stays."""

    LENGTHS = "lengths"
    STOCK = "stock"
    OVERSTAYS = "overstays"
    RULES = "rules"


EVENTS = Annotated[
    Path,
    typer.Argument(metavar="EVENTS", help="Parquet or CSV file, or a folder of them.", show_default=False),
]
ENGINE = Annotated[EngineName, typer.Option("--engine", help="DuckDB here, or Spark on a cluster.")]
MASTER = Annotated[
    str | None, typer.Option("--master", metavar="URL", help="Where Spark runs: local[4], spark://host:7077.")
]
MEMORY = Annotated[str, typer.Option("--memory", help="What the engine may take before it spills to disk.")]
ZONE = Annotated[str, typer.Option("--zone", help="Whose midnight ends a day, such as Asia/Almaty.")]
AS_OF = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=parse_day,
        help="Leave out events after this day.",
        show_default=False,
    ),
]
TERM = Annotated[
    list[str] | None,
    typer.Option("--term", metavar="DAYS", help="Days allowed after an entry: 90, or RUS=90 once for each."),
]
BY = Annotated[str, typer.Option("--by", help="Comma-separated: date, checkpoint, citizenship, purpose.")]
CSV = Annotated[bool, typer.Option("--csv", help="Every row as CSV on stdout.")]
THRESHOLD = Annotated[
    int | None,
    typer.Option(
        "--threshold",
        min=2,
        metavar="K",
        help="Hide figures of fewer than K persons, and what gives them away.",
    ),
]
ROUND = Annotated[
    int | None, typer.Option("--round", min=3, metavar="B", help="Round figures at random to multiples of B.")
]
SECRET = Annotated[
    Path | None,
    typer.Option(
        "--secret", metavar="FILE", help="What fixes the rounding: 16 bytes or more, kept by the owner."
    ),
]
EARLIER = Annotated[
    Path | None,
    typer.Option(
        "--earlier", metavar="CSV", help="The same table as published before, so that differences are safe."
    ),
]


@register.command()
def check(
    events: EVENTS,
    engine: ENGINE = EngineName.DUCKDB,
    master: MASTER = None,
    memory: MEMORY = "4GB",
    zone: ZONE = "UTC",
) -> None:
    """Look at every row: what can be used, what is set aside and why, what looks wrong.

    [dim]Example:[/dim]

        tolqyn register check crossings/
    """
    from tolqyn.register import Settings  # noqa: PLC0415

    with _opened(events, Settings(zone=zone), engine, master, memory, tell=False) as opened:
        found = opened.check()
    rows: list[tuple[str, object]] = [("files", found.files), ("rows", found.rows), ("good", found.good)]
    rows += [("of them without a key", found.keyless), ("set aside", found.bad)]
    rows += [(f"  {reason}", count) for reason, count in sorted(found.reasons.items())]
    rows += [("first", found.first), ("last", found.last), ("doubtful, and used", len(found.doubts))]
    print_table(("what", "figure"), [(what, _told(figure)) for what, figure in rows], right=("figure",))
    tell_problems(found.problems)
    for doubt in found.doubts[:12]:
        say(f"doubtful: {doubt}")


@register.command()
def match(
    events: EVENTS,
    csv: CSV = False,
    by: BY = "citizenship",
    term: TERM = None,
    as_of: AS_OF = None,
    zone: ZONE = "UTC",
    threshold: THRESHOLD = None,
    earlier: EARLIER = None,
    rounding: ROUND = None,
    secret: SECRET = None,
    engine: ENGINE = EngineName.DUCKDB,
    master: MASTER = None,
    memory: MEMORY = "4GB",
) -> None:
    """Entries in three classes: left, within their term, unmatched. An unmatched entry is no overstay.

    [dim]Example:[/dim]

        tolqyn register match crossings/ --term 90 --term KGZ=30 --csv
    """
    from tolqyn.register import CLASSES  # noqa: PLC0415

    with _opened(events, _settings(term, as_of, zone), engine, master, memory) as opened:
        table = opened.classes(_dimensions(by))
    _print(_safe(table, _dimensions(by), CLASSES, threshold, earlier, rounding, secret), csv=csv)


@register.command()
def link(
    events: EVENTS,
    csv: CSV = False,
    table: Annotated[
        LinkTable, typer.Option("--table", help="The three classes, or how sure the pairs are.")
    ] = LinkTable.CLASSES,
    term: TERM = None,
    as_of: AS_OF = None,
    zone: ZONE = "UTC",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 0,
    threshold: THRESHOLD = None,
    earlier: EARLIER = None,
    rounding: ROUND = None,
    secret: SECRET = None,
    engine: ENGINE = EngineName.DUCKDB,
    master: MASTER = None,
    memory: MEMORY = "4GB",
) -> None:
    """Match without a key: by document, name, birth date, citizenship, post and order in time, with probabilities.

    For registers whose keys are missing or cannot be trusted; needs the extra [i]linkage[/i]. The figures are
    expected numbers: two crossings are seldom surely one person's.

    [dim]Example:[/dim]

        tolqyn register link crossings/ --term 90 --csv
    """
    from tolqyn.register import CLASSES  # noqa: PLC0415

    by = ("citizenship",)
    if table is LinkTable.CERTAINTY and (threshold or rounding):
        raise UsageError("--threshold and --round go with --table classes")
    with _opened(events, _settings(term, as_of, zone), engine, master, memory) as opened:
        found = opened.linked(seed=seed)
    if table is LinkTable.CERTAINTY:
        _print(_unsafe(found.certainty), csv=csv)
    else:
        _print(_safe(found.classes, by, CLASSES, threshold, earlier, rounding, secret), csv=csv)


@register.command()
def tally(
    events: Annotated[
        Path | None,
        typer.Argument(
            metavar="[EVENTS]",
            help="Parquet or CSV file, or a folder of them; with --wave its registers/ if left out.",
            show_default=False,
        ),
    ] = None,
    csv: CSV = False,
    by: BY = "date,checkpoint,citizenship,purpose",
    threshold: THRESHOLD = None,
    earlier: EARLIER = None,
    rounding: ROUND = None,
    secret: SECRET = None,
    posts: Annotated[
        Path | None,
        typer.Option(
            "--posts",
            metavar="CSV",
            help="When posts were open: checkpoint,first,last,status.",
            show_default=False,
        ),
    ] = None,
    wave: Annotated[
        Path | None,
        typer.Option("--wave", metavar="WAVE", help="Keep the published tally as claims of this wave."),
    ] = None,
    organization: Annotated[
        str | None, typer.Option("--organization", metavar="NAME", help="Whose register it is, for --wave.")
    ] = None,
    place: Annotated[
        str | None,
        typer.Option("--place", metavar="CODE", help="Country it counts for; the wave's first if left out."),
    ] = None,
    coverage: Annotated[
        str,
        typer.Option(
            "--coverage",
            metavar="LOW,HIGH",
            help="Share of crossings that it records, a 90 % range; for --wave.",
        ),
    ] = "0.99,1",
    as_of: AS_OF = None,
    zone: ZONE = "UTC",
    engine: ENGINE = EngineName.DUCKDB,
    master: MASTER = None,
    memory: MEMORY = "4GB",
) -> None:
    """Entries, exits, net, persons, repeat crossers and same-day transit.

    A post without events on a day is a row without figures: silent or closed is not zero. With --wave the tally, by
    date and protected, becomes statements of the register in a wave, which every estimate then uses.

    [dim]Examples:[/dim]

        tolqyn register tally crossings/ --csv
        tolqyn register tally crossings/ --by date,citizenship --threshold 5 --csv
        tolqyn register tally crossings/ --by date,citizenship --threshold 5 --wave kz --organization "Border Service"
    """
    from tolqyn.register import TALLY, read_posts  # noqa: PLC0415

    if wave and not (threshold and organization):
        raise UsageError(
            "--wave needs --threshold and --organization", hint="nothing unprotected leaves a register"
        )
    if events is None:
        if wave is None:
            raise UsageError(
                "which events?", hint="a file or a folder; or --wave WAVE, whose registers/ are taken"
            )
        if as_of or earlier or rounding or engine is not EngineName.DUCKDB:
            raise UsageError(
                "--as-of, --earlier, --round and --engine need EVENTS",
                hint="what lies in the wave is tallied whole, against what was shown before",
            )
        _tally_in_place(wave, _dimensions(by), threshold, organization, place, coverage, zone, posts)
        return
    with _opened(events, _settings(None, as_of, zone), engine, master, memory) as opened:
        table = opened.tally(_dimensions(by), read_posts(posts) if posts else None)
        last_day = opened.last_day
    safe = _safe(table, _dimensions(by), TALLY, threshold, earlier, rounding, secret)
    if wave and organization:
        _keep(wave, safe, organization, place, coverage, last_day)
    else:
        _print(safe, csv=csv)


def _tally_in_place(
    path: Path,
    by: tuple[str, ...],
    threshold: int | None,
    organization: str | None,
    place: str | None,
    coverage: str,
    zone: str,
    posts: Path | None,
) -> None:
    """Say of the register in a wave's `registers/` how it is tallied; the wave then does so whenever it changes."""
    from tolqyn.wave import REGISTERS, TALLY_DOC, RegisterNote, Wave, write_note  # noqa: PLC0415

    folder = path / REGISTERS
    if not folder.is_dir():
        raise UsageError(f"{folder} is not there", hint="put the crossing events there, or name them")
    if posts and posts.resolve().parent != folder.resolve():
        raise UsageError(f"{posts} is not in {folder}", hint=f"put it beside the events, as _{posts.name}")
    given = RegisterNote(
        organization=organization or "",
        threshold=threshold or 0,
        by=by,
        place=place or "",
        coverage=_shares(coverage),
        zone=zone,
        posts=posts.name if posts else "",
    )
    with Wave(path) as opened:
        write_note(folder, given)
        added = opened.add()
        kept = [claim for claim in opened.claims() if claim.doc == TALLY_DOC]
    tell_problems(added.problems)
    if not kept:
        raise UsageError(f"nothing of {folder} was kept", hint="see what was set aside")
    say(f"{len(kept):,} figures of {organization} kept; every estimate of {path} uses them now")


def _shares(coverage: str) -> tuple[float, float]:
    try:
        low, high = (float(share) for share in coverage.split(","))
    except ValueError:
        raise UsageError(f"--coverage is {coverage!r}", hint="two shares, such as 0.97,1") from None
    return low, high


def _keep(path: Path, table: Any, organization: str, place: str | None, coverage: str, said: date) -> None:
    """The published tally into a wave, in place of an earlier one, and its ledger brought up to date."""
    from tolqyn.register import register_source, tally_claims  # noqa: PLC0415
    from tolqyn.wave import Wave, keep_tally  # noqa: PLC0415

    with Wave(path) as opened:
        places = opened.situation.places
        doc = "register-" + re.sub(r"\W+", "-", organization).strip("-")
        claims = tally_claims(table, doc=doc, organization=organization, said=said, place=place or places[0])
        kept = keep_tally(opened, claims, register_source(organization, _shares(coverage)))
        added = opened.add()
    tell_problems(added.problems)
    say(f"{len(claims):,} figures of {organization} kept in {kept}; every estimate of {path} uses them now")


@register.command()
def stays(
    events: EVENTS,
    table: Annotated[StayTable, typer.Option("--table", help="What to tell.")] = StayTable.LENGTHS,
    csv: CSV = False,
    term: TERM = None,
    country: Annotated[
        str | None, typer.Option("--in", help="Country of the register, for --table rules: KZ, FR, ...")
    ] = None,
    on: Annotated[
        date | None,
        typer.Option(
            "--on", metavar="DATE", parser=parse_day, help="Day asked of the rules; the last if left out."
        ),
    ] = None,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", help="A folder with more rules (*.toml).")
    ] = None,
    threshold: THRESHOLD = None,
    earlier: EARLIER = None,
    as_of: AS_OF = None,
    zone: ZONE = "UTC",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 0,
    rounding: ROUND = None,
    secret: SECRET = None,
    engine: ENGINE = EngineName.DUCKDB,
    master: MASTER = None,
    memory: MEMORY = "4GB",
) -> None:
    """How long people stay, how long those present have been here, how many are beyond their term.

    [i]rules[/i] asks the dated rules of a country instead of one term: who left in time or late, who is within the
    limits, whose case an unseen exit leaves undetermined.

    [dim]Examples:[/dim]

        tolqyn register stays crossings/ --table stock --csv
        tolqyn register stays crossings/ --table overstays --term 90
        tolqyn register stays crossings/ --table rules --in KZ --threshold 5 --csv
    """
    from tolqyn.register import overstays, stay_lengths, stock  # noqa: PLC0415

    if table is StayTable.RULES:
        _tell_rules(events, _settings(term, as_of, zone), engine, master, memory, country, on, rules or (),
                    threshold, earlier, rounding, secret, csv=csv)  # fmt: skip
        return
    if threshold:
        raise UsageError("--threshold goes with --table rules", hint="protect the other tables with --round")
    with _opened(events, _settings(term, as_of, zone), engine, master, memory) as opened:
        if table is StayTable.OVERSTAYS:
            found = overstays(opened, seed=seed)
            say(
                f"beyond their term on {found.day}: {found.present[0]:,.0f} persons, 90 % interval {_range(found.present)}"
            )
            say(f"exits that no post recorded: {found.missing[0]:.1%} of all exits")
            say(f"entries without an exit whose term is over: {found.unmatched:,}")
            told, by = found.table, ["days_over"]
        elif table is StayTable.STOCK:
            told, by = stock(opened), ["date", "days_present"]
        else:
            told, by = stay_lengths(opened), ["days"]
    _print(_rounded(told, by, rounding, secret, None) if rounding else _unsafe(told), csv=csv)


def _tell_rules(
    events: Path,
    settings: Any,
    engine: EngineName,
    master: str | None,
    memory: str,
    country: str | None,
    on: date | None,
    folders: Sequence[Path],
    threshold: int | None,
    earlier: Path | None,
    rounding: int | None,
    secret: Path | None,
    *,
    csv: bool,
) -> None:
    """Print how many persons are within the rules of a country."""
    from tolqyn.stay import load_rules  # noqa: PLC0415
    from tolqyn.stay.totals import STANDING, stay_totals  # noqa: PLC0415

    if country is None:
        raise UsageError("whose rules?", hint="--in KZ, the country that the register counts for")
    book = load_rules(*folders)
    with _opened(events, settings, engine, master, memory) as opened:
        told = stay_totals(opened, book, country, on)
        say(f"on {on or opened.last_day}, by the rules on file; it explains, and decides nothing of anybody")
        say(
            "undetermined: exit_unseen, because an exit was not seen; before_register, because the rule looks back and"
            f" stays before {opened.first_day}, the register's first day, are not in it; no_rule, because no rule on file answers"
        )
    _print(_safe(told, ("citizenship",), STANDING, threshold, earlier, rounding, secret), csv=csv)


@register.command()
def generate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.", show_default=False)],
    persons: Annotated[
        int, typer.Option("--persons", min=1, help="People who cross; about 3.5 rows each.")
    ] = 100_000,
    missing_exits: Annotated[
        float, typer.Option("--missing-exits", min=0, max=1, help="Share without a row.")
    ] = 0.03,
    days: Annotated[int, typer.Option("--days", min=1, help="Length of the register.")] = 180,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same rows.")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes.")] = 1,
    names: Annotated[
        bool,
        typer.Option("--names", help="No keys, but names and birth dates with slips: for `link`."),
    ] = False,
) -> None:
    """Invent a register to try things on: events/ and, beside it, what is true of them.

    [dim]Examples:[/dim]

        tolqyn register generate invented --persons 1000000 --workers 2
        tolqyn register generate without-keys --persons 5000 --names
    """
    from tolqyn.register import Recipe, generate_register  # noqa: PLC0415

    recipe = replace(Recipe(), missing_exits=missing_exits, days=days, names=names)
    truth = generate_register(folder, persons=persons, recipe=recipe, seed=seed, workers=workers)
    say(
        f"{int(truth.entries.sum()):,} entries and {int(truth.exits.sum()):,} exits of invented people in {folder}"
    )


@contextmanager
def _opened(
    events: Path, settings: Any, engine: EngineName, master: str | None, memory: str, *, tell: bool = True
) -> Iterator[Any]:
    """A register, with what was set aside told on stderr."""
    from tolqyn.register import open_register  # noqa: PLC0415

    with open_register(
        events, settings=settings, engine=engine.value, master=master, memory=memory
    ) as opened:
        if tell:
            tell_problems(opened.problems)
            if opened.bad:
                say(f"{opened.bad:,} rows set aside; `tolqyn register check {events}` tells why")
        yield opened


def _settings(term: Sequence[str] | None, as_of: date | None, zone: str) -> Any:
    from tolqyn.register import Settings  # noqa: PLC0415

    general, own = Settings().term_days, {}
    for text in term or ():
        who, _, days = text.rpartition("=")
        if not days.isdigit():
            raise UsageError(f"--term {text} is not a number of days", hint="--term 90, or --term KGZ=30")
        if who:
            own[who] = int(days)
        else:
            general = int(days)
    return Settings(zone=zone, as_of=as_of, term_days=general, terms=own)


def _dimensions(by: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in by.split(",") if name.strip())


def _safe(
    table: Any,
    by: tuple[str, ...],
    scheme: Any,
    threshold: int | None,
    earlier: Path | None,
    rounding: int | None,
    secret: Path | None,
) -> Any:
    """The table as it may be published; as it is where no protection is asked for."""
    if threshold and rounding:
        raise UsageError("--threshold and --round are two ways; ask for one")
    if earlier and not threshold:
        raise UsageError("--earlier goes with --threshold", hint="rounded figures need no earlier ones")
    if rounding:
        return _rounded(table, by, rounding, secret, scheme)
    if not threshold:
        return _unsafe(table)
    from tolqyn.register import protect, read_published  # noqa: PLC0415

    before = read_published(earlier, by, table.schema) if earlier else None
    published = protect({by: table}, threshold=threshold, scheme=scheme, earlier=before)
    for line in published.cost.lines():
        say(line)
    return published.tables[by]


def _rounded(table: Any, by: Sequence[str], base: int, secret: Path | None, scheme: Any) -> Any:
    from tolqyn.register import round_figures  # noqa: PLC0415

    if secret is None or not secret.is_file():
        raise UsageError("--round needs --secret FILE", hint="head -c 32 /dev/urandom > secret; keep it")
    return round_figures(table, by, base=base, secret=secret.read_bytes(), scheme=scheme)


def _unsafe(table: Any) -> Any:
    say("not protected, for the register's owner alone: see --threshold and --round")
    return table


def _print(table: Any, *, csv: bool) -> None:
    if csv:
        print_csv(table.column_names, table.to_pylist())
        return
    rows = table.slice(0, SHOWN).to_pylist()
    figures = [name for name, value in (rows[0] if rows else {}).items() if isinstance(value, int | float)]
    print_table(table.column_names, [[_told(v) for v in row.values()] for row in rows], right=figures)
    if table.num_rows > SHOWN:
        sys.stdout.flush()
        say(f"... and {table.num_rows - SHOWN:,} more rows; --csv prints all")


def _told(value: object) -> object:
    if isinstance(value, float):
        return f"{value:,.3f}"
    return f"{value:,}" if isinstance(value, int) else value


def _range(spread: tuple[float, float, float]) -> str:
    return f"{spread[1]:,.0f} to {spread[2]:,.0f}"
