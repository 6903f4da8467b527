"""Rows of an agreement's form: its parties, and its weekly hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTimeEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers.agreement import DAYS, Hours, Party
from gisapp.layers.vocabulary import PartyRole
from gisapp.ui.fields import DayField, WheelGuard
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
        layout.addWidget(self.role, 2)
        layout.addWidget(self.signatory, 2)
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
        self.start, self.end = QTimeEdit(QTime(8, 0)), QTimeEdit(QTime(20, 0))
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
        for edit, name in ((self.start, "Start"), (self.end, "End")):
            edit.setDisplayFormat("HH:mm")
            edit.setAccessibleName(name)
            edit.setFixedWidth(80)
            WheelGuard.protect(edit)
            edit.timeChanged.connect(self._on_change)
        layout.addSpacing(6)
        layout.addWidget(self.start)
        layout.addWidget(QLabel("to"))
        layout.addWidget(self.end)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.remove)
        self.setFocusProxy(self.days[0])

    @property
    def hours(self) -> Hours | None:
        """What the row says; None while no day is ticked."""
        days = tuple(number for number, box in enumerate(self.days) if box.isChecked())
        return Hours(days, _clock(self.start), _clock(self.end)) if days else None

    def show_hours(self, hours: Hours) -> None:
        for number, box in enumerate(self.days):
            box.setChecked(number in hours.days)
        self.start.setTime(QTime(hours.start.hour, hours.start.minute))
        self.end.setTime(QTime(hours.end.hour, hours.end.minute))

    def problem(self) -> str:
        return "" if self.hours else "Tick the days on which these hours start."

    def _on_change(self) -> None:
        start, end = _clock(self.start), _clock(self.end)
        over = "24 hours" if start == end else "next day" if end < start else ""
        self.words.setText(over)
        self.changed.emit()


def _clock(edit: QTimeEdit) -> time:
    return time(edit.time().hour(), edit.time().minute())


class Rows(QWidget):
    """Rows of one sort with a button that adds another."""

    changed = Signal()

    def __init__(self, add_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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

    def make_row(self) -> PartyRow | HoursRow:
        raise NotImplementedError

    def add_row(self) -> PartyRow | HoursRow:
        """An empty row at the end."""
        row = self.make_row()
        row.changed.connect(self.changed)
        row.remove.clicked.connect(lambda: self.remove_row(row))
        self._layout.insertWidget(len(self._rows), row)
        self._rows.append(row)
        self.changed.emit()
        return row

    def remove_row(self, row: QWidget) -> None:
        self._rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus()
        self.changed.emit()


class PartiesField(Rows):
    """The parties of an agreement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add party", parent)

    def make_row(self) -> PartyRow:
        return PartyRow(self)

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
        super().__init__("Add hours", parent)

    def make_row(self) -> HoursRow:
        return HoursRow(self)

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
