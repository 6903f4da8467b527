"""The card over the map that asks who is deployed in a drawn area, when, and for what."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.deployment_edits import DRAWN_NAME, draw_deployment, drawn_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.drawing.card import MapCard
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import ClockField, DayField
from gisapp.ui.widgets.forms import beside, primary

_WIDTH = 330
_START, _END = time(18), time(2)


class DeploymentCard(MapCard):
    """Asks for the rest of a deployment while its outline waits on the map."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(session, canvas, "New deployment", _WIDTH)
        self._shape: BaseGeometry | None = None
        self._build()

    def _build(self) -> None:
        form = self.form
        self.name_edit = QLineEdit()
        self.unit_box = QComboBox()
        self.unit_box.setEditable(True)
        self.unit_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.day = DayField("Day")
        self.start = ClockField("Start", _START)
        self.end = ClockField("End", _END)
        for clock in (self.start, self.end):
            clock.setFixedWidth(72)
        self.purpose_edit = QLineEdit()
        self.name_row = form.add("Name", self.name_edit)
        form.add("Unit", self.unit_box)
        self.day_row = form.add("Day", self.day)
        self.hours_row = form.add("Hours", beside(self.start, QLabel("to"), self.end), "")
        form.add("Purpose", self.purpose_edit)
        self.add_button = primary("Add deployment", self.add)
        self.put_together(self.add_button)
        for edit in (self.name_edit, self.start, self.end, self.purpose_edit):
            edit.textChanged.connect(self._check)
            edit.returnPressed.connect(self.add)
        self.day.changed.connect(self._check)

    def ask(self, shape: BaseGeometry) -> None:
        """Ask about an area (EPSG:4326) whose outline is complete."""
        self._shape = shape
        area = self._canvas.units.area(geodesy.area_m2(shape))
        self.size_label.setText(f"Drawn area, {area}. It goes to “{DRAWN_NAME}”.")
        self.name_edit.setText(self._free_name())
        self._offer_units()
        if self.day.problem() or self.day.day is None:
            self.day.set_day(self.session.look.day)
        self._check()
        west, _, east, _ = shape.bounds
        self.open_beside(west, east)
        self.name_edit.setFocus()
        self.name_edit.selectAll()

    def add(self) -> None:
        """Make it a deployment: one step that can be undone."""
        if self._shape is None or self._problems():
            return
        start, end = self._moments()
        name = self.name_edit.text().strip()
        edit = draw_deployment(
            name,
            self.unit_box.currentText().strip(),
            start,
            end,
            self.purpose_edit.text().strip(),
            self._shape,
        )
        if self.session.perform(edit):
            self.close_up(added=True)
            undo = self.session.document.undo
            self.session.tell(f"Added the deployment “{name}”.", "done", "Undo", undo)

    def dismiss(self) -> None:
        self._shape = None
        super().dismiss()

    def _problems(self) -> tuple[str, ...]:
        name = "" if self.name_edit.text().strip() else "A deployment needs a name."
        day = self.day.problem() or ("" if self.day.day else "Say on which day.")
        clock = self.start.problem() or self.end.problem()
        return tuple(text for text in (name, day, clock) if text)

    def _check(self) -> None:
        problems = self._problems()
        self.name_row.set_error("" if self.name_edit.text().strip() else "It needs a name.")
        self.day_row.set_error(self.day.problem())
        self.hours_row.set_error(self.start.problem() or self.end.problem())
        self.hours_row.set_hint(self._hours_words())
        self.add_button.setEnabled(not problems)
        self.add_button.setToolTip(" ".join(problems))
        self.fit()

    def _hours_words(self) -> str:
        """Whether it ends the next day, and in which time zone the hours are meant."""
        zone = self.session.project.timezone
        try:
            over = self.end.clock <= self.start.clock
        except DataError:
            return zone
        return f"{'Ends the next day. ' if over else ''}Times in {zone}"

    def _moments(self) -> tuple[datetime, datetime]:
        day = self.day.day
        assert day is not None
        zone = self.session.project.tzinfo
        start = datetime.combine(day, self.start.clock, zone)
        last = day + timedelta(days=1) if self.end.clock <= self.start.clock else day
        return start, datetime.combine(last, self.end.clock, zone)

    def _free_name(self) -> str:
        known = drawn_layer(self.session.project)
        return f"Deployment {1 if known is None else len(known) + 1}"

    def _offer_units(self) -> None:
        """The units that are named in the plans of the project."""
        kept = self.unit_box.currentText()
        layers = self.session.project.layers_of(LayerKind.DEPLOYMENTS)
        names = {unit.strip() for layer in layers for unit in layer.texts("unit")} - {""}
        self.unit_box.clear()
        self.unit_box.addItems(sorted(names))
        self.unit_box.setCurrentText(kept)
