"""How many points lie in each hexagon of a map: exact, without looking at most of the points.

The map is Web Mercator in radians: x is the longitude, y what `mercator_y` gives. Hexagons of one
width fill it, corners north and south, one with its middle at 0, 0. A block of cells of the index
that lies wholly in one hexagon is taken as a whole; one that a border crosses is quartered, and
only the points of small blocks on borders are put into their hexagons one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.block_counts import masked_counts
from gisapp.analysis.points.index import Filter, PointIndex, quartered
from gisapp.analysis.points.raster import mercator_y
from gisapp.progress import Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]

#: West, south, east and north of a part of the map, in widths of a hexagon.
_Box = tuple[float, float, float, float]

_SQRT3 = math.sqrt(3.0)
#: The largest and smallest blocks that are looked at, as shares of a hexagon's width.
_LARGEST, _SMALLEST = 1 / 4, 1 / 32
#: A block on a border with no more points than this is not quartered: looking at them is quicker.
_FEW = 12
#: So near to a border (in widths) a block does not count as inside: rounding may decide otherwise.
_HAIR = 1e-9
#: So many points are put into hexagons in one go, within the processor's own memory.
_TOGETHER = 32_768


@dataclass(frozen=True, slots=True, eq=False)
class HexagonCounts:
    """The hexagons that hold points and how many, each array int64 of one length.

    The middle of a hexagon is at `column * width / 2`, `line * width * √3 / 2`.
    """

    columns: Ints
    lines: Ints
    counts: Ints


def hexagon_of(x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Column and line of the hexagon of width 1 that each place lies in.

    Middles are those of two lattices of rectangles, one shifted by half a rectangle; a place
    belongs to the nearer of its two.
    """
    even_x, even_y = np.rint(x), np.rint(y / _SQRT3)
    right, up = x - even_x, y - even_y * _SQRT3
    odd = np.abs(right) + _SQRT3 * np.abs(up) > 1
    column = 2 * even_x + np.where(odd, np.copysign(1.0, right), 0.0)
    line = 2 * even_y + np.where(odd, np.copysign(1.0, up), 0.0)
    return column.astype(np.int64), line.astype(np.int64)


def hexagon_counts(
    index: PointIndex,
    bounds: tuple[float, float, float, float],
    width: float,
    mask: Filter | None = None,
    progress: Progress | None = None,
) -> HexagonCounts:
    """Exact counts of the hexagons that meet a part of the map; `mask` leaves points out.

    `bounds` (west, south, east, north) and `width` are in radians of the map.
    """
    # A hexagon that meets the part reaches this far beyond it.
    beyond = 2 / _SQRT3
    west, south, east, north = (edge / width for edge in bounds)
    box = (west - beyond, south - beyond, east + beyond, north + beyond)
    sheet = _Sheet.over(box)
    if len(index):
        _Descent(index, width, mask, sheet, progress or Progress()).run()
    return sheet.held((west, south, east, north))


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """Counts of a rectangle of hexagons; what lies beyond it is not kept."""

    box: _Box
    first: tuple[int, int]
    columns: int
    lines: int
    counts: Floats

    @classmethod
    def over(cls, box: _Box) -> _Sheet:
        west, south, east, north = box
        column, line = math.floor(2 * west) - 1, math.floor(2 * south / _SQRT3) - 1
        columns = math.ceil(2 * east) + 2 - column
        lines = math.ceil(2 * north / _SQRT3) + 2 - line
        return cls(box, (column, line), columns, lines, np.zeros(columns * lines))

    def add(self, columns: Ints, lines: Ints, counts: Counts | None = None) -> None:
        at, up = columns - self.first[0], lines - self.first[1]
        inside = (at >= 0) & (at < self.columns) & (up >= 0) & (up < self.lines)
        number = up[inside] * self.columns + at[inside]
        weight = None if counts is None else counts[inside]
        self.counts[:] += np.bincount(number, weight, len(self.counts))

    def held(self, part: _Box) -> HexagonCounts:
        """The hexagons that hold points and may meet a part of the map."""
        held = np.flatnonzero(self.counts)
        line, column = np.divmod(held, self.columns)
        column, line = column + self.first[0], line + self.first[1]
        x, y, reach = column / 2, line * (_SQRT3 / 2), 1 / _SQRT3
        meets = (x >= part[0] - reach) & (x <= part[2] + reach)
        meets &= (y >= part[1] - reach) & (y <= part[3] + reach)
        counts = self.counts[held[meets]].astype(np.int64)
        return HexagonCounts(column[meets], line[meets], counts)


