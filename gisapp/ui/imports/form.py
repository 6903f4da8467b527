"""The form of an import: what the columns of a file mean, proposed and to be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from gisapp.io.reading import reference_systems
from gisapp.io.reading.importing import Candidate, ImportPlan, Source
from gisapp.layers.layer import FIELDS, TIME_FIELDS
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.imports.crs_field import CrsField
from gisapp.ui.widgets.fields import TickList, TimezoneField, WheelGuard
from gisapp.ui.widgets.forms import FieldRow, Form, beside, choose, combo, secondary

_NONE = ""
#: The least width of the column of labels, in pixels, so that both parts of the form line up.
_LABELS = 110


class ImportForm(Form):
    """Shows an ImportPlan; `plan_changed` and `kind_changed` tell what the user changed."""

    plan_changed = Signal(object)
    kind_changed = Signal(object)
    part_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source: Source | None = None
        self.plan = ImportPlan("", LayerKind.OTHER)
        self._systems: Sequence[str] = ()
        self.field_boxes: dict[str, QComboBox] = {}
        self.grid.setColumnMinimumWidth(0, _LABELS)
        self._build()
        self.finish()

    def _build(self) -> None:
        self.kind_box = combo([(kind.label, kind.value) for kind in LayerKind])
        self.part_box = combo([])
        self.name = QLineEdit()
        self.x_box, self.y_box = combo([], "Longitude or east"), combo([], "Latitude or north")
        self.swap = secondary("Swap", self._swap)
        self.swap.setToolTip("Take longitude for latitude and the other way round")
        self.crs = CrsField()
        self.timezone = TimezoneField()
        for field in (self.kind_box, self.part_box, self.x_box, self.y_box):
            WheelGuard.protect(field)
        self.kind_row = self.add("These are", self.kind_box)
        self.part_row = self.add("Part of the file", self.part_box)
        self.name_row = self.add("Name", self.name)
        self.x_row = self.add("Longitude", self.x_box)
        self.y_row = self.add("Latitude", beside(self.y_box, self.swap, stretch=0))
        self.crs_row = self.add("Measured in", self.crs)
        self.zone_row = self.add("Time zone", self.timezone, "For times that carry none.")
        self.fields_form = Form()
        self._fields_place = QWidget()
        QVBoxLayout(self._fields_place).setContentsMargins(0, 0, 0, 0)
        self.across(self._fields_place)
        self.left_out = TickList([])
        self.persons = QWidget()
        QVBoxLayout(self.persons).setContentsMargins(0, 0, 0, 0)
        self.persons_row = self.add("Left out", self.persons)
        self.kind_box.currentIndexChanged.connect(self._on_kind)
        self.part_box.currentIndexChanged.connect(
            lambda _: self.part_changed.emit(self.part_box.currentText())
        )
        self.name.textEdited.connect(lambda text: self._change(name=text.strip()))
        for box in (self.x_box, self.y_box):
            box.currentIndexChanged.connect(lambda _: self._on_place())
        self.crs.changed.connect(self._on_crs)
        self.timezone.currentTextChanged.connect(lambda _: self._on_zone())

    # Showing

    def show_plan(self, source: Source, plan: ImportPlan, systems: Sequence[str]) -> None:
        """Fill the form from a proposal; nothing is emitted."""
        self.source, self.plan, self._systems = source, plan, systems
        self.blockSignals(True)
        for widget in (self.kind_box, self.part_box, self.x_box, self.y_box, self.timezone):
            widget.blockSignals(True)
        choose(self.kind_box, plan.kind.value)
        self._show_parts(source)
        self.name.setText(plan.name)
        self._show_places(source, plan)
        self.crs.offer((), systems, plan.crs)
        self.timezone.setCurrentText(plan.timezone or "")
        timed = any(field.name in TIME_FIELDS for field in FIELDS[plan.kind])
        self.zone_row.set_visible(timed)
        self._show_fields(source, plan)
        self._show_persons(source, plan)
        for widget in (self.kind_box, self.part_box, self.x_box, self.y_box, self.timezone):
            widget.blockSignals(False)
        self.blockSignals(False)
        self.say_crs((), "")
        self._order()

    def _order(self) -> None:
        """Tab goes on from the time zone to the fields of this plan, which were just made."""
        fields = (self.timezone, *self.field_boxes.values(), *self.left_out.boxes.values())
        for before, after in pairwise(fields):
            QWidget.setTabOrder(before, after)

    def _show_parts(self, source: Source) -> None:
        self.part_box.clear()
        self.part_box.addItems(list(source.layer_names))
        self.part_box.setCurrentText(source.layer or "")
        self.part_row.set_visible(len(source.layer_names) > 1)

    def _show_places(self, source: Source, plan: ImportPlan) -> None:
        for box, column in ((self.x_box, plan.x_column), (self.y_box, plan.y_column)):
            box.clear()
            box.addItem("Choose a column", _NONE)
            for name in source.column_names:
                box.addItem(name, name)
            choose(box, column or _NONE)
        by_columns = not source.has_places and plan.shape_column is None
        self.x_row.set_visible(by_columns)
        self.y_row.set_visible(by_columns)

    def _show_fields(self, source: Source, plan: ImportPlan) -> None:
        """A choice of column for each field of the kind, with examples of what is in it."""
        layout = self._fields_place.layout()
        assert layout is not None
        layout.removeWidget(self.fields_form)
        self.fields_form.hide()
        self.fields_form.deleteLater()
        self.fields_form = Form()
        self.fields_form.grid.setColumnMinimumWidth(0, _LABELS)
        layout.addWidget(self.fields_form)
        self.field_boxes = {}
        examples = {column.name: column.examples for column in source.columns}
        self.fields_form.heading("What the columns mean")
        for field in FIELDS[plan.kind]:
            box = combo([("None", _NONE), *((n, n) for n in source.column_names)])
            WheelGuard.protect(box)
            choose(box, plan.fields.get(field.name, _NONE))
            entry = self.fields_form.add(field.label, box)
            entry.label.setWordWrap(True)
            entry.label.setFixedWidth(_LABELS)
            _say_examples(entry, examples.get(box.currentData(), ()))
            box.currentIndexChanged.connect(
                lambda _, entry=entry, box=box: self._on_field(
                    entry, examples.get(box.currentData(), ())
                )
            )
            self.field_boxes[field.name] = box

    def _show_persons(self, source: Source, plan: ImportPlan) -> None:
        layout = self.persons.layout()
        assert layout is not None
        layout.removeWidget(self.left_out)
        self.left_out.hide()
        self.left_out.deleteLater()
        self.left_out = TickList([(name, name) for name in plan.left_out], 1)
        self.left_out.set_values(plan.left_out)
        self.left_out.changed.connect(lambda: self._change(left_out=self.left_out.values))
        layout.addWidget(self.left_out)
        self.persons_row.set_hint(
            "These columns point at a person and stay out; what is unticked comes in."
        )
        self.persons_row.set_visible(bool(plan.left_out))

    def say_crs(self, candidates: Sequence[Candidate], trouble: str) -> None:
        """Say how the reference system is known, or ask for it with those that would fit."""
        plan, source = self.plan, self.source
        if source is None:
            return
        if candidates and plan.crs is None and not self.crs.currentText():
            self.crs.offer(candidates, self._systems, None)
        placed = bool(source.has_places or plan.shape_column or (plan.x_column and plan.y_column))
        wanted = not (placed or plan.by_streets)
        self.x_row.set_error("Choose the columns that hold the coordinates." if wanted else "")
        by_name = plan.by_streets and not placed
        self.x_row.set_hint(
            "Not needed: rows are placed by the streets they name." if by_name else ""
        )
        if self.crs.problem():
            self.crs_row.set_error(self.crs.problem())
        elif plan.crs is None and placed:
            fits = {0: "", 1: " One in the list would fit."}.get(
                len(candidates), f" {len(candidates)} in the list would fit."
            )
            self.crs_row.set_error(
                f"The file does not say what its coordinates are measured in: choose.{fits}"
            )
        elif plan.crs is None:
            self.crs_row.set_error("")
        else:
            self.crs_row.set_error(trouble)
            self.crs_row.set_hint(how_known(source, plan))

    @property
    def asks_for_crs(self) -> bool:
        """Whether a reference system is asked for at its field, or another than was written."""
        return self.plan.crs is None and bool(self.crs_row.error)

    # Changing

    def _change(self, **parts: object) -> None:
        self.plan = replace(self.plan, **parts)  # type: ignore[arg-type]
        self.plan_changed.emit(self.plan)

    def _on_kind(self) -> None:
        self.kind_changed.emit(LayerKind(self.kind_box.currentData()))

    def _on_place(self) -> None:
        self._change(
            x_column=self.x_box.currentData() or None, y_column=self.y_box.currentData() or None
        )

    def _swap(self) -> None:
        x, y = self.y_box.currentData(), self.x_box.currentData()
        for box, value in ((self.x_box, x), (self.y_box, y)):
            box.blockSignals(True)
            choose(box, value)
            box.blockSignals(False)
        self._on_place()

    def swap_places(self) -> None:
        """Turn x and y round: the two columns, or the places of a map file."""
        if self.plan.x_column and self.plan.y_column:
            self._swap()
        else:
            self._change(swap=not self.plan.swap)

    def _on_crs(self, crs: str | None) -> None:
        if crs != self.plan.crs:
            self._change(crs=crs)
        self.say_crs((), "")

    def _on_zone(self) -> None:
        problem = self.timezone.problem() if self.timezone.timezone else ""
        self.zone_row.set_error(problem)
        if not problem:
            self._change(timezone=self.timezone.timezone or None)

    def _on_field(self, row: FieldRow, examples: Sequence[str]) -> None:
        _say_examples(row, examples)
        chosen = {n: b.currentData() for n, b in self.field_boxes.items() if b.currentData()}
        same_time = chosen.get("time") == self.plan.fields.get("time")
        self._change(fields=chosen, clock_column=self.plan.clock_column if same_time else None)


def how_known(source: Source, plan: ImportPlan) -> str:
    """How the reference system of the coordinates is known, in words."""
    if plan.crs is None:
        return ""
    if source.crs is not None and plan.crs == source.crs:
        return "As the file says."
    if plan.crs == reference_systems.WGS84 and not source.has_places:
        return "Degrees of longitude and latitude, by the names and the range of the columns."
    return "As you chose."


def _say_examples(row: FieldRow, examples: Sequence[str]) -> None:
    row.set_hint("such as " + ", ".join(examples) if examples else "")
