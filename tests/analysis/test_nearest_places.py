"""The nearest of some places to each of many points, by cells and by a tree."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.look_ups import nearest_places as by_cells
from gisapp.analysis.look_ups.nearest_places import nearest_places
from gisapp.layers import geodesy


def one_by_one(
    lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray
) -> np.ndarray:
    """How far the nearest place is from each point, every pair looked at."""
    points = geodesy.earth_centred(lon, lat)
    away = points[:, None, :] - geodesy.earth_centred(to_lon, to_lat)
    return np.asarray(np.linalg.norm(away, axis=2).min(axis=1))


def check(lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray) -> None:
    near, chord = nearest_places(lon, lat, to_lon, to_lat)
    assert chord == pytest.approx(one_by_one(lon, lat, to_lon, to_lat), abs=1e-6)
    own = geodesy.earth_centred(lon, lat) - geodesy.earth_centred(to_lon, to_lat)[near]
    assert chord == pytest.approx(np.linalg.norm(own, axis=1), abs=1e-6)


@given(
    seed=st.integers(0, 2**32 - 1),
    points=st.integers(1, 3000),
    places=st.integers(1, 60),
    middle=st.tuples(st.floats(-180, 180), st.sampled_from([-89.0, -33.0, 0.0, 39.1, 70.0, 89.5])),
    spread=st.sampled_from([0.0, 1e-7, 0.01, 0.3, 1.0, 20.0]),
    apart=st.sampled_from([0.0, 0.05, 0.5, 10.0]),
)
def test_the_nearest_is_that_of_every_pair_looked_at(
    seed: int,
    points: int,
    places: int,
    middle: tuple[float, float],
    spread: float,
    apart: float,
) -> None:
    rng = np.random.default_rng(seed)
    east, north = middle

    def some(count: int, wide: float) -> tuple[np.ndarray, np.ndarray]:
        lon = east + wide * rng.standard_normal(count)
        return lon, np.clip(north + wide * rng.standard_normal(count), -90, 90)

    check(*some(points, spread), *some(places, apart))


def test_a_place_far_from_the_others_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.normal(-84.5, 0.05, 4000), rng.normal(39.1, 0.05, 4000)
    lon[17], lat[17] = 10.5, 0.5
    check(lon, lat, rng.normal(-84.5, 0.05, 80), rng.normal(39.1, 0.05, 80))
    check(lon, lat, np.append(lon[:30], 10.0), np.append(lat[:30], 1.0))


def test_of_places_that_are_one_the_first_is_taken() -> None:
    lon, lat = np.array([0.0, 0.1]), np.array([0.0, 0.1])
    near, chord = nearest_places(lon, lat, np.full(3, 0.2), np.full(3, 0.2))
    assert near.tolist() == [0, 0] and chord[1] < chord[0]


def test_towns_crowded_with_places_go_by_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.normal(0, 0.05, 2000), rng.normal(51, 0.05, 2000)
    places = rng.normal(0, 0.002, 300), rng.normal(51, 0.002, 300)
    check(lon, lat, *places)
    monkeypatch.setattr(by_cells, "_PAIRS", 0)
    check(lon, lat, *places)
    monkeypatch.setattr(by_cells, "_MOST_PLACES", 10)
    check(lon, lat, *places)


def test_a_town_is_settled_without_loading_the_tree() -> None:
    code = (
        "import sys, numpy as np\n"
        "from gisapp.analysis.look_ups.nearest_places import nearest_places\n"
        "rng = np.random.default_rng(3)\n"
        "nearest_places(*rng.normal(50, 0.05, (2, 20_000)), *rng.normal(50, 0.05, (2, 100)))\n"
        "sys.exit('scipy' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
