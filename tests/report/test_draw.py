"""The picture grammar and the map projection keep their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.report.atlas import Spot, _clip, _countries, _project, _roomiest, map_chart
from tolqyn.report.draw import Canvas, Scale, ticks


@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e7), st.integers(2, 8))
def test_ticks_are_round_even_and_inside(low, span, about):
    values = ticks(low, low + span, about)

    assert 1 <= len(values) <= 2.5 * about + 2
    assert all(low - 1e-6 * span <= value <= low + span + 1e-6 * span for value in values)
    steps = np.diff(values)
    assert np.allclose(steps, steps[0] if len(steps) else 0)


def test_a_flat_scale_does_not_divide_by_nought():
    assert Scale(3, 3, 0, 100)(3) == 0


def test_words_are_not_put_upon_words():
    canvas = Canvas(200, 100, "test")

    assert canvas.place(10, 50, "first")
    assert not canvas.place(20, 52, "second")
    assert canvas.place(20, 80, "second")
    assert not canvas.place(190, 20, "beyond the edge")


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-25, 25), st.floats(-25, 25))
def test_the_projection_keeps_areas(lat0, lon0, up, along):
    """Lambert's projection: a small square has the same area wherever it lies."""
    lat, lon, side = lat0 + up, lon0 + along, 0.1
    square = np.array([[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side]])

    x, y = _project(square, (lon0, lat0)).T

    drawn = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    on_globe = np.radians(side) * (np.sin(np.radians(lat + side)) - np.sin(np.radians(lat)))
    assert drawn == pytest.approx(on_globe, rel=0.01)


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=3, max_size=12))
def test_a_clipped_ring_lies_within_the_picture(points):
    ring = _clip(np.array(points), 100, 80)

    assert (ring >= -2.001).all()
    assert not len(ring) or (ring[:, 0].max() <= 102.001 and ring[:, 1].max() <= 82.001)


def test_a_name_is_put_inside_its_country():
    frame = np.array([[0, 0], [100, 0], [100, 100], [0, 100.0]])
    hole = np.array([[20, 20], [80, 20], [80, 80], [20, 80.0]])

    x, y, _ = _roomiest([frame, hole], 100, 100)

    assert not (20 < x < 80 and 20 < y < 80)


@pytest.mark.parametrize("studied", [["KAZ"], ["RUS"], ["FJI"], ["POL", "HUN"], ["XXX"]])
def test_a_map_is_drawn_anywhere_even_across_the_date_line(studied):
    spot = Spot("A town", 10.0, 20.0, 5.0, "entries", 1, "#s-1", "a statement")

    svg = map_chart([spot] if studied == ["XXX"] else [], studied, width=340, name="m", description="a map")

    assert svg.startswith("<svg")
    assert "nan" not in svg
    assert svg.count("<path") >= 1


def test_a_map_of_nothing_is_none():
    assert map_chart([], [], width=340, name="m", description="a map") is None


def test_the_outlines_put_simferopol_in_ukraine():
    """Natural Earth's default draws it in Russia; the edition that is carried here does not."""
    point = np.array([34.1, 44.95])  # Simferopol
    inside = {
        code: _holds(rings, point) for code, (_, rings) in _countries().items() if code in {"UKR", "RUS"}
    }
    assert inside == {"UKR": True, "RUS": False}


def _holds(rings, point):
    within = False
    for ring in rings:
        (x1, y1), (x2, y2) = ring.T, np.roll(ring, -1, axis=0).T
        crosses = (y1 > point[1]) != (y2 > point[1])
        at = x1[crosses] + (x2 - x1)[crosses] * (point[1] - y1[crosses]) / (y2 - y1)[crosses]
        within ^= bool((point[0] < at).sum() % 2)
    return within
