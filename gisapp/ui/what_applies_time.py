"""The moment that is asked about: a day and a time on the clocks of the project."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QEvent, QObject, Qt, QTime, QTimeZone, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QVBoxLayout, QWidget

from gisapp.layers.agreement import DAYS
from gisapp.layers.wall_clock import ClockTime, clock_time
from gisapp.ui import theme
from gisapp.ui.forms import say, secondary
from gisapp.ui.plain import tip
from gisapp.ui.session import Session

_STEPS = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}
#: What people type between year, month, day, hour and minute.
_PARTS = ("-", "/", ".", " ", ":")
_HELP = "Page up and page down go an hour on and back"


class MomentRow(QWidget):
    """A field for day and time with steps of an hour; `changed` tells of each other moment."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        #: The moment last shown: where clocks show a time twice, the field cannot tell which.
        self._exact: datetime | None = None
        self._digit = False
        t = theme.tokens(False)
        self.edit = QDateTimeEdit()
        # A weekday in it would take what is typed over the whole for the name of a day.
        self.edit.setDisplayFormat("yyyy-MM-dd  HH:mm")
        # In UTC no time of day is ever missing from the field, whatever clocks do on the spot.
        self.edit.setTimeZone(QTimeZone.utc())
        self.edit.setCalendarPopup(True)
        self.edit.setAccessibleName("Day and time asked about")
        self.edit.setAccessibleDescription(_HELP)
        self.weekday = say("", "hint")
        self.edit.setToolTip(tip(_HELP))
        self.edit.installEventFilter(self)
        self.edit.dateTimeChanged.connect(self._on_changed)
        self.earlier = secondary("−1 h", lambda: self.step(-1))
        self.later = secondary("+1 h", lambda: self.step(1))
        self.now = secondary("Now", self.to_now)
        for button, name in (
            (self.earlier, "An hour earlier"),
            (self.later, "An hour later"),
            (self.now, "The present moment"),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip(name))
        self.note = say("", "hint")
        self.note.hide()
        row = QHBoxLayout()
        row.setSpacing(t.gap_small)
        for button in (self.earlier, self.later, self.now):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.weekday)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.gap_small)
        column.addWidget(self.edit)
        column.addLayout(row)
        column.addWidget(self.note)

    @property
    def told(self) -> ClockTime:
        """The moment in the project's time zone, and whether clocks skip it or show it twice."""
        told = clock_time(self._local, self._session.project.tzinfo)
        if told.again is not None and self._second(told):
            return ClockTime(told.local, told.again)
        return told

    def _second(self, told: ClockTime) -> bool:
        """Whether the hour that clocks show twice was reached as the second of the two."""
        # Times of one zone are compared by what clocks show, so both go to UTC first.
        moments = [at.astimezone(UTC) for at in (self._exact, told.again) if at is not None]
        return len(moments) == 2 and moments[0] == moments[1]

    def to_now(self) -> None:
        self._show(datetime.now(self._session.project.tzinfo))

    def to_look(self) -> None:
        """The day that the map is looked at, with its hour; the present hour where it has none."""
        look = self._session.look
        now = datetime.now(self._session.project.tzinfo)
        self._show(datetime.combine(look.day, look.time or now.time()))

    def step(self, hours: int) -> None:
        """Go on or back by hours that pass, whatever clocks do in them."""
        self._show(self.told.at.astimezone(UTC) + timedelta(hours=hours))

    @property
    def _local(self) -> datetime:
        shown = self.edit.dateTime()
        day, at = shown.date(), shown.time()
        parts = (day.year(), day.month(), day.day(), at.hour(), at.minute())
        return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)

    def _show(self, at: datetime) -> None:
        before, local = self.edit.dateTime(), at
        if at.tzinfo is not None:
            local = at.astimezone(self._session.project.tzinfo)
            self._exact = local
        day, clock = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
        self.edit.setDateTime(QDateTime(day, clock, QTimeZone.utc()))
        if self.edit.dateTime() == before:
            # The second of two equal times looks like the first.
            self._on_changed()

    def _on_changed(self) -> None:
        self.weekday.setText(DAYS[self._local.weekday()])
        told = clock_time(self._local, self._session.project.tzinfo)
        words = told.in_words(second=self._second(told))
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.changed.emit()

    def _led_on(self, typed: str) -> bool:
        """Whether a sign that parts numbers comes after the field went on by itself.

        The last digit of a year leads to the month; a hyphen then would lead past it.
        """
        if not self._digit or typed not in _PARTS:
            return False
        section = self.edit.sectionText(self.edit.currentSection())
        self._digit = False
        return self.edit.lineEdit().selectedText() == section

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            hours = _STEPS.get(Qt.Key(event.key()))
            if hours is not None:
                self.step(hours)
                return True
            if self._led_on(event.text()):
                return True
            self._digit = event.text().isdigit()
            if self._digit and self.edit.lineEdit().selectedText() == self.edit.text():
                # What is typed over the whole begins with its year.
                self.edit.setSelectedSection(QDateTimeEdit.Section.YearSection)
        return super().eventFilter(watched, event)
