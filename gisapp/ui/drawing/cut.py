"""Cutting the selected zones by another zone or by the areas of a layer."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import zone_gestures
from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.seen import is_seen
from gisapp.layers.zone import Zone
from gisapp.render.identify import rows_in_shape
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import Form, FormDialog, actions, combo, primary, secondary

_AWAY, _INSIDE = "away", "inside"


class CutDialog(FormDialog):
    """Which area cuts, and whether what lies in it goes or stays."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Cut zones", QSize(460, 240), parent)
        self._session = session
        self.by = combo(_cutters(session), "Cut by")
        self.what = combo(
            [
                ("Take away what lies inside of it", _AWAY),
                ("Keep only what lies inside of it", _INSIDE),
            ],
            "Do",
        )
        form = Form()
        self.by_row = form.add("Cut by", self.by, "A zone that is not selected, or a layer")
        form.add("Do", self.what)
        self.body.addWidget(form)
        self.body.addStretch(1)
        count = len(session.selection.zone_ids)
        words = "Cut the zone" if count == 1 else f"Cut {count:,} zones"
        self.cut_button = primary(words, self.cut)
        self.cut_button.setEnabled(self.by.count() > 0)
        if not self.by.count():
            self.by_row.set_error("There is no other zone and no layer of areas to cut by.")
        self.body.addLayout(actions(self.cut_button, secondary("Cancel", self.reject)))
        self.by.currentIndexChanged.connect(lambda: self.by_row.set_error(""))

    def cut(self) -> None:
        """Cut as one step; what is wrong is said beside the field."""
        session = self._session
        project = session.project
        zones = [project.zones[key] for key in session.selection.zone_ids if key in project.zones]
        try:
            cutter, name = cutter_of(session, str(self.by.currentData()), zones)
            inside = self.what.currentData() == _INSIDE
            edit = zone_gestures.cut(zones, cutter, name, keep_inside=inside)
        except EditError as error:
            self.by_row.set_error(str(error))
            return
        if session.perform(edit):
            session.tell(f"{edit.label}.", "done", "Undo", session.document.undo)
            self.accept()


def _cutters(session: Session) -> list[tuple[str, object]]:
    """Zones that are not selected, then layers of areas, as far as the audience sees them."""
    look, project = session.look, session.project
    chosen = set(session.selection.zone_ids)
    zones: list[tuple[str, object]] = [
        (f"Zone {zone.name}", f"zone {zone.id}")
        for zone in project.zones.values()
        if zone.id not in chosen and is_seen(project, zone, look.audience, exported=False)
    ]
    layers: list[tuple[str, object]] = [
        (f"Layer {layer.name}", f"layer {layer.id}")
        for layer in project.layers
        if look.showing(layer) is Showing.EACH and _has_areas(layer)
    ]
    return layers + zones


def _has_areas(layer: Layer) -> bool:
    shapes = layer.geometry
    return isinstance(shapes, Shapes) and bool((shapely.get_dimensions(shapes.geoms) == 2).any())


def cutter_of(session: Session, key: str, zones: list[Zone]) -> tuple[BaseGeometry, str]:
    """The area to cut with, and its name; of a layer the rows that are shown and near the zones.

    EditError where nothing of the layer lies near.
    """
    kind, _, found = key.partition(" ")
    if kind == "zone":
        zone = session.project.zone(found)
        return zone.shape, f"“{zone.name}”"
    layer = session.project.layer(found)
    assert isinstance(layer.geometry, Shapes)
    near = shapely.MultiPolygon(
        [part for zone in zones for part in shapely.get_parts(zone.shape.envelope)]
    )
    rows = rows_in_shape(session.project, session.look, found, shapely.box(*near.bounds))
    shapes = layer.geometry.geoms[rows]
    areas = np.asarray(shapes[shapely.get_dimensions(shapes) == 2])
    if not len(areas):
        raise EditError(f"No area of “{layer.name}” lies near the selected zones.", "")
    sound = shapely.make_valid(areas)
    return shapely.union_all(sound), f"“{layer.name}”"
