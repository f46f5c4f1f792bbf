"""What `tolqyn stay` prints. Apart from its options, so that `--help` need not wait for the arithmetic."""

from __future__ import annotations

import csv as csv_format
import io
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tolqyn.cli.common import (
    fail,
    out,
    print_csv,
    print_jsonl,
    print_table,
    safe,
    say,
    tell_problems,
    up_to_date,
)
from tolqyn.errors import StayError, UsageError
from tolqyn.places import alpha2
from tolqyn.stay import (
    ANSWER_COLUMNS,
    Answer,
    Deadline,
    Mode,
    Rule,
    RuleBook,
    Version,
    answer,
    answer_cases,
    parse_limits,
    parse_stay,
)
from tolqyn.stay.cohort import Cohort, clock_table, cohort_deadlines, what_if
from tolqyn.stay.removal import Finding, examine, load_grounds

__all__ = ["tell_cases", "tell_cohort", "tell_grounds", "tell_person", "tell_rules"]

_LABELS = {
    "days_used": "days used",
    "days_left": "days left",
    "max_stay": "longest lawful stay from entry, in days",
    "latest_exit": "last lawful day",
    "overstay_days": "days over the limit",
    "breach_days": "days of presence that exceeded a limit",
    "first_breach": "first of them",
    "next_entry": "first day when entering is lawful",
}


def tell_person(
    book: RuleBook,
    rule: str | None,
    country: str | None,
    nationality: str | None,
    stays: Sequence[str],
    on: date,
    mode: str,
    known_on: date | None,
    *,
    json: bool,
) -> None:
    """Print the answer for one person."""
    try:
        asked_mode = Mode(mode)
    except ValueError:
        raise UsageError(f"mode is {mode!r}", "--mode", f"it is one of: {', '.join(Mode)}") from None
    asked = _asked(book, rule, country, nationality, on)
    told = [parse_stay(text, "--stay") for text in stays]
    found = answer(told, asked, on, asked_mode, known_on=known_on)
    if json:
        print_jsonl([_record(found)])
    else:
        _print(found)


def _asked(book: RuleBook, rule: str | None, country: str | None, nationality: str | None, on: date) -> Rule:
    if rule:
        found = book.rule(rule)
        if found is not None:
            return found
        if ":" in rule:
            return Rule(rule, "", ("*",), "as given", (Version(rule, parse_limits(rule, "--rule"), ()),), {})
        raise StayError(
            f"no rule {rule!r}", "--rule", "`tolqyn stay --list` lists them; or give limits: rolling:90/180"
        )
    if not country or not nationality:
        raise UsageError(
            "whose stay, and where?",
            hint="give --in KZ --nationality RU, or --rule; or a CSV of cases. `tolqyn stay --help` has examples",
        )
    found = book.find(country, nationality, on=on)
    if found is None:
        raise StayError(
            f"no rule on file for nationals of {nationality.upper()} in {country.upper()}",
            hint="`tolqyn stay --list` lists what is on file; --rules adds a folder of your own",
        )
    return found


def tell_cases(path: Path, book: RuleBook, *, csv: bool, json: bool) -> None:
    """Print the answers to a table of cases; `-` is stdin."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        rows = list(csv_format.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv_format.Error) as error:
        raise StayError(f"cannot be read: {error}", str(path), "a CSV file in UTF-8") from None
    answers, problems = answer_cases(rows, book, str(path))
    columns = ("case_id", *ANSWER_COLUMNS)
    if csv:
        print_csv(columns, answers)
    elif json:
        print_jsonl(answers)
    else:
        print_table(columns, [[row[name] for name in columns] for row in answers])
    tell_problems(problems, limit=len(problems))
    say(f"{len(answers)} cases answered; {len(problems)} set aside")
    if problems and not answers:
        fail("no case could be answered")


def tell_cohort(
    path: Path,
    book: RuleBook,
    rule: str | None,
    country: str | None,
    nationality: str | None,
    as_if: Sequence[str],
    what_ifs: Sequence[str],
    ahead: int,
    as_of: date | None,
    seed: int,
    *,
    csv: bool,
) -> None:
    """Print how many people of a wave's surge reach each day of their stay, under the rules and under assumptions."""
    from tolqyn.estimate.cohorts import cohorts  # noqa: PLC0415 - the estimate loads when it is asked for

    with up_to_date(path) as opened:
        place, group = opened.situation.places[0], opened.situation.groups[0]
        asked = _asked(
            book,
            rule,
            country or alpha2(place) or place,
            nationality or alpha2(group) or group,
            opened.situation.start,
        )
        found = cohorts(opened.estimate(as_of=as_of, seed=seed), place, group, ahead=ahead)
    scenarios = {"as in force": asked, **{f"as if {name}": asked.as_if(name) for name in as_if}}
    scenarios |= {f"what if {text}": _assumed(asked, text) for text in what_ifs}
    cohort = Cohort(found.first_day, found.present)
    milestones = cohort_deadlines(cohort, scenarios)
    say(f"people of the surge of {group} in {place}, from {found.first_day}; everybody on a first visit")
    say("ordinary travellers are not in it; it explains and cites, and is no legal advice")
    if csv:
        table = clock_table(cohort, milestones)
        print_csv(table.column_names, table.to_pylist())
        return
    rows = []
    for each in milestones:
        # Persons past a limit are a stock; the others reach something once, so their days add up.
        stock = each.name == "over the limit"
        whole = each.persons[:, -1] if stock else each.persons.sum(axis=1)
        low, middle, high = np.quantile(whole, [0.05, 0.5, 0.95])
        busiest = cohort.days[int(each.persons.mean(axis=0).argmax())]
        when = f"on {cohort.days[-1]}" if stock else f"most on {busiest}"
        rows.append(
            (each.scenario, each.name, f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}", when if high else "")
        )
    print_table(("scenario", "milestone", "persons", "90 %", "when"), rows, right=("persons",))


