"""A part of a page that takes time to find out: drawn without it first, then with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gisapp.errors import GisappError
from gisapp.tasks import Task
from gisapp.ui.inspector.parts import Page
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import say

R = TypeVar("R")


class Later(QWidget, Generic[R]):
    """`draw(page, None)` says what is known at once, `draw(page, result)` all of it.

    The task is dropped when the part goes, for then nobody waits for the answer.
    """

    def __init__(
        self, session: Session, task: Task[R], draw: Callable[[Page, R | None], None]
    ) -> None:
        super().__init__()
        self._draw = draw
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._part = self._drawn(None)
        self._column.addWidget(self._part)
        runner = session.runner
        running = session.start(task, self._show, self._failed, quick=True)
        self.destroyed.connect(lambda: runner.drop(running))

    def _drawn(self, result: R | None) -> Page:
        part = Page()
        part.column.setContentsMargins(0, 0, 0, 0)
        self._draw(part, result)
        return part

    def _show(self, result: R) -> None:
        former, self._part = self._part, self._drawn(result)
        self._column.replaceWidget(former, self._part)
        former.setParent(None)
        former.deleteLater()
        self._part.show()

    def _failed(self, error: GisappError) -> None:
        self._column.addWidget(say(str(error), "hint"))
