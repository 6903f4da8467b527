"""The bar at the foot of the map in which places and lengths are typed while one draws."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.widgets.forms import INSIDE, say

#: Room below it for the scale bar and for news, in pixels.
_ABOVE_FOOT = 98


class DrawBar(QFrame):
    """`entered` carries what was typed, `left` tells that the map shall have the keys again.

    `snap` and `trace` are switches; `finish` says that what is drawn is complete.
    """

    entered = Signal(str)
    left = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setProperty("role", "card")
        self.setAccessibleName("Exact entry")
        self.title = QLabel()
        self.edit = QLineEdit()
        self.edit.setMinimumWidth(280)
        self.edit.setClearButtonEnabled(True)
        self.snap = _switch("snap", "Snap to corners, edges and streets (N; Alt for once not)")
        self.trace = _switch("trace", "Follow the streets between two clicks (T)")
        self.finish = QToolButton()
        self.finish.setIcon(icon("done"))
        self.finish.setToolTip("Finish (Enter)")
        self.finish.setAccessibleName("Finish")
        self.error = say("", "error")
        t = theme.tokens(False)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        for widget in (self.title, self.edit, self.snap, self.trace, self.finish):
            row.addWidget(widget)
            if isinstance(widget, QToolButton):
                widget.setIconSize(QSize(t.icon_tool, t.icon_tool))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, t.gap_small, t.gap_small, t.gap_small)
        column.setSpacing(t.gap_small)
        column.addLayout(row)
        column.addWidget(self.error)
        self.edit.textEdited.connect(lambda: self.say(""))
        self.edit.installEventFilter(self)
        canvas.installEventFilter(self)
        self.hide()

    def open(self, title: str, example: str, *, traces: bool) -> None:
        """Stand there for a tool: its name, what can be typed, and whether it follows streets."""
        self.title.setText(title)
        self.edit.clear()
        self.edit.setPlaceholderText(example)
        self.edit.setAccessibleName(f"{title}: exact entry")
        self.edit.setAccessibleDescription(example)
        self.edit.setToolTip(example)
        self.trace.setVisible(traces)
        self.say("")
        self.show()
        self.raise_()
        self._place()

    def begin(self, text: str) -> None:
        """Take what is typed from now on, with what was typed on the map."""
        self.edit.setFocus()
        self.edit.setText(self.edit.text() + text)

    def say(self, problem: str) -> None:
        """Say what is wrong with what was typed; empty when nothing is."""
        self.error.setText(problem)
        self.error.setVisible(bool(problem))
        self.edit.setAccessibleDescription(problem or self.edit.placeholderText())
        self._place()

    def accept(self) -> None:
        """What was typed has been done: the map has the keys again, unless a card asks on."""
        self.edit.clear()
        self.say("")
        if self.isVisible():
            self.left.emit()

    def _on_return(self) -> None:
        if self.edit.text().strip():
            self.entered.emit(self.edit.text())
        else:
            self.left.emit()

    def _place(self) -> None:
        self.adjustSize()
        across = max((self._canvas.width() - self.width()) // 2, 0)
        self.move(across, self._canvas.height() - self.height() - _ABOVE_FOOT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.edit and event.type() is QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                self.accept()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                # A field lets this key go on to the map, where it means something else.
                self._on_return()
                return True
        return super().eventFilter(watched, event)


def _switch(picture: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setIcon(icon(picture))
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
