"""Progress of a dialog's own work, at its foot, with a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gisapp.errors import GisappError
from gisapp.tasks import Task
from gisapp.ui.session import Session
from gisapp.ui.task_runner import Running
from gisapp.ui.widgets.forms import INSIDE, secondary
from gisapp.ui.widgets.task_bar import TaskBar


class TaskFoot(QWidget):
    """Starts tasks and shows the last one; hidden while there is nothing to tell."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._running: Running | None = None
        self._quick = False
        self.bar = TaskBar(140)
        self.words = QLabel("")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.stop = secondary("Stop", self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        for widget in (self.bar, self.words, self.stop):
            layout.addWidget(widget)
        session.runner.changed.connect(self._follow)
        self._follow()

    def start(
        self,
        task: Task[Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[GisappError], None] | None = None,
        *,
        quick: bool = False,
    ) -> None:
        """Run a task in the background and show how far it is.

        A `quick` look-up need not wait for long work, and is dropped for whatever comes next.
        """
        if self._quick and self._running is not None:
            self.session.runner.drop(self._running)
        self._quick = quick
        self._running = self.session.start(task, done, failed, quick=quick)
        self._follow()

    def cancel(self) -> None:
        """Ask the work under way to stop."""
        if self._running is not None:
            self.session.runner.cancel(self._running)

    def drop(self) -> None:
        """Want no answer any more: neither callback of the work under way is called."""
        if self._running is not None:
            self.session.runner.drop(self._running)

    def say(self, text: str) -> None:
        """Leave a word where the progress was."""
        self.words.setText(text)

    def _follow(self) -> None:
        running = self._running
        busy = running is not None and running in self.session.runner.running
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        if running is None:
            return
        if not busy:
            self._running = None
            self.words.setText("")
            return
        self.bar.show_fraction(running.fraction)
        self.words.setText(running.text)
