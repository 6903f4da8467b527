"""The names of a layer's features on the map: shown, from which column, how and from where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gisapp.ui.session import Session
from gisapp.ui.styles.fields import SizeField
from gisapp.ui.styles.page import StylePage
from gisapp.ui.styles.scale_field import ScaleField
from gisapp.ui.widgets.forms import INSIDE, Form, choose, combo, scrolled


class NamesPage(StylePage):
    """Not there for events, which are never named."""

    title = "Names"

    def __init__(self, session: Session, layer_id: str, parent: QWidget | None = None) -> None:
        super().__init__(session, layer_id, parent)
        self.shown = QCheckBox("Show names on the map")
        usual = self.layer.fields.get("name")
        own = f"Its name ({usual})" if usual else "Its name"
        columns = [(own, ""), *((name, name) for name in self.layer.table.column_names)]
        self.column = combo(columns, "Column")
        self.size_pt = SizeField("Size", 5, 24)
        self.halo = QCheckBox("A pale edge round the letters")
        self.priority = SizeField("Priority", 0, 10, 1, "")
        self.farthest = ScaleField(session, "Farthest scale with names")
        form = Form()
        form.across(self.shown)
        form.add("Column", self.column)
        form.add("Size", self.size_pt)
        form.add("", self.halo)
        form.add("Priority", self.priority, "Where two names want one place, the higher has it.")
        form.add("Not farther than", self.farthest, "Empty: as far as there is room.")
        form.finish()
        self._fields = (self.column, self.size_pt, self.halo, self.priority, self.farthest)
        column = QVBoxLayout(self)
        column.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        column.addWidget(scrolled(form))
        self._connect()
        self.show_style()

    def _connect(self) -> None:
        self.shown.toggled.connect(lambda on: self._set(shown=on))
        self.halo.toggled.connect(lambda on: self._set(halo=on))
        self.column.activated.connect(lambda _: self._set(column=self.column.currentData()))
        self.size_pt.changed.connect(lambda value, gesture: self._set(gesture, size=value))
        self.priority.changed.connect(
            lambda value, gesture: self._set(gesture, priority=int(value))
        )
        self.farthest.changed.connect(lambda scale: self._set(farthest=scale))

    def _set(self, gesture: str = "", **changes: Any) -> None:
        self.change(gesture, labels=replace(self.style_now.labels, **changes))

    def show_style(self) -> None:
        labels = self.style_now.labels
        boxes: tuple[QWidget, ...] = (self.shown, self.halo, self.column)
        for box in boxes:
            box.blockSignals(True)
        self.shown.setChecked(labels.shown)
        self.halo.setChecked(labels.halo)
        choose(self.column, labels.column)
        for box in boxes:
            box.blockSignals(False)
        self.size_pt.set_value(labels.size)
        self.priority.set_value(labels.priority)
        self.farthest.set_scale(labels.farthest)
        for field in self._fields:
            field.setEnabled(labels.shown)
