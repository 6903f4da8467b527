"""How points are put in the order of the cells of a grid: the steps behind the point index."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: 2^4 to 2^12 cells along each side of the grid, about one cell a point.
_FEWEST, _MOST = 4, 12
#: Share of points at each end that do not decide where the cells are fine.
_TAIL = 0.005


def grid_bits(count: int) -> int:
    """The number of times a side is halved so that there is about one cell a point."""
    return min(max(int(math.log2(max(count, 1) * 2)) // 2, _FEWEST), _MOST)


def grid_edges(values: Floats, side: int) -> Floats:
    """Borders of `side` even steps over the bulk of the values, the outermost over all of them.

    One stray point far away would otherwise make every cell so large that one holds a whole city.
    """
    if not len(values):
        return np.linspace(0.0, 1.0, side + 1)
    low, high = float(values.min()), float(values.max())
    sample = values[:: max(len(values) // 50_000, 1)]
    core = np.quantile(sample, [_TAIL, 1 - _TAIL])
    margin = (core[1] - core[0]) * 0.1
    start, stop = max(low, core[0] - margin), min(high, core[1] + margin)
    if not stop - start > 1e-9:
        # All (or nearly all) in one place: cells of a centimetre would help nobody.
        start, stop = start - 5e-7 * side, stop + 5e-7 * side
    edges = np.linspace(start, stop, side + 1)
    # A little beyond the outermost point, so that none lies on the outer border.
    edges[0] = min(edges[0], low - 1e-9)
    edges[-1] = max(edges[-1], high + 1e-9)
    return edges


def cell_of(values: Floats, edges: Floats) -> NDArray[np.int32]:
    """The step that each value lies in, exactly as the borders say."""
    side = len(edges) - 1
    inner = edges[1:-1]
    pace = inner[1] - inner[0]
    guess = np.floor((values - inner[0]) * (1.0 / pace)) + 1
    step: NDArray[np.int32] = np.clip(guess, 0, side - 1).astype(np.int32)
    # The division can be off by one beside a border; the borders themselves decide.
    step -= values < edges[step]
    step += values >= edges[step + 1]
    return step


def counting_sort(cell: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows in the order of their cells, ties in their own order.

    Two passes over 16 bits each, for which numpy counts instead of comparing: three times as
    fast as sorting the numbers whole.
    """
    low = np.argsort((cell & 0xFFFF).astype(np.uint16), kind="stable").astype(np.int32)
    if not len(cell) or int(cell.max()) <= 0xFFFF:
        return low
    high = (cell >> 16).astype(np.uint16)[low]
    return low[np.argsort(high, kind="stable")]


def levels_above(counts: NDArray[np.int32]) -> tuple[NDArray[np.int32], ...]:
    """Sums over 2 by 2, 4 by 4 … cells, down to a grid of 4 by 4."""
    levels = []
    while len(counts) > 4:
        half = len(counts) // 2
        counts = counts.reshape(half, 2, half, 2).sum(axis=(1, 3), dtype=np.int32)
        levels.append(counts)
    return tuple(levels)
