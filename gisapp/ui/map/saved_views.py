"""Saved views: places on the map under a name, to go back to with a click or a key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from gisapp.layers import edits
from gisapp.layers.project import SavedView
from gisapp.render.view import MapView, mercator
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import FormDialog, actions, primary, say, secondary


def view_of(saved: SavedView, view: MapView) -> MapView:
    """A saved view in a window: in one of the same size at the scale at which it was saved."""
    west, south, east, north = saved.bounds
    x, y = mercator(np.array([west, east]), np.array([south, north]))
    across, up = float(x[1] - x[0]), float(y[1] - y[0])
    resolution = max(across / max(view.width, 1), up / max(view.height, 1), 0.02)
    return replace(view, x=float(x.mean()), y=float(y.mean()), resolution=resolution)


class SavedViewsDialog(FormDialog):
    """The list of views: go, rename, order, remove. Each change can be undone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Saved views", QSize(420, 380), parent)
        self.session = session
        self.list = QListWidget()
        self.list.setAccessibleName("Saved views")
        self.list.itemChanged.connect(self._on_renamed)
        self.list.itemDoubleClicked.connect(lambda _: self._go())
        self.list.currentRowChanged.connect(self._on_row)
        self.list.installEventFilter(self)
        self.list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self.hint = say("", "hint")
        self.go = primary("Go there", self._go)
        self.rename = secondary("Rename", self._rename)
        self.up = secondary("Up", lambda: self._move(-1))
        self.down = secondary("Down", lambda: self._move(1))
        self.remove = secondary("Remove", self._remove)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.hint)
        left = (self.rename, self.up, self.down, self.remove)
        self.body.addLayout(actions(self.go, secondary("Close", self.reject), left=left))
        session.project_changed.connect(self._refresh)
        self._refresh()

    @property
    def chosen(self) -> SavedView | None:
        views, row = self.session.project.views, self.list.currentRow()
        return views[row] if 0 <= row < len(views) else None

    def _refresh(self, _change: object = None) -> None:
        row = self.list.currentRow()
        blocked = self.list.blockSignals(True)
        views = self.session.project.views
        # Rows stay where they are: one of them may just be leaving its editor.
        while self.list.count() > len(views):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(views):
            item = QListWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        for place, view in enumerate(views):
            self.list.item(place).setText(view.name)
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self.list.blockSignals(blocked)
        self.hint.setText(
            "Enter goes there, F2 renames, Ctrl+Up and Ctrl+Down put in order. The first nine are "
            "reached with Alt+1 to Alt+9."
            if self.list.count()
            else "No views yet: Ctrl+B saves what the map shows."
        )
        self._on_row()

    def _on_row(self, _row: int = 0) -> None:
        row, count = self.list.currentRow(), self.list.count()
        for button in (self.go, self.rename, self.remove):
            button.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)

    def _go(self) -> None:
        if self.chosen is not None:
            self.session.set_view(view_of(self.chosen, self.session.view))
            self.accept()

    def _rename(self) -> None:
        if self.list.currentItem() is not None:
            self.list.setFocus()
            self.list.editItem(self.list.currentItem())

    def _on_renamed(self, item: QListWidgetItem) -> None:
        row, name = self.list.row(item), item.text()
        # Once the editor is closed: until then the row is still the editor's.
        QTimer.singleShot(0, self, lambda: self._give_name(row, name))

    def _give_name(self, row: int, name: str) -> None:
        views = self.session.project.views
        if row >= len(views) or name == views[row].name:
            return
        if not self.session.perform(edits.rename_view(views[row].name, name)):
            self._refresh()

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        if self.chosen is None or not 0 <= row + step < self.list.count():
            return
        if self.session.perform(edits.move_view(self.chosen.name, row + step)):
            self.list.setCurrentRow(row + step)

    def _remove(self) -> None:
        if self.chosen is not None:
            self.session.perform(edits.remove_view(self.chosen.name))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            ordered = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if ordered and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._remove()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                # Enter in a name being typed ends the typing, no more.
                if self.list.findChild(QLineEdit) is None:
                    self._go()
                return True
        return super().eventFilter(watched, event)
