"""The hexagon, square or cluster that stands for many points on a map: its rows, and its outline.

For readers who see each row of a layer; what others get are counts per cell, without rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.hexagons import hexagon_of
from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.look import Look, Scene
from gisapp.render.painters.clusters import cluster_at
from gisapp.render.painters.hexagons import hexagon_width
from gisapp.render.painters.points import draws_each
from gisapp.render.painters.squares import DensityGrid, density
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import EARTH, MapView, mercator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SQRT3 = math.sqrt(3.0)
#: Kinds whose places always have a symbol each.
_SYMBOLS = (LayerKind.SERVICES, LayerKind.DEPLOYMENTS)
#: Corners of a hexagon and of a square round 0, 0, in widths of one.
_HEXAGON = np.array(
    [
        (0.5 * side, up / (2 * _SQRT3))
        for side, up in ((1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1))
    ]
)
_SQUARE = np.array([(0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)])

#: Steps in columns and lines to the neighbour beyond each side, from each corner to the next.
_HEXAGON_SIDES = ((2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1), (1, -1))
_SQUARE_SIDES = ((1, 0), (0, 1), (-1, 0), (0, -1))


@dataclass(frozen=True, slots=True, eq=False)
class CountedCell:
    """Rows (ascending) that one cell on the map stands for, and in words what holds them."""

    where: str
    rows: Ints


@dataclass(frozen=True, slots=True)
class Lattice:
    """Cells of one shape and width (Mercator metres) that fill the map."""

    hexagons: bool
    width: float

    def key(self, x: Floats, y: Floats) -> tuple[Ints, Ints]:
        """Column and line of the cell that each place (Mercator metres) lies in."""
        if self.hexagons:
            # As the painter counts: in radians first.
            width = self.width / EARTH
            return hexagon_of(x / EARTH / width, y / EARTH / width)
        return (
            np.floor(x / self.width).astype(np.int64),
            np.floor(y / self.width).astype(np.int64),
        )

    def middles(self, column: Ints, line: Ints) -> tuple[Floats, Floats]:
        across, up = column.astype(np.float64), line.astype(np.float64)
        if self.hexagons:
            return across * (self.width / 2), up * (self.width * _SQRT3 / 2)
        return (across + 0.5) * self.width, (up + 0.5) * self.width

    def borders(self, x: Floats, y: Floats) -> tuple[Floats, Floats, Ints]:
        """Borders of the cells that hold some places, without those between two such cells.

        Lines of two vertices each: x, y and the number of the line.
        """
        column, line = self.key(x, y)
        cells = np.unique((column << 32) + line)
        line = ((cells + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
        column = (cells - line) >> 32
        sides = _HEXAGON_SIDES if self.hexagons else _SQUARE_SIDES
        corners = (_HEXAGON if self.hexagons else _SQUARE) * self.width
        across, up = self.middles(column, line)
        xs, ys = [_nothing()], [_nothing()]
        for number, (right, above) in enumerate(sides):
            free = ~np.isin(((column + right) << 32) + line + above, cells)
            ends = corners[number : number + 2]
            xs.append((across[free][:, None] + ends[:, 0]).ravel())
            ys.append((up[free][:, None] + ends[:, 1]).ravel())
        found = np.concatenate(xs), np.concatenate(ys)
        return (*found, np.repeat(np.arange(len(found[0]) // 2), 2))


def _nothing() -> Floats:
    return np.empty(0)


def lattice_of(layer: Layer, look: Look, view: MapView, cache: Cache) -> Lattice | None:
    """The cells that a layer is drawn as in a view; None where it has symbols, discs or heat."""
    if not isinstance(layer.geometry, Points) or layer.kind in _SYMBOLS or not len(layer):
        return None
    way = layer.style.points
    if way is PointDrawing.HEXAGONS:
        return Lattice(True, hexagon_width(view))
    if way not in (PointDrawing.SQUARES, PointDrawing.AUTOMATIC):
        return None
    if way is PointDrawing.AUTOMATIC:
        _, counts = density(layer, look, view, cache, Progress())
        if draws_each(layer, counts, look, view, cache):
            return None
    return Lattice(False, DensityGrid(view).cell)


def cell_at(
    scene: Scene, layer: Layer, px: float, py: float, reach: float, cache: Cache
) -> CountedCell | None:
    """The cell or cluster of a layer under a logical pixel, or within `reach` of it."""
    look, view = scene.look, scene.view
    if layer.style.points is PointDrawing.CLUSTERS and layer.kind not in _SYMBOLS:
        return _cluster_at(scene, layer, px, py, cache)
    lattice = lattice_of(layer, look, view, cache)
    if lattice is None:
        return None
    lon, lat = view.to_map(px, py)
    place = mercator(np.array([lon]), np.array([lat]))
    around = lattice.width * 1.2 / view.resolution
    rows = _rows_in(layer, look, _box(view, px, py, max(around, reach + around)), cache)
    x, y = _mercator_of(layer, rows)
    columns, lines = lattice.key(x, y)
    column, line = lattice.key(*place)
    held = (columns == column[0]) & (lines == line[0])
    if not held.any() and len(rows):
        # Small squares are hard to hit: the nearest place says which is meant.
        away = np.hypot(x - place[0], y - place[1]) / view.resolution
        nearest = int(np.argmin(away))
        if away[nearest] <= reach:
            held = (columns == columns[nearest]) & (lines == lines[nearest])
    if not held.any():
        return None
    return CountedCell("in this hexagon" if lattice.hexagons else "in this square", rows[held])


def _cluster_at(
    scene: Scene, layer: Layer, px: float, py: float, cache: Cache
) -> CountedCell | None:
    found = cluster_at(scene, layer, px, py, cache)
    if found is None:
        return None
    return CountedCell("close together", _rows_in(layer, scene.look, found[1], cache))


def _rows_in(layer: Layer, look: Look, bounds: Bounds, cache: Cache) -> Ints:
    assert isinstance(layer.geometry, Points)
    rows = prepared.index_of(layer.geometry, cache, Progress()).rows_in(bounds)
    mask = shown_rows(layer, look, cache)
    return rows if mask is None else rows[mask[rows]]


def _mercator_of(layer: Layer, rows: Ints) -> tuple[Floats, Floats]:
    assert isinstance(layer.geometry, Points)
    return mercator(layer.geometry.lon[rows], layer.geometry.lat[rows])


def _box(view: MapView, px: float, py: float, half: float) -> Bounds:
    west, north = view.to_map(px - half, py - half)
    east, south = view.to_map(px + half, py + half)
    return west, south, east, north
