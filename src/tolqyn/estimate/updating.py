"""One more statement: the draws of an estimate, moved to where the new figure wants them.

Pure. Each draw is moved along the regression of all unknowns on the quantity that the statement
speaks of, so that the quantity gets the mean and spread that figure and draws together give it, and
everything tied to it follows (an ensemble square-root filter; Tippett et al. 2003). A draw's figure
is a blunder with the chance that the likelihood gives; then it hardly moves. What was learnt of
roughness, spreads and doubtful figures is left as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Statement
from tolqyn.estimate.draws import Drawn, Group, in_grains, joined, series_of
from tolqyn.estimate.likelihood import Figures, Tilted, read_figure, tilt
from tolqyn.estimate.model import Model, blunder_chance, notes_by_name, source_name
from tolqyn.estimate.outcome import Working, readings_after
from tolqyn.estimate.posterior import Posterior
from tolqyn.estimate.reading import Functional, Heard, hear
from tolqyn.estimate.reconcile import estimate

__all__ = ["update"]

Array = NDArray[np.float64]

_FEW = 5  # new statements that are taken in one by one
_MOST_MOVED = 12  # statements moved in since the last whole estimate
_SURPRISE = 3.0  # standard deviations from what was expected, beyond which all is weighed anew
_PLAIN = 0.9  # chance from which a figure is taken for a blunder, or for none, without further ado
_LEAST_GROUP = 200  # draws from which a regression of their own is taken
_LEAST_SHARE = 0.25  # of the spread before; a figure sharper than that bends the draws too far


def update(posterior: Posterior, statements: Sequence[Statement]) -> Posterior:
    """The posterior with some more statements.

    Where few statements are new, each speaks of what was modelled before and comes as no surprise,
    the draws are moved: the same numbers as a whole estimate to some tenth of a standard deviation.
    Else the whole is estimated anew. The statements that were there keep what was expected of them
    until the next whole estimate.

    Args:
        posterior: made by `estimate` or `update`.
        statements: all of them, old and new.

    Raises:
        EstimateError: as `estimate`.
    """
    moved = _moved(posterior, statements)
    return moved or estimate(
        statements,
        posterior.situation,
        as_of=posterior.as_of,
        seed=posterior.seed,
        draws=posterior.n_draws,
        priors=posterior.working.model.priors if isinstance(posterior.working, Working) else None,
    )


def _moved(posterior: Posterior, statements: Sequence[Statement]) -> Posterior | None:
    """The posterior with its draws moved; None where all must be weighed anew."""
    work = posterior.working
    if not isinstance(work, Working) or not work.drawn.groups:
        return None
    heard = hear(statements, posterior.situation, posterior.as_of, work.model.priors)
    before = {one.statement.id: one for one in work.heard}
    new = [one for one in heard if one.statement.id not in before]
    told_as_before = len(heard) == len(before) + len(new) and all(
        before.get(one.statement.id, one) == one for one in heard
    )
    if not told_as_before or len(new) > _FEW or work.moved + len(new) > _MOST_MOVED:
        return None
    for one in new:
        if one.why_not is None:
            drawn = _take_in(one, work, posterior)
            if drawn is None:
                return None
            work = replace(work, drawn=drawn, moved=work.moved + 1)
    work = replace(work, heard=tuple(heard))
    return replace(
        posterior,
        values=series_of(work.model, work.drawn.streams, work.study),
        readings=readings_after(posterior, work, new),
        working=work,
    )


def _take_in(one: Heard, work: Working, posterior: Posterior) -> Drawn | None:
    """The draws moved to one more figure; None where it is surprising or speaks of something else."""
    model, drawn, f = work.model, work.drawn, one.functional
    if f is None or f.bound or not _modelled(f, model):
        return None
    number = model.accounts.index((f.place, f.group))
    note = notes_by_name(posterior.situation).get(one.claim.source.casefold()) if one.claim.source else None
    quantity = model.quantity(f, one, note)
    figure = Figures(*(np.array([part]) for part in (*read_figure(one.claim, log=quantity.log, priors=model.priors),
                                                     blunder_chance(one, model.priors))))  # fmt: skip
    at = quantity.value(drawn.streams[number])
    cover = (source_name(f, one, note), f.measure)
    if cover in model.cover:
        at = at + drawn.coverages[:, model.cover.index(cover)]
        unknown_cover, spread = 0.0, work.best.fitted.spreads[model.sources.names.index(cover[0])]
    else:
        unknown_cover = model.priors.coverage_mirror_sd if f.mirror else model.priors.coverage_sd
        spread = model.priors.spread if one.claim.source else model.priors.spread_anonymous
    rng = np.random.Generator(np.random.PCG64([posterior.seed, len(work.heard), work.moved]))
    seen = at + unknown_cover * rng.standard_normal(len(at))
    told = tilt(figure, seen.mean()[None], seen.var()[None], np.array([float(spread)]), model.priors)
    if _surprising(told, seen):
        return None
    return _shifted(drawn, seen, _wanted(told, seen, rng))


def _modelled(f: Functional, model: Model) -> bool:
    """Whether every day and stream that a sum speaks of was modelled."""
    key = (f.place, f.group)
    within = f.first >= model.first and (f.last - model.first).days < model.days
    return key in model.accounts and within and (f.kind is None or f.kind in model.kinds[key])


def _surprising(told: Tilted, seen: Array) -> bool:
    """Whether a figure is far from what was expected, in doubt, or far sharper than what was known."""
    chance = float(told.blunder[0])
    if chance > _PLAIN:
        return False  # plainly a blunder: hardly a draw moves
    far = abs(float(told.body_mean[0]) - seen.mean()) / seen.std()
    sharp = told.body_variance[0] < (_LEAST_SHARE * seen.std()) ** 2
    return bool(chance > 1 - _PLAIN or far > _SURPRISE or sharp)


def _wanted(told: Tilted, seen: Array, rng: np.random.Generator) -> Array:
    """Where each draw's quantity should lie: the same rank in the new belief, of body or of tail."""
    standing = (seen - seen.mean()) / seen.std()
    tail = rng.random(len(seen)) < told.blunder[0]
    body = told.body_mean[0] + np.sqrt(told.body_variance[0]) * standing
    stray = told.tail_mean[0] + np.sqrt(told.tail_variance[0]) * standing
    wanted: Array = np.where(tail, stray, body)
    return wanted


