"""At which scales a layer is drawn."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gisapp.ui.session import Session
from gisapp.ui.styles.page import StylePage
from gisapp.ui.styles.scale_field import ScaleField, scale_text
from gisapp.ui.widgets.forms import INSIDE, Form, say, scrolled


class ScalePage(StylePage):
    """Two limits, and what they mean for the map as it is now."""

    title = "Scale"

    def __init__(self, session: Session, layer_id: str, parent: QWidget | None = None) -> None:
        super().__init__(session, layer_id, parent)
        self.farthest = ScaleField(session, "Farthest scale", math.ceil)
        self.nearest = ScaleField(session, "Nearest scale", math.floor)
        self.verdict = say("", "hint")
        form = Form()
        self.far_row = form.add(
            "Not farther than", self.farthest, "Hidden where the map shows more ground than this."
        )
        self.near_row = form.add(
            "Not nearer than", self.nearest, "Hidden where the map shows less ground than this."
        )
        form.across(self.verdict)
        form.finish()
        column = QVBoxLayout(self)
        column.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        column.addWidget(scrolled(form))
        self.farthest.changed.connect(lambda scale: self.change(farthest=scale))
        self.nearest.changed.connect(lambda scale: self.change(nearest=scale))
        for row, field in ((self.far_row, self.farthest), (self.near_row, self.nearest)):
            field.edit.textChanged.connect(
                lambda _, row=row, field=field: row.set_error(field.problem())
            )
        session.view_changed.connect(self._say)
        self.show_style()

    def show_style(self) -> None:
        style = self.style_now
        self.farthest.set_scale(style.farthest)
        self.nearest.set_scale(style.nearest)
        self._say()

    def _say(self) -> None:
        if self.layer_id not in {layer.id for layer in self.session.project.layers}:
            return
        style, scale = self.style_now, self.session.view.scale
        crossed = (
            style.nearest is not None
            and style.farthest is not None
            and style.nearest > style.farthest
        )
        if crossed:
            text = "The nearest scale is farther than the farthest: the layer is never drawn."
        else:
            drawn = "is" if style.shown_at(scale) else "is not"
            text = f"The map is at {scale_text(scale)} now: the layer {drawn} drawn."
        self.verdict.setText(text)
