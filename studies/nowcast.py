"""The last days as they were known at the time: nowcasts against the first published figure and a chain ladder.

Ukraine: the daily exits of UNHCR as each crawl of 2022 showed them, against the series of February
2023. The last days of a crawl lack countries and are revised for weeks; the next two days are not
out yet. The Channel: the figure of the next morning, against the final one. Only what was out by the
day of the nowcast is used, also by the chain ladder's factors.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from studies import pictures, table
from studies.real import rows_of
from studies.scores import crps, interval_score
from studies.work import each
from tolqyn.claims import Claim, Measure, Statement
from tolqyn.estimate import estimate
from tolqyn.situation import Event, Situation

__all__ = ["chain_ladder", "run", "when"]

Array = NDArray[np.float64]

DRAWS = 500
SPAN = 35  # days that a nowcast looks back on
MATURE = {"Ukraine": 14, "Channel": 60}  # days after which a figure is taken for final
BEHIND, AHEAD = (
    3,
    2,
)  # of the last day that is out: how many days are asked again, and how many before they are out
START = date(2022, 2, 24)
HEAD = (
    "series", "age", "nowcasts", "crps", "interval_score", "inside_50", "inside_80", "inside_90", "inside_95",
    "error_first_published", "error_chain_ladder", "ratio_first_published", "ratio_chain_ladder",
)  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """A figure of one day as it was first seen on a day."""

    day: date
    seen: date
    count: float


def run(waves: int) -> None:
    """Nowcasts on up to `waves` / 2 days of each series; write nowcast.csv and nowcast.svg."""
    jobs = []
    for name in MATURE:
        tellings, _ = history(name)
        vintages = sorted({one.seen for one in tellings})
        vintages = [day for day in vintages if day >= vintages[0] + timedelta(days=10)]
        chosen = np.unique(np.linspace(0, len(vintages) - 1, max(waves // 2, 2)).astype(int))
        jobs += [(name, vintages[n].isoformat()) for n in chosen]
    by_age: dict[tuple[str, int], list[list[float]]] = defaultdict(list)
    for (name, _), nowcasts in zip(jobs, each("nowcast", _judged, jobs), strict=True):
        for age, *scores in nowcasts:
            by_age[name, int(age)].append(scores)
    rows = [_row(name, age, np.array(scores)) for (name, age), scores in sorted(by_age.items())]
    table.write("nowcast", HEAD, rows)
    _draw()


def _draw() -> None:
    ratios = [
        (
            f"{row['series']}, {when(int(row['age']))}",
            {
                "first published": float(row["ratio_first_published"]),
                "chain ladder": float(row["ratio_chain_ladder"]),
            },
        )
        for row in table.read("nowcast")
    ]
    words = "CRPS of the nowcast over the error of the first published figure and of a chain ladder"
    pictures.save("nowcast", pictures.ratios(ratios, {"first published": 1.0, "chain ladder": 1.0}, words))


def when(age: int) -> str:
    """How old a day is, counted from the last one that is out."""
    return f"{-age} to come" if age < 0 else f"{age} before the last" if age else "the last out"


def _row(name: str, age: int, scores: Array) -> list[str | int]:
    ours, width, rank, first, ladder = scores.T
    inside = [float((np.abs(rank - 0.5) <= level / 2).mean()) for level in (0.5, 0.8, 0.9, 0.95)]
    return [
        name, age, len(scores), f"{ours.mean():.4g}", f"{width.mean():.4g}", *(f"{share:.3f}" for share in inside),
        f"{first.mean():.4g}", f"{ladder.mean():.4g}", f"{ours.mean() / first.mean():.3f}", f"{ours.mean() / ladder.mean():.3f}",
    ]  # fmt: skip


def history(name: str) -> tuple[list[Telling], dict[date, float]]:
    """All that was told of each day, and the final figures."""
    if name == "Ukraine":
        final = {date.fromisoformat(row["date"]): float(row["exits"]) for row in rows_of("ukr_exits.csv")}
        tellings = [
            Telling(date.fromisoformat(row["date"]), date.fromisoformat(row["seen"]), float(row["exits"]))
            for row in rows_of("ukr_exits_revisions.csv")
        ]
        return [one for one in tellings if one.day in final and one.seen.year == 2022], final
    rows = rows_of("gbr_first_reports.csv")
    final = {date.fromisoformat(row["date"]): float(row["final"]) for row in rows}
    tellings = [
        Telling(date.fromisoformat(row["date"]), date.fromisoformat(row["retrieved"]), float(row["arrivals"]))
        for row in rows
    ]
    settled = [
        Telling(day, day + timedelta(days=MATURE[name]), count)
        for day, count in final.items()
        if day + timedelta(days=MATURE[name]) <= tellings[-1].seen
    ]
    return [*tellings, *settled], final


def known(tellings: list[Telling], vintage: date) -> dict[date, float]:
    """The latest figure of each day that was out by a day."""
    out = {}
    for one in sorted(tellings, key=lambda one: one.seen):
        if one.seen <= vintage:
            out[one.day] = one.count
    return out


def chain_ladder(tellings: list[Telling], vintage: date, mature: int) -> dict[int, float]:
    """What a figure grows by after it has been out for so many days: age in days -> factor.

    Over the days that have matured by the vintage: the sum of what is known of them now over the sum
    of what was known of them when their age was that of the figure (Mack 1993, all years alike).
    """
    now = known(tellings, vintage)
    factors = {}
    for age in range(-1, SPAN):
        then, later = 0.0, 0.0
        for day, count in now.items():
            if (vintage - day).days < mature:
                continue
            seen = [one for one in tellings if one.day == day and one.seen <= day + timedelta(days=age)]
            if seen:
                then += max(seen, key=lambda one: one.seen).count
                later += count
        factors[age] = later / then if then > 0 else 1.0
    return factors


def _judged(job: tuple[str, str]) -> list[list[float]]:
    """age, CRPS, interval score, rank and the rivals' errors for each day that is asked on one day."""
    name, vintage = job[0], date.fromisoformat(job[1])
    tellings, final = history(name)
    out = known(tellings, vintage)
    last = max(out)
    posterior = estimate(*_told(name, tellings, vintage, last), draws=DRAWS)
    draws = posterior.draws(*_KEYS[name])
    factors = chain_ladder(tellings, vintage, MATURE[name])
    scored = []
    for day in _asked(last, final):
        values, truth = draws[:, [(day - posterior.days[0]).days]], np.array([final[day]])
        first = out.get(day, out[last])
        # A day that is not out is taken to be as the last that is.
        ladder = first * factors.get((vintage - min(day, last)).days, 1.0)
        rank = (values < truth).mean() + 0.5 * (values == truth).mean()
        scored.append(
            [
                (last - day).days,
                float(crps(values, truth)[0]),
                float(interval_score(values, truth)[0]),
                float(rank),
                abs(first - truth[0]),
                abs(ladder - truth[0]),
            ]
        )
    return scored


