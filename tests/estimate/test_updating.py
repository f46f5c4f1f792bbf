"""One more statement: fast, near to a whole estimate, and whole where it must be."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from simulated import simulate

from tolqyn.estimate import estimate, update


@pytest.fixture(scope="module")
def wave():
    return simulate(3)


def far_apart(one, other):
    """Distance of the means of every day, in standard deviations of the first."""
    gaps = []
    for measure in ("entries", "exits", "stock"):
        a, b = one.draws(measure, "AAA", "BBB"), other.draws(measure, "AAA", "BBB")
        gaps += list(np.abs(a.mean(axis=0) - b.mean(axis=0)) / a.std(axis=0))
    return np.array(gaps)


def test_one_more_statement_comes_to_what_a_whole_estimate_does(wave):
    whole = estimate(wave.statements, wave.situation)
    gaps = []
    for n in (9, 12, 15):
        before = estimate(wave.statements[:n] + wave.statements[n + 1 :], wave.situation)
        gaps.append(np.quantile(far_apart(whole, update(before, wave.statements)), 0.9))

    assert np.median(gaps) < 0.1
    assert max(gaps) < 0.4


def test_the_account_balances_after_an_update(wave):
    after = update(estimate(wave.statements[:-1], wave.situation, draws=300), wave.statements)

    entries, exits, stock = (after.draws(m, "AAA", "BBB") for m in ("entries", "exits", "stock"))
    assert np.array_equal(stock[:, 1:], stock[:, :-1] + entries[:, 1:] - exits[:, 1:])
    assert len(after.readings) == len(wave.statements)


def test_a_statement_taken_away_comes_to_what_a_whole_estimate_does(wave):
    fewer = wave.statements[:-1]

    after = update(estimate(wave.statements, wave.situation), fewer)

    assert after.working.moved == 1
    assert np.quantile(far_apart(estimate(fewer, wave.situation), after), 0.9) < 0.3


def test_where_much_has_changed_all_is_estimated_anew(wave):
    fewer = wave.statements[::2]

    after = update(estimate(wave.statements, wave.situation, draws=300), fewer)

    anew = estimate(fewer, wave.situation, draws=300)
    assert after.working.moved == 0
    assert np.array_equal(after.draws("stock", "AAA", "BBB"), anew.draws("stock", "AAA", "BBB"))


def test_nothing_new_changes_nothing(wave):
    before = estimate(wave.statements, wave.situation, draws=300)

    after = update(before, wave.statements[::-1])

    assert np.array_equal(after.draws("entries", "AAA", "BBB"), before.draws("entries", "AAA", "BBB"))
    assert after.working.moved == 0


def test_draws_keep_their_pictures_as_far_as_weights_allow(wave):
    before = estimate(wave.statements[:9] + wave.statements[10:], wave.situation)

    (then,), (now,) = (one.working.drawn.accounts for one in (before, update(before, wave.statements)))

    counts = [Counter(one.fits[fit] for fit in one.choice) for one in (then, now)]
    kept = sum(then.fits[a] == now.fits[b] for a, b in zip(then.choice, now.choice, strict=True))
    assert kept == (counts[0] & counts[1]).total()
    assert kept > 0.5 * before.n_draws


def test_a_picture_keeps_how_careless_it_takes_its_sources_to_be(wave):
    before = estimate(wave.statements[:9] + wave.statements[10:], wave.situation)
    _, *others = before.working.parts[0]

    (after,) = update(before, wave.statements).working.parts

    learnt = {round(float(one.fitted.spreads[0]), 9) for one in after}
    assert others
    assert {round(float(one.fitted.spreads[0]), 9) for one in others} & learnt


def elsewhere(statement):
    """The same of another place, by bodies of its own."""
    (claim,) = statement.claims
    claim = replace(claim, place="CCC", organization=f"{claim.organization} of CCC")
    return replace(statement, id=f"{statement.id}-there", claims=(claim,))


def test_an_account_of_which_nothing_new_is_said_keeps_its_draws(wave):
    other = [elsewhere(one) for one in simulate(4).statements]
    situation = replace(wave.situation, places=("AAA", "CCC"))
    said = [*wave.statements, *other]
    before = estimate([one for one in said if one is not wave.statements[9]], situation, draws=300)

    after = update(before, said)

    assert np.array_equal(after.draws("stock", "CCC", "BBB"), before.draws("stock", "CCC", "BBB"))
    assert not np.array_equal(after.draws("stock", "AAA", "BBB"), before.draws("stock", "AAA", "BBB"))
    whole = estimate(said, situation, draws=300)
    here, there = (one.draws("entries", "AAA", "BBB") for one in (whole, after))
    assert np.quantile(np.abs(here.mean(axis=0) - there.mean(axis=0)) / here.std(axis=0), 0.9) < 0.3


def test_draws_that_were_refused_are_not_tried_again(wave):
    before = estimate(wave.statements[:9] + wave.statements[10:], wave.situation)
    (then,) = before.working.drawn.accounts
    refused = np.arange(0, before.n_draws, 10)
    rng = np.random.default_rng(5)
    others = then.chances.rows(refused)
    others = replace(others, unknowns=rng.standard_normal(others.unknowns.shape, dtype=np.float32))
    stood = replace(then, redrawn=then.redrawn.plus(refused, others))
    working = replace(before.working, drawn=replace(before.working.drawn, accounts=(stood,)))

    (kept,), (moved,) = (
        update(replace(before, working=one), wave.statements).working.drawn.accounts
        for one in (before.working, working)
    )

    changed = (kept.streams.entries != moved.streams.entries).any(axis=1)
    assert changed[refused].mean() > 0.95
    assert not changed[np.setdiff1d(np.arange(before.n_draws), refused)].any()
    assert np.isin(refused, moved.redrawn.rows).all()
