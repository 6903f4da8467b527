"""Rows of an agreement's form: its parties, and its weekly hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers.agreement import DAYS, Hours, Party
from gisapp.layers.vocabulary import PartyRole
from gisapp.ui.fields import ClockField, DayField, WheelGuard
from gisapp.ui.forms import INSIDE, choose, combo, say, secondary
from gisapp.ui.icons import icon


def _remove_button(what: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon("close"))
    button.setToolTip(f"Remove this {what}")
    button.setAccessibleName(f"Remove this {what}")
    return button


class PartyRow(QWidget):
    """One party: organisation, role, who signs, signed on."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.organisation = QLineEdit()
        self.organisation.setPlaceholderText("Organisation")
        self.organisation.setAccessibleName("Organisation")
        self.role = combo([(role.label, role.value) for role in PartyRole], "Role")
        WheelGuard.protect(self.role)
        self.signatory = QLineEdit()
        self.signatory.setPlaceholderText("Office of who signs")
        self.signatory.setAccessibleName("Office of who signs")
        self.signed_on = DayField("Signed on")
        self.signed_on.edit.setPlaceholderText("signed on")
        self.remove = _remove_button("party")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.organisation, 3)
        layout.addWidget(self.role, 1)
        layout.addWidget(self.signatory, 3)
        layout.addWidget(self.signed_on, 2)
        layout.addWidget(self.remove)
        self.setFocusProxy(self.organisation)
        self.organisation.textChanged.connect(lambda _: self.changed.emit())
        self.signatory.textChanged.connect(lambda _: self.changed.emit())
        self.role.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.signed_on.changed.connect(self.changed)

    @property
    def party(self) -> Party:
        """What the row says; a day that cannot be read counts as none (see `problem`)."""
        return Party(
            self.organisation.text().strip(),
            PartyRole(self.role.currentData()),
            self.signatory.text().strip(),
            None if self.signed_on.problem() else self.signed_on.day,
        )

    def show_party(self, party: Party) -> None:
        self.organisation.setText(party.organisation)
        choose(self.role, party.role.value)
        self.signatory.setText(party.signatory)
        self.signed_on.set_day(party.signed_on)

    def problem(self) -> str:
        return self.signed_on.problem()


class HoursRow(QWidget):
    """Days of the week with a start and an end; an end at or before the start is the next day."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = [QCheckBox(day[:2]) for day in DAYS]
        self.start, self.end = ClockField("Start", time(8)), ClockField("End", time(20))
        self.words = say("", "hint")
        self.words.setWordWrap(False)
        self.remove = _remove_button("row of hours")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for box, day in zip(self.days, DAYS, strict=True):
            box.setAccessibleName(day)
            box.setToolTip(day)
            box.toggled.connect(self._on_change)
            layout.addWidget(box)
            layout.addSpacing(INSIDE)  # the name of a day must be nearer to its own box
        for edit in (self.start, self.end):
            edit.setFixedWidth(72)
            edit.textChanged.connect(self._on_change)
        layout.addSpacing(6)
        layout.addWidget(self.start)
        layout.addWidget(QLabel("to"))
        layout.addWidget(self.end)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.remove)
        self.setFocusProxy(self.days[0])

    @property
    def hours(self) -> Hours | None:
        """What the row says; None while no day is ticked or a time cannot be read."""
        if self.problem():
            return None
        return Hours(self._days, self.start.clock, self.end.clock)

    @property
    def _days(self) -> tuple[int, ...]:
        return tuple(number for number, box in enumerate(self.days) if box.isChecked())

    def show_hours(self, hours: Hours) -> None:
        for number, box in enumerate(self.days):
            box.setChecked(number in hours.days)
        self.start.set_clock(hours.start)
        self.end.set_clock(hours.end)

    def problem(self) -> str:
        wrong = self.start.problem() or self.end.problem()
        return wrong or ("" if self._days else "Tick the days on which these hours start.")

    def _on_change(self) -> None:
        over = ""
        if not (self.start.problem() or self.end.problem()):
            start, end = self.start.clock, self.end.clock
            over = "24 hours" if start == end else "next day" if end < start else ""
        self.words.setText(over)
        self.changed.emit()


class Rows(QWidget):
    """Rows of one sort with a button that adds another."""

    changed = Signal()

    def __init__(
        self,
        add_text: str,
        make_row: Callable[[QWidget], PartyRow | HoursRow],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_row = make_row
        self.add = secondary(add_text, lambda: self.add_row().setFocus())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        self._layout.addLayout(foot)
        self._rows: list[QWidget] = []
        self.setFocusProxy(self.add)

    def add_row(self) -> PartyRow | HoursRow:
        """An empty row at the end."""
        row = self._make_row(self)
        row.changed.connect(self.changed)
        row.remove.clicked.connect(lambda: self.remove_row(row))
        self._layout.insertWidget(len(self._rows), row)
        self._rows.append(row)
        self._order_keys()
        self.changed.emit()
        return row

    def _order_keys(self) -> None:
        """Let Tab go from row to row and then to the button: a new widget comes last by itself."""
        stops = [stop for row in self._rows for stop in _stops(row)]
        # Each goes behind the one before it, so the first must be brought to this place first.
        for former, stop in pairwise([self.add, *stops, self.add]):
            QWidget.setTabOrder(former, stop)

    def remove_row(self, row: QWidget) -> None:
        self._rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus()
        self.changed.emit()


def _stops(row: QWidget) -> list[QWidget]:
    """The widgets of a row that take the keyboard, in the order in which they stand."""
    layout = row.layout()
    assert layout is not None
    places = [layout.itemAt(number) for number in range(layout.count())]
    found = [place.widget() for place in places if place is not None]
    stops: list[QWidget] = []
    for widget in found:
        if isinstance(widget, DayField):
            stops += [widget.edit, widget.button]
        elif widget is not None and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(widget)
    return stops


class PartiesField(Rows):
    """The parties of an agreement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add party", PartyRow, parent)

    @property
    def rows(self) -> list[PartyRow]:
        return [row for row in self._rows if isinstance(row, PartyRow)]

    @property
    def parties(self) -> tuple[Party, ...]:
        return tuple(row.party for row in self.rows)

    def set_parties(self, parties: Sequence[Party]) -> None:
        for party in parties:
            self.add_row()
            self.rows[-1].show_party(party)

    def problem(self) -> str:
        return next((row.problem() for row in self.rows if row.problem()), "")


class HoursField(Rows):
    """The weekly hours of an agreement; none means at all hours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add hours", HoursRow, parent)

    @property
    def rows(self) -> list[HoursRow]:
        return [row for row in self._rows if isinstance(row, HoursRow)]

    @property
    def hours(self) -> tuple[Hours, ...]:
        return tuple(row.hours for row in self.rows if row.hours is not None)

    def set_hours(self, hours: Sequence[Hours]) -> None:
        for span in hours:
            self.add_row()
            self.rows[-1].show_hours(span)

    def problem(self) -> str:
        return next((row.problem() for row in self.rows if row.problem()), "")
