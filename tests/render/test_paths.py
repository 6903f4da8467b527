"""Lines lose no more than the eye can see."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from shapely.geometry import shape

from gisapp.layers import geodesy
from gisapp.layers.layer import Shapes
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render import paths
from gisapp.render.cache import Cache
from gisapp.render.drawn import areas
from gisapp.render.frame import Frame
from gisapp.render.look import Scene
from gisapp.render.view import MapView, mercator
from tests.render.conftest import look


def outlines(*geoms: object) -> paths.Outlines:
    array = np.empty(len(geoms), dtype=object)
    array[:] = geoms
    return paths.outlines(array, Progress())


@pytest.fixture(scope="module")
def neighbourhoods(shared_data: Path) -> Shapes:
    text = (shared_data / "cincinnati" / "neighborhoods_sna.geojson").read_text()
    geoms = [shape(feature["geometry"]) for feature in json.loads(text)["features"]]
    array = np.empty(len(geoms), dtype=object)
    array[:] = geoms
    return Shapes(array)


def as_shapely(path: object) -> shapely.MultiLineString:
    """The lines of a painter path."""
    lines: list[list[tuple[float, float]]] = []
    for number in range(path.elementCount()):
        element = path.elementAt(number)
        if element.isMoveTo():
            lines.append([])
        lines[-1].append((element.x, element.y))
    return shapely.MultiLineString([line for line in lines if len(line) > 1])


@given(st.lists(st.lists(st.integers(0, 40), max_size=4), max_size=6), st.randoms())
def test_paths_through_one_stream_are_those_made_one_by_one(
    features: list[list[int]], chance: random.Random
) -> None:
    sizes = [size for lines in features for size in lines]
    xy = np.array([[chance.random(), chance.random()] for _ in range(sum(sizes))]).reshape(-1, 2)
    part = np.repeat(np.arange(len(sizes)), sizes)
    edges = np.cumsum([0, *(sum(lines) for lines in features)])
    together = paths._paths_of(xy, part, edges, Progress())
    one_by_one = [paths.path_of(xy[a:b], part[a:b]) for a, b in pairwise(edges)]
    assert together == one_by_one
    for path, (first, last) in zip(together, pairwise(edges), strict=True):
        elements = [path.elementAt(number) for number in range(path.elementCount())]
        assert [(one.x, one.y) for one in elements] == [tuple(place) for place in xy[first:last]]


@settings(max_examples=60, deadline=None)
@given(st.floats(30, 3000), st.floats(0.1, 100))
def test_a_zone_edge_moves_by_at_most_half_a_pixel(radius_m: float, resolution: float) -> None:
    lines = outlines(geodesy.circle(-84.51, 39.11, radius_m))
    tolerance = paths.tolerance_of(paths.band_of(resolution))
    drawn = as_shapely(paths.feature_paths(lines, tolerance, Progress())[0])
    exact = lines.parts[0]
    assert tolerance <= resolution / 2
    if not drawn.is_empty:
        moved = shapely.hausdorff_distance(drawn, exact)
        assert moved <= tolerance * (1 + 1e-9)


@pytest.mark.parametrize("resolution", [5.0, 40.0, 300.0])
def test_the_real_city_boundary_keeps_its_place(shared_data: Path, resolution: float) -> None:
    text = (shared_data / "cincinnati" / "city_boundary.geojson").read_text()
    city = shape(json.loads(text)["features"][0]["geometry"])
    lines = outlines(city)
    tolerance = paths.tolerance_of(paths.band_of(resolution))
    xy, part = paths.simplified(lines.parts, tolerance, Progress())
    assert 4 <= len(xy) < shapely.get_num_coordinates(city) / 3
    for number in range(len(lines.parts)):
        thin = shapely.LineString(xy[part == number])
        assert shapely.hausdorff_distance(thin, lines.parts[number]) <= tolerance * 1.000001


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 20), st.floats(0.5, 200), st.sampled_from([1.0, 1.25, 2.0]))
def test_on_screen_no_edge_of_a_real_area_moves_by_more_than_half_a_device_pixel(
    neighbourhoods: Shapes, number: int, resolution: float, dpr: float
) -> None:
    view = replace(MapView.fit(neighbourhoods.bounds, 800, 600), resolution=resolution, dpr=dpr)
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    scene = Scene(Project(), view, look())
    made = areas(
        Frame(scene, painter, Cache(), Progress()), (neighbourhoods,), neighbourhoods.geoms
    )
    painter.end()
    exact = shapely.multilinestrings([*made.lines.parts[made.lines.feature == number]])
    for path in (made.fills[number], made.strokes[number]):
        drawn = as_shapely(path)
        if not drawn.is_empty:
            # Rings smaller than the tolerance may be gone: what is drawn lies on the edge.
            vertices = shapely.points(shapely.get_coordinates(drawn))
            assert shapely.distance(vertices, exact).max() < 1e-6
            edges = shapely.segmentize(exact, resolution / dpr)
            rings = [ring for ring in shapely.get_parts(edges) if ring.length > 8 * resolution]
            for ring in rings:
                away = shapely.distance(shapely.points(shapely.get_coordinates(ring)), drawn)
                assert away.max() <= resolution / dpr / 2


def test_a_hole_is_a_hole() -> None:
    ring = shapely.box(0, 0, 1, 1).difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    lines = outlines(ring)
    path = paths.feature_paths(lines, 0.0, Progress())[0]
    x, y = mercator(np.array([0.5, 0.2]), np.array([0.5, 0.2]))
    assert not path.contains(QPointF(x[0] - lines.x, y[0] - lines.y))
    assert path.contains(QPointF(x[1] - lines.x, y[1] - lines.y))


def test_chunks_hold_every_line_once() -> None:
    rng = np.random.default_rng(3)
    starts = rng.uniform(0, 1, (5000, 2))
    geoms = [shapely.LineString([s, s + 0.001]) for s in starts]
    lines = outlines(*geoms)
    chunks = paths.chunk_paths(lines.parts, 0.01, Progress())
    assert len(chunks) > 3
    assert sum(chunk.path.elementCount() for chunk in chunks) == 10_000
    assert max(chunk.path.elementCount() for chunk in chunks) < 1000


def test_what_lies_beyond_the_box_is_cut_off() -> None:
    lines = outlines(shapely.LineString([(0, 0), (1, 0)]))
    box = (lines.x - 100.0, lines.y - 100.0, lines.x + 100.0, lines.y + 100.0)
    cut = paths.clipped(lines, box)
    assert shapely.length(cut.parts[0]) == pytest.approx(200)


def test_an_edge_that_two_areas_share_is_drawn_once() -> None:
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    array = np.array([left, right], dtype=object)
    lines = outlines(left, right)
    once = paths.borders(array, lines)
    both = float(shapely.length(lines.parts).sum())
    _, y = mercator(np.array([0.0, 0.0]), np.array([0.0, 1.0]))
    assert float(shapely.length(once).sum()) == pytest.approx(both - (y[1] - y[0]))


def test_points_and_empty_collections_draw_nothing() -> None:
    lines = outlines(shapely.GeometryCollection([shapely.Point(0, 0)]))
    assert len(lines.parts) == 0
    assert paths.feature_paths(lines, 1.0, Progress())[0].isEmpty()
