"""The fields that say how far a zone reaches and how its outline comes about.

Only those that the outline asks for are shown; each says beside it what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from gisapp.analysis.zones.order import MEASURED, Shape, ZoneOrder
from gisapp.layers import reach
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, MeasuredFrom
from gisapp.layers.water import water_layers
from gisapp.ui.widgets.forms import FieldRow, Form, beside, combo
from gisapp.ui.zones.plan import area_layers

_EDGES = (MeasuredFrom.BUILDING_EDGE, MeasuredFrom.PARCEL_EDGE)
_ROUND = (Shape.CIRCLE, Shape.WALK, Shape.SCENE)
_STREETS, _HULL = "streets", "hull"
_RADIUS = {
    Shape.CIRCLE: ("such as 150m, 500ft, 0.25mi or 2 blocks", "Metres on the ground."),
    Shape.WALK: (
        "such as 5 min, 400m or 0.25mi",
        "On foot along the streets, the way to the street included.",
    ),
    Shape.SCENE: ("such as 50m or 100ft", "Metres on the ground from where it happened."),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is drawn from: a layer, its rows, or streets by name."""

    layer: Layer
    rows: NDArray[np.int64]
    names: tuple[str, ...]
    shape: Shape


class TermFields(QObject):
    """Rows of a form; `order` reads them."""

    changed = Signal(str)

    def __init__(self, form: Form, project: Project) -> None:
        super().__init__(form)
        self._premises = {layer.id: layer for layer in area_layers(project)}
        streets = reversed(project.layers_of(LayerKind.STREETS))
        self._streets = {layer.id: layer for layer in streets}
        self._water = water_layers(project)
        self.rows: dict[str, FieldRow] = {}
        self._make_fields()
        self._add_rows(form)
        for name, field in self._typed().items():
            field.textEdited.connect(lambda _, name=name: self.changed.emit(name))
        for box in (self.measured_box, self.premises_box, self.streets_box, self.outline_box):
            box.currentIndexChanged.connect(lambda _: self.changed.emit(""))

    def _make_fields(self) -> None:
        self.radius = QLineEdit()
        self.measured_box = combo([(one.label, one.value) for one in MeasuredFrom])
        self.premises_box = _layers(self._premises)
        self.block = QLineEdit()
        self.block.setPlaceholderText("such as 264ft")
        self.block.setAccessibleName("Length of a block")
        self.block_basis = QLineEdit()
        self.block_basis.setPlaceholderText("who says so")
        self.block_basis.setAccessibleName("Who says how long a block is")
        self.streets_box = _layers(self._streets)
        self.outline_box = combo(
            [("The streets, with a width", _STREETS), ("One outline about them", _HULL)]
        )
        self.width = QLineEdit("30m")
        self.pace = QLineEdit("80m")
        self.lasting = QLineEdit()
        self.lasting.setPlaceholderText("such as 6 h, 45 min or 2 days")
        self.basis = QLineEdit()
        self.basis.setPlaceholderText("such as agreed at the meeting of 6 March 2025")

    def _add_rows(self, form: Form) -> None:
        def add(name: str, label: str, field: QLineEdit | QComboBox, hint: str = "") -> None:
            self.rows[name] = form.add(label, field, hint)

        add("radius", "Radius", self.radius)
        self.rows["block"] = form.add(
            "A block is",
            beside(self.block, self.block_basis, stretch=1),
            "A block has no fixed length: say what it is here, and who says so.",
        )
        add("measured", "Measured from", self.measured_box)
        add("premises", "Edge of", self.premises_box, "The area in which the service lies.")
        add("streets", "Along", self.streets_box)
        add("outline", "The zone is", self.outline_box)
        add("width", "Width", self.width, "From side to side, 30 m unless agreed otherwise.")
        add("pace", "Pace", self.pace, "A minute: 80m is 4.8 km/h. It is kept with the basis.")
        add("lasting", "Ends after", self.lasting, "From the moment of the incident on.")
        add("basis", "Basis", self.basis, "No measure is a standard: write who agreed on it.")

    def _typed(self) -> dict[str, QLineEdit]:
        return {
            "radius": self.radius,
            "block": self.block,
            "block_basis": self.block_basis,
            "width": self.width,
            "pace": self.pace,
            "lasting": self.lasting,
            "basis": self.basis,
        }

    def order(self, chosen: Chosen, agreement_id: str | None) -> ZoneOrder:
        """What is asked for as the fields stand."""
        return ZoneOrder(
            chosen.layer,
            chosen.rows,
            chosen.shape,
            self.radius.text(),
            self.basis.text(),
            agreement_id,
            measured_from=MeasuredFrom(self.measured_box.currentData()),
            premises=self._premises.get(self.premises_box.currentData()),
            block=self.block.text(),
            block_basis=self.block_basis.text(),
            streets=self._streets.get(self.streets_box.currentData()),
            hull=self.outline_box.currentData() == _HULL,
            width=self.width.text(),
            pace=self.pace.text(),
            names=chosen.names,
            lasting=self.lasting.text(),
            water=self._water,
        )

    def show_for(self, order: ZoneOrder) -> None:
        """Show the fields that this outline asks for."""
        shape = order.shape
        walk = shape is Shape.WALK
        edge = shape is Shape.CIRCLE and order.measured_from in _EDGES
        points = isinstance(order.layer.geometry, Points)
        seen = {
            "radius": shape in _ROUND,
            "block": order.in_blocks,
            "measured": shape is Shape.CIRCLE or (walk and points),
            "premises": edge and points,
            "streets": walk and (len(self._streets) != 1),
            "outline": walk,
            "width": shape in (Shape.STREETS, Shape.CORRIDOR) or (walk and not order.hull),
            "pace": walk and reach.in_minutes(order.radius),
            "lasting": shape is Shape.SCENE,
        }
        for name, visible in seen.items():
            self.rows[name].set_visible(visible)
        if shape in _RADIUS:
            example, hint = _RADIUS[shape]
            self.radius.setPlaceholderText(example)
            self.rows["radius"].set_hint(hint)
            self.rows["radius"].label.setText("How far" if walk else "Radius")
        needed = shape in MEASURED
        self.rows["basis"].set_hint(
            "No measure is a standard: write who agreed on it." if needed else ""
        )

    def offer_starts(self, order: ZoneOrder) -> None:
        """Offer what a radius can be measured from: of areas their own edge, of a walk no edge."""
        points = isinstance(order.layer.geometry, Points)
        if order.shape is Shape.WALK:
            wanted = [MeasuredFrom.POINT, MeasuredFrom.ENTRANCE]
        else:
            wanted = list(MeasuredFrom) if points else list(_EDGES)
        had = self.measured_box.currentData()
        if [self.measured_box.itemData(i) for i in range(self.measured_box.count())] == wanted:
            return
        self.measured_box.blockSignals(True)
        self.measured_box.clear()
        for one in wanted:
            self.measured_box.addItem(one.label, one.value)
        if had in wanted:
            self.measured_box.setCurrentIndex(wanted.index(MeasuredFrom(had)))
        self.measured_box.blockSignals(False)

    def set_errors(self, wrong: dict[str, str], touched: set[str]) -> None:
        """Say what is wrong beside fields that somebody has been at."""
        for name, row in self.rows.items():
            shown = name in touched or name in ("premises", "streets")
            shown |= name == "block" and "block_basis" in touched
            row.set_error(wrong.get(name, "") if shown else "")


def _layers(layers: dict[str, Layer]) -> QComboBox:
    return combo([(layer.name, key) for key, layer in layers.items()] or [("None here", "")])
