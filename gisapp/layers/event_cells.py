"""Events as counts per cell, for whoever may not see them one by one.

The grid of a layer is fixed by the layer alone, never by the part of it that is looked at: it
has one size of cell and lies at one place, so that no small count can be worked out from two
maps that differ by a pan or a zoom. Whatever is left out together holds enough events not to be
worked out from the total either (complementary suppression).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.audience import SMALL_COUNT, Audience, threshold
from gisapp.layers.layer import Geometry, Points

#: Sizes of cell in metres; a layer uses the first in which half of its events can be shown.
SIZES = (250.0, 500.0, 1000.0, 2000.0)
#: More columns than there are round the world.
_SPAN = 1 << 32


@dataclass(frozen=True, slots=True)
class CellGrid:
    """A grid of degrees that starts at 0° N 0° E, its cells `cell_m` on the ground."""

    cell_m: float
    lon_step: float
    lat_step: float

    def keys(self, points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Column and row of each point."""
        columns = np.floor(points.lon / self.lon_step).astype(np.int64)
        rows = np.floor(points.lat / self.lat_step).astype(np.int64)
        return columns, rows


@dataclass(frozen=True, slots=True, eq=False)
class EventCells:
    """Cells that an audience may see: their column and row in the grid, and their counts.

    `hidden` is the number of cells with events that are left out because they hold too few.
    """

    grid: CellGrid
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    hidden: int

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def boxes(self) -> NDArray[np.float64]:
        """West, south, east, north of each cell in degrees, shape (n, 4)."""
        west, south = self.columns * self.grid.lon_step, self.rows * self.grid.lat_step
        return np.column_stack([west, south, west + self.grid.lon_step, south + self.grid.lat_step])


def cell_grid(points: Points) -> CellGrid:
    """The grid of a layer: same points, same grid, whatever is shown of them."""
    middle = float(np.median(points.lat)) if len(points) else 0.0
    latitude = round(middle * 2) / 2
    for cell_m in SIZES:
        grid = CellGrid(cell_m, *geodesy.degrees_of(cell_m, latitude))
        _, _, counts = _counted(grid, points, None)
        if counts[counts >= SMALL_COUNT].sum() * 2 >= len(points):
            break
    return grid


def event_cells(
    points: Points,
    audience: Audience,
    rows: NDArray[np.bool_] | None = None,
    grid: CellGrid | None = None,
) -> EventCells:
    """Count the events per cell and leave out what the audience may not see.

    `rows` limits the count to the rows where the mask is true; a cell is left out as well where
    the rows that the mask leaves away are too few, as the map of all rows would tell them.
    `grid` is `cell_grid(points)` where the caller has kept it.
    """
    grid = grid or cell_grid(points)
    columns, lines, counts = _counted(grid, points, rows)
    least = threshold(audience)
    apart = np.ones(len(counts), dtype=bool)
    if rows is not None and least > 1:
        rest = _totals(grid, points, columns, lines) - counts
        apart = (rest == 0) | (rest >= least)
    shown = _shown(counts, apart, least)
    return EventCells(grid, columns[shown], lines[shown], counts[shown], int((~shown).sum()))


def _counted(
    grid: CellGrid, points: Points, rows: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    columns, lines = grid.keys(points)
    if rows is not None:
        columns, lines = columns[rows], lines[rows]
    keys, counts = np.unique(_keys(columns, lines), return_counts=True)
    return keys % _SPAN - (_SPAN >> 1), keys // _SPAN, counts.astype(np.int64)


def _totals(
    grid: CellGrid, points: Points, columns: NDArray[np.int64], lines: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many events of the whole layer lie in each of these cells."""
    all_columns, all_lines, counts = _counted(grid, points, None)
    order = np.searchsorted(_keys(all_columns, all_lines), _keys(columns, lines))
    totals: NDArray[np.int64] = counts[order]
    return totals


def _keys(columns: NDArray[np.int64], lines: NDArray[np.int64]) -> NDArray[np.int64]:
    return lines * _SPAN + (columns + (_SPAN >> 1))


def _shown(counts: NDArray[np.int64], apart: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Which cells may be shown: none below `least`, nor one so that the rest gives another away.

    Cells that are not `apart` stay out, too.
    """
    shown = (counts >= least) & apart
    hidden = int(counts[~shown].sum())
    # The total of the layer is known: what is left out must not be a small count itself, nor
    # one cell alone. Which cells go with it is fixed by their place: their size would tell.
    for cell in np.flatnonzero(shown):
        alone = int((~shown).sum()) == 1
        if hidden == 0 or (hidden >= least and not alone):
            break
        shown[cell] = False
        hidden += int(counts[cell])
    return shown


def places(geometry: Geometry) -> Points:
    """One place for each row: the point itself, or a point on the line or area."""
    if isinstance(geometry, Points):
        return geometry
    xy = shapely.get_coordinates(shapely.point_on_surface(geometry.geoms))
    return Points(xy[:, 0].copy(), xy[:, 1].copy())
