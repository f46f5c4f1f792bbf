"""The solver: exact where exactness is known, and its leave-one-out is a true leave-one-out."""

import numpy as np
import pytest

from tolqyn.estimate.drawing import Chances, Sampler
from tolqyn.estimate.inference import fit
from tolqyn.estimate.likelihood import Figures
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.problem import Block, Problem, Sources


class Plain:
    """Logs and counts that are the unknowns themselves, (size, batch)."""

    def __init__(self, z):
        self.z = z

    def add(self, other):
        return Plain(self.z + other.z)

    def rows(self, which):
        return Plain(self.z[:, which])

    def with_rows(self, which, part):
        self.z[:, which] = part.z
        return self


class Linear:
    """Quantities that are a matrix times the unknowns; their own tangent everywhere."""

    def __init__(self, matrix):
        self.matrix, self.size, self.kernel = matrix, matrix.shape[1], matrix @ matrix.T

    def values(self, z):
        return z @ self.matrix.T

    def about(self, z):
        made = Linear(self.matrix)
        made.value = self.matrix @ z
        return made

    def forward(self, z):
        return z @ self.matrix.T

    def back(self, pull):
        return pull @ self.matrix

    def streams(self, z):
        return Plain(z.T)

    logs = streams

    def counts(self, logs):
        return logs

    def of(self, streams):
        return streams.z.T @ self.matrix.T

    linear = of

    def moved(self, pull):
        return Plain(self.matrix.T @ pull.T)

    def strayed(self, streams):
        return 1.0


def linear_problem(rows, seed=0, blunder=0.0):
    """Linear quantities of twelve unknowns; two sources; figures with a wide even centre are near normal."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((9, 12)) / 3
    at = matrix @ rng.standard_normal(12) + 0.02 * rng.standard_normal(9)
    matrix, at = matrix[rows], at[rows]
    m = len(at)
    zeros = np.zeros(m)
    figures = Figures(at - 1e-6, at + 1e-6, zeros, np.full(m, 0.3), np.full(m, blunder))
    owner = np.arange(9)[rows] % 2
    coverage = 0.1 * np.eye(2)[owner]
    sources = Sources(coverage, np.full(m, -1), np.full(m, 1e-6), ())
    return Problem((Block(np.arange(m), Linear(matrix)),), figures, sources, Priors()), matrix, at, coverage


def exact(matrix, at, coverage):
    """Posterior mean and covariance of the unknowns, by the normal equations."""
    noise = 0.3**2 * np.eye(len(at)) + coverage @ coverage.T
    precision = np.eye(matrix.shape[1]) + matrix.T @ np.linalg.solve(noise, matrix)
    covariance = np.linalg.inv(precision)
    return covariance @ matrix.T @ np.linalg.solve(noise, at), covariance


def test_a_linear_normal_problem_is_solved_exactly():
    problem, matrix, at, coverage = linear_problem(slice(None))

    fitted = fit(problem)

    mean, _ = exact(matrix, at, coverage)
    assert fitted.settled
    assert fitted.unknowns[0] == pytest.approx(mean, abs=0.02)


def test_draws_have_the_exact_mean_and_covariance():
    problem, matrix, at, coverage = linear_problem(slice(None))

    made = draws_of(problem, fit(problem), 20_000)

    drawn = made.streams.z.T
    mean, covariance = exact(matrix, at, coverage)
    assert made.arrived.all()
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.03)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.03)


def draws_of(problem, fitted, count):
    rng = np.random.default_rng(1)
    m, q = problem.sources.coverage.shape
    chances = Chances(
        rng.standard_normal((count, problem.blocks[0].size)),
        rng.standard_normal((count, m)),
        rng.random((count, m)),
    )
    begun = rng.standard_normal((count, q))
    return Sampler(problem, [[fitted]], np.zeros((count, 1), dtype=int), begun, lambda _: chances).block(0)


def test_leaving_a_figure_out_by_formula_is_leaving_it_out():
    fitted = fit(linear_problem(slice(None))[0])

    for row in range(9):
        rest = [n for n in range(9) if n != row]
        _, matrix, at, coverage = linear_problem(rest)
        whole = linear_problem(slice(None))
        # The quantity includes its source's coverage, of which the rest knows something.
        noise = 0.3**2 * np.eye(8) + coverage @ coverage.T + matrix @ matrix.T
        own, cover = whole[1][row], whole[3][row]
        cross = matrix @ own + coverage @ cover
        assert fitted.left_out_mean[row] == pytest.approx(cross @ np.linalg.solve(noise, at), abs=0.01)
        wanted = own @ own + cover @ cover - cross @ np.linalg.solve(noise, cross)
        assert fitted.left_out_variance[row] == pytest.approx(wanted, rel=2e-2)


def test_a_warm_start_ends_where_a_cold_one_does():
    problem = linear_problem(slice(None), blunder=0.05)[0]
    cold = fit(problem)

    warm = fit(problem, cold)

    assert warm.rounds <= cold.rounds
    assert warm.mean == pytest.approx(cold.mean, abs=0.01)
