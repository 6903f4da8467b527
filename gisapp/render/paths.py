"""Lines and outlines ready to draw: Mercator metres, vertices nobody can see left out.

A painter path is made per zoom band (a power of two of the resolution). A vertex is dropped only
where its line moves by at most the tolerance (Douglas and Peucker 1973), half a pixel on screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from gisapp.progress import Progress
from gisapp.render.view import mercator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Vertices handled at a time, so that the window is never blocked for long.
_BATCH = 10_000
#: Vertices of lines in one path; drawing one takes some milliseconds at most.
_CHUNK = 500

_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
#: After the elements of a path: where its last line starts, and the fill rule (0, odd-even).
_TAIL = bytes(8)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Outlines:
    """The lines of geometries in Web Mercator metres from an origin (`x`, `y`).

    `parts` are shapely LineStrings (a ring is one that closes), `feature` the number of the
    geometry each belongs to, ascending. `boxes` (features, 4) hold west, south, east, north.
    """

    parts: NDArray[np.object_]
    feature: Ints
    boxes: Floats
    x: float
    y: float

    def in_view(self, west: float, south: float, east: float, north: float) -> Ints:
        """Features whose box meets a box of Mercator metres (not from the origin)."""
        boxes = self.boxes
        meets = (
            (boxes[:, 0] <= east - self.x)
            & (boxes[:, 2] >= west - self.x)
            & (boxes[:, 1] <= north - self.y)
            & (boxes[:, 3] >= south - self.y)
        )
        return np.flatnonzero(meets)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Lines drawn in one go, and the box they lie in (Mercator metres from the origin)."""

    path: QPainterPath
    box: tuple[float, float, float, float]


def band_of(resolution: float) -> int:
    """The zoom band of a resolution in Mercator metres a device pixel."""
    return math.floor(math.log2(resolution))


def tolerance_of(band: int, share: float = 0.5) -> float:
    """How far a line may move in a band, in Mercator metres: a share of a device pixel."""
    return float(2.0**band * share)


def outlines(geoms: Sequence[object] | NDArray[np.object_], progress: Progress) -> Outlines:
    """Take lines and areas (EPSG:4326) apart into lines in Mercator; points are left out."""
    array = np.asarray(geoms, dtype=object)
    parts, feature = _lines_of(array)
    west, south, east, north = shapely.total_bounds(array) if len(array) else (0, 0, 0, 0)
    x, y = mercator(np.array([west, east]), np.array([south, north]))
    ox, oy = float(x.mean()), float(y.mean())
    moved = np.empty(len(parts), dtype=object)
    for first, last in _batches(shapely.get_num_points(parts)):
        progress.check()
        xy, index = shapely.get_coordinates(parts[first:last], return_index=True)
        px, py = mercator(xy[:, 0], xy[:, 1])
        moved[first:last] = shapely.linestrings(np.column_stack([px - ox, py - oy]), indices=index)
    return Outlines(moved, feature, _boxes(moved, feature, len(array)), ox, oy)


def clipped(lines: Outlines, box: tuple[float, float, float, float]) -> Outlines:
    """The lines within a box of Mercator metres; `boxes` stay those of the whole features."""
    west, south, east, north = box
    inside = shapely.clip_by_rect(
        lines.parts, west - lines.x, south - lines.y, east - lines.x, north - lines.y
    )
    parts, number = shapely.get_parts(inside, return_index=True)
    kept = (shapely.get_type_id(parts) == 1) & ~shapely.is_empty(parts)
    return Outlines(parts[kept], lines.feature[number[kept]], lines.boxes, lines.x, lines.y)


