"""Moving, turning and scaling the selected zones: by handles, keys and exact numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from enum import Enum

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError, EditError
from gisapp.layers import zone_gestures, zone_shapes
from gisapp.layers.entry_text import Radius, Scale, Step, Turn
from gisapp.layers.position_text import Position
from gisapp.layers.sketch import Place
from gisapp.layers.zone import Zone
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.sketch_painting import paint_area, paint_handles
from gisapp.ui.drawing.snap import nearest_corner
from gisapp.ui.drawing.zones_tool import ZonesTool
from gisapp.ui.map.paths import screen_polygon

#: How near to a handle the mouse must be, how far those stand off the zones, in pixels.
_GRASP, _OFF, _STALK = 9.0, 10.0, 26.0
#: Of more zones than this only the boxes round them follow the mouse.
_MANY = 60
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
#: Brackets turn by a degree, with Shift (braces) by fifteen.
_TURNS = {"[": -1.0, "]": 1.0, "{": -15.0, "}": 15.0}


class _Mode(Enum):
    MOVE = "Move"
    TURN = "Turn"
    SCALE = "Scale"


class MoveTool(ZonesTool):
    """Drag the zones to move them, a corner of their box to scale, the knob above to turn."""

    id = "zones.move"
    title = "Move, turn, scale"
    example = "35 m @ 90°, 30°, 120% or r 250 m"
    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self._mode: _Mode | None = None
        self._start: Place = (0.0, 0.0)
        self._from = QPointF()
        self._end: Place = (0.0, 0.0)
        self._turn, self._factor = 0.0, 1.0
        self._preview: BaseGeometry | None = None
        self._outline: BaseGeometry | None = None
        self.about: Place = (0.0, 0.0)
        self._runs = itertools.count()
        self._nudging = ""

    def begin(self) -> None:
        zones = self.zones
        if not zones:
            self.canvas.set_hint("Select zones first, Esc to stop")
            return
        shapes = [zone.shape if len(zones) <= _MANY else zone.shape.envelope for zone in zones]
        self._outline = shapely.MultiPolygon(list(shapely.get_parts(shapes)))
        first = zones[0]
        if len(zones) == 1 and first.is_disc and first.centre is not None:
            self.about = first.centre
        else:
            self.about = zone_shapes.centre_of(self._outline)
        self.say()

    def forget(self) -> None:
        self._mode = self._preview = None
        self.canvas.update()

    # The mouse

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._outline is None:
            return
        self._nudging = ""
        at = event.position()
        self._mode = self._grasped(at)
        if self._mode is None:
            self.canvas.begin_pan(event)
            return
        self._from = at
        self._start = self._end = self._taken_at(at)
        self._turn, self._factor = 0.0, 1.0
        self.say()

    def move(self, event: QMouseEvent) -> None:
        if self._mode is None or self._outline is None:
            return
        at = event.position()
        if self._mode is _Mode.MOVE:
            self._end = self.place_of(event)
            self._preview = zone_shapes.moved(self._outline, self._start, self._end)
        elif self._mode is _Mode.TURN:
            by_hand = _azimuth(self._middle(), at) - _azimuth(self._middle(), self._from)
            exact = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._turn = round(by_hand / 15) * 15.0 if exact else round(by_hand, 1)
            self._preview = zone_shapes.rotated(self._outline, self._turn, self.about)
        else:
            was = _away(self._middle(), self._from)
            self._factor = max(round(_away(self._middle(), at) / max(was, 1.0), 3), 0.01)
            self._preview = zone_shapes.scaled(self._outline, self._factor, self.about)
        self.say()

    def release(self, event: QMouseEvent) -> None:
        mode, preview = self._mode, self._preview
        self.snap = None
        self.forget()
        if mode is None or preview is None:
            self.say()
            return
        if mode is _Mode.MOVE:
            self._apply_move(self._start, self._end)
        elif mode is _Mode.TURN:
            self.turn(self._turn)
        else:
            self.scale(self._factor)

    def _grasped(self, at: QPointF) -> _Mode | None:
        box, knob = self._box()
        if _away(knob, at) <= _GRASP:
            return _Mode.TURN
        corners = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
        if any(_away(corner, at) <= _GRASP for corner in corners):
            return _Mode.SCALE
        spot = shapely.Point(*self.canvas.place_at(at))
        inside = self._outline is not None and self._outline.intersects(spot)
        return _Mode.MOVE if inside or self._own_corner(at) is not None else None

    def _own_corner(self, at: QPointF) -> Place | None:
        """A corner of the zones or the centre of a circle under the pointer."""
        shapes = [zone.shape for zone in self.zones[:_MANY]]
        centres = [zone.centre for zone in self.zones[:_MANY] if zone.centre is not None]
        return nearest_corner(shapes, centres, self.canvas.view, at)

    def _taken_at(self, at: QPointF) -> Place:
        """Where the zones are held: exactly at a corner where that is near."""
        corner = self._own_corner(at)
        return corner if corner is not None else self.canvas.place_at(at)

    # The keyboard

    def key(self, event: QKeyEvent) -> bool:
        held = event.modifiers()
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            if self._mode is not None:
                self.forget()
                self.say()
            else:
                self.canvas.stopped.emit()
        elif arrow is not None and not held & Qt.KeyboardModifier.ControlModifier:
            self._nudge(*arrow, 10 if held & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.text() in _TURNS:
            self.turn(_TURNS[event.text()], drag=self._run("turn"))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        else:
            return self.shared_key(event)
        return True

    def _nudge(self, dx: int, dy: int, pixels: int) -> None:
        here = screen_polygon(self.canvas.view, [self.about]).at(0)
        to = self.canvas.place_at(here + QPointF(dx * pixels, dy * pixels))
        self._apply_move(self.about, to, drag=self._run("move"))

    def _run(self, what: str) -> str:
        """The key of a run of like presses, which undo together."""
        if self._nudging.partition(" ")[0] != what:
            self._nudging = f"{what} {next(self._runs)}"
        return f"zones by key: {self._nudging}"

    def typed(self, text: str) -> None:
        """`35 m @ 90°` moves, a place puts the middle there, `30°` turns, `120%` scales."""
        self._nudging = ""
        found = self.entry(text)
        if isinstance(found, Position):
            self._apply_move(self.about, (found.lon, found.lat))
        elif isinstance(found, Step) and found.azimuth is not None:
            to = zone_shapes.step(self.about, found.metres, found.azimuth)
            self._apply_move(self.about, to)
        elif isinstance(found, Turn):
            self.turn(found.degrees)
        elif isinstance(found, Scale):
            self.scale(found.factor)
        elif isinstance(found, Radius):
            self._change("Scale", lambda z: zone_gestures.with_radius(z, found.metres, found.text))
        else:
            raise DataError("Say in which direction.", "Write it such as 35 m @ 90°.")

    def finish(self) -> None:
        self.canvas.stopped.emit()

    # Changing

    def _apply_move(self, start: Place, end: Place, *, drag: str | None = None) -> None:
        if start != end:
            self._change("Move", lambda zone: zone_gestures.moved(zone, start, end), drag)

    def turn(self, degrees: float, *, drag: str | None = None) -> None:
        """Turn the zones clockwise about their middle."""
        about, zones = self.about, self.zones
        if len(zones) == 1 and zones[0].is_disc:
            raise_or_hint(self, "A circle looks the same however it is turned.")
        elif degrees % 360:
            self._change("Turn", lambda zone: zone_gestures.rotated(zone, degrees, about), drag)

    def scale(self, factor: float) -> None:
        """Make the zones larger or smaller about their middle."""
        about = self.about
        if factor != 1:
            self._change("Scale", lambda zone: zone_gestures.scaled(zone, factor, about))

    def _change(self, what: str, how: Callable[[Zone], Zone], drag: str | None = None) -> None:
        edit = zone_gestures.change(what, self.zones, how, drag=drag)
        if drag is None:
            self.keep(edit)
        else:
            self.session.perform(edit)

    # Showing

    def _middle(self) -> QPointF:
        return screen_polygon(self.canvas.view, [self.about]).at(0)

    def _box(self) -> tuple[QRectF, QPointF]:
        """The box round the zones in pixels, and the knob above it."""
        shape = self._preview if self._preview is not None else self._outline
        assert shape is not None
        west, south, east, north = shape.bounds
        x, y = self.canvas.view.to_screen(np.array([west, east]), np.array([north, south]))
        box = QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1])).adjusted(-_OFF, -_OFF, _OFF, _OFF)
        return box, QPointF(box.center().x(), box.top() - _STALK)

    def paint(self, painter: QPainter) -> None:
        if self._outline is None or not self.zones:
            return
        if self._preview is not None:
            paint_area(painter, self.canvas.view, self._preview)
        box, knob = self._box()
        paint_handles(painter, box, knob, self._middle())
        if self._mode is _Mode.MOVE:
            self.paint_snapped(painter)

    def say(self) -> None:
        units = self.desk.units
        if self._mode is _Mode.MOVE:
            metres, azimuth = zone_shapes.bearing(self._start, self._end)
            words = f"{units.length(metres)} @ {azimuth:.0f}°"
        elif self._mode is _Mode.TURN:
            words = f"{self._turn:g}°"
        elif self._mode is _Mode.SCALE:
            words = f"{self._factor:.1%} · {self._size(self._factor)}"
        else:
            words = (
                f"{self._size(1)} · drag to move, the corners to scale, the knob to turn; "
                "arrows move, [ and ] turn, Esc stops"
            )
        self.canvas.set_hint(words)
        self.canvas.update()

    def _size(self, factor: float) -> str:
        """Radius and area of what is selected, each length times a factor."""
        units, zones = self.desk.units, self.zones
        if len(zones) > _MANY:
            return f"{len(zones):,} zones"
        area = sum(zone.area_m2 for zone in zones) * factor**2
        if len(zones) == 1 and zones[0].is_disc and zones[0].radius_m:
            return f"{units.length(zones[0].radius_m * factor)} radius, {units.area(area)}"
        return units.area(area)


def raise_or_hint(tool: MoveTool, words: str) -> None:
    """Say why nothing happens: in the bar where it was typed, else beside the pointer."""
    if tool.desk.bar.edit.hasFocus():
        raise EditError(words, "")
    tool.canvas.set_hint(words)


def _away(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())


def _azimuth(middle: QPointF, at: QPointF) -> float:
    """Degrees clockwise from straight up."""
    return math.degrees(math.atan2(at.x() - middle.x(), middle.y() - at.y()))
