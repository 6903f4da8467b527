"""A card over the map that asks for what a drawing does not tell."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from gisapp.ui import theme
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import Form, actions, say, secondary

_MARGIN = 12


class MapCard(QFrame):
    """Stands at the right of the canvas, or at the left where the right is taken by what is drawn.

    `ended` tells that what was drawn was added (True) or given up. A kind of card fills `form`,
    and says in `dismiss` what it forgets.
    """

    ended = Signal(bool)

    def __init__(self, session: Session, canvas: MapCanvas, title: str, width: int) -> None:
        super().__init__(canvas)
        self.session = session
        self._canvas = canvas
        self._on_left = False
        self.title, self.size_label, self.form = QLabel(title), say("", "hint"), Form()
        self.title.setFont(theme.font("title"))
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        canvas.installEventFilter(self)
        # What is said at the top of the map follows the look by then, and stays to be read.
        session.look_changed.connect(lambda: QTimer.singleShot(0, self, self._on_look))
        self.hide()

    def put_together(self, add: QPushButton) -> None:
        """Lay out the title, what is drawn, the form, and the buttons that add it or give it up."""
        t = theme.tokens(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.gap_large, t.gap_large, t.gap_large, t.gap_large)
        layout.setSpacing(t.gap)
        for part in (self.title, self.size_label, self.form):
            layout.addWidget(part)
        row = QHBoxLayout()
        row.addLayout(actions(add, secondary("Discard", self.discard)))
        layout.addLayout(row)

    def open_beside(self, west: float, east: float) -> None:
        """Show the card, away from what lies between two longitudes in degrees."""
        ends, _ = self.session.view.to_screen(np.array([west, east]), np.zeros(2))
        free_left, free_right = float(ends[0]), self._canvas.width() - float(ends[1])
        self._on_left = free_right < self.width() + 2 * _MARGIN and free_left > free_right
        self.show()
        self.raise_()
        self.fit()

    def discard(self) -> None:
        self.close_up(added=False)

    def dismiss(self) -> None:
        """Go without a word: the tool itself ends the sketch."""
        self.hide()

    def close_up(self, *, added: bool) -> None:
        """Go, and tell whether what was drawn was added."""
        self.dismiss()
        self._canvas.setFocus()
        self.ended.emit(added)

    def fit(self) -> None:
        """As tall as the rows that are shown, and where it stands in nobody's way."""
        for layout in (self.form.layout(), self.layout()):
            if layout is not None:
                layout.invalidate()
                layout.activate()
        self.adjustSize()
        self._place()

    def _on_look(self) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        x = _MARGIN if self._on_left else self._canvas.width() - self.width() - _MARGIN
        # The words at the upper left of the map, on what is restricted, stay to be read.
        y = 3 * _MARGIN if self._on_left else _MARGIN
        wanted = QRect(QPoint(x, y), self.size())
        for other in self._canvas.findChildren(
            QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            said = other.property("notice") and not other.isHidden()
            if said and other.geometry().intersects(wanted):
                y = max(y, other.geometry().bottom() + _MARGIN)
        self.move(x, y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.discard()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
