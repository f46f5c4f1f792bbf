"""A table of cases: one question a row, the answers under fixed names.

The columns are those of docs/reference/rules.md. A row that cannot be answered is a `Problem` beside the
answers of the others. Pure: rows in, rows out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from tolqyn.errors import Problem, StayError
from tolqyn.stay.load import RuleBook
from tolqyn.stay.person import Mode, Stay, answer, parse_stay, spread
from tolqyn.stay.rule import Duty, Rule, Version, parse_limits

__all__ = ["ANSWER_COLUMNS", "answer_case", "answer_cases"]

ANSWER_COLUMNS = (
    "days_used", "days_left", "max_stay", "latest_exit", "overstay", "overstay_days", "breach_days",
    "first_breach", "next_entry", "deadline", "rule",
)  # fmt: skip

_DEADLINE = re.compile(
    r"deadline:\s*(\d+)\w*\s+(?:(calendar|working)\s+)?days?(?:,\s*(?:entry|arrival|crossing) day = day ([01]))?\s*$"
)


def answer_cases(
    rows: Iterable[Mapping[str, str]], book: RuleBook, where: str
) -> tuple[list[dict[str, str]], list[Problem]]:
    """The answers to the rows that could be answered, and a problem for each that could not.

    Args:
        rows: columns case_id, rule, params, mode, stays, query_date; others are not read.
        book: the rules on file.
        where: the table, for messages; rows are counted from 2, after the header.
    """
    answers, problems = [], []
    for number, row in enumerate(rows, 2):
        spot = f"{where}, row {number}"
        try:
            answers.append({"case_id": row.get("case_id", ""), **answer_case(row, book, spot)})
        except StayError as error:
            problems.append(Problem.of(error, spot))
    return answers, problems


def answer_case(row: Mapping[str, str], book: RuleBook, where: str | None = None) -> dict[str, str]:
    """The answers to one row, by `ANSWER_COLUMNS`; empty where they do not apply.

    A rule id is looked up; its numbers may be given or changed by `params`, and `auto:DEST/NAT` chooses the rule.

    Raises:
        StayError: a column that is missing or cannot be read; a rule that is neither on file nor given by numbers.
    """
    mode = _cell(row, "mode", where)
    on = _day(_cell(row, "query_date", where), where)
    stays = [parse_stay(part, where) for part in (row.get("stays") or "").split(";") if part.strip()]
    answers = dict.fromkeys(ANSWER_COLUMNS, "")
    if mode == "deadline":
        return answers | _deadline(row, stays, on, book, where)
    rule = _rule(row, book, on, where)
    if mode == "govern":
        return answers | {"rule": answer(stays, rule, on, Mode.STATUS if stays else Mode.PLAN).rule or ""}
    try:
        asked = Mode(mode)
    except ValueError:
        known = ", ".join([*Mode, "govern", "deadline"])
        raise StayError(f"mode is {mode!r}", where, f"it is one of: {known}") from None
    found = answer(stays, rule, on, asked, known_on=on if asked is Mode.FIXED_END else None)
    figures = {name: str(value) for name, value in found.figures.items()}
    return answers | figures | {"rule": found.rule or ""}


def _rule(row: Mapping[str, str], book: RuleBook, on: date, where: str | None) -> Rule:
    name, params = _cell(row, "rule", where), (row.get("params") or "").strip()
    if name.startswith("auto:"):
        destination, slash, national = name.removeprefix("auto:").partition("/")
        if not slash or not destination or not national:
            raise StayError(f"{name!r} does not say who goes where", where, "write auto:KZ/RU")
        found = book.find(destination, national, on=on)
        if found is None:
            raise StayError(f"no rule on file for nationals of {national} at {destination}", where)
        return found
    rule = book.rule(name)
    try:
        limits = parse_limits(params, where)
    except StayError:
        # Prose in `params` describes a rule that is on file under its name.
        if rule is not None:
            return rule
        if params:
            raise
        known = ", ".join(book.ids)
        raise StayError(
            f"no rule {name!r}", where, f"give its numbers in params, or one of: {known}"
        ) from None
    if rule is not None and any(version.limits == limits for version in rule.versions):
        return rule
    # The numbers were given: they are the rule, whatever the file says under that name.
    version = Version(name, limits, ())
    return Rule(name, "", ("*",), "as given", (version,), {}, where=where or "")


def _deadline(
    row: Mapping[str, str], stays: list[Stay], on: date, book: RuleBook, where: str | None
) -> dict[str, str]:
    name, params = _cell(row, "rule", where), (row.get("params") or "").strip()
    if not stays:
        raise StayError("a deadline without a stay", where, "stays = 2026-07-01/")
    found = book.duty(name)
    given = _DEADLINE.match(params)
    if found is None and given is None:
        raise StayError(f"no duty {name!r}", where, "params = deadline:30th calendar day, entry day = day 1")
    duty = found[1] if found else Duty(name, "", "", 1, "calendar_day", "crossing", "unknown", ())
    if given:
        duty = _as_given(duty, given)
    begun = [stay for stay in stays if stay.entry.first is None or stay.entry.first <= on] or stays
    last = max(begun, key=lambda stay: stay.entry.first or date.min)
    by = spread(duty, last.entry, found[0].destination if found else "")
    dates = sorted({by.first, by.last})
    return {"deadline": "..".join(map(str, dates)), "rule": name}


def _as_given(duty: Duty, given: re.Match[str]) -> Duty:
    """The duty with the numbers and the convention of the row."""
    first_day = {"1": "arrival", "0": "next"}.get(given[3] or "", duty.first_day)
    unit = f"{given[2]}_day" if given[2] else duty.unit
    return replace(duty, days=int(given[1]), unit=unit, first_day=first_day)


def _cell(row: Mapping[str, str], name: str, where: str | None) -> str:
    value = (row.get(name) or "").strip()
    if not value:
        raise StayError(
            f"{name} is missing", where, "columns: case_id, rule, params, mode, stays, query_date"
        )
    return value


def _day(text: str, where: str | None) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StayError(f"query_date is {text!r}, not a day", where, "write it as 2022-10-04") from None
