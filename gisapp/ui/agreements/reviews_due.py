"""What is due in the agreements: a list of it, and one quiet notice when a project is opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QStackedWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers import reviews
from gisapp.layers.agreement import day_in_words
from gisapp.layers.project import Change
from gisapp.ui.session import Session
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.forms import EmptyState, list_table, say
from gisapp.ui.widgets.plain import tip

_COLUMNS = ("Matter", "Day", "What")


class DueList(QWidget):
    """What is due on the day of the map and soon after; Enter on a row leads to its agreement."""

    chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._found: tuple[reviews.Due, ...] = ()
        self.table = list_table("What is due", _COLUMNS)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.itemActivated.connect(self._on_activated)
        self.empty = EmptyState("Nothing is due.")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.words = say("", "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.words)

    def refresh(self) -> int:
        """List what is due now; returns how many matters."""
        day = self.session.look.day
        self._found = reviews.due(self.session.project, day)
        self.table.setRowCount(len(self._found))
        for row, matter in enumerate(self._found):
            on = day_in_words(matter.on) if matter.on else ""
            for column, text in enumerate((matter.matter.label, on, matter.words)):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(text))
                self.table.setItem(row, column, item)
        self.stack.setCurrentWidget(self.table if self._found else self.empty)
        self.words.setText(
            f"On {day_in_words(day)} and in the {reviews.SOON_DAYS} days after. "
            "Double-click a row to see its agreement."
        )
        return len(self._found)

    def _on_activated(self, item: QTableWidgetItem) -> None:
        self.chosen.emit(self._found[item.row()].agreement_id)


class DueNotice(QObject):
    """Tells once, when a project was opened, what is due in it or has ended."""

    def __init__(self, session: Session, show: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._show = show
        session.project_changed.connect(self._on_project)

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id and change.after.agreements:
            # After the news of opening itself, which it would else be covered by.
            opened = change.after.id
            next_turn(self, lambda: self._tell(opened))

    def _tell(self, opened: str) -> None:
        project = self.session.project
        if project.id != opened:
            return
        words = reviews.in_a_sentence(reviews.due(project, self.session.look.day))
        if words:
            self.session.tell(words, "info", "Show what is due", self._show)
