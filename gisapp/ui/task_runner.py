"""Runs tasks on workers and brings the result back to the main thread.

Long work goes one after the other through one worker. Look-ups, whose answer is wanted at once
and which change nothing, have a second one, so that they never wait behind a save or an export.
One long-lived QObject is the way back: a QObject per task crashes when its owner goes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from gisapp.document import Document
from gisapp.errors import Cancelled, GisappError
from gisapp.layers.project import Change
from gisapp.progress import Progress, resting
from gisapp.tasks import Task
from gisapp.ui.courtesy import Courtesy, behind_the_window

log = logging.getLogger(__name__)

#: A task may say how far it is at each of thousands of steps; nobody reads more than so often.
_OFTEN_MS = 40


@dataclass(eq=False)
class Running:
    """A task under way."""

    task: Task[Any]
    progress: Progress
    document: Document
    done: Callable[[Any], None] | None
    failed: Callable[[GisappError], None] | None
    fraction: float | None = None
    text: str = ""
    clock: QElapsedTimer = field(default_factory=QElapsedTimer)


class TaskRunner(QObject):
    """Give it tasks on the main thread; it answers there too.

    `changed` tells that the list of running tasks or their progress differs; `problem` carries
    a GisappError nobody else took, `bug` any other exception.
    """

    changed = Signal()
    problem = Signal(object)
    bug = Signal(object)

    _reported = Signal(object, object, str)
    _finished = Signal(object, object, object)

    def __init__(
        self, document: Callable[[], Document], courtesy: Courtesy, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._courtesy = courtesy
        self._long, self._quick = (
            ThreadPoolExecutor(1, f"gisapp-{name}", initializer=behind_the_window)
            for name in ("task", "look-up")
        )
        self.running: list[Running] = []
        self._ended = False
        self._soon = QTimer(self, singleShot=True, interval=_OFTEN_MS)
        self._soon.timeout.connect(self.changed)
        self._reported.connect(self._on_report, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        task: Task[Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[GisappError], None] | None = None,
        *,
        quick: bool = False,
    ) -> Running:
        """Run a task; `done` gets its result after its edit was applied, both on this thread.

        Both are left out once another document is open: `failed` is told that it was stopped.
        `quick` is for look-ups that need not wait for long work. After `shutdown` nothing is
        started any more: the task comes back cancelled.
        """
        running = Running(task, Progress(), self._document(), done, failed, text=task.label)
        running.clock.start()
        running.progress = Progress(
            lambda fraction, text: self._reported.emit(running, fraction, text), self._courtesy.wait
        )
        if self._ended:
            running.progress.cancel()
            return running
        self.running.append(running)
        (self._quick if quick else self._long).submit(self._work, running)
        self.changed.emit()
        return running

    def cancel(self, running: Running) -> None:
        running.progress.cancel()

    def drop(self, running: Running) -> None:
        """Cancel work whose answer nobody waits for any more: neither callback is called."""
        running.progress.cancel()
        running.done, running.failed = None, lambda _: None

    def cancel_all(self) -> None:
        for running in self.running:
            running.progress.cancel()

    def cancel_readers(self, change: Change) -> None:
        """Cancel tasks that read a layer which has gone."""
        gone = change.layers - {layer.id for layer in change.after.layers}
        for running in self.running:
            if running.task.reads & gone:
                running.progress.cancel()

    @property
    def busy(self) -> bool:
        return bool(self.running)

    def shutdown(self) -> None:
        """Cancel everything and wait for the workers to end."""
        self._ended = True
        self.cancel_all()
        for executor in (self._long, self._quick):
            executor.shutdown(wait=True, cancel_futures=True)

    def _work(self, running: Running) -> None:
        try:
            running.progress.check()
            with resting(self._courtesy.wait):
                result = running.task.work(running.progress)
        except Exception as error:
            self._finished.emit(running, None, error)
        else:
            self._finished.emit(running, result, None)

    @Slot(object, object, str)
    def _on_report(self, running: Running, fraction: float | None, text: str) -> None:
        running.fraction, running.text = fraction, text or running.task.label
        if not self._soon.isActive():
            self._soon.start()

    @Slot(object, object, object)
    def _on_finished(self, running: Running, result: Any, error: Exception | None) -> None:
        with self._courtesy.turn():
            self._finish(running, result, error)

    def _finish(self, running: Running, result: Any, error: Exception | None) -> None:
        if running in self.running:
            self.running.remove(running)
        self.changed.emit()
        gone = running.document is not self._document()
        if gone and (error is None or isinstance(error, GisappError)):
            error = Cancelled(f"{running.task.label} was stopped: another project was opened.")
        elif error is None and running.progress.cancelled:
            error = Cancelled()
        if error is None:
            try:
                if running.task.then is not None:
                    running.document.apply(running.task.then(result))
                if running.done is not None:
                    running.done(result)
            except GisappError as caught:
                error = caught
        if error is not None:
            self._tell(running, error, gone)

    def _tell(self, running: Running, error: Exception, gone: bool) -> None:
        """To whom it belongs; what became of a document that has gone is no news."""
        if not isinstance(error, GisappError):
            log.error("bug in %s", running.task.label, exc_info=error)
            self.bug.emit(error)
        elif running.failed is not None:
            running.failed(error)
        elif not (gone or self._ended):
            self.problem.emit(error)
