"""Outlines changed by hand keep what they must: ground, shape, holes and each other's edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy, zone_shapes

Place = tuple[float, float]

turns = st.floats(-720, 720)
places = st.tuples(st.floats(-179, 179), st.floats(-65, 65))


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Polygon:
    """Stars of 3 to 12 corners some hundred metres across, some with a hole."""
    lon, lat = draw(places)
    count = draw(st.integers(3, 12))
    reach = draw(st.lists(st.floats(60, 600), min_size=count, max_size=count))
    angles = np.arange(count) * 360 / count
    x, y = geodesy.destinations(lon, lat, angles, np.array(reach))
    x = lon + (x - lon + 180) % 360 - 180
    shape = shapely.Polygon(np.column_stack([x, y]))
    assume(shape.is_valid and abs(lon) < 179)
    if draw(st.booleans()):
        hole = geodesy.circle(lon, lat, 8)
        if shapely.contains_properly(shape, hole):
            shape = shapely.difference(shape, hole)
    return shapely.orient_polygons(shape)


def ground(shape: BaseGeometry) -> float:
    """Square metres, the edges taken as straight between longitudes and latitudes."""
    return geodesy.area_m2(shapely.segmentize(shape, 2e-5))


def lengths(shape: BaseGeometry) -> list[float]:
    xy = shapely.get_coordinates(shape)
    return sorted(geodesy.steps_m(xy[:, 0], xy[:, 1]).tolist())


def _apart(one: BaseGeometry, other: BaseGeometry) -> float:
    """How far two outlines are from each other at most, in degrees."""
    # GEOS divides by the length of each side, which is nothing where two corners are one.
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(shapely.hausdorff_distance(one, other))


@given(outlines(), places)
def test_a_moved_zone_keeps_its_ground_and_shape(shape: shapely.Polygon, to: Place) -> None:
    there = zone_shapes.moved(shape, zone_shapes.centre_of(shape), to)
    assert there.is_valid
    assert geodesy.area_m2(there) == pytest.approx(geodesy.area_m2(shape), rel=1e-6)
    assert lengths(there) == pytest.approx(lengths(shape), rel=1e-5, abs=1e-3)
    assert len(zone_shapes.holes_of(there)) == len(zone_shapes.holes_of(shape))


@given(outlines(), turns)
def test_turning_there_and_back_changes_nothing(shape: shapely.Polygon, by: float) -> None:
    about = zone_shapes.centre_of(shape)
    turned = zone_shapes.rotated(shape, by, about)
    assert geodesy.area_m2(turned) == pytest.approx(geodesy.area_m2(shape), rel=1e-6)
    back = zone_shapes.rotated(turned, -by, about)
    assert _apart(back, shape) < 1e-9


@given(outlines(), st.floats(0.1, 5))
def test_scaling_multiplies_each_length(shape: shapely.Polygon, factor: float) -> None:
    larger = zone_shapes.scaled(shape, factor)
    assert geodesy.area_m2(larger) == pytest.approx(geodesy.area_m2(shape) * factor**2, rel=1e-5)


@given(outlines(), st.floats(0, 180), st.floats(-50, 50))
def test_splitting_loses_no_ground_and_merging_gives_it_back(
    shape: shapely.Polygon, way: float, beside: float
) -> None:
    middle = zone_shapes.step(zone_shapes.centre_of(shape), beside, way + 90)
    line = [zone_shapes.step(middle, -2_000, way), zone_shapes.step(middle, 2_000, way)]
    assume(all(abs(lon) < 179.9 for lon, _ in line))
    parts = zone_shapes.split(shape, line)
    assert len(parts) > 1
    assert all(part.is_valid for part in parts)
    assert sum(ground(part) for part in parts) == pytest.approx(ground(shape), rel=1e-6)
    for number, part in enumerate(parts):
        for other in parts[number + 1 :]:
            assert geodesy.area_m2(shapely.intersection(part, other)) < 0.01
    whole = zone_shapes.merged(parts)
    assert ground(whole) == pytest.approx(ground(shape), rel=1e-6)
    assert _apart(whole, shape) < 2e-9


@given(outlines(), outlines(), st.floats(0, 360), st.floats(0, 300))
def test_what_is_cut_off_and_what_is_kept_make_the_whole(
    shape: shapely.Polygon, other: shapely.Polygon, way: float, away: float
) -> None:
    centre = zone_shapes.centre_of(shape)
    cutter = zone_shapes.moved(
        other, zone_shapes.centre_of(other), zone_shapes.step(centre, away, way)
    )
    shared = geodesy.area_m2(shapely.intersection(shape, cutter))
    assume(shared > 1 and geodesy.area_m2(shapely.difference(shape, cutter)) > 1)
    left, inside = zone_shapes.cut(shape, cutter), zone_shapes.kept_inside(shape, cutter)
    assert left.is_valid and inside.is_valid
    assert ground(left) + ground(inside) == pytest.approx(ground(shape), rel=1e-6, abs=0.1)
    back = shapely.union_all([left, inside], grid_size=1e-9)
    # The grid moves each edge by a tenth of a millimetre.
    assert ground(shapely.symmetric_difference(back, shape)) < 2e-4 * sum(lengths(shape))


@given(outlines())
def test_a_hole_is_filled_again(shape: shapely.Polygon) -> None:
    whole = zone_shapes.filled(shape) if zone_shapes.holes_of(shape) else shape
    spot = whole.representative_point()
    hole = geodesy.circle(spot.x, spot.y, 1)
    assume(shapely.contains_properly(whole, hole))
    holed = zone_shapes.with_hole(whole, hole)
    assert ground(holed) == pytest.approx(ground(whole) - ground(hole), rel=1e-6)
    assert zone_shapes.filled(holed, (spot.x, spot.y)).equals(whole)
    with pytest.raises(EditError, match="no hole here"):
        zone_shapes.filled(holed, (spot.x + 1, spot.y))


@given(outlines(), st.floats(1, 50))
def test_what_is_widened_holds_what_it_was(shape: shapely.Polygon, metres: float) -> None:
    wider = zone_shapes.grown(shape, metres)
    assert wider.is_valid
    assert shapely.covers(shapely.buffer(wider, 1e-9), shape)
    xy = shapely.get_coordinates(wider.exterior if wider.geom_type == "Polygon" else wider)
    plane = geodesy.plane_for(shape.bounds)
    far = shapely.distance(
        plane.shape_to_metres(shape), shapely.points(*plane.to_metres(xy[:, 0], xy[:, 1]))
    )
    assert far.max() <= metres + 0.01


def test_what_is_no_more_than_a_corner_apart_does_not_merge() -> None:
    one, corner = shapely.box(0, 0, 0.01, 0.01), shapely.box(0.01, 0.01, 0.02, 0.02)
    with pytest.raises(EditError, match="lie apart"):
        zone_shapes.merged([one, corner])
    beside = shapely.box(0.01 + 1e-13, 0.002, 0.02, 0.008)
    whole = zone_shapes.merged([one, beside])
    assert shapely.get_num_geometries(whole) == 1
    assert not zone_shapes.holes_of(whole)
    assert zone_shapes.together([one, corner, beside]) == [[0, 2], [1]]


def test_a_line_that_ends_inside_divides_nothing() -> None:
    square = shapely.box(0, 0, 0.01, 0.01)
    for line in ([(-1.0, 0.005), (0.005, 0.005)], [(1.0, 1.0), (2.0, 2.0)], [(0.0, 0.0)]):
        with pytest.raises(EditError):
            zone_shapes.split(square, line)


def test_parts_that_the_line_misses_stay_with_the_first() -> None:
    two = shapely.MultiPolygon([shapely.box(0, 0, 0.01, 0.01), shapely.box(1, 1, 1.001, 1.001)])
    parts = zone_shapes.split(two, [(-1, 0.006), (0.5, 0.006)])
    assert [shapely.get_num_geometries(part) for part in parts] == [2, 1]
    assert sum(part.area for part in parts) == pytest.approx(two.area)


def test_holes_and_parts_that_are_refused() -> None:
    square = shapely.box(0, 0, 0.01, 0.01)
    for hole in (shapely.box(0.005, 0.005, 0.02, 0.006), shapely.box(0, 0, 0.005, 0.005)):
        with pytest.raises(EditError, match="inside the zone"):
            zone_shapes.with_hole(square, hole)
    with pytest.raises(EditError, match="Nothing of the zone"):
        zone_shapes.cut(square, shapely.box(-1, -1, 1, 1))
    with pytest.raises(EditError, match="does not lie"):
        zone_shapes.cut(square, shapely.box(1, 1, 2, 2))
    with pytest.raises(EditError, match="Nothing of the zone"):
        zone_shapes.grown(square, -2_000)
    with pytest.raises(EditError, match="thousand"):
        zone_shapes.scaled(square, math.nan)


def test_across_the_antimeridian_and_back() -> None:
    disc = geodesy.circle(179.9995, -17, 200)
    assert shapely.get_num_geometries(disc) == 2
    east, north = zone_shapes.centre_of(disc)
    assert (east, north) == pytest.approx((179.9995, -17), abs=1e-6)
    here = zone_shapes.moved(disc, (east, north), (10.0, -17.0))
    assert shapely.get_num_geometries(here) == 1
    assert geodesy.area_m2(here) == pytest.approx(geodesy.area_m2(disc), rel=1e-6)
    there = zone_shapes.moved(here, (10.0, -17.0), (180.0, -17.0))
    assert shapely.get_num_geometries(there) == 2
    assert geodesy.area_m2(there) == pytest.approx(geodesy.area_m2(disc), rel=1e-6)


@given(places, st.floats(1, 5_000), st.floats(0, 359.99))
def test_a_step_is_measured_as_it_was_made(start: Place, metres: float, way: float) -> None:
    far, azimuth = zone_shapes.bearing(start, zone_shapes.step(start, metres, way))
    assert far == pytest.approx(metres, abs=1e-6)
    assert (azimuth - way + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)


def test_a_corridor_is_as_wide_as_was_said() -> None:
    course = [(8.5, 47.3), zone_shapes.step((8.5, 47.3), 1_000, 60)]
    shape = zone_shapes.corridor(course, 20)
    expected = 1_000 * 20 + math.pi * 10**2
    assert geodesy.area_m2(shape) == pytest.approx(expected, rel=1e-3)
    with pytest.raises(EditError, match="two places"):
        zone_shapes.corridor(course[:1], 20)
