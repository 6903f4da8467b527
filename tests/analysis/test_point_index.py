"""The index answers exactly what looking at every point would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gisapp.analysis.points import block_counts
from gisapp.analysis.points import index as point_index
from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.raster import latitude, mercator_y
from gisapp.errors import Cancelled, DataError
from gisapp.layers import geodesy
from gisapp.progress import Progress

Floats = NDArray[np.float64]

# Few different coordinates, so that points fall on corners, edges and borders of cells.
steps = st.integers(-8, 8).map(lambda k: k / 8)
places = st.lists(
    st.tuples(steps | st.floats(-1, 1), steps | st.floats(-1, 1)), min_size=0, max_size=200
)
corners = st.lists(st.tuples(steps, steps), min_size=3, max_size=8)


def arrays(points: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    both = np.array(points, dtype=np.float64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def town(count: int, seed: int = 3) -> tuple[Floats, Floats]:
    """Points round a few corners of a town, many of them on the same places."""
    rng = np.random.default_rng(seed)
    corner = rng.random((60, 2)) * [0.3, 0.2]
    which = rng.integers(0, 60, count)
    lon = -84.5 + corner[which, 0] + rng.normal(0, 0.004, count).round(3)
    lat = 39.1 + corner[which, 1] + rng.normal(0, 0.004, count).round(3)
    return lon, lat


def brute(lon: Floats, lat: Floats, area: shapely.Geometry) -> NDArray[np.int64]:
    return np.flatnonzero(shapely.intersects_xy(area, lon, lat))


@given(places, corners)
@settings(deadline=None)
def test_inside_is_what_shapely_says_of_each_point(
    points: list[tuple[float, float]], ring: list[tuple[float, float]]
) -> None:
    lon, lat = arrays(points)
    area = shapely.make_valid(shapely.Polygon(ring))
    index = PointIndex.build(lon, lat)
    expected = brute(lon, lat, area)
    assert index.inside(area).tolist() == expected.tolist()
    assert index.count_inside(area) == len(expected)


@given(places, corners, st.integers(0, 3))
@settings(deadline=None)
def test_large_areas_are_settled_block_by_block_with_the_same_answer(
    points: list[tuple[float, float]], ring: list[tuple[float, float]], copies: int
) -> None:
    lon, lat = (np.tile(axis, copies + 1) for axis in arrays(points))
    area = shapely.convex_hull(shapely.MultiPoint(ring)).buffer(0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(point_index, "_TEST_ALL", 0)
        index = PointIndex.build(lon, lat)
        assert index.inside(area).tolist() == brute(lon, lat, area).tolist()
        two = shapely.MultiPolygon([*shapely.get_parts(area), shapely.box(2, 2, 3, 3)])
        assert index.inside(two).tolist() == brute(lon, lat, two).tolist()


@given(places, st.lists(corners, max_size=5))
@settings(deadline=None)
def test_pairs_are_the_insides_of_all_areas(
    points: list[tuple[float, float]], rings: list[list[tuple[float, float]]]
) -> None:
    lon, lat = arrays(points)
    areas = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings]
    index = PointIndex.build(lon, lat)
    numbers, rows = index.pairs(areas)
    assert [rows[numbers == k].tolist() for k in range(len(areas))] == [
        brute(lon, lat, area).tolist() for area in areas
    ]


@given(places, steps, steps, st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)
def test_rows_in_a_box_include_its_edge(
    points: list[tuple[float, float]], west: float, south: float, width: float, height: float
) -> None:
    lon, lat = arrays(points)
    east, north = west + width, south + height
    expected = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    found = PointIndex.build(lon, lat).rows_in((west, south, east, north))
    assert found.tolist() == np.flatnonzero(expected).tolist()


def test_a_town_of_many_points() -> None:
    lon, lat = town(60_000)
    index = PointIndex.build(lon, lat)
    city = geodesy.circle(-84.38, 39.2, 9000.0)
    ring = city.difference(geodesy.circle(-84.38, 39.2, 3000.0))
    for area in (city, ring, geodesy.circle(-84.38, 39.2, 50.0)):
        assert np.array_equal(index.inside(area), brute(lon, lat, area))


def test_a_bow_tie_is_asked_point_by_point() -> None:
    lon, lat = town(20_000)
    tie = shapely.Polygon([(-84.5, 39.1), (-84.2, 39.3), (-84.2, 39.1), (-84.5, 39.3)])
    assert not tie.is_valid
    assert np.array_equal(PointIndex.build(lon, lat).inside(tie), brute(lon, lat, tie))


def test_a_stray_point_does_not_spoil_the_cells() -> None:
    lon, lat = town(20_000)
    lon[7], lat[7] = 0.0, 0.0
    index = PointIndex.build(lon, lat)
    assert np.diff(index.starts).max() < 500
    everywhere = shapely.box(-180, -90, 180, 90)
    assert index.count_inside(everywhere) == 20_000
    assert index.inside(geodesy.circle(0, 0, 10.0)).tolist() == [7]


def test_no_points_one_point_and_all_on_one_place() -> None:
    none = PointIndex.build(np.empty(0), np.empty(0))
    world = shapely.box(-180, -90, 180, 90)
    assert none.inside(world).tolist() == []
    assert none.binned((-1, -1, 1, 1), 4, 4).sum() == 0
    assert none.nearest(0, 0, 1).tolist() == []
    one = PointIndex.build(np.array([-93.27]), np.array([44.98]))
    assert one.inside(geodesy.circle(-93.27, 44.98, 1.0)).tolist() == [0]
    many = PointIndex.build(np.full(260, -93.27), np.full(260, 44.98))
    assert many.count_inside(geodesy.circle(-93.27, 44.98, 1.0)) == 260
    assert many.nearest(-93.27, 44.98, 1e-6).tolist() == list(range(260))


def test_zones_across_the_antimeridian() -> None:
    rng = np.random.default_rng(1)
    lon = np.where(rng.random(9000) < 0.5, 179.9, -180) + rng.random(9000) * 0.1
    lat = -16.8 + rng.random(9000) * 0.1
    index = PointIndex.build(lon, lat)
    disc = geodesy.circle(180.0, -16.75, 3000.0)
    assert disc.geom_type == "MultiPolygon"
    found = index.inside(disc)
    assert np.array_equal(found, brute(lon, lat, disc))
    assert len(set(np.sign(lon[found]))) == 2
    assert len(index.rows_in((179.9, -17, -179.9, -16))) == 9000


def exact_pixels(
    lon: Floats, lat: Floats, bounds: tuple[float, float, float, float], columns: int, rows: int
) -> NDArray[np.int64]:
    west, south, east, north = bounds
    x = np.linspace(west, east, columns + 1)
    y = np.linspace(*mercator_y(np.array([south, north])), rows + 1)
    counts, _, _ = np.histogram2d(mercator_y(lat), lon, bins=[y, x])
    return counts[::-1].astype(np.int64)


def test_pixels_hold_every_point_in_view() -> None:
    lon, lat = town(30_000)
    index = PointIndex.build(lon, lat)
    for bounds in ((-84.6, 39.0, -84.1, 39.4), (-84.41, 39.17, -84.36, 39.21)):
        counts = index.binned(bounds, 64, 40)
        assert counts.dtype == np.int32
        assert counts.shape == (40, 64)
        expected = exact_pixels(lon, lat, bounds, 64, 40)
        # Points with rounded coordinates can lie on a border within the last bit.
        assert abs(counts - expected).sum() <= 0.001 * expected.sum()
    mask = np.arange(30_000) % 3 == 0
    assert index.binned((-84.6, 39.0, -84.1, 39.4), 64, 40, mask).sum() == mask.sum()


def test_pixels_from_cells_lose_nothing_and_move_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_index, "_FROM_CELLS", 1000)
    lon, lat = town(60_000)
    index = PointIndex.build(lon, lat)
    bounds = (-84.6, 39.0, -84.1, 39.4)
    counts = index.binned(bounds, 50, 40)
    exact = exact_pixels(lon, lat, bounds, 50, 40)
    assert counts.sum() == 60_000
    assert counts.min() >= 0
    # Whatever moved, moved by a pixel at most: sums over blocks one pixel wider still hold it.
    padded = np.pad(exact, 1)
    wider = sum(padded[i : i + 40, j : j + 50] for i in range(3) for j in range(3))
    assert (counts <= wider).all()


def test_latitude_undoes_mercator() -> None:
    lat = np.array([-85.0, -33.9, 0.0, 51.5, 64.1])
    assert latitude(mercator_y(lat)) == pytest.approx(lat, abs=1e-12)


def test_nearest_first() -> None:
    lon = np.array([0.0, 0.002, -0.001, 0.0, 5.0])
    lat = np.array([60.0, 60.0, 60.0, 60.0004, 60.0])
    index = PointIndex.build(lon, lat)
    # On a map 0.0004° of latitude at 60° look like 0.0008° of longitude.
    assert index.nearest(0.0, 60.0, 0.0015).tolist() == [0, 3, 2]
    assert index.nearest(0.0, 60.0, 0.0005).tolist() == [0]


def test_building_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        PointIndex.build(*town(100), progress)


def test_nobody_can_write_into_it() -> None:
    index = PointIndex.build(*town(100))
    with pytest.raises(ValueError, match="read-only"):
        index.lon[0] = 0
    assert index.nbytes < 100 * 100


def test_an_index_comes_back_from_its_arrays(tmp_path: Path) -> None:
    lon, lat = town(5000)
    index = PointIndex.build(lon, lat)
    for name, array in index.arrays().items():
        np.save(tmp_path / name, array)
    mapped = {path.stem: np.load(path, mmap_mode="r") for path in sorted(tmp_path.glob("*.npy"))}
    again = PointIndex.from_arrays(mapped)
    disc = geodesy.circle(-84.4, 39.2, 2000.0)
    assert again.inside(disc).tolist() == index.inside(disc).tolist()
    assert np.array_equal(
        again.binned((-85, 39, -84, 40), 9, 9), index.binned((-85, 39, -84, 40), 9, 9)
    )
    assert type(again.lon) is np.ndarray
    with pytest.raises(ValueError, match="read-only"):
        again.order[0] = 0


def test_no_points_come_back_too() -> None:
    none = PointIndex.build(np.empty(0), np.empty(0))
    assert len(PointIndex.from_arrays(none.arrays())) == 0


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("order", lambda a: None, "“order” is missing"),
        ("lat", lambda a: a[:-1], "“lat” has another size"),
        ("lon", lambda a: a.astype(np.float32), "“lon” has another size or kind"),
        ("order", lambda a: a + 1, "rows that are not there"),
        ("starts", lambda a: a[::-1].copy(), "do not follow each other"),
        ("x_edges", lambda a: np.zeros_like(a), "do not rise"),
        ("level_0", lambda a: a + 1, "do not add up"),
        ("level_9", lambda a: np.zeros((2, 2), np.int32), "not whole"),
        ("level_2", lambda a: None, "not whole"),
    ],
)
def test_spoilt_arrays_are_told(
    name: str, spoil: Callable[[NDArray[Any]], NDArray[Any] | None], words: str
) -> None:
    arrays = PointIndex.build(*town(3000)).arrays()
    spoilt = spoil(arrays.get(name, np.empty(0)))
    if spoilt is None:
        del arrays[name]
    else:
        arrays[name] = spoilt
    with pytest.raises(DataError, match=words):
        PointIndex.from_arrays(arrays)


def block_of(at: NDArray[Any], edges: NDArray[Any], outermost: float) -> NDArray[Any]:
    """The block of each place, -1 outside: a place on a border belongs to the block beyond it.

    On the outermost border of all there is none beyond.
    """
    block = np.searchsorted(edges, at, side="right") - 1
    block[(at == outermost) & (at == edges[-1])] = len(edges) - 2
    return np.where(block < len(edges) - 1, block, -1)


@given(places, st.integers(0, 3), st.data())
@settings(deadline=None)
def test_blocks_count_exactly_with_a_filter_or_without(
    points: list[tuple[float, float]], coarser: int, data: st.DataObject
) -> None:
    lon, lat = arrays(points)
    index = PointIndex.build(lon, lat)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(lon), max_size=len(lon))), bool)
    width, height = ((e[2] - e[1]) * 2**coarser for e in (index.x_edges, index.y_edges))
    west, south = data.draw(st.tuples(steps, steps))
    for bounds in ((-2.0, -2.0, 2.0, 2.0), (west, south, west + 0.5, south + 0.25)):
        for mask in (None, kept):
            blocks = index.blocks(bounds, width, height, mask)
            assert blocks is not None
            chosen = np.ones(len(lon), bool) if mask is None else mask
            rows = block_of(lat[chosen], blocks.y_edges, index.y_edges[-1])
            columns = block_of(lon[chosen], blocks.x_edges, index.x_edges[-1])
            expected = np.zeros_like(blocks.counts)
            inside = (rows >= 0) & (columns >= 0)
            np.add.at(expected, (rows[inside], columns[inside]), 1)
            assert blocks.counts.tolist() == expected.tolist()
    assert index.blocks((-2, -2, 2, 2), width / 20, height / 20) is None


def test_a_filter_over_many_points_is_counted_on_two_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(block_counts, "_SHARED", 1000)
    monkeypatch.setattr(block_counts, "_TOGETHER", 5000)
    lon, lat = town(60_000)
    index = PointIndex.build(lon, lat)
    mask = np.arange(60_000) % 3 == 0
    pace = index.x_edges[2] - index.x_edges[1]
    blocks = index.blocks((-85, 39, -84, 40), 4 * pace, 1.0, mask)
    assert blocks is not None
    assert blocks.counts.sum() == 20_000
    every = index.blocks((-85, 39, -84, 40), 4 * pace, 1.0, np.ones(60_000, bool))
    assert every is not None
    assert np.array_equal(every.counts, index.levels[1])
