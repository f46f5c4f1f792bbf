"""The outline map: countries of the world, an equal-area projection, and places with what was counted there.

Reads one data file of this package: Natural Earth in the edition of Visionscarto (assets/README.md).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tolqyn.report.draw import Canvas
from tolqyn.report.words import count

__all__ = ["BOUNDARY_NOTE", "Spot", "map_chart"]

BOUNDARY_NOTE = (
    "Outlines and names are those of Natural Earth as edited by Visionscarto. They are drawn for orientation "
    "and express no opinion on the status of any territory or on its boundaries."
)

Ring = NDArray[np.float64]
"""A closed line, (point, 2): degrees east and north, or pixels."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place named in a statement.

    Attributes:
        value: the largest count of persons stated there; None where none was.
        paint: of the measure that was counted.
        title: the statement in words; `to` opens it.
    """

    name: str
    latitude: float
    longitude: float
    value: float | None
    paint: str
    number: int
    to: str
    title: str


def map_chart(
    spots: Sequence[Spot], studied: Iterable[str], *, width: float, name: str, description: str
) -> str | None:
    """The studied countries in their neighbourhood, with the spots upon them; None with nothing to centre on.

    Args:
        spots: the places to draw; a disc's area goes with its value.
        studied: alpha-3 codes of the countries that the map is about.
        width: pixels.
        name: of the picture, unique in the report.
        description: for readers who do not see it.
    """
    world = _countries()
    home = {code for code in studied if code in world}
    frame = [ring for code in sorted(home) for ring in _main_rings(world[code][1])]
    points = np.array([[spot.longitude, spot.latitude] for spot in spots], dtype=float).reshape(-1, 2)
    every = np.concatenate([*frame, points]) if frame else points
    if not len(every):
        return None
    centre = _centre(every)
    seen = _project(every, centre)
    left, top = seen.min(axis=0)
    right, bottom = seen.max(axis=0)
    span = max(right - left, bottom - top, 0.02)
    margin = 0.07 * span
    left, right, top, bottom = left - margin, right + margin, top - margin, bottom + margin
    height = width * min(max((bottom - top) / (right - left), 0.55), 0.85)
    scale = min(width / (right - left), height / (bottom - top))
    shift = np.array([(left + right) / 2, (top + bottom) / 2])

    def pixels(degrees: Ring) -> Ring:
        moved: Ring = (_project(degrees, centre) - shift) * scale + np.array([width / 2, height / 2])
        return moved

    canvas = Canvas(width, height, name)
    canvas.rect(0, 0, width, height, "wash")
    names = []
    for code, (label, rings) in world.items():
        drawn = [
            ring for ring in (_fit(ring, centre, pixels, width, height) for ring in rings) if len(ring) > 2
        ]
        if drawn:
            canvas.shape(
                [list(map(tuple, ring)) for ring in drawn], "study" if code in home else "land", 1, "coast"
            )
            names.append((label, drawn))
    _draw_spots(canvas, spots, pixels(points))
    for label, drawn in names:
        x, y, room = _roomiest(drawn, width, height)
        words = label.upper()
        if room > 9 and canvas.place(x, y + 4, words, size=10, anchor="middle", pad=2):
            canvas.text(x, y + 4, words, size=10, anchor="middle", paint="quiet")
    return canvas.svg(description)


def _draw_spots(canvas: Canvas, spots: Sequence[Spot], places: Ring) -> None:
    """Discs, large ones first; then names, large ones first, each where it is free."""
    largest = max((spot.value or 0 for spot in spots), default=0) or 1
    order = sorted(range(len(spots)), key=lambda n: (-(spots[n].value or 0), spots[n].name))
    reach = 26 if canvas.width > 500 else 18
    radii = [max(reach * math.sqrt((spot.value or 0) / largest), 3.2) for spot in spots]
    for n in order:
        spot, (x, y) = spots[n], places[n]
        canvas.open_link(spot.to, spot.title)
        if spot.value is None:
            canvas.circle(x, y, 3.4, "zero", hollow=True)
        else:
            canvas.circle(x, y, radii[n], spot.paint, opacity=0.45)
        canvas.target(x - 11, y - 11, 22, 22)
        canvas.close_link()
        canvas.claim(x - min(radii[n], 5), y - min(radii[n], 5), x + min(radii[n], 5), y + min(radii[n], 5))
    for n in order:
        _name_spot(canvas, spots[n], float(places[n][0]), float(places[n][1]), radii[n])


def _name_spot(canvas: Canvas, spot: Spot, x: float, y: float, radius: float) -> None:
    """Name and count beside the disc; the name alone where there is little room."""
    figure = "" if spot.value is None else f" {count(spot.value)}"
    for words in (spot.name + figure, spot.name) if figure else (spot.name,):
        for dx, dy, anchor in (
            (radius + 4, 4, "start"),
            (-radius - 4, 4, "end"),
            (0, -radius - 5, "middle"),
            (0, radius + 13, "middle"),
        ):
            if canvas.place(x + dx, y + dy, words, size=11, anchor=anchor):
                canvas.open_link(spot.to, spot.title)
                canvas.text(
                    x + dx, y + dy, words, size=11, anchor=anchor, halo=True, bold=spot.value is not None
                )
                canvas.close_link()
                return


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, list[Ring]]]:
    """alpha-3 (or name) -> name and rings, decoded from TopoJSON (github.com/topojson/topojson-specification)."""
    source = files("tolqyn.report") / "assets" / "atlas" / "countries-50m.json.gz"
    topology = json.loads(gzip.decompress(source.read_bytes()))
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc, dtype=float), axis=0) * scale + shift for arc in topology["arcs"]]
    found: dict[str, tuple[str, list[Ring]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [_ring(indices, arcs) for polygon in polygons for indices in polygon]
        label = shape["properties"]["name"] or ""
        key = shape["properties"]["a3"] or label
        found[key] = (label, [*found.get(key, ("", []))[1], *rings])
    return found


def _ring(indices: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """Arcs joined end to end; a negative index is the arc of its complement, backwards."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _main_rings(rings: Sequence[Ring]) -> list[Ring]:
    """The rings that make up a country's body, without islands far off that would shrink the map."""
    largest = max(_area(ring) for ring in rings)
    return [ring for ring in rings if _area(ring) >= 0.15 * largest]


