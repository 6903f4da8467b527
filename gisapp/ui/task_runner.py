"""Runs tasks on a worker and brings the result back to the main thread.

One long-lived QObject is the way back: a QObject per task crashes when its owner goes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gisapp.document import Document
from gisapp.errors import Cancelled, GisappError
from gisapp.layers.project import Change
from gisapp.progress import Progress
from gisapp.tasks import Task

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Running:
    """A task under way."""

    task: Task[Any]
    progress: Progress
    done: Callable[[Any], None] | None
    failed: Callable[[GisappError], None] | None
    fraction: float | None = None
    text: str = ""


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

    def __init__(self, document: Callable[[], Document], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gisapp-task")
        self.running: list[Running] = []
        self._ended = False
        self._reported.connect(self._on_report, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        task: Task[Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[GisappError], None] | None = None,
    ) -> Running:
        """Run a task; `done` gets its result after its edit was applied, both on this thread.

        After `shutdown` nothing is started any more: the task comes back cancelled.
        """
        running = Running(task, Progress(), done, failed, text=task.label)
        running.progress = Progress(
            lambda fraction, text: self._reported.emit(running, fraction, text)
        )
        if self._ended:
            running.progress.cancel()
            return running
        self.running.append(running)
        self._executor.submit(self._work, running)
        self.changed.emit()
        return running

    def cancel(self, running: Running) -> None:
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
        """Cancel everything and wait for the worker to end."""
        self._ended = True
        for running in self.running:
            running.progress.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _work(self, running: Running) -> None:
        try:
            running.progress.check()
            result = running.task.work(running.progress)
        except Exception as error:
            self._finished.emit(running, None, error)
        else:
            self._finished.emit(running, result, None)

    @Slot(object, object, str)
    def _on_report(self, running: Running, fraction: float | None, text: str) -> None:
        running.fraction, running.text = fraction, text or running.task.label
        self.changed.emit()

    @Slot(object, object, object)
    def _on_finished(self, running: Running, result: Any, error: Exception | None) -> None:
        if running in self.running:
            self.running.remove(running)
        self.changed.emit()
        if error is None and running.progress.cancelled:
            error = Cancelled()
        if error is None:
            try:
                if running.task.then is not None:
                    self._document().apply(running.task.then(result))
                if running.done is not None:
                    running.done(result)
            except GisappError as caught:
                error = caught
        if error is None:
            return
        if not isinstance(error, GisappError):
            log.error("bug in %s", running.task.label, exc_info=error)
            self.bug.emit(error)
        elif running.failed is not None:
            running.failed(error)
        else:
            self.problem.emit(error)
