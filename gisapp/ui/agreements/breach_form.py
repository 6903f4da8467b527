"""Recording a possible breach: when, where, what, as whoever saw it told. Nobody is named."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gisapp.layers import breach_edits, breach_log
from gisapp.layers.breach import Breach
from gisapp.layers.vocabulary import Activity, BreachSource
from gisapp.layers.zone import Zone
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import ClockField, DayField, WheelGuard, boxed
from gisapp.ui.widgets.forms import (
    Form,
    FormDialog,
    actions,
    beside,
    choose,
    combo,
    primary,
    say,
    secondary,
)


class BreachForm(FormDialog):
    """Records a possible breach, or puts one right that was recorded.

    It leaves the map free: a zone that is clicked there while the form is open is the zone.
    """

    def __init__(
        self, session: Session, breach: Breach | None = None, parent: QWidget | None = None
    ) -> None:
        title = "Possible breach" if breach else "Record a possible breach"
        super().__init__(title, QSize(560, 520), parent)
        self.session = session
        self.former = breach
        self._build_fields()
        self._build_rows()
        self._fill()
        for signal in (
            self.zone.currentIndexChanged,
            self.day.changed,
            self.clock.textChanged,
            self.activity.currentIndexChanged,
        ):
            signal.connect(self._check)
        session.selection_changed.connect(self._on_selection)
        session.project_changed.connect(self._on_project)
        self._check()

    def _build_fields(self) -> None:
        self.zone = combo([], "Zone")
        self.day = DayField("Day")
        self.clock = ClockField("Time", time(12))
        self.clock.setFixedWidth(80)
        self.zone_time = say("", "hint")
        self.zone_time.setWordWrap(False)
        self.activity = combo([(a.label, a.value) for a in Activity], "What was done")
        self.source = combo([(s.label, s.value) for s in BreachSource], "Who told of it")
        self.unit, self.outcome = QLineEdit(), QPlainTextEdit()
        self.unit.setPlaceholderText("such as district 2, late shift")
        self.outcome.setPlaceholderText("such as raised with the liaison officer on 6 March")
        self.outcome.setFixedHeight(64)
        self.outcome.setTabChangesFocus(True)
        for box in (self.zone, self.activity, self.source):
            WheelGuard.protect(box)

    def _build_rows(self) -> None:
        form = Form()
        moment = beside(self.day, self.clock, self.zone_time, stretch=0)
        self.rows = {
            "zone": form.add("Zone", self.zone, "From the list, or click a zone on the map."),
            "day": form.add("When", moment, "By the clock on the spot."),
            "activity": form.add("What was done", self.activity),
            "source": form.add("Who told of it", self.source, "Nobody is named."),
            "unit": form.add("Unit", self.unit, "A unit, not an officer. May stay empty."),
            "outcome": form.add("What came of it", self.outcome),
        }
        form.finish()
        self.sentence = say("")
        self.sentence.setAccessibleName("What held then")
        self.record = primary("Save" if self.former else "Record possible breach", self._record)
        self.body.addWidget(form, 1)
        self.body.addWidget(boxed(self.sentence))
        self.body.addWidget(say(breach_log.RULE, "hint"))
        self.body.addLayout(actions(self.record, secondary("Cancel", self.reject)))

    def _fill(self) -> None:
        self._list_zones()
        former = self.former
        if former is None:
            self.day.set_day(self.session.look.day)
            self._on_selection()
            return
        local = breach_log.local_moment(self.session.project, former)
        choose(self.zone, former.zone_id)
        self.day.set_day(local.date())
        self.clock.set_clock(local.time().replace(second=0, microsecond=0))
        choose(self.activity, former.activity.value)
        choose(self.source, former.source.value)
        self.unit.setText(former.unit)
        self.outcome.setPlainText(former.outcome)

    # Following the project and the map

    def _list_zones(self) -> None:
        chosen = self.zone.currentData()
        zones = sorted(self.session.project.zones.values(), key=lambda one: one.name.casefold())
        blocked = self.zone.blockSignals(True)
        self.zone.clear()
        for zone in zones:
            self.zone.addItem(zone.name, zone.id)
        choose(self.zone, chosen)
        self.zone.blockSignals(blocked)

    def _on_project(self, _change: object = None) -> None:
        self._list_zones()
        self._check()

    def _on_selection(self) -> None:
        chosen = self.session.selection.zone_ids
        if len(chosen) == 1:
            choose(self.zone, chosen[0])
        self._check()

    @property
    def place(self) -> Zone | None:
        return self.session.project.zones.get(self.zone.currentData() or "")

    @property
    def at(self) -> datetime | None:
        """The moment with the zone's own time zone; None while it cannot be read."""
        place = self.place
        if place is None or self._moment_problem():
            return None
        day = self.day.day
        assert day is not None
        name = breach_log.timezone_of(self.session.project, place)
        at = datetime.combine(day, self.clock.clock, ZoneInfo(name))
        former = self.former
        if former is not None and _same_minute(former.at, at):
            return former.at  # its seconds are not shown, and stay
        return at

    def _moment_problem(self) -> str:
        wrong = self.day.problem() or self.clock.problem()
        return wrong or ("" if self.day.day else "Say on which day it was.")

    def _check(self, *_: object) -> None:
        place = self.place
        wrong = self._moment_problem()
        if place is not None and not wrong:
            wrong = self._hour_problem(place)
        self.rows["day"].set_error(wrong)
        missing = "There is no zone yet: draw one first." if not self.zone.count() else ""
        self.rows["zone"].set_error(missing)
        self.zone_time.setText(
            breach_log.timezone_of(self.session.project, place) if place is not None else ""
        )
        at = self.at
        words = ""
        if place is not None and at is not None:
            activity = Activity(self.activity.currentData())
            words = breach_log.what_held(self.session.project, place, at, activity)
        self.sentence.setText(words)
        self.record.setEnabled(place is not None and at is not None and not wrong)

    def _hour_problem(self, place: Zone) -> str:
        """A clock that was put forward never showed the hour in between."""
        day = self.day.day
        assert day is not None
        here = ZoneInfo(breach_log.timezone_of(self.session.project, place))
        at = datetime.combine(day, self.clock.clock, here)
        back = at.astimezone(ZoneInfo("UTC")).astimezone(here)
        if back.replace(tzinfo=None) != at.replace(tzinfo=None):
            return f"There was no {self.clock.text()} on this day: clocks were put forward."
        return ""

    def _record(self) -> None:
        place, at = self.place, self.at
        if place is None or at is None:
            return
        kept = {"id": self.former.id} if self.former else {}
        breach = Breach(
            place.id,
            at,
            BreachSource(self.source.currentData()),
            Activity(self.activity.currentData()),
            self.unit.text().strip(),
            self.outcome.toPlainText().strip(),
            **kept,
        )
        if self.session.perform(breach_edits.record_breach(breach)):
            self.session.tell(
                f"Recorded a possible breach in “{place.name}”.",
                "done",
                "Undo",
                self.session.document.undo,
            )
            self.accept()


def _same_minute(one: datetime, other: datetime) -> bool:
    return abs((one - other).total_seconds()) < 60 and one.astimezone(other.tzinfo).replace(
        second=0, microsecond=0
    ) == other.replace(second=0, microsecond=0)
