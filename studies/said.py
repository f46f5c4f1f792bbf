"""What the press would have said of a known daily series: totals since a day and single days, rounded and late.

Two families. `clean`: one body, sparse and rounded, without error. `muddled`: three bodies, one of
them off by some 6 to 15 %, one figure in ten a blunder, and each carried by several outlets, which
round further and forget whose figure it was. The bodies and outlets are invented.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Measure, Qualifier, Statement
from tolqyn.ledger import group_echoes

__all__ = ["FAMILIES", "Key", "Streams", "grouped"]

Array = NDArray[np.float64]
Key = tuple[str, str, str]  # measure, place, group
Streams = Mapping[Key, Array]

GUARD, MINISTRY, AGENCY = "Border Guard", "Ministry of the Interior", "Statistics Agency"
BLUNDER, BIAS = 0.10, (0.06, 0.15)


def clean(rng: np.random.Generator, streams: Streams, first: date) -> list[Claim]:
    """One body that errs by nothing but rounding."""
    return [
        _claim(rng, key, series[start : end + 1].sum(), start, end, GUARD, first)
        for key, series, start, end in _briefed(rng, streams, 1.0)
    ]


def muddled(rng: np.random.Generator, streams: Streams, first: date) -> list[Claim]:
    """Three bodies, one of them biased, with blunders, echoed."""
    off = float(np.exp(rng.choice([-1, 1]) * rng.uniform(*BIAS)))
    claims: list[Claim] = []
    for body, factor, pace in ((GUARD, 1.0, 1.5), (MINISTRY, 1.0, 2.5), (AGENCY, off, 1.5)):
        for key, series, start, end in _briefed(rng, streams, pace):
            value = factor * series[start : end + 1].sum()
            if rng.random() < BLUNDER:
                value = _blunder(rng, series, value, start, end)
            claim = _claim(rng, key, value, start, end, body, first)
            claims += [_carried(rng, claim, n) for n in range(int(rng.integers(2, 7)))]
    return claims


FAMILIES: Mapping[str, Callable[[np.random.Generator, Streams, date], list[Claim]]] = {
    "clean": clean,
    "muddled": muddled,
}


def grouped(claims: list[Claim]) -> list[Statement]:
    """Statements of those claims that say something; a zero is not told."""
    return list(group_echoes(claims))


def _briefed(
    rng: np.random.Generator, streams: Streams, pace: float
) -> Iterator[tuple[Key, Array, int, int]]:
    """On which days what is told: at first every other day, later about once a week, `pace` times as seldom."""
    days = len(next(iter(streams.values())))
    day = int(rng.integers(1, 4))
    while day < days:
        for key, series in streams.items():
            if series[: day + 1].sum() >= 1:
                yield key, series, 0, day
            if series[day] >= 1 and rng.random() < 0.35:
                yield key, series, day, day
        day += 1 + int(rng.poisson(pace * min(1 + day / 20, 6)))


def _claim(
    rng: np.random.Generator, key: Key, value: float, start: int, end: int, body: str, first: date
) -> Claim:
    """The figure as it is worded: in full, to three digits, or to two with a word that owns to it."""
    style = rng.choice(["full", "three", "about", "over"], p=[0.3, 0.45, 0.15, 0.1])
    step = _step(value, {"full": 9, "three": 3, "about": 2, "over": 2}[style])
    stated = (np.floor if style == "over" else np.round)(value / step) * step
    word = Qualifier(style) if style in {"about", "over"} and stated != value else Qualifier("exact")
    said = first + timedelta(days=end + 1 + int(rng.random() < 0.3) * int(rng.integers(1, 5)))
    measure, place, group = key
    return Claim(
        doc=f"{measure}-{place}-{group}-{start}-{end}-{body}", quote="", measure=Measure(measure), place=place, group=group,
        value=float(max(stated, 1)), qualifier=word, window_start=first + timedelta(days=start),
        window_end=first + timedelta(days=end), organization=body, said=said, published=said,
    )  # fmt: skip


def _carried(rng: np.random.Generator, claim: Claim, outlet: int) -> Claim:
    """The claim as one more outlet tells it."""
    assert claim.value is not None
    assert claim.published is not None
    told = replace(
        claim,
        doc=f"{claim.doc}-{outlet}",
        publisher=f"Outlet {outlet}",
        published=claim.published + timedelta(days=int(rng.integers(0, 4))) if outlet else claim.published,
    )
    if outlet and rng.random() < 0.25:
        step = _step(claim.value, 2)
        told = replace(told, value=max(round(claim.value / step) * step, 1.0), qualifier=Qualifier("about"))
    if outlet and rng.random() < 0.2:
        told = replace(told, organization=None)
    return told


def _blunder(rng: np.random.Generator, series: Array, value: float, start: int, end: int) -> float:
    """A figure of a week before under a new date, two digits changed about, or a nought too many or too few."""
    kind = rng.choice(["stale", "swapped", "nought"], p=[0.5, 0.35, 0.15])
    if kind == "stale":
        return float(max(series[max(start - 7, 0) * (start > 0) : max(end - 7, 0) + 1].sum(), 1))
    if kind == "nought":
        return float(value * rng.choice([0.1, 10]))
    digits = list(str(int(value)))
    if len(digits) > 1:
        digits[0], digits[1] = digits[1], digits[0]
    return float(max(int("".join(digits)), 1))


def _step(value: float, digits: int) -> float:
    """The unit of the last of so many digits."""
    return float(10.0 ** max(int(np.floor(np.log10(max(value, 1)))) - digits + 1, 0))
