"""A usual day against a long count: "9,000 to 12,000 a day" beside a total over the same months."""

from __future__ import annotations

from collections import defaultdict

from tolqyn.claims import Qualifier
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context, family
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said, gap
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    figure_text,
    quantity_text,
    statement_text,
    window_text,
)

__all__ = ["find_rates"]

_LONG = 90  # days: over a season and more a usual day and the mean day should agree
_YEAR = 360  # a rate by the month or year speaks of all seasons


def find_rates(context: Context) -> list[Finding]:
    """Rates of an open past that the longest total over that past excludes, one finding for each saying."""
    told: defaultdict[tuple[object, ...], list[tuple[Said, Said]]] = defaultdict(list)
    for rate in (one for one in context.said if one.per_day and one.claim.qualifier is not Qualifier.UP_TO):
        total = _longest_total(rate, context)
        if total is not None and total.start and total.end and gap(rate.over(total.start, total.end), total):
            key = (rate.place, rate.group, rate.figure_low, rate.figure_high)
            told[key].append((rate, total))
    return [_tell(pairs) for pairs in told.values()]


def _longest_total(rate: Said, context: Context) -> Said | None:
    """The longest count of which nine days in ten are days that the rate speaks of."""
    totals = [
        one
        for one in context.by_family[family(rate)]
        if one.start
        and one.end
        and one.end_known
        and not one.per_day
        and one.group == rate.group
        and "/" not in one.claim.unit
        and (one.days or 0) >= (_LONG if rate.claim.unit.endswith(("/day", "/week")) else _YEAR)
        and rate.end is not None
        and rate.start is None
        and (min(one.end, rate.end) - one.start).days + 1 >= 0.9 * (one.days or 0)
    ]
    return max(totals, key=lambda one: (one.days or 0, one.statement.id), default=None)


def _tell(pairs: list[tuple[Said, Said]]) -> Finding:
    """The worst of the pairs speaks; entries and exits told alike are one saying."""
    sized = [(_apart(rate, total), rate, total) for rate, total in pairs]
    residual, rate, total = max(sized, key=lambda one: (one[0], one[1].statement.id))
    days = total.days or 1
    mean = total.figure / days
    high = rate.figure_low > mean
    busiest = int(total.figure_high / rate.figure_low) if rate.figure_low else 0
    return Finding(
        "rate",
        tuple(said for pair in pairs for said in pair),
        residual,
        f"{capital(quantity_text(rate))}: {figure_text(rate)} ({window_text(rate)}), but {figure_text(total)} "
        f"({window_text(total)}) make {count(mean)} a day",
        f"{capital(statement_text(rate))}. {capital(statement_text(total))}, which is {count(mean)} a day. At the stated "
        f"daily figure those {days} days would have brought {count(rate.figure_low * days)} to "
        f"{count(rate.figure_high * days)}.",
        (
            Trial(
                Reason.WINDOW,
                f"The daily figure can describe only the busier days: it holds on at most {busiest} of the {days}."
                if high
                else "A daily figure below the mean of all days leaves nothing for other days to explain.",
                0.0 if high else residual,
                high,
            ),
        ),
    )


def _apart(rate: Said, total: Said) -> float:
    assert total.start is not None
    assert total.end is not None
    return gap(rate.over(total.start, total.end), total)
