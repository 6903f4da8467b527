"""Counts on real cities, against published figures, projected buffers and exact distances.

Where the three differ, the difference is pinned and explained: a circle of straight edges is a
little smaller than the true one, and points lie on that sliver.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from gisapp.analysis.points.index import PointIndex
from gisapp.layers import geodesy
from gisapp.layers.layer import Points
from tests.analysis.conftest import shortest_distances

FOOT = 0.3048


def in_our_circles(points: Points, sites: Points, radius_m: float, quad_segs: int = 32) -> int:
    index = PointIndex.of(points)
    discs = geodesy.circles(sites.lon, sites.lat, radius_m, quad_segs)
    _, rows = index.pairs(list(discs))
    return len(np.unique(rows))


@lru_cache
def projected(places: Points, epsg: int) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapely.points(places.lon, places.lat), crs=4326).to_crs(epsg)


def in_projected_buffers(
    points: Points, sites: Points, radius: float, epsg: int, quad_segs: int = 16
) -> int:
    area = projected(sites, epsg).buffer(radius, quad_segs=quad_segs).union_all()
    shapely.prepare(area)
    return int(shapely.intersects(area, projected(points, epsg).to_numpy()).sum())


def truly_within(points: Points, sites: Points, radius_m: float) -> int:
    return int((shortest_distances(points, sites) <= radius_m).sum())


@pytest.mark.parametrize(
    ("feet", "projected", "ours", "true"),
    [(500, (561, 803), (562, 804), (562, 804)), (1000, (1327, 1957), (1327, 1957), (1327, 1958))],
)
def test_cincinnati_calls_near_naloxone_sites(
    heroin_calls: Points,
    drug_calls: Points,
    naloxone_sites: Points,
    feet: int,
    projected: tuple[int, int],
    ours: tuple[int, int],
    true: tuple[int, int],
) -> None:
    assert (len(heroin_calls), len(drug_calls), len(naloxone_sites)) == (6060, 10_330, 143)
    both = heroin_calls, drug_calls
    sites = naloxone_sites
    assert tuple(in_projected_buffers(calls, sites, feet, 3735) for calls in both) == projected
    assert tuple(in_our_circles(calls, sites, feet * FOOT) for calls in both) == ours
    assert tuple(truly_within(calls, sites, feet * FOOT) for calls in both) == true


def test_why_projected_buffers_find_one_call_less(
    heroin_calls: Points, naloxone_sites: Points
) -> None:
    """One call lies 2.8 cm inside the true 500 ft, on the sliver that 64 chords cut off."""
    radius = 500 * FOOT
    away = shortest_distances(heroin_calls, naloxone_sites)
    inside = radius - away
    assert sorted(inside[(inside > 0) & (inside < 0.2)]) == pytest.approx([0.0276], abs=0.0002)

    def sliver(quad_segs: int) -> float:
        return float(radius * (1 - np.cos(np.pi / (4 * quad_segs))))

    assert sliver(16) == pytest.approx(0.184, abs=0.001)  # 16 segments a quarter: projected
    assert sliver(32) == pytest.approx(0.046, abs=0.001)  # ours
    # The grid of EPSG:3735 is 0.005 % off the ground here, 0.8 cm in 500 ft, and the US survey
    # foot 2 parts in a million: neither would move the call across the edge.
    scale = pyproj.Proj(3735).get_factors(-84.5, 39.13).meridional_scale
    assert scale == pytest.approx(0.999946, abs=1e-6)
    assert (1 / scale - 1) * radius < 0.0276
    # With as many segments as it takes, the projected buffer finds the call as well; and with
    # 16, ours would miss it.
    assert in_projected_buffers(heroin_calls, naloxone_sites, 500, 3735, quad_segs=64) == 562
    assert in_our_circles(heroin_calls, naloxone_sites, radius, quad_segs=16) == 561


def test_calls_inside_the_city(heroin_calls: Points, shared_data: Path) -> None:
    city = gpd.read_file(shared_data / "cincinnati" / "city_boundary.geojson").union_all()
    assert PointIndex.of(heroin_calls).count_inside(city) == 6007


@pytest.mark.parametrize(
    ("radius_m", "ours", "true"),
    # At 400 m three stops share a map point 2 mm inside the true circle, on the sliver again.
    [(100, 282, 282), (200, 1028, 1028), (250, 1578, 1578), (400, 3748, 3751)],
)
def test_london_stops_near_needle_exchanges(
    met_stops: Points, needle_exchanges: Points, radius_m: float, ours: int, true: int
) -> None:
    assert (len(met_stops), len(needle_exchanges)) == (104_943, 37)
    assert in_our_circles(met_stops, needle_exchanges, radius_m) == ours
    assert in_projected_buffers(met_stops, needle_exchanges, radius_m, 27700) == ours
    assert truly_within(met_stops, needle_exchanges, radius_m) == true


def test_minneapolis_stops_near_treatment_programmes(
    minneapolis_stops: Points, minneapolis_programmes: Points
) -> None:
    assert (len(minneapolis_stops), len(minneapolis_programmes)) == (51_920, 4)
    assert in_our_circles(minneapolis_stops, minneapolis_programmes, 300) == 422


@pytest.mark.parametrize(("radius_m", "ground", "web"), [(100, 230, 107), (200, 377, 335)])
def test_web_mercator_metres_are_not_metres(
    shared_data: Path, radius_m: float, ground: int, web: int
) -> None:
    """Deaths near a water point in Soho, 1854: the file is in Web Mercator, the metres are not."""
    folder = shared_data / "reference" / "snow_soho"
    people = gpd.read_file(folder / "SohoPeople.shp")
    water = gpd.read_file(folder / "SohoWater.shp")
    deaths = people["Count"].to_numpy()
    assert (len(people), deaths.sum(), len(water)) == (324, 392, 13)
    area = water.buffer(radius_m).union_all()
    assert deaths[people.intersects(area).to_numpy()].sum() == web
    homes, taps = people.to_crs(4326).geometry, water.to_crs(4326).geometry
    index = PointIndex.build(homes.x.to_numpy(), homes.y.to_numpy())
    discs = geodesy.circles(taps.x.to_numpy(), taps.y.to_numpy(), radius_m)
    _, in_circles = index.pairs(list(discs))
    _, in_buffers = index.pairs([geodesy.buffer(tap, radius_m) for tap in taps])
    assert deaths[np.unique(in_circles)].sum() == ground
    assert deaths[np.unique(in_buffers)].sum() == ground
