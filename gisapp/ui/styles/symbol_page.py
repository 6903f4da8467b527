"""The symbol of a layer: colour, sizes, fill, how it covers what lies below."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gisapp.layers.style import Blend, Fill, Line, PointDrawing
from gisapp.ui.session import Session
from gisapp.ui.styles.fields import ColorField, SizeField
from gisapp.ui.styles.page import StylePage
from gisapp.ui.styles.swatch import symbol_of
from gisapp.ui.widgets.forms import INSIDE, FieldRow, Form, choose, combo, say, scrolled
from gisapp.ui.widgets.metre_slider import MetreSlider

_LINES = (("Solid", Line.SOLID), ("Dashed", Line.DASHED))
_FILLS = (
    ("No fill", Fill.NONE),
    ("Plain", Fill.PLAIN),
    ("Hatched", Fill.HATCHED),
    ("Cross-hatched", Fill.CROSS_HATCHED),
)
_BLENDS = (
    ("Cover what lies below", Blend.NORMAL),
    ("Multiply: darker where layers meet", Blend.MULTIPLY),
    ("Screen: lighter where layers meet", Blend.SCREEN),
    ("Darken: keep the darker of two", Blend.DARKEN),
    ("Lighten: keep the lighter of two", Blend.LIGHTEN),
)
NO_NAMES = (
    "Stops, overdoses and referrals are never named on a map: each is a moment in somebody’s life."
)


class SymbolPage(StylePage):
    """Only what this layer has is offered: sizes for points, fills for areas."""

    title = "Symbol"

    def __init__(self, session: Session, layer_id: str, parent: QWidget | None = None) -> None:
        super().__init__(session, layer_id, parent)
        kind = symbol_of(self.layer)
        self.color = ColorField("Colour")
        self.size_pt = SizeField("Size", 1, 40)
        self.width_px = SizeField("Line width", 0, 12, 0.2, " px")
        self.line = combo(_LINES, "Line")
        self.fill = combo(_FILLS, "Fill")
        self.fill_opacity = MetreSlider("Strength of the fill", 1, 100, " %", 1)
        self.opacity = MetreSlider("Opacity", 5, 100, " %")
        self.points = combo([(one.label, one) for one in PointDrawing], "Drawn as")
        self.blend = combo(_BLENDS, "Where layers meet")
        form = Form()
        column = QVBoxLayout(self)
        column.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        column.addWidget(scrolled(form))
        form.add("Colour", self.color)
        self.rows: dict[str, FieldRow] = {}
        for key, label, field, kinds in (
            ("size", "Size", self.size_pt, ("point", "service")),
            ("points", "Drawn as", self.points, ("point",)),
            ("width", "Line width", self.width_px, ("line", "area")),
            ("line", "Line", self.line, ("line", "area")),
            ("fill", "Fill", self.fill, ("area",)),
            ("fill_opacity", "Strength of fill", self.fill_opacity, ("area",)),
            ("opacity", "Opacity", self.opacity, ("point", "service", "line", "area")),
            ("blend", "Where layers meet", self.blend, ("point", "service", "line", "area")),
        ):
            if kind in kinds:
                self.rows[key] = form.add(label, field)
            else:
                field.setParent(self)
                field.hide()
        if self.layer.is_events:
            form.across(say(NO_NAMES, "hint"))
        form.finish()
        self._connect()
        self.show_style()

    def _connect(self) -> None:
        self.color.chosen.connect(lambda color, gesture: self.change(gesture, color=color))
        self.size_pt.changed.connect(lambda value, gesture: self.change(gesture, size=value))
        self.width_px.changed.connect(lambda value, gesture: self.change(gesture, width=value))
        self.opacity.changed.connect(
            lambda value, gesture: self.change(gesture, opacity=value / 100)
        )
        self.fill_opacity.changed.connect(
            lambda value, gesture: self.change(gesture, fill_opacity=value / 100)
        )
        self.line.activated.connect(lambda _: self.change(line=Line(self.line.currentData())))
        self.fill.activated.connect(lambda _: self._on_fill())
        self.blend.activated.connect(lambda _: self.change(blend=Blend(self.blend.currentData())))
        self.points.activated.connect(
            lambda _: self.change(points=PointDrawing(self.points.currentData()))
        )

    def _on_fill(self) -> None:
        fill = Fill(self.fill.currentData())
        seen = self.style_now.fill_opacity or 0.3
        self.change(fill=fill, fill_opacity=seen if fill is not Fill.NONE else 0.0)

    def show_style(self) -> None:
        style = self.style_now
        self.color.set_color(style.color)
        self.size_pt.set_value(style.size)
        self.width_px.set_value(style.width)
        self.opacity.set_value(style.opacity * 100)
        self.fill_opacity.set_value(style.fill_opacity * 100)
        for box, value in (
            (self.line, style.line),
            (self.fill, style.fill),
            (self.blend, style.blend),
            (self.points, style.points),
        ):
            _show(box, value)
        if "fill_opacity" in self.rows:
            self.rows["fill_opacity"].set_visible(style.fill is not Fill.NONE)


def _show(box: QComboBox, value: object) -> None:
    box.blockSignals(True)
    choose(box, value)
    box.blockSignals(False)
