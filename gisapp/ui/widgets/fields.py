"""Fields that forms share: a day, a length, a time zone, a list of choices to tick."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.errors import DataError
from gisapp.ui.icons import icon
from gisapp.ui.widgets.choice_box import ChoiceBox

_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y")


def parse_day(text: str) -> date | None:
    """A day written `2025-03-06` or `6 March 2025`; None for nothing.

    DataError for anything else: 3/6/2025 is two different days.
    """
    text = " ".join(text.split())
    if not text:
        return None
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    raise DataError(f"“{text}” is not a day.", "Write it such as 2025-03-06 or 6 March 2025.")


def quieten(calendar: QCalendarWidget) -> None:
    """Take the red, the grid and the numbers of weeks out of a calendar; weeks start on Monday."""
    calendar.setGridVisible(False)
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    # Digits typed here open an editor that shows years it cannot know.
    calendar.setDateEditEnabled(False)
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, QTextCharFormat())


def popup_calendar(field: QWidget, picked: Callable[[QDate], None]) -> QCalendarWidget:
    """A quiet calendar that opens beside a field and tells the day that is picked."""
    calendar = QCalendarWidget(field)
    calendar.setWindowFlag(Qt.WindowType.Popup)
    quieten(calendar)
    calendar.clicked.connect(picked)
    calendar.activated.connect(picked)
    return calendar


_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE)


def parse_clock(text: str) -> time:
    """A time of day written `19:00`, `1900`, `19` or `7 pm`; `24:00` is midnight.

    DataError for anything else.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 99
        if (hour, minute) == (24, 0):
            hour = 0
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise DataError(f"“{text.strip()}” is not a time of day.", "Write it such as 19:00 or 7 pm.")


