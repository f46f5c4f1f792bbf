"""The referee's density is the model's, and the estimate agrees with a sampler that knows only that density."""

from datetime import date, timedelta

import numpy as np
import pytest

from studies.referee import FIXED, compared
from tolqyn.claims import Claim, Measure, Qualifier, Statement
from tolqyn.estimate import estimate
from tolqyn.estimate.density import LogDensity
from tolqyn.situation import Event, Situation

FIRST = date(2031, 3, 1)
SITUATION = Situation(
    "made up", FIRST, FIRST + timedelta(days=27), ("AAA",), ("BBB",), (Event(FIRST + timedelta(days=10), "event"),), ()
)  # fmt: skip


def said(measure, value, first, last, body="Border Service", word="exact", later=1):
    when = FIRST + timedelta(days=last + later)
    claim = Claim(
        doc="made-up", quote="", measure=Measure(measure), place="AAA", group="BBB", value=value, qualifier=Qualifier(word),
        window_start=FIRST + timedelta(days=first), window_end=FIRST + timedelta(days=last), organization=body,
        said=when, published=when,
    )  # fmt: skip
    return Statement("s" + claim.id, (claim,), 1)


STATEMENTS = [
    said("entries", 30_400, 0, 9),
    said("exits", 29_700, 0, 9),
    said("entries", 55_000, 10, 16, word="over"),
    said("entries", 9_000, 13, 13, body="Ministry"),
    said("exits", 31_000, 10, 16, word="about"),
    said("entries", 98_000, 10, 27, body="Ministry", word="about"),
    said("stock", 130_000, 27, 27, body="Ministry"),
]


def density_of(posterior):
    work = posterior.working
    return LogDensity(work.best.problem, work.best.fitted.spreads)


def test_the_gradient_is_the_slope_of_the_log_density():
    density = density_of(estimate(STATEMENTS, SITUATION, draws=20, priors=FIXED))
    rng = np.random.default_rng(0)
    at, along = rng.standard_normal((2, density.size))
    at *= 0.3

    _, gradient = density(at)

    step = 1e-5
    slope = (density(at + step * along)[0] - density(at - step * along)[0]) / (2 * step)
    assert gradient @ along == pytest.approx(slope, rel=1e-4)


def test_a_difference_is_not_heard_where_neither_of_its_figures_is_a_blunder():
    entries, exits = said("entries", 55_000, 10, 16), said("exits", 31_000, 10, 16)
    fit = estimate([entries, exits], SITUATION, draws=20, priors=FIXED)
    together = density_of(fit)
    exits = said("exits", 31_000, 10, 16, later=2)
    apart = density_of(estimate([entries, exits], SITUATION, draws=20, priors=FIXED))
    (unknowns,) = fit.working.best.fitted.unknowns
    size = len(unknowns)
    at = np.append(unknowns, np.zeros(together.size - size))

    assert len(together.spread) == len(apart.spread) + 1
    assert together(at)[1][:size] == pytest.approx(apart(at)[1][:size], rel=1e-4, abs=1e-4)


def test_the_density_is_highest_near_the_fit():
    posterior = estimate(STATEMENTS, SITUATION, draws=20, priors=FIXED)
    density, fitted = density_of(posterior), posterior.working.best.fitted
    centre = density.joined(fitted.unknowns, fitted.coverages)
    away = np.random.default_rng(1).standard_normal((20, density.size))

    assert all(density(centre)[0] > density(centre + 0.5 * step)[0] for step in away)


def test_the_estimate_agrees_with_the_sampler():
    pytest.importorskip("nutpie", reason="the extra `mcmc` is not installed")

    found = compared(STATEMENTS, SITUATION, 0, tune=100, kept=150)

    assert found["divergences"] < 8
    assert np.median(found["gaps"]) < 0.1 + found["noise"]
    assert np.median(found["ratios"]) == pytest.approx(1, abs=0.1 + found["width_noise"])
