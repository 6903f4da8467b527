"""Measuring on the ground: along a line, or round an area and inside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from gisapp.layers import geodesy
from gisapp.layers.sketch import Sketch
from gisapp.layers.units import Units
from gisapp.ui.drawing.sketch_painting import paint_sketch
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.paths import screen_polygon
from gisapp.ui.map.tool import Tool

#: A click so near to the first corner closes the area, in pixels.
_CLOSES = 8.0


class MeasureTool(Tool):
    """Click along a line to measure it; click its first corner again to close an area."""

    id = "tool.measure"
    _hint = "Click to measure from here"

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas
        self.sketch = Sketch()
        self.closed = False
        self._units = Units.METRIC
        self._pointer: tuple[float, float] | None = None
        self._done = False

    @property
    def units(self) -> Units:
        return self._units

    @units.setter
    def units(self, units: Units) -> None:
        self._units = units
        if not self.sketch.is_empty:
            self._say()

    def activate(self) -> None:
        self.canvas.set_hint(self._hint)

    def deactivate(self) -> None:
        self._clear()
        self.canvas.set_hint("")

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._done:
            self._clear()
        if self._is_at_start(event.position()):
            self.closed = True
            self._finish()
            return
        self.sketch = self.sketch.with_corner(self.canvas.place_at(event.position()))
        self._say()

    def move(self, event: QMouseEvent) -> None:
        if self.sketch.is_empty or self._done:
            return
        self._pointer = self.canvas.place_at(event.position())
        self._say()

    def double_click(self, event: QMouseEvent) -> None:
        if not self.sketch.is_empty:
            self._finish()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.sketch.is_empty:
            self._finish()
        elif event.key() == Qt.Key.Key_Backspace and not self.sketch.is_empty:
            self._take_back()
        elif event.key() == Qt.Key.Key_Escape:
            if self.sketch.is_empty:
                self.canvas.stopped.emit()
            self._clear()
            self.canvas.set_hint(self._hint if self.canvas.tool is self else "")
        else:
            return False
        return True

    def paint(self, painter: QPainter) -> None:
        paint_sketch(painter, self.canvas.view, self.sketch, self._pointer, closed=self.closed)

    def measured(self) -> str:
        """What was measured so far, in words."""
        shown = self.sketch if self._pointer is None else self.sketch.with_corner(self._pointer)
        length, area = shown.length_m, shown.area_m2
        if not area:
            problem = shown.problem() if len(shown.corners) > 3 else None
            words = self._units.length(length)
            return f"{words} · {problem[0].lower()}{problem[1:].rstrip('.')}" if problem else words
        round_m = geodesy.length_m(shown.area())
        inside = f"{self._units.area(area)}, {self._units.length(round_m)} round"
        if self.closed:
            return f"Area {inside}"
        return f"{self._units.length(length)} · area when closed: {inside}"

    def _is_at_start(self, at: QPointF) -> bool:
        if len(self.sketch.corners) < 3:
            return False
        (start,) = screen_polygon(self.canvas.view, self.sketch.corners[:1]).toList()
        return math.hypot(start.x() - at.x(), start.y() - at.y()) <= _CLOSES

    def _take_back(self) -> None:
        if self.closed:
            self.closed = False
        else:
            self.sketch = self.sketch.without_last()
        self._done = False
        if self.sketch.is_empty:
            self._clear()
            self.canvas.set_hint(self._hint)
        else:
            self._say()

    def _finish(self) -> None:
        self._done = True
        self._pointer = None
        self._say()

    def _say(self) -> None:
        if self._done:
            step = "click to start anew"
        elif len(self.sketch.corners) > 2:
            step = "click the first corner to close it, double-click to end"
        else:
            step = "click for the next corner, double-click to end"
        self.canvas.set_hint(f"{self.measured()} · {step}")
        self.canvas.update()

    def _clear(self) -> None:
        self.sketch, self._pointer, self._done, self.closed = Sketch(), None, False, False
        self.canvas.update()
