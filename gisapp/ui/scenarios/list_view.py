"""The scenarios of a project as a list, each with a tick for the comparison."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario
from gisapp.ui.scenarios.names import same_zones
from gisapp.ui.widgets.forms import list_table
from gisapp.ui.widgets.plain import tip

_ID = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ScenarioList(QWidget):
    """`chosen_changed`: another one is chosen. `ticked`: others are compared.

    `renamed` carries an id and the name that was typed; `remove_asked` tells of the Delete key.
    """

    chosen_changed = Signal()
    ticked = Signal()
    renamed = Signal(str, str)
    remove_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_out: set[str] = set()
        self.table = list_table("Scenarios", ("Scenario", "Zones"))
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemSelectionChanged.connect(self.chosen_changed)
        self.table.itemChanged.connect(self._on_item)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.setFocusProxy(self.table)

    @property
    def chosen(self) -> str | None:
        """The id of the one that is chosen."""
        rows = self.table.selectionModel().selectedRows()
        item = self.table.item(rows[0].row(), 0) if rows else None
        return str(item.data(_ID)) if item is not None else None

    @property
    def left_out(self) -> frozenset[str]:
        """Ids of those without a tick."""
        return frozenset(self._left_out)

    def choose(self, scenario_id: str) -> None:
        """Choose a scenario by its id."""
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            if item is not None and item.data(_ID) == scenario_id:
                self.table.selectRow(row)

    def rename(self) -> None:
        """Let the name of the chosen one be typed over."""
        item = self.table.item(self.table.currentRow(), 0)
        if self.chosen is not None and item is not None:
            self.table.editItem(item)

    def fill(self, project: Project) -> None:
        """List the scenarios of a project; the one that was chosen stays so."""
        former = self.chosen
        blocked = self.table.blockSignals(True)
        self.table.setRowCount(len(project.scenarios))
        for row, scenario in enumerate(project.scenarios):
            self._fill_row(row, scenario, present=same_zones(scenario.zones, project.zones))
        ids = [scenario.id for scenario in project.scenarios]
        self._left_out &= set(ids)
        if ids:
            self.table.selectRow(ids.index(former) if former in ids else 0)
        self.table.blockSignals(blocked)
        self.chosen_changed.emit()

    def _fill_row(self, row: int, scenario: Scenario, *, present: bool) -> None:
        # Cells stay: the field in which a name is being typed belongs to one of them.
        name, number = self._cell(row, 0), self._cell(row, 1)
        name.setText(scenario.name)
        name.setData(_ID, scenario.id)
        ticked = scenario.id not in self._left_out
        name.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        words = f"{scenario.name}: the same as the zones of the project" if present else ""
        name.setToolTip(tip(words or scenario.name))
        font = name.font()
        font.setBold(present)
        name.setFont(font)
        number.setText(f"{len(scenario.zones):,}")
        number.setTextAlignment(_RIGHT)
        number.setFlags(number.flags() & ~Qt.ItemFlag.ItemIsEditable)

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        """The cell there, made where there is none yet."""
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(row, column, item)
        return item

    def _on_item(self, item: QTableWidgetItem) -> None:
        """A tick was set or taken, or a name was typed."""
        if item.column() != 0:
            return
        key = str(item.data(_ID))
        ticked = item.checkState() is Qt.CheckState.Checked
        if ticked == (key in self._left_out):
            self._left_out ^= {key}
            self.ticked.emit()
        else:
            self.renamed.emit(key, item.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)
