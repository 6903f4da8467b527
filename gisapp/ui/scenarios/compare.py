"""The table in which scenarios stand beside the present zones, for an audience."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.analysis.zones.scenario_table import Line, ScenarioTable, compare
from gisapp.errors import Cancelled, GisappError
from gisapp.io.table_text import as_text, write_records
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience
from gisapp.layers.scenario import Scenario
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.exports.record import record_export
from gisapp.ui.map.second_look import no_more_open_than
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import INSIDE, choose, combo, list_table, say, scrolled, secondary
from gisapp.ui.widgets.plain import tip
from gisapp.ui.widgets.task_foot import TaskFoot

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_OWN, _NOW = "own", "now"


class ScenarioCompare(QWidget):
    """Counts in the background whenever what is compared, or for whom, differs."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.table: ScenarioTable | None = None
        self._whole: ScenarioTable | None = None
        self._scenarios: tuple[Scenario, ...] = ()
        self._left_out: frozenset[str] = frozenset()
        day, audience = session.look.day, session.look.audience
        allowed = no_more_open_than(audience)
        self.audience_box = combo([(a.label, a.value) for a in allowed], "Audience of the table")
        choose(self.audience_box, audience.value)
        self.judged_box = combo(
            [
                ("each at its own time", _OWN),
                (f"as if in force on {day_in_words(day)}", _NOW),
            ],
            "How events are judged",
        )
        self.judged_box.setMinimumWidth(230)
        self.cells = list_table("Scenarios beside the zones of the project", ())
        self.note = say("", "hint")
        self.copy_button = secondary("Copy", self.copy)
        self.save_button = secondary("Save as CSV…", self._save)
        self.foot = TaskFoot(session)
        self._lay_out()
        self.audience_box.currentIndexChanged.connect(self.refresh)
        self.judged_box.currentIndexChanged.connect(self.refresh)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        for text, field in (("&For", self.audience_box), ("&Events judged", self.judged_box)):
            label = QLabel(text)
            label.setBuddy(field)
            top.addWidget(label)
            top.addWidget(field)
        top.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(INSIDE)
        below.addWidget(self.foot)
        below.addStretch(1)
        below.addWidget(self.copy_button)
        below.addWidget(self.save_button)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        notes = scrolled(self.note)
        notes.setMaximumHeight(96)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE)
        column.addLayout(top)
        column.addWidget(self.cells, 1)
        column.addWidget(notes)
        column.addLayout(below)

    # Comparing

    def show_scenarios(self, scenarios: Sequence[Scenario], left_out: Collection[str]) -> None:
        """Compare these with the present zones, and show all but those `left_out` by their ids."""
        self._scenarios = tuple(scenarios)
        self._left_out = frozenset(left_out)
        self.refresh()

    def show_without(self, left_out: Collection[str]) -> None:
        """Show other columns of the same table."""
        self._left_out = frozenset(left_out)
        if self._whole is not None:
            self._show(self._whole)

    def refresh(self) -> None:
        """Count again in the background; what was asked before is dropped."""
        self.table = self._whole = None
        self._enable()
        project, day = self.session.project, self.session.look.day
        scenarios = self._scenarios
        audience = Audience(self.audience_box.currentData())
        now = self.judged_box.currentData() == _NOW

        def work(progress: Progress) -> ScenarioTable:
            return compare(
                project,
                scenarios,
                day=day,
                audience=audience,
                as_if_in_force=now,
                progress=progress,
            )

        layers = frozenset(layer.id for layer in project.layers)
        task = Task("Comparing scenarios", work, reads=layers)
        self.foot.start(task, self._show, self._on_failed, quick=True)

    def stop(self) -> None:
        """Want no table any more."""
        self.foot.drop()

    def _show(self, whole: ScenarioTable) -> None:
        self._whole = whole
        ids = [scenario.id for scenario in self._scenarios]
        gone = {number for number, key in enumerate(ids, 1) if key in self._left_out}
        table = self.table = whole.without(gone)
        lines = table.all_lines()
        cells = self.cells
        cells.clear()
        cells.setColumnCount(len(table.columns) + 1)
        cells.setRowCount(len(lines))
        for row, line in enumerate(lines):
            _fill_row(cells, row, line)
        for column, name in enumerate(("", *table.columns)):
            head = QTableWidgetItem(name)
            head.setToolTip(tip(name))
            head.setTextAlignment(_RIGHT)
            cells.setHorizontalHeaderItem(column, head)
        header = cells.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMaximumSectionSize(260)
        self.note.setText(" ".join(table.notes))
        self._enable()

    def _on_failed(self, error: GisappError) -> None:
        stopped = isinstance(error, Cancelled)
        self.note.setText(
            "Stopped: choose anything above to compare again." if stopped else str(error)
        )
        self._enable()

    def _enable(self) -> None:
        for button in (self.copy_button, self.save_button):
            button.setEnabled(self.table is not None)

    # Taking it elsewhere

    def copy(self) -> None:
        """Put the table on the clipboard as it is shown."""
        if self.table is not None:
            QGuiApplication.clipboard().setText(as_text(self.table.records()))
            self.foot.say("Copied.")

    def _save(self) -> None:
        title = file_name(f"{self.session.project.title} scenarios")
        path = ask_save(self, "Save table", "CSV (*.csv)", f"{title}.csv")
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Write the table as it is shown, for the audience that is chosen."""
        if self.table is None:
            return
        try:
            write_records(self.table.records(), path)
        except GisappError as error:
            self.note.setText(str(error))
            return
        self.foot.say(f"Saved {path.name}.")
        record_export(
            self.session, path, "scenario table", audience=str(self.audience_box.currentData())
        )


def _fill_row(cells: QTableWidget, row: int, line: Line) -> None:
    name = QTableWidgetItem(line.heading)
    name.setToolTip(tip(line.heading))
    cells.setItem(row, 0, name)
    for column, text in enumerate(line.texts(), 1):
        item = QTableWidgetItem(text)
        item.setTextAlignment(_RIGHT)
        cells.setItem(row, column, item)
