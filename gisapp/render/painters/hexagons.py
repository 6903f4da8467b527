"""Points as counts in hexagons that lie still on the ground, in classes of one hue."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from gisapp.analysis.points.hexagons import hexagon_counts
from gisapp.analysis.points.index import Filter
from gisapp.layers.layer import Layer, Points
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.palette import shade
from gisapp.render.ramps import count_colors
from gisapp.render.shown_rows import kept_points
from gisapp.render.view import EARTH, MapView

Floats = NDArray[np.float64]

#: About how wide a hexagon is on the map, in points.
_WIDE_PT = 15.0
#: How much of its hexagon the drawn one fills: the rest parts it from the next.
_FILLED = 0.93
#: On screen a hexagon is drawn once and copied, to so many places a pixel.
_PHASES = 4
_SQRT3 = math.sqrt(3.0)


@dataclass(frozen=True, slots=True, eq=False)
class Hexagons:
    """Middles in Mercator metres of the hexagons that hold points, how many, and how wide all are.

    `width` is from one upright side to the other, in Mercator metres; corners point north.
    """

    x: Floats
    y: Floats
    counts: NDArray[np.int64]
    width: float


def hexagon_width(view: MapView) -> float:
    """The width in Mercator metres at the zoom band of a view: a power of two."""
    return float(2.0 ** round(math.log2(_WIDE_PT * view.dpi / 72 * view.resolution)))


def dense_size(width: float) -> float:
    """Side in Mercator metres of the square as large as a hexagon of that width."""
    return width * math.sqrt(_SQRT3 / 2)


def hexagons_in(
    layer: Layer, view: MapView, mask: Filter | None, cache: Cache, progress: Progress
) -> Hexagons:
    """Exact counts in the hexagons in and just round a view."""
    assert isinstance(layer.geometry, Points)
    index = prepared.index_of(layer.geometry, cache, progress)
    width = hexagon_width(view)
    half_w, half_h = view.width / 2 * view.resolution, view.height / 2 * view.resolution
    box = (view.x - half_w, view.y - half_h, view.x + half_w, view.y + half_h)
    west, south, east, north = (edge / EARTH for edge in box)
    found = hexagon_counts(index, (west, south, east, north), width / EARTH, mask, progress)
    x = found.columns.astype(np.float64) * (width / 2)
    y = found.lines.astype(np.float64) * (width * _SQRT3 / 2)
    return Hexagons(x, y, found.counts, width)


def paint_hexagons(frame: Frame, layer: Layer) -> None:
    """Fill each hexagon that holds points with the colour of its class."""
    assert isinstance(layer.geometry, Points)
    mask = kept_points(layer, frame.look, frame.cache)
    found = hexagons_in(layer, frame.view, mask, frame.cache, frame.progress)
    starts = prepared.dense_classes(layer.geometry, dense_size(found.width), frame.cache)
    colors = count_colors(layer.style, len(starts), frame.dark, frame.look.exported)
    number = np.searchsorted(np.array(starts), found.counts, side="right") - 1
    view, painter = frame.view, frame.painter
    x = (found.x - view.x) / view.resolution + view.width / 2
    y = (view.y - found.y) / view.resolution + view.height / 2
    corners = _corners(found.width / view.resolution * _FILLED)
    for place, color in enumerate(colors):
        frame.progress.check()
        tone = shade(*color)
        some = number == place
        if frame.vector:
            _draw(painter, corners, tone, zip(x[some].tolist(), y[some].tolist(), strict=True))
        else:
            _copy(painter, corners, tone, (x[some] * view.dpr, y[some] * view.dpr), view.dpr)


def _draw(
    painter: QPainter, corners: QPolygonF, tone: QColor, places: Iterable[tuple[float, float]]
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone)
    for at in places:
        painter.drawConvexPolygon(corners.translated(*at))


def _copy(
    painter: QPainter, corners: QPolygonF, tone: QColor, at: tuple[Floats, Floats], dpr: float
) -> None:
    """Copies of one hexagon with their middles at device pixels, to a quarter of a pixel.

    Three times as fast as drawing each: a far map has ten thousand.
    """
    half = math.ceil(corners.boundingRect().height() / 2 * dpr) + 2
    fine = [np.floor(axis * _PHASES).astype(np.int64) for axis in at]
    left, top = ((axis // _PHASES - half) / dpr for axis in fine)
    phase = fine[1] % _PHASES * _PHASES + fine[0] % _PHASES
    for one in np.unique(phase).tolist():
        stamp = QImage(2 * half, 2 * half, QImage.Format.Format_ARGB32_Premultiplied)
        stamp.fill(Qt.GlobalColor.transparent)
        own = QPainter(stamp)
        own.translate(half + one % _PHASES / _PHASES, half + one // _PHASES / _PHASES)
        own.scale(dpr, dpr)
        _draw(own, corners, tone, ((0.0, 0.0),))
        own.end()
        stamp.setDevicePixelRatio(dpr)
        some = phase == one
        for place in zip(left[some].tolist(), top[some].tolist(), strict=True):
            painter.drawImage(QPointF(*place), stamp)


def _corners(width: float) -> QPolygonF:
    """A hexagon round 0, 0 with a corner at the top."""
    radius = width / _SQRT3
    angles = [math.radians(60 * step + 30) for step in range(6)]
    return QPolygonF([QPointF(radius * math.cos(a), radius * math.sin(a)) for a in angles])
