"""How many points of a filter lie in each block of an index's cells, without looking at places.

The points of a row of cells stand one behind the other. A running total of the filter along them,
read off where blocks begin and end, gives the counts: one look at each point, none at its place.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Places = slice | NDArray[np.int64]
#: Which points are counted, asked by their places in the index.
Kept = Callable[[Places], NDArray[np.bool_]]
Floats = NDArray[np.float64]

#: So many points are read in one go: what is worked on stays in the processor's own memory.
_TOGETHER = 100_000
#: From so many points on two threads share the work; numpy lets both run.
_SHARED = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Counts of points in blocks of cells: int32 (rows from the south, columns from the west).

    `x_edges` and `y_edges` are the borders of the blocks in degrees, one more than blocks.
    """

    counts: Ints
    x_edges: Floats
    y_edges: Floats


def masked_counts(starts: Ints, kept: Kept, window: tuple[int, int, int, int], step: int) -> Ints:
    """Counts of the points that `kept` leaves, over a window of blocks.

    `starts` is that of an index; `window` is the first and last column and row of blocks of
    2^step by 2^step cells: left, bottom, right, top.
    """
    side = int(np.sqrt(len(starts) - 1))
    left, bottom, right, top = window
    # One line a row of cells; its last border is the first of the next row.
    lines = np.lib.stride_tricks.as_strided(
        starts, (side, side + 1), (side * starts.itemsize, starts.itemsize), writeable=False
    )
    block = 1 << step
    borders = lines[bottom << step : (top + 1) << step, left << step : ((right + 1) << step) + 1]
    borders = borders[:, ::block]
    inside = int((borders[:, -1].astype(np.int64) - borders[:, 0]).sum())
    rows = top + 1 - bottom
    stride = max(rows * _TOGETHER // max(inside, 1), 1)

    def part(first: int) -> Ints:
        return _part(borders[first * block : (first + stride) * block], kept, block)

    parts = _mapped(part, range(0, rows, stride), shared=inside > _SHARED)
    return np.concatenate(parts)


def _part(borders: Ints, kept: Kept, block: int) -> Ints:
    """The counts of some rows of blocks, given the borders of their cells in the index."""
    first, last = borders[:, 0].astype(np.int64), borders[:, -1].astype(np.int64)
    if 2 * int((last - first).sum()) >= last[-1] - first[0]:
        # One piece of memory with some points too many is quicker than picking them out.
        some = kept(slice(int(first[0]), int(last[-1])))
        shift = np.full(len(first), first[0])
    else:
        pieces = [np.arange(a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        some = kept(np.concatenate(pieces))
        lengths = last - first
        shift = first - (np.cumsum(lengths) - lengths)
    running = np.zeros(len(some) + 1, dtype=np.int32)
    np.cumsum(some, out=running[1:])
    runs = np.diff(running[borders - shift[:, None]], axis=1)
    counts: Ints = runs.reshape(-1, block, runs.shape[1]).sum(axis=1, dtype=np.int32)
    return counts


def _mapped(part: Callable[[int], Ints], firsts: range, *, shared: bool) -> list[Ints]:
    if not shared:
        return [part(first) for first in firsts]
    with ThreadPoolExecutor(2, thread_name_prefix="gisapp-counts") as pool:
        return list(pool.map(part, firsts))
