"""`tolqyn extract`: claims in texts, without a wave."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tolqyn.claims import RECORD_FIELDS, Claim, claim_to_record
from tolqyn.cli.common import (
    DOCUMENTS,
    fail,
    figure,
    print_csv,
    print_jsonl,
    print_table,
    progress,
    say,
    tell_problems,
)
from tolqyn.cli.engine import ANSWERS, ENDPOINT, ENGINE, KEY_ENV, MODEL, TIMEOUT, chosen_engine
from tolqyn.errors import Problem
from tolqyn.wave import extract_paths

__all__ = ["extract"]


def extract(
    paths: Annotated[list[Path], typer.Argument(help="Documents, or folders of them; - is stdin.")],
    documents: DOCUMENTS = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="One row a claim.")] = False,
    engine: ENGINE = None,
    endpoint: ENDPOINT = None,
    model: MODEL = None,
    key_env: KEY_ENV = None,
    timeout: TIMEOUT = 120.0,
    answers: ANSWERS = None,
) -> None:
    """Find the claims in texts and print them; nothing is stored.

    [dim]Examples:[/dim]

        tolqyn extract article.html

        tolqyn extract articles/ --documents articles.csv --jsonl > claims.jsonl

        tolqyn extract articles/ --engine model --endpoint http://127.0.0.1:11434/v1 --model NAME
    """
    reader = chosen_engine(engine, endpoint, model, key_env, timeout, answers)
    problems: list[Problem] = []
    read = found = 0

    def told() -> Iterator[Claim]:
        nonlocal read, found
        with progress() as bar:
            task = bar.add_task("reading", total=None)
            for claims, problem in extract_paths(paths, documents, reader, workers=os.cpu_count() or 1):
                problems.extend(problem)
                read += 1
                found += len(claims)
                bar.update(task, completed=read)
                yield from claims

    if jsonl:
        print_jsonl(map(claim_to_record, told()))
    elif csv:
        print_csv(RECORD_FIELDS, map(claim_to_record, told()))
    else:
        names = ("doc", "measure", "place", "group", "figure", "window", "source", "quote")
        rows = [(c.doc, c.measure, c.place, c.group, figure(c), c.window, c.source, c.quote) for c in told()]
        print_table(names, rows, right=("figure",))
    tell_problems(problems)
    by = f" by {reader.name}" if reader else ""
    say(f"{found} claims in {read} documents{by}; {len(problems)} set aside")
    if not read or (problems and not found and len(problems) >= read):
        fail("nothing could be read")
