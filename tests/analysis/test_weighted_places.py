"""Places with counts stand for every point, the same wherever the map is moved."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.weighted_places import places_in

steps = st.integers(-8, 8).map(lambda k: k / 8)
points = st.lists(
    st.tuples(steps | st.floats(-1, 1), steps | st.floats(-1, 1)), min_size=1, max_size=200
)


@given(points, st.floats(0.001, 1), st.integers(1, 3))
@settings(deadline=None)
def test_every_point_is_counted_once_near_where_it_lies(
    places: list[tuple[float, float]], size: float, every: int
) -> None:
    lon, lat = np.array(places).T.copy()
    index = PointIndex.build(lon, lat)
    mask = np.arange(len(lon)) % every == 0
    found = places_in(index, (-2, -2, 2, 2), size, size, mask)
    assert found.counts.sum() == mask.sum()
    assert found.counts.min(initial=1) > 0
    for x, y in zip(lon[mask], lat[mask], strict=True):
        away = np.maximum(abs(found.lon - x), abs(found.lat - y)).min()
        assert away <= size / 2 + 1e-9


def test_a_stray_point_stays_where_it_is() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.normal(-84.5, 0.05, 20_000), rng.normal(39.1, 0.05, 20_000)
    lon[3], lat[3] = 2.0, 48.0
    index = PointIndex.build(lon, lat)
    found = places_in(index, (-180, -80, 180, 80), 0.02, 0.02)
    assert not found.points
    assert found.counts.sum() == 20_000
    stray = np.flatnonzero(found.lon > 0)
    assert found.counts[stray].tolist() == [1]
    assert (found.lon[stray][0], found.lat[stray][0]) == (2.0, 48.0)


def test_a_pan_changes_no_count() -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.normal(-84.5, 0.05, 50_000), rng.normal(39.1, 0.05, 50_000)
    index = PointIndex.build(lon, lat)
    seen = []
    for shift in (0.0, 0.003):
        box = (-84.52 + shift, 39.08, -84.46 + shift, 39.12)
        found = places_in(index, box, 0.004, 0.004)
        shared = (found.lon > -84.51) & (found.lon < -84.47) & (abs(found.lat - 39.1) < 0.01)
        rows = zip(found.lon[shared], found.lat[shared], found.counts[shared], strict=True)
        seen.append(sorted(rows))
    assert seen[0] == seen[1]
