"""Pairs of zones on the same ground: all of them, and the same ones when found step by step."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.zones.overlaps import ZoneOverlaps, overlaps, unsettled
from gisapp.analysis.zones.problems import find_problems
from gisapp.journeys import import_task
from gisapp.layers import geodesy, zoning
from gisapp.layers.checks import Code
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, Polarity
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from tests.layers.test_checks import box

DAY = date(2025, 6, 4)


def pairs(found: ZoneOverlaps) -> list[tuple[tuple[str, str], bool, float]]:
    return [(one.zone_ids, one.opposite, round(one.area_m2, 3)) for one in found.pairs]


def test_zones_that_only_touch_share_no_ground() -> None:
    zones = {zone.id: zone for zone in (box("A"), box("B", x=200), box("C", x=150))}
    assert [pair for pair, _, _ in pairs(overlaps(zones))] == [("A", "C"), ("B", "C")]


def test_the_ground_of_opposite_zones_is_measured() -> None:
    gate = box("Gate", x=150, polarity=Polarity.ENHANCED_PENALTY)
    (one,) = overlaps({"A": box("A"), "Gate": gate}).pairs
    assert one.opposite
    assert one.common is not None
    assert one.area_m2 == pytest.approx(10_000, rel=1e-4)


def test_zones_for_evaluation_are_opposite_to_nothing() -> None:
    other = box("E", polarity=Polarity.EVALUATION_ONLY)
    (one,) = overlaps({"A": box("A"), "E": other}).pairs
    assert not one.opposite


def test_an_outline_that_crosses_itself_still_overlaps() -> None:
    west, south, east, north = box("A").shape.bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    zones = {"A": box("A", polarity=Polarity.EXCLUSION), "Bow": replace(box("Bow"), shape=bow)}
    (one,) = overlaps(zones).pairs
    assert one.area_m2 == pytest.approx(20_000, rel=1e-3)


STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(-3, 3), st.integers(0, 2)), min_size=1, max_size=12
)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_step_by_step_finds_what_a_fresh_look_finds(steps: list[tuple[int, int, int]]) -> None:
    zones: dict[str, Zone] = {}
    known = None
    for number, place, what in steps:
        key = str(number)
        if what == 0:
            zones = {k: zone for k, zone in zones.items() if k != key}
        else:
            sign = Polarity.EXCLUSION if what == 2 else Polarity.NO_ENFORCEMENT
            zones = {**zones, key: box(key, x=place * 100, polarity=sign)}
        known = overlaps(zones, known)
        assert pairs(known) == pairs(overlaps(zones))
        assert known.pairs == tuple(sorted(known.pairs, key=lambda pair: pair.zone_ids))


def many(count: int) -> dict[str, Zone]:
    random = np.random.default_rng(3)
    lon = -84.5 + random.uniform(-0.1, 0.1, count)
    lat = 39.1 + random.uniform(-0.08, 0.08, count)
    signs = [Polarity.EXCLUSION if n % 20 == 0 else Polarity.NO_ENFORCEMENT for n in range(count)]
    discs = geodesy.circles(lon, lat, 200.0)
    return {str(n): Zone(f"Zone {n}", discs[n], id=str(n), polarity=signs[n]) for n in range(count)}


def test_one_zone_that_moved_among_two_thousand_gives_the_same_as_all_anew() -> None:
    zones = many(2000)
    known = overlaps(zones)
    moved = {**zones, "7": replace(zones["7"], shape=zones["9"].shape)}
    again, anew = (
        [(pair.zone_ids, pair.opposite, round(pair.area_m2, 3)) for pair in found.pairs]
        for found in (overlaps(moved, known), overlaps(moved))
    )
    assert again == anew
    project = Project(zones=zones)
    # A drawn zone without agreement binds nobody the less: each pair has to be settled.
    assert len(unsettled(project, DAY)) == sum(pair.opposite for pair in known.pairs)


# Real places


def layer(path: Path, kind: LayerKind, name: str) -> Layer:
    return import_task([path], kind, name=name).work(Progress()).layer


def test_eighty_four_sites_lie_outside_the_city_of_cincinnati(shared_data: Path) -> None:
    data = shared_data / "cincinnati"
    sites = layer(data / "naloxone_distribution_sites.csv", LayerKind.SERVICES, "Sites")
    city = layer(data / "city_boundary.geojson", LayerKind.BOUNDARIES, "City")
    for radius, wholly, partly in ((200.0, 82, 8), (152.4, 82, 7)):
        zones = zoning.circles_round(sites, radius, "a test")
        project = Project(layers=(city, sites), zones={zone.id: zone for zone in zones})
        found = find_problems(project, DAY).issues
        outside = [issue for issue in found if issue.code is Code.OUTSIDE]
        assert sum("wholly" in issue.message for issue in outside) == wholly
        fixes = [issue for issue in outside if issue.fix is not None]
        assert len(fixes) == partly
        for issue in fixes:
            assert issue.fix is not None
            project = issue.fix.apply(project)
        left = [issue for issue in find_problems(project, DAY).issues if issue.code is Code.OUTSIDE]
        assert len(left) == wholly
        kinds = Counter(issue.code for issue in found)
        assert kinds[Code.DUPLICATE] == 1
        assert not kinds[Code.SITE_GONE] + kinds[Code.SITE_IN_NO_ZONE]


def test_circles_in_london_cross_no_border_but_that_of_the_city(shared_data: Path) -> None:
    path = shared_data / "london" / "boroughs_lnd.geojson"
    boroughs = layer(path, LayerKind.BOUNDARIES, "Boroughs")
    ring = json.loads(path.read_text("utf8"))["features"]
    assert len(boroughs) == len(ring)
    # On the line between two boroughs: both together are the jurisdiction.
    first, second = next(
        (a, b)
        for n, a in enumerate(boroughs.geometry.geoms)
        for b in boroughs.geometry.geoms[n + 1 :]
        if a.intersection(b).length > 0.01
    )
    place = shapely.line_interpolate_point(
        shapely.line_merge(first.intersection(second)), 0.5, normalized=True
    )
    disc = geodesy.circle(place.x, place.y, 100.0)
    project = Project(layers=(boroughs,), zones={"z": Zone("On the line", disc, id="z")})
    codes = {issue.code for issue in find_problems(project, DAY).issues}
    assert codes == {Code.NO_AGREEMENT}
