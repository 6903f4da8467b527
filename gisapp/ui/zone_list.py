"""A list of zones: of thousands only those rows are made that can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListView, QWidget

from gisapp.layers.style import Style
from gisapp.ui import theme
from gisapp.ui.plain import tip
from gisapp.ui.swatch import swatch

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone's id and name, and how it stands in words and as a style."""

    key: str
    name: str
    stands: str
    style: Style


class ZoneModel(QAbstractListModel):
    """Rows of zones; `hint` is what a tip says beside how the zone stands."""

    def __init__(self, hint: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[ZoneRow] = ()
        self._hint = hint
        self._pictures: dict[Style, QIcon] = {}
        self._dark = False

    def show(self, rows: Sequence[ZoneRow]) -> None:
        """List these zones. Where they are the same ones as before a list stays where it was."""
        if self._dark != theme.current().dark:
            self._dark = not self._dark
            self._pictures = {}
        elif rows == self.rows:
            return
        same = [row.key for row in rows] == [row.key for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows = rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.DecorationRole:
            if row.style not in self._pictures:
                self._pictures[row.style] = swatch(row.style, "area")
            return self._pictures[row.style]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{row.name}: {row.stands}{self._hint}")
        return None


class ZoneList(QListView):
    """Says the id of the zone that is chosen with Enter or a double click, or clicked."""

    zone_activated = Signal(str)
    zone_clicked = Signal(str)

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zones = ZoneModel(hint, self)
        self.setModel(self.zones)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.activated.connect(lambda index: self.zone_activated.emit(self._key(index)))
        self.clicked.connect(lambda index: self.zone_clicked.emit(self._key(index)))

    def show_zones(self, rows: Sequence[ZoneRow]) -> None:
        self.zones.show(rows)

    def count(self) -> int:
        return len(self.zones.rows)

    def _key(self, index: QModelIndex) -> str:
        return self.zones.rows[index.row()].key
