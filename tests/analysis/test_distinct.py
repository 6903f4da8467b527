"""Different places are counted as if each pair had been compared with each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.points.distinct import count_places

SOME = st.sampled_from((-180.0, -84.5, -0.0, 0.0, 5e-324, 39.1, 90.0))


@given(st.lists(st.tuples(SOME, SOME), max_size=40))
def test_as_many_places_as_there_are_different_pairs(pairs: list[tuple[float, float]]) -> None:
    lon, lat = (np.array([pair[side] for pair in pairs], dtype=np.float64) for side in (0, 1))
    assert count_places(lon, lat) == len(set(pairs))


def test_places_that_mirror_each_other_are_told_apart() -> None:
    lon, lat = np.array([1.0, 2.0, 1.0]), np.array([2.0, 1.0, 2.0])
    assert count_places(lon, lat) == 2


@pytest.mark.parametrize("step", [1.0, 0.5, 0.001, 2**-6, 2**-10, 2**-20])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (-93.25, 44.75)])
def test_each_place_of_a_grid_is_counted(step: float, corner: tuple[float, float]) -> None:
    lon, lat = np.meshgrid(*(start + np.arange(600) * step for start in corner))
    assert count_places(lon.ravel(), lat.ravel()) == 360_000


def test_places_on_opposite_sides_of_the_earth_are_told_apart() -> None:
    lon, lat = np.meshgrid(np.arange(-180.0, 180.0), np.arange(-90.0, 91.0))
    assert count_places(lon.ravel(), lat.ravel()) == 360 * 181
    assert count_places(np.array([2.5, -2.5]), np.array([51.0, -51.0])) == 2
