"""What was believed when: beliefs, the parts of a change, and what counts as new."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from figures import KAZAKHSTAN, said

from tolqyn.claims import Statement
from tolqyn.estimate import estimate
from tolqyn.estimate.vintages import beliefs, changes, headline_spans, means, means_in_table, without_new

DAY = date(2022, 9, 25)


@pytest.fixture(scope="module")
def posterior():
    told = [said("entries", 5000.0 + 100 * n, DAY + timedelta(n)) for n in range(6)]
    told.append(said("stock", 100_000, DAY))
    return estimate(told, KAZAKHSTAN, as_of=DAY + timedelta(9), draws=200)


def test_headlines_run_from_the_first_event_to_the_day(posterior):
    spans = {span.stream.measure: span for span in headline_spans(posterior)}

    assert spans["entries"].first == date(2022, 9, 21)
    assert spans["entries"].last == spans["stock"].first == DAY + timedelta(9)


def test_a_belief_is_of_the_draws(posterior):
    (belief, *_) = beliefs(posterior, [s for s in headline_spans(posterior) if s.stream.measure == "entries"])

    draws = posterior.window("entries", "KAZ", "RUS", belief.span.first, belief.span.last)
    assert belief.middle == np.median(draws)
    assert belief.low < belief.middle < belief.high


def test_what_lies_outside_an_estimate_is_not_believed(posterior):
    late = [replace(span, last=span.last + timedelta(1)) for span in headline_spans(posterior)]

    assert beliefs(posterior, late) == ()
    assert means(posterior, late) == means_in_table(posterior.table(), late) == {}


def test_a_kept_table_gives_the_means_of_its_estimate(posterior):
    spans = headline_spans(posterior)
    kept = means_in_table(posterior.table(), spans)

    assert kept == pytest.approx(means(posterior, spans))


def test_the_parts_of_a_change_add_up(posterior):
    spans = headline_spans(posterior)
    held = means(posterior, spans)
    later = {span: value + 50 for span, value in held.items()}

    for change in changes([("", held), ("method", held), ("new data", later)]):
        assert change.parts["method"] == 0
        assert change.after - change.before == pytest.approx(sum(change.parts.values()))


def test_only_another_figure_of_the_same_window_and_source_is_a_revision():
    first = said("entries", 5000.0, DAY)
    revised = said("entries", 5200.0, DAY, said=DAY + timedelta(3))
    other_body = said("entries", 5200.0, DAY, organization="Statistics Office")
    region = said("entries", 900.0, DAY, place="Kostanay Region")
    other_region = said("entries", 700.0, DAY, place="Aktobe Region")
    other_day = said("entries", 5200.0, DAY + timedelta(1))

    later = [first, revised, region, other_body, other_region, other_day]
    kept = without_new([first, region], later, KAZAKHSTAN)

    assert kept == [first, revised, region]


def test_what_nothing_is_known_of_the_source_of_is_new():
    nameless = said("entries", 5000.0, DAY, organization=None)
    again = Statement("s2", nameless.claims, 0)

    assert without_new([nameless], [again], KAZAKHSTAN) == []
