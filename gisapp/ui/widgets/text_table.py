"""A table of plain texts: thousands of rows of it are there at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView, QWidget

from gisapp.ui.widgets.forms import calm
from gisapp.ui.widgets.plain import tip

Index = QModelIndex | QPersistentModelIndex


class _Texts(QAbstractTableModel):
    def __init__(self, columns: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: Sequence[tuple[str, ...]] = ()

    def show(self, rows: Sequence[tuple[str, ...]]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self.rows[index.row()][index.column()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        return super().headerData(section, orientation, role)


class TextTable(QTableView):
    """To read and choose a row of; no widget or item stands for a cell."""

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = _Texts(columns, self)
        self.setModel(self._texts)
        calm(self, name)

    @property
    def rows(self) -> Sequence[tuple[str, ...]]:
        """The texts, a tuple as long as there are columns for each row."""
        return self._texts.rows

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show these rows; none is chosen then."""
        self._texts.show(rows)
