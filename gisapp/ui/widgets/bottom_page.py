"""What most pages below the map are made of."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gisapp.ui.widgets.forms import INSIDE, EmptyState


class BottomPage(QWidget):
    """Fields in a row at the top, and under them what there is, or words that say why not.

    The places are there before what they hold: what is put into something else later is dressed
    anew with all that it holds. `stack` shows `filled`, whose rows go into `body`, or `empty`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        outer.setSpacing(INSIDE)
        self.top = QHBoxLayout()
        self.top.setSpacing(INSIDE)
        outer.addLayout(self.top)
        self.stack = QStackedWidget()
        outer.addWidget(self.stack, 1)
        self.filled, self.empty = QWidget(), EmptyState("")
        self.stack.addWidget(self.filled)
        self.stack.addWidget(self.empty)
        self.body = QVBoxLayout(self.filled)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(4)
