"""Streets join where they share a vertex, and how far one gets is measured along them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp import journeys
from gisapp.analysis.streets.network import Snapped, StreetNetwork, street_network
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from tests.analysis.street_layers import at, grid, streets

GRID = street_network(streets(*grid(6, 6)))


def reached(
    network: StreetNetwork, sites: list[Snapped], limit_m: float
) -> list[shapely.MultiLineString]:
    """The streets within so many metres of walking from each site, the way to the street too."""
    ways = network.walked(sites, limit_m)
    return [
        network.parts(site, limit_m - way, limit_m) for site, way in zip(sites, ways, strict=True)
    ]


def reached_m(layer: Layer, x: float, y: float, limit_m: float) -> float:
    network = street_network(layer)
    lon, lat = at(x, y)
    (site,) = network.snap(np.array([lon]), np.array([lat]))
    (lines,) = reached(network, [site], limit_m)
    return geodesy.length_m(lines)


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


def test_a_street_that_ends_on_another_joins_it_without_a_vertex_there() -> None:
    for end in ((5, 0), (5, 0.0005)):
        tee = streets([(0, 0), (10, 0)], [(5, -5), end])
        assert reached_m(tee, 5, -1, 300) == pytest.approx(300 + 100 + 2 * 200, abs=0.5)


def test_an_end_short_of_a_street_joins_nothing() -> None:
    short = streets([(0, 0), (10, 0)], [(5, -5), (5, -0.05)])
    assert reached_m(short, 5, -1, 300) == pytest.approx(300 + 95, abs=0.5)


def test_a_street_told_twice_is_as_far_as_once() -> None:
    once = street_network(streets([(0, 0), (5, 0), (10, 0)]))
    twice = street_network(streets([(0, 0), (5, 0), (10, 0)], [(0, 0), (5, 0), (10, 0)]))
    for network in (once, twice):
        (site,) = network.snap(*np.array([at(1, 0)]).T)
        (way,) = network.walked([site], 2_000)
        assert np.sort(way[np.isfinite(way)])[-1] == pytest.approx(900, abs=0.2)


def test_of_two_ways_between_the_same_corners_the_shorter_counts() -> None:
    two = streets([(0, 0), (4, 0)], [(0, 0), (0, 3), (4, 3), (4, 0)], [(4, 0), (6, 0)])
    assert reached_m(two, 0, 0, 500) == pytest.approx(400 + 100 + 500 + 100, abs=0.5)


def test_a_loop_at_the_end_of_a_street_is_walked_both_ways() -> None:
    loop = streets([(0, 0), (2, 0)], [(2, 0), (3, 1), (4, 0), (3, -1), (2, 0)])
    round_m = 4 * 100 * 2**0.5
    assert reached_m(loop, 0, 0, 300) == pytest.approx(200 + 200, abs=0.5)
    assert reached_m(loop, 0, 0, 1000) == pytest.approx(200 + round_m, abs=0.7)
    assert reached_m(loop, 3.5, 0.5, 100) == pytest.approx(200, abs=0.7)


def test_a_dead_end_ends() -> None:
    assert reached_m(streets([(0, 0), (1, 0)]), 0.2, 0, 5000) == pytest.approx(100, abs=0.1)


def test_openstreetmap_classes_are_known() -> None:
    classes = ("residential", "motorway_link", "footway")
    paths = streets([(0, 0), (1, 0)], [(1, 0), (2, 0)], [(0, 0), (0, 1)], classes=classes)
    assert reached_m(paths, 0, 0, 900) == pytest.approx(200, abs=0.2)
    whole = street_network(paths, walked_only=False)
    assert whole.length_m.sum() == pytest.approx(300, abs=0.3)


@given(x=st.floats(0, 6), y=st.floats(0, 6), near=st.floats(20, 400), more=st.floats(1, 400))
@settings(max_examples=40, deadline=None)
def test_who_walks_longer_reaches_all_of_the_former(
    x: float, y: float, near: float, more: float
) -> None:
    lon, lat = at(x, y)
    (site,) = GRID.snap(np.array([lon]), np.array([lat]))
    (less,), (most,) = reached(GRID, [site], near), reached(GRID, [site], near + more)
    assert geodesy.length_m(less) <= geodesy.length_m(most) + 0.01
    for part in (less, most):
        far = shapely.hausdorff_distance(part, shapely.Point(lon, lat)) if not part.is_empty else 0
        assert far <= geodesy.degrees_of(near + more + 1, lat)[0]


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
    both = reached(network, sites, 100)
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
    (lines,) = reached(network, [site], 400)
    assert site.away_m < 60
    assert geodesy.length_m(lines) > 2_000
    farthest = shapely.hausdorff_distance(lines, shapely.Point(-84.5125, 39.1015))
    assert farthest < geodesy.degrees_of(400, 39.1)[0]
