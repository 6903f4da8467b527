"""Splitting, holing, filling and buffering the selected zones."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy, zone_gestures, zone_shapes
from gisapp.layers.edits import Edit
from gisapp.layers.entry_text import Step
from gisapp.layers.zone import Zone
from gisapp.ui.drawing.course_tool import CourseTool
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.sketch_painting import paint_area
from gisapp.ui.drawing.tool import ENTER
from gisapp.ui.drawing.zones_tool import ZonesTool
from gisapp.ui.session import Selection

#: Of more zones than this no preview follows the mouse.
_MANY = 20


class _CourseOnZones(CourseTool, ZonesTool):
    """A course that changes the selected zones when it is complete."""

    def begin(self) -> None:
        if not self.zones:
            self.canvas.set_hint("Select zones first, Esc to stop")

    def forget(self) -> None:
        self.clear()

    def left_out(self) -> tuple[str, ...]:
        return ()

    def complete(self) -> None:
        try:
            edit = self.edit()
        except EditError as error:
            # What was drawn stays, so that it can be mended.
            self.finished = False
            self.canvas.set_hint(f"{error} Backspace takes a corner back")
            return
        before = set(self.session.project.zones)
        chosen = self.session.selection.zone_ids
        if self.keep(edit):
            new = tuple(key for key in self.session.project.zones if key not in before)
            if new:
                self.session.select(Selection((*chosen, *new)))
            self.canvas.stopped.emit()

    def edit(self) -> Edit:
        """The change; EditError where what was drawn cannot make it."""
        raise NotImplementedError


class SplitTool(_CourseOnZones):
    """Draw a line across zones: they are divided along it."""

    id = "zones.split"
    title = "Split"
    closed = False
    first = "Click outside of the zone, where the dividing line begins"

    def edit(self) -> Edit:
        return zone_gestures.split(self.session.project, self.zones, self.sketch.corners)


class HoleTool(_CourseOnZones):
    """Draw an outline inside a zone: what lies in it is left out."""

    id = "zones.hole"
    title = "Hole"
    first = "Click the first corner of the hole"

    def edit(self) -> Edit:
        zones = [zone for zone in self.zones if zone.shape.intersects(self.sketch.area())]
        if len(zones) != 1:
            raise EditError("Draw the hole inside one of the selected zones.", "")
        (zone,) = zones
        shape = zone_shapes.with_hole(zone.shape, self.sketch.area())
        return zone_gestures.change(
            "Add hole to", [zone], lambda one: zone_gestures.reshaped(one, shape, "holed by hand")
        )


class FillTool(ZonesTool):
    """Click a hole of a selected zone to fill it; Enter fills all."""

    id = "zones.fill"
    title = "Fill holes"
    example = "Click a hole"

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self._over: BaseGeometry | None = None

    def activate(self) -> None:
        super().activate()
        self.desk.rest()

    def begin(self) -> None:
        self._over = None
        left = sum(len(zone_shapes.holes_of(zone.shape)) for zone in self.zones)
        if not left:
            words = "No selected zone has a hole, Esc to stop"
        else:
            words = "Click a hole to fill it, Enter fills " + ("it" if left == 1 else f"all {left}")
        self.canvas.set_hint(words)
        self.canvas.update()

    def move(self, event: QMouseEvent) -> None:
        spot = shapely.Point(*self.canvas.place_at(event.position()))
        holes = [hole for zone in self.zones for hole in zone_shapes.holes_of(zone.shape)]
        self._over = next((hole for hole in holes if hole.intersects(spot)), None)
        self.canvas.update()

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        place = self.canvas.place_at(event.position())
        spot = shapely.Point(*place)
        holed = [
            zone
            for zone in self.zones
            if any(hole.intersects(spot) for hole in zone_shapes.holes_of(zone.shape))
        ]
        if not holed:
            self.canvas.set_hint("There is no hole here, Esc to stop")
            return
        self.keep(_filled(holed[:1], lambda zone: zone_shapes.filled(zone.shape, place)))

    def finish(self) -> None:
        holed = [zone for zone in self.zones if zone_shapes.holes_of(zone.shape)]
        if holed and self.keep(_filled(holed, lambda zone: zone_shapes.filled(zone.shape))):
            self.canvas.stopped.emit()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.stopped.emit()
        elif event.key() in ENTER:
            self.finish()
        else:
            return False
        return True

    def paint(self, painter: QPainter) -> None:
        if self._over is not None:
            paint_area(painter, self.canvas.view, self._over)


def _filled(zones: list[Zone], how: Callable[[Zone], BaseGeometry]) -> Edit:
    return zone_gestures.change(
        "Fill hole of",
        zones,
        lambda zone: zone_gestures.reshaped(zone, how(zone), "hole filled by hand"),
    )


class BufferTool(ZonesTool):
    """Drag away from the zones to widen them, inwards to narrow them, or type the metres."""

    id = "zones.buffer"
    title = "Widen or narrow"
    example = "20 m or -10 m"

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self._held: float | None = None
        self.metres = 0.0
        self._preview: list[BaseGeometry] = []
        self._problem = ""
        self._flat: BaseGeometry | None = None
        self._plane = geodesy.Plane(0.0, 0.0)

    def begin(self) -> None:
        zones = self.zones
        if zones:
            shape = shapely.union_all([zone.shape for zone in zones])
            bounds = shape.bounds
            self._plane = geodesy.plane_for((bounds[0], bounds[1], bounds[2], bounds[3]))
            self._flat = self._plane.shape_to_metres(shape)
        self.say()

    def forget(self) -> None:
        self._held, self.metres, self._preview, self._problem = None, 0.0, [], ""
        self.canvas.update()

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._flat is None:
            return
        try:
            for zone in self.zones:
                zone_gestures.refuse_to_buffer(zone)
        except EditError as error:
            self.session.explain(error)
            return
        self._held = self._away(event.position())
        self.say()

    def move(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        self.metres = float(round(self._away(event.position()) - self._held))
        self._preview, self._problem = [], ""
        if self.metres and len(self.zones) <= _MANY:
            try:
                self._preview = [zone_shapes.grown(z.shape, self.metres) for z in self.zones]
            except EditError as error:
                self._problem = str(error)
        self.say()

    def release(self, event: QMouseEvent) -> None:
        metres, held, problem = self.metres, self._held, self._problem
        self.forget()
        self.say()
        if held is not None and metres and not problem:
            self._buffer(metres)

    def _away(self, pixel: QPointF) -> float:
        """Metres from the outline to a pixel, fewer than none inside."""
        lon, lat = self.canvas.place_at(pixel)
        x, y = self._plane.to_metres(*(shapely.get_coordinates(shapely.Point(lon, lat)).T))
        spot = shapely.Point(float(x[0]), float(y[0]))
        assert self._flat is not None
        away = float(shapely.distance(self._flat.boundary, spot))
        return -away if self._flat.intersects(spot) else away

    def typed(self, text: str) -> None:
        """`20 m` widens, `-10 m` narrows."""
        found = self.entry(text)
        if not isinstance(found, Step) or found.azimuth is not None:
            raise DataError(f"“{text}” is no length.", "Write it such as 20 m or -10 m.")
        self._buffer(found.metres, from_bar=True)

    def _buffer(self, metres: float, *, from_bar: bool = False) -> None:
        try:
            edit = zone_gestures.change(
                "Buffer", self.zones, lambda zone: zone_gestures.buffered(zone, metres)
            )
        except EditError as error:
            if from_bar:
                raise
            self.session.explain(error)
            return
        self.keep(edit)

    def finish(self) -> None:
        self.canvas.stopped.emit()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            if self._held is not None:
                self.forget()
                self.say()
            else:
                self.canvas.stopped.emit()
        elif event.key() in ENTER:
            self.finish()
        else:
            return self.shared_key(event)
        return True

    def paint(self, painter: QPainter) -> None:
        for shape in self._preview:
            paint_area(painter, self.canvas.view, shape)

    def say(self) -> None:
        units = self.desk.units
        if self._held is None:
            words = "Drag outwards to widen, inwards to narrow, or type the metres; Esc stops"
        elif self._problem:
            words = self._problem
        else:
            how = "wider" if self.metres >= 0 else "narrower"
            words = f"{units.length(abs(self.metres))} {how}"
            if self._preview:
                area = sum(geodesy.area_m2(shape) for shape in self._preview)
                words += f" · {units.area(area)}"
        self.canvas.set_hint(words)
        self.canvas.update()
