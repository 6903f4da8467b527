"""The cross in the middle of the map: what a tool does there with keys in place of the mouse."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.tool import Tool

#: Half the length of the lines of the cross, and of the gap in their middle.
_ARM, _GAP = 14.0, 3.0


class MapCross:
    """Shown from the first key that moves the map until the mouse is used again."""

    def __init__(self) -> None:
        self.shown = False
        self._pressed_at: MapView | None = None

    def hide(self) -> None:
        self.shown = False
        self._pressed_at = None

    def follow(self, map_: QWidget, tool: Tool) -> None:
        """Tell a tool that the place under the cross is another one now."""
        tool.move(_event(map_, QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier))

    def act(self, map_: QWidget, tool: Tool, view: MapView, modifiers: Qt.KeyboardModifier) -> None:
        """Press and let go at the cross; twice in one place ends what is being drawn."""
        again = self._pressed_at == view
        self._pressed_at = view
        ends = type(tool).double_click is not Tool.double_click
        kind = QEvent.Type.MouseButtonPress
        if again and ends:
            self._pressed_at = None
            kind = QEvent.Type.MouseButtonDblClick
            tool.double_click(_event(map_, kind, modifiers))
            return
        tool.press(_event(map_, kind, modifiers))
        tool.release(_event(map_, QEvent.Type.MouseButtonRelease, modifiers))

    def paint(self, painter: QPainter, view: MapView) -> None:
        _paint_cross(painter, QPointF(view.width / 2, view.height / 2))


def paint_mirrored(painter: QPainter, view: MapView, place: tuple[float, float]) -> None:
    """Draw a cross where the mouse is on a linked map."""
    _paint_cross(painter, _pixel(view, place))


def reach_of(view: MapView, place: tuple[float, float]) -> QRect:
    """The pixels that the cross of a linked map takes."""
    arm = round(_ARM) + 4
    return QRect(-arm, -arm, 2 * arm, 2 * arm).translated(_pixel(view, place).toPoint())


def _pixel(view: MapView, place: tuple[float, float]) -> QPointF:
    x, y = view.to_screen(np.array([place[0]]), np.array([place[1]]))
    # Where the place is far outside, it stays within what pixels can say.
    return QPointF(*np.clip([x[0], y[0]], -1e6, 1e6).tolist())


def _paint_cross(painter: QPainter, at: QPointF) -> None:
    t, x, y = theme.current(), at.x(), at.y()
    lines = [
        QLineF(x + dx * _GAP, y + dy * _GAP, x + dx * _ARM, y + dy * _ARM)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    painter.save()
    for color, width in ((t.halo_edge, 4.0), (t.halo, 2.0)):
        painter.setPen(QPen(theme.color(color), width))
        painter.drawLines(lines)
    painter.restore()


def middle(map_: QWidget) -> QPointF:
    """The pixel of the cross."""
    return QPointF(map_.width() / 2, map_.height() / 2)


def _event(map_: QWidget, kind: QEvent.Type, modifiers: Qt.KeyboardModifier) -> QMouseEvent:
    moves = kind is QEvent.Type.MouseMove
    button = Qt.MouseButton.NoButton if moves else Qt.MouseButton.LeftButton
    at = middle(map_)
    return QMouseEvent(kind, at, QPointF(map_.mapToGlobal(at)), button, button, modifiers)
