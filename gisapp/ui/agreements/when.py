"""The section of an agreement's form on time: dates, weekly hours, rule, holidays, other days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from gisapp.layers.agreement import day_in_words
from gisapp.layers.schedule import (
    DAYS,
    Calendar,
    OnHolidays,
    hours_hold,
    region_problem,
    rule_problem,
)
from gisapp.ui.agreements.rows import HoursField, SpecialDaysField
from gisapp.ui.agreements.sections import Section
from gisapp.ui.widgets.fields import DayField, TimezoneField, WheelGuard
from gisapp.ui.widgets.forms import beside, choose, combo, say

_OWN = "own"

#: Common choices in words, and the recurrence (RFC 5545) that each stands for.
RULES: tuple[tuple[str, str], ...] = (
    ("Every week", ""),
    *(
        (f"Only the first {day} of the month", f"FREQ=MONTHLY;BYDAY=1{day[:2].upper()}")
        for day in DAYS
    ),
    *(
        (f"Only the last {day} of the month", f"FREQ=MONTHLY;BYDAY=-1{day[:2].upper()}")
        for day in DAYS
    ),
    ("Every second week", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
    ("Only on the first day of the month", "FREQ=MONTHLY;BYMONTHDAY=1"),
    ("Only from June to August", "FREQ=DAILY;BYMONTH=6,7,8"),
)

#: How many of the days of a rule are named, and within how many days they are looked for.
_NAMED, _AHEAD = 3, 800

_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,8})?")


def next_days(rule: str, first_day: date) -> tuple[date, ...]:
    """The first days of a recurrence counted from a day; none for one that cannot be read."""
    if not rule or rule_problem(rule):
        return ()
    days = [first_day + timedelta(days=number) for number in range(_AHEAD)]
    noon = np.array([np.datetime64(day, "D") for day in days]).astype("datetime64[us]")
    noon += np.timedelta64(12, "h")
    holds = hours_hold((), Calendar(rule=rule), first_day, noon)
    return tuple(days[at] for at in np.flatnonzero(holds)[:_NAMED])


class RuleField(QWidget):
    """On which of its days the weekly hours apply: a choice in words, or a rule of its own."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        items = [*RULES, ("By a rule of its own", _OWN)]
        self.choice = combo(items, "In which weeks")
        WheelGuard.protect(self.choice)
        self.own = QLineEdit()
        self.own.setPlaceholderText("such as FREQ=MONTHLY;BYDAY=2TU,4TU")
        self.own.setAccessibleName("Rule of its own (RFC 5545)")
        self.words = say("", "hint")
        self._first: date | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.choice, self.own, self.words):
            layout.addWidget(widget)
        self.setFocusProxy(self.choice)
        self.choice.currentIndexChanged.connect(self._on_change)
        self.own.textChanged.connect(self._on_change)
        self._on_change()

    @property
    def rule(self) -> str:
        chosen = self.choice.currentData()
        return self.own.text().strip().upper() if chosen == _OWN else str(chosen)

    def set_rule(self, rule: str) -> None:
        self.own.setText(rule)
        if not choose(self.choice, rule):
            choose(self.choice, _OWN)
        self._on_change()

    def set_first_day(self, day: date | None) -> None:
        """The day that rules count from."""
        if day != self._first:
            self._first = day
            self._say()

    def problem(self) -> str:
        if self.choice.currentData() == _OWN and not self.rule:
            return "Write the rule, or choose one above."
        wrong = rule_problem(self.rule)
        return f"“{self.rule}” {wrong}." if wrong else ""

    def _on_change(self, *_: object) -> None:
        self.own.setVisible(self.choice.currentData() == _OWN)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        """Name the first days of the rule, so that a slip shows."""
        days = next_days(self.rule, self._first) if self._first else ()
        named = [day_in_words(day) for day in days]
        words = f"The first days: {', '.join(named)}" if named else ""
        if self.rule and self._first is None:
            words = "Counted from the first day, which is not known yet."
        self.words.setText(words)
        self.words.setVisible(bool(words))


