"""The ground of the invented city: river, outline, streets and districts, in metres.

Everything is laid out on a flat plane with x along the river and y to its left bank, and only
turned into degrees when it is written (see `Place`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from sample_data import names

Coords = NDArray[np.float64]

#: On empty moorland, so that nobody takes the invented streets for their own.
CENTRE_LON, CENTRE_LAT = -3.3, 55.25
#: The river does not run due east: the plan is turned by this much.
_TURN = math.radians(-14)
#: Every so many parallel streets one is a main road, and one in between a lesser one.
_MAIN_EVERY, _SECONDARY_EVERY = 8, 4


@dataclass(frozen=True, slots=True)
class Street:
    """A run of one street: its line in metres, its class, and the bridge it crosses if any."""

    name: str
    road_class: str
    line: Coords
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Shapes in metres on the plan."""

    river: BaseGeometry
    outline: BaseGeometry
    park: BaseGeometry
    streets: tuple[Street, ...]
    districts: tuple[tuple[str, BaseGeometry], ...]


def to_degrees(xy: Coords) -> Coords:
    """Metres on the plan to longitude and latitude, rounded to about 10 cm."""
    x = xy[..., 0] * math.cos(_TURN) - xy[..., 1] * math.sin(_TURN)
    y = xy[..., 0] * math.sin(_TURN) + xy[..., 1] * math.cos(_TURN)
    phi = math.radians(CENTRE_LAT)
    # Series for the length of a degree on WGS 84 at this latitude.
    per_lat = 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    per_lon = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi)
    degrees = np.stack([CENTRE_LON + x / per_lon, CENTRE_LAT + y / per_lat], axis=-1)
    return np.asarray(np.round(degrees, 6), dtype=np.float64)


def shape_to_degrees(shape: BaseGeometry) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(shape, to_degrees)
    return moved


def river_at(x: Coords) -> Coords:
    """How far the middle of the river lies from the axis at x."""
    return np.asarray(230 * np.sin(x / 1150 + 0.4) + 95 * np.sin(x / 520 + 1.3))


def _river_width(x: Coords) -> Coords:
    """Half the width: a town river that opens into a harbour in the east."""
    return np.asarray(42 + 18 * np.sin(x / 900) + 170 / (1 + np.exp(-(x - 3100) / 330)))


def _river() -> BaseGeometry:
    x = np.arange(-4600.0, 4650.0, 60.0)
    middle, half = river_at(x), _river_width(x)
    upper, lower = np.column_stack([x, middle + half]), np.column_stack([x, middle - half])
    return shapely.Polygon(np.vstack([lower, upper[::-1]]))


def _outline() -> BaseGeometry:
    angle = np.linspace(0, 2 * np.pi, 181)[:-1]
    reach = (
        1 + 0.06 * np.sin(3 * angle + 0.5) + 0.04 * np.sin(7 * angle) + 0.02 * np.cos(11 * angle)
    )
    return shapely.Polygon(
        np.column_stack([3650 * reach * np.cos(angle), 2750 * reach * np.sin(angle)])
    )


def _bent(u: Coords, v: Coords) -> Coords:
    """Where a node of the straight grid comes to lie: streets bend, and follow the river."""
    along = river_at(u) * np.exp(-np.square(v / 1100))
    x = u + 75 * np.sin(v / 640 + 0.7) + 28 * np.sin(u / 390 + v / 810)
    y = v + along + 60 * np.sin(u / 760 + 2.1) * np.minimum(1, np.abs(v) / 600)
    return np.stack([x, y], axis=-1)


def _grid_lines(rng: Generator, reach: float) -> Coords:
    """Positions of parallel streets, closer together in the middle of the city."""
    marks, at = [0.0], 0.0
    while at < reach:
        at += (105 + 55 * min(1.0, at / 1800)) * (0.85 + 0.3 * float(rng.random()))
        marks.append(at)
    mirror = [-(m + 12 * (0.5 - float(rng.random()))) for m in marks[1:]]
    return np.array(sorted([*mirror, *marks]))


def _class_of(index: int, offset: int) -> str:
    if (index - offset) % _MAIN_EVERY == 0:
        return "primary"
    if (index - offset) % _SECONDARY_EVERY == 0:
        return "secondary"
    return "residential"


_KEPT = {"primary": 1.0, "secondary": 0.97, "residential": 0.84}


@dataclass(frozen=True, slots=True)
class _Limits:
    """Where streets may run."""

    land: BaseGeometry
    river: BaseGeometry
    wide_river: BaseGeometry


def _runs(
    rng: Generator, nodes: Coords, road_class: str, limits: _Limits, crosses: bool
) -> list[tuple[Coords, bool]]:
    """The parts of one grid line that are built, as polylines; True for a bridge."""
    runs: list[tuple[Coords, bool]] = []
    current: list[Coords] = []
    for start, end in pairwise(nodes):
        step = shapely.LineString([start, end])
        keep = float(rng.random()) < _KEPT[road_class] and limits.land.covers(step)
        wet = limits.wide_river.intersects(step)
        if wet and keep and crosses:
            runs += [(np.array(current), False)] if len(current) > 1 else []
            runs.append((np.array([start, end]), True))
            current = [end]
        elif keep and not wet:
            current = current or [start]
            current.append(end)
        else:
            runs += [(np.array(current), False)] if len(current) > 1 else []
            current = []
    runs += [(np.array(current), False)] if len(current) > 1 else []
    return runs


