"""Keeps the recovery copy up to date after each change, off the main thread and in silence."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gisapp.errors import GisappError
from gisapp.io import recovery
from gisapp.layers.project import Change, Project
from gisapp.ui.session import Session

log = logging.getLogger(__name__)

#: Changes within this time are written together, in milliseconds.
_PAUSE_MS = 1_500


class RecoveryWriter(QObject):
    """Writes the copy of what is not saved; `failed` says once that this does not work."""

    failed = Signal(object)

    _written = Signal(object, object, object)

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.folder = folder
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gisapp-recovery")
        self._last: tuple[Path, Project] | None = None
        self._saved: Project | None = None
        self._busy = False
        self._told = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.write_now)
        self._written.connect(self._on_written, Qt.ConnectionType.QueuedConnection)
        session.project_changed.connect(self._on_change)

    @property
    def target(self) -> Path:
        """Where the copy of the open project lies."""
        return recovery.recovery_path(self.session.path, self.folder, self.session.project.id)

    def on_saved(self, project: Project | None) -> None:
        """The file now holds this project: the copy is not needed any more."""
        self._saved = project
        self.discard()

    def discard(self) -> None:
        """Remove the copy, once nobody is writing it."""
        self._timer.stop()
        target, self._last = self._last[0] if self._last else self.target, None
        if not self._closed:
            self._executor.submit(_remove, target)

    def close(self, *, keep: bool = False) -> None:
        """End the worker; the copy goes unless it is to be kept."""
        self._timer.stop()
        if not keep:
            self.discard()
        self._closed = True
        self._executor.shutdown(wait=True)

    def _on_change(self, change: Change) -> None:
        if change.before.id == change.after.id and not self.session.document.is_saved:
            self._timer.start()

    def write_now(self) -> None:
        """Write the copy of the present state, after the one being written."""
        if self._busy:
            self._timer.start()
            return
        if self._closed or self.session.document.is_saved:
            return
        target, project = self.target, self.session.project
        last = self._last[1] if self._last is not None and self._last[0] == target else None
        self._busy = True
        self._executor.submit(self._work, project, target, last, self._saved, self.session.path)

    def _work(
        self,
        project: Project,
        target: Path,
        last: Project | None,
        saved: Project | None,
        path: Path | None,
    ) -> None:
        try:
            recovery.write(project, target, last=last, saved=saved, saved_path=path)
        except (GisappError, OSError) as error:
            self._written.emit(target, project, error)
        else:
            self._written.emit(target, project, None)

    @Slot(object, object, object)
    def _on_written(self, target: Path, project: Project, error: Exception | None) -> None:
        self._busy = False
        if error is None:
            if self.session.project.id == project.id:
                self._last = (target, project)
            return
        log.warning("the recovery copy could not be written: %s", error)
        if not self._told:
            self._told = True
            self.failed.emit(error)


def _remove(target: Path) -> None:
    try:
        recovery.remove(target)
    except (GisappError, OSError) as error:
        log.warning("the recovery copy could not be removed: %s", error)
