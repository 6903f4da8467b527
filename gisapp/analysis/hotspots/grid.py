"""A grid of square cells in a local plane of metres, and sums over discs on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.points.tally import tally
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.geodesy import Plane

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Box = tuple[float, float, float, float]

#: Beyond this a surface takes seconds and more memory than a map can show.
MAX_CELLS = 4_000_000
#: A point this far beyond the bulk of the others is taken for a stray, in metres.
STRAY_M = 25_000.0
#: No more than this share of the points are ever taken for strays.
STRAY_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows` by `columns` cells of `cell_m` metres; (x, y) is the south-west corner in `plane`.

    Arrays on it have the shape (rows, columns), the first row in the south.
    """

    plane: Plane
    x: float
    y: float
    cell_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    def counts(self, x: Floats, y: Floats) -> NDArray[np.int32]:
        """Points a cell; points beside the grid are left out."""
        column = np.floor((x - self.x) / self.cell_m)
        row = np.floor((y - self.y) / self.cell_m)
        on = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        cell = (row[on] * self.columns + column[on]).astype(np.intp)
        return tally(cell, self.rows * self.columns).astype(np.int32).reshape(self.shape)

    def centres(self) -> tuple[Floats, Floats]:
        """x of each column's middle and y of each row's, in metres of the plane."""
        x = self.x + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.cell_m
        y = self.y + (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_m
        return x, y

    def covered_by(self, area: BaseGeometry) -> Mask:
        """The cells whose middle lies in an area given in metres of the plane."""
        x, y = self.centres()
        shapely.prepare(area)
        across, up = np.meshgrid(x, y)
        inside: Mask = shapely.intersects_xy(area, across, up)
        return inside

    def boxes(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.object_]:
        """Cells as polygons in EPSG:4326."""
        x = self.x + columns * self.cell_m
        y = self.y + rows * self.cell_m
        corner_x = np.stack([x, x + self.cell_m, x + self.cell_m, x, x], axis=1)
        corner_y = np.stack([y, y, y + self.cell_m, y + self.cell_m, y], axis=1)
        lon, lat = self.plane.to_degrees(corner_x.ravel(), corner_y.ravel())
        rings = np.stack([lon, lat], axis=1).reshape(-1, 5, 2)
        polygons = np.asarray(shapely.polygons(rings), dtype=object)
        for cell in np.flatnonzero(np.ptp(rings[:, :, 0], axis=1) > 180):
            ring = rings[cell]
            ring[:, 0] += np.where(ring[:, 0] < 0, 360.0, 0.0)
            polygons[cell] = geodesy.within_180(shapely.Polygon(ring))
        return polygons


def grid_over(plane: Plane, box: Box, cell_m: float, margin_m: float = 0.0) -> Grid:
    """The grid over a box in metres (west, south, east, north) with a margin round it.

    Cells lie at whole multiples of their size from the plane's centre, so that a grid stays
    where it is while the box changes a little. DataError when there would be too many.
    """
    if not (cell_m > 0 and math.isfinite(cell_m)):
        raise DataError("Cells need a size above zero.", "Choose a size such as 150m.")
    # Corners far apart are compared as numbers first: their cells could not even be counted.
    west, south, east, north = box
    low = [math.floor((value - margin_m) / cell_m) for value in (west, south)]
    high = [math.floor((value + margin_m) / cell_m) + 1 for value in (east, north)]
    columns, rows = high[0] - low[0], high[1] - low[1]
    if columns * rows > MAX_CELLS:
        enough = cell_m * math.sqrt(columns * rows / MAX_CELLS) * 1.05
        wide, tall = geodesy.in_words(round(east - west)), geodesy.in_words(round(north - south))
        raise DataError(
            f"Cells of {geodesy.in_words(cell_m)} over {wide} by {tall} would be "
            f"{columns * rows:,}, more than {MAX_CELLS:,}.",
            f"Use cells of at least {geodesy.in_words(math.ceil(enough))}, or add a boundary of "
            "the area that matters.",
        )
    return Grid(plane, low[0] * cell_m, low[1] * cell_m, cell_m, rows, columns)


def strays(x: Floats, y: Floats) -> Mask:
    """The few points that lie far away from all others, in metres.

    A point counts as a stray when it lies more than `STRAY_M`, and more than the width of the
    middle nine tenths of the points, beyond those. Never more than `STRAY_SHARE` of the points
    (or one): with more of them far away that is no accident, and all are kept.
    """
    stray = np.zeros(len(x), dtype=bool)
    if len(x) < 20:
        return stray
    for axis in (x, y):
        low, high = np.quantile(axis, [0.05, 0.95])
        reach = max(float(high - low), STRAY_M)
        stray |= (axis < low - reach) | (axis > high + reach)
    if stray.sum() > max(1, STRAY_SHARE * len(x)):
        stray[:] = False
    return stray


def disc_sums(values: NDArray[Any], radius: float) -> Floats:
    """For each cell the sum of the cells whose middles lie within `radius` cells, itself too.

    Exact for whole numbers up to 2^53. A disc is a stack of lines of cells, and the sum of a
    line is the difference of two running totals: no transform, no rounding.
    """
    rows, columns = values.shape
    reach = min(math.floor(radius + 1e-9), max(rows, columns))
    running = np.zeros((rows, columns + 2 * reach + 1))
    np.cumsum(values, axis=1, out=running[:, reach + 1 : reach + 1 + columns])
    running[:, reach + 1 + columns :] = running[:, reach + columns, None]
    total = np.zeros((rows, columns))
    for up in range(-min(reach, rows - 1), min(reach, rows - 1) + 1):
        half = min(math.floor(math.sqrt(max(radius**2 - up**2, 0.0)) + 1e-9), reach)
        last = running[:, reach + half + 1 : reach + half + 1 + columns]
        first = running[:, reach - half : reach - half + columns]
        into = slice(max(-up, 0), rows - max(up, 0))
        of = slice(max(up, 0), rows - max(-up, 0))
        total[into] += last[of]
        total[into] -= first[of]
    return total
