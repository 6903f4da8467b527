"""Which of some places is the nearest to each of very many points, and how far it is.

Points are taken by cells of a grid. Of the places only those are looked at that can be nearest to
some point of the cell: no farther from its middle than the nearest one and the width of the cell.
Cells are quartered from a single one down, each with the places of the whole that still can be.
In a town that leaves one or two of hundreds. What cells do not settle is left to a tree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.layers import geodesy

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

#: Cells along each side of the grid at most, and points that a cell should have.
_SIDE, _POINTS = 256, 4
#: With more places to look at than this for a cell, or in all, a tree is quicker; but to load
#: it takes as long as to look at so many pairs of points and places.
_MOST, _MOST_PLACES, _PAIRS = 48, 5_000, 4_000_000
#: No degree of latitude is longer; and rounding must not leave out a place.
_DEGREE_M, _SLACK_M = 111_700.0, 0.001
#: So many points at a time stay near the processor.
_TOGETHER = 1 << 15


def nearest_places(
    lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats
) -> tuple[Numbers, Floats]:
    """The number of the nearest place for each point (degrees, all finite), and metres to it.

    The metres are those of the straight line through the earth, which grow with the way along
    the ground. There has to be a place.
    """
    places = geodesy.earth_centred(to_lon, to_lat)
    near, chord_m = np.full(len(lon), -1, dtype=np.int64), np.full(len(lon), np.inf)
    if len(lon) and len(places) <= _MOST_PLACES:
        cells = _Cells.over(lon, lat, places)
        for start in range(0, len(lon), _TOGETHER):
            part = slice(start, start + _TOGETHER)
            cells.look(lon[part], lat[part], near[part], chord_m[part])
    left = np.flatnonzero(near < 0)
    if len(left):
        from scipy.spatial import cKDTree

        points = geodesy.earth_centred(lon[left], lat[left])
        chord_m[left], near[left] = cKDTree(places).query(points, workers=2)
    return near, chord_m


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Cells of `side` by `side`, from a corner in the south-west, of a size in degrees.

    `numbers` are those of the places to look at, one cell after the other; those of a cell begin
    at its `starts` and end at its `ends`, where they are not too many.
    """

    corner: tuple[float, float]
    size: tuple[float, float]
    side: int
    places: Floats
    starts: Numbers
    ends: Numbers
    numbers: Numbers

    @classmethod
    def over(cls, lon: Floats, lat: Floats, places: Floats) -> _Cells:
        """The cells for some points, as small as there are points for."""
        corner = float(lon.min()), float(lat.min())
        size = float(lon.max()) - corner[0], float(lat.max()) - corner[1]
        side, starts, numbers = 1, np.zeros(1, dtype=np.int64), np.arange(len(places))
        while side < _SIDE and (2 * side) ** 2 * _POINTS <= len(lon):
            side, size = 2 * side, (size[0] / 2, size[1] / 2)
            starts, numbers = _quartered(starts, numbers, corner, size, side, places)
        ends = np.append(starts[1:], len(numbers))
        most = max(_MOST, _PAIRS // len(lon))
        ends = np.where(ends - starts <= most, ends, starts)
        return cls(corner, size, side, places, starts, ends, numbers)

    def look(self, lon: Floats, lat: Floats, near: Numbers, chord_m: Floats) -> None:
        """Put down the nearest place of points and how far it is, where their cells settle it."""
        points = geodesy.earth_centred(lon, lat)
        cell = self._along(lat, 1) * self.side + self._along(lon, 0)
        at, end = self.starts[cell], self.ends[cell]
        left = np.flatnonzero(at < end)
        # The first place of each cell, then the second of those that have one, and so on.
        while len(left):
            number = self.numbers[at[left]]
            away = points[left] - self.places[number]
            metres = np.sqrt(np.einsum("ij,ij->i", away, away))
            nearer = metres < chord_m[left]
            chord_m[left[nearer]], near[left[nearer]] = metres[nearer], number[nearer]
            at += 1
            left = left[at[left] < end[left]]

    def _along(self, degrees: Floats, axis: int) -> Numbers:
        """The columns (axis 0) or rows of points."""
        steps = (degrees - self.corner[axis]) / (self.size[axis] or 1.0)
        return np.minimum(steps.astype(np.int64), self.side - 1)


def _quartered(
    starts: Numbers,
    numbers: Numbers,
    corner: tuple[float, float],
    size: tuple[float, float],
    side: int,
    places: Floats,
) -> tuple[Numbers, Numbers]:
    """The places to look at, of cells half as wide and high: where those of each begin, and which.

    `size` and `side` are those of the new cells.
    """
    row, column = np.divmod(np.arange(side * side), side)
    whole = row // 2 * (side // 2) + column // 2
    count = np.diff(np.append(starts, len(numbers)))[whole]
    begins = np.cumsum(count) - count
    cell = np.repeat(np.arange(side * side), count)
    numbers = numbers[np.arange(len(cell)) + (starts[whole] - begins)[cell]]
    lon, lat = corner[0] + (column + 0.5) * size[0], corner[1] + (row + 0.5) * size[1]
    middle = geodesy.earth_centred(lon, lat)
    # Along the parallel of the middle and then north or south there is a way to every point.
    across = np.hypot(middle[:, 0], middle[:, 1]) * np.radians(size[0] / 2)
    reach = across + _DEGREE_M * size[1] / 2
    away = np.linalg.norm(middle[cell] - places[numbers], axis=1)
    least = np.minimum.reduceat(away, begins)
    may_be = away <= (least + 2 * reach + _SLACK_M)[cell]
    kept = np.add.reduceat(may_be.astype(np.int64), begins)
    return np.cumsum(kept) - kept, numbers[may_be]
