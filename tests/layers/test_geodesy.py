"""Metres on the ground: radii to the centimetre, everywhere on earth."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError
from gisapp.layers import geodesy

LON = st.floats(-180, 180)
LAT = st.floats(-85, 85)
RADIUS = st.floats(1, 5000)

#: Place, lon, lat, wanted radius; then the least and greatest distance of a vertex when the
#: circle is drawn in UTM and in Web Mercator (recomputed with GDAL for the project's notes).
PUBLISHED = [
    ("Philadelphia", -75.1652, 39.9526, 152.4, 32618, 152.461, (116.462, 116.924)),
    ("Copenhagen", 12.57, 55.67, 150.0, 32633, 150.017, (84.605, 84.788)),
    ("Sydney", 151.2093, -33.8688, 150.0, 32756, 150.010, (124.098, 124.675)),
    ("Vancouver", -123.1, 49.28, 200.0, 32610, 200.080, (130.349, 130.724)),
]


def reach(shape: BaseGeometry, lon: float, lat: float) -> tuple[float, float]:
    """The least and greatest geodesic distance of a vertex from a point."""
    xy = shapely.get_coordinates(shape)
    metres = geodesy.distances_m(xy[:, 0], xy[:, 1], lon, lat)
    return float(metres.min()), float(metres.max())


def drawn_in(crs: int, lon: float, lat: float, radius_m: float) -> BaseGeometry:
    """The circle that a program draws which takes the units of `crs` for metres."""
    there = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
    disc = shapely.Point(there.transform(lon, lat)).buffer(radius_m, quad_segs=32)
    return shapely.transform(
        disc,
        lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1], direction="INVERSE")),
    )


@pytest.mark.parametrize(("place", "lon", "lat", "radius", "utm", "in_utm", "mercator"), PUBLISHED)
def test_published_radii(
    place: str,
    lon: float,
    lat: float,
    radius: float,
    utm: int,
    in_utm: float,
    mercator: tuple[float, float],
) -> None:
    point = shapely.Point(lon, lat)
    for drawn in (geodesy.circle(lon, lat, radius), geodesy.buffer(point, radius)):
        assert reach(drawn, lon, lat) == pytest.approx((radius, radius), abs=0.005)
    # And the table is about the same thing: the other ways are wrong by as much as it says.
    assert reach(drawn_in(utm, lon, lat, radius), lon, lat)[0] == pytest.approx(in_utm, abs=0.002)
    assert reach(drawn_in(3857, lon, lat, radius), lon, lat) == pytest.approx(mercator, abs=0.08)


@pytest.mark.parametrize(
    ("quad_segs", "gap"), [(4, 2.88), (8, 0.72), (16, 0.18), (geodesy.QUAD_SEGS, 0.045)]
)
def test_published_gaps_of_chords(quad_segs: int, gap: float) -> None:
    disc = geodesy.circle(12.57, 55.67, 150, quad_segs)
    xy = shapely.get_coordinates(disc)
    middle = (xy[:-1] + xy[1:]) / 2
    nearest = geodesy.distances_m(middle[:, 0], middle[:, 1], 12.57, 55.67).min()
    assert 150 - nearest == pytest.approx(gap, abs=0.01 if gap > 0.1 else 0.001)


@given(LON, LAT, RADIUS)
def test_a_circle_is_round_anywhere(lon: float, lat: float, radius: float) -> None:
    disc = geodesy.circle(lon, lat, radius)
    assert disc.is_valid
    west, _, east, _ = disc.bounds
    assert -180 <= west <= east <= 180
    area = geodesy.area_m2(disc)
    # A polygon of 128 sides has 0.04 % less than the circle.
    assert area == pytest.approx(np.pi * radius**2, rel=0.001)
    if disc.geom_type == "Polygon":
        low, high = reach(disc, lon, lat)
        assert (low, high) == pytest.approx((radius, radius), abs=0.001)


@given(LON, LAT, RADIUS)
def test_many_circles_are_the_same_as_each(lon: float, lat: float, radius: float) -> None:
    discs = geodesy.circles(np.array([lon, 0.0]), np.array([lat, 0.0]), radius)
    assert discs[0].equals_exact(geodesy.circle(lon, lat, radius), 1e-12)


@given(LON, LAT, RADIUS)
def test_a_buffer_of_a_point_is_its_circle(lon: float, lat: float, radius: float) -> None:
    area = geodesy.area_m2(geodesy.buffer(shapely.Point(lon, lat), radius))
    assert area == pytest.approx(np.pi * radius**2, rel=0.001)


def test_a_buffer_of_premises_keeps_its_distance_from_the_walls() -> None:
    premises = shapely.box(12.5, 55.67, 12.5016, 55.6709)  # about 100 m by 100 m
    grown = geodesy.buffer(premises, 50)
    plane = geodesy.plane_for(premises.bounds)
    walls = plane.shape_to_metres(premises)
    edge = shapely.get_coordinates(plane.shape_to_metres(grown))
    distances = shapely.distance(walls, shapely.points(edge))
    assert distances.min() == pytest.approx(50, abs=0.01)
    assert distances.max() == pytest.approx(50, abs=0.01)


@given(LON, LAT, st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_a_plane_goes_there_and_back(lon: float, lat: float, x: float, y: float) -> None:
    plane = geodesy.Plane(lon, lat)
    degrees = plane.to_degrees(np.array([x]), np.array([y]))
    there = plane.to_metres(*degrees)
    assert (there[0][0], there[1][0]) == pytest.approx((x, y), abs=1e-3)
    one = plane.place(float(degrees[0][0]), float(degrees[1][0]))
    assert one == pytest.approx((x, y), abs=1e-3), "as of many, by another way"
    metres = geodesy.distance_m(lon, lat, float(degrees[0][0]), float(degrees[1][0]))
    assert metres == pytest.approx(np.hypot(x, y), abs=1e-3)


def test_areas_and_lengths_on_the_ellipsoid() -> None:
    # A degree by a degree at the equator (Karney's GeographicLib: planimeter).
    square = shapely.box(0, 0, 1, 1)
    assert geodesy.area_m2(square) == pytest.approx(12_308_778_361.469, rel=1e-9)
    assert geodesy.length_m(shapely.LineString([(0, 0), (1, 0)])) == pytest.approx(111_319.491)
    assert geodesy.distance_m(0, 0, 0, 1) == pytest.approx(110_574.389, abs=0.001)
    assert geodesy.area_m2(shapely.Point(0, 0)) == 0
    assert geodesy.length_m(shapely.Polygon()) == 0


def test_the_direction_of_a_ring_does_not_matter_and_holes_are_taken_off() -> None:
    whole, hole = shapely.box(0, 0, 1, 1), shapely.box(0.2, 0.2, 0.4, 0.4)
    ring = whole - hole
    expected = geodesy.area_m2(whole) - geodesy.area_m2(hole)
    assert geodesy.area_m2(ring) == pytest.approx(expected)
    assert geodesy.area_m2(shapely.reverse(ring)) == pytest.approx(expected)


# The antimeridian


# Degrees of a map have a handful of decimals; the smallest numbers a float can hold are no place.
@given(
    st.floats(-0.05, 0.05),
    st.floats(-80, 80).map(lambda lat: round(lat, 9)),
    st.floats(0.001, 0.1),
    st.booleans(),
)
def test_an_area_across_the_antimeridian_keeps_its_size(
    shift: float, lat: float, size: float, jumping: bool
) -> None:
    west = 180 + shift
    drawn = shapely.box(west, lat, west + size, lat + size)
    if jumping:
        drawn = shapely.transform(
            drawn, lambda xy: np.column_stack([(xy[:, 0] + 180) % 360 - 180, xy[:, 1]])
        )
        # A side on the line itself may jump or not: both are right.
        assume(abs(shift) > 1e-9 and abs(shift + size) > 1e-9)
    kept = geodesy.within_180(drawn)
    assert kept.is_valid
    assert -180 <= kept.bounds[0] <= kept.bounds[2] <= 180
    elsewhere = shapely.box(0, lat, size, lat + size)
    assert geodesy.area_m2(kept) == pytest.approx(geodesy.area_m2(elsewhere), rel=1e-6)


def test_what_lies_within_180_stays_the_same_object() -> None:
    shape = shapely.box(0, 0, 1, 1)
    assert geodesy.within_180(shape) is shape
    across = geodesy.circle(180, 0, 100)
    assert geodesy.area_m2(geodesy.within_180(across)) == pytest.approx(geodesy.area_m2(across))


# Lengths as people write them


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("200m", 200),
        ("500 ft", 152.4),
        ("500 feet", 152.4),
        (" 0.25 mi ", 402.336),
        ("1,5 km", 1500),
        ("100YD", 91.44),
        ("3 metres", 3),
    ],
)
def test_lengths(text: str, metres: float) -> None:
    assert geodesy.parse_length(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["500", "", "ft", "-5 m", "0 m", "2 blocks", "1.2.3 m", "nan m"])
def test_what_is_no_length(text: str) -> None:
    with pytest.raises(DataError, match=r"length|Length") as caught:
        geodesy.parse_length(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (152.4, "152.4 m"),
        (150, "150 m"),
        (1250, "1.25 km"),
        (2000, "2 km"),
        (1_234_567, "1,234.57 km"),
    ],
)
def test_lengths_in_words(metres: float, words: str) -> None:
    assert geodesy.in_words(metres) == words


def test_areas_and_positions_in_words() -> None:
    assert geodesy.area_in_words(7850.4) == "7,850 m²"
    assert geodesy.area_in_words(1_210_000) == "1.21 km²"
    assert geodesy.position_in_words(-84.512, 39.1042) == "39.10420° N 84.51200° W"
    assert geodesy.position_in_words(151.2, -33.9) == "33.90000° S 151.20000° E"
    assert geodesy.position_in_words(float("nan"), 0) == ""


def test_a_radius_must_be_more_than_zero() -> None:
    with pytest.raises(ValueError, match="positive"):
        geodesy.circle(0, 0, 0)
