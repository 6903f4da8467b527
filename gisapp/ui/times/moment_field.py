"""A moment by the clock on the spot: a day, a time of day, and the time zone they are meant in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from gisapp.errors import DataError
from gisapp.layers.wall_clock import clock_time
from gisapp.ui.widgets.fields import DayField, parse_clock
from gisapp.ui.widgets.forms import say


class MomentField(QWidget):
    """A day and a time of day, both or neither."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = DayField(f"{name}: day")
        self.clock = QLineEdit()
        self.clock.setPlaceholderText("14:30")
        self.clock.setAccessibleName(f"{name}: time")
        self.clock.setFixedWidth(64)
        self.place: QLabel = say("", "hint")
        self._zone = "UTC"
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.day, 0, 0)
        grid.addWidget(self.clock, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.place, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.setFocusProxy(self.day)
        self.day.changed.connect(self.changed)
        self.clock.textChanged.connect(lambda _: self.changed.emit())
        self.clock.editingFinished.connect(self._tidy)

    def set_timezone(self, name: str) -> None:
        """Mean days and times by the clock of a place, by its IANA name."""
        self._zone = name
        self.place.setText(f"Time in {name.replace('_', ' ')}")

    def set_moment(self, at: datetime | None) -> None:
        """Show a moment by the clock of the place, to the minute."""
        local = at.astimezone(ZoneInfo(self._zone)) if at is not None else None
        self.day.set_day(local.date() if local else None)
        self.clock.setText(f"{local:%H:%M}" if local else "")

    @property
    def moment(self) -> datetime | None:
        """The moment with its time zone; None where nothing is typed or it cannot be read."""
        day = None if self.problem() else self.day.day
        return self._at(day) if day is not None else None

    def problem(self) -> str:
        """What is wrong with it; empty when nothing is."""
        clock = self.clock.text().strip()
        if self.day.problem():
            return self.day.problem()
        if self.day.day is None:
            return "A time needs its day." if clock else ""
        if not clock:
            return "Say at what time, such as 14:30."
        try:
            at = self._at(self.day.day)
        except DataError as error:
            return str(error)
        # Somebody says when it was, so a time that never came is a slip and is not read as another.
        gap = clock_time(at.replace(tzinfo=None), ZoneInfo(self._zone)).gap_in_words
        return f"{gap}." if gap else ""

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, parse_clock(self.clock.text()), ZoneInfo(self._zone))

    def _tidy(self) -> None:
        if self.clock.text().strip() and not self.problem():
            self.clock.setText(f"{parse_clock(self.clock.text()):%H:%M}")
