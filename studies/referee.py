"""The estimate against a No-U-Turn sampler on the same log density: means, widths, time.

The density is the model's own (tolqyn.estimate.density): accounts, sums, likelihood with its blunders,
coverages; nothing in it is approximated. The sampler is nutpie's (Seyboldt et al.), in coordinates that
the fit's covariance makes round, which changes its speed and not its answer. Roughness and the spreads
of sources stand at their prior's centre for both, how far single days stray where the estimate finds it, and figures that the estimate takes for blunders are
left out for both and no other may be one: a sampler that moves step by step hardly ever crosses from one
answer to such a question to the other, and would be no referee of it.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from studies import table
from studies.invented import invent
from studies.work import each
from tolqyn.claims import Statement
from tolqyn.estimate import Posterior, Priors, estimate
from tolqyn.estimate.account import Streams
from tolqyn.estimate.density import LogDensity
from tolqyn.estimate.outcome import Working
from tolqyn.situation import Situation

__all__ = ["Sampled", "compared", "run", "sampled"]

Array = NDArray[np.float64]

FAMILIES = ("press", "biased")  # daily tables, with hundreds of rows, take a sampler too long
# One roughness, one spread, no blunders: what is left is the density that both sides are asked about.
FIXED = Priors(
    roughness_sd=1e-3, season_sd=1e-3, stray_sd=1e-3, exit_surge_chance=1e-9, spread_sd=1e-3, blunder_chance=1e-9,
)  # fmt: skip
DRAWS = 4000
CHAINS, TUNE, KEPT = 2, 100, 600
HEAD = (
    "family", "waves", "things", "mean_gap_median", "mean_gap_95", "within_0.1_sd", "width_ratio_median", "width_ratio_05",
    "width_ratio_95", "within_10_percent", "noise_mean", "noise_width", "seconds_estimate", "seconds_nuts", "speed_ratio", "divergences",
)  # fmt: skip


@dataclass(frozen=True)
class Sampled:
    """What the sampler gave: streams of each account, (draw, day), and how it went."""

    streams: tuple[Streams, ...]
    effective: float
    divergences: int
    seconds: float


def run(waves: int) -> None:
    """Compare on `waves` / 100 waves of each family; write referee.csv."""
    jobs = [(family, seed) for seed in range(max(waves // 100, 1)) for family in FAMILIES]
    by_family = defaultdict(list)
    for (family, _), one in zip(jobs, each("referee", _judged, jobs), strict=True):
        by_family[family].append(one)
    table.write("referee", HEAD, [_row(family, parts) for family, parts in by_family.items()])


def _row(family: str, parts: list[dict[str, list[float]]]) -> list[str | int]:
    gaps, ratios = (np.concatenate([one[name] for one in parts]) for name in ("gaps", "ratios"))
    ours, nuts, noise, width_noise, diverged = (
        np.array([one[name] for one in parts])
        for name in ("seconds", "nuts", "noise", "width_noise", "divergences")
    )
    return [
        family, len(parts), len(gaps), f"{np.median(gaps):.3f}", f"{np.quantile(gaps, 0.95):.3f}", f"{(gaps < 0.1).mean():.3f}",
        *(f"{np.quantile(ratios, q):.3f}" for q in (0.5, 0.05, 0.95)), f"{(np.abs(ratios - 1) < 0.1).mean():.3f}",
        f"{noise.mean():.3f}", f"{width_noise.mean():.3f}", f"{ours.mean():.2f}", f"{nuts.mean():.1f}",
        f"{(nuts / ours).mean():.0f}", int(diverged.sum()),
    ]  # fmt: skip


def _judged(job: tuple[str, int]) -> dict[str, object]:
    family, seed = job
    wave = invent(family, seed)
    statements, priors = _settled(wave.statements, wave.situation)
    return compared(statements, wave.situation, seed, priors=priors)


def _settled(statements: list[Statement], situation: Situation) -> tuple[list[Statement], Priors]:
    """The statements whose figures are more likely right than not, and constants under which single days stray as they were found to."""
    work = estimate(statements, situation, draws=100).working
    assert isinstance(work, Working)
    chance = work.best.fitted.tilted.blunder
    right = [one.statement for one, blunder in zip(work.model.heard, chance, strict=False) if blunder < 0.5]
    return right, replace(FIXED, day_sd=FIXED.day_sd * work.best.accounts[0].roughness.stray)


def compared(
    statements: list[Statement], situation: Situation, seed: int, *,
    tune: int = TUNE, kept: int = KEPT, priors: Priors = FIXED,
) -> dict[str, object]:  # fmt: skip
    """Gaps of means, in posterior standard deviations, and ratios of 90 % widths: days, weeks, totals, stock.

    `noise` and `width_noise` are what the draws of both sides alone would give: their standard errors.
    """
    began = time.perf_counter()
    posterior = estimate(statements, situation, draws=DRAWS, seed=seed, priors=priors)
    seconds = time.perf_counter() - began
    nuts = sampled(posterior, seed, tune=tune, kept=kept)
    gaps, ratios = [], []
    for ours, theirs in _things(posterior, nuts):
        gaps.append(abs(ours.mean() - theirs.mean()) / theirs.std())
        low, high = np.quantile(theirs, [0.05, 0.95])
        ratios.append(float(np.subtract(*np.quantile(ours, [0.95, 0.05])) / (high - low)))
    # A 90 % width of n normal draws has a relative standard error of 0.96 / sqrt(n).
    noise = np.sqrt(1 / nuts.effective + 1 / DRAWS)
    return {
        "gaps": [float(gap) for gap in gaps], "ratios": ratios, "seconds": seconds, "nuts": nuts.seconds,
        "noise": float(noise), "width_noise": float(0.96 * noise), "divergences": nuts.divergences,
    }  # fmt: skip


def sampled(posterior: Posterior, seed: int, *, tune: int = TUNE, kept: int = KEPT) -> Sampled:
    """Draws of the density behind a posterior by NUTS; those whose stock falls below zero are refused, as they are by the estimate."""
    import nutpie  # noqa: PLC0415 - an extra that only this study needs
    from nutpie.compiled_pyfunc import from_pyfunc  # noqa: PLC0415

    work = posterior.working
    assert isinstance(work, Working)
    density, centre, round_ = _round(work)

    def make_density():  # type: ignore[no-untyped-def] # noqa: ANN202 - nutpie's own types are not published
        def value(u, **_data):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN003, ANN202
            with np.errstate(all="ignore"):  # a wild step is refused by its density
                at, gradient = density(centre + round_ @ u)
            return at, round_.T @ gradient

        return value

    def make_output(*_seeds):  # type: ignore[no-untyped-def] # noqa: ANN002, ANN202
        return lambda u, **_data: {"u": u}

    began = time.perf_counter()
    compiled = from_pyfunc(
        density.size, make_density, make_output, [np.dtype(np.float64)], [(density.size,)], ["u"],
        make_initial_point_fn=lambda seed: 0.1 * np.random.default_rng(seed).standard_normal(density.size),
    )  # fmt: skip
    trace = nutpie.sample(
        compiled, draws=kept, tune=tune, chains=CHAINS, cores=1, seed=seed, progress_bar=False
    )
    seconds = time.perf_counter() - began
    u = trace.posterior["u"].to_numpy()
    unknowns = density.split(centre + u.reshape(-1, density.size) @ round_.T)
    streams = [
        account.counts(account.logs(z)) for account, z in zip(work.best.accounts, unknowns[:-1], strict=True)
    ]
    good = np.all([one.stock.min(axis=1) >= 0 for one in streams], axis=0)
    return Sampled(
        tuple(one.rows(good) for one in streams),
        _effective(u, kept),
        int(trace.sample_stats["diverging"].sum()),
        seconds,
    )


def _round(work: Working) -> tuple[LogDensity, Array, Array]:
    """The density, the fit's mean, and a square root of its covariance."""
    fitted, problem = work.best.fitted, work.best.problem
    undecided = type(problem)(problem.blocks, work.model.figures, problem.sources, problem.priors)
    density = LogDensity(undecided, fitted.spreads)
    centre = density.joined(fitted.unknowns, fitted.coverages)
    slopes = density.slopes(centre)
    gram = slopes @ slopes.T + np.diag(fitted.site_variance)
    covariance = np.eye(density.size) - slopes.T @ linalg.solve(gram, slopes, assume_a="pos")
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return density, centre, vectors * np.sqrt(np.maximum(values, 1e-8))


def _effective(u: Array, kept: int) -> float:
    """Effective draws of a middling coordinate, by the variance of means of batches of fifty."""
    chains, _, size = u.shape
    batches = u[:, : kept // 50 * 50].reshape(chains * (kept // 50), 50, size).mean(axis=1)
    each_one = chains * kept * u.reshape(-1, size).var(axis=0) / (50 * batches.var(axis=0, ddof=1))
    return float(min(np.median(each_one), chains * kept))


def _things(posterior: Posterior, nuts: Sampled) -> Iterator[tuple[Array, Array]]:
    """The same sums from both: every fifth day, weeks, the total, the stock."""
    work = posterior.working
    assert isinstance(work, Working)
    for (place, group), streams in zip(work.model.accounts, nuts.streams, strict=True):
        for measure in ("entries", "exits", "stock"):
            ours = posterior.draws(measure, place, group)
            theirs = getattr(streams, measure)[:, work.study]
            days = ours.shape[1]
            for day in range(2, days, 5):
                yield ours[:, day], theirs[:, day]
            if measure != "stock":
                for first in (*range(0, days - 6, 14), 0):
                    last = first + 7 if first else days
                    yield ours[:, first:last].sum(axis=1), theirs[:, first:last].sum(axis=1)
