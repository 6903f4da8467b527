"""The past steps of an agreement that enters a project with a life behind it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gisapp.errors import EditError
from gisapp.layers import lifecycle
from gisapp.layers.agreement import Agreement, Status, StatusChange
from gisapp.ui.agreements.row_list import Row, Rows, choice_box, line_edit
from gisapp.ui.widgets.fields import DayField
from gisapp.ui.widgets.forms import choose

_STEPS = tuple(status for status in Status if status is not Status.SUPERSEDED)


class PastRow(Row):
    """One step: the day, what it became, who decided, why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("step", parent)
        self.on = DayField("Day of the step")
        self.became = choice_box(
            "What it became", [(s.value.capitalize(), s.value) for s in _STEPS]
        )
        choose(self.became, Status.AGREED.value)
        self.who = line_edit("Who decided", "Who decided, by office")
        self.why = line_edit("Why")
        self.arrange((self.on, 2), (self.became, 2), (self.who, 3), (self.why, 3))

    @property
    def value(self) -> StatusChange | None:
        if self.problem():
            return None
        day = self.on.day
        assert day is not None
        became = Status(self.became.currentData())
        # What it was before follows from the step above; see `PastField`.
        return StatusChange(day, became, became, self.who.text().strip(), self.why.text().strip())

    def fill(self, step: StatusChange) -> None:
        self.on.set_day(step.on)
        choose(self.became, step.became.value)
        self.who.setText(step.who)
        self.why.setText(step.why)

    def problem(self) -> str:
        if self.on.problem():
            return self.on.problem()
        if self.on.day is None:
            return "Give each step its day, or remove its row."
        return "" if self.who.text().strip() else "Say who decided each step; an office is enough."


class PastField(Rows[StatusChange]):
    """Steps from a draft to how it stands; each must be one that may follow the one before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add past step", PastRow, parent)

    @property
    def rows(self) -> list[PastRow]:
        return [row for row in self._rows if isinstance(row, PastRow)]

    def problem(self) -> str:
        wrong = super().problem()
        try:
            lifecycle.lived(Agreement("This agreement"), () if wrong else self.values)
        except EditError as error:
            wrong = str(error)
        return wrong