class HoursSection(Section):
    """At what hours and on which days: what a zone can have of its own, too."""

    title = "At what hours"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar = Calendar()
        self.build_dates()
        self.hours = HoursField()
        self.put("hours", "Weekly hours", self.hours, "No rows: at all hours.")
        self.put_off(self._build_calendar)

    def build_dates(self) -> None:
        """Rows above the hours; none for a zone."""

    def _build_calendar(self) -> None:
        self.rule = RuleField()
        self.special = SpecialDaysField()
        self.holidays = QLineEdit()
        self.holidays.setPlaceholderText("such as GB-ENG or US-OH")
        self.holidays.setAccessibleName("Region of the public holidays")
        self.on_holidays = combo(
            [(one.label[0].upper() + one.label[1:], one.value) for one in OnHolidays],
            "What holds on holidays",
        )
        WheelGuard.protect(self.on_holidays)
        self.service_hours = QCheckBox("Only while the service is open")
        self.rows["rule"] = self.add("In which weeks", self.rule)
        self.rows["holidays"] = self.add(
            "Public holidays",
            beside(self.on_holidays, self.holidays, stretch=0),
            "The country, and the part of it, whose holidays are meant.",
        )
        self.rows["special"] = self.add(
            "Other days",
            self.special,
            "Days with hours of their own, or on which it does not hold.",
        )
        self.rows["service_hours"] = self.add(
            "Opening hours",
            self.service_hours,
            "The hours are then those at which the service is open.",
        )
        self._connect()

    def grow(self) -> bool:
        grown = super().grow()
        if grown and self._source is not None:
            blocked = self.blockSignals(True)
            self.show_calendar()
            self.blockSignals(blocked)
        return grown

    def _connect(self) -> None:
        self.rule.changed.connect(self._on_change)
        self.special.changed.connect(self._on_change)
        self.holidays.textChanged.connect(self._on_change)
        self.on_holidays.currentIndexChanged.connect(self._on_change)
        self.on_holidays.currentIndexChanged.connect(self._on_holidays)
        self.service_hours.toggled.connect(self._on_change)
        self._on_holidays()

    def _on_holidays(self, *_: object) -> None:
        self.holidays.setEnabled(self.on_holidays.currentData() != OnHolidays.AS_USUAL)

    def fill(self, source: object) -> None:
        self._calendar = getattr(source, "calendar")  # noqa: B009 an agreement, or terms of a zone
        super().fill(source)
        if self.whole:
            self.show_calendar()

    def show_calendar(self) -> None:
        """Show on which days the hours apply."""
        calendar = self._calendar
        self.rule.set_rule(calendar.rule)
        self.special.set_values(calendar.special)
        self.holidays.setText(calendar.holidays)
        choose(self.on_holidays, calendar.on_holidays.value)
        self.service_hours.setChecked(calendar.service_hours)

    def read(self) -> dict[str, Any]:
        return {**super().read(), "calendar": self.calendar}

    @property
    def calendar(self) -> Calendar:
        """What the fields say; a rule or region that cannot be read is none."""
        if not self.whole:
            return self._calendar
        rule = self._calendar.rule
        if self.rule.rule != rule.strip().upper():
            rule = "" if self.rule.problem() else self.rule.rule
        region = self.holidays.text().strip().upper()
        return replace(
            self._calendar,
            rule=rule,
            special=self.special.values,
            holidays="" if self._region_problem() else region,
            on_holidays=OnHolidays(self.on_holidays.currentData()),
            service_hours=self.service_hours.isChecked(),
        )

    def unreadable(self) -> dict[str, str]:
        if not self.whole:
            return super().unreadable()
        found = {
            "rule": self.rule.problem(),
            "special": self.special.problem(),
            "holidays": self._region_problem() or self._region_missing(),
        }
        return {**super().unreadable(), **{name: text for name, text in found.items() if text}}

    def _region_problem(self) -> str:
        region = self.holidays.text().strip().upper()
        if not region:
            return ""
        # Only what looks like a region is looked up: the list of holidays takes time to load.
        if not _REGION.fullmatch(region) or region_problem(region):
            return f"No public holidays are known for “{region}”. Write such as GB-ENG or US-OH."
        return ""

    def _region_missing(self) -> str:
        usual = self.on_holidays.currentData() == OnHolidays.AS_USUAL
        missing = not usual and not self.holidays.text().strip()
        return "Write whose holidays are meant, such as GB-ENG or US-OH." if missing else ""


class WhenSection(HoursSection):
    """From when to when, and at what hours."""

    title = "When"

    def build_dates(self) -> None:
        self.effective, self.expires = DayField("First day"), DayField("Last day")
        self.timezone = TimezoneField()
        self.put("effective", "First day", self.effective)
        self.put("expires", "Last day", self.expires, "Included. Empty: until it is ended.")
        self.rows["timezone"] = self.add(
            "Time zone", self.timezone, "Days and hours are meant in it."
        )
        self.timezone.currentTextChanged.connect(self._on_change)
        self.effective.changed.connect(self._on_first_day)

    def _on_first_day(self) -> None:
        if self.whole:
            wrong = bool(self.effective.problem())
            self.rule.set_first_day(None if wrong else self.effective.day)

    def fill(self, source: object) -> None:
        self.timezone.set_timezone(getattr(source, "timezone"))  # noqa: B009 an agreement
        super().fill(source)

    def show_calendar(self) -> None:
        super().show_calendar()
        self._on_first_day()

    def read(self) -> dict[str, Any]:
        zone = "UTC" if self.timezone.problem() else self.timezone.timezone
        return {**super().read(), "timezone": zone}

    def unreadable(self) -> dict[str, str]:
        wrong = self.timezone.problem()
        return {**super().unreadable(), **({"timezone": wrong} if wrong else {})}
