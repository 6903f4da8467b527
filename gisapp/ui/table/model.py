"""Rows of a layer for a table view: read straight from its Arrow columns, nothing copied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from gisapp.ui.table.conditions import ColumnType, column_type
from gisapp.ui.table.order import Rows
from gisapp.ui.widgets.plain import tip

Index = QModelIndex | QPersistentModelIndex


def tabular(font: QFont) -> QFont:
    """The font with figures of one width, so that numbers stand under each other."""
    even = QFont(font)
    even.setFeature(QFont.Tag("tnum"), 1)
    return even


class Column:
    """One column, read by row number: its chunk is found by bisection."""

    def __init__(self, cells: pa.ChunkedArray) -> None:
        self.type = cells.type
        self._chunks = cells.chunks
        lengths = [0, *(len(chunk) for chunk in self._chunks)]
        self._starts = np.cumsum(lengths).tolist()

    def __getitem__(self, row: int) -> Any:
        chunk = bisect_right(self._starts, row) - 1
        return self._chunks[chunk][row - self._starts[chunk]].as_py()


def cell_text(value: Any, kind: ColumnType, zone: ZoneInfo | None = None) -> str:
    """A cell as it is read: thousands separators, wall-clock times in the layer's zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return "" if value != value else f"{value:,.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        local = value.astimezone(zone) if zone and value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M") if not local.second else local.isoformat(" ")[:19]
    return str(value)


class TableModel(QAbstractTableModel):
    """A window on an Arrow table: which rows, in which order, each cell read when it is seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = pa.table({})
        self.rows: Rows = range(0)
        self._columns: list[Column] = []
        self._kinds: list[ColumnType] = []
        self._zones: list[ZoneInfo | None] = []
        self._plain_numbers: Sequence[str] = ()

    def show(self, table: pa.Table, rows: Rows, identifiers: Sequence[str] = ()) -> None:
        """Show these rows in this order; numbers of `identifiers` get no thousands separators."""
        self.beginResetModel()
        self.table, self.rows = table, rows
        self._columns = [Column(table[name]) for name in table.column_names]
        self._kinds = [column_type(column.type) for column in self._columns]
        self._zones = [_zone(column.type) for column in self._columns]
        self._plain_numbers = identifiers
        self.endResetModel()

    def reorder(self, rows: Rows) -> None:
        """Other rows, or another order, of the same table."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(int(self.rows[index.row()]), column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._text(int(self.rows[index.row()]), column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        return None

    def first_texts(self, column: int, most: int) -> list[str]:
        """What the first cells of a column say."""
        return [self._text(int(row), column) for row in self.rows[:most]]

    def _text(self, row: int, column: int) -> str:
        value = self._columns[column][row]
        if self.table.column_names[column] in self._plain_numbers:
            # An empty cell makes whole numbers fractions in some files.
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, int):
                return str(value)
        return cell_text(value, self._kinds[column], self._zones[column])

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = (
            Qt.AlignmentFlag.AlignRight
            if self._kinds[column] is ColumnType.NUMBER
            else Qt.AlignmentFlag.AlignLeft
        )
        return side | Qt.AlignmentFlag.AlignVCenter

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            # The row number of the layer, so that a row keeps its name however it is sorted.
            return f"{self.rows[section] + 1:,}" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            zone = self._zones[section]
            name = self.table.column_names[section]
            return f"{name} ({zone.key})" if zone else name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None


def _zone(arrow: pa.DataType) -> ZoneInfo | None:
    if pa.types.is_timestamp(arrow) and arrow.tz:
        return ZoneInfo(arrow.tz)
    return None
