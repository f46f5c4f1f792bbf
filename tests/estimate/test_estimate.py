"""Laws of the whole estimate, on small made-up waves."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from figures import KAZAKHSTAN, said
from simulated import DAYS, EVENT_DAY, simulate

from tolqyn.claims import Modality, Qualifier
from tolqyn.errors import EstimateError
from tolqyn.estimate import Priors, estimate
from tolqyn.estimate.priors import prior_table
from tolqyn.situation import Situation

FIRST, LAST = date(2022, 9, 21), date(2022, 9, 27)


def width(posterior, measure="entries", first=FIRST, last=LAST):
    return float(np.diff(np.quantile(posterior.window(measure, "KAZ", "RUS", first, last), [0.05, 0.95]))[0])


def test_an_agreeing_source_narrows_the_interval():
    one = said("entries", 98_000, FIRST, LAST, qualifier=Qualifier.ABOUT)
    two = said("entries", 98_100, FIRST, LAST, organization="Airports")

    alone, both = estimate([one], KAZAKHSTAN), estimate([one, two], KAZAKHSTAN)

    assert width(both) < 0.9 * width(alone)


def test_where_nothing_is_said_of_exits_the_width_says_so():
    entries = said("entries", 98_000, FIRST, LAST)
    exits = said("exits", 64_234, FIRST, LAST)

    without, with_exits = estimate([entries], KAZAKHSTAN), estimate([entries, exits], KAZAKHSTAN)

    assert width(without, "exits") > 5 * width(with_exits, "exits")
    assert any("Nothing was said of exits" in note for note in without.notes)
    assert (without.draws("exits", "KAZ", "RUS") > 0).all()


def test_of_those_who_flee_few_need_leave_and_few_need_have_come_before():
    """60,000 came to a border of which nobody spoke before, 3,000 left: no contradiction."""
    since = date(2022, 9, 21), date(2022, 10, 25)
    flows = [said("entries", 60_000, *since), said("exits", 3_000, *since)]

    posterior = estimate(flows, KAZAKHSTAN)

    for measure, count in (("entries", 60_000), ("exits", 3_000)):
        assert np.median(posterior.window(measure, "KAZ", "RUS", *since)) == pytest.approx(count, rel=0.03)
    assert max(posterior.working.best.fitted.tilted.blunder[:2]) < 0.2
    before = posterior.window("entries", "KAZ", "RUS", date(2022, 9, 1), date(2022, 9, 20)) / 20
    assert np.quantile(before, 0.95) < 60_000 / 35


def test_all_who_come_from_the_groups_country_are_mostly_of_the_group():
    """Ten such figures of one body have the share of others in common, so they narrow no further than it is known."""
    days = [date(2022, 10, 1) + timedelta(3 * n) for n in range(10)]
    flows = [
        said("entries", 2_000 * (n + 1), date(2022, 9, 28), last, group="any", counterpart="RUS")
        for n, last in enumerate(days)
    ]

    draws = estimate(flows, KAZAKHSTAN).window("entries", "KAZ", "RUS", date(2022, 9, 28), days[-1])

    low, high = np.quantile(draws, [0.05, 0.95])
    assert 11_000 < low < 13_500 < np.median(draws) < 18_000 < high < 24_000


def test_days_before_and_after_all_that_was_said_are_told_to_be_the_priors():
    notes = estimate([said("entries", 98_000, FIRST, LAST)], KAZAKHSTAN, draws=50).notes

    assert any(f"is {FIRST}; the prior speaks before it" in note for note in notes)
    assert any(f"covers is {LAST}; the prior speaks after it" in note for note in notes)


def test_daily_figures_are_believed_each_for_its_day():
    days = [FIRST + timedelta(n) for n in range(7)]
    truth = [5_000, 9_000, 14_000, 11_000, 16_000, 12_000, 7_000]

    posterior = estimate([said("entries", v, d) for d, v in zip(days, truth, strict=True)], KAZAKHSTAN)

    for day, value in zip(days, truth, strict=True):
        assert np.median(posterior.window("entries", "KAZ", "RUS", day, day)) == pytest.approx(
            value, rel=0.03
        )


def test_a_population_figure_centres_the_stock():
    situation = Situation("made up", FIRST, LAST, ("KAZ",), ("RUS",), population={"KAZ": {"RUS": 200_000}})

    posterior = estimate([said("entries", 7_000, FIRST, LAST)], situation)

    assert np.median(posterior.draws("stock", "KAZ", "RUS")[:, 0]) == pytest.approx(200_000, rel=0.1)
    assert {stream.measure for stream in posterior.values} == {"entries", "exits", "net", "stock"}


@pytest.mark.parametrize(("percent", "low", "high"), [(60, 0.5, 0.7), (85, 0.7, 0.95)])
def test_the_share_of_those_who_came_that_left_tells_of_exits(percent, low, high):
    first, last = date(2022, 9, 21), date(2022, 10, 20)
    entries = said("entries", 300_000, first, last)
    share = said(
        "share", percent, first, last, kind="exits", unit="percent", organization="Interior Ministry"
    )

    without, told = (estimate(one, KAZAKHSTAN) for one in ([entries], [entries, share]))

    def ratio(posterior):
        return posterior.window("exits", "KAZ", "RUS", first, last) / posterior.window(
            "entries", "KAZ", "RUS", first, last
        )

    assert low < np.median(ratio(told)) < high
    assert ratio(told).std() < 0.6 * ratio(without).std()
    (reading,) = (one for one in told.readings if one.statement.id == share.id)
    assert reading.used
    assert reading.fitted_low < percent < reading.fitted_high
    assert reading.residual == pytest.approx(percent - reading.expected)  # in points


def test_a_stock_of_years_of_traffic_is_believed_when_two_figures_agree():
    """Refugees who seldom cross: ten million present, a thousand a day at the border."""
    traffic = [said(measure, 7_000, FIRST, LAST) for measure in ("entries", "exits")]
    stocks = [said("stock", 10_000_000, FIRST), said("stock", 10_020_000, LAST, organization="Register")]

    posterior = estimate([*traffic, *stocks], KAZAKHSTAN)

    assert np.median(posterior.window("stock", "KAZ", "RUS", FIRST, FIRST)) == pytest.approx(1e7, rel=0.02)


def test_two_places_are_two_accounts_and_share_a_source():
    situation = Situation("made up", FIRST, LAST, ("KAZ", "GEO"), ("RUS",))
    spoken = [said("entries", 98_000, FIRST, LAST), said("entries", 52_000, FIRST, LAST, place="GEO")]

    posterior = estimate(spoken, situation)

    assert np.median(posterior.window("entries", "GEO", "RUS", FIRST, LAST)) == pytest.approx(
        52_000, rel=0.03
    )
    assert np.median(posterior.window("entries", "KAZ", "RUS", FIRST, LAST)) == pytest.approx(
        98_000, rel=0.03
    )
    assert [source.statements for source in posterior.sources] == [2]


def test_a_forecast_is_compared_and_not_used():
    forecast = said("entries", 500_000, FIRST, LAST, modality=Modality.FORECAST)

    posterior = estimate([said("entries", 98_000, FIRST, LAST), forecast], KAZAKHSTAN)

    reading = next(r for r in posterior.readings if r.statement == forecast)
    assert not reading.used
    assert reading.residual == pytest.approx(402_000, rel=0.05)


def test_nothing_to_read_is_an_error_that_says_why():
    with pytest.raises(EstimateError, match="none of the 1 statements") as caught:
        estimate([said("price", 3, FIRST)], KAZAKHSTAN)
    assert caught.value.hint == "price is not estimated"

    with pytest.raises(EstimateError, match="had not begun"):
        estimate([], KAZAKHSTAN, as_of=date(2022, 8, 1))


def test_intervals_hold_the_truth_on_waves_made_another_way():
    """Twenty waves of single persons: a fast check; the study of 200 waves is apart."""
    inside, sure = [], []
    for seed in range(20):
        wave = simulate(seed)
        posterior = estimate(wave.statements, wave.situation, draws=200)
        for measure, truth in (("entries", wave.entries), ("exits", wave.exits), ("stock", wave.stock)):
            low, middle, high = np.quantile(posterior.draws(measure, "AAA", "BBB"), [0.05, 0.5, 0.95], axis=0)
            inside += list((low <= truth) & (truth <= high))[::3]
            if measure != "stock":
                sure += list(np.abs(middle - truth)[EVENT_DAY:DAYS] / truth[EVENT_DAY:DAYS].mean())

    assert np.mean(inside) > 0.87
    assert np.mean(sure) < 0.2


def test_the_page_of_priors_is_the_priors():
    page = Path(__file__).parents[2] / "docs" / "reference" / "priors.md"

    assert prior_table() in page.read_text(encoding="utf-8")
    assert Priors().blunder_chance == 0.05


def test_a_misread_figure_yields_to_one_from_a_table():
    """The same source on the same day: 7,000 in a table, 11,000 as a machine read it, not surely."""
    day = date(2022, 10, 3)
    table = said("entries", 7_000, day)
    text = said("entries", 11_000, day, confidence=0.6)
    around = [said("entries", 98_000, FIRST, LAST), said("entries", 7_800, day + timedelta(1))]

    posterior = estimate([table, text, *around], KAZAKHSTAN)

    assert np.median(posterior.window("entries", "KAZ", "RUS", day, day)) == pytest.approx(7_000, rel=0.05)


def test_one_body_errs_alike_in_both_directions_and_two_bodies_do_not():
    statements = [
        said("entries", 98_000, FIRST, LAST),
        said("exits", 64_000, FIRST, LAST),
        said("stock", 130_000, LAST),
        said("exits", 64_100, FIRST, LAST, organization="Airports"),
    ]

    model = estimate(statements, KAZAKHSTAN, draws=10).working.model

    row = {(one.claim.measure, one.claim.organization): n for n, one in enumerate(model.heard)}
    entries, exits, stock = (row[m, "Border Service"] for m in ("entries", "exits", "stock"))
    errors = model.sources.coverage @ model.sources.coverage.T
    variance = Priors().coverage_sd ** 2
    assert errors[entries, entries] == pytest.approx(variance)
    assert errors[entries, exits] == pytest.approx(Priors().coverage_common * variance)
    assert errors[entries, stock] == errors[exits, row["exits", "Airports"]] == 0


def test_a_little_more_than_says_how_near_too():
    told = [said("entries", 98_000, FIRST, LAST), said("entries", 97_500, FIRST, LAST, organization="Police")]
    near, far = (
        said("entries", value, FIRST, LAST, qualifier=Qualifier.SLIGHTLY_OVER, organization="Ministry")
        for value in (97_000, 40_000)
    )

    readings = {
        one.claim.value: next(
            r for r in estimate([*told, one], KAZAKHSTAN, draws=100).readings if r.statement is one
        )
        for one in (near, far)
    }

    assert readings[97_000].residual == 0
    assert readings[40_000].residual < -50_000
    assert readings[40_000].residual_sd < -3
