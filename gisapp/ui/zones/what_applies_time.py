"""The moment that is asked about: a day and a time on the clocks of the project."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.errors import DataError
from gisapp.layers.agreement import DAYS
from gisapp.layers.wall_clock import ClockTime, clock_time
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.session import Session
from gisapp.ui.times.typed_moment import typed_moment, whole_moment
from gisapp.ui.widgets.fields import popup_calendar
from gisapp.ui.widgets.forms import say, secondary
from gisapp.ui.widgets.plain import tip

_STEPS = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}
_ARROWS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_FORM = "%Y-%m-%d  %H:%M"
#: Where the time of day stands in the field, and where its minutes do.
_CLOCK_AT, _MINUTE_AT = 12, 15
#: How long somebody may stop in the middle of typing before a sentence says what is wrong.
_PAUSE_MS = 700
_HELP = (
    "A day and a time such as 2026-11-06 21:30, or a time alone. "
    "Page up and page down go an hour on and back"
)


class MomentRow(QWidget):
    """A field for day and time with steps of an hour; `changed` tells of each other moment.

    What is typed and is no moment is refused in words below the field (`unread` tells of it, as
    soon as it is typed); the moment stays what it was.
    """

    changed = Signal()
    unread = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        #: The moment by the clocks on the spot, without a zone.
        self._local = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0)
        #: The moment last shown: where clocks show a time twice, the field cannot tell which.
        self._exact: datetime | None = None
        self._calendar: QCalendarWidget | None = None
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._say_unread)
        self.edit = QLineEdit()
        self.edit.setAccessibleName("Day and time asked about")
        self.edit.setAccessibleDescription(_HELP)
        self.edit.setToolTip(tip(_HELP))
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self._on_typed)
        self.edit.editingFinished.connect(self._on_left)
        self.pick = QToolButton()
        self.pick.setIcon(icon("day"))
        self.pick.setToolTip("Pick the day from a calendar")
        self.pick.setAccessibleName("Day asked about: pick from a calendar")
        self.pick.clicked.connect(self._open_calendar)
        self.weekday = say("", "hint")
        self.note = say("", "hint")
        self.note.hide()
        self.error = say("", "error")
        self.error.hide()
        self._arrange(self._steps())

    def _steps(self) -> QHBoxLayout:
        self.earlier = secondary("−1 h", lambda: self.step(-1))
        self.later = secondary("+1 h", lambda: self.step(1))
        self.now = secondary("Now", self.to_now)
        row = QHBoxLayout()
        row.setSpacing(theme.tokens(False).gap_small)
        for button, name in (
            (self.earlier, "An hour earlier"),
            (self.later, "An hour later"),
            (self.now, "The present moment"),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip(name))
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.weekday)
        return row

    def _arrange(self, steps: QHBoxLayout) -> None:
        gap = theme.tokens(False).gap_small
        field = QHBoxLayout()
        field.setSpacing(gap)
        field.addWidget(self.edit, 1)
        field.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(field)
        column.addWidget(self.error)
        column.addLayout(steps)
        column.addWidget(self.note)

    @property
    def is_read(self) -> bool:
        """Whether the field shows the moment that is asked about, and nothing half typed."""
        return self.edit.text() == f"{self._local:{_FORM}}" or (
            whole_moment(self.edit.text(), self._local) == self._local
        )

    def mark_time(self) -> None:
        """Mark the time of day, which is what is typed over most."""
        self.edit.setSelection(_CLOCK_AT, len("21:30"))

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

    def _show(self, at: datetime) -> None:
        local = at
        if at.tzinfo is not None:
            local = at.astimezone(self._session.project.tzinfo)
            self._exact = local
        place = self.edit.cursorPosition()
        self.edit.setText(f"{local:{_FORM}}")
        self.edit.setCursorPosition(place)
        self._take(local)

    def _take(self, local: datetime) -> None:
        """Ask about a moment by the clocks on the spot; the field is left as it is."""
        self._soon.stop()
        self._local = local.replace(tzinfo=None, second=0, microsecond=0, fold=0)
        self._set_error("")
        self.weekday.setText(DAYS[self._local.weekday()])
        told = clock_time(self._local, self._session.project.tzinfo)
        words = told.in_words(second=self._second(told))
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.changed.emit()

    def _set_error(self, error: str) -> None:
        self.error.setText(error)
        self.error.setVisible(bool(error))
        self.edit.setAccessibleDescription(error or _HELP)
        if self.edit.property("invalid") != bool(error):
            self.edit.setProperty("invalid", bool(error))
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)

    # Typing

    def _on_typed(self, text: str) -> None:
        found = whole_moment(text, self._local)
        if found is not None:
            self._take(found)
            return
        self.weekday.setText("")
        self._soon.start()
        self.unread.emit()

    def _on_left(self) -> None:
        """Take what is typed by Enter or by leaving the field, or say why it cannot be."""
        if self.is_read:
            self.edit.setText(f"{self._local:{_FORM}}")
            return
        try:
            self._show(typed_moment(self.edit.text(), self._local))
        except DataError:
            self._say_unread()

    def _say_unread(self) -> None:
        self._soon.stop()
        try:
            typed_moment(self.edit.text(), self._local)
        except DataError as error:
            self._set_error(str(error))
        else:
            # Enough for Enter, which has not come.
            self._set_error("")
        self.unread.emit()

    def _step_part(self, number: int) -> None:
        """Go on or back by a day, an hour or a minute, as the cursor stands in it."""
        place = self.edit.cursorPosition()
        start = self.edit.selectionStart()
        at = place if start < 0 else start
        if at < _CLOCK_AT:
            self._show(self._local + timedelta(days=number))
        elif at < _MINUTE_AT:
            self.step(number)
        else:
            self._show(self.told.at.astimezone(UTC) + timedelta(minutes=number))

    def _open_calendar(self) -> None:
        if self._calendar is None:
            self._calendar = popup_calendar(self, self._on_picked)
        day = self._local
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self._calendar.move(self.mapToGlobal(QPoint(0, self.edit.height())))
        self._calendar.show()

    def _on_picked(self, day: QDate) -> None:
        self._show(self._local.replace(year=day.year(), month=day.month(), day=day.day()))
        if self._calendar is not None:
            self._calendar.hide()
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _STEPS:
                self.step(_STEPS[key])
                return True
            if key in _ARROWS and self.is_read:
                self._step_part(_ARROWS[key])
                return True
        return super().eventFilter(watched, event)
