"""The way along streets between two places: the shortest, and none where no street leads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.analysis.streets.trace import tracer_of
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.vocabulary import LayerKind

#: About 86 m east and 111 m north at 39 degrees.
STEP = 0.001


def layer_of(*lines: list[tuple[float, float]], classes: list[str] | None = None) -> Layer:
    shapes = np.array(
        [shapely.LineString([(-84 + x * STEP, 39 + y * STEP) for x, y in line]) for line in lines],
        dtype=object,
    )
    table = pa.table({"class": classes or ["S1400"] * len(lines)})
    fields = {"road_class": "class"}
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(shapes), fields)


def at(x: float, y: float) -> tuple[float, float]:
    return -84 + x * STEP, 39 + y * STEP


def steps(places: tuple[tuple[float, float], ...] | None) -> list[tuple[float, float]]:
    assert places is not None
    return [(round((lon + 84) / STEP, 3), round((lat - 39) / STEP, 3)) for lon, lat in places]


def test_the_shortest_of_two_ways_round_a_block() -> None:
    tracer = tracer_of(
        layer_of([(0, 0), (4, 0), (4, 2)], [(0, 0), (0, 2), (4, 2)], [(4, 2), (6, 2)])
    )
    found = tracer.between(at(1, 0), at(5, 2.1))
    assert steps(found) == [(1, 0), (4, 0), (4, 2), (5, 2)]
    assert steps(tracer.between(at(5, 2), at(1, 0))) == steps(found)[::-1]
    assert steps(tracer.between(at(0, 1.5), at(2, 2))) == [(0, 1.5), (0, 2), (2, 2)]


def test_along_one_street_its_bends_are_followed() -> None:
    tracer = tracer_of(layer_of([(0, 0), (1, 0), (1, 1), (2, 1)]))
    assert steps(tracer.between(at(2, 1), at(0.5, 0))) == [(2, 1), (1, 1), (1, 0), (0.5, 0)]


def test_streets_that_merely_cross_do_not_lead_over() -> None:
    tracer = tracer_of(layer_of([(0, 1), (2, 1)], [(1, 0), (1, 2)]))
    assert tracer.between(at(0, 1), at(1, 2)) is None


def test_a_border_may_follow_what_nobody_walks_on() -> None:
    layer = layer_of([(0, 0), (2, 0)], [(2, 0), (2, 2)], classes=["S1100", "S1400"])
    assert steps(tracer_of(layer).between(at(1, 0), at(2, 1))) == [(1, 0), (2, 0), (2, 1)]


def test_points_are_no_streets() -> None:
    none = Points(np.zeros(1), np.zeros(1))
    with pytest.raises(DataError, match="holds points"):
        tracer_of(new_layer("Sites", LayerKind.SERVICES, pa.table({"n": [1]}), none))


def test_a_way_is_never_shorter_than_the_distance() -> None:
    random = np.random.default_rng(3)
    grid = [[(x, 0), *((x, y) for y in range(1, 5))] for x in range(5)]
    grid += [[(0, y), *((x, y) for x in range(1, 5))] for y in range(5)]
    tracer = tracer_of(layer_of(*grid))
    for x, y, u, v in random.uniform(0, 4, (30, 4)):
        found = tracer.between(at(x, y), at(u, v))
        assert found is not None
        way = geodesy.length_m(shapely.LineString(found)) if len(found) > 1 else 0.0
        assert way >= geodesy.distance_m(*found[0], *found[-1]) - 1e-6
        straight = abs(found[0][0] - found[-1][0]) + abs(found[0][1] - found[-1][1])
        moved = np.abs(np.diff(np.array(found), axis=0)).sum()
        assert moved <= straight + 1.01 * STEP * 2, "no more than a block round"


def test_real_streets_are_followed_at_once(shared_data: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    folder = shared_data / "cincinnati" / "roads_tiger2014"
    frame = geopandas.read_file(next(folder.glob("*.shp"))).to_crs(4326)
    lines = np.array(frame.geometry, dtype=object)
    table = pa.table({"name": frame["FULLNAME"].fillna("").tolist()})
    layer = new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), {"name": "name"})
    tracer = tracer_of(layer)
    found = tracer.between((-84.512, 39.104), (-84.505, 39.1075))
    assert found is not None
    way = geodesy.length_m(shapely.LineString(found))
    assert geodesy.distance_m(*found[0], *found[-1]) <= way < 2_500
