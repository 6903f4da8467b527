"""Rows of an agreement's form on who and when: parties, liaison, weekly hours, special days."""

from __future__ import annotations

from datetime import time

from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from gisapp.layers.agreement import DAYS, Hours, Liaison, Party
from gisapp.layers.schedule import SpecialDay
from gisapp.layers.vocabulary import PartyRole
from gisapp.ui.agreements.row_list import Row, Rows, choice_box, line_edit
from gisapp.ui.widgets.fields import ClockField, DayField
from gisapp.ui.widgets.forms import INSIDE, choose, say


class PartyRow(Row):
    """One party: organisation, role, who signs, signed on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("party", parent)
        self.organisation = line_edit("Organisation")
        self.role = choice_box("Role", [(role.label, role.value) for role in PartyRole])
        self.signatory = line_edit("Office of who signs")
        self.signed_on = DayField("Signed on")
        self.signed_on.edit.setPlaceholderText("signed on")
        self.signed_on.edit.setToolTip("Signed on")
        self.arrange((self.organisation, 3), (self.role, 1), (self.signatory, 3))
        self.line.insertWidget(3, self.signed_on, 2)
        self.signed_on.changed.connect(self.changed)

    @property
    def value(self) -> Party:
        """What the row says; a day that cannot be read counts as none (see `problem`)."""
        return Party(
            self.organisation.text().strip(),
            PartyRole(self.role.currentData()),
            self.signatory.text().strip(),
            None if self.signed_on.problem() else self.signed_on.day,
        )

    def fill(self, party: Party) -> None:
        self.organisation.setText(party.organisation)
        choose(self.role, party.role.value)
        self.signatory.setText(party.signatory)
        self.signed_on.set_day(party.signed_on)

    def problem(self) -> str:
        return self.signed_on.problem()


class LiaisonRow(Row):
    """Whom to reach at an organisation, by office."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("contact", parent)
        self.organisation = line_edit("Organisation")
        self.role = line_edit("Office to ask for", "Office, such as duty officer")
        self.channel = line_edit("How to reach it", "Telephone or mail of the office")
        self.hours = line_edit("When it can be reached", "When, such as day and night")
        self.arrange((self.organisation, 3), (self.role, 3), (self.channel, 3), (self.hours, 2))

    @property
    def value(self) -> Liaison:
        fields = (self.organisation, self.role, self.channel, self.hours)
        return Liaison(*(field.text().strip() for field in fields))

    def fill(self, liaison: Liaison) -> None:
        self.organisation.setText(liaison.organisation)
        self.role.setText(liaison.role)
        self.channel.setText(liaison.channel)
        self.hours.setText(liaison.hours)

    def problem(self) -> str:
        named = self.organisation.text().strip()
        return "" if named else "Name the organisation of each contact, or remove its row."


class HoursRow(Row):
    """Days of the week with a start and an end; an end at or before the start is the next day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("row of hours", parent)
        self.days = [QCheckBox(day[:2]) for day in DAYS]
        self.start, self.end = ClockField("Start", time(8)), ClockField("End", time(20))
        self.words = say("", "hint")
        self.words.setWordWrap(False)
        self.line.setSpacing(6)
        for box, day in zip(self.days, DAYS, strict=True):
            box.setAccessibleName(day)
            box.setToolTip(day)
            box.toggled.connect(self._on_change)
            self.line.addWidget(box)
            self.line.addSpacing(INSIDE)  # the name of a day must be nearer to its own box
        for edit in (self.start, self.end):
            edit.setFixedWidth(72)
            edit.textChanged.connect(self._on_change)
        self.line.addSpacing(6)
        self.line.addWidget(self.start)
        self.line.addWidget(QLabel("to"))
        self.line.addWidget(self.end)
        self.line.addWidget(self.words, 1)
        self.line.addWidget(self.remove)
        self.setFocusProxy(self.days[0])

    @property
    def value(self) -> Hours | None:
        """What the row says; None while no day is ticked or a time cannot be read."""
        if self.problem():
            return None
        return Hours(self._days, self.start.clock, self.end.clock)

    @property
    def _days(self) -> tuple[int, ...]:
        return tuple(number for number, box in enumerate(self.days) if box.isChecked())

    def fill(self, hours: Hours) -> None:
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


class SpecialRow(Row):
    """A day with hours of its own, or on which it does not hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("day", parent)
        self.day = DayField("Day with hours of its own")
        self.how = choice_box("What holds on this day", [("Not at all", False), ("From", True)])
        self.start, self.end = ClockField("Start", time(8)), ClockField("End", time(20))
        self.to = QLabel("to")
        for edit in (self.start, self.end):
            edit.setFixedWidth(72)
        self.arrange((self.day, 2), (self.how, 1), (self.start, 0), (self.to, 0), (self.end, 0))
        self.line.insertStretch(5, 1)
        self.how.currentIndexChanged.connect(self._on_how)
        self._on_how()

    def _on_how(self) -> None:
        for widget in (self.start, self.to, self.end):
            widget.setVisible(bool(self.how.currentData()))

    @property
    def value(self) -> SpecialDay | None:
        if self.problem():
            return None
        day = self.day.day
        assert day is not None
        if not self.how.currentData():
            return SpecialDay(day)
        return SpecialDay(day, self.start.clock, self.end.clock)

    def fill(self, special: SpecialDay) -> None:
        self.day.set_day(special.day)
        known = special.start is not None and special.end is not None
        choose(self.how, known)
        if special.start is not None and special.end is not None:
            self.start.set_clock(special.start)
            self.end.set_clock(special.end)

    def problem(self) -> str:
        wrong = self.day.problem()
        if not wrong and self.day.day is None:
            wrong = "Say which day has hours of its own, or remove its row."
        if not wrong and self.how.currentData():
            wrong = self.start.problem() or self.end.problem()
        return wrong


class PartiesField(Rows[Party]):
    """The parties of an agreement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add party", PartyRow, parent)

    @property
    def rows(self) -> list[PartyRow]:
        return [row for row in self._rows if isinstance(row, PartyRow)]


class LiaisonField(Rows[Liaison]):
    """Whom officers and services call, by office."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add contact", LiaisonRow, parent)

    @property
    def rows(self) -> list[LiaisonRow]:
        return [row for row in self._rows if isinstance(row, LiaisonRow)]


class HoursField(Rows[Hours]):
    """The weekly hours of an agreement; none means at all hours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add hours", HoursRow, parent)

    @property
    def rows(self) -> list[HoursRow]:
        return [row for row in self._rows if isinstance(row, HoursRow)]

    @property
    def hours(self) -> tuple[Hours, ...]:
        return self.values


class SpecialDaysField(Rows[SpecialDay]):
    """Days with hours of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add day", SpecialRow, parent)

    @property
    def rows(self) -> list[SpecialRow]:
        return [row for row in self._rows if isinstance(row, SpecialRow)]
