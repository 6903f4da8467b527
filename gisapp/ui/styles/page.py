"""What the pages of the style editor share: the layer they show, and how they change its look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from gisapp.layers import edits
from gisapp.layers.layer import Layer
from gisapp.layers.style import Style
from gisapp.ui.session import Session


class StylePage(QWidget):
    """A page that shows the style of one layer, and changes it at once, as steps to undo."""

    #: What its tab is called.
    title = ""

    def __init__(self, session: Session, layer_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.layer_id = layer_id

    @property
    def layer(self) -> Layer:
        return self.session.project.layer(self.layer_id)

    @property
    def style_now(self) -> Style:
        return self.layer.style

    def change(self, gesture: str = "", **changes: Any) -> bool:
        """Give the layer another look; steps with one gesture undo together."""
        style = replace(self.style_now, **changes)
        if style == self.style_now:
            return False
        drag = f"style {self.layer_id} {gesture}" if gesture else None
        return self.session.perform(edits.restyle_layer(self.layer_id, style, drag=drag))

    def show_style(self) -> None:
        """Show the style as the project has it now."""
        raise NotImplementedError