def _assumed(rule: Rule, text: str) -> Rule:
    """The rule with other limits from a day, from LIMITS@DATE."""
    limits, _, day = text.partition("@")
    try:
        return what_if(rule, limits, date.fromisoformat(day))
    except ValueError:
        raise UsageError(f"{text!r} is not an assumption", "--what-if", "rolling:60/180@2022-10-15") from None


def tell_rules(book: RuleBook) -> None:
    """Print the rules on file."""
    rows = [
        (rule.destination, ",".join(rule.nationals), version.id, version.words, version.in_force)
        for rule in book.rules
        for version in rule.versions
    ]
    rows += [
        (
            rule.destination,
            ",".join(rule.nationals),
            duty.id,
            f"{duty.who}: {duty.what}, day {duty.days}",
            "duty",
        )
        for rule in book.rules
        for duty in rule.duties
    ]
    print_table(("in", "nationals", "id", "what", "in force"), sorted(rows))


def _print(found: Answer) -> None:
    head = (
        f"{found.verdict} on {found.on}"
        if found.mode is not Mode.PLAN
        else f"{found.verdict}: a plan to enter on {found.on}"
    )
    style = {"lawful": "green", "not lawful": "red"}.get(found.verdict, "yellow")
    out.print(head, style=f"bold {style}", markup=False)
    _lines("because", found.because)
    for name, label in _LABELS.items():
        if name in found.figures:
            out.print(safe(f"  {label}: {found.figures[name]}"), markup=False)
    _lines("to do", [_deadline_words(each) for each in found.deadlines])
    _lines("provision", found.provisions)
    _lines("note", found.notes)
    _lines("not known", found.missing)
    if found.confidence:
        out.print(f"  confidence: {found.confidence}", markup=False)
    out.print(
        "  This explains and cites; it decides nothing, and is no legal advice.", style="dim", markup=False
    )


def _deadline_words(each: Deadline) -> str:
    duty = each.duty
    unit = duty.unit.replace("_", " ") + ("s" if duty.days > 1 else "")
    by = (
        str(each.first)
        if each.first == each.last
        else f"{each.first} or {each.last}, as the {duty.start} is day 1 or not"
    )
    conflict = f" ({duty.conflict})" if duty.conflict else ""
    return f"{duty.id}: the {duty.who} must {duty.what} within {duty.days} {unit} of {duty.start}: by {by}{conflict}"


def tell_grounds(facts: Sequence[str], *, json: bool) -> None:
    """Print what the tests of removal and surrender explain of some facts; `list` prints the facts."""
    grounds = load_grounds()
    if list(facts) == ["list"]:
        print_table(
            ("test", "fact", "question"),
            [(t.id, f, t.ask) for t in grounds.rows for f in t.any_of],
        )
        return
    values = {"yes": True, "no": False, "unknown": None}
    known: dict[str, bool | None] = {}
    for text in facts:
        name, equals, value = text.partition("=")
        if not equals or value not in values:
            raise UsageError(
                f"{text!r} is not a fact", "--fact", "write criminal_case_opened=yes, =no or =unknown"
            )
        known[name] = values[value]
    found = examine(known)
    if json:
        print_jsonl([asdict(found)])
    else:
        _print_finding(found)


def _print_finding(found: Finding) -> None:
    out.print(str(found.outcome), style="bold", markup=False)
    words = {True: "yes", False: "no", None: "not known"}
    for row in (*found.fired, *found.tracks):
        out.print(safe(f"  {row.row}. {row.ask} {words[row.answer]}"), markup=False)
        out.print(safe(f"     {row.says}"), markup=False)
        out.print(safe(f"     Sources: {'; '.join(row.sources)}"), style="dim", markup=False)
    if len(found.could_be) > 1:
        out.print(f"  could be: {', '.join(found.could_be)}", markup=False)
    _lines("not known", found.missing)
    out.print(
        "  This explains and cites; it decides nothing, and is no legal advice.", style="dim", markup=False
    )


def _lines(label: str, lines: Any) -> None:
    for line in lines:
        out.print(safe(f"  {label}: {line}"), markup=False)


def _record(found: Answer) -> dict[str, Any]:
    """An answer as a JSON object: figures as [low, high]."""
    return {
        "mode": found.mode,
        "on": found.on,
        "verdict": found.verdict,
        "because": found.because,
        "rule": found.rule,
        "figures": {name: [value.low, value.high] for name, value in found.figures.items()},
        "deadlines": [
            {
                "duty": each.duty.id,
                "who": each.duty.who,
                "what": each.duty.what,
                "first": each.first,
                "last": each.last,
            }
            for each in found.deadlines
        ],
        "provisions": found.provisions,
        "notes": found.notes,
        "missing": found.missing,
        "confidence": found.confidence,
    }
