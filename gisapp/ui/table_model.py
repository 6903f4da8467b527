"""Rows of a layer for a table view: read straight from its Arrow columns, nothing copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from gisapp.ui.plain import tip
from gisapp.ui.row_filter import ColumnType, Mask, column_type

Index = QModelIndex | QPersistentModelIndex


def tabular(font: QFont) -> QFont:
    """The font with figures of one width, so that numbers stand under each other."""
    even = QFont(font)
    even.setFeature(QFont.Tag("tnum"), 1)
    return even


def ordered_rows(
    table: pa.Table, mask: Mask | None, sort: tuple[str, bool] | None
) -> NDArray[np.int64]:
    """Row numbers to show: those of the mask, sorted by a column (name, descending).

    Empty cells come last either way, and equal ones stay in the order of the file.
    """
    rows = np.arange(table.num_rows, dtype=np.int64) if mask is None else np.flatnonzero(mask)
    if sort is None or sort[0] not in table.column_names:
        return rows.astype(np.int64)
    column = table[sort[0]]
    if pa.types.is_dictionary(column.type) or pa.types.is_nested(column.type):
        column = column.cast(pa.string())
    direction = "descending" if sort[1] else "ascending"
    values = column if mask is None else column.take(pa.array(rows))
    keyed = pa.table({"key": values, "row": pa.array(rows)})
    order = pc.sort_indices(keyed, sort_keys=[("key", direction), ("row", "ascending")])
    return np.asarray(rows[order.to_numpy()], dtype=np.int64)


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
        self.rows: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._columns: list[pa.ChunkedArray] = []
        self._kinds: list[ColumnType] = []
        self._zones: list[ZoneInfo | None] = []
        self._plain_numbers: Sequence[str] = ()

    def show(
        self, table: pa.Table, rows: NDArray[np.int64], identifiers: Sequence[str] = ()
    ) -> None:
        """Show these rows in this order; numbers of `identifiers` get no thousands separators."""
        self.beginResetModel()
        self.table, self.rows = table, rows
        self._columns = [table[name] for name in table.column_names]
        self._kinds = [column_type(column.type) for column in self._columns]
        self._zones = [_zone(column.type) for column in self._columns]
        self._plain_numbers = identifiers
        self.endResetModel()

    def reorder(self, rows: NDArray[np.int64]) -> None:
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

    def _text(self, row: int, column: int) -> str:
        value = self._columns[column][row].as_py()
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
