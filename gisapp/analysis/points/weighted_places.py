"""Where the points of a part of the map lie, as few places with counts as a drawing needs.

Far away a place is the middle of a block of cells with the number of points in it; near, and
round the edge of the grid, where cells are of any size, it is a point itself. What is read depends
on the zoom alone and not on what is in view: a pan changes no count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.block_counts import Blocks
from gisapp.analysis.points.index import Filter, PointIndex
from gisapp.layers.layer import Bounds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Places in degrees and how many points each stands for (int64); `points` are true ones."""

    lon: Floats
    lat: Floats
    counts: NDArray[np.int64]
    points: bool


def places_in(
    index: PointIndex, bounds: Bounds, width: float, height: float, mask: Filter | None = None
) -> Places:
    """Every point in a box, those in one block of at most `width` by `height` degrees together.

    The box is west, south, east, north; some places beyond it come too. `mask`
    leaves points out. Counts are exact, and no point is further from its place
    than half the size of a block.
    """
    blocks = index.blocks(bounds, width, height, mask)
    if blocks is None:
        at = index.at(bounds)
        at = at if mask is None else at[index.kept(mask, at)]
        return Places(index.lon[at], index.lat[at], np.ones(len(at), dtype=np.int64), True)
    # Blocks reach a little beyond the box, and so may cells of the edge in them.
    west, south, east, north = bounds
    edge = index.on_the_edge((west - width, south - height, east + width, north + height))
    edge = edge if mask is None else edge[index.kept(mask, edge)]
    lon, lat = index.lon[edge], index.lat[edge]
    counts = blocks.counts - _counted(blocks, lon, lat)
    rows, columns = np.nonzero(counts)
    x, y = _middles(index.x_edges, blocks.x_edges), _middles(index.y_edges, blocks.y_edges)
    number = counts[rows, columns].astype(np.int64)
    return Places(
        np.concatenate([x[columns], lon]),
        np.concatenate([y[rows], lat]),
        np.concatenate([number, np.ones(len(edge), dtype=np.int64)]),
        False,
    )


def _counted(blocks: Blocks, lon: Floats, lat: Floats) -> NDArray[np.int64]:
    """How many of some points lie in each block."""
    rows, columns = blocks.counts.shape
    row = np.searchsorted(blocks.y_edges, lat, side="right") - 1
    column = np.searchsorted(blocks.x_edges, lon, side="right") - 1
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    cell = row[inside] * columns + column[inside]
    return np.bincount(cell, minlength=rows * columns).reshape(rows, columns)


def _middles(grid: Floats, edges: Floats) -> Floats:
    """Middles of blocks, the outermost as if its outer cells were as large as all others."""
    pace = grid[2] - grid[1]
    even = edges.copy()
    even[even == grid[0]] = grid[1] - pace
    even[even == grid[-1]] = grid[-2] + pace
    middles: Floats = (even[1:] + even[:-1]) / 2
    return middles
