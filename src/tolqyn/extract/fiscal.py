"""Fiscal years: which days they cover, by country.

Pure. In which month a country's fiscal year begins, and by which of its two years it is called, is the entry "Fiscal
year" of the CIA World Factbook; a country that is not here counts from January.
"""

from __future__ import annotations

from datetime import date, timedelta

from tolqyn.extract.spans import Span, months_back

__all__ = ["fiscal_year"]

_BEGINS = {
    "AUS": 7, "BGD": 7, "BTN": 7, "BWA": 4, "CAN": 4, "EGY": 7, "ETH": 7, "GBR": 4, "HKG": 4, "IND": 4, "JAM": 4,
    "JPN": 4, "KEN": 7, "MUS": 7, "MWI": 4, "NAM": 4, "NPL": 7, "NZL": 7, "PAK": 7, "RWA": 7, "SGP": 4, "SSD": 7,
    "THA": 10, "TTO": 10, "TZA": 7, "UGA": 7, "USA": 10, "ZAF": 4, "HTI": 10, "MMR": 4,
}  # fmt: skip
_BY_FIRST = {"JPN"}  # called by the year in which it begins; others by that in which it ends


def fiscal_year(
    country: str | None, year: int | None, anchor: date | None, *, back: int = 0, first: bool = False
) -> Span | None:
    """The days of a fiscal year.

    Args:
        country: alpha-3 of the country whose year it is; None is not known.
        year: as it is called; None is the one of the article.
        anchor: the day of the article.
        back: how many years before.
        first: whether `year` is the first of two ("2022/23").
    """
    month = _BEGINS.get(country or "", 1)
    if year is None:
        if anchor is None:
            return None
        begun = anchor.year if anchor.month >= month else anchor.year - 1
    else:
        begun = year if first or month == 1 or country in _BY_FIRST else year - 1
    start = date(begun - back, month, 1)
    end = months_back(start, -12) - timedelta(1)
    if anchor is not None and start <= anchor < end:
        end = anchor
    return Span(start, end, "year", "fiscal_year")
