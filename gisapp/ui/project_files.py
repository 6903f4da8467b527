"""New, open, save: the project and its file, with one question when work would be lost."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gisapp.document import Document
from gisapp.errors import GisappError
from gisapp.io import project_file, recovery
from gisapp.io.recovery import Recoverable
from gisapp.layers.project import Project
from gisapp.tasks import Task
from gisapp.ui.recovery_writer import RecoveryWriter
from gisapp.ui.session import Session
from gisapp.ui.settings import Settings

_FILTER = "gisapp project (*.gpkg)"


class Answer(Enum):
    """What the user wants done with changes that are not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


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
        self.ask_unsaved: Callable[[], Answer] = self._ask_unsaved
        self.ask_restore: Callable[[Recoverable], bool] = self._ask_restore
        self._on_disk: Project | None = None
        writer.failed.connect(self._on_no_recovery)

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
        """Do it now, or after the changes were saved or given up; or not at all."""
        if self.session.document.is_saved:
            then()
            return
        answer = self.ask_unsaved()
        if answer is Answer.SAVE:
            self.save(then)
        elif answer is Answer.DISCARD:
            self.writer.discard()
            then()

    def new(self) -> None:
        self.when_safe(lambda: self.show_unsaved(Project()))

    def show_unsaved(self, project: Project) -> None:
        """Show a project that has no file."""
        self._show(project, None)

    def _show(self, project: Project, path: Path | None) -> None:
        self._on_disk = project if path is not None else None
        self.session.open(Document(project), path)
        self.writer.on_saved(self._on_disk)

    # Opening

    def choose(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self.window, "Open project", self.folder(), f"{_FILTER};;All files (*)"
        )
        if name:
            self.when_safe(lambda: self.open(Path(name)))

    def open(self, path: Path) -> None:
        """Open a project file in the background; offers what a crash left beside it."""
        left = recovery.recoverable(path, self.writer.folder)
        if left is not None and self.ask_restore(left):
            self.restore(left)
            return

        def done(project: Project) -> None:
            self._show(project, path.resolve())
            self._remember(path)

        def failed(error: GisappError) -> None:
            self.settings.forget(path)
            self.recent_changed.emit()
            self.session.explain(error)

        task: Task[Project] = Task(
            f"Opening {path.name}", lambda progress: project_file.load(path, progress)
        )
        self.session.start(task, done, failed)

    def restore(self, left: Recoverable) -> None:
        """Open the copy that a crash left; it is not saved until the user saves it."""

        def done(project: Project) -> None:
            self._show(project, left.original)
            self._on_disk = None
            self.session.document.mark_saved(Project())
            self.writer.write_now()
            self.session.tell(
                "Your work was restored. Save it to keep it.", "done", "Save", self.save
            )

        task: Task[Project] = Task(
            "Restoring your work", lambda progress: project_file.load(left.path, progress)
        )
        self.session.start(task, done)

    def offer_unsaved(self) -> None:
        """Offer the latest copy of a project that never had a file, if a crash left one."""
        found = recovery.unsaved(self.writer.folder)
        if found:
            when = found[0].written_at.astimezone()
            self.session.tell(
                f"gisapp did not close properly. Unsaved work of {when:%d %B, %H:%M} is kept.",
                "warning",
                "Restore",
                lambda: self.when_safe(lambda: self.restore(found[0])),
            )

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

    def save_to(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Write the project to a file; `then` is called once it is there."""
        project = self.session.project
        same = self.session.path is not None and path.resolve() == self.session.path
        saved = self._on_disk if same else None

        def done(_: None) -> None:
            if self.session.project.id != project.id:
                return
            self.writer.discard()
            self.session.path = path.resolve()
            self._on_disk = project
            self.session.document.mark_saved(project)
            self.writer.on_saved(project)
            self._remember(path)
            self.session.tell(f"Saved {path.name}.", "done")
            if then is not None:
                then()

        task: Task[None] = Task(
            f"Saving {path.name}",
            lambda progress: project_file.save(project, path, saved, progress),
        )
        self.session.start(task, done)

    def _remember(self, path: Path) -> None:
        self.settings.remember(path)
        self.recent_changed.emit()

    # Questions

    def _ask_unsaved(self) -> Answer:
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Save changes?")
        box.setText(f"Save the changes to “{self.name}”?")
        box.setInformativeText("Without saving, what you changed since the last save is lost.")
        save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is save:
            return Answer.SAVE
        return Answer.DISCARD if clicked is discard else Answer.CANCEL

    def _ask_restore(self, left: Recoverable) -> bool:
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        when = left.written_at.astimezone()
        box.setWindowTitle("Restore unsaved work?")
        box.setText(f"gisapp did not close properly on {when:%d %B at %H:%M}.")
        box.setInformativeText("Changes made after the last save are still there.")
        restore = box.addButton("Restore them", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Open the saved file", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(restore)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return clicked is restore

    def _on_no_recovery(self, error: Exception) -> None:
        self.session.tell(
            "Recovery copies cannot be written, so save often. " + str(error), "warning"
        )
