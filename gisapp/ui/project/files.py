"""New, open, save: the project and its file, with one question when work would be lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gisapp.document import Document
from gisapp.errors import Cancelled, GisappError, ProjectFileError
from gisapp.io import safe_files
from gisapp.io.project import project_file, recovery
from gisapp.io.project.recovery import Recoverable
from gisapp.layers.agreement import day_in_words
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.map.extents import first_extent
from gisapp.ui.project import questions
from gisapp.ui.project.cache_writer import CacheWriter
from gisapp.ui.project.lock import ProjectLock
from gisapp.ui.project.questions import Answer, Changed, Found
from gisapp.ui.project.recovery_writer import RecoveryWriter
from gisapp.ui.session import Session
from gisapp.ui.settings import Settings
from gisapp.ui.task_runner import Running

_FILTER = "gisapp project (*.gpkg)"
#: The lock of a file, and what a crash left beside it.
_Claim = tuple[ProjectLock, Recoverable | None]


class ChangedMeanwhileError(ProjectFileError):
    """Another program wrote to the file after it was opened here."""


class GoneMeanwhileError(ProjectFileError):
    """The file was moved, renamed or deleted after it was opened here."""


class ProjectFiles(QObject):
    """The file side of a session. `recent_changed` tells that the list of recent files differs."""

    recent_changed = Signal()

    def __init__(
        self, session: Session, settings: Settings, writer: RecoveryWriter, window: QWidget
    ) -> None:
        super().__init__(window)
        self.session = session
        self.settings = settings
        self.writer = writer
        self.window = window
        self.ask_unsaved: Callable[[], Answer] = lambda: questions.ask_unsaved(window, self.name)
        self.ask_found: Callable[[Recoverable], Found] = partial(questions.ask_found, window)
        self.ask_changed: Callable[[str], Changed] = partial(questions.ask_changed, window)
        self.ask_gone: Callable[[str], Changed] = partial(questions.ask_gone, window)
        self.ask_open_twice: Callable[[str], bool] = partial(questions.ask_open_twice, window)
        self.cache_writer = CacheWriter(session.courtesy, self)
        self._on_disk: Project | None = None
        #: Locks of files that are being opened.
        self._claimed: list[ProjectLock] = []
        self._opening: Running | None = None
        writer.failed.connect(self._on_no_recovery)
        session.logged.connect(self._keep_log)

    # What is open

    @property
    def name(self) -> str:
        """The name of the file, or the title of a project without one."""
        path = self.session.path
        return path.name if path is not None else self.session.project.title

    def folder(self) -> str:
        """Where to begin looking for files."""
        return str(self.session.path.parent if self.session.path else Path.home())

    def is_project(self, path: Path) -> bool:
        """Whether a file is a project of gisapp; other GeoPackages are data to import."""
        if path.suffix.casefold() != project_file.SUFFIX:
            return False
        try:
            project_file.written_at(path)
        except GisappError:
            return False
        return True

    def when_safe(self, then: Callable[[], object]) -> None:
        """Do it now, or after the changes were saved or given up; or not at all.

        What changes while it is being saved is asked about in its turn.
        """
        if self.session.document.is_saved:
            then()
            return
        answer = self.ask_unsaved()
        if answer is Answer.SAVE:
            self.save(lambda: self.when_safe(then))
        elif answer is Answer.DISCARD:
            self.writer.discard()
            then()

    def new(self) -> None:
        self.when_safe(lambda: self.show_unsaved(Project()))

    def show_unsaved(self, project: Project) -> None:
        """Show a project that has no file."""
        self._show(project, None)

    def show_made(self, task: Task[Project]) -> None:
        """Show the project that a task makes, in place of what is open; it has no file."""
        asked = self.session.project

        def done(project: Project) -> None:
            if self._as_it_was(asked):
                self.show_unsaved(project)
            else:
                self.when_safe(lambda: self.show_unsaved(project))

        self._start_opening(task, done)

    def _as_it_was(self, asked: Project) -> bool:
        """Whether nothing was done since the user was asked whether all may go."""
        return self.session.project is asked

    def _start_opening(
        self,
        task: Task[Any],
        done: Callable[[Any], None],
        failed: Callable[[GisappError], None] | None = None,
    ) -> None:
        """Open something in the background; what was asked for before is not wanted any more."""
        if self._opening is not None:
            self.session.runner.cancel(self._opening)
        self._opening = self.session.start(task, done, failed or self.session.explain)

    def _show(self, project: Project, path: Path | None, lock: ProjectLock | None = None) -> None:
        self._on_disk = project if path is not None else None
        self.session.open(Document(project), path)
        self._claimed = []
        self.writer.hold(lock)
        self.writer.on_saved(self._on_disk)
        if path is not None:
            self.cache_writer.write_soon(project, path)

    def close(self) -> None:
        """End the worker; nothing is opened or saved any more."""
        self.cache_writer.close()

    # Opening

    def choose(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self.window, "Open project", self.folder(), f"{_FILTER};;All files (*)"
        )
        if name:
            self.when_safe(lambda: self.open(Path(name)))

    def open(self, path: Path) -> None:
        """Open a project file in the background.

        Offers what a crash left beside it. A file that another gisapp has open is opened as a
        copy, if the user wants that.
        """
        own, copy, asked = (
            self.writer.own_lock(path),
            self.writer.copy_of(path),
            self.session.project,
        )
        folder, given_up, claimed = self.writer.folder, self._claimed, list[ProjectLock]()
        self._claimed = claimed

        def work(_: Progress) -> _Claim:
            # What was being opened until now, perhaps this very file, is not wanted any more.
            for former in given_up:
                former.release()
            if own is not None:
                return own, None
            lock = ProjectLock(copy)
            claimed.append(lock)
            return lock, recovery.recoverable(path, folder) if lock.free else None

        def failed(error: GisappError) -> None:
            if not isinstance(error, Cancelled):
                self.session.explain(error)

        task = Task(f"Opening {path.name}", work)
        self._start_opening(task, lambda found: self._on_claimed(path, asked, found), failed)

    def _on_claimed(self, path: Path, asked: Project, found: _Claim) -> None:
        lock, left = found
        if not lock.free:
            if self.ask_open_twice(path.name):
                self._load(path, None, asked)
            return
        answer = self.ask_found(left) if left is not None else Found.DISCARD
        if left is not None and answer is Found.RESTORE:
            self.restore(left, lock)
        elif answer is Found.DISCARD:
            self._load(path, lock, asked)
        else:
            self._let_go(lock)

    def _load(self, path: Path, lock: ProjectLock | None, asked: Project) -> None:
        """Load a file in place of the project `asked` about; without its lock what is shown is a
        copy that has no file."""

        def done(found: tuple[Project, bool]) -> None:
            project, may_save = found
            if not self._as_it_was(asked):
                # Read anew after the question, for saving may write to this very file.
                self._let_go(lock)
                self.when_safe(lambda: self.open(path))
                return
            self._show(project, path.resolve() if lock is not None else None, lock)
            self._remember(path)
            if lock is None:
                self.session.tell(
                    f"This is a copy of {path.name}. Save it under another name to keep it.",
                    "info",
                    "Save as…",
                    self.save_as,
                )
            elif not may_save:
                self.session.tell(
                    f"{path.name} can be read, but not written to. What you change can be saved "
                    "under another name.",
                    "info",
                    "Save as…",
                    self.save_as,
                )

        def failed(error: GisappError) -> None:
            self._let_go(lock)
            if not isinstance(error, Cancelled):
                self.settings.forget(path)
                self.recent_changed.emit()
                self.session.explain(error)

        def work(progress: Progress) -> tuple[Project, bool]:
            return _measured(project_file.load(path, progress)), safe_files.may_write(path)

        task: Task[tuple[Project, bool]] = Task(f"Opening {path.name}", work)
        self._start_opening(task, done, failed)

    def _let_go(self, lock: ProjectLock | None) -> None:
        """Release a lock, unless it is that of what is open."""
        if lock is not None and not self.writer.holds(lock.copy):
            lock.release()

    def restore(self, left: Recoverable, lock: ProjectLock) -> None:
        """Open the copy that a crash left; it is not saved until the user saves it."""
        asked = self.session.project

        def done(project: Project) -> None:
            if not self._as_it_was(asked):
                self._let_go(lock)
                self.when_safe(again)
                return
            self._on_disk, self._claimed = None, []
            self.session.open(Document(project), left.original)
            self.session.document.mark_saved(Project())
            self.writer.adopt(lock, project)
            self.session.tell(
                "Your work was restored. Save it to keep it.", "done", "Save", self.save
            )

        def again() -> None:
            if left.original is not None:
                self.open(left.original)
            else:
                self._ask_about_left()

        def failed(error: GisappError) -> None:
            self._let_go(lock)
            self.session.explain(error)

        task: Task[Project] = Task(
            "Restoring your work",
            lambda progress: _measured(project_file.load(left.path, progress)),
        )
        self._start_opening(task, done, failed)

    def offer_unsaved(self) -> None:
        """Tell of the latest copy of a project without a file, if a crash left one."""
        found = self._left_behind()
        if found is None:
            return
        left, lock = found
        lock.release()  # not ours until the user says so
        when = left.written_at.astimezone()
        self.session.tell(
            "gisapp did not close properly. "
            f"Unsaved work of {day_in_words(when.date())}, {when:%H:%M}, is kept.",
            "warning",
            "Restore…",
            lambda: self.when_safe(self._ask_about_left),
        )

    def _left_behind(self) -> tuple[Recoverable, ProjectLock] | None:
        """The newest copy without a file that belongs to no gisapp that runs, and its lock."""
        for left in recovery.unsaved(self.writer.folder):
            lock = ProjectLock(left.path)
            if lock.free:
                return left, lock
        return None

    def _ask_about_left(self) -> None:
        """Restore what crashes left, or do away with it, one after the other."""
        while (found := self._left_behind()) is not None:
            left, lock = found
            answer = self.ask_found(left)
            if answer is Found.RESTORE:
                self.restore(left, lock)
                return
            try:
                if answer is Found.DISCARD:
                    recovery.remove(left.path)
            except GisappError as error:
                self.session.explain(error)
                return
            finally:
                lock.release()
            if answer is Found.LATER:
                return

    # Saving

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Write what changed to the file, asking for one if there is none yet."""
        if self.session.path is None:
            self.save_as(then)
        else:
            self.save_to(self.session.path, then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a file and write the whole project to it."""
        title = self.session.project.title.replace("/", "-")
        start = self.session.path or Path(self.folder()) / f"{title}.gpkg"
        name, _ = QFileDialog.getSaveFileName(self.window, "Save project as", str(start), _FILTER)
        if name:
            path = Path(name)
            self.save_to(path if path.suffix else path.with_suffix(".gpkg"), then)

    def save_to(
        self, path: Path, then: Callable[[], object] | None = None, *, replace: bool = False
    ) -> None:
        """Write the project to a file; `then` is called once it is there.

        A file that another program has changed since it was opened, or that is not there any
        more, is written only with `replace`: the user is asked for it.
        """
        project, path = self.session.project, path.resolve()
        saved = self._on_disk if path == self.session.path else None
        own, copy = self.writer.own_lock(path), self.writer.copy_of(path)
        # Kept here, for a failure has to give back what the worker took.
        taken: list[ProjectLock] = []

        def work(progress: Progress) -> bool:
            taken.append(own or ProjectLock(copy))
            if not taken[0].free:
                raise ProjectFileError(
                    f"“{path.name}” is open in another gisapp.", "Save it under another name."
                )
            there = path.exists()
            if saved is not None and not replace:
                _check_unchanged(path, saved)
            project_file.save(project, path, saved, progress)
            return saved is not None and not there

        def done(anew: bool) -> None:
            lock = taken[0]
            if self.session.project.id != project.id:
                self._let_go(lock)
                return
            self.writer.discard()
            self.session.path = path
            self.writer.hold(lock)
            self._on_disk = project
            self.session.document.mark_saved(project)
            self.writer.on_saved(project)
            self.cache_writer.write_soon(project, path)
            self._remember(path)
            told = " as a new file: the one you had opened is not there any more" if anew else ""
            self.session.tell(f"Saved {path.name}{told}.", "done")
            if then is not None:
                then()

        def failed(error: GisappError) -> None:
            for lock in taken:
                self._let_go(lock)
            if isinstance(error, GoneMeanwhileError):
                self._settle_changed(path, self.ask_gone(path.name), then)
            elif isinstance(error, ChangedMeanwhileError):
                self._settle_changed(path, self.ask_changed(path.name), then)
            elif isinstance(error, Cancelled):
                self.session.explain(error)
            else:
                self._refuse(str(error), then)

        self.session.start(Task(f"Saving {path.name}", work), done, failed)

    def _refuse(self, why: str, then: Callable[[], object] | None) -> None:
        """Say why a file was not written, and offer to write another one."""
        self.session.tell(why, "error", "Save as…", lambda: self.save_as(then))

    def _keep_log(self, logged: Project) -> None:
        """Write a line of the export log to the project's file, and nothing else of what changed.

        A project without a file, or whose file another program changed, keeps the line until it
        is saved.
        """
        before, path = self._on_disk, self.session.path
        if before is None or path is None or before.id != logged.id:
            return
        # What is saved next is compared with this: tasks run in the order in which they start.
        self._on_disk = logged

        def work(progress: Progress) -> None:
            _check_unchanged(path, before)
            project_file.save(logged, path, before, progress)

        def done(_: None) -> None:
            if self._on_disk is logged:
                self.session.document.mark_saved(logged)
                self.writer.on_saved(logged)

        def failed(error: GisappError) -> None:
            if self._on_disk is logged:
                self._on_disk = before
            self.session.tell(
                "The export is not yet in the log that the project's file keeps. "
                f"{error.message} Save the project.",
                "warning",
            )

        self.session.start(Task("Writing the export log", work), done, failed)

    def _settle_changed(
        self, path: Path, answer: Changed, then: Callable[[], object] | None
    ) -> None:
        if answer is Changed.COPY:
            self.save_as(then)
        elif answer is Changed.REPLACE:
            self.save_to(path, then, replace=True)

    def _remember(self, path: Path) -> None:
        self.settings.remember(path)
        self.recent_changed.emit()

    def _on_no_recovery(self, error: Exception) -> None:
        self.session.tell(
            "Recovery copies cannot be written, so save often. " + str(error), "warning"
        )


def _check_unchanged(path: Path, saved: Project) -> None:
    if not path.exists():
        raise GoneMeanwhileError(
            f"“{path.name}” is no longer where you opened it.", "Save it under another name."
        )
    if not project_file.holds(path, saved):
        raise ChangedMeanwhileError(
            f"“{path.name}” was changed by another program since you opened it.",
            "Save a copy, or replace it.",
        )


def _measured(project: Project) -> Project:
    """The project, whose extent the window asks for first: here it holds nobody up."""
    first_extent(project)
    return project
