"""`tolqyn add`: documents and tables into a wave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tolqyn.cli.common import (
    DOCUMENTS,
    WAVE,
    fail,
    parse_day,
    print_table,
    progress,
    say,
    tell_engines,
    tell_problems,
)
from tolqyn.cli.engine import ANSWERS, ENDPOINT, ENGINE, KEY_ENV, MODEL, TIMEOUT, chosen_engine
from tolqyn.errors import EstimateError
from tolqyn.wave import Wave

if TYPE_CHECKING:
    from tolqyn.estimate import Posterior
    from tolqyn.estimate.case import Case
    from tolqyn.estimate.vintages import Belief

__all__ = ["add"]


def add(
    wave: WAVE,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders or addresses (http, https; a feed gives its items). None: what lies in the wave's folder."
        ),
    ] = None,
    documents: DOCUMENTS = None,
    publisher: Annotated[
        str | None, typer.Option(help="Who carried it, where the page does not say.")
    ] = None,
    published: Annotated[
        date | None,
        typer.Option(
            parser=parse_day, metavar="DATE", help="Day of publication, where the page does not say."
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language code, where it is not to be guessed.")
    ] = None,
    engine: ENGINE = None,
    endpoint: ENDPOINT = None,
    model: MODEL = None,
    key_env: KEY_ENV = None,
    timeout: TIMEOUT = 120.0,
    answers: ANSWERS = None,
    show: Annotated[
        bool,
        typer.Option("--show", help="Show at once what they do to the picture, and to its contradictions."),
    ] = False,
) -> None:
    """Take documents and tables into a wave: keep them as seen, read their claims.

    Articles (.html .txt .md .pdf) and claims tables (.csv .xlsx .parquet) are copied into the wave's
    folder. The same file twice changes nothing. What cannot be read is set aside and listed; the
    rest goes on. With --engine every document of the wave is read by the one named; without it what
    is new is read by the rules, and what a language model has read stays as it is.

    [dim]Examples:[/dim]

        tolqyn add kz article.html statement.pdf tables.xlsx

        tolqyn add kz https://example.org/news/1 --published 2022-10-04

        tolqyn add kz articles/ --documents articles.csv

        tolqyn add kz statement.pdf --show

        tolqyn add kz                      takes in what was put into the folder by hand
    """
    reader = chosen_engine(engine, endpoint, model, key_env, timeout, answers)
    given = {"publisher": publisher, "published": published and published.isoformat(), "language": language}
    with Wave(wave) as opened:
        if show and sources:
            opened.add()  # what lies in the folder already is part of the picture before
        before = _picture(opened) if show else None
        with progress() as bar:
            task = bar.add_task("reading", total=None)
            added = opened.add(
                sources or (),
                given={k: v for k, v in given.items() if v},
                documents=documents,
                step=lambda done, total: bar.update(task, completed=done, total=total),
                engine=reader,
            )
        tell_problems(added.problems)
        say(
            f"{len(added.new)} taken in, {added.unchanged} there already; "
            f"{added.claims} claims; {len(added.problems)} set aside"
        )
        tell_engines(added)
        if show:
            _tell_moved(before, _picture(opened))
    if added.problems and not added.claims and (sources or not added.unchanged):
        fail("no claim could be taken in")


_Picture = tuple["Posterior", Sequence["Case"]]


def _picture(opened: Wave) -> _Picture | None:
    """What is known, going on from the last estimate of this session; None where nothing said can be read yet."""
    with progress() as bar:
        bar.add_task("estimating", total=None)
        try:
            posterior = opened.picture()
        except EstimateError as error:
            say(f"no picture yet: {error}")
            return None
        return posterior, opened.cases(posterior)


def _tell_moved(before: _Picture | None, after: _Picture | None) -> None:
    """The headline numbers before and after, and the contradictions that were not there before."""
    from tolqyn.estimate.vintages import beliefs, headline_spans  # noqa: PLC0415 (loads numpy)

    if after is None:
        return
    posterior, cases = after
    last = posterior.days[-1] if before is None else min(posterior.days[-1], before[0].days[-1])
    spans = headline_spans(posterior, last)
    held = {belief.span: belief for belief in beliefs(before[0], spans)} if before else {}
    rows = [
        (
            belief.span.stream.measure,
            belief.span.stream.place,
            belief.span.stream.group,
            f"{belief.span.first} to {last}" if belief.span.first < last else f"on {last}",
            _words(held.get(belief.span)),
            _words(belief),
        )
        for belief in beliefs(posterior, spans)
    ]
    print_table(("measure", "place", "group", "days", "before", "now"), rows, right=("before", "now"))
    known = {case.title for case in before[1]} if before else set()
    for case in cases:
        if case.title not in known:
            say(f"new contradiction: {case.title}")


def _words(belief: Belief | None) -> str:
    return "unknown" if belief is None else f"{belief.middle:,.0f} ({belief.low:,.0f} to {belief.high:,.0f})"
