"""Walks along streets as zones: a width, a hull, rivers, sites far from streets, a real city."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp import journeys
from gisapp.analysis.streets.network import StreetNetwork, street_network
from gisapp.analysis.streets.walk_zones import ASIDE_M, outlines, walk_zones
from gisapp.errors import Cancelled, EditError
from gisapp.layers import geodesy, reach
from gisapp.layers.layer import Layer, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind, MeasuredFrom
from gisapp.layers.water import water_layers
from gisapp.progress import Progress
from tests.analysis.street_layers import at, grid, sites, streets

FIVE = reach.walk("5 min")


def test_the_streets_reached_have_the_width_that_is_agreed() -> None:
    network = street_network(streets([(0, 0), (20, 0)]))
    (zone,) = walk_zones(sites((10, 0)), network, FIVE, "agreed in May", width_m=30).zones
    half_round = np.pi * 15**2
    assert zone.area_m2 == pytest.approx(800 * 30 + half_round, rel=0.002)
    assert zone.shape.is_valid and zone.shape.exterior.is_ccw
    assert (zone.basis, zone.walk_minutes, zone.radius_m) == (Basis.WALK, 5, 400)
    assert (zone.width_m, zone.radius_text) == (30, "5 min")
    assert zone.centre == pytest.approx(at(10, 0))
    assert zone.measured_from is MeasuredFrom.POINT
    assert zone.basis_text == (
        "agreed in May; 5 minutes at 80 m a minute (4.8 km/h); the streets reached, 30 m wide"
    )


def test_the_zone_holds_the_service_and_its_way_to_the_street() -> None:
    network = street_network(streets([(0, 0), (20, 0)]))
    made = walk_zones(sites((10, 0.9)), network, FIVE, "agreed")
    assert made.away_m == pytest.approx([90], abs=0.2)
    assert shapely.contains_xy(made.zones[0].shape, *at(10, 0.9))
    west, _, east, _ = made.zones[0].shape.bounds
    assert geodesy.distance_m(west, at(0, 0)[1], east, at(0, 0)[1]) == pytest.approx(650, abs=1)


def test_a_site_beyond_the_walk_is_told_and_not_dropped() -> None:
    network = street_network(streets([(0, 0), (20, 0)]))
    made = walk_zones(sites((10, 0), (10, 5), (12, 0)), network, FIVE, "agreed")
    assert made.rows == (0, 2)
    ((row, away),) = made.lost
    assert row == 1 and away == pytest.approx(500, abs=1)


def test_no_walk_without_its_basis() -> None:
    network = street_network(streets([(0, 0), (20, 0)]))
    with pytest.raises(EditError, match="needs its basis"):
        walk_zones(sites((10, 0)), network, FIVE, " ")


def test_a_walk_can_be_stopped() -> None:
    network = street_network(streets([(0, 0), (20, 0)]))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        walk_zones(sites((10, 0)), network, FIVE, "agreed", progress=progress)


def test_a_hull_is_one_outline_about_the_blocks() -> None:
    network = street_network(streets(*grid(12, 12)))
    (zone,) = walk_zones(sites((6, 6)), network, FIVE, "agreed", width_m=None).zones
    # On a grid one reaches a diamond of 400 m: twice its square, and the verge.
    assert zone.area_m2 == pytest.approx(2 * 400**2, rel=0.06)
    assert isinstance(zone.shape, shapely.Polygon) and not zone.shape.interiors
    assert zone.width_m is None and "one outline" in zone.basis_text


def banks(*bridges: float) -> StreetNetwork:
    """Two banks of a river 70 m wide that bends; bridges at some hundreds of metres."""
    south = [(float(x), -abs(x - 10) * 0.5) for x in range(21)]
    north = [(x, y + 0.7) for x, y in south]
    crossings = [[(x, -abs(x - 10) * 0.5), (x, -abs(x - 10) * 0.5 + 0.7)] for x in bridges]
    inland = [[(x, y), (x, y - 2)] for x, y in south[::2]]
    return street_network(streets(south, north, *inland, *crossings))


@pytest.mark.parametrize("width", [30.0, None])
def test_a_river_without_a_bridge_separates(width: float | None) -> None:
    (zone,), _ = outlines(banks(), [at(10, -0.1)], 400, width)
    assert zone is not None
    for x in np.linspace(4, 16, 25):
        assert not shapely.contains_xy(zone, *at(x, -abs(x - 10) * 0.5 + 0.7))


@pytest.mark.parametrize("width", [30.0, None])
def test_a_bridge_leads_across(width: float | None) -> None:
    (zone,), _ = outlines(banks(10.0), [at(10, -0.1)], 400, width)
    assert zone is not None
    assert shapely.contains_xy(zone, *at(10, 0.7))
    assert shapely.contains_xy(zone, *at(11, 0.2))
    assert zone.is_valid and isinstance(zone, shapely.Polygon)


def test_a_bridge_too_far_to_walk_leads_nowhere() -> None:
    (zone,), _ = outlines(banks(20.0), [at(10, -0.1)], 400, None)
    assert zone is not None
    assert not shapely.contains_xy(zone, *at(10, 0.7))


# A real city


@pytest.fixture(scope="module")
def city(shared_data: Path) -> tuple[Layer, Layer, shapely.Polygon]:
    """Streets, 143 services, and the city, whose south is the river."""
    folder = shared_data / "cincinnati"

    def read(path: Path, kind: LayerKind) -> Layer:
        return journeys.import_task([path], kind).work(Progress()).layer

    roads = read(folder / "roads_tiger2014" / "tl_2014_39061_roads.shp", LayerKind.STREETS)
    places = read(folder / "naloxone_distribution_sites.csv", LayerKind.SERVICES)
    bounds = read(folder / "city_boundary.geojson", LayerKind.BOUNDARIES)
    return roads, places, shapely.union_all(bounds.geometry.geoms)


@pytest.fixture(scope="module")
def network(city: tuple[Layer, Layer, shapely.Polygon]) -> StreetNetwork:
    return street_network(city[0])


@pytest.mark.parametrize("width", [30.0, None])
def test_cincinnati_is_walked_within_ten_seconds(
    city: tuple[Layer, Layer, shapely.Polygon], network: StreetNetwork, width: float | None
) -> None:
    start = time.process_time()
    made = walk_zones(city[1], network, FIVE, "a test", width_m=width)
    assert time.process_time() - start < 10
    assert len(made.zones) == 143 and not made.lost
    shapes = np.array([zone.shape for zone in made.zones])
    assert shapely.is_valid(shapes).all()
    assert all(
        zone.covers(*np.array([[x], [y]]))[0] for zone in made.zones for x, y in [zone.centre]
    )
    assert max(made.away_m) == pytest.approx(233.5, abs=0.5)
    for zone in made.zones[::20]:
        circle = geodesy.circle(*zone.centre, 400 + ASIDE_M)
        assert zone.shape.within(circle)


@pytest.mark.parametrize("width", [30.0, None])
def test_nobody_walks_over_the_ohio(
    city: tuple[Layer, Layer, shapely.Polygon], network: StreetNetwork, width: float | None
) -> None:
    # Public Landing, Sawyer Point, the foot of two bridges; Covington and Newport are over there.
    by_the_river = [(-84.507, 39.0975), (-84.4995, 39.1003), (-84.5095, 39.0965), (-84.52, 39.0965)]
    middle = shapely.intersection(city[2].boundary, shapely.box(-84.56, 39.08, -84.43, 39.12))
    near = geodesy.buffer(middle, 1_200)
    services = np.column_stack([city[1].geometry.lon, city[1].geometry.lat])
    real = [(x, y) for x, y in services.tolist() if shapely.contains_xy(near, x, y)]
    assert len(real) >= 5
    shapes, _ = outlines(network, by_the_river + real, 800, width)
    across = geodesy.buffer(city[2], 60)
    for shape in shapes:
        assert shape is not None
        assert shapely.difference(shape, across).is_empty, "the city ends in the river"
        for lon, lat in ((-84.5085, 39.0900), (-84.4955, 39.0940), (-84.5115, 39.0890)):
            assert not shapely.contains_xy(shape, lon, lat)


def test_no_street_of_a_hull_is_more_than_twice_as_far(network: StreetNetwork) -> None:
    # Along the Mill Creek and the railway yards, where few bridges cross.
    places = [(-84.5375, 39.1200), (-84.5480, 39.1390), (-84.5270, 39.1110)]
    shapes, found = outlines(network, places, 400, None)
    for shape, site, way in zip(shapes, found, network.walked(found, 800), strict=True):
        assert shape is not None
        far = ~np.isfinite(way[network.start]) & ~np.isfinite(way[network.end])
        far[site.edge] = False
        inside = shapely.intersection(network.lines[far], shape)
        # Where two streets meet their halves do; a street that passes over another has its own.
        length = sum(geodesy.length_m(line) for line in inside if not line.is_empty)
        assert length < 60


def bay(x: float) -> float:
    """Where the street on the bank is: it bends round a bay."""
    return abs(x - 10) * 1.5


def river() -> Layer:
    """The water of the bay, from 10 m beyond the street on."""
    bank = [at(x, bay(x) + 0.1) for x in range(21)]
    shapes = Shapes(np.array([shapely.Polygon([*bank, at(20, 30), at(0, 30)])], dtype=object))
    return new_layer("Ohio River", LayerKind.OTHER, pa.table({"name": ["Ohio"]}), shapes)


def one_bank(*piers: float) -> StreetNetwork:
    """The bank alone: of the other no street is known, only perhaps a pier of 30 m."""
    bank = [(float(x), bay(x)) for x in range(21)]
    inland = [[(x, y), (x, y - 2)] for x, y in bank[::2]]
    out = [[(x, bay(x)), (x, bay(x) + 0.3)] for x in piers]
    return street_network(streets(bank, *inland, *out))


def test_a_hull_reaches_over_no_water_where_a_layer_of_it_is_there() -> None:
    dry = walk_zones(sites((10, -0.1)), one_bank(), FIVE, "agreed", width_m=None)
    wet = walk_zones(sites((10, -0.1)), one_bank(), FIVE, "agreed", width_m=None, water=[river()])
    water = river().geometry.geoms[0]
    # The verge of the street on the bank is the street's own ground.
    assert geodesy.area_m2(shapely.intersection(dry.zones[0].shape, water)) > 100
    assert geodesy.area_m2(shapely.intersection(wet.zones[0].shape, water)) < 10
    assert isinstance(wet.zones[0].shape, shapely.Polygon)
    assert "without the water in “Ohio River”" in wet.zones[0].basis_text
    assert "(no layer of water at hand)" in dry.zones[0].basis_text


def test_a_pier_that_is_walked_keeps_its_verge_over_the_water() -> None:
    made = walk_zones(
        sites((10, -0.1)), one_bank(10.0), FIVE, "agreed", width_m=None, water=[river()]
    )
    assert shapely.contains_xy(made.zones[0].shape, *at(10, 0.25))


@pytest.mark.parametrize(
    ("name", "is_water"),
    [("River", True), ("tl_2023_39061_areawater", True), ("Lake County wards", False), ("", False)],
)
def test_water_is_known_by_the_name_of_its_layer(name: str, is_water: bool) -> None:
    layer = replace(river(), name=name)
    assert bool(water_layers(Project(layers=(layer,)))) is is_water
