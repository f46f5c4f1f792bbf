"""A wave on disk, opened: what can be done with its settings, documents, tables and ledger.

Everything that the command line and the desk do to a wave is a method here. This room touches the
world: it is where paths, the clock and the seed enter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from tolqyn import __version__
from tolqyn.claims import Claim, Statement
from tolqyn.errors import SituationError, UsageError
from tolqyn.files import write_whole
from tolqyn.situation import Event, Situation, parse_situation
from tolqyn.wave import extraction, intake
from tolqyn.wave.engines import Engine
from tolqyn.wave.registers import tally_registers
from tolqyn.wave.vintages import Believed, changes_since, replay

if TYPE_CHECKING:
    # scipy, pyarrow and the readers are slow to import, and most verbs need few of them.
    from tolqyn.estimate import Posterior
    from tolqyn.estimate.case import Case
    from tolqyn.estimate.vintages import Change
    from tolqyn.ledger import Ledger, Vintage
    from tolqyn.report import Report

__all__ = ["Context", "Verdict", "Wave", "create", "open"]

SETTINGS = "situation.toml"
"""The file that makes a folder a wave."""

Verdict = Literal["accept", "correct", "reject"]
"""What a person can say of a claim."""

HOME = ".tolqyn"
"""The ledger's folder: safe to delete and rebuild, except for judgements."""


class Context(NamedTuple):
    """A quote with the characters around it."""

    before: str
    quote: str
    after: str


