"""Says on the map that it is not of today, and leads back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gisapp.layers.agreement import day_in_words
from gisapp.ui import theme
from gisapp.ui.map.furniture import FURNITURE
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import say

#: From the upper edge of the map, in pixels: below the words of the frame and of spans of time.
_TOP = 62


class DayCaption(QFrame):
    """Lies over the map, top centre, while the day of the map is not the present one."""

    def __init__(self, session: Session, canvas: QWidget, today: Callable[[], date]) -> None:
        super().__init__(canvas)
        self.session = session
        self._canvas = canvas
        self._today = today
        self.setProperty("notice", "warning")
        self.setProperty(FURNITURE, True)
        self.words = say("")
        self.words.setWordWrap(False)
        self.words.setFont(theme.font("body", bold=True))
        self.back = QPushButton("Back to today")
        self.back.setProperty("flat", True)
        self.back.setFlat(True)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(lambda: session.set_look(day=self._today()))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 4, 2)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.back)
        self.hide()
        canvas.installEventFilter(self)
        session.look_changed.connect(self.refresh)
        session.project_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Say of which day the map is, unless it is of today or there is nothing dated on it."""
        day, today = self.session.look.day, self._today()
        text = f"As of {day_in_words(day)}, not of today"
        shown = day != today and bool(self.session.project.agreements)
        self.words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(shown)
        if shown:
            self._place()

    def _place(self) -> None:
        self.adjustSize()
        self.move(max((self._canvas.width() - self.width()) // 2, 0), _TOP)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)
