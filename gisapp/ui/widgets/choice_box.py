"""A list of choices that shows with dots where it cuts its text short, and says all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from gisapp.ui.widgets.plain import tip

#: Left free at both ends of the text by the style, in pixels.
_PADDING = 4


class ChoiceBox(QComboBox):
    """Not for boxes that are typed in.

    Forms have many of these, so it looks at no event but those it needs: each that Python looks
    at may have to wait for what a worker does in Python.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        #: The tip that stands for text that was cut; any other one was given from outside.
        self._said = ""

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
        self._say_what_is_cut(option.currentText)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _say_what_is_cut(self, shown: str) -> None:
        if self.toolTip() in ("", self._said):
            self._said = tip(self.currentText()) if shown != self.currentText() else ""
            if self.toolTip() != self._said:
                self.setToolTip(self._said)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """In a form the wheel scrolls the form, unless the box has the focus (`WheelGuard`)."""
        if self.hasFocus() or self.focusPolicy() is Qt.FocusPolicy.WheelFocus:
            super().wheelEvent(event)
        else:
            event.ignore()
