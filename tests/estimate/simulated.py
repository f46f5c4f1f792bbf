"""Made-up waves with a known truth, and what a press that rounds and repeats would say of them.

Nothing here uses the model that estimates them: entries are counted person by person, each
person of a surge has a stay of their own, and exits are those whose stay is over.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tolqyn.claims import Claim, Measure, Qualifier, Statement
from tolqyn.situation import Event, Situation

START = date(2031, 3, 1)
EVENT_DAY = 40
DAYS = 100


@dataclass(frozen=True)
class Wave:
    """A made-up wave: what happened (day,), and what was said of it."""

    situation: Situation
    statements: list
    entries: np.ndarray
    exits: np.ndarray
    stock: np.ndarray
    surplus: np.ndarray


def simulate(seed, bias_sd=0.01, noise_sd=0.006):
    """One wave of a hundred days with an event on the fortieth."""
    rng = np.random.default_rng(seed)
    days = DAYS + 60  # people who came before the study leave during it
    level = (
        np.exp(rng.normal(np.log(4000), 0.7))
        * np.exp(np.cumsum(rng.normal(0, 0.06, days // 7 + 1))).repeat(7)[:days]
    )
    weekday = np.exp(0.1 * rng.standard_normal(7))[np.arange(days) % 7]
    ordinary = rng.poisson(level * weekday * np.exp(0.06 * rng.standard_normal(days)))
    since = np.arange(days) - 60 - EVENT_DAY
    height, half_life = rng.uniform(0.3, 3), rng.uniform(5, 25)
    wave = np.where(since >= 0, height * 0.5 ** (since / half_life) * (1 - 0.6 ** (since + 1.0)), 0)
    wave *= np.exp(
        np.cumsum(0.12 * rng.standard_normal(days)) * (since >= 0) / np.sqrt(1 + np.maximum(since, 0) / 8)
    )
    surge = rng.poisson(level * weekday * wave)
    shares = rng.dirichlet([4, 4, 3])
    exits = leave(rng, ordinary, days, [0.4, 0.6, 0.0]) + leave(rng, surge, days, shares)
    residents = int(rng.uniform(5, 40) * level[60])
    entries = ordinary + surge
    stock = residents + np.cumsum(entries - exits)
    keep = slice(60, None)
    situation = Situation(
        "made up", START, START + timedelta(DAYS - 1), ("AAA",), ("BBB",),
        (Event(START + timedelta(EVENT_DAY), "made up"),),
    )  # fmt: skip
    truth = entries[keep], exits[keep], stock[keep], surge[keep]
    return Wave(situation, list(say(rng, *truth[:3], bias_sd, noise_sd)), *truth)


def leave(rng, came, days, shares):
    """Exits per day of those who came, in transit, on a visit or to stay on."""
    out = np.zeros(days, dtype=int)
    for day, count in enumerate(came):
        transit, visit, _ = rng.multinomial(count, shares)
        for n, stays in (
            (transit, rng.geometric(1 / 3, transit) - 1),
            (visit, rng.gamma(2, 10, visit).astype(int)),
        ):
            if n:
                gone = day + stays
                out += np.bincount(gone[gone < days], minlength=days)
    return out


def say(rng, entries, exits, stock, bias_sd, noise_sd):
    """What two bodies and the press say: windows, days, rates and stocks, rounded, some with a qualifier."""
    bodies = {name: rng.normal(0, bias_sd, 3) for name in ("Border Service", "Ministry of the Interior")}

    def stated(measure, true, first, last, body, unit="persons"):
        bias = bodies[body][["entries", "exits", "stock"].index(measure)]
        value = true * np.exp(bias + noise_sd * rng.standard_t(4))
        digits = int(rng.integers(2, 4)) if rng.random() < 0.7 else 6
        step = 10.0 ** max(int(np.floor(np.log10(max(value, 1)))) - digits + 1, 0)
        qualifier = rng.choice(["exact", "about", "over"], p=[0.6, 0.25, 0.15])
        value = (np.floor(value / step) if qualifier == "over" else np.round(value / step)) * step
        said = START + timedelta(int(last))
        claim = Claim(
            doc="made-up", quote="", measure=Measure(measure), place="AAA", group="BBB", value=float(value),
            qualifier=Qualifier(str(qualifier)), unit=unit, window_start=START + timedelta(int(first)),
            window_end=said, organization=body, said=said,
        )  # fmt: skip
        return Statement("s" + claim.id, (claim,), 1)

    usual = slice(EVENT_DAY - 30, EVENT_DAY)
    yield stated(
        "entries", entries[usual].mean(), usual.start, usual.stop - 1, "Border Service", "persons/day"
    )
    yield stated("exits", exits[usual].mean(), usual.start, usual.stop - 1, "Border Service", "persons/day")
    yield stated("stock", stock[20], 20, 20, "Ministry of the Interior")
    for day in np.sort(rng.choice(np.arange(EVENT_DAY + 4, DAYS), 8, replace=False)):
        body = str(rng.choice(list(bodies)))
        for measure, series in (("entries", entries), ("exits", exits)):
            if rng.random() < 0.8:
                yield stated(measure, series[EVENT_DAY : day + 1].sum(), EVENT_DAY, day, body)
            if rng.random() < 0.4:
                yield stated(measure, series[day - 1], day - 1, day - 1, body)
        if rng.random() < 0.25:
            yield stated("stock", stock[day], day, day, body)
