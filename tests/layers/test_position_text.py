"""Positions as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.position_text import (
    LAT_FIRST,
    LON_FIRST,
    GridPosition,
    grid_position_in,
    positions_in,
)


@pytest.mark.parametrize(
    "text",
    [
        "39.10417, -84.51194",
        "39.10417 -84.51194",
        "39,10417; -84,51194",
        "39.10417° N 84.51194° W",
        "N 39.10417 W 84.51194",
        "39.10417N, 84.51194W",
        "84.51194 W 39.10417 N",
        "39°06'15\"N 84°30'43\"W",
        "39° 06′ 15″ N, 84° 30′ 43″ W",
        "39 6 15 N 84 30 43 W",
        "39°6.25'N 84°30.7164'W",
        "39 6 15, -84 30 43",
    ],
)
def test_forms_of_one_place(text: str) -> None:
    first = positions_in(text)[0]
    assert (first.lat, first.lon) == pytest.approx((39.10417, -84.51194), abs=2e-5)


def test_an_order_that_is_not_said_is_asked() -> None:
    assert [p.order for p in positions_in("39.1, -84.5")] == [LAT_FIRST, LON_FIRST]
    (only,) = positions_in("-104.6, 39.1")
    assert (only.lon, only.lat, only.order) == (-104.6, 39.1, LON_FIRST)
    assert len(positions_in("39.1 N 84.5 W")) == 1


@pytest.mark.parametrize(
    "text",
    ["", "Main Street", "39.1", "39.1 N", "95 N 20 E", "39.1 N 84.5 N", "-39.1 S 84.5 W",
     "39 75 0 N 84 0 0 W", "1 2 3", "39.1, 84.5, 3", "200, 300", "39' N 84° W", "5 S"],
)  # fmt: skip
def test_what_is_no_position(text: str) -> None:
    assert positions_in(text) == ()


def test_plain_numbers_are_metres_of_a_grid() -> None:
    assert grid_position_in("530000 180000") == GridPosition(530000, 180000)
    assert grid_position_in("530 000, 180000.5") == GridPosition(530000, 180000.5)
    assert grid_position_in("EPSG:27700 530000, 180000") == GridPosition(
        530000, 180000, "EPSG:27700"
    )
    assert grid_position_in("Main Street 5") is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_is_written_is_read(lat: float, lon: float) -> None:
    text = f"{abs(lat):.6f}° {'N' if lat >= 0 else 'S'} {abs(lon):.6f}° {'E' if lon >= 0 else 'W'}"
    (found,) = positions_in(text)
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-6)


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    for found in positions_in(text):
        assert abs(found.lat) <= 90 and abs(found.lon) <= 180
    grid_position_in(text)