def _lines_of(geoms: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
    parts, feature = shapely.get_parts(geoms, return_index=True)
    nested = shapely.get_type_id(parts) > 3
    if nested.any():
        inner, number = shapely.get_parts(parts[nested], return_index=True)
        feature = np.concatenate([feature[~nested], feature[nested][number]])
        parts = np.concatenate([parts[~nested], inner])
    kinds = shapely.get_type_id(parts)
    areas, lines = kinds == 3, (kinds == 1) | (kinds == 2)
    rings, number = shapely.get_rings(parts[areas], return_index=True)
    found = np.concatenate([parts[lines], rings])
    owner = np.concatenate([feature[lines], feature[areas][number]]).astype(np.int64)
    order = np.argsort(owner, kind="stable")
    return found[order], owner[order]


def _boxes(parts: NDArray[np.object_], feature: Ints, count: int) -> Floats:
    bounds = shapely.bounds(parts).reshape(-1, 4)
    boxes = np.full((count, 4), [np.inf, np.inf, -np.inf, -np.inf])
    for column in (0, 1):
        np.minimum.at(boxes[:, column], feature, bounds[:, column])
        np.maximum.at(boxes[:, column + 2], feature, bounds[:, column + 2])
    return boxes


def _batches(sizes: NDArray[np.integer[Any]]) -> list[tuple[int, int]]:
    """Spans of parts that hold about `_BATCH` vertices each."""
    if not len(sizes):
        return []
    total = np.cumsum(sizes)
    cuts = np.searchsorted(total, np.arange(_BATCH, int(total[-1]), _BATCH)) + 1
    edges = [0, *(int(cut) for cut in np.unique(cuts) if cut < len(sizes)), len(sizes)]
    return list(pairwise(edges))


def simplified(
    parts: NDArray[np.object_], tolerance: float, progress: Progress
) -> tuple[Floats, Ints]:
    """Vertices (n, 2) of lines with those dropped that move them by less, and the part of each."""
    coords, owners = [np.empty((0, 2))], [np.empty(0, dtype=np.int64)]
    for first, last in _batches(shapely.get_num_points(parts)):
        progress.check()
        thin = shapely.simplify(parts[first:last], tolerance, preserve_topology=False)
        xy, index = shapely.get_coordinates(thin, return_index=True)
        coords.append(xy)
        owners.append(index + first)
    return np.concatenate(coords), np.concatenate(owners)


def feature_paths(lines: Outlines, tolerance: float, progress: Progress) -> list[QPainterPath]:
    """One path for each feature, holes by the odd-even rule; in metres from the origin."""
    xy, part = simplified(lines.parts, tolerance, progress)
    number = lines.feature[part] if len(part) else part
    edges = np.searchsorted(number, np.arange(len(lines.boxes) + 1))
    return _paths_of(xy, part, edges, progress)


def chunk_paths(
    parts: NDArray[np.object_], tolerance: float, progress: Progress
) -> tuple[Chunk, ...]:
    """Lines in chunks of neighbours, so that only those in view are drawn."""
    if not len(parts):
        return ()
    parts = parts[_near_order(shapely.bounds(parts))]
    xy, part = simplified(parts, tolerance, progress)
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    cuts = np.searchsorted(starts, np.arange(0, len(xy), _CHUNK))
    edges = [*np.unique(starts[cuts[cuts < len(starts)]]), len(xy)]
    chunks = []
    for first, last in pairwise(edges):
        progress.check()
        some = xy[first:last]
        (west, south), (east, north) = some.min(axis=0), some.max(axis=0)
        box = (float(west), float(south), float(east), float(north))
        chunks.append(Chunk(path_of(some, part[first:last]), box))
    return tuple(chunks)


def _near_order(boxes: Floats) -> Ints:
    """An order in which neighbours follow each other: along a Z curve through 1,024² cells."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    low = middle.min(axis=0)
    span = np.maximum(middle.max(axis=0) - low, 1e-9)
    cell = ((middle - low) / span * 1023).astype(np.int64)
    code = np.zeros(len(cell), dtype=np.int64)
    for bit in range(10):
        code |= ((cell[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((cell[:, 1] >> bit) & 1) << (2 * bit + 1)
    return np.argsort(code, kind="stable")


def path_of(xy: Floats, part: Ints) -> QPainterPath:
    """A painter path of vertices (n, 2); a new line starts where `part` changes.

    Filled through Qt's own stream format: a call for each vertex takes thirty times as long.
    """
    return _paths_of(xy, part, np.array([0, len(xy)]), Progress())[0]


def _paths_of(xy: Floats, part: Ints, edges: Ints, progress: Progress) -> list[QPainterPath]:
    """The path of the vertices between each two of the `edges`, none beginning within a line.

    Through one stream: each call of Qt lets go of Python and takes it again before the window
    is awake, so many of them in a row keep it waiting.
    """
    elements = np.empty(len(xy), dtype=_ELEMENT)
    # Element kinds of QPainterPath: 0 moves, 1 draws a line.
    elements["kind"] = np.diff(part, prepend=-1) == 0
    elements["x"], elements["y"] = xy[:, 0], xy[:, 1]
    data, size = elements.tobytes(), _ELEMENT.itemsize
    counts = np.diff(edges).astype(">i4").tobytes()
    pieces = []
    for number, (first, last) in enumerate(pairwise(edges.tolist())):
        if last > first:
            pieces += [counts[4 * number : 4 * number + 4], data[first * size : last * size], _TAIL]
    stream = QDataStream(QByteArray(b"".join(pieces)))
    made = []
    for first, last in pairwise(edges.tolist()):
        progress.check()
        path = QPainterPath()
        if last > first:
            stream >> path
        made.append(path)
    return made


def borders(geoms: NDArray[np.object_], lines: Outlines) -> NDArray[np.object_]:
    """The outlines of areas with every edge that two of them share drawn once.

    Dashes of two neighbours would otherwise fall between each other and look solid.
    """
    if len(geoms) < 2 or not len(lines.parts):
        return lines.parts
    xy, part = shapely.get_coordinates(lines.parts, return_index=True)
    follows = part[1:] == part[:-1]
    ends = np.round(np.hstack([xy[:-1], xy[1:]])[follows], 2)
    swap = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[swap] = ends[swap][:, [2, 3, 0, 1]]
    once = np.unique(ends, axis=0)
    once = once[(once[:, :2] != once[:, 2:]).any(axis=1)]
    merged = shapely.line_merge(
        shapely.multilinestrings(shapely.linestrings(once.reshape(-1, 2, 2)))
    )
    return np.asarray(shapely.get_parts(merged), dtype=object)