class Wave:
    """One wave, opened. Use it as a context manager, or call `close`.

    >>> with tolqyn.open("examples/kazakhstan-2022") as wave:       # doctest: +SKIP
    ...     posterior = wave.estimate(as_of=date(2022, 10, 4))

    Args:
        path: the folder of the wave.
        store: URL of a shared ledger; None keeps it in the folder.
    """

    def __init__(self, path: str | Path, *, store: str | None = None) -> None:
        self.path = Path(path)
        self.situation = _settings(self.path)
        self._store = store
        self._ledger: Ledger | None = None
        self._last: Posterior | None = None

    @property
    def ledger(self) -> Ledger:
        """The wave's ledger, opened when it is first asked for."""
        if self._ledger is None:
            from tolqyn.ledger import open_ledger

            home = self.path / HOME
            home.mkdir(exist_ok=True)
            self._ledger = open_ledger(self._store or home / "ledger.sqlite")
        return self._ledger

    def close(self) -> None:
        """Close the ledger."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(
        self,
        sources: Sequence[str | Path] = (),
        *,
        given: Mapping[str, str] | None = None,
        documents: Path | None = None,
        step: intake.Step = lambda _done, _total: None,
        engine: Engine | None = None,
    ) -> intake.Added:
        """Take files, folders or addresses into the wave; without any, what lies in its folder.

        Crossing events in its `registers/` are tallied first, where they have changed: their protected totals
        become a table of the wave.

        Each source is kept as seen in the wave's folder, then whatever in the folder is new or has
        changed is read, its claims are found, and document and claims enter the ledger in one
        transaction. What fails is set aside; the rest goes on.

        Args:
            sources: paths, or addresses that begin with http:// or https://.
            given: publisher, published, language where the documents do not say.
            documents: CSV with doc, publisher, published, language of the sources' documents, in place of a
                documents.csv beside them.
            step: called with how many documents are done, and of how many.
            engine: reads every document, also those that another engine read before; None reads by the
                rules what is new, and leaves what a language model has read as it is.

        Raises:
            UsageError: a source that does not exist.
            ReadError: a table of documents that cannot be read.
        """
        index, wrong = extraction.read_given(documents)
        problems = list(wrong)
        for source in sources:
            problems += intake.keep(self.path, source, given or {}, index)
        (self.path / HOME).mkdir(exist_ok=True)
        problems += tally_registers(self, self.path / HOME)
        self.situation = _settings(self.path)  # the register may have become one of its sources
        return intake.read_folder(
            self.path,
            self.path / HOME,
            self.ledger,
            near=self._near,
            events={event.name: event.date for event in reversed(self.situation.events)},
            problems=problems,
            step=step,
            engine=engine,
        )

    def vintages(
        self, *, seed: int = 0, every: int = 1, step: intake.Step = lambda _done, _total: None
    ) -> tuple[Believed, ...]:
        """What was believed as of each day of the study on which something was said, and what is believed of it now.

        Args:
            seed: the same seed gives the same numbers.
            every: at least so many days from one to the next.
            step: called with how many estimates are done, and of how many.
        """
        return replay(
            lambda day: self.statements(as_of=day), self.situation, seed=seed, every=every, step=step
        )

    def kept_estimates(self) -> list[Vintage]:
        """Estimates as they were made, the oldest first."""
        return self.ledger.vintages()

    def changes_since(self, number: int) -> tuple[Change, ...]:
        """What moved the headline numbers since a kept estimate: method, judgement, revised and new data.

        Raises:
            UsageError: no estimate of that number was kept.
        """
        kept = {vintage.id: vintage for vintage in self.kept_estimates()}
        if number not in kept:
            last = f"the last is {max(kept)}" if kept else "none was kept yet: run `tolqyn estimate`"
            raise UsageError(f"no estimate {number} was kept", hint=last)
        return changes_since(self.ledger, kept[number], self.situation, self._aliases)

    def claims(self, *, as_of: date | None = None) -> list[Claim]:
        """The claims as judged, said by `as_of` (None: all)."""
        return self.ledger.claims(as_of=as_of)

    def statements(self, *, as_of: date | None = None) -> list[Statement]:
        """The claims with echoes together: one statement is what a source said once."""
        return self.ledger.statements(as_of=as_of, aliases=self._aliases)

    def judge(
        self,
        claim_id: str,
        verdict: Verdict,
        *,
        who: str,
        why: str,
        corrected: Claim | None = None,
    ) -> None:
        """Put a person's judgement beside a claim; nothing is overwritten."""
        self.ledger.judge(claim_id, verdict, who=who, why=why, corrected=corrected)

    def context(self, claim: Claim, width: int = 200) -> Context:
        """The characters around a claim's quote, up to `width` on each side."""
        document = self.ledger.document(claim.doc) if claim.start is not None else None
        if document is None or claim.start is None or claim.end is None:
            return Context("", claim.quote, "")
        before = document.text[max(0, claim.start - width) : claim.start]
        return Context(before, claim.quote, document.text[claim.end : claim.end + width])

    def estimate(self, *, as_of: date | None = None, seed: int = 0, draws: int = 1000) -> Posterior:
        """Daily entries, exits, stock and registrations with intervals that hold.

        Args:
            as_of: use only what had been said by this day; None uses everything.
            seed: the same seed gives the same bytes.
            draws: number of draws behind every number.
        """
        from tolqyn.estimate import estimate

        posterior = estimate(
            self.statements(as_of=as_of), self.situation, as_of=as_of, seed=seed, draws=draws
        )
        self._keep_vintage(posterior)
        self._last = posterior
        return posterior

    def picture(self) -> Posterior:
        """What is known now, at once: the last estimate of this session, gone on to what was added since.

        Near to `estimate` and much faster, but it hangs on the estimate that it went on from: it is for
        the eye, and is never kept as a vintage. Without an estimate in this session it is one.
        """
        from tolqyn.estimate import update

        if self._last is None or self._last.situation != self.situation:
            return self.estimate()
        self._last = update(self._last, self.statements(as_of=self._last.as_of))
        return self._last

    def _keep_vintage(self, posterior: Posterior) -> None:
        """Keep the table of an estimate in the ledger, so that what was believed when can be told later.

        The same estimate again changes nothing.
        """
        from tolqyn.wave.files import table_bytes

        self.ledger.add_vintage(
            as_of=posterior.as_of,
            seed=posterior.seed,
            method=__version__,
            summary={"statements": len(posterior.readings), "used": sum(r.used for r in posterior.readings)},
            parquet=table_bytes(posterior.table()),
        )

    def cases(
        self, posterior: Posterior | None = None, *, as_of: date | None = None, seed: int = 0
    ) -> tuple[Case, ...]:
        """Statements that cannot all be read at face value, each with its reason.

        Args:
            posterior: an estimate of this wave at hand; None makes one.
            as_of: for an estimate yet to be made: use only what had been said by this day.
            seed: for an estimate yet to be made.
        """
        from tolqyn.estimate.contradict import find_cases

        posterior = posterior or self.estimate(as_of=as_of, seed=seed)
        return find_cases(self.statements(as_of=posterior.as_of), self.situation, posterior)

    def situation_report(
        self, *, as_of: date | None = None, seed: int = 0, believed: Sequence[Believed] = ()
    ) -> Report:
        """The situation report as a model: its words, pictures and tables, each figure bound to its evidence.

        Args:
            as_of: use only what had been said by this day.
            seed: the same seed gives the same bytes.
            believed: what `vintages` gave, for the picture of what was believed when.

        Raises:
            StayError: a rule of the wave's own `rules/` that cannot be read.
        """
        from tolqyn.estimate.contradict import find_cases
        from tolqyn.report import ReportInput, build_report
        from tolqyn.stay import load_rules

        statements = self.statements(as_of=as_of)
        posterior = self.estimate(as_of=as_of, seed=seed)
        return build_report(
            ReportInput(
                situation=self.situation,
                posterior=posterior,
                cases=find_cases(statements, self.situation, posterior),
                statements=tuple(statements),
                documents={document.doc: document for document in self.ledger.documents()},
                made_on=datetime.now(UTC).date(),
                method_version=__version__,
                rules=load_rules(*[rules for rules in [self.path / "rules"] if rules.is_dir()]),
                believed=believed,
            )
        )

    def report(
        self,
        output: Path | None = None,
        *,
        as_of: date | None = None,
        seed: int = 0,
        pdf: bool = False,
        believed: Sequence[Believed] = (),
    ) -> tuple[Path, ...]:
        """Write the situation report; gives the paths written, the page first.

        Args:
            output: the HTML file; None is report.html in the wave's folder. The PDF stands beside it.
            as_of: use only what had been said by this day.
            seed: the same seed gives the same bytes.
            pdf: whether to write a PDF too.
            believed: what `vintages` gave, for the picture of what was believed when.
        """
        from tolqyn.report import write_report

        report = self.situation_report(as_of=as_of, seed=seed, believed=believed)
        return write_report(report, output or self.path / "report.html", pdf=pdf)

    @property
    def _aliases(self) -> dict[str, str]:
        """Other names of the situation's sources, with the name that stands for them."""
        return {alias: note.name for note in self.situation.sources for alias in note.aliases}

    @property
    def _near(self) -> tuple[str, ...]:
        """Countries to prefer where a place name is ambiguous."""
        return (*self.situation.places, *self.situation.groups)


