"""Pieces of circles in outlines tell their centre, however roughly they are given."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.arcs import Ring, arc_centres, grains_of, is_about

SITE = (-3.31, 55.255)
PLANE = geodesy.plane_for((*SITE, *SITE))
HERE = np.column_stack(PLANE.to_metres(np.array([SITE[0]]), np.array([SITE[1]])))

Corners = NDArray[np.float64]


def as_given(metres: Corners, decimals: int) -> Ring:
    """The ring about the site as a file gives it, with so many decimals of a degree."""
    lon, lat = PLANE.to_degrees(*(metres + HERE).T)
    degrees: Corners = np.round(np.column_stack([lon, lat]), decimals)
    return Ring(np.column_stack(PLANE.to_metres(*degrees.T)), grains_of(degrees))


def arc(radius: float, begin: float, span: float, corners: int) -> Corners:
    turns = np.radians(np.linspace(begin, begin + span, corners))
    return radius * np.column_stack([np.cos(turns), np.sin(turns)])


@settings(max_examples=60, deadline=None)
@given(st.integers(5, 7), st.floats(60, 900), st.floats(0, 360), st.floats(60, 300))
def test_an_arc_tells_its_centre_with_few_decimals_too(
    decimals: int, radius: float, begin: float, span: float
) -> None:
    piece = arc(radius, begin, span, 24)
    outline = np.vstack([piece, piece[-1] * 3, piece[0] * 4])
    assert is_about(as_given(outline, decimals), HERE, 25.0)
    away = as_given(outline + np.array([9 * radius, 0]), decimals)
    assert not is_about(away, HERE, 25.0)


def test_even_four_decimals_of_a_whole_circle_tell_it() -> None:
    assert is_about(as_given(arc(150, 0, 355, 80), 4), HERE, 25.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(100, 400))
def test_an_arc_that_a_hand_followed_tells_it(seed: int, radius: float) -> None:
    stray = np.random.default_rng(seed).uniform(-1.0, 1.0, (30, 2))
    piece = arc(radius, 40, 150, 30) + stray
    assert is_about(as_given(np.vstack([piece, piece[-1] * 3]), 7), HERE, 25.0)


@pytest.mark.parametrize("decimals", [5, 6, 7])
def test_outlines_of_buildings_and_districts_seldom_look_like_one(decimals: int) -> None:
    """A street grid never does; a winding boundary near the service may, by chance."""
    steps = np.array(
        [(0, 0), (90, 4), (94, 60), (160, 64), (163, 140), (80, 133), (76, 90), (2, 86)]
    )
    turned = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        assert not is_about(as_given(steps + rng.uniform(-150, 0, 2), decimals), HERE, 25.0)
        turns = np.sort(rng.uniform(0, 2 * np.pi, 120))
        wide = 700 + 120 * np.sin(3 * turns + seed) + rng.uniform(-25, 25, 120)
        border = wide[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
        turned += is_about(as_given(border + rng.uniform(-500, 500, 2), decimals), HERE, 25.0)
    assert turned <= 2


def test_the_centres_that_are_found_are_those_of_the_circle() -> None:
    centres = arc_centres(as_given(arc(200, 0, 150, 41), 5))
    assert np.hypot(*(centres - HERE).T).min() < 0.5
    line = np.column_stack([np.arange(9.0) * 30, np.zeros(9)])
    assert not is_about(as_given(line, 7), HERE, 25.0)


def test_how_far_corners_may_be_off_is_read_from_their_decimals() -> None:
    corners = np.array([(-3.31, 55.2), (-3.31012, 55.25513), (-3.3101234, 55.2551321)])
    coarse, rounded, fine = grains_of(corners).tolist()
    assert fine == 0.02 and 0.5 < rounded < 1 and 50 < coarse < 100


def test_a_district_with_a_circle_cut_out_of_it_tells_where_it_was() -> None:
    ground = shapely.box(0, 0, 3000, 2000).difference(shapely.Point(0, 0).buffer(300))
    corners = shapely.get_coordinates(shapely.get_exterior_ring(ground))[:-1]
    assert is_about(as_given(corners, 5), HERE, 25.0)
