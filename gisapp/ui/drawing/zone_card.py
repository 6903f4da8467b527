"""The card over the map that asks what a zone being drawn is called and rests on."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit
from shapely.geometry.base import BaseGeometry

from gisapp.layers import edits, geodesy, zone_shapes
from gisapp.layers.project import Project
from gisapp.layers.scenes import scene_at
from gisapp.layers.sketch import Place
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone, circle_zone
from gisapp.ui.drawing.card import MapCard
from gisapp.ui.drawing.zone_card_reach import ReachRows
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.session import Selection, Session
from gisapp.ui.widgets.forms import choose, combo, primary

_WIDTH = 320
#: What an outline that one draws can stand for; the other bases are made from something else.
_DRAWN = (Basis.POLYGON, Basis.FOOTPRINT, Basis.PARCEL, Basis.JURISDICTION)


class ZoneCard(MapCard):
    """Asks for the rest of a zone while its outline, route or centre waits on the map.

    `radius_typed` carries the metres that were typed as the radius or width, 0 while they cannot
    be read.
    """

    radius_typed = Signal(float)

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(session, canvas, "New zone", _WIDTH)
        self._shape: BaseGeometry | None = None
        self._centre: Place | None = None
        self._course: tuple[Place, ...] = ()
        self._scene = False
        self._build()

    def _build(self) -> None:
        form = self.form
        self.name_edit = QLineEdit()
        self.reach = ReachRows(form)
        self.radius_edit, self.radius_row = self.reach.radius, self.reach.radius_row
        self.what_box = combo([(basis.label, basis.value) for basis in _DRAWN])
        self.agreement_box = QComboBox()
        self.basis_edit = QLineEdit()
        self.name_row = form.add("Name", self.name_edit)
        self.what_row = form.add("Outline of", self.what_box)
        form.add("Agreement", self.agreement_box)
        self.basis_row = form.add("Basis", self.basis_edit, "Who settled on this outline, and how")
        self.add_button = primary("Add zone", self.add)
        self.put_together(self.add_button)
        self.reach.typed.connect(self.radius_typed)
        self.reach.changed.connect(self._check)
        for edit in (self.name_edit, self.basis_edit):
            edit.textChanged.connect(self._check)
        for edit in (self.name_edit, self.basis_edit, *self.reach.edits):
            edit.returnPressed.connect(self.add)

    def ask_about_area(self, shape: BaseGeometry) -> None:
        """Ask about an area whose outline is complete."""
        self._ask(shape=shape)
        self._open(f"Drawn area, {self._canvas.units.area(geodesy.area_m2(shape))}")
        self.focus_name()

    def ask_about_circle(self, lon: float, lat: float) -> None:
        """Ask about a circle round a place, its radius still to be told."""
        self._ask(centre=(lon, lat))
        self._open(f"Circle round {geodesy.position_in_words(lon, lat)}")
        self.radius_edit.setFocus()

    def ask_about_corridor(self, course: Sequence[Place]) -> None:
        """Ask about a corridor along a course, its width still to be told."""
        self._ask(course=tuple(course))
        length = geodesy.length_m(shapely.LineString(course))
        self._open(f"Corridor, {self._canvas.units.length(length)} long")
        self.radius_edit.setFocus()

    def ask_about_scene(self, lon: float, lat: float) -> None:
        """Ask about the scene of an event: its radius, when it began and when it ends."""
        self._ask(centre=(lon, lat), scene=True)
        self._open(f"Scene at {geodesy.position_in_words(lon, lat)}")
        self.radius_edit.setFocus()

    def _ask(
        self,
        *,
        shape: BaseGeometry | None = None,
        centre: Place | None = None,
        course: tuple[Place, ...] = (),
        scene: bool = False,
    ) -> None:
        self._shape, self._centre, self._course, self._scene = shape, centre, course, scene
        self.reach.ask(radius=centre is not None, width=bool(course), scene=scene)
        self.reach.start_at(self.session.project.timezone)

    def set_radius(self, text: str) -> None:
        """Show the radius that the mouse sets; the next key replaces it."""
        self.radius_edit.setText(text)
        self.radius_edit.selectAll()

    def focus_name(self) -> None:
        self.name_edit.setFocus()
        self.name_edit.selectAll()

    def _open(self, size: str) -> None:
        self.size_label.setText(size)
        self.what_row.set_visible(self._shape is not None)
        choose(self.what_box, Basis.POLYGON.value)
        self.name_edit.setText(_free_name(self.session.project))
        self.basis_edit.clear()
        self.agreement_box.clear()
        self.agreement_box.addItem("None yet (a proposal)", None)
        for agreement in self.session.project.agreements.values():
            self.agreement_box.addItem(agreement.title, agreement.id)
        self._check()
        self.open_beside(*self._ends())

    def _problem(self) -> tuple[str, str, str]:
        """What is wrong with the measures, the name and the basis; empty where nothing is."""
        measures = " ".join(self.reach.problems())
        name = "" if self.name_edit.text().strip() else "A zone needs a name."
        basis = ""
        if self._centre is not None and not self.basis_edit.text().strip():
            basis = "No radius is a standard: say who settled on this one, and how."
        return measures, name, basis

    def _check(self) -> None:
        measures, name, basis = self._problem()
        self.name_row.set_error(name)
        self.basis_row.set_hint(basis or "Who settled on this outline, and how")
        missing = " ".join(filter(None, (measures, name, basis)))
        self.add_button.setEnabled(not missing)
        self.add_button.setToolTip(missing)
        self.fit()

    def add(self) -> None:
        """Make it a zone: one step that can be undone."""
        if any(self._problem()):
            return
        zone = self._zone()
        if self.session.perform(edits.add_zones([zone])):
            self.close_up(added=True)
            self.session.select(Selection((zone.id,)))
            self.session.tell(
                f"Added the zone “{zone.name}”.", "done", "Undo", self.session.document.undo
            )

    def _zone(self) -> Zone:
        name, basis = self.name_edit.text().strip(), self.basis_edit.text().strip()
        agreement = self.agreement_box.currentData()
        if self._course:
            width = self.reach.reach.metres
            shape = zone_shapes.corridor(self._course, width)
            return Zone(name, shape, Basis.CORRIDOR, basis, agreement_id=agreement, width_m=width)
        if self._centre is None:
            assert self._shape is not None
            what = Basis(self.what_box.currentData())
            return Zone(name, self._shape, what, basis, agreement_id=agreement)
        far = self.reach.reach
        basis = "; ".join(filter(None, (basis, far.told)))
        more = {"radius_text": far.text, "agreement_id": agreement}
        if self._scene:
            span = self.reach.starts_at, self.reach.lasts
            return scene_at(name, *self._centre, far.metres, *span, basis, **more)
        return circle_zone(name, *self._centre, far.metres, basis, **more)

    def dismiss(self) -> None:
        self._shape, self._centre, self._course, self._scene = None, None, (), False
        super().dismiss()

    def _ends(self) -> tuple[float, float]:
        """The longitudes between which lies what is being drawn."""
        if self._centre is not None:
            return self._centre[0], self._centre[0]
        drawn = shapely.LineString(self._course) if self._course else self._shape
        assert drawn is not None
        west, _, east, _ = drawn.bounds
        return west, east


def _free_name(project: Project) -> str:
    """`Zone 4`, the first that no zone has."""
    taken = {zone.name for zone in project.zones.values()}
    number = len(taken) + 1
    while f"Zone {number}" in taken:
        number += 1
    return f"Zone {number}"
