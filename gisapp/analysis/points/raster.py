"""Counts of points a pixel, on a raster that is even in longitude and in Mercator y."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.tally import tally
from gisapp.layers.layer import Bounds

Floats = NDArray[np.float64]

_MAX_LAT = 85.05112878


def mercator_y(lat: Floats) -> Floats:
    """Mercator y in radians of latitudes in degrees; beyond 85.05° they lie on the edge."""
    y: Floats = np.arcsinh(np.tan(np.radians(np.clip(lat, -_MAX_LAT, _MAX_LAT))))
    return y


def latitude(y: Floats) -> Floats:
    """Latitudes in degrees of Mercator y in radians."""
    lat: Floats = np.degrees(np.arctan(np.sinh(y)))
    return lat


def binned_points(
    lon: Floats,
    lat: Floats,
    bounds: Bounds,
    columns: int,
    rows: int,
    keep: NDArray[np.bool_] | None = None,
) -> NDArray[np.int32]:
    """Counts a pixel as a flat int32 array of rows * columns, the first row in the north."""
    west, _, east, _ = bounds
    bottom, top = mercator_y(np.array([bounds[1], bounds[3]]))
    column = np.floor((lon - west) * (columns / (east - west)))
    row = np.floor((top - mercator_y(lat)) * (rows / (top - bottom)))
    seen = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    if keep is not None:
        seen &= keep
    pixel = (row[seen] * columns + column[seen]).astype(np.intp)
    return tally(pixel, rows * columns).astype(np.int32)


def binned_cells(
    counts: NDArray[np.int32],
    x_edges: Floats,
    y_edges: Floats,
    bounds: Bounds,
    columns: int,
    rows: int,
) -> NDArray[np.int32]:
    """Counts of cells given over to pixels, int32 of shape (rows, columns), north first.

    `counts` is (rows of cells from the south, columns of cells) between the edges in degrees.
    Running totals are read off at the edges of pixels and rounded: whole numbers, none lost
    within the raster, and no pattern from two grids that do not fit each other.
    """
    west, south, east, north = bounds
    at_x = np.linspace(west, east, columns + 1)
    bottom, top = mercator_y(np.array([south, north]))
    at_y = latitude(np.linspace(bottom, top, rows + 1))
    across = _spread(counts, x_edges, at_x)
    up = _spread(np.ascontiguousarray(across.T), y_edges, at_y)
    return np.ascontiguousarray(up.T[::-1])


def _spread(counts: NDArray[np.int32], edges: Floats, at: Floats) -> NDArray[np.int32]:
    """Counts along the last axis between `edges`, as counts between the borders `at`."""
    running = np.zeros((len(counts), counts.shape[1] + 1), dtype=np.float64)
    np.cumsum(counts, axis=1, out=running[:, 1:])
    place = np.interp(at, edges, np.arange(len(edges)))
    whole = np.minimum(place.astype(np.intp), counts.shape[1] - 1)
    part = place - whole
    read = running[:, whole] * (1 - part) + running[:, whole + 1] * part
    shares: NDArray[np.int32] = np.diff(np.rint(read).astype(np.int32), axis=1)
    return shares
