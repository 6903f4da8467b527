"""The tool that draws a deployment: an outline by its corners, then a card asks for the rest."""

from __future__ import annotations

from typing import Any

from gisapp.ui import dialogs
from gisapp.ui.drawing.card_tool import CardTool
from gisapp.ui.drawing.desk import DrawDesk


class DeploymentTool(CardTool):
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
            self._card = dialogs.make("DeploymentCard", self.session, self.canvas)
        return self._card

    def complete(self) -> None:
        self.desk.rest()
        self.card.ask(self.sketch.area())
