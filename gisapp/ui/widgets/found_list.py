"""Lists of what was found: rows under rows, filled anew while the user is in the middle of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator, QWidget

from gisapp.ui import theme

#: What a row is about.
SUBJECT = Qt.ItemDataRole.UserRole


class FoundList(QTreeWidget):
    """Enter asks to show the chosen row on the map."""

    show_asked = Signal()

    def __init__(
        self, columns: Sequence[str], name: str, description: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setColumnCount(len(columns))
        self.setHeaderLabels(columns)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.setUniformRowHeights(True)
        size = theme.tokens(False).icon_list
        self.setIconSize(QSize(size, size))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setStretchLastSection(False)

    @contextmanager
    def filling(self) -> Iterator[set[object]]:
        """Empty the list, to be filled within; gives the subjects of the rows that were folded.

        It is scrolled as before, and nobody is told of selections meanwhile.
        """
        folded = {
            item.data(0, SUBJECT)
            for item in self.rows()
            if item.childCount() and not item.isExpanded()
        }
        scroll = self.verticalScrollBar().value()
        blocked = self.blockSignals(True)
        self.clear()
        yield folded
        self.verticalScrollBar().setValue(scroll)
        self.blockSignals(blocked)

    def rows(self) -> Iterator[QTreeWidgetItem]:
        """All rows from above to below, those that are folded away as well."""
        walk = QTreeWidgetItemIterator(self)
        while (item := walk.value()) is not None:
            yield item
            walk += 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter(event)
            event.accept()
        else:
            super().keyPressEvent(event)

    def enter(self, event: QKeyEvent) -> None:
        """What Enter does."""
        self.show_asked.emit()
