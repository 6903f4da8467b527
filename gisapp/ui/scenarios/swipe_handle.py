"""The handle that divides a map: dragged with the mouse, or moved with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gisapp.ui import theme

#: How wide the strip is that takes the mouse, and how large the knob in its middle, in pixels.
_WIDE, _KNOB = 24, 18.0
_STEP, _SMALL_STEP = 24, 1


class SwipeHandle(QWidget):
    """Stands over a map from top to bottom at `share` of its width. `left` tells of Escape."""

    moved = Signal()
    left = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._grip: float | None = None
        #: Where it stands, from 0 at the left edge of the map to 1 at the right.
        self.share = 0.5
        self.setAccessibleName("Divider of the map")
        self.setAccessibleDescription(
            "Left and right arrow keys move it, with Shift by one pixel; Home and End to the "
            "edges. Escape ends the comparison."
        )
        self.setToolTip("Drag to compare, or use the arrow keys; Esc ends")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        over.installEventFilter(self)
        self._place()

    @property
    def middle(self) -> int:
        """The pixel of the map at which it is divided."""
        return round(self.share * self._over.width())

    def move_to(self, pixel: float) -> None:
        """Divide the map at a pixel; not beyond its edges."""
        share = min(max(pixel / max(self._over.width(), 1), 0.0), 1.0)
        if share != self.share:
            self.share = share
            self._place()
            self.moved.emit()

    def _place(self) -> None:
        self.setGeometry(self.middle - _WIDE // 2, 0, _WIDE, self._over.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.position().x() - _WIDE / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move_to(self.x() + event.position().x() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        # It is the map that zooms, wherever the mouse is on it.
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        step = _SMALL_STEP if shift else _STEP
        places = {
            Qt.Key.Key_Left: self.middle - step,
            Qt.Key.Key_Right: self.middle + step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._over.width(),
        }
        if event.key() in places:
            self.move_to(places[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = _WIDE / 2, self.height() / 2
        for color, wide in ((t.map_paper, 5.0), (t.accent, 2.0)):
            painter.setPen(QPen(theme.color(color), wide))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        edge = t.focus if self.hasFocus() else t.map_paper
        painter.setPen(QPen(theme.color(edge), 2.0))
        painter.setBrush(theme.color(t.accent))
        knob = QRectF(x - _KNOB / 2 - 1, y - _KNOB, _KNOB + 2, 2 * _KNOB)
        painter.drawRoundedRect(knob, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(t.accent_text))
        for side in (-1, 1):
            tip, foot = QPointF(x + side * 7, y), x + side * 2.5
            painter.drawPolygon(QPolygonF([tip, QPointF(foot, y - 5), QPointF(foot, y + 5)]))
        painter.end()
