"""The field for the value of a condition: as wide as its text, and with dots where that is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolTip

from gisapp.ui.widgets.plain import tip

#: At both ends of the text: what the field leaves free, and room for the text cursor.
_SIDE = 12
#: A field is wide enough for a moment, and never asks for more than two pairs of them need.
_LEAST = "2025-03-01 22:00"
_TWO = "2025-03-01 22:00 to 2025-03-02 06:00"


class ValueLine(QLineEdit):
    """A line that shows the beginning of its text, and all of it in its tool tip."""

    @property
    def wanted(self) -> int:
        """How many pixels the text needs, within reason."""
        wide = self.fontMetrics().horizontalAdvance
        text = self.text() or self.placeholderText()
        return min(max(wide(text), wide(_LEAST)), 2 * wide(_TWO)) + 2 * _SIDE

    @property
    def width_of_two(self) -> int:
        """How many pixels two moments need, which are never cut for the sake of other fields."""
        return self.fontMetrics().horizontalAdvance(_TWO) + 2 * _SIDE

    @property
    def shown_text(self) -> str:
        """The text as there is room for it while nobody writes."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self._room().width()
        )

    def sizeHint(self) -> QSize:
        return QSize(self.wanted, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self.shown_text == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self._room(), int(middle), self.shown_text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self.shown_text != self.text():
            QToolTip.showText(event.globalPos(), tip(self.text()), self)
            return True
        return super().event(event)

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inner = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return inner.adjusted(2, 0, -2, 0)
