"""On which weekdays and at which hours events happen: seven rows of twenty-four cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gisapp.layers.agreement import DAYS
from gisapp.layers.audience import Audience, shown_count, suppressed
from gisapp.ui import theme

#: Sizes in pixels: a cell, room on the left for the days, room below for the hours.
_CELL_W, _CELL_H, _LEFT, _FOOT = 8, 12, 32, 18


class WeekStrip(QWidget):
    """Darker cells hold more events; cells too small for the audience stay empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = np.zeros((7, 24), dtype=np.int64)
        self._selected: NDArray[np.int64] | None = None
        self._audience = Audience.POLICE
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName("Weekdays and hours")

    def sizeHint(self) -> QSize:
        return QSize(_LEFT + 24 * _CELL_W + 2, 7 * _CELL_H + _FOOT + 2)

    def show_counts(self, counts: NDArray[np.int64], audience: Audience) -> None:
        """Counts by weekday (Monday first) and hour, shape (7, 24)."""
        self._counts, self._audience = counts, audience
        self.setAccessibleDescription(self._busiest())
        self.update()

    def show_selected(self, counts: NDArray[np.int64] | None) -> None:
        """How many of each cell are selected, shape (7, 24): a small square in their colour."""
        if counts is not None or self._selected is not None:
            self._selected = counts
            self.update()

    def _busiest(self) -> str:
        day, hour = np.unravel_index(int(self._counts.argmax()), self._counts.shape)
        if suppressed(int(self._counts[day, hour]), self._audience) in (0, None):
            return "No hour stands out."
        return f"Most events on {DAYS[day]} from {hour:02d}:00 to {(hour + 1) % 24:02d}:00."

    def text_at(self, place: QPoint) -> str:
        """What the cell under a pixel says; empty beside the cells."""
        hour, day = (place.x() - _LEFT) // _CELL_W, place.y() // _CELL_H
        if not (0 <= hour < 24 and 0 <= day < 7):
            return ""
        count = shown_count(
            suppressed(int(self._counts[day, hour]), self._audience), self._audience
        )
        text = f"{DAYS[day]} {hour:02d}:00–{(hour + 1) % 24:02d}:00: {count}"
        if self._selected is not None and self._selected[day, hour]:
            text += f", {self._selected[day, hour]:,} selected"
        return text

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.text_at(event.pos()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = theme.current()
        painter.setFont(theme.font("small"))
        most = max(int(self._counts.max()), 1)
        for day in range(7):
            painter.setPen(theme.color(t.muted))
            place = QRectF(0, day * _CELL_H, _LEFT - 4, _CELL_H)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, DAYS[day][:3])
            painter.setPen(Qt.PenStyle.NoPen)
            for hour in range(24):
                count = suppressed(int(self._counts[day, hour]), self._audience) or 0
                cell = QRectF(_LEFT + hour * _CELL_W, day * _CELL_H, _CELL_W - 1, _CELL_H - 1)
                painter.setBrush(theme.color(t.border, 0.5))
                painter.drawRect(cell)
                painter.setBrush(theme.color(t.accent, count / most))
                painter.drawRect(cell)
                if self._selected is not None and self._selected[day, hour]:
                    painter.setBrush(theme.color(t.halo))
                    painter.drawRect(cell.adjusted(2, 4, -2, -4))
        painter.setPen(theme.color(t.muted))
        for hour in (0, 6, 12, 18):
            place = QRectF(_LEFT + hour * _CELL_W, 7 * _CELL_H, 6 * _CELL_W, _FOOT)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, f"{hour:02d}:00")
