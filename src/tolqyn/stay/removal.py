"""Grounds of removal and surrender, as ordered tests that explain themselves and decide nothing.

The tests are data (grounds.toml). Any fact may be unknown: every way in which the unknown ones could turn out is
followed, and only what they all agree on is said. Any sign of fear of return stops it. It takes no age, sex, call-up
status, service or opinion, gives no score, and ranks nobody. Pure but for its own table.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from tolqyn.errors import StayError
from tolqyn.stay.parse import SCHEMA, TableReader, parse_sources
from tolqyn.stay.rule import Source

__all__ = [
    "Finding",
    "Fired",
    "Grounds",
    "Outcome",
    "Question",
    "Track",
    "examine",
    "load_grounds",
    "parse_grounds",
]

GO_ON = "go on"


class Outcome(StrEnum):
    """What can be said."""

    STOPPED = "stopped"
    NO_GROUND = "no ground seen"
    BAR = "bar seen"
    FOR_A_COURT = "for a court"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True, slots=True)
class Question:
    """One row: `yes` if any of its facts holds, `no` if none does; each leads on or to an outcome."""

    id: str
    any_of: tuple[str, ...]
    ask: str
    yes: str
    no: str
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """A way to the same end that goes round the tests: told beside them, with the tests to repeat first."""

    id: str
    any_of: tuple[str, ...]
    ask: str
    says: str
    repeat: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """The tests in their order, and the tracks."""

    id: str
    tests: tuple[Question, ...]
    tracks: tuple[Track, ...]
    sources: Mapping[str, Source]

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that is asked for."""
        return tuple(fact for row in self.rows for fact in row.any_of)

    @property
    def rows(self) -> list[Question | Track]:
        """The tests, and behind them the tracks."""
        return [*self.tests, *self.tracks]


@dataclass(frozen=True, slots=True)
class Fired:
    """A row that was reached, its answer (None is unknown), and what it says, with its sources."""

    row: str
    ask: str
    answer: bool | None
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the tests explain.

    Attributes:
        outcome: one of five; `cannot say` where the unknown facts could lead to different ones.
        could_be: the outcomes that the unknown facts leave open.
        fired: the rows reached, in order, up to the first whose answer is not known and that matters.
        tracks: the other ways that apply or could apply, with the tests to repeat first.
        missing: facts that are not known and that some way through the tests asks for.
    """

    outcome: Outcome
    could_be: tuple[Outcome, ...]
    fired: tuple[Fired, ...]
    tracks: tuple[Fired, ...]
    missing: tuple[str, ...]


def examine(facts: Mapping[str, bool | None], grounds: Grounds | None = None) -> Finding:
    """Go through the tests with the facts that are known.

    Args:
        facts: fact -> True, False or None (not known); one that is left out is not known. `load_grounds().facts` lists
            them.
        grounds: the tests; None is those of the package.

    Raises:
        StayError: a fact that the tests do not use.
    """
    grounds = grounds or load_grounds()
    for fact in facts:
        if fact not in grounds.facts:
            raise StayError(
                f"{fact!r} is not a fact that the tests use",
                hint=f"they use {', '.join(grounds.facts)}; age, sex, call-up status, service and opinions are never asked",
            )
    ways = [_walk(way, grounds) for way in _ways(facts, grounds)]
    outcomes = tuple(outcome for outcome in Outcome if any(found is outcome for found, _ in ways))
    outcome = outcomes[0] if len(outcomes) == 1 else Outcome.CANNOT_SAY
    asked = {fact for _, tests in ways for test in tests for fact in test.any_of}
    fired = tuple(_fired(test, facts, grounds) for test in grounds.tests if all(test in tests for _, tests in ways))  # fmt: skip
    tracks = () if outcome is Outcome.STOPPED else _tracks(facts, grounds)
    missing = tuple(fact for fact in grounds.facts if fact in asked and facts.get(fact) is None)
    if len(outcomes) == 1:
        missing = ()
    return Finding(outcome, outcomes, fired, tracks, missing)


@cache
def load_grounds() -> Grounds:
    """The tests of the package."""
    file = files("tolqyn.stay").joinpath("grounds.toml")
    return parse_grounds(file.read_text(encoding="utf-8"), "grounds.toml")


def parse_grounds(text: str, where: str) -> Grounds:
    """Tests from TOML.

    Raises:
        StayError: not TOML; a key that is missing, unknown or of the wrong form.
    """
    top = TableReader.of_toml(text, where)
    if top.number("schema") != SCHEMA:
        raise top.wrong("schema", f"{SCHEMA}")
    sources = parse_sources(top)
    leads = (GO_ON, *(str(o) for o in Outcome if o is not Outcome.CANNOT_SAY))
    tests, tracks = [], []
    for row in top.tables("test"):
        tests.append(
            Question(
                id=row.text("id"),
                any_of=row.texts("any_of", required=True),
                ask=row.text("ask"),
                yes=row.one_of("yes", leads),
                no=row.one_of("no", leads),
                says=row.text("says"),
                sources=row.cited(sources),
            )
        )
        row.done()
    for row in top.tables("track"):
        tracks.append(
            Track(
                id=row.text("id"),
                any_of=row.texts("any_of", required=True),
                ask=row.text("ask"),
                says=row.text("says"),
                repeat=row.texts("repeat"),
                sources=row.cited(sources),
            )
        )
        row.done()
    grounds = Grounds(top.text("id"), tuple(tests), tuple(tracks), sources)
    top.done()
    if not tests or GO_ON in {tests[-1].yes, tests[-1].no}:
        raise StayError("the last test leads nowhere", where, "its yes and its no are outcomes")
    return grounds


def _ways(facts: Mapping[str, bool | None], grounds: Grounds) -> list[dict[str, bool]]:
    """Every way in which the tests could be answered: test -> yes or no."""
    choices = []
    for test in grounds.tests:
        answer = _answer(test.any_of, facts)
        choices.append((True, False) if answer is None else (answer,))
    return [
        dict(zip((test.id for test in grounds.tests), way, strict=True))
        for way in itertools.product(*choices)
    ]


def _walk(way: Mapping[str, bool], grounds: Grounds) -> tuple[Outcome, list[Question]]:
    """Where one way leads, and the tests on it."""
    passed = []
    for test in grounds.tests:
        passed.append(test)
        leads = test.yes if way[test.id] else test.no
        if leads != GO_ON:
            return Outcome(leads), passed
    raise AssertionError(grounds.id)


def _answer(any_of: tuple[str, ...], facts: Mapping[str, bool | None]) -> bool | None:
    """Yes if any fact holds; no if all are known not to; else unknown."""
    values = [facts.get(fact) for fact in any_of]
    if any(values):
        return True
    return None if None in values else False


def _fired(row: Question | Track, facts: Mapping[str, bool | None], grounds: Grounds) -> Fired:
    cited = tuple(
        f"{source.title} ({source.where})" for source in (grounds.sources[name] for name in row.sources)
    )
    return Fired(row.id, row.ask, _answer(row.any_of, facts), row.says, cited)


def _tracks(facts: Mapping[str, bool | None], grounds: Grounds) -> tuple[Fired, ...]:
    return tuple(
        _fired(track, facts, grounds) for track in grounds.tracks if _answer(track.any_of, facts) is not False
    )
