"""Streets join where they share a vertex, and how far one gets is measured along them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp import journeys
from gisapp.analysis.street_network import street_network
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

#: A place where a hundred metres are handy steps in degrees.
LON, LAT = 8.54, 47.37
EAST, NORTH = geodesy.degrees_of(100, LAT)


def at(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place given in hundreds of metres."""
    return LON + x * EAST, LAT + y * NORTH


def streets(*lines: list[tuple[float, float]], classes: tuple[str, ...] = ()) -> Layer:
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = [shapely.LineString([at(*place) for place in line]) for line in lines]
    table = pa.table({"class": pa.array(classes or ["S1400"] * len(lines))})
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(shapes), {"road_class": "class"})


def reached_m(layer: Layer, x: float, y: float, limit_m: float) -> float:
    network = street_network(layer)
    lon, lat = at(x, y)
    (site,) = network.snap(np.array([lon]), np.array([lat]))
    (reached,) = network.reached([site], limit_m)
    return geodesy.length_m(reached)


def test_one_walks_both_ways_along_a_street() -> None:
    assert reached_m(streets([(0, 0), (10, 0)]), 5, 0, 200) == pytest.approx(400, abs=0.1)


def test_the_way_to_the_street_counts() -> None:
    assert reached_m(streets([(0, 0), (10, 0)]), 5, 0.5, 200) == pytest.approx(300, abs=0.2)
    assert reached_m(streets([(0, 0), (10, 0)]), 5, 3, 200) == 0


def test_streets_that_share_a_vertex_join() -> None:
    crossing = streets([(0, 0), (5, 0), (10, 0)], [(5, -5), (5, 0), (5, 5)])
    assert reached_m(crossing, 5, 0, 100) == pytest.approx(400, abs=0.1)


def test_a_bridge_joins_nothing() -> None:
    bridge = streets([(0, 0), (10, 0)], [(5, -5), (5, 5)])
    assert reached_m(bridge, 5, 0.0, 100) == pytest.approx(200, abs=0.1)


def test_nobody_walks_on_a_motorway() -> None:
    apart = streets(
        [(0, 0), (1, 0)], [(1, 0), (4, 0)], [(4, 0), (6, 0)], classes=("S1400", "S1100", "S1400")
    )
    assert reached_m(apart, 0, 0, 800) == pytest.approx(100, abs=0.1)


def test_a_ring_is_walked_from_both_sides() -> None:
    ring = streets([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])
    assert reached_m(ring, 0, 0, 300) == pytest.approx(600, abs=0.2)
    assert reached_m(ring, 0, 0, 500) == pytest.approx(800, abs=0.2)


def test_several_sites_do_not_disturb_each_other() -> None:
    layer = streets([(0, 0), (10, 0)])
    network = street_network(layer)
    places = np.array([at(2, 0), at(8, 0)])
    sites = network.snap(places[:, 0], places[:, 1])
    both = network.reached(sites, 100)
    assert [geodesy.length_m(one) for one in both] == pytest.approx([200, 200], abs=0.1)


def test_points_are_no_streets() -> None:
    layer = new_layer(
        "Sites", LayerKind.SERVICES, pa.table({"a": [1]}), Points(np.zeros(1), np.zeros(1))
    )
    with pytest.raises(DataError, match="holds points"):
        street_network(layer)


def test_cincinnati_is_one_network(shared_data: Path) -> None:
    folder = shared_data / "cincinnati" / "roads_tiger2014"
    task = journeys.import_task([folder / "tl_2014_39061_roads.shp"], LayerKind.STREETS)
    network = street_network(task.work(Progress()).layer)
    assert network.length_m.sum() / 1000 == pytest.approx(6064.6, abs=0.1)
    # Downtown, at the fountain: within five minutes at 80 m a minute.
    (site,) = network.snap(np.array([-84.5125]), np.array([39.1015]))
    (reached,) = network.reached([site], 400)
    assert site.away_m < 60
    assert geodesy.length_m(reached) > 2_000
    farthest = shapely.hausdorff_distance(reached, shapely.Point(-84.5125, 39.1015))
    assert farthest < geodesy.degrees_of(400, 39.1)[0]
