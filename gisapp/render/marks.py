"""Marks for counts: one shape a kind of event, larger where there are more."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gisapp.layers.classes import MARK_OPACITY, MARK_OVER_OPACITY, Mark, mixed
from gisapp.render.palette import shade

#: Width of the edge that parts a mark from what lies under it, in points.
EDGE_PT = 0.5


def set_mark_pens(
    painter: QPainter,
    color: str,
    edge: str,
    width: float,
    *,
    over: bool = False,
    opacity: float = MARK_OPACITY,
) -> None:
    """Set pen and brush for marks of one colour; the edge is `width` units wide.

    `over` is set where they lie over marks of another kind, whose tone they must not take.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade(edge), width))
    if over:
        painter.setBrush(shade(mixed(color, edge, opacity), MARK_OVER_OPACITY))
    else:
        painter.setBrush(shade(color, opacity))


def draw_mark(painter: QPainter, mark: Mark, middle: QPointF, side: float) -> None:
    """Draw a mark that is `side` wide in the painter's pen and brush."""
    half = side / 2
    if mark is Mark.DISC:
        painter.drawEllipse(middle, half, half)
    elif mark is Mark.SQUARE:
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, side, side))
    else:
        x, y = middle.x(), middle.y()
        corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
        painter.drawConvexPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
