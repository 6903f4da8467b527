"""A list of choices that shows with dots where it cuts its text short, and says all of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip

from gisapp.ui.widgets.plain import tip

#: Left free at both ends of the text by the style, in pixels.
_PADDING = 4


class ChoiceBox(QComboBox):
    """Not for boxes that are typed in."""

    @property
    def shown_text(self) -> str:
        """The text of the choice as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        picture = 0 if option.currentIcon.isNull() else option.iconSize.width() + _PADDING
        room = field.width() - picture - _PADDING
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event: QEvent) -> bool:
        asked = isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip
        if asked and not self.toolTip() and self.shown_text != self.currentText():
            assert isinstance(event, QHelpEvent)
            QToolTip.showText(event.globalPos(), tip(self.currentText()), self)
            return True
        return super().event(event)
