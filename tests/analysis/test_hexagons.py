"""Counts in hexagons are those of putting each point into the nearest hexagon, one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.points.hexagons import HexagonCounts, hexagon_counts
from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.raster import mercator_y

WORLD = (-np.pi, -np.pi, np.pi, np.pi)


def nearest(x: np.ndarray, y: np.ndarray) -> list[tuple[int, int]]:
    """Column and line of the nearest middle to each place, of all in the neighbourhood."""
    best = np.full(len(x), np.inf)
    found = np.zeros((len(x), 2), dtype=np.int64)
    near = np.floor(2 * x).astype(np.int64), np.floor(2 * y / np.sqrt(3)).astype(np.int64)
    for right in range(-2, 4):
        for up in range(-2, 4):
            column, line = near[0] + right, near[1] + up
            away = (x - column / 2) ** 2 + (y - line * np.sqrt(3) / 2) ** 2
            # Middles are where column and line are both even or both odd.
            closer = ((column + line) % 2 == 0) & (away < best)
            best[closer] = away[closer]
            found[closer] = np.column_stack([column, line])[closer]
    return [(int(column), int(line)) for column, line in found]


def by_place(found: HexagonCounts) -> dict[tuple[int, int], int]:
    keys = zip(found.columns.tolist(), found.lines.tolist(), strict=True)
    return dict(zip(keys, found.counts.tolist(), strict=True))


def points(seed: int, count: int, stray: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    corners = rng.random((20, 2)) * [0.2, 0.15]
    which = rng.integers(0, 20, count)
    lon = -93.3 + corners[which, 0] + rng.normal(0, 0.01, count).round(3)
    lat = 44.9 + corners[which, 1] + rng.normal(0, 0.01, count).round(3)
    if stray and count:
        lon[0], lat[0] = 12.0, -48.0
    return lon, lat


@given(
    seed=st.integers(0, 10_000),
    count=st.sampled_from([1, 40, 3000, 9000]),
    wide=st.floats(-4.0, 1.0),
    stray=st.booleans(),
    masked=st.booleans(),
)
@settings(deadline=None, max_examples=25)
def test_every_hexagon_holds_exactly_the_points_nearest_to_its_middle(
    seed: int, count: int, wide: float, stray: bool, masked: bool
) -> None:
    lon, lat = points(seed, count, stray)
    width = np.radians(10.0**wide)
    mask = np.random.default_rng(seed).random(count) < 0.4 if masked else None
    kept = slice(None) if mask is None else mask
    x, y = np.radians(lon[kept]), mercator_y(lat[kept])
    bounds = WORLD
    if 10.0**wide < 1:
        # As many hexagons as in the whole world nobody draws.
        west, south = float(np.radians(-93.25)), float(mercator_y(np.array([44.95]))[0])
        west, south = west - 250 * width, south - 150 * width
        bounds = (west, south, west + 500 * width, south + 300 * width)
    found = hexagon_counts(PointIndex.build(lon, lat), bounds, width, mask)
    seen = by_place(found)
    expected = Counter(nearest(x / width, y / width))
    for key, number in seen.items():
        assert number == expected[key]
    west, south, east, north = bounds
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    held = {key for key, there in zip(nearest(x / width, y / width), inside, strict=True) if there}
    assert held <= seen.keys()


@pytest.mark.parametrize("masked", [False, True])
def test_real_stops_are_counted_exactly(masked: bool) -> None:
    rng = np.random.default_rng(3)
    places = rng.random((10_000, 2)) * [0.14, 0.16]
    which = rng.integers(0, len(places), 52_000)
    lon, lat = -93.33 + places[which, 0], 44.89 + places[which, 1]
    mask = np.arange(len(lon)) % 3 > 0 if masked else None
    kept = slice(None) if mask is None else mask
    x, y = np.radians(lon[kept]), mercator_y(lat[kept])
    index = PointIndex.build(lon, lat)
    bounds = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    for metres in (256.0, 1024.0, 16384.0):
        width = metres / 6378137.0
        found = hexagon_counts(index, bounds, width, mask)
        assert by_place(found) == Counter(nearest(x / width, y / width))