def _shifted(drawn: Drawn, seen: Array, wanted: Array) -> Drawn:
    """All unknowns and coverages moved along their regression on one quantity."""
    shift = wanted - seen
    coverages = drawn.coverages + np.outer(shift, _slopes(drawn.coverages, seen))
    groups, parts = [], []
    for group in drawn.groups:
        mine = shift[group.where]
        peers = group if len(group.where) >= _LEAST_GROUP else max(drawn.groups, key=lambda g: len(g.where))
        unknowns = tuple(
            z + np.outer(mine, _slopes(like, seen[peers.where])).astype(np.float32)
            for z, like in zip(group.unknowns, peers.unknowns, strict=True)
        )
        groups.append(Group(group.accounts, group.where, unknowns))
        parts.append(
            tuple(
                in_grains(account.streams(z.astype(np.float64)))
                for account, z in zip(group.accounts, unknowns, strict=True)
            )
        )
    streams = joined(groups, parts)
    below = int(np.any([one.stock.min(axis=1) < 0 for one in streams], axis=0).sum())
    return Drawn(streams, coverages, below, tuple(groups))


def _slopes(unknowns: NDArray[np.floating], seen: Array) -> Array:
    """Regression of each column on the quantity, shrunk where so few draws could feign it, (size,)."""
    centred = (seen - seen.mean()).astype(unknowns.dtype)
    slope: Array = (centred @ unknowns).astype(np.float64) / float(centred @ centred)
    scale = unknowns.std(axis=0) / seen.std()
    correlation = np.divide(slope, scale, out=np.zeros_like(slope), where=scale > 0)
    # Chance alone gives a squared correlation of 1/n.
    kept = np.maximum(0.0, 1 - 1 / np.maximum(len(seen) * correlation**2, 1e-12))
    shrunk: Array = slope * kept
    return shrunk
