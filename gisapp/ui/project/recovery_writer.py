"""Keeps the recovery copy up to date after each change, off the main thread and in silence."""

from __future__ import annotations

import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gisapp.errors import GisappError
from gisapp.io.project import recovery
from gisapp.layers.project import Change, Project
from gisapp.progress import Progress, resting
from gisapp.ui.courtesy import behind_the_window
from gisapp.ui.project.lock import ProjectLock
from gisapp.ui.session import Session

log = logging.getLogger(__name__)

#: Changes within this time are written together, in milliseconds.
_PAUSE_MS = 1_500


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """What became of a copy, which lies where its lock says."""

    project: Project
    lock: ProjectLock
    error: GisappError | OSError | None


class RecoveryWriter(QObject):
    """Writes the copy of what is not saved; `failed` says once that this does not work."""

    failed = Signal(object)

    _written = Signal(object)

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.folder = folder
        self._executor = ThreadPoolExecutor(1, "gisapp-recovery", initializer=behind_the_window)
        self._last: tuple[Path, Project] | None = None
        self._saved: Project | None = None
        self._busy = False
        self._told = False
        self._closed = False
        self._lock: ProjectLock | None = None
        #: Taken by the worker, and not yet handed over.
        self._fresh: ProjectLock | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.write_now)
        self._written.connect(self._on_written, Qt.ConnectionType.QueuedConnection)
        session.project_changed.connect(self._on_change)

    @property
    def target(self) -> Path:
        """Where the copy of the open project lies."""
        if self.session.path is None and self._lock is not None:
            return self._lock.copy
        return recovery.recovery_path(self.session.path, self.folder, self.session.project.id)

    # Who has the project open

    def copy_of(self, path: Path) -> Path:
        """Where the copy of a project file lies, and its lock: for a worker to take, as a lock is
        written through to the disk, which may be busy or far away."""
        return recovery.recovery_path(path, self.folder)

    def own_lock(self, path: Path) -> ProjectLock | None:
        """Our own lock of a project file, where it is open here."""
        return self._lock if self.holds(self.copy_of(path)) else None

    def holds(self, copy: Path) -> bool:
        """Whether this recovery copy belongs to the project that is open here."""
        return self._lock is not None and self._lock.copy == copy

    def hold(self, lock: ProjectLock | None) -> None:
        """Keep the lock of what is open now, in place of that of what was."""
        if self._lock is not None and self._lock is not lock:
            self._lock.release()
        self._lock = lock

    def adopt(self, lock: ProjectLock, project: Project) -> None:
        """Go on with a copy that a crash left: it holds this project, and nothing else does."""
        self._timer.stop()
        self.hold(lock)
        self._saved, self._last = None, (lock.copy, project)

    def _claimed(self, target: Path) -> ProjectLock:
        """A project without a file is claimed when there is something to lose. For a worker."""
        # In a folder that cannot be made no copy can be written either; that is told then.
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
        lock = ProjectLock(target)
        if not lock.free:
            lock = ProjectLock(recovery.recovery_path(None, self.folder, uuid.uuid4().hex))
        return lock

    # Writing and removing

    def on_saved(self, project: Project | None) -> None:
        """The file now holds this project: the copy is not needed any more."""
        self._saved = project
        self.discard()
        if not self.session.document.is_saved:  # changed while it was being saved
            self._timer.start()

    def discard(self) -> None:
        """Remove the copy, once nobody is writing it."""
        self._timer.stop()
        # Only what is ours: a copy of the same project may belong to another window of gisapp.
        targets = {self._lock.copy} if self._lock is not None else set()
        if self._last is not None:
            targets.add(self._last[0])
        self._last = None
        if not self._closed:
            for target in targets:
                self._executor.submit(_remove, target)

    def close(self, *, keep: bool = False) -> None:
        """End the worker; the copy goes unless it is to be kept."""
        self._timer.stop()
        if not keep:
            self.discard()
        self._closed = True
        self._executor.shutdown(wait=True)
        if self._fresh is not None:
            if not keep:
                _remove(self._fresh.copy)
            self._fresh.release()
        self.hold(None)

    def _on_change(self, change: Change) -> None:
        if change.before.id != change.after.id:
            return
        if self.session.document.is_saved:
            self.discard()  # all was undone: nothing is left to restore
        else:
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
        self._executor.submit(
            self._work, project, target, last, self._saved, self.session.path, self._lock
        )

    def _work(
        self,
        project: Project,
        target: Path,
        last: Project | None,
        saved: Project | None,
        path: Path | None,
        lock: ProjectLock | None,
    ) -> None:
        error: GisappError | OSError | None = None
        if lock is None:
            lock = self._fresh = self._claimed(target)
            target = lock.copy
        try:
            rest = self.session.courtesy.wait
            with resting(rest):
                recovery.write(
                    project,
                    target,
                    last=last,
                    saved=saved,
                    saved_path=path,
                    progress=Progress(rest=rest),
                )
        except (GisappError, OSError) as trouble:
            error = trouble
        self._written.emit(_Written(project, lock, error))

    @Slot(object)
    def _on_written(self, written: _Written) -> None:
        if self._closed:
            return
        self._busy, self._fresh = False, None
        lock, error = written.lock, written.error
        open_still = self.session.project.id == written.project.id
        if lock is not self._lock:
            if self._lock is None and open_still:
                self._lock = lock
            else:
                # Another project was opened meanwhile, or this one has a file now.
                self._executor.submit(_remove, lock.copy)
                lock.release()
                return
        if error is None:
            if open_still and not self.session.document.is_saved:
                self._last = (lock.copy, written.project)
            else:
                # All was undone or saved while it was being written: nothing is left to restore.
                self._executor.submit(_remove, lock.copy)
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
