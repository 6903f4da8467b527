"""A drawing tool whose card asks for the rest once the drawing is complete."""

from __future__ import annotations

from abc import ABC, abstractmethod

from gisapp.ui.drawing.card import MapCard
from gisapp.ui.drawing.course_tool import CourseTool


class CardTool(CourseTool, ABC):
    """A course with a card; both end together."""

    @property
    @abstractmethod
    def card(self) -> MapCard:
        """The card that asks for the rest."""

    def activate(self) -> None:
        self.card.ended.connect(self._on_ended)
        super().activate()

    def deactivate(self) -> None:
        self.card.ended.disconnect(self._on_ended)
        self.card.dismiss()
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
