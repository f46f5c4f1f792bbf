"""Invented waves with a known truth, and what is said of them, in six families.

`press`, `tables`, `biased`, `echoes` and `untold` (nothing is told of days before the event) are drawn from the model itself,
every prior included: on them intervals must hold as stated, or the inference is wrong. `people` is another world: persons
with stays of their own, a surge of another shape, errors that are not the model's. All names are
invented.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Measure, Qualifier, Statement
from tolqyn.estimate import Priors
from tolqyn.estimate.account import Account, Roughness
from tolqyn.ledger import group_echoes
from tolqyn.situation import Event, Situation, SourceNote

__all__ = ["DAYS", "EVENT_DAY", "FAMILIES", "Invented", "alone", "invent", "situation"]

Array = NDArray[np.float64]

START = date(2031, 3, 1)
DAYS, EVENT_DAY = 100, 40
BODIES = ("Border Service", "Ministry of the Interior")
# The size of a wave may be any to the estimate; those invented here are of some thousands a day.
PRIORS = Priors(untold_level_sd=Priors().level_sd)


@dataclass(frozen=True)
class Invented:
    """A wave: what is known of it, what was said, and what happened, each (day,)."""

    situation: Situation
    statements: list[Statement]
    entries: Array
    exits: Array
    stock: Array


def invent(family: str, seed: int) -> Invented:
    """One wave of a family."""
    rng = np.random.default_rng([sorted(FAMILIES).index(family), seed])
    truth = of_people(rng) if family == "people" else of_the_model(rng, untold=family == "untold")
    return FAMILIES[family](rng, truth)


Truth = dict[str, Array]


def of_the_model(rng: np.random.Generator, *, untold: bool) -> Truth:
    """A draw from the prior; one whose stock falls below zero is drawn again."""
    while True:
        roughness = Roughness(
            float(np.exp(PRIORS.roughness_sd * rng.standard_normal())),
            float(np.exp(PRIORS.season_sd * rng.standard_normal())),
            bool(rng.random() < PRIORS.exit_surge_chance),
            float(np.exp(PRIORS.stray_sd * rng.standard_normal())),
        )
        level = float(np.exp(rng.normal(np.log(5_000), 0.7) - PRIORS.untold_height * untold))
        account = Account(
            days=DAYS, weekday=START.weekday(), events=(EVENT_DAY,), kinds=(), level=level,
            stock=PRIORS.stock_days, roughness=roughness, priors=PRIORS, untold=untold,
        )  # fmt: skip
        drawn = account.streams(rng.standard_normal((1, account.size)))
        # The stock is centred on days of traffic as it turned out, as the estimate has it.
        usual = np.median(drawn.entries) * np.exp(-PRIORS.untold_height * untold)
        before = drawn.stock_before[0] * usual
        entries, exits = np.rint(drawn.entries[0]), np.rint(drawn.exits[0])
        stock = np.rint(before) + np.cumsum(entries - exits)
        if stock.min() >= 0:
            return {"entries": entries, "exits": exits, "stock": stock}


def of_people(rng: np.random.Generator) -> Truth:
    """Counts of single persons: stays are geometric or gamma, the surge rises and halves."""
    before = 60  # people who came before the study leave during it
    days = DAYS + before
    weeks = np.cumsum(rng.normal(0, 0.06, days // 7 + 1)).repeat(7)[:days]
    level = np.exp(rng.normal(np.log(4_000), 0.7) + weeks)
    level *= np.exp(0.1 * rng.standard_normal(7))[np.arange(days) % 7]
    ordinary = rng.poisson(level * np.exp(0.06 * rng.standard_normal(days)))
    since = np.arange(days) - before - EVENT_DAY
    height, half_life = rng.uniform(0.3, 3), rng.uniform(5, 25)
    surge = np.where(since >= 0, height * 0.5 ** (since / half_life) * (1 - 0.6 ** (since + 1.0)), 0)
    surge *= np.exp(
        np.cumsum(0.12 * rng.standard_normal(days) * (since >= 0)) / np.sqrt(1 + np.maximum(since, 0) / 8)
    )
    came = rng.poisson(level * surge)
    exits = _leave(rng, ordinary, np.array([0.4, 0.6, 0.0])) + _leave(rng, came, rng.dirichlet([4, 4, 3]))
    entries = ordinary + came
    residents = int(rng.uniform(5, 40) * level[before])
    stock = residents + np.cumsum(entries - exits)
    seen = slice(before, None)
    return {
        "entries": entries[seen].astype(float),
        "exits": exits[seen].astype(float),
        "stock": stock[seen].astype(float),
    }


def _leave(rng: np.random.Generator, came: NDArray[np.int64], shares: Array) -> NDArray[np.int64]:
    """Exits per day of those who came, in transit, on a visit, or to stay on."""
    out = np.zeros(len(came), dtype=int)
    for day, count in enumerate(came):
        transit, visit, _ = rng.multinomial(count, shares)
        stays = np.r_[rng.geometric(1 / 3, transit) - 1, rng.gamma(2, 10, visit).astype(int)]
        gone = (day + stays)[day + stays < len(came)]
        out += np.bincount(gone, minlength=len(came))
    return out


class Voice:
    """How bodies state what they see: coverage, noise, blunders, wording, rounding."""

    def __init__(self, rng: np.random.Generator, truth: Truth, coverage_sd: float) -> None:
        self.rng, self.truth = rng, truth
        self.coverage: dict[tuple[str, str], float] = {}
        for body in BODIES:
            common = rng.standard_normal()
            for measure in truth:
                shared = 0.0 if measure == "stock" else PRIORS.coverage_common
                own = rng.standard_normal()
                # A warning in the situation file is of all that a body counts.
                plain = measure == "stock" and coverage_sd == PRIORS.coverage_sd
                sd = PRIORS.coverage_stock_sd if plain else coverage_sd
                self.coverage[body, measure] = sd * (shared**0.5 * common + (1 - shared) ** 0.5 * own)
        self.spread = {
            body: PRIORS.spread * np.exp(PRIORS.spread_sd * rng.standard_normal()) for body in BODIES
        }
        self.left_out: dict[tuple[int, int, str], float | None] = {}

    def sees(self, measure: str, first: int, last: int, body: str) -> float:
        """What a body counts of a window before it rounds, blunders and all."""
        rng, series = self.rng, self.truth[measure]
        true = series[last] if measure == "stock" else series[first : last + 1].sum()
        right = true * np.exp(self.coverage[body, measure] + self.spread[body] * rng.standard_t(4))
        shared = PRIORS.blunder_chance * PRIORS.blunder_breath_share if measure != "stock" else 0.0
        if measure != "stock":
            breath = first, last, body
            if breath not in self.left_out:
                self.left_out[breath] = self.astray() if rng.random() < shared else None
            factor = self.left_out[breath]
            if factor is not None:
                both = [self.truth[m][first : last + 1].sum() for m in ("entries", "exits")]
                same_people = right - (1 - factor) * np.mean(both) * (
                    1 + PRIORS.ratio_sd * rng.standard_normal()
                )
                if rng.random() < PRIORS.difference_chance and same_people > 0:
                    return float(same_people)
                return float(right * self.astray())
        if rng.random() < 1 - (1 - PRIORS.blunder_chance) / (1 - shared):
            right *= self.astray()
        return float(right)

    def astray(self) -> float:
        """The factor of a blunder."""
        far = self.rng.random() < PRIORS.blunder_far_share
        return float(np.exp(self.rng.normal(0, PRIORS.blunder_far_sd if far else PRIORS.blunder_sd)))

    def says(self, measure: str, first: int, last: int, body: str, *, plain: bool = False) -> Claim:
        """A claim on a window, in days of the study; `plain` is an exact count, as in a table."""
        return self.words(measure, first, last, body, self.sees(measure, first, last, body), plain)

    def words(self, measure: str, first: int, last: int, body: str, seen: float, plain: bool) -> Claim:
        """A figure as it is worded and rounded."""
        rng = self.rng
        word = "exact" if plain else str(rng.choice(["exact", "about", "over"], p=[0.6, 0.25, 0.15]))
        digits = 6 if plain or rng.random() < 0.3 else int(rng.integers(2, 4))
        step = 10.0 ** max(int(np.floor(np.log10(max(seen, 1)))) - digits + 1, 0)
        if word == "over":
            seen *= np.exp(-rng.exponential(PRIORS.over_scale))
        elif word == "about":
            seen += max(step / 2, PRIORS.about_sd * seen) * rng.standard_normal()
        said = START + timedelta(last + 1)
        return Claim(
            doc="invented", quote="", measure=Measure(measure), place="AAA", group="BBB",
            value=float(max(np.round(seen / step), 1) * step), qualifier=Qualifier(word),
            window_start=START + timedelta(first), window_end=START + timedelta(last),
            organization=body, said=said, published=said,
        )  # fmt: skip


def situation(coverage_sd: float | None = None) -> Situation:
    """What is known of each wave; with `coverage_sd`, also how far its bodies may be off."""
    notes: tuple[SourceNote, ...] = ()
    if coverage_sd is not None:
        ends = float(np.exp(-1.645 * coverage_sd)), float(np.exp(1.645 * coverage_sd))
        notes = tuple(SourceNote(body, ends) for body in BODIES)
    return Situation(
        "invented", START, START + timedelta(DAYS - 1), ("AAA",), ("BBB",),
        (Event(START + timedelta(EVENT_DAY), "invented"),), notes,
    )  # fmt: skip


def alone(claims: Iterator[Claim]) -> list[Statement]:
    """Each claim as a statement of its own, once."""
    return list({claim.id: Statement("s" + claim.id, (claim,), 1) for claim in claims}.values())


def _usual(voice: Voice) -> Iterator[Claim]:
    """What the press knows of the time before: a month of crossings, and who was there."""
    for measure in ("entries", "exits"):
        yield voice.says(measure, EVENT_DAY - 30, EVENT_DAY - 1, BODIES[0])
    yield voice.says("stock", 20, 20, BODIES[1])


def _since(voice: Voice) -> Iterator[Claim]:
    """What it carries of the wave: totals since the event, single days and stocks."""
    rng = voice.rng
    for day in np.sort(rng.choice(np.arange(EVENT_DAY + 4, DAYS), 8, replace=False)):
        body = str(rng.choice(BODIES))
        told = 0
        for measure in ("entries", "exits"):
            if rng.random() < 0.8:
                told += 1
                yield voice.says(measure, EVENT_DAY, int(day), body)
            if rng.random() < 0.4:
                yield voice.says(measure, int(day) - 1, int(day) - 1, body)
        if rng.random() < 0.25:
            remain = (voice.truth["entries"] - voice.truth["exits"])[EVENT_DAY : int(day) + 1].sum()
            if told == 2 and remain > 0 and rng.random() < PRIORS.remaining_chance:
                yield voice.words("stock", int(day), int(day), body, float(remain), plain=False)
            else:
                yield voice.says("stock", int(day), int(day), body)


def _briefings(voice: Voice) -> Iterator[Claim]:
    """All that the press carries."""
    yield from _usual(voice)
    yield from _since(voice)


def press(rng: np.random.Generator, truth: Truth) -> Invented:
    voice = Voice(rng, truth, PRIORS.coverage_sd)
    return Invented(situation(), alone(_briefings(voice)), **truth)


def tables(rng: np.random.Generator, truth: Truth) -> Invented:
    """Daily tables of one body, with single days and one fortnight missing, and a few briefings."""
    voice = Voice(rng, truth, PRIORS.coverage_sd)
    hole = int(rng.integers(0, DAYS - 14))

    def rows() -> Iterator[Claim]:
        for day in range(DAYS):
            if rng.random() < 0.8 and not hole <= day < hole + 14:
                yield voice.says("entries", day, day, BODIES[0], plain=True)
                yield voice.says("exits", day, day, BODIES[0], plain=True)
        yield from _briefings(voice)

    return Invented(situation(), alone(rows()), **truth)


def biased(rng: np.random.Generator, truth: Truth) -> Invented:
    """Bodies that see 8 % too many or too few, as the situation file warns."""
    voice = Voice(rng, truth, 0.08)
    return Invented(situation(0.08), alone(_briefings(voice)), **truth)


def echoes(rng: np.random.Generator, truth: Truth) -> Invented:
    """Each saying is carried by three to twelve outlets."""
    voice = Voice(rng, truth, PRIORS.coverage_sd)
    heard: list[Claim] = []
    for n, claim in enumerate(_briefings(voice)):
        outlets = range(int(rng.integers(3, 13)))
        heard += [replace(claim, doc=f"outlet-{k}-{n}", publisher=f"Outlet {k}") for k in outlets]
    return Invented(situation(), list(group_echoes(heard)), **truth)


def untold(rng: np.random.Generator, truth: Truth) -> Invented:
    """The wave alone is told, as of a border of which nobody spoke before."""
    return Invented(situation(), alone(_since(Voice(rng, truth, PRIORS.coverage_sd))), **truth)


FAMILIES: dict[str, Callable[[np.random.Generator, Truth], Invented]] = {
    "press": press,
    "tables": tables,
    "biased": biased,
    "echoes": echoes,
    "untold": untold,
    "people": press,
}
