"""Checks a layer of deployments after each change, in the background; the newest check wins."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gisapp.analysis.deployments.check import DeploymentCheck, check, has_deployments
from gisapp.errors import Cancelled, GisappError
from gisapp.layers.layer import Layer
from gisapp.layers.project import Change
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session

#: A check begins when nothing has changed for so long, so that a drag is looked at once.
_PAUSE_MS = 200


class DeploymentWatch(QObject):
    """What was found last about the chosen layer; `changed` tells of each new state.

    `found` is None while nothing is known; `trouble` says why nothing could be checked.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look_up = LookUp(session)
        self._layer_id: str | None = None
        self._active = False
        self._stale = True
        self.found: DeploymentCheck | None = None
        self.trouble = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        session.project_changed.connect(self._on_project)
        session.reader_changed.connect(self._again)

    @property
    def layer(self) -> Layer | None:
        """The layer that is checked: the chosen one, else the topmost of deployments."""
        layers = has_deployments(self._session.project)
        chosen = [layer for layer in layers if layer.id == self._layer_id]
        return next(iter(chosen or layers), None)

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed since what was found was looked for."""
        return not self._stale

    def choose(self, layer_id: str | None) -> None:
        """Check another layer."""
        if layer_id != self._layer_id:
            self._layer_id = layer_id
            self.found, self.trouble = None, ""
            self._again()

    def set_active(self, active: bool) -> None:
        """Follow the project, or rest while nobody looks."""
        self._active = active
        if not active:
            self._soon.stop()
            self._look_up.drop()
        elif self._stale:
            self._look()

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id:
            self.found, self.trouble = None, ""
        self._again()

    def _again(self) -> None:
        self._stale = True
        self._look_up.drop()
        if self._active:
            self._soon.start()
            self.changed.emit()

    def _look(self) -> None:
        layer, session = self.layer, self._session
        self._soon.stop()
        if layer is None:
            self.found, self.trouble, self._stale = None, "", False
            self.changed.emit()
            return
        project, audience = session.project, session.look.audience

        def work(progress: Progress) -> DeploymentCheck:
            return check(project, layer, audience=audience, progress=progress)

        task = Task("Checking deployments", work, reads=frozenset({layer.id}))
        self._look_up.ask(task, self._on_found, self._on_failed)

    def _on_found(self, found: DeploymentCheck) -> None:
        self.found, self.trouble, self._stale = found, "", False
        self.changed.emit()

    def _on_failed(self, error: GisappError) -> None:
        if not isinstance(error, Cancelled):
            self.found, self.trouble, self._stale = None, str(error), False
            self.changed.emit()
