"""One more statement: the fits of an estimate, carried on to what is said now.

Pure. Each figure keeps its site, so that the new one is the only stranger; what was learnt of roughness and
of doubtful figures stays, and whatever mattered is weighed anew. The chances of the draws hang on the seed
and the statement alone, so that what the new figure does not speak of hardly moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from threadpoolctl import threadpool_limits

from tolqyn.claims import Statement
from tolqyn.estimate.outcome import Working
from tolqyn.estimate.posterior import Posterior
from tolqyn.estimate.reading import hear
from tolqyn.estimate.reconcile import estimate, model_of, posterior_of
from tolqyn.estimate.weighing import weigh_again

__all__ = ["update"]

_MOST_NEW = 0.2  # share of the statements used that may have come or gone since the last whole estimate


def update(posterior: Posterior, statements: Sequence[Statement]) -> Posterior:
    """The posterior with some more statements, or some less: much faster than `estimate`, and near to it.

    How rough each account is stays as it was learnt until the next whole estimate, which is made where
    more than a fifth of the statements have come or gone.

    Args:
        posterior: made by `estimate` or `update`.
        statements: all of them, old and new.

    Raises:
        EstimateError: as `estimate`.
    """
    work, situation = posterior.working, posterior.situation
    if isinstance(work, Working):
        priors = work.model.priors
        heard = hear(statements, situation, posterior.as_of, priors)
        used = [one for one in heard if one.why_not is None]
        if list(work.heard) == heard:
            return posterior
        names = {one.statement.id for one in used}
        moved = work.moved + len(names ^ {one.statement.id for one in work.model.heard})
        if used and moved <= max(_MOST_NEW * len(used), 1):
            with threadpool_limits(1):
                model, last = model_of(used, situation, posterior.as_of, priors, work.model.odd)
                best, parts = weigh_again(model, work.model, work.best, work.parts)
                return posterior_of(
                    model, heard, best, parts, situation, posterior.as_of, last, posterior.seed,
                    posterior.n_draws, moved, work,
                )  # fmt: skip
    return estimate(
        statements,
        situation,
        as_of=posterior.as_of,
        seed=posterior.seed,
        draws=posterior.n_draws,
        priors=work.model.priors if isinstance(work, Working) else None,
    )
