"""A click on a cell of the map answers with the number of that cell, and has its rows."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisapp.analysis.points.hexagons import hexagon_of
from gisapp.layers.layer import Points
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.counted_cells import lattice_of
from gisapp.render.identify import identify
from gisapp.render.look import Scene
from gisapp.render.painters.clusters import clusters_in, discs
from gisapp.render.painters.hexagons import hexagons_in
from gisapp.render.painters.squares import density
from gisapp.render.view import mercator
from tests.render.test_point_ways import look, town, view_of


def test_a_hexagon_says_its_own_number() -> None:
    layer = town(20_000, PointDrawing.HEXAGONS)
    view, cache, how = view_of(layer), Cache(), look()
    scene = Scene(Project(layers=(layer,)), view, how)
    found = hexagons_in(layer, view, None, cache, Progress())
    x = (found.x - view.x) / view.resolution + view.width / 2
    y = (view.y - found.y) / view.resolution + view.height / 2
    for number in np.argsort(found.counts)[-25:].tolist():
        (hit,) = identify(scene, float(x[number]) + 3, float(y[number]) - 2, cache)
        assert hit.kind == "cell"
        assert hit.label == f"{int(found.counts[number]):,} stops in this hexagon"
        assert len(hit.rows) == found.counts[number]
        points = layer.geometry
        assert isinstance(points, Points)
        px, py = mercator(points.lon[hit.rows], points.lat[hit.rows])
        columns, lines = hexagon_of(px / found.width, py / found.width)
        assert len(set(zip(columns.tolist(), lines.tolist(), strict=True))) == 1


@pytest.mark.parametrize("way", [PointDrawing.SQUARES, PointDrawing.AUTOMATIC])
def test_a_square_says_its_own_number(way: PointDrawing) -> None:
    layer = town(60_000, way)
    view, cache, how = view_of(layer), Cache(), look()
    scene = Scene(Project(layers=(layer,)), view, how)
    grid, counts = density(layer, how, view, cache, Progress())
    target = grid.target(view)
    row, column = np.unravel_index(int(counts.argmax()), counts.shape)
    side = target.width() / counts.shape[1]
    px, py = target.left() + (column + 0.5) * side, target.top() + (row + 0.5) * side
    (hit,) = identify(scene, float(px), float(py), cache)
    assert hit.label == f"{counts.max():,} stops in this square"


def test_a_filter_counts_in_cells_too() -> None:
    layer = town(20_000, PointDrawing.HEXAGONS)
    view = view_of(layer)
    rows = np.arange(len(layer)) % 4 == 0
    scene = Scene(Project(layers=(layer,)), view, look(rows={layer.id: rows}))
    (hit,) = identify(scene, view.width / 2, view.height / 2)
    assert (hit.rows % 4 == 0).all()
    assert hit.label == layer.kind.counted(len(hit.rows)) + " in this hexagon"


def test_a_disc_says_the_number_that_stands_in_it() -> None:
    layer = town(way=PointDrawing.CLUSTERS)
    view, cache = view_of(layer), Cache()
    found = discs(view, clusters_in(layer, view, None, cache, Progress()), layer.style)
    disc = max(found, key=lambda one: one.count)
    (hit,) = identify(Scene(Project(layers=(layer,)), view, look()), disc.x, disc.y, cache)
    assert hit.label == f"{disc.count:,} stops close together"
    assert len(hit.rows) == disc.count


def test_symbols_and_heat_are_no_cells() -> None:
    for way in (PointDrawing.EACH, PointDrawing.HEAT, PointDrawing.CLUSTERS):
        layer = town(way=way)
        assert lattice_of(layer, look(), view_of(layer), Cache()) is None
    few = town(30)
    assert lattice_of(few, look(), view_of(few), Cache()) is None


@pytest.mark.parametrize("way", [PointDrawing.HEXAGONS, PointDrawing.SQUARES])
def test_borders_go_round_the_cells_that_hold_places_and_no_others(way: PointDrawing) -> None:
    layer = town(2000, way)
    lattice = lattice_of(layer, look(), view_of(layer), Cache())
    assert lattice is not None
    points = layer.geometry
    assert isinstance(points, Points)
    x, y = mercator(points.lon[:60], points.lat[:60])
    xs, ys, number = lattice.borders(x, y)
    assert np.array_equal(number, np.repeat(np.arange(len(xs) // 2), 2))
    # Rounded to millimetres, so that corners of neighbours meet.
    ends = np.round(np.column_stack([xs, ys]), 3).reshape(-1, 2, 2)
    rings = shapely.get_parts(shapely.polygonize([shapely.linestrings(ends).tolist()][0]))
    area = shapely.union_all(rings)
    assert shapely.covers(area.buffer(0.01), shapely.points(x, y)).all()
    own = len(set(zip(*(part.tolist() for part in lattice.key(x, y)), strict=True)))
    one = lattice.width**2 * (np.sqrt(3) / 2 if lattice.hexagons else 1)
    # Where cells lie round a free one polygons fill it too.
    assert own * one * 0.999 <= area.area <= own * one * 1.2