def open(path: str | Path, *, store: str | None = None) -> Wave:  # noqa: A001
    """Open the wave in a folder.

    Args:
        path: the folder that holds situation.toml.
        store: URL of a shared ledger (PostgreSQL); None keeps the ledger in the folder.

    Raises:
        SituationError: no settings there, or settings that cannot be read.
    """
    return Wave(path, store=store)


def create(
    path: str | Path,
    *,
    title: str,
    places: Sequence[str],
    groups: Sequence[str],
    start: date,
    end: date | None = None,
    events: Sequence[Event] = (),
) -> Wave:
    """Make the folder of a new wave, with its settings, and open it.

    Raises:
        UsageError: the folder is a wave already.
        SituationError: settings that do not fit together.
    """
    folder = Path(path)
    if (folder / SETTINGS).exists():
        raise UsageError(f"{folder} is a wave already", hint=f"its settings are in {folder / SETTINGS}")
    lines = [f"title = {json.dumps(title, ensure_ascii=False)}", f"start = {start}"]
    lines += [f"end = {end}"] if end else []
    lines += [f"places = {json.dumps(list(places))}", f"groups = {json.dumps(list(groups))}"]
    for event in events:
        lines += [
            "",
            "[[event]]",
            f"date = {event.date}",
            f"name = {json.dumps(event.name, ensure_ascii=False)}",
        ]
    text = "\n".join(lines) + "\n"
    parse_situation(text, str(folder / SETTINGS))  # what cannot be opened is not made
    for name in intake.FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_whole(folder / SETTINGS, text.encode())
    return Wave(folder)


def _settings(folder: Path) -> Situation:
    """The settings of the wave in a folder."""
    path = folder / SETTINGS
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SituationError(
            f"there is no {SETTINGS}", str(folder), f"`tolqyn new {folder} ...` makes a wave there"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SituationError(f"cannot be read: {error}", str(path)) from None
    return parse_situation(text, str(path))
