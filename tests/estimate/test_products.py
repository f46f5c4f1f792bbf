"""What is made of an estimate: cohorts by age, scorecards of sources, the next number to ask for."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import KAZAKHSTAN, official_statements, said

from tolqyn.errors import EstimateError
from tolqyn.estimate import Stream, cohorts, estimate, next_numbers, scorecards

EVENT = date(2022, 9, 21)
STOCK = Stream("stock", "KAZ", "RUS")


@pytest.fixture(scope="module")
def posterior():
    return estimate(official_statements(), KAZAKHSTAN, draws=400)


class TestCohorts:
    def test_an_age_is_never_larger_than_the_day_that_it_came_on(self, posterior):
        cohort = cohorts(posterior, "KAZ", "RUS", draws=50)

        for age in (0, 10, 30):
            there = cohort.present[:, age:, age]
            assert (there <= cohort.entries[:, : there.shape[1]] + 1e-9).all()
            assert (there >= 0).all()

    def test_nobody_grows_in_number_with_age(self, posterior):
        present = cohorts(posterior, "KAZ", "RUS", draws=50).present

        assert (present[:, 1:, 1:] <= present[:, :-1, :-1] + 1e-9).all()

    def test_nobody_has_been_here_longer_than_the_surge(self, posterior):
        cohort = cohorts(posterior, "KAZ", "RUS", draws=20)

        assert cohort.first_day == EVENT
        assert cohort.days[-1] == posterior.days[-1]
        assert not np.triu(cohort.present.max(axis=0), 1).any()

    def test_those_present_are_those_who_came_less_expected_exits(self, posterior):
        cohort = cohorts(posterior, "KAZ", "RUS", draws=50)

        stays = cohort.present.sum(axis=2)
        assert (stays <= cohort.entries.cumsum(axis=1) + 1e-6).all()

    def test_without_an_event_no_surge_is_told_apart(self):
        day = date(2022, 9, 5)
        quiet = estimate(
            [said("entries", 5000, day)], KAZAKHSTAN.__class__("t", day, day, ("KAZ",), ("RUS",))
        )

        with pytest.raises(EstimateError, match="nothing tells a surge"):
            cohorts(quiet, "KAZ", "RUS")


class TestNextNumbers:
    def test_a_count_on_the_spot_narrows_the_stock_most(self, posterior):
        best = next_numbers(posterior, STOCK)[0]

        assert best.stream == STOCK
        assert best.gain > 0.8
        assert best.band_then < best.band

    def test_gains_fall_and_lie_between_none_and_all(self, posterior):
        gains = [one.gain for one in next_numbers(posterior, STOCK, count=50)]

        assert gains == sorted(gains, reverse=True)
        assert all(0 < gain < 1 for gain in gains)

    def test_what_is_promised_is_about_what_happens(self, posterior):
        week = (date(2022, 10, 10), date(2022, 10, 16))
        target = Stream("entries", "KAZ", "RUS")
        asked = next(n for n in next_numbers(posterior, target, *week, count=50) if n.first == week[0])
        answer = float(np.median(posterior.window("entries", "KAZ", "RUS", asked.first, asked.last)))

        told = [*official_statements(), said("entries", round(answer), asked.first, asked.last)]
        then = estimate(told, KAZAKHSTAN, draws=400).window("entries", "KAZ", "RUS", *week)

        assert np.subtract(*np.quantile(then, [0.95, 0.05])) == pytest.approx(asked.band_then, rel=0.6)
        assert np.subtract(*np.quantile(then, [0.95, 0.05])) < 0.5 * asked.band

    def test_a_figure_without_error_is_not_to_be_had(self, posterior):
        with pytest.raises(EstimateError, match="error is 0"):
            next_numbers(posterior, STOCK, error=0)


def made_up(body, day, value, late=1, **fields):
    return said("entries", value, day, organization=body, said=day + timedelta(late), **fields)


class TestScorecards:
    @pytest.fixture(scope="class")
    @staticmethod
    def cards():
        """Two bodies that count the same days; one states 3 % more, two days later, and mends two figures."""
        rng = np.random.default_rng(1)
        days = [date(2022, 9, 1) + timedelta(n) for n in range(12)]
        true = 5000 + rng.integers(-200, 200, 12)
        told = [made_up("Border Service", day, float(count)) for day, count in zip(days, true, strict=True)]
        told += [
            made_up("Ministry", day, float(round(1.03 * n)), 2) for day, n in zip(days, true, strict=True)
        ]
        told += [made_up("Ministry", days[n], float(round(1.05 * true[n])), 9) for n in (2, 5)]
        return {card.source: card for card in scorecards(estimate(told, KAZAKHSTAN, draws=400))}

    def test_delay_is_counted_from_the_end_of_the_window(self, cards):
        assert cards["Border Service"].delay_days == 1
        assert cards["Ministry"].delay_days == 2
        assert cards["Ministry"].delay_most == 9

    def test_a_figure_said_again_otherwise_is_a_revision(self, cards):
        revised = cards["Ministry"]

        assert len(revised.revisions) == 2
        assert revised.revision_size == pytest.approx(0.02, abs=0.003)
        assert revised.revised_up == 1.0
        assert cards["Border Service"].revisions == ()

    def test_figures_of_two_groups_are_no_revision_of_each_other(self):
        day = date(2022, 9, 5)
        told = [made_up("Ministry", day, 5000.0)]
        told += [
            made_up("Ministry", day, 9000.0, late, group=group)
            for late, group in ((2, "any"), (3, "foreign"))
        ]
        told += [made_up("Ministry", day, 900.0, 2, place="Kostanay Region")]
        told += [made_up("Ministry", day, 700.0, 4, place="Aktobe Region")]

        cards = scorecards(estimate(told, KAZAKHSTAN, draws=100))

        assert sum(card.statements for card in cards) == 5
        assert not any(card.revisions for card in cards)

    def test_one_that_states_more_is_seen_to_state_more(self, cards):
        apart = cards["Ministry"].bias - cards["Border Service"].bias

        assert apart == pytest.approx(0.03, abs=0.01)

    def test_too_little_is_said_to_be_too_little(self):
        card = scorecards(estimate([made_up("Ministry", date(2022, 9, 5), 5000.0)], KAZAKHSTAN))[0]

        assert card.bias is None
        assert card.delay_days is None
        assert len(card.not_enough) >= 3

    def test_rounding_is_a_habit_of_its_digits(self):
        days = [date(2022, 9, 1) + timedelta(n) for n in range(6)]
        round_ones = [made_up("Press office", day, 5000.0 + 100 * n) for n, day in enumerate(days)]

        assert scorecards(estimate(round_ones, KAZAKHSTAN))[0].rounded == 1.0