def _centre(points: Ring) -> tuple[float, float]:
    """The middle of points on the globe, degrees east and north; safe across the date line."""
    lon, lat = np.radians(points).T
    x, y, z = (np.cos(lat) * np.cos(lon)).mean(), (np.cos(lat) * np.sin(lon)).mean(), np.sin(lat).mean()
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _project(points: Ring, centre: tuple[float, float]) -> Ring:
    """Lambert's azimuthal equal-area projection, y downwards, on a globe of radius 1.

    Snyder, Map Projections: A Working Manual (1987), equations 22-4, 24-2 and 24-3.
    """
    lon, lat = np.radians(points).T
    lon0, lat0 = math.radians(centre[0]), math.radians(centre[1])
    cosine = math.sin(lat0) * np.sin(lat) + math.cos(lat0) * np.cos(lat) * np.cos(lon - lon0)
    k = np.sqrt(2 / np.maximum(1 + cosine, 1e-6))
    x = k * np.cos(lat) * np.sin(lon - lon0)
    y = k * (math.cos(lat0) * np.sin(lat) - math.sin(lat0) * np.cos(lat) * np.cos(lon - lon0))
    return np.column_stack([x, -y])


def _fit(
    ring: Ring, centre: tuple[float, float], pixels: Callable[[Ring], Ring], width: float, height: float
) -> Ring:
    """A ring in pixels, cut to the picture and thinned to what can be seen; empty where it is outside."""
    lon, lat = np.radians(ring).T
    lon0, lat0 = math.radians(centre[0]), math.radians(centre[1])
    near = math.sin(lat0) * np.sin(lat) + math.cos(lat0) * np.cos(lat) * np.cos(lon - lon0)
    if near.max() < 0:  # all on the far side of the globe
        return np.empty((0, 2))
    drawn = pixels(ring)
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    if high[0] < 0 or high[1] < 0 or low[0] > width or low[1] > height:
        return np.empty((0, 2))
    return _thin(_clip(drawn, width, height))


def _thin(ring: Ring) -> Ring:
    """A ring without the points that lie within half a pixel of the one kept before."""
    kept: list[NDArray[np.float64]] = []
    for point in ring:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 0.7:
            kept.append(point)
    return np.array(kept) if len(kept) > 2 else np.empty((0, 2))


def _clip(ring: Ring, width: float, height: float) -> Ring:
    """A ring cut to the picture and a rim of 2 pixels (Sutherland and Hodgman 1974)."""
    for axis, bound, side in ((0, -2.0, 1), (0, width + 2, -1), (1, -2.0, 1), (1, height + 2, -1)):
        if not len(ring):
            break
        inside = side * (ring[:, axis] - bound) >= 0
        if inside.all():
            continue
        out: list[NDArray[np.float64]] = []
        for n in range(len(ring)):
            here, before = ring[n], ring[n - 1]
            if inside[n] != inside[n - 1]:
                share = (bound - before[axis]) / (here[axis] - before[axis])
                out.append(before + share * (here - before))
            if inside[n]:
                out.append(here)
        ring = np.array(out) if out else np.empty((0, 2))
    return ring


def _area(ring: Ring) -> float:
    """Area by the shoelace formula, without its sign."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _roomiest(rings: Sequence[Ring], width: float, height: float) -> tuple[float, float, float]:
    """The point of a country that is farthest from its edge, of a grid over the picture, and how far (pixels)."""
    across, down = np.meshgrid(np.linspace(0, width, 49)[1:-1], np.linspace(0, height, 33)[1:-1])
    x, y = across.ravel(), down.ravel()
    inside = np.zeros(len(x), dtype=bool)
    gap = np.minimum.reduce([x, width - x, y, height - y])
    for ring in rings:
        x1, y1 = ring.T
        x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
        crosses = (y1[:, None] > y) != (y2[:, None] > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (x2 - x1)[:, None] * (y - y1[:, None]) / (y2 - y1)[:, None] + x1[:, None]
        inside ^= (crosses & (x < at)).sum(axis=0) % 2 == 1
        # Sideways room counts for a third: names are wider than they are tall.
        gap = np.minimum(gap, np.hypot((x1[:, None] - x) / 3, y1[:, None] - y).min(axis=0) * 1.5)
    if not inside.any():
        return 0.0, 0.0, 0.0
    best = int(np.argmax(np.where(inside, gap, -1)))
    return float(x[best]), float(y[best]), float(gap[best])
