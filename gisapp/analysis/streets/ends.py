"""Streets that end on another street without a vertex there: drawn by hand, or cut by a program.

Only ends join. Where two streets run on across each other nothing tells a crossing from a bridge.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
from numpy.typing import NDArray

#: An end this near to another street (degrees, about a decimetre) lies on it.
_ON = 1e-6


def with_touching_ends(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """The lines (degrees) with a vertex wherever an end of another one lies on them."""
    ends, owner = _lone_ends(lines)
    end, line = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=_ON)
    other = owner[end] != line
    if not other.any():
        return lines
    new: dict[int, list[int]] = defaultdict(list)
    for number, on in zip(end[other].tolist(), line[other].tolist(), strict=True):
        new[on].append(number)
    mended = lines.copy()
    for on, numbers in new.items():
        mended[on] = _with_vertices(lines[on], ends[numbers])
    return mended


def _lone_ends(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The ends where no line has another vertex, and the line of each; the others join already."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    _, number, uses = np.unique(
        np.round(xy / _ON).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    last = np.ones(len(xy), dtype=bool)
    last[:-1] = owner[1:] != owner[:-1]
    first = np.roll(last, 1)
    lone = np.flatnonzero((first | last) & (uses[number] == 1))
    return np.asarray(shapely.points(xy[lone])), owner[lone]


def _with_vertices(line: shapely.LineString, places: NDArray[np.object_]) -> shapely.LineString:
    """The line led through places that lie on it."""
    corners = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(corners, axis=0).T)
    at = np.concatenate([[0.0], steps.cumsum()])
    along = shapely.line_locate_point(line, places)
    order = np.argsort(along, kind="stable")
    where = np.searchsorted(at, along[order])
    added = shapely.get_coordinates(places[order])
    return shapely.LineString(np.insert(corners, where, added, axis=0))
