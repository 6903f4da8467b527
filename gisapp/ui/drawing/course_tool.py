"""Drawing corner by corner: what outlines, corridors, holes, cuts and choices have in common."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from gisapp.analysis.streets.trace import Tracer
from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy, zone_shapes
from gisapp.layers.entry_text import Step
from gisapp.layers.position_text import Position
from gisapp.layers.sketch import Place, Sketch
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.sketch_painting import paint_sketch
from gisapp.ui.drawing.tool import ENTER, DrawTool
from gisapp.ui.map.paths import screen_polygon

#: A click so near to the first corner closes an outline, in pixels.
_CLOSES = 8.0
#: Places nearer than this are one, in metres.
_SAME_M = 0.05


class CourseTool(DrawTool):
    """Click corners; a double click, Enter or the first corner again completes it.

    `closed` courses are outlines. Those that follow streets do so between two clicks on streets.
    """

    example = "47.37 8.54 or 120 m @ 45°"
    closed = True
    traces = True
    #: What the first click does, in words.
    first = "Click the first corner"

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self.sketch = Sketch()
        self.finished = False
        self._past: list[Sketch] = []
        self._pointer: Place | None = None
        self._way: tuple[Place, ...] = ()
        self._last_on_street = False

    def activate(self) -> None:
        super().activate()
        self.say()

    def deactivate(self) -> None:
        self.clear()
        super().deactivate()

    def own_places(self) -> tuple[Place, ...]:
        return self.sketch.corners[:1] if len(self.sketch.corners) > 2 and self.closed else ()

    # The mouse

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.finished:
            return
        place = self.place_of(event)
        if self._closes(event.position()):
            self.finish()
            return
        if self._trace_to(event.position(), place, following=False):
            self.add(place, self._way)

    def move(self, event: QMouseEvent) -> None:
        if self.finished:
            return
        place = self.place_of(event)
        if self.sketch.is_empty:
            self.canvas.update()
            return
        self._pointer = place
        if self._trace_to(event.position(), place, following=True):
            self.say()
        else:
            self.canvas.update()

    def double_click(self, event: QMouseEvent) -> None:
        if not self.sketch.is_empty:
            self.finish()

    def add(self, place: Place, way: tuple[Place, ...] = ()) -> None:
        """One corner more, and those of the way to it; one step to take back."""
        self._past.append(self.sketch)
        for corner in (*way, place):
            self.sketch = self.sketch.with_corner(corner)
        self._way = ()
        self.say()

    def _closes(self, at: QPointF) -> bool:
        if not self.closed or len(self.sketch.corners) < 3:
            return False
        (start,) = screen_polygon(self.canvas.view, self.sketch.corners[:1]).toList()
        return math.hypot(start.x() - at.x(), start.y() - at.y()) <= _CLOSES

    def _trace_to(self, pixel: QPointF, place: Place, *, following: bool) -> bool:
        """Find the way along streets from the last corner, where both lie on one.

        False while the streets are still read: a straight edge is not what was asked for, so a
        click has to wait.
        """
        self._way = ()
        layer = self.desk.snapper.on_street(pixel) if self.desk.traces else None
        was, on = self._last_on_street, layer is not None
        if layer is not None and was and not self.sketch.is_empty:
            tracer = self.desk.tracer(layer, self.say)
            if tracer is None:
                self.canvas.set_hint("Reading the streets: click once this is done, or T for none")
                return False
            self._follow(tracer, place)
        if not following:
            self._last_on_street = on
        return True

    def _follow(self, tracer: Tracer, place: Place) -> None:
        found = tracer.between(self.sketch.corners[-1], place)
        if found is not None:
            ends = (self.sketch.corners[-1], place)
            self._way = tuple(
                there
                for there in found
                if all(geodesy.distance_m(*there, *end) > _SAME_M for end in ends)
            )

    # The keyboard

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            if self.sketch.is_empty:
                self.canvas.stopped.emit()
            else:
                self.clear()
                self.say()
        elif event.key() in ENTER and not self.sketch.is_empty:
            self.finish()
        elif event.key() == Qt.Key.Key_Backspace and not self.finished:
            self.sketch = self._past.pop() if self._past else Sketch()
            self._way = ()
            self.say()
        else:
            return self.shared_key(event)
        return True

    def typed(self, text: str) -> None:
        """A place is a corner; `120 m @ 45°` one from the last, `120 m` one towards the pointer."""
        found = self.entry(text)
        if isinstance(found, Position):
            self.add((found.lon, found.lat))
            return
        if not isinstance(found, Step):
            raise DataError(f"“{text}” is neither a place nor a step.", f"Write {self.example}.")
        if self.sketch.is_empty:
            raise EditError("There is no corner yet to start from.", "Write a place first.")
        azimuth = found.azimuth
        if azimuth is None:
            if self._pointer is None:
                raise EditError("Say in which direction.", "Write it such as 120 m @ 45°.")
            _, azimuth = zone_shapes.bearing(self.sketch.corners[-1], self._pointer)
        self.add(zone_shapes.step(self.sketch.corners[-1], found.metres, azimuth))

    # Completing

    def finish(self) -> None:
        if self.finished or self.sketch.is_empty:
            return
        self._pointer, self._way = None, ()
        problem = self.problem()
        if problem is not None:
            self.canvas.set_hint(f"{problem} Click for another corner, Backspace takes one back")
            self.canvas.update()
            return
        self.finished = True
        self.canvas.set_hint("")
        self.canvas.update()
        self.complete()

    def problem(self) -> str | None:
        """Why what is drawn cannot be completed."""
        if self.closed:
            return self.sketch.problem()
        return None if len(self.sketch.corners) > 1 else "A line needs two places."

    def complete(self) -> None:
        """Use what was drawn."""

    def clear(self) -> None:
        """Leave nothing behind."""
        self.sketch, self._past, self._pointer, self._way = Sketch(), [], None, ()
        self.finished = self._last_on_street = False
        self.canvas.update()

    # Showing

    def paint(self, painter: QPainter) -> None:
        pointer = None if self.finished else self._pointer
        paint_sketch(
            painter,
            self.canvas.view,
            self.sketch,
            pointer,
            closed=self.closed,
            way=self._way if pointer is not None else (),
        )
        if not self.finished:
            self.paint_snapped(painter)

    def measured(self) -> str:
        """What is drawn so far, the pointer's place taken as a corner, in the units chosen."""
        shown = self.sketch
        if self._pointer is not None and not self.finished:
            for place in (*self._way, self._pointer):
                shown = shown.with_corner(place)
        units = self.desk.units
        if self.closed and shown.area_m2:
            return units.area(shown.area_m2)
        if len(shown.corners) < 2:
            return ""
        metres, azimuth = zone_shapes.bearing(shown.corners[-2], shown.corners[-1])
        words = f"{units.length(metres)} @ {azimuth:.0f}°"
        if len(shown.corners) > 2:
            words += f" · {units.length(shown.length_m)} in all"
        return words

    def say(self) -> None:
        count = len(self.sketch.corners)
        least = 3 if self.closed else 2
        if self.finished:
            return
        if not count:
            words = f"{self.first}, Esc to stop"
        elif count < least:
            words = "Click to add a corner, Backspace takes one back, Esc to stop"
        else:
            words = "click to add a corner, double-click to finish, Esc to stop"
        measured = self.measured()
        self.canvas.set_hint(f"{measured} · {words[0].lower()}{words[1:]}" if measured else words)
        self.canvas.update()
