"""What became of the rows of an import: counts in words, and every row that was left out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from gisapp.io.reading.import_report import ImportReport, RejectedRows
from gisapp.layers.layer import Layer
from gisapp.ui.widgets.column_width import fit_column
from gisapp.ui.widgets.forms import INSIDE, heading, say
from gisapp.ui.widgets.plain import tip

Index = QModelIndex | QPersistentModelIndex
#: So many rows say how wide a column has to be.
_MEASURED = 10
#: So many rows are kept as texts.
_KEPT = 200


class RejectedModel(QAbstractTableModel):
    """Rejected rows: where they stand, why they stayed out, and their values."""

    def __init__(self, rows: RejectedRows) -> None:
        super().__init__()
        self._rows = rows
        self._names = list(rows.names)
        #: Rows as last asked for: a table asks for each of their cells, and for that many times.
        self._told: dict[int, tuple[str, ...]] = {}

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 3 + len(self._names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(str(self.data(index)))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._texts(index.row())[index.column()]

    def first_texts(self, most: int) -> list[tuple[str, ...]]:
        """What the cells of the first rows say, row by row."""
        return [self._texts(at) for at in range(min(len(self._rows), most))]

    def _texts(self, at: int) -> tuple[str, ...]:
        texts = self._told.get(at)
        if texts is None:
            if len(self._told) >= _KEPT:
                self._told.clear()
            row = self._rows[at]
            told = (row.values.get(name, "") for name in self._names)
            texts = self._told[at] = (row.file, f"{row.line:,}", row.reason, *told)
        return texts

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return ("File", "Line", "Reason", *self._names)[section]


class ReportPage(QWidget):
    """The report of one import."""

    def __init__(self, layer: Layer, report: ImportReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report = report
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        self.title = say(f"{layer.counted} added", "title")
        layout.addWidget(self.title)
        self.sentences = say("\n".join(report_sentences(report)))
        layout.addWidget(self.sentences)
        if report.notes:
            layout.addWidget(heading("To know"))
            layout.addWidget(say("\n".join(report.notes)))
        if report.rejected:
            layout.addWidget(heading("Left out"))
            layout.addWidget(self._make_table(report), 1)
        else:
            layout.addStretch(1)

    def _make_table(self, report: ImportReport) -> QTableView:
        table = self.table = QTableView()
        self._model = RejectedModel(report.rejected_rows)
        table.setModel(self._model)
        table.setAccessibleName("Rows left out")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setHighlightSections(False)
        first = self._model.first_texts(_MEASURED)
        for column in range(self._model.columnCount()):
            fit_column(table, column, (texts[column] for texts in first), most=260)
        rows = report.rejected_rows
        table.setColumnHidden(0, rows[0].file == rows[-1].file)
        return table


def report_sentences(report: ImportReport) -> list[str]:
    """The report in sentences for people."""
    rows = "1 row was" if report.read == 1 else f"{report.read:,} rows were"
    have = "has" if report.added == 1 else "have"
    said = [f"{rows} read, and {report.added:,} {have} a usable place."]
    if report.rejected:
        were = "was" if report.rejected == 1 else "were"
        said.append(f"{report.rejected:,} {were} left out: {report.why_rejected}.")
    if report.duplicates:
        were = "row is equal" if report.duplicates == 1 else "rows are equal"
        said.append(
            f"{report.duplicates:,} {were} to an earlier one in every column; all are kept."
        )
    if report.time_range:
        first, last = (moment.replace("T", " ")[:16] for moment in report.time_range)
        said.append(f"Times run from {first} to {last}.")
    said.append(f"Coordinates were read as {report.crs}.")
    return said
