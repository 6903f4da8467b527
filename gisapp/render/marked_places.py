"""What marks some rows of a point layer on a map: rings round their symbols, borders of cells.

A mark follows what is drawn there: the symbol of a stack, a disc with its number, or the hexagon
or square that counts the rows. None of them covers a number or a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.counted_cells import lattice_of
from gisapp.render.look import Look, Scene
from gisapp.render.painters.cluster_room import Disc
from gisapp.render.painters.clusters import shown_clusters, shown_discs
from gisapp.render.painters.each import place_radii
from gisapp.render.view import MapView, mercator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Radius of a ring round a small symbol, and round each of very many, in logical pixels.
RING, SMALL_RING = 9.0, 5.0
#: From so many places in view rings are small.
_MANY = 300
#: Where rings would run into each other, one dot stands for all places in a square of the ground
#: so many pixels wide: between the dots the map is seen.
_CELL, DOT = 8.0, 1.0
#: Places are crowded where squares as wide as two small rings are fewer than this share of them.
_CROWDED = 0.5
#: Free pixels between a symbol and its ring.
_FREE = 3.0
#: Corners of each round end of a disc's outline.
_CORNERS = 17


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Rings with their radius in logical pixels, and lines, all places in Mercator metres.

    `course` says which line each vertex of `line_x`, `line_y` belongs to, from 0 and rising.
    """

    x: Floats = field(default_factory=_none)
    y: Floats = field(default_factory=_none)
    radius: Floats = field(default_factory=_none)
    line_x: Floats = field(default_factory=_none)
    line_y: Floats = field(default_factory=_none)
    course: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def marks_of(
    layer: Layer,
    rows: Ints,
    look: Look,
    view: MapView,
    cache: Cache,
    progress: Progress,
    project: Project | None = None,
) -> Marks:
    """The marks of some rows of a point layer in and round a view.

    The discs of its clusters move aside for the services of its project, if there are any.
    """
    points = layer.geometry
    assert isinstance(points, Points)
    west, south, east, north = view.zoomed(0.9).bounds
    lon, lat = points.lon[rows], points.lat[rows]
    near = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    rows, (x, y) = rows[near], mercator(lon[near], lat[near])
    progress.check()
    lattice = lattice_of(layer, look, view, cache)
    if lattice is not None:
        return Marks(*(_none(),) * 3, *lattice.borders(x, y))
    if layer.kind in (LayerKind.SERVICES, LayerKind.DEPLOYMENTS):
        return _dots(x, y, view) or Marks(x, y, np.full(len(x), RING))
    if layer.style.points is PointDrawing.CLUSTERS:
        scene = Scene(project or Project(layers=(layer,)), view, look)
        return _round_discs(scene, layer, rows, cache, progress)
    return _round_symbols(layer, rows, (x, y), look, view, cache)


def _round_symbols(
    layer: Layer, rows: Ints, at: tuple[Floats, Floats], look: Look, view: MapView, cache: Cache
) -> Marks:
    """One ring for all rows on a place; dots where rings would hide the map."""
    _, first = np.unique(at[0] + 1j * at[1], return_index=True)
    x, y = at[0][first], at[1][first]
    dots = _dots(x, y, view)
    if dots is not None:
        return dots
    radius = np.full(len(x), RING if len(x) <= _MANY else SMALL_RING)
    if layer.style.points is not PointDrawing.HEAT:
        drawn = place_radii(layer, rows[first], look, view, cache)
        if drawn is not None:
            radius = np.maximum(radius, drawn + _FREE)
    return Marks(x, y, radius)


def _dots(x: Floats, y: Floats, view: MapView) -> Marks | None:
    """A dot for each square of the ground that holds places; None where rings have room."""
    if len(x) <= _MANY or len(_one_a_cell(x, y, 4 * SMALL_RING * view.resolution)) > _CROWDED * len(
        x
    ):
        return None
    first = _one_a_cell(x, y, _CELL * view.resolution)
    return Marks(x[first], y[first], np.full(len(first), DOT))


def _one_a_cell(x: Floats, y: Floats, side: float) -> Ints:
    """The first place in each square of a lattice that lies still while the map is moved."""
    _, first = np.unique(np.floor(x / side) + 1j * np.floor(y / side), return_index=True)
    return np.asarray(first, dtype=np.int64)


def _round_discs(scene: Scene, layer: Layer, rows: Ints, cache: Cache, progress: Progress) -> Marks:
    points, view = layer.geometry, scene.view
    assert isinstance(points, Points)
    clusters = shown_clusters(layer, scene.look, view, cache, progress)
    grid = clusters.grid
    # A hair inside, so that rounding puts no corner into the square before it.
    columns = np.floor((clusters.west - grid.west) / grid.width + 0.5).astype(np.int64)
    lines = np.floor((clusters.south - grid.south) / grid.height + 0.5).astype(np.int64)
    own = np.floor((points.lon[rows] - grid.west) / grid.width).astype(np.int64)
    up = np.floor((points.lat[rows] - grid.south) / grid.height).astype(np.int64)
    held = np.isin(columns + 1j * lines, own + 1j * up)
    shown = shown_discs(scene, layer, cache, progress)
    outlines = [_outline(shown[number]) for number in np.flatnonzero(held).tolist()]
    if not outlines:
        return Marks()
    px, py = np.concatenate(outlines).T
    return Marks(
        line_x=view.x + (px - view.width / 2) * view.resolution,
        line_y=view.y - (py - view.height / 2) * view.resolution,
        course=np.repeat(np.arange(len(outlines)), [len(one) for one in outlines]),
    )


def _outline(disc: Disc) -> Floats:
    """A closed line round a disc in logical pixels, shape (n, 2)."""
    free = 2 * _FREE if disc.count > 1 else _FREE
    radius = disc.half_height + free
    straight = disc.half_width - disc.half_height
    right = np.linspace(-np.pi / 2, np.pi / 2, _CORNERS)
    angles = np.concatenate([right, right + np.pi, right[:1]])
    side = np.repeat([straight, -straight, straight], [_CORNERS, _CORNERS, 1])
    return np.column_stack(
        [disc.x + side + radius * np.cos(angles), disc.y + radius * np.sin(angles)]
    )
