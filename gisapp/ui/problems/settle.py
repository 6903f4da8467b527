"""Settle the overlap of two zones of opposite sign: which of them holds, who says so, and why."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from gisapp.layers import overlap_edits
from gisapp.layers.checks import Issue
from gisapp.layers.overlap import settlement_of
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.vocabulary import Polarity
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import DayField
from gisapp.ui.widgets.forms import INSIDE, Form, FormDialog, actions, primary, say, secondary


class SettleDialog(FormDialog):
    """Asks for a decision; nothing is chosen beforehand, for the program has no opinion."""

    def __init__(
        self, session: Session, issue: Issue, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__("Settle overlap", QSize(520, 320), parent)
        self.session = session
        first, second = issue.zone_ids
        self._pair = (first, second)
        zones = [session.project.zone(key) for key in self._pair]
        if zones[0].polarity is not Polarity.NO_ENFORCEMENT:
            zones.reverse()
        self.body.addWidget(say(issue.message))
        form = Form()
        self.choices = {
            Settled.NO_ENFORCEMENT_HOLDS: QRadioButton(_escaped(zones[0].name)),
            Settled.OPPOSITE_HOLDS: QRadioButton(_escaped(zones[1].name)),
        }
        group = QButtonGroup(self)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(INSIDE // 2)
        for (settled, button), zone in zip(self.choices.items(), zones, strict=True):
            button.setText(f"{button.text()} – {zone.polarity.label.lower()}")
            button.setAccessibleDescription(settled.label)
            group.addButton(button)
            column.addWidget(button)
        box.setFocusProxy(self.choices[Settled.NO_ENFORCEMENT_HOLDS])
        self.which = form.add("Holds there", box)
        self.who = QLineEdit()
        self.who_row = form.add("Settled by", self.who, "An office, such as Partnership board.")
        self.day = DayField("Day of the decision")
        self.day.set_day(today)
        form.add("On", self.day)
        self.why = QLineEdit()
        form.add("Why", self.why, "What the decision rests on; empty if nothing was said.")
        form.finish()
        self.body.addWidget(form, 1)
        self.settle = primary("Settle overlap", self._settle)
        self.body.addLayout(actions(self.settle, secondary("Cancel", self.reject)))
        self._fill()
        group.buttonClicked.connect(lambda _: self._check())
        self.who.textChanged.connect(self._check)
        self.day.changed.connect(self._check)
        self._check()

    @property
    def chosen(self) -> Settled | None:
        return next((key for key, button in self.choices.items() if button.isChecked()), None)

    def _fill(self) -> None:
        """What was settled before, to be put right."""
        known = settlement_of(self.session.project, *self._pair)
        if known is not None:
            self.choices[known.settled].setChecked(True)
            self.who.setText(known.who)
            self.why.setText(known.why)
            self.day.set_day(known.on)

    def _check(self) -> None:
        ready = self.chosen is not None and bool(self.who.text().strip())
        self.settle.setEnabled(ready and not self.day.problem() and self.day.day is not None)

    def _settle(self) -> None:
        chosen, day = self.chosen, self.day.day
        if chosen is None or day is None:
            return
        settlement = Settlement(
            self._pair, chosen, day, self.who.text().strip(), self.why.text().strip()
        )
        session = self.session
        if session.perform(overlap_edits.settle_overlap(settlement)):
            session.tell("The overlap is settled.", "done", "Undo", session.document.undo)
            self.accept()


def _escaped(name: str) -> str:
    return name.replace("&", "&&")
