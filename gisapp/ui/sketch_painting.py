"""How something that is being drawn looks on the map."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gisapp.layers.sketch import Place, Sketch
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map_paths import screen_polygon


def paint_box(painter: QPainter, box: QRectF) -> None:
    """The box that is being dragged."""
    t = theme.current()
    painter.save()
    painter.setPen(QPen(theme.color(t.focus), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(theme.color(t.focus, 0.12))
    painter.drawRect(box)
    painter.restore()


def paint_sketch(
    painter: QPainter, view: MapView, sketch: Sketch, pointer: Place | None, *, closed: bool
) -> None:
    """Corners and the lines between them; the last line follows the pointer."""
    if sketch.is_empty:
        return
    places = [*sketch.corners, *([pointer] if pointer is not None else [])]
    course = screen_polygon(view, places)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _outline(painter, course, closed=closed and len(places) > 2)
    t = theme.current()
    painter.setPen(QPen(theme.color(t.halo_edge), 1.5))
    painter.setBrush(theme.color(t.halo))
    for corner in screen_polygon(view, sketch.corners).toList():
        painter.drawEllipse(corner, 4, 4)
    painter.restore()


def paint_corners(painter: QPainter, rings: Sequence[QPolygonF], chosen: QPointF | None) -> None:
    """The rings of an outline with a handle at each corner, the chosen one filled dark."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for ring in rings:
        _outline(painter, ring, closed=True)
    painter.setPen(QPen(theme.color(t.halo_edge), 1.5))
    painter.setBrush(theme.color(t.halo))
    for ring in rings:
        last: QPointF | None = None
        for corner in ring.toList():
            # Corners too near to each other to be told apart need a nearer view.
            if last is None or (corner - last).manhattanLength() >= 8:
                painter.drawRect(QRectF(corner.x() - 3.5, corner.y() - 3.5, 7, 7))
                last = corner
    if chosen is not None:
        painter.setBrush(theme.color(t.halo_edge))
        painter.drawRect(QRectF(chosen.x() - 5, chosen.y() - 5, 10, 10))
    painter.restore()


def paint_shape(painter: QPainter, outline: QPolygonF, centre: QPointF | None = None) -> None:
    """An area that is complete but not yet a zone, with its centre if it is a circle."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _outline(painter, outline, closed=True)
    if centre is not None:
        painter.setPen(QPen(theme.color(t.halo_edge), 1.5))
        painter.setBrush(theme.color(t.halo))
        painter.drawEllipse(centre, 4, 4)
    painter.restore()


def _outline(painter: QPainter, course: QPolygonF, *, closed: bool) -> None:
    t = theme.current()
    painter.setBrush(theme.color(t.halo, 0.18) if closed else Qt.BrushStyle.NoBrush)
    for color, width in ((t.halo_edge, 4.0), (t.halo, 2.0)):
        painter.setPen(QPen(theme.color(color), width, j=Qt.PenJoinStyle.RoundJoin))
        if closed:
            painter.drawPolygon(course)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.drawPolyline(course)
