"""`tolqyn add`: documents and tables into a wave."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from tolqyn.cli.common import DOCUMENTS, WAVE, fail, parse_day, progress, say, tell_engines, tell_problems
from tolqyn.cli.engine import ANSWERS, ENDPOINT, ENGINE, KEY_ENV, MODEL, TIMEOUT, chosen_engine
from tolqyn.wave import Wave

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

        tolqyn add kz                      takes in what was put into the folder by hand
    """
    reader = chosen_engine(engine, endpoint, model, key_env, timeout, answers)
    given = {"publisher": publisher, "published": published and published.isoformat(), "language": language}
    with Wave(wave) as opened, progress() as bar:
        task = bar.add_task("reading", total=None)

        def step(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        added = opened.add(
            sources or (),
            given={k: v for k, v in given.items() if v},
            documents=documents,
            step=step,
            engine=reader,
        )
    tell_problems(added.problems)
    say(
        f"{len(added.new)} taken in, {added.unchanged} there already; "
        f"{added.claims} claims; {len(added.problems)} set aside"
    )
    tell_engines(added)
    if added.problems and not added.claims and (sources or not added.unchanged):
        fail("no claim could be taken in")
