"""The halo round what is selected, and the outline of what is under the mouse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gisapp.layers.audience import Showing, showing
from gisapp.layers.layer import Points
from gisapp.render.view import MapView, mercator
from gisapp.ui import theme
from gisapp.ui.map_paths import path_of, transform_to
from gisapp.ui.session import Session

#: More selected shapes or points in view than this are not each given a halo.
_MOST = 5_000


class SelectionOverlay:
    """Prepared when the selection changes, painted at every view."""

    def __init__(self) -> None:
        self._origin = (0.0, 0.0)
        self._path = QPainterPath()
        self._hover = QPainterPath()
        self._x: NDArray[np.float64] = np.empty(0)
        self._y: NDArray[np.float64] = np.empty(0)

    def prepare(self, session: Session) -> None:
        """Take the shapes and points of the selection as far as the audience may see them."""
        self._origin = (session.view.x, session.view.y)
        self._hover = QPainterPath()
        self._x = self._y = np.empty(0)
        project, selection = session.project, session.selection
        shapes = [
            project.zones[key].shape
            for key in selection.zone_ids[:_MOST]
            if key in project.zones and project.zones_visible
        ]
        layer = next((la for la in project.layers if la.id == selection.layer_id), None)
        if layer is not None and layer.visible:
            look = session.look
            how = showing(layer.kind, layer.sensitivity, look.audience, exported=False)
            if how is Showing.EACH and isinstance(layer.geometry, Points):
                rows = selection.rows
                self._x, self._y = mercator(layer.geometry.lon[rows], layer.geometry.lat[rows])
            elif how is Showing.EACH:
                shapes += list(layer.geometry.geoms[selection.rows[:_MOST]])  # type: ignore[union-attr]
        self._path = path_of(shapes, self._origin)

    def hover(self, session: Session, zone_id: str | None) -> None:
        zone = session.project.zones.get(zone_id) if zone_id else None
        self._hover = path_of([zone.shape] if zone else [], self._origin)

    def paint(self, painter: QPainter, view: MapView) -> None:
        t = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setTransform(transform_to(view, self._origin), True)
        for path, edge, inner in ((self._hover, 3.0, 1.5), (self._path, 6.5, 3.5)):
            painter.strokePath(path, _pen(theme.color(t.halo_edge), edge))
            painter.strokePath(path, _pen(theme.color(t.halo), inner))
        painter.restore()
        self._paint_points(painter, view)

    def _paint_points(self, painter: QPainter, view: MapView) -> None:
        if not len(self._x):
            return
        x = (self._x - view.x) / view.resolution + view.width / 2
        y = (view.y - self._y) / view.resolution + view.height / 2
        shown = np.flatnonzero(
            (x > -20) & (x < view.width + 20) & (y > -20) & (y < view.height + 20)
        )
        t = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((t.halo_edge, 5.0), (t.halo, 2.5)):
            painter.setPen(QPen(theme.color(color), width))
            for i in shown[:_MOST]:
                painter.drawEllipse(QPointF(x[i], y[i]), 9.0, 9.0)
        painter.restore()


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def paint_tag(painter: QPainter, text: str, at: QPointF, fill: QColor, ink: QColor) -> QRectF:
    """Text on a small rounded ground with its upper left corner at a pixel; returns its place."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("small"))
    size = painter.fontMetrics().size(0, text)
    box = QRectF(at.x(), at.y(), size.width() + 2 * t.gap, size.height() + t.gap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(ink)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()
    return box
