"""`tolqyn stay`: the stay clock of a person, a table of cases, a wave."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tolqyn.cli.common import AS_OF, SEED, parse_day

__all__ = ["stay"]


def stay(
    cases: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CASES]",
            help="CSV of cases: case_id,rule,params,mode,stays,query_date; - is stdin. Or the word cohort, and a wave.",
        ),
    ] = None,
    wave: Annotated[
        Path | None, typer.Argument(metavar="[WAVE]", help="After cohort: whose people the clock is for.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(help="A rule or version by id, or limits such as rolling:90/180.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--in", help="Country of stay: KZ, GE, SCHENGEN, ...")
    ] = None,
    nationality: Annotated[str | None, typer.Option(help="Nationality, ISO alpha-2: RU, UA, ...")] = None,
    stays: Annotated[
        list[str] | None,
        typer.Option(
            "--stay",
            metavar="ENTRY/EXIT",
            help="A stay, repeatable: 2022-09-21/2022-10-05; 2022-09-21/ is still inside, /? not known; "
            "a date can be 2022-09-21..2022-09-25; a basis follows a comma.",
        ),
    ] = None,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DATE", parser=parse_day, help="The day asked; today if left out."),
    ] = None,
    plan: Annotated[
        date | None, typer.Option("--plan", metavar="DATE", parser=parse_day, help="A planned day of entry.")
    ] = None,
    mode: Annotated[
        str, typer.Option(help="status: on the day; check, peak: over all days up to it; absence; fixed_end.")
    ] = "status",
    known_on: Annotated[
        date | None,
        typer.Option(
            "--known-on", metavar="DATE", parser=parse_day, help="Answer as it could be known on that day."
        ),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", help="A folder with more rules (*.toml), such as a wave's rules/."),
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option(
            "--fact",
            metavar="FACT=yes|no|unknown",
            help="Grounds of surrender instead: a fact, repeatable; `--fact list` lists them.",
        ),
    ] = None,
    as_if: Annotated[
        list[str] | None,
        typer.Option(
            "--as-if",
            metavar="VERSION",
            help="cohort: as if this version had always been in force; repeatable.",
        ),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="LIMITS@DATE",
            help="cohort: other limits for entries from a day, such as rolling:60/180@2022-10-15; repeatable.",
        ),
    ] = None,
    ahead: Annotated[
        int, typer.Option("--ahead", min=0, max=400, help="cohort: days to follow people beyond the study.")
    ] = 100,
    as_of: AS_OF = None,
    seed: SEED = 0,
    list_rules: Annotated[bool, typer.Option("--list", help="List the rules on file.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Answers to cases as CSV.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """How long somebody may stay, by which provision: explains and cites, decides nothing.

    [dim]Examples:[/dim]

        tolqyn stay --in KZ --nationality RU --stay 2022-09-25/ --on 2022-12-20

        tolqyn stay --in KZ --nationality RU --stay 2023-02-01/2023-03-15 --plan 2023-05-01

        tolqyn stay cases.csv --csv > answers.csv

        tolqyn stay cohort kz --csv            how many people of the surge reach day 30, day 90, their last lawful day

        tolqyn stay cohort kz --what-if rolling:60/180@2022-10-15

        tolqyn stay --fact fear_of_return=no --fact criminal_case_opened=no
    """
    # numerics load when the verb runs: `--help` must not wait
    from tolqyn.cli import stay_answers as answers  # noqa: PLC0415
    from tolqyn.stay import load_rules  # noqa: PLC0415

    book = load_rules(*(rules or ()))
    if list_rules:
        answers.tell_rules(book)
    elif facts:
        answers.tell_grounds(facts, json=json)
    elif wave is not None:
        if str(cases) != "cohort":
            raise typer.BadParameter(f"{cases} and {wave}: one table of cases, or cohort and a wave")
        answers.tell_cohort(
            wave, book, rule, country, nationality, as_if or (), what_if or (), ahead, as_of, seed, csv=csv
        )
    elif cases is not None:
        answers.tell_cases(cases, book, csv=csv, json=json)
    else:
        day = plan or on or date.today()  # noqa: DTZ011 # the day where the person asks
        asked = "plan" if plan else mode
        answers.tell_person(book, rule, country, nationality, stays or (), day, asked, known_on, json=json)
