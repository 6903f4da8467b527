"""Looks the project over after each change, in the background; the newest look wins."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gisapp.analysis.zones.problems import Problems, find_problems
from gisapp.layers.audience import Audience
from gisapp.layers.checks import Issue, issues_seen_by
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session

#: A look begins when nothing has changed for so long, so that a drag is looked at once.
_PAUSE_MS = 200


class ProblemsWatch(QObject):
    """What was found last; `changed` tells of every new look."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look_up = LookUp(session)
        self._asked: tuple[object, ...] = ()
        self.problems: Problems | None = None
        #: What an audience may read of what was found, which is asked for many times a look.
        self._read: tuple[Problems, Audience, tuple[Issue, ...]] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        session.project_changed.connect(self._on_changed)
        session.reader_changed.connect(self._on_reader)
        self._on_changed()

    @property
    def is_current(self) -> bool:
        """Whether what was found is about the project and the day as they are."""
        known = self.problems
        session = self._session
        return known is not None and (
            known.project is session.project and known.day == session.look.day
        )

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What this reader may know of what was found last."""
        found, audience = self.problems, self._session.look.audience
        if found is None or found.project.id != self._session.project.id:
            return ()
        if self._read is None or self._read[:2] != (found, audience):
            self._read = found, audience, issues_seen_by(found.project, found.issues, audience)
        return self._read[2]

    def _on_changed(self, *_: object) -> None:
        self._look_up.drop()
        if not self.is_current:
            self._soon.start()

    def _on_reader(self) -> None:
        """Another day is another question; another audience only reads other answers."""
        self._on_changed()
        self.changed.emit()

    def _look(self) -> None:
        project, day, former = self._session.project, self._session.look.day, self.problems

        def work(progress: Progress) -> Problems:
            return find_problems(project, day, former, progress)

        self._look_up.ask(Task("Looking for problems", work), self._found)

    def _found(self, problems: Problems) -> None:
        self.problems = problems
        self.changed.emit()
