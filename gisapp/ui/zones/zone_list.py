"""A list of zones: of thousands only those rows are made that can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListView, QWidget

from gisapp.layers.style import Style
from gisapp.ui import theme
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.widgets.plain import tip

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone's id and name, and how it stands in words and as a style."""

    key: str
    name: str
    stands: str
    style: Style


class ZoneModel(QStringListModel):
    """Rows of zones; `hint` is what a tip says beside how the zone stands.

    Names are kept by Qt itself, for a list asks thousands of times how many rows there are.
    """

    def __init__(self, hint: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[ZoneRow] = ()
        self._hint = hint
        self._pictures: dict[Style, QIcon] = {}
        self._dark = False

    def show(self, rows: Sequence[ZoneRow]) -> None:
        """List these zones. Where they are the same ones as before a list stays where it was."""
        former, self.rows = self.rows, rows
        redrawn = self._dark != theme.current().dark
        if redrawn:
            self._dark, self._pictures = not self._dark, {}
        if [row.key for row in rows] != [row.key for row in former]:
            self.setStringList([row.name for row in rows])
            return
        for number, (row, old) in enumerate(zip(rows, former, strict=True)):
            if row.name != old.name:
                self.setData(self.index(number), row.name)
        if rows and (redrawn or rows != former):
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return super().data(index, role)
        row = self.rows[index.row()]
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
