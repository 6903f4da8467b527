"""The numbers of rows at the left of a table, as wide as the longest of them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QWidget

from gisapp.ui.table.model import TableModel

#: Beside a number, in logical pixels: what the style sheet leaves free, and a line.
_ROOM = 18


class RowNumbers(QHeaderView):
    """Measures one number: Qt would measure two hundred, anew at each change of style or rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)
        self.setHighlightSections(True)

    def sizeHint(self) -> QSize:
        model = self.model()
        highest = model.table.num_rows if isinstance(model, TableModel) else 0
        font = self.font()
        font.setBold(True)
        width = QFontMetrics(font).horizontalAdvance(f"{highest:,}")
        return QSize(width + _ROOM, self.defaultSectionSize())
