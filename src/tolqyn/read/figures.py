"""Figures and days as people write them in cells. Pure.

A figure that could be read in two ways is not read: a wrong thousandfold is worse than a gap.
"""

from __future__ import annotations

import re
from calendar import IllegalMonthError, monthrange
from datetime import date

from tolqyn.errors import ReadError

__all__ = ["read_day_cell", "read_figure"]

_SPACES = re.compile(r"[ \u00a0\u2007\u2009\u202f'’]")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?")
_SPACED = re.compile(r"[+-]?\d{1,3}([ \u00a0\u2007\u2009\u202f'’]\d{3})+([.,]\d+)?")
_GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?|[+-]?\d{1,3},\d{3}\.\d+"),
    ".": re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}(,\d+)?|[+-]?\d{1,3}\.\d{3},\d+"),
}
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_FIGURE_CHARACTERS = 40


def read_figure(cell: str | float, *, whole: bool) -> float:
    """The number that a cell holds.

    "50 928", "50928", "1,234,567", "1.234.567", "12,5" have one reading. "50,928" is read as a count
    of whole things where `whole` says that it must be one; "50.928" never is, because machines write
    decimals so and people in half of the world thousands.

    Args:
        cell: text, or a number as a typed file holds it.
        whole: whether the figure counts persons, crossings, vehicles or households.

    Raises:
        ReadError: no number, or one with two readings; the caller adds where.

    >>> read_figure("50 928", whole=True)
    50928.0
    """
    if isinstance(cell, int | float):
        return float(cell)
    text = cell.strip().replace("\u2212", "-")
    if text.startswith("="):
        raise ReadError(
            f"{text[:_FIGURE_CHARACTERS]!r} is a formula, and none is computed", hint="write its value"
        )
    one = _ONE_GROUP.fullmatch(text)
    if one and not (whole and one.group(1) == ","):
        either = text.replace(one.group(1), ""), text.replace(",", ".")
        raise ReadError(
            f"{text!r} could be {either[0]} or {either[1]}", hint=f"write {either[0]} or {either[1]}0"
        )
    if _PLAIN.fullmatch(text):
        return float(text)
    if one:
        return float(text.replace(",", ""))
    if _SPACED.fullmatch(text):
        return float(_SPACES.sub("", text).replace(",", "."))
    if _GROUPED[","].fullmatch(text):
        return float(text.replace(",", ""))
    if _GROUPED["."].fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    hint = "write the figure in digits, in persons: 98000"
    if "%" in text:
        hint = "write the figure without the sign, and percent under unit"
    raise ReadError(f"{text[:_FIGURE_CHARACTERS]!r} is no figure", hint=hint)


def read_day_cell(cell: str | float, *, first: bool = True) -> date:
    """The day that a cell holds: 2022-09-21, with a time or not, or 21.09.2022; of a month, 2022-09, an end.

    Args:
        cell: as the table holds it.
        first: whether a month stands for its first day, or its last.

    Raises:
        ReadError: no day, or one whose month and day could be swapped; the caller adds where.
    """
    text = str(cell).strip()
    iso, dotted, month = _ISO_DAY.fullmatch(text), _DOTTED_DAY.fullmatch(text), _MONTH.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        if month:
            year, number = int(month[1]), int(month[2])
            return date(year, number, 1 if first else monthrange(year, number)[1])
    except (ValueError, IllegalMonthError):
        pass
    raise ReadError(
        f"{text[:_FIGURE_CHARACTERS]!r} is no day that can be read",
        hint="days are written 2022-09-21, months 2022-09",
    )