_KEYS = {"Ukraine": ("exits", "UKR", "any"), "Channel": ("entries", "GBR", "any")}


def _asked(last: date, final: dict[date, float]) -> Iterator[date]:
    for offset in range(1 - BEHIND, AHEAD + 1):
        day = last + timedelta(days=offset)
        if day in final:
            yield day


def _told(name: str, tellings: list[Telling], vintage: date, last: date) -> tuple[list[Statement], Situation]:
    """Every figure of the last weeks that was out, with the day on which it was; later ones revise earlier ones."""
    measure, place, group = _KEYS[name]
    begin = max(last - timedelta(days=SPAN), START)
    claims = [
        Claim(
            doc=f"{one.seen}",
            quote="",
            measure=Measure(measure),
            place=place,
            group=group,
            value=one.count,
            window_start=one.day,
            window_end=one.day,
            organization="UNHCR" if name == "Ukraine" else "Home Office",
            said=one.seen,
            published=one.seen,
        )
        for one in tellings
        if begin <= one.day and one.seen <= vintage
    ]
    events = (Event(START, "invasion of Ukraine"),) if name == "Ukraine" and begin == START else ()
    situation = Situation("nowcast", begin, last + timedelta(days=AHEAD), (place,), (group,), events, ())
    return [Statement("s" + claim.id, (claim,), 1) for claim in claims], situation
