"""A small map of points or shapes for a form: where things are, no more."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from shapely.geometry.base import BaseGeometry

from gisapp.layers.layer import Bounds
from gisapp.layers.style import BLUE, Line, Style
from gisapp.render.palette import seen
from gisapp.render.view import MapView
from gisapp.ui import theme

#: More points than this are thinned: a form needs the picture, not each point.
_MOST_POINTS = 20_000
#: More corners than this of the outlines behind are left out, shape by shape.
_MOST_CORNERS = 60_000


class MiniMap(QWidget):
    """Points (lon, lat) or areas over the outlines of what is in the project already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lon = self._lat = np.empty(0)
        self._shapes: list[BaseGeometry] = []
        self._behind: list[BaseGeometry] = []
        self._note = ""
        self._style = Style(color=BLUE)
        self._point_color = BLUE
        self.setMinimumSize(220, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Map of the preview")

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def set_behind(self, shapes: list[BaseGeometry]) -> None:
        """Outlines drawn in grey under the rest."""
        self._behind = shapes
        self.update()

    def show_places(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        shapes: list[BaseGeometry] | None = None,
        note: str = "",
        style: Style | None = None,
        point_color: str = BLUE,
    ) -> None:
        """Other points and areas (EPSG:4326) in a style; `note` is said when there are none."""
        self._point_color = point_color
        step = max(len(lon) // _MOST_POINTS, 1)
        self._lon, self._lat = np.asarray(lon)[::step], np.asarray(lat)[::step]
        self._shapes = shapes or []
        self._note = note
        self._style = style or Style(color=BLUE)
        places = len(lon) + len(self._shapes)
        self.setAccessibleDescription(note or f"{places:,} places")
        self.update()

    @property
    def bounds(self) -> Bounds | None:
        """The extent of points and shapes in degrees."""
        boxes = [shape.bounds for shape in self._shapes]
        if len(self._lon):
            west, east = float(self._lon.min()), float(self._lon.max())
            boxes.append((west, float(self._lat.min()), east, float(self._lat.max())))
        if not boxes:
            return None
        known = np.array(boxes)
        low, high = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.current()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color(t.border), 1))
        painter.setBrush(theme.color(t.map_ground))
        painter.drawRoundedRect(frame, t.radius, t.radius)
        bounds = self.bounds
        if bounds is None:
            painter.setPen(theme.color(t.muted))
            inside = frame.adjusted(16, 16, -16, -16)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inside, flags, self._note)
            return
        view = MapView.fit(bounds, self.width(), self.height(), margin=0.1)
        painter.setClipRect(frame.adjusted(1, 1, -1, -1))
        quiet = QPen(theme.color(t.border_strong, 0.7), 1)
        _draw_shapes(painter, view, _few(self._behind), quiet, QBrush(Qt.BrushStyle.NoBrush))
        pen = QPen(QColor(self._style.color), 1.5)
        if self._style.line is Line.DASHED:
            pen.setStyle(Qt.PenStyle.DashLine)
        fill = theme.color(self._style.color, self._style.fill_opacity)
        _draw_shapes(painter, view, _few(self._shapes), pen, fill)
        self._draw_points(painter, view)

    def _draw_points(self, painter: QPainter, view: MapView) -> None:
        px, py = view.to_screen(self._lon, self._lat)
        size = 5 if len(px) < 1_000 else 3
        painter.setPen(Qt.PenStyle.NoPen)
        dark = theme.current().dark
        color = theme.current().link if self._point_color == BLUE and dark else self._point_color
        painter.setBrush(theme.color(seen(color, dark)))
        # One disc per pixel is enough: points under each other are drawn once.
        for x, y in np.unique(np.column_stack([px, py]).round().astype(int), axis=0).tolist():
            painter.drawEllipse(QPointF(x, y), size / 2, size / 2)


def _few(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """As many shapes as can be drawn at once."""
    corners = np.cumsum(shapely.get_num_coordinates(shapes)) if shapes else np.empty(0)
    return shapes[: int(np.searchsorted(corners, _MOST_CORNERS))]


def _draw_shapes(
    painter: QPainter, view: MapView, shapes: list[BaseGeometry], pen: QPen, brush: QBrush | QColor
) -> None:
    painter.setPen(pen)
    painter.setBrush(brush)
    for shape in shapes:
        for part in shapely.get_parts(shape):
            area = shapely.get_dimensions(part) == 2
            line = shapely.get_exterior_ring(part) if area else part
            corners = shapely.get_coordinates(line)
            px, py = view.to_screen(corners[:, 0], corners[:, 1])
            outline = QPolygonF([QPointF(x, y) for x, y in zip(px, py, strict=True)])
            if area:
                painter.drawPolygon(outline)
            else:
                painter.drawPolyline(outline)
