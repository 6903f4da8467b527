"""The card over the map that asks what a zone being drawn is called and rests on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
)
from shapely.geometry.base import BaseGeometry

from gisapp.layers import edits, geodesy, zone_shapes
from gisapp.layers.project import Project
from gisapp.layers.scenes import scene_at
from gisapp.layers.sketch import Place
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone, circle_zone
from gisapp.ui import theme
from gisapp.ui.forms import Form, actions, choose, combo, primary, say, secondary
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.session import Selection, Session
from gisapp.ui.zone_card_reach import ReachRows

_WIDTH, _MARGIN = 320, 12
#: What an outline that one draws can stand for; the other bases are made from something else.
_DRAWN = (Basis.POLYGON, Basis.FOOTPRINT, Basis.PARCEL, Basis.JURISDICTION)


class ZoneCard(QFrame):
    """Stands at the upper right of the canvas while a zone waits for its name.

    `ended` tells that the zone was added (True) or given up; `radius_typed` carries the metres
    that were typed as the radius or width, 0 while they cannot be read.
    """

    ended = Signal(bool)
    radius_typed = Signal(float)

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.session = session
        self._shape: BaseGeometry | None = None
        self._centre: Place | None = None
        self._course: tuple[Place, ...] = ()
        self._scene = False
        self._on_left = False
        self.setProperty("role", "card")
        self.setAccessibleName("New zone")
        self.setFixedWidth(_WIDTH)
        self._build()
        canvas.installEventFilter(self)
        # What is said at the top of the map follows the look by then, and stays to be read.
        session.look_changed.connect(lambda: QTimer.singleShot(0, self, self._on_look))
        self.hide()

    def _build(self) -> None:
        t = theme.tokens(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.gap_large, t.gap_large, t.gap_large, t.gap_large)
        layout.setSpacing(t.gap)
        self.title = QLabel("New zone")
        self.title.setFont(theme.font("title"))
        self.size_label = say("", "hint")
        layout.addWidget(self.title)
        layout.addWidget(self.size_label)
        form = self.form = Form()
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
        layout.addWidget(form)
        self.add_button = primary("Add zone", self.add)
        row = QHBoxLayout()
        row.addLayout(actions(self.add_button, secondary("Discard", self.discard)))
        layout.addLayout(row)
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
        self._keep_clear()
        self._check()
        self.show()
        self.raise_()
        self._fit()

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
        self._fit()

    def add(self) -> None:
        """Make it a zone: one step that can be undone."""
        if any(self._problem()):
            return
        zone = self._zone()
        if self.session.perform(edits.add_zones([zone])):
            self._close(added=True)
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

    def discard(self) -> None:
        self._close(added=False)

    def dismiss(self) -> None:
        """Go without a word: the tool itself ends the sketch."""
        self._shape, self._centre, self._course, self._scene = None, None, (), False
        self.hide()

    def _close(self, *, added: bool) -> None:
        self.dismiss()
        self._canvas.setFocus()
        self.ended.emit(added)

    def _fit(self) -> None:
        """As tall as the rows that are shown, and where it stands in nobody's way."""
        for layout in (self.form.layout(), self.layout()):
            if layout is not None:
                layout.invalidate()
                layout.activate()
        self.adjustSize()
        self._place()

    def _on_look(self) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        x = _MARGIN if self._on_left else self._canvas.width() - self.width() - _MARGIN
        # The words at the upper left of the map, on what is restricted, stay to be read.
        y = 3 * _MARGIN if self._on_left else _MARGIN
        wanted = QRect(QPoint(x, y), self.size())
        for other in self._canvas.findChildren(
            QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            said = other.property("notice") and not other.isHidden()
            if said and other.geometry().intersects(wanted):
                y = max(y, other.geometry().bottom() + _MARGIN)
        self.move(x, y)

    def _keep_clear(self) -> None:
        """Stand on the side of the map that is not taken by what is being drawn."""
        if self._shape is not None:
            west, _, east, _ = self._shape.bounds
        elif self._course:
            west, _, east, _ = shapely.LineString(self._course).bounds
        elif self._centre is not None:
            west = east = self._centre[0]
        else:
            return
        ends, _ = self.session.view.to_screen(np.array([west, east]), np.zeros(2))
        free_left, free_right = float(ends[0]), self._canvas.width() - float(ends[1])
        self._on_left = free_right < self.width() + 2 * _MARGIN and free_left > free_right

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.discard()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


def _free_name(project: Project) -> str:
    """`Zone 4`, the first that no zone has."""
    taken = {zone.name for zone in project.zones.values()}
    number = len(taken) + 1
    while f"Zone {number}" in taken:
        number += 1
    return f"Zone {number}"
