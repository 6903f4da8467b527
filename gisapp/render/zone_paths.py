"""Paths of zones on screen, made for each zone by itself: an edit of one leaves the others.

Their fill is one path by the winding rule: where zones overlap it is filled once, as if they had
been merged, which for two thousand circles takes a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath
from shapely.geometry.base import BaseGeometry

from gisapp.render import paths
from gisapp.render.drawn import SCREEN, shape_array
from gisapp.render.frame import Frame

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ZonePaths:
    """Zones ready to draw, in Mercator metres from an origin: a path each, and boxes (zones, 4)."""

    paths: tuple[QPainterPath, ...]
    boxes: NDArray[np.float64]
    whole: QPainterPath
    x: float = 0.0
    y: float = 0.0

    def in_view(self, west: float, south: float, east: float, north: float) -> Ints:
        """The zones whose box meets a box of Mercator metres (not from the origin)."""
        boxes = self.boxes
        seen = (boxes[:, 0] <= east - self.x) & (boxes[:, 2] >= west - self.x)
        seen &= (boxes[:, 1] <= north - self.y) & (boxes[:, 3] >= south - self.y)
        return np.flatnonzero(seen)

    def fill(self, seen: Ints) -> QPainterPath:
        """What some of the zones cover, as one path."""
        if len(seen) == len(self.paths):
            return self.whole
        return _together([self.paths[number] for number in seen.tolist()])


@dataclass(frozen=True, slots=True, eq=False)
class _One:
    path: QPainterPath
    box: tuple[float, float, float, float]


def zone_paths(frame: Frame, shapes: Sequence[BaseGeometry]) -> ZonePaths:
    """The paths of zones (EPSG:4326, at least one) for the zoom band of a frame on screen."""

    def make() -> ZonePaths:
        ones = _each(frame, shapes)
        drawn = tuple(one.path for one in ones)
        return ZonePaths(drawn, np.array([one.box for one in ones]), _together(drawn))

    return frame.cache.get(tuple(shapes), "zone paths", frame.band, make)


def _each(frame: Frame, shapes: Sequence[BaseGeometry]) -> list[_One]:
    cache, band = frame.cache, frame.band
    known = {id(shape): cache.known((shape,), "zone path", band) for shape in shapes}
    missing = [shape for shape in shapes if known[id(shape)] is None]
    made: dict[int, _One] = {}
    if missing:
        # Outer rings turn one way and holes the other: the winding rule tells them apart.
        turned = shapely.orient_polygons(shape_array(missing))
        lines = paths.outlines(turned, frame.progress)
        tolerance = paths.tolerance_of(band, SCREEN)
        drawn = paths.feature_paths(lines, tolerance, frame.progress)
        boxes = np.add(lines.boxes, (lines.x, lines.y, lines.x, lines.y))
        for shape, path, box in zip(missing, drawn, boxes.tolist(), strict=True):
            frame.progress.check()
            made[id(shape)] = _One(path.translated(lines.x, lines.y), tuple(box))
    ones = []
    for shape in shapes:
        frame.progress.check()
        one = known[id(shape)]
        if not isinstance(one, _One):
            one = cache.get((shape,), "zone path", band, partial(made.__getitem__, id(shape)))
        ones.append(one)
    return ones


def _together(some: Sequence[QPainterPath]) -> QPainterPath:
    whole = QPainterPath()
    for path in some:
        whole.addPath(path)
    whole.setFillRule(Qt.FillRule.WindingFill)
    return whole
