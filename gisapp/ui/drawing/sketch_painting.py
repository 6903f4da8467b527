"""How something that is being drawn looks on the map."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from gisapp.layers.sketch import Place, Sketch
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.drawing.snap import Snap, SnapKind
from gisapp.ui.map.paths import path_of, screen_polygon, transform_to
from gisapp.ui.map.selection_overlay import paint_tag


def paint_box(painter: QPainter, box: QRectF) -> None:
    """The box that is being dragged."""
    t = theme.current()
    painter.save()
    painter.setPen(QPen(theme.color(t.focus), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(theme.color(t.focus, 0.12))
    painter.drawRect(box)
    painter.restore()


def paint_sketch(
    painter: QPainter,
    view: MapView,
    sketch: Sketch,
    pointer: Place | None,
    *,
    closed: bool,
    way: Sequence[Place] = (),
) -> None:
    """Corners and the lines between them; the last line follows the pointer, or the `way` to it."""
    if sketch.is_empty:
        return
    places = [*sketch.corners, *way, *([pointer] if pointer is not None else [])]
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


def paint_snap(painter: QPainter, view: MapView, snap: Snap) -> None:
    """A mark on what the pointer snaps to, its shape and a word saying what that is."""
    t = theme.current()
    at = screen_polygon(view, [snap.place]).at(0)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((t.halo_edge, 4.5), (t.halo, 2.0)):
        painter.setPen(QPen(theme.color(color), width))
        if snap.kind is SnapKind.CORNER:
            painter.drawRect(QRectF(at.x() - 7, at.y() - 7, 14, 14))
        elif snap.kind is SnapKind.STREET:
            painter.drawEllipse(at, 7.5, 7.5)
        else:
            painter.drawPolygon(QPolygonF([at + QPointF(*by) for by in _DIAMOND]))
    painter.setFont(theme.font("small"))
    wide = painter.fontMetrics().horizontalAdvance(snap.kind.value) + 2 * t.gap
    x = at.x() - wide - 8 if at.x() > wide + 12 else at.x() + 14
    y = at.y() - 32 if at.y() > 36 else at.y() + 12
    paint_tag(
        painter, snap.kind.value, QPointF(x, y), theme.color(t.halo), theme.color(t.halo_edge)
    )
    painter.restore()


_DIAMOND = ((0, -8), (8, 0), (0, 8), (-8, 0))


def paint_corners(
    painter: QPainter,
    rings: Sequence[QPolygonF],
    chosen: QPointF | None,
    *,
    refused: bool = False,
) -> None:
    """The rings of an outline with a handle at each corner, the chosen one filled dark.

    In red where it is `refused`.
    """
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for ring in rings:
        _outline(painter, ring, closed=True, refused=refused)
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


def paint_handles(painter: QPainter, box: QRectF, knob: QPointF, middle: QPointF) -> None:
    """The box round what is moved: squares to scale at its corners, a knob to turn above it."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    top = QPointF(box.center().x(), box.top())
    for color, width in ((t.halo_edge, 3.0), (t.halo, 1.2)):
        painter.setPen(QPen(theme.color(color), width, Qt.PenStyle.DashLine))
        painter.drawRect(box)
        painter.drawLine(top, knob)
    painter.setPen(QPen(theme.color(t.halo_edge), 1.5))
    painter.setBrush(theme.color(t.halo))
    for corner in (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight()):
        painter.drawRect(QRectF(corner.x() - 5, corner.y() - 5, 10, 10))
    painter.drawEllipse(knob, 6, 6)
    painter.drawEllipse(middle, 3, 3)
    painter.restore()


def paint_area(
    painter: QPainter, view: MapView, shape: BaseGeometry, *, refused: bool = False
) -> None:
    """An area as it would become, holes and all; in red where it is `refused`."""
    t = theme.current()
    origin = (view.x, view.y)
    path = transform_to(view, origin).map(path_of([shape], origin))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color(t.frame if refused else t.halo, 0.18))
    for color, width in ((t.halo_edge, 4.0), (t.frame if refused else t.halo, 2.0)):
        painter.setPen(QPen(theme.color(color), width, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.restore()


def _outline(painter: QPainter, course: QPolygonF, *, closed: bool, refused: bool = False) -> None:
    t = theme.current()
    line = t.frame if refused else t.halo
    painter.setBrush(theme.color(line, 0.18) if closed else Qt.BrushStyle.NoBrush)
    for color, width in ((t.halo_edge, 4.0), (line, 2.0)):
        painter.setPen(QPen(theme.color(color), width, j=Qt.PenJoinStyle.RoundJoin))
        if closed:
            painter.drawPolygon(course)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.drawPolyline(course)