class _Descent:
    """From large blocks of cells to small ones, each put into its hexagon as soon as it fits."""

    def __init__(
        self,
        index: PointIndex,
        width: float,
        mask: Filter | None,
        sheet: _Sheet,
        progress: Progress,
    ) -> None:
        self.index, self.width, self.mask = index, width, mask
        self.sheet, self.progress = sheet, progress
        self.x = np.radians(index.x_edges) / width
        self.y = mercator_y(index.y_edges) / width
        # Outermost cells are of any size and settle themselves.
        cell = max(self.x[2] - self.x[1], float(np.diff(self.y[1:-1]).max()), 1e-15)
        depth = len(index.levels)
        self.largest = min(max(math.floor(math.log2(_LARGEST / cell)), 0), depth)
        self.smallest = min(max(math.floor(math.log2(_SMALLEST / cell)), 0), self.largest)
        self.window = self._window()
        self.pyramid = {} if mask is None else self._masked(mask)

    def _window(self) -> tuple[int, int, int, int]:
        """First and last column and row of largest blocks: left, bottom, right, top."""
        west, south, east, north = self.sheet.box
        return (
            int(np.searchsorted(self.x[1:-1], west, side="left")) >> self.largest,
            int(np.searchsorted(self.y[1:-1], south, side="left")) >> self.largest,
            int(np.searchsorted(self.x[1:-1], east, side="right")) >> self.largest,
            int(np.searchsorted(self.y[1:-1], north, side="right")) >> self.largest,
        )

    def _masked(self, mask: Filter) -> dict[int, Counts]:
        """Counts of what the filter leaves in the blocks of each size over the window."""
        left, bottom, right, top = self.window
        by = self.largest - self.smallest
        fine = left << by, bottom << by, ((right + 1) << by) - 1, ((top + 1) << by) - 1
        kept = partial(self.index.kept, mask)
        counts = masked_counts(self.index.starts, kept, fine, self.smallest)
        made = {self.smallest: counts}
        for step in range(self.smallest + 1, self.largest + 1):
            counts = counts[::2] + counts[1::2]
            counts = counts[:, ::2] + counts[:, 1::2]
            made[step] = counts
        return made

    def run(self) -> None:
        left, bottom, right, top = self.window
        rows, columns = np.mgrid[bottom : top + 1, left : right + 1]
        ys, xs = rows.ravel(), columns.ravel()
        singly = []
        for step in range(self.largest, self.smallest - 1, -1):
            self.progress.check()
            counts = self._counts(ys, xs, step)
            busy = counts > 0
            ys, xs, counts = ys[busy], xs[busy], counts[busy]
            column, line, inside = self._settled(ys, xs, step)
            self.sheet.add(column[inside], line[inside], counts[inside])
            ys, xs, counts = ys[~inside], xs[~inside], counts[~inside]
            # What a filter leaves says nothing of how many points have to be looked at.
            few = counts <= (_FEW if self.mask is None else 0)
            if step == self.smallest:
                few[:] = True
            singly.append(self.index.block_places(ys[few], xs[few], step))
            ys, xs = quartered(ys[~few], xs[~few])
        self._add_points(np.concatenate(singly))

    def _counts(self, ys: Ints, xs: Ints, step: int) -> Counts:
        if self.mask is None:
            return self.index.block_counts(ys, xs, step - 1)
        by = self.largest - step
        return self.pyramid[step][ys - (self.window[1] << by), xs - (self.window[0] << by)]

    def _settled(self, ys: Ints, xs: Ints, step: int) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """The hexagon that each block's middle lies in, and whether the whole block does.

        A hexagon is the same to all four sides, so the corner furthest from its middle decides.
        """
        west, east = self.x[xs << step], self.x[(xs + 1) << step]
        south, north = self.y[ys << step], self.y[(ys + 1) << step]
        x, y = (west + east) / 2, (south + north) / 2
        column, line = hexagon_of(x, y)
        right = np.abs(x - column / 2) + (east - west) / 2
        up = np.abs(y - line * (_SQRT3 / 2)) + (north - south) / 2
        inside = (right < 0.5 - _HAIR) & (right + _SQRT3 * up < 1 - _HAIR)
        return column, line, inside

    def _add_points(self, at: Ints) -> None:
        if self.mask is not None:
            at = at[self.index.kept(self.mask, at)]
        for start in range(0, len(at), _TOGETHER):
            self.progress.check()
            some = at[start : start + _TOGETHER]
            x = np.radians(self.index.lon[some]) / self.width
            y = mercator_y(self.index.lat[some]) / self.width
            self.sheet.add(*hexagon_of(x, y))
