"""The tool that draws a deployment: an outline by its corners, then a card asks for the rest."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gisapp.ui.course_tool import CourseTool
from gisapp.ui.draw_desk import DrawDesk


class DeploymentTool(CourseTool):
    """Click the corners of the area; its card asks for the name, unit, hours and purpose."""

    id = "deploy.draw"
    title = "Outline"
    first = "Click the first corner of the deployment"

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self._card: Any = None

    @property
    def card(self) -> Any:
        """The card, loaded when it is first needed."""
        if self._card is None:
            made = import_module("gisapp.ui.deployment_card").DeploymentCard
            self._card = made(self.session, self.canvas)
            self._card.ended.connect(self._on_ended)
        return self._card

    def complete(self) -> None:
        self.desk.rest()
        self.card.ask(self.sketch.area())

    def deactivate(self) -> None:
        if self._card is not None:
            self._card.dismiss()
        super().deactivate()

    def clear(self) -> None:
        if self.finished:
            self.card.dismiss()
            self.desk.take(self)
        super().clear()

    def _on_ended(self, added: bool) -> None:
        self.clear()
        if added:
            self.canvas.stopped.emit()
        else:
            self.say()