class ClockField(QLineEdit):
    """A time of day, typed over what stands there; leaving the field tidies it to `19:00`."""

    def __init__(self, name: str, clock: time, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}, such as 19:00")
        self.set_clock(clock)
        self.editingFinished.connect(self._tidy)

    @property
    def clock(self) -> time:
        """The time; DataError when what is typed is none."""
        return parse_clock(self.text())

    def set_clock(self, clock: time) -> None:
        self.setText(f"{clock:%H:%M}")

    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is."""
        try:
            parse_clock(self.text())
        except DataError as error:
            return str(error)
        return ""

    def _tidy(self) -> None:
        if not self.problem():
            self.set_clock(self.clock)


class DayField(QWidget):
    """A day, typed or picked from a calendar; empty where there is none."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("such as 2025-03-06")
        self.edit.setAccessibleName(name)
        self.edit.setMinimumWidth(110)
        self.button = QToolButton()
        self.button.setIcon(icon("day"))
        self.button.setToolTip("Pick from a calendar")
        self.button.setAccessibleName(f"{name}: pick from a calendar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(lambda _: self.changed.emit())
        self.edit.editingFinished.connect(self._tidy)
        self.button.clicked.connect(self._pick)
        self._calendar: QCalendarWidget | None = None

    @property
    def day(self) -> date | None:
        """The day; DataError when what is typed is none."""
        return parse_day(self.edit.text())

    def set_day(self, day: date | None) -> None:
        self.edit.setText(day.isoformat() if day else "")

    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is."""
        try:
            parse_day(self.edit.text())
        except DataError as error:
            return str(error)
        return ""

    def _tidy(self) -> None:
        if not self.problem():
            self.set_day(self.day)

    def make_calendar(self) -> QCalendarWidget:
        """The calendar that the button opens, at the day that is typed."""
        if self._calendar is None:
            self._calendar = popup_calendar(self, self._on_picked)
        if not self.problem() and self.day:
            self._calendar.setSelectedDate(QDate(self.day.year, self.day.month, self.day.day))
        return self._calendar

    def _pick(self) -> None:
        calendar = self.make_calendar()
        calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        calendar.show()

    def _on_picked(self, day: QDate) -> None:
        self.set_day(date(day.year(), day.month(), day.day()))
        if self._calendar is not None:
            self._calendar.hide()
        self.edit.setFocus()


_WHOLE = re.compile(r"-?[0-9]{1,9}")


class WholeField(QLineEdit):
    """A whole number that may be left out."""

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high = low, high
        self.setAccessibleName(name)
        self.setFixedWidth(90)

    @property
    def number(self) -> int | None:
        """The number; None where there is none, or none that can be read (see `problem`)."""
        text = self.text().strip()
        return int(text) if text and not self.problem() else None

    def set_number(self, number: int | None) -> None:
        self.setText("" if number is None else str(number))

    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is."""
        text = self.text().strip()
        if not text:
            return ""
        if _WHOLE.fullmatch(text) and self._low <= int(text) <= self._high:
            return ""
        return f"Write a whole number from {self._low} to {self._high}, or leave it empty."


#: What stands before a slash in names of zones that are not named after a place.
_NO_PLACES = ("", "Etc", "posix", "right")


@lru_cache(maxsize=1)
def timezone_names() -> tuple[str, ...]:
    """The names of places that time zones go by, and UTC."""
    places = {name for name in available_timezones() if "/" in name and name[:3] != "Etc"}
    return ("UTC", *sorted(places))


def _is_timezone(name: str) -> bool:
    """Whether it is one of `timezone_names`, asked without reading the whole folder of them."""
    if name == "UTC":
        return True
    if "/" not in name or name.split("/")[0] in _NO_PLACES:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


class TimezoneField(QComboBox):
    """A time zone by the name of its place, found by typing any part of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Time zone")
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self.setEditText("UTC")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """In a form the wheel scrolls the form, unless the field has the focus (`WheelGuard`)."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._offer()
        super().focusInEvent(event)

    def showPopup(self) -> None:
        self._offer()
        super().showPopup()

    def _offer(self) -> None:
        """Offer the names once somebody is about to choose: finding them reads a folder."""
        if self.count():
            return
        text = self.currentText()
        with QSignalBlocker(self):
            self.addItems(list(timezone_names()))
            self.setCurrentIndex(self.findText(text))
            self.setEditText(text)
        completer = QCompleter(list(timezone_names()), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    def set_timezone(self, name: str) -> None:
        self.setCurrentText(name)

    @property
    def timezone(self) -> str:
        return self.currentText().strip()

    def problem(self) -> str:
        if _is_timezone(self.timezone):
            return ""
        return f"There is no time zone “{self.timezone}”. Write a place such as Europe/London."


class TickList(QWidget):
    """Choices to tick, in columns; `values` are those ticked, in the order of the list."""

    changed = Signal()

    def __init__(
        self, choices: Iterable[tuple[str, str]], columns: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        self.boxes: dict[str, QCheckBox] = {}
        listed = list(choices)
        high = -(-len(listed) // columns)
        for place, (text, value) in enumerate(listed):
            box = QCheckBox(text)
            box.toggled.connect(lambda _: self.changed.emit())
            grid.addWidget(box, place % high, place // high)
            self.boxes[value] = box
        if listed:
            self.setFocusProxy(next(iter(self.boxes.values())))

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(value for value, box in self.boxes.items() if box.isChecked())

    def set_values(self, values: Sequence[str]) -> None:
        for value, box in self.boxes.items():
            box.setChecked(value in values)


class WheelGuard(QObject):
    """Keeps the wheel for scrolling the form: a field under it changes only when it has focus."""

    @classmethod
    def protect(cls, field: QWidget) -> None:
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if not isinstance(field, ChoiceBox):  # which sees to it by itself
            field.installEventFilter(cls(field))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()
        return True


def boxed(*widgets: QWidget) -> QFrame:
    """Widgets under each other on a card."""
    card = QFrame()
    card.setProperty("role", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(12, 10, 12, 10)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return card
