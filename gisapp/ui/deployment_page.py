"""The place of the panel of deployments below the map: the panel is made when it is first seen."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gisapp.ui.commands import Commands
from gisapp.ui.session import Session


class DeploymentPage(QWidget):
    """Holds the panel; nothing of it is loaded before somebody opens its tab."""

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, commands
        self._panel: Any = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    @property
    def panel(self) -> Any:
        """The panel, made where it is not there yet."""
        if self._panel is None:
            made = import_module("gisapp.ui.deployment_panel").DeploymentPanel
            self._panel = made(self._session, self._commands, self)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._panel)
            self.setFocusProxy(self._panel)
        return self._panel

    def showEvent(self, event: QShowEvent) -> None:
        self.panel.show()
        super().showEvent(event)
