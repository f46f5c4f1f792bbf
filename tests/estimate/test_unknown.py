"""Unknown is a value: what no believed figure tells the size of has draws, but no figure is given."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from estimate.figures import KAZAKHSTAN, said

from tolqyn.claims import Qualifier
from tolqyn.estimate import estimate
from tolqyn.estimate.vintages import beliefs, headline_spans

FIRST, LAST = date(2022, 9, 21), date(2022, 9, 27)
ENTRIES = said("entries", 98_000, FIRST, LAST)
EXITS = said("exits", 64_234, FIRST, LAST)
BEFORE = said("entries", 200_000, FIRST - timedelta(31), FIRST - timedelta(1))
STOCK = said("stock", 100_000, LAST)
SHARE = said("share", 60, FIRST, LAST, kind="exits", unit="percent")
LATER = said("stock", 110_000, LAST + timedelta(20))


def unknown(*told, situation=KAZAKHSTAN):
    return {stream.measure for stream in estimate(told, situation, draws=100).unknown}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([ENTRIES], {"exits", "net", "stock"}),
        ([ENTRIES, EXITS], {"stock"}),
        ([ENTRIES, STOCK], {"exits", "net"}),
        ([ENTRIES, SHARE], {"stock"}),
        ([EXITS, SHARE], {"stock"}),
        ([ENTRIES, STOCK, LATER], set()),
        ([STOCK], {"entries", "exits", "net"}),
        ([STOCK, LATER], {"entries", "exits"}),
    ],
)
def test_only_what_is_told_or_follows_is_known(told, expected):
    assert unknown(*told) & {"entries", "exits", "net", "stock"} == expected


def test_ordinary_traffic_is_known_by_a_figure_that_reaches_back_before_the_event():
    assert {"excess_entries", "ordinary_entries"} <= unknown(ENTRIES)
    assert not {"excess_entries", "ordinary_entries"} & unknown(ENTRIES, BEFORE)


def test_a_population_tells_of_the_stock():
    assert "stock" not in unknown(
        ENTRIES, situation=replace(KAZAKHSTAN, population={"KAZ": {"RUS": 130_000}})
    )


def test_a_stock_that_is_set_apart_or_a_mere_floor_tells_no_size():
    blunder = said("stock", 30, LAST)
    floor = said("stock", 20, LAST, qualifier=Qualifier.OVER)

    assert "stock" in unknown(ENTRIES, EXITS, blunder)
    assert "stock" in unknown(ENTRIES, EXITS, floor)


def test_tables_leave_the_unknown_empty_and_say_so():
    posterior = estimate([ENTRIES], KAZAKHSTAN, draws=50)

    for row in posterior.table().to_pylist():
        figures = [row[name] for name in ("mean", "sd", "q05", "q50", "q95")]
        assert (None in figures) == (row["measure"] != "entries")
    values = {row["measure"]: row["value"] for row in posterior.draw_table(1).to_pylist()}
    assert values["stock"] is None
    assert values["entries"] > 0
    assert "Nothing was said of stock of RUS in KAZ: how many are present is unknown." in posterior.notes
    assert any(span.stream.measure == "stock" for span in headline_spans(estimate([STOCK], KAZAKHSTAN)))
    assert {b.span.stream.measure for b in beliefs(posterior, headline_spans(posterior))} == {"entries"}
    assert (posterior.draws("stock", "KAZ", "RUS") >= 0).all()


def test_what_is_not_borne_out_is_told_from_what_was_not_said():
    notes = estimate([ENTRIES, EXITS, said("stock", 30, date(2022, 9, 27))], KAZAKHSTAN, draws=50).notes

    assert any(
        note.startswith("The rest does not bear out what was said of stock of RUS in KAZ") for note in notes
    )
