"""Different places are counted as if each pair had been compared with each other."""

from __future__ import annotations

import numpy as np
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