def _joined_bridges(runs: list[tuple[Coords, bool]]) -> list[tuple[Coords, bool]]:
    """Neighbouring bridge steps as one bridge."""
    joined: list[tuple[Coords, bool]] = []
    for line, bridge in runs:
        before = joined[-1] if joined else None
        if bridge and before and before[1] and np.array_equal(before[0][-1], line[0]):
            joined[-1] = (np.vstack([before[0], line[1:]]), True)
        else:
            joined.append((line, bridge))
    return joined


def _streets(rng: Generator, limits: _Limits) -> list[Street]:
    us, vs = _grid_lines(rng, 4000.0), _grid_lines(rng, 3000.0)
    middle_u, middle_v = len(us) // 2, len(vs) // 2
    street_names = names.street_names(rng, len(us) + len(vs))
    streets: list[Street] = []
    bridges = 0
    for number, value in enumerate([*us, *vs]):
        across = number < len(us)
        index = number if across else number - len(us)
        road_class = _class_of(index, middle_u if across else middle_v + 2)
        nodes = _bent(np.full(len(vs), value), vs) if across else _bent(us, np.full(len(us), value))
        crosses = across and road_class == "primary" and abs(value) < 2900
        for line, bridge in _joined_bridges(_runs(rng, nodes, road_class, limits, crosses)):
            title = names.BRIDGES[bridges % len(names.BRIDGES)] if bridge else ""
            bridges += bridge
            streets.append(Street(street_names[number], road_class, line, title))
    return streets


def _ring_road(outline: BaseGeometry, river: BaseGeometry) -> list[Street]:
    ring = np.asarray(outline.buffer(-180).exterior.coords)[::2]
    ring = np.vstack([ring, ring[:1]])
    parts = shapely.get_parts(shapely.LineString(ring).difference(river.buffer(6)))
    dry = shapely.line_merge(shapely.union_all(parts))
    wet = shapely.get_parts(shapely.LineString(ring).intersection(river.buffer(6)))
    roads = [Street("Ring Road", "trunk", np.asarray(p.coords)) for p in shapely.get_parts(dry)]
    spans = sorted(wet, key=lambda p: p.centroid.x)
    titles = ("Weir Bridge", "Harbour Bridge")
    roads += [
        Street("Ring Road", "trunk", np.asarray(span.coords), title)
        for span, title in zip(spans, titles, strict=False)
    ]
    return roads


#: Where each district has its heart; the sign of y says on which bank.
_HEARTS = {
    "Old Quay": (250, 420),
    "Northgate": (-150, 1650),
    "Chapelfield": (-1750, 1050),
    "Harbourside": (1900, 800),
    "Mill End": (-2500, 350),
    "Station Ward": (150, -650),
    "Southbank": (-1500, -900),
    "Eastfield": (1900, -1050),
    "Brickfields": (300, -1900),
}


def _wavy(xy: Coords) -> Coords:
    x, y = xy[:, 0], xy[:, 1]
    return np.column_stack([x + 55 * np.sin(y / 310), y + 50 * np.sin(x / 340 + 1)])


def _districts(outline: BaseGeometry) -> list[tuple[str, BaseGeometry]]:
    """Voronoi cells of the hearts on either bank, with winding edges."""
    x = np.arange(-6000.0, 6000.0, 100.0)
    middle = np.column_stack([x, river_at(x)])
    north = shapely.Polygon(np.vstack([middle, [(6000, 9000), (-6000, 9000)]]))
    south = shapely.Polygon(np.vstack([middle, [(6000, -9000), (-6000, -9000)]]))
    districts = []
    for bank, sign in ((north, 1), (south, -1)):
        hearts = {name: at for name, at in _HEARTS.items() if at[1] * sign > 0}
        cells = shapely.voronoi_polygons(
            shapely.MultiPoint(list(hearts.values())),
            extend_to=shapely.box(-9000, -9000, 9000, 9000),
        )
        for name, heart in hearts.items():
            cell = next(c for c in shapely.get_parts(cells) if c.contains(shapely.Point(heart)))
            winding = shapely.transform(shapely.segmentize(cell, 120), _wavy)
            shape = winding.intersection(bank).intersection(outline)
            parts = shapely.get_parts(shape)
            districts.append((name, parts[int(np.argmax(shapely.area(parts)))]))
    return districts


def make(rng: Generator) -> Ground:
    """Lay out the city."""
    river, outline = _river(), _outline()
    park = shapely.transform(
        shapely.Point(-900, 900).buffer(330, quad_segs=12), lambda xy: xy * [1.25, 1] + [225, 0]
    )
    inner = outline.buffer(-185)  # inside the ring road
    limits = _Limits(inner.difference(park), river, river.buffer(26))
    streets = (*_streets(rng, limits), *_ring_road(outline, river))
    return Ground(river, outline, park, streets, tuple(_districts(outline)))
