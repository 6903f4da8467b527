"""Points sorted once by grid cell: one index for drawing them and for counting them.

A counting sort puts the points of a cell next to each other, the cells of a row of the grid one
behind the other. A question about a part of the map then reads a few slices of memory instead of
all points. Above the cells lie levels of counts, each with a quarter of the cells below it, so
that the inside of a large area is settled in large steps.

Everything here is in degrees (EPSG:4326) and exact: the grid only decides what is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.points.block_counts import Blocks, Kept, Places, masked_counts
from gisapp.analysis.points.raster import binned_cells, binned_points
from gisapp.analysis.points.sorting import (
    cell_of,
    counting_sort,
    grid_bits,
    grid_edges,
    levels_above,
)
from gisapp.analysis.points.tally import starts_of
from gisapp.errors import DataError
from gisapp.layers.layer import Bounds, Points
from gisapp.progress import Progress

Rows = NDArray[np.int64]
#: A mask by original row, or a function that says of places in the index which are kept.
Filter = NDArray[np.bool_] | Kept
Floats = NDArray[np.float64]

#: An area with fewer points than this in its box is not divided into cells first.
_TEST_ALL = 4096
#: Above this number of points in view a raster is made from cell counts, if these are as fine.
_FROM_CELLS = 250_000
#: What an index consists of besides its levels, with the kind of numbers of each.
_KINDS = {
    "lon": np.float64,
    "lat": np.float64,
    "order": np.int32,
    "starts": np.int32,
    "x_edges": np.float64,
    "y_edges": np.float64,
}
_MAKE_ANEW = "Delete the file beside the project; it is made anew when the project is opened."
#: A pair of area and row as one number: the row in the lower bits.
_ROW_BITS, _ROW_MASK = 32, 0xFFFFFFFF
#: This many areas are tested in one call, so that memory stays small and cancelling quick.
_TOGETHER = 500


@dataclass(frozen=True, slots=True, eq=False)
class PointIndex:
    """Points in the order of their cells. Never changes; any number of threads may read it.

    `lon` and `lat` are float64 in cell order, `order` (int32) the original row of each, `starts`
    (int32, cells + 1) where each cell begins. `x_edges` and `y_edges` are the borders of columns
    and rows: even, but for the outermost, which reach to the outermost point. `levels[k]` holds
    counts of blocks of 2^(k+1) by 2^(k+1) cells. 20 bytes a point, and about 8 for cells. Rows are
    numbered in 32 bits: 2,147,483,647 points at most.
    """

    lon: Floats
    lat: Floats
    order: NDArray[np.int32]
    starts: NDArray[np.int32]
    x_edges: Floats
    y_edges: Floats
    levels: tuple[NDArray[np.int32], ...]

    @classmethod
    def build(cls, lon: Floats, lat: Floats, progress: Progress | None = None) -> PointIndex:
        """Index points given in degrees, none of them NaN. `progress` can cancel between steps."""
        progress = progress or Progress()
        progress.report(0.0, "Sorting points")
        side = 1 << grid_bits(len(lon))
        x_edges, y_edges = grid_edges(lon, side), grid_edges(lat, side)
        cell = cell_of(lat, y_edges) * np.int32(side) + cell_of(lon, x_edges)
        progress.report(0.3, "Sorting points")
        order = counting_sort(cell)
        starts = starts_of(cell[order], side * side)
        progress.report(0.7, "Sorting points")
        levels = levels_above(np.diff(starts).reshape(side, side))
        sorted_lon, sorted_lat = lon[order], lat[order]
        progress.report(1.0, "Sorting points")
        index = cls(sorted_lon, sorted_lat, order, starts, x_edges, y_edges, levels)
        for array in index.arrays().values():
            array.setflags(write=False)
        return index

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> PointIndex:
        """The index that `arrays` gave, from arrays that may be mapped from a file.

        Sizes, types, borders, totals and the range of rows are checked, which finds a file that
        was cut off or belongs to other points. That each point stands in its own cell is not: a
        file that somebody may have changed needs a checksum. DataError when something is wrong.
        """
        kept = {name: np.asarray(array).view() for name, array in arrays.items()}
        problem = _problem(kept)
        if problem:
            raise DataError(f"The kept index is of no use: {problem}.", _MAKE_ANEW)
        for array in kept.values():
            array.setflags(write=False)
        levels = tuple(kept[f"level_{number}"] for number in range(len(kept) - len(_KINDS)))
        return cls(**{name: kept[name] for name in _KINDS}, levels=levels)

    @classmethod
    def of(cls, points: Points, progress: Progress | None = None) -> PointIndex:
        """The index of a point layer's geometry."""
        return cls.build(points.lon, points.lat, progress)

    def __len__(self) -> int:
        return len(self.order)

    @property
    def side(self) -> int:
        """Cells along each side of the grid."""
        return len(self.x_edges) - 1

    @property
    def nbytes(self) -> int:
        """Memory that the index holds."""
        return sum(array.nbytes for array in self.arrays().values())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that the index consists of, by name: what a cache file keeps. Nothing is copied."""
        levels = {f"level_{number}": counts for number, counts in enumerate(self.levels)}
        return {name: getattr(self, name) for name in _KINDS} | levels

    # Which rows

    def rows_in(self, bounds: Bounds) -> Rows:
        """Original rows of the points in a box, its edge included, ascending.

        West, south, east, north in degrees; a west beyond the east means across the antimeridian.
        """
        return self._original(self._in_box(bounds))

    def inside(self, area: BaseGeometry) -> Rows:
        """Original rows of the points that an area covers, its edge included, ascending."""
        return self._original(self._inside(_own(area)))

    def count_inside(self, area: BaseGeometry, mask: NDArray[np.bool_] | None = None) -> int:
        """How many points an area covers, its edge included; `mask` (by row) leaves some out."""
        at = self._inside(_own(area))
        return len(at) if mask is None else int(np.count_nonzero(mask[self.order[at]]))

    def pairs(
        self, areas: Sequence[BaseGeometry], progress: Progress | None = None
    ) -> tuple[Rows, Rows]:
        """Which of many areas cover which points: numbers of areas, and original rows beside.

        Sorted by area, then row. The same as `inside` for each, in fewer and larger steps.
        """
        progress = progress or Progress()
        own = _own(np.array(areas, dtype=object))
        owner, first, last = self._lines(shapely.bounds(own))
        points = np.bincount(owner, weights=last - first, minlength=len(own))
        small = points <= _TEST_ALL
        found = [np.empty(0, dtype=np.int64)]
        for number in np.flatnonzero(~small).tolist():
            progress.check()
            at = self._inside(own[number])
            found.append(self._keys(np.full(len(at), number), at))
        few = np.flatnonzero(small)
        for start in range(0, len(few), _TOGETHER):
            progress.report(start / len(few), "Counting")
            found.append(self._keys(*self._small_pairs(own, few[start : start + _TOGETHER])))
        keys = np.concatenate(found)
        # One sort of whole numbers: fifteen times as fast as sorting by two keys.
        keys.sort()
        return keys >> _ROW_BITS, keys & _ROW_MASK

    def _keys(self, numbers: Rows, at: Rows) -> Rows:
        """Numbers of areas and places of points as one number each, by area and original row."""
        return (numbers << _ROW_BITS) | self.order[at]

    def nearest(self, lon: float, lat: float, radius_deg: float) -> Rows:
        """Original rows of the points within a distance, the nearest first; ties by row.

        The distance is meant as on a Mercator map, in degrees of longitude: `radius_deg` is what
        a few pixels of the screen amount to. For metres ask `geodesy`.
        """
        squeeze = max(math.cos(math.radians(lat)), 1e-6)
        reach = radius_deg * squeeze
        near = self._in_box((lon - radius_deg, lat - reach, lon + radius_deg, lat + reach))
        away = np.hypot(self.lon[near] - lon, (self.lat[near] - lat) / squeeze)
        close = away <= radius_deg
        rows = self.order[near[close]].astype(np.int64)
        return rows[np.lexsort((rows, away[close]))]

    # How many where, for drawing

    def binned(
        self, bounds: Bounds, columns: int, rows: int, mask: Filter | None = None
    ) -> NDArray[np.int32]:
        """Counts a pixel, int32 of shape (rows, columns), the first row in the north.

        The raster is even in longitude and in Mercator y, as a map on the screen is. Points on
        its west and north edges count, those on the east and south do not, so that rasters side
        by side count each point once. `mask` (bool, by original row) leaves points out. With
        many points in view counts of cells no larger than a pixel are spread over the
        pixels they meet: none is lost, and none moves by more than a pixel.
        """
        window = self._window(bounds)
        if self._count_in(window) > _FROM_CELLS:
            width, height = (bounds[2] - bounds[0]) / columns, (bounds[3] - bounds[1]) / rows
            blocks = self.blocks(bounds, width, height, mask)
            if blocks is not None:
                return binned_cells(
                    blocks.counts, blocks.x_edges, blocks.y_edges, bounds, columns, rows
                )
        at = self._stretch(window)
        keep = None if mask is None else self.kept(mask, at)
        seen = binned_points(self.lon[at], self.lat[at], bounds, columns, rows, keep)
        return seen.reshape(rows, columns)

    def blocks(
        self,
        bounds: Bounds,
        width: float,
        height: float,
        mask: Filter | None = None,
    ) -> Blocks | None:
        """Exact counts of the blocks of cells that meet a box, as large as the size allows.

        Blocks are no wider and no higher than `width` and `height` in degrees, but for the
        outermost, which reach to the outermost point. None where single cells are larger. `mask`
        leaves points out: 2 to 7 ms for each million of points in view.
        """
        wide, high = self.x_edges[2] - self.x_edges[1], self.y_edges[2] - self.y_edges[1]
        if wide > width or high > height:
            return None
        step = min(int(math.log2(min(width / wide, height / high))), len(self.levels))
        left, bottom, right, top = (edge >> step for edge in self._window(bounds))
        x, y = self.x_edges[:: 1 << step], self.y_edges[:: 1 << step]
        edges = x[left : right + 2], y[bottom : top + 2]
        if mask is not None:
            window = (left, bottom, right, top)
            kept = partial(self.kept, mask)
            return Blocks(masked_counts(self.starts, kept, window, step), *edges)
        if step:
            return Blocks(self.levels[step - 1][bottom : top + 1, left : right + 1], *edges)
        line = np.arange(bottom, top + 1)[:, None] * self.side
        borders = self.starts[line + np.arange(left, right + 2)]
        return Blocks(np.diff(borders, axis=1), *edges)

    # Places in the sorted arrays, for who reads these

    def kept(self, mask: Filter, at: Places) -> NDArray[np.bool_]:
        """Whether a filter keeps the points at some places."""
        return mask(at) if callable(mask) else mask[self.order[at]]

    def at_most(self, bounds: Bounds) -> int:
        """How many points there are in the cells that a box meets: at least those in the box."""
        return self._count_in(self._window(bounds))

    def at(self, bounds: Bounds) -> Rows:
        """Places in `lon`, `lat` and `order` of the points in a box, its edge included."""
        return self._in_box(bounds)

    def on_the_edge(self, bounds: Bounds) -> Rows:
        """The same, of the outermost rows and columns of cells that a box meets."""
        left, bottom, right, top = self._window(bounds)
        last = self.side - 1
        ends = sorted({bottom, top} & {0, last})
        windows = [(left, row, right, row) for row in ends]
        between = (max(bottom, 1), min(top, last - 1))
        windows += [(c, between[0], c, between[1]) for c in sorted({left, right} & {0, last})]
        return np.concatenate([np.empty(0, dtype=np.int64), *map(self._places, windows)])

    # The cells behind the answers

    def _window(self, bounds: Bounds) -> tuple[int, int, int, int]:
        """First and last column and row of cells that a box meets: left, bottom, right, top."""
        west, south, east, north = bounds
        columns, rows = self.x_edges[1:-1], self.y_edges[1:-1]
        return (
            int(np.searchsorted(columns, west, side="left")),
            int(np.searchsorted(rows, south, side="left")),
            int(np.searchsorted(columns, east, side="right")),
            int(np.searchsorted(rows, north, side="right")),
        )

    def _slices(self, window: tuple[int, int, int, int]) -> tuple[Rows, Rows]:
        """Where the points of a window of cells begin and end, one slice a row of cells."""
        left, bottom, right, top = window
        line = np.arange(bottom, top + 1) * self.side
        return (
            self.starts[line + left].astype(np.int64),
            self.starts[line + right + 1].astype(np.int64),
        )

    def _lines(self, boxes: Floats) -> tuple[Rows, Rows, Rows]:
        """`_slices` of many boxes of shape (n, 4) at once: the box of each slice, and its ends."""
        columns, rows = self.x_edges[1:-1], self.y_edges[1:-1]
        left = np.searchsorted(columns, boxes[:, 0], side="left")
        bottom = np.searchsorted(rows, boxes[:, 1], side="left")
        right = np.searchsorted(columns, boxes[:, 2], side="right")
        top = np.searchsorted(rows, boxes[:, 3], side="right")
        owner = np.repeat(np.arange(len(boxes)), top + 1 - bottom)
        line = _ranges(bottom, top + 1) * self.side
        first = self.starts[line + left[owner]].astype(np.int64)
        return owner, first, self.starts[line + right[owner] + 1].astype(np.int64)

    def _stretch(self, window: tuple[int, int, int, int]) -> slice | Rows:
        """Where to read the points of a window, and perhaps some others, at the least cost."""
        first, last = self._slices(window)
        if 2 * int((last - first).sum()) >= last[-1] - first[0]:
            # One piece of memory with some points too many is quicker than picking them out.
            return slice(int(first[0]), int(last[-1]))
        return _ranges(first, last)

    def _count_in(self, window: tuple[int, int, int, int]) -> int:
        first, last = self._slices(window)
        return int((last - first).sum())

    def _places(self, window: tuple[int, int, int, int]) -> Rows:
        """Places in the sorted arrays of all points of a window of cells."""
        return _ranges(*self._slices(window))

    def _in_box(self, bounds: Bounds) -> Rows:
        west, south, east, north = bounds
        if west > east:
            halves = ((west, south, 180.0, north), (-180.0, south, east, north))
            return np.concatenate([self._in_box(half) for half in halves])
        at = self._places(self._window(bounds))
        lon, lat = self.lon[at], self.lat[at]
        return at[(lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)]

    def _inside(self, area: BaseGeometry) -> Rows:
        """Places of the points that an area covers. `area` is our own and prepared."""
        if self._is_small(area):
            return self._tested(area, self._in_box(area.bounds))
        parts = _own(shapely.get_parts(area))
        if len(parts) > 1:
            # Far parts, as across the antimeridian, would together span a box of everything.
            # Parts may touch, and a point there counts once.
            return np.unique(np.concatenate([self._inside(part) for part in parts]))
        if not shapely.is_valid(area):
            return self._tested(area, self._in_box(area.bounds))
        whole, crossed = self._settled(area, self._window(area.bounds))
        return np.concatenate([whole, self._tested(area, crossed)])

    def _is_small(self, area: BaseGeometry) -> bool:
        """Whether the points of its box are few enough to be tested one by one."""
        return area.is_empty or self._count_in(self._window(area.bounds)) <= _TEST_ALL

    def _small_pairs(self, areas: NDArray[np.object_], numbers: Rows) -> tuple[Rows, Rows]:
        """Numbers of areas and places of points inside, all tested in one call."""
        boxes = shapely.bounds(areas[numbers])
        owner, first, last = self._lines(boxes)
        at, which = _ranges(first, last), np.repeat(owner, last - first)
        west, south, east, north = boxes[which].T
        lon, lat = self.lon[at], self.lat[at]
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        number = numbers[which[near]]
        covered = shapely.intersects_xy(areas[number], lon[near], lat[near])
        return number[covered], at[near[covered]]

    def _tested(self, area: BaseGeometry, at: Rows) -> Rows:
        covered: NDArray[np.bool_] = shapely.intersects_xy(area, self.lon[at], self.lat[at])
        return at[covered]

    def _settled(self, area: BaseGeometry, window: tuple[int, int, int, int]) -> tuple[Rows, Rows]:
        """Places of points in cells wholly inside an area, and in cells that its edge crosses.

        Blocks of cells are looked at from the largest down; one that is empty, wholly outside or
        wholly inside is settled there, and only the others are divided.
        """
        left, bottom, right, top = window
        depth = max(len(self.levels) - 1, 0)
        # Start where the window is a few blocks wide, not at the top of the pyramid.
        while depth > 0 and (max(right - left, top - bottom) >> (depth + 1)) < 4:
            depth -= 1
        step = depth + 1
        ys, xs = np.mgrid[bottom >> step : (top >> step) + 1, left >> step : (right >> step) + 1]
        blocks_y, blocks_x = ys.ravel(), xs.ravel()
        whole, crossed = [], []
        for level in range(depth, -2, -1):
            step = level + 1
            busy = self.block_counts(blocks_y, blocks_x, level) > 0
            blocks_y, blocks_x = blocks_y[busy], blocks_x[busy]
            boxes = self._block_boxes(blocks_y, blocks_x, step)
            inner = shapely.contains_properly(area, boxes)
            cut = ~inner & shapely.intersects(area, boxes)
            whole.append(self.block_places(blocks_y[inner], blocks_x[inner], step))
            blocks_y, blocks_x = blocks_y[cut], blocks_x[cut]
            if level == -1:
                crossed.append(self.block_places(blocks_y, blocks_x, 0))
                break
            blocks_y, blocks_x = quartered(blocks_y, blocks_x)
        return np.concatenate(whole), np.concatenate(crossed)

    def block_counts(self, ys: Rows, xs: Rows, level: int) -> NDArray[np.int32]:
        cell = ys * self.side + xs
        inside: NDArray[np.int32] = (
            self.levels[level][ys, xs] if level >= 0 else self.starts[cell + 1] - self.starts[cell]
        )
        return inside

    def _block_boxes(self, ys: Rows, xs: Rows, step: int) -> NDArray[np.object_]:
        boxes: NDArray[np.object_] = shapely.box(
            self.x_edges[xs << step],
            self.y_edges[ys << step],
            self.x_edges[(xs + 1) << step],
            self.y_edges[(ys + 1) << step],
        )
        return boxes

    def block_places(self, ys: Rows, xs: Rows, step: int) -> Rows:
        """Places of all points in blocks of 2^step by 2^step cells."""
        lines = ((ys << step)[:, None] + np.arange(1 << step)) * self.side + (xs << step)[:, None]
        first = self.starts[lines.ravel()].astype(np.int64)
        last = self.starts[lines.ravel() + (1 << step)].astype(np.int64)
        return _ranges(first, last)

    def _original(self, at: Rows) -> Rows:
        rows = self.order[at].astype(np.int64)
        rows.sort()
        return rows


def _problem(arrays: Mapping[str, NDArray[Any]]) -> str:
    """What is wrong with the arrays of an index, in words; empty when nothing was found."""
    missing = [name for name in _KINDS if name not in arrays]
    if missing:
        return f"“{missing[0]}” is missing"
    side, count = len(arrays["x_edges"]) - 1, len(arrays["order"])
    depth = max(side.bit_length() - 3, 0)
    names = [*_KINDS, *(f"level_{number}" for number in range(depth))]
    if side < 4 or side & (side - 1) or set(arrays) != set(names):
        return "its grid is not whole"
    edges = (side + 1,)
    shapes: list[tuple[int, ...]] = [(count,), (count,), (count,), (side * side + 1,), edges, edges]
    shapes += [(side >> step, side >> step) for step in range(1, depth + 1)]
    kinds = [*_KINDS.values()] + [np.int32] * depth
    for name, shape, kind in zip(names, shapes, kinds, strict=True):
        if arrays[name].shape != shape or arrays[name].dtype != kind:
            return f"“{name}” has another size or kind than it should"
    return _wrong_numbers(arrays, names[len(_KINDS) :])


def _wrong_numbers(arrays: Mapping[str, NDArray[Any]], levels: Sequence[str]) -> str:
    starts, order = arrays["starts"], arrays["order"]
    count = len(order)
    if not all(bool((np.diff(arrays[name]) > 0).all()) for name in ("x_edges", "y_edges")):
        return "its borders do not rise"
    if starts[0] != 0 or starts[-1] != count or bool((starts[1:] < starts[:-1]).any()):
        return "its cells do not follow each other"
    if any(int(arrays[name].sum(dtype=np.int64)) != count for name in levels):
        return "its counts do not add up"
    if count and (int(order.min()) < 0 or int(order.max()) >= count):
        return "it names rows that are not there"
    return ""


def _own(areas: Any) -> Any:
    """A prepared copy: preparing and asking the caller's shape on two threads is not safe."""
    copies = shapely.force_2d(areas)
    shapely.prepare(copies)
    return copies


def quartered(ys: Rows, xs: Rows) -> tuple[Rows, Rows]:
    """The four blocks that each block consists of on the level below."""
    return (
        np.repeat(ys * 2, 4) + np.tile([0, 0, 1, 1], len(ys)),
        np.repeat(xs * 2, 4) + np.tile([0, 1, 0, 1], len(xs)),
    )


def _ranges(first: Rows, last: Rows) -> Rows:
    """The numbers first[0] … last[0] - 1, first[1] … and so on, in one array."""
    lengths = last - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(first - (ends - lengths), lengths) + np.arange(total)
