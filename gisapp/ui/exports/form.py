"""Dialogs that show what would be written while their form changes, and then write it."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QWidget

from gisapp.errors import Cancelled, GisappError
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import FormDialog, actions, primary, say, secondary
from gisapp.ui.widgets.task_foot import TaskFoot

#: The form is looked at when nothing in it has changed for so long.
_PAUSE_MS = 250


class ExportForm(FormDialog):
    """What such dialogs share: a look a moment after each change, one button, and their end.

    Subclasses fill `body`, call `_end` last, and start `_later` where something changes. `_looks`
    counts the looks, so that the answer to a former one can be told from the newest.
    """

    def __init__(
        self, session: Session, title: str, size: QSize, button: str, parent: QWidget | None
    ) -> None:
        super().__init__(title, size, parent)
        self.session = session
        self._looks = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._look)
        self.export = primary(button, self._export)
        self.foot = TaskFoot(session)
        self.status = say("", "error")
        self.status.hide()

    def _look(self) -> None:
        """Find out what would be written as the form is now."""
        raise NotImplementedError

    def _export(self) -> None:
        """Ask where to, and write."""
        raise NotImplementedError

    def _can_export(self) -> bool:
        """Whether what was seen last can be written."""
        return True

    def _end(self) -> None:
        """Put what is wrong, progress and the buttons at the foot."""
        self.body.addWidget(self.status)
        cancel = secondary("Cancel", self.reject)
        self.body.addLayout(actions(self.export, cancel, left=(self.foot,)))

    def _on_failed(self, error: GisappError) -> None:
        self.export.setEnabled(self._can_export())
        self._say_wrong("" if isinstance(error, Cancelled) else str(error))

    def _say_wrong(self, words: str) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))

    def done(self, result: int) -> None:
        """Leave; what is under way is stopped, and no half file is left."""
        self._later.stop()
        self._looks += 1
        self.foot.drop()
        super().done(result)
