"""Tools that draw a zone: an outline by its corners, or a circle round a point."""

from __future__ import annotations

import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.sketch import Place, Sketch
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.map_paths import screen_polygon
from gisapp.ui.sketch_painting import paint_shape, paint_sketch
from gisapp.ui.tool import Tool
from gisapp.ui.zone_card import ZoneCard

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PolygonTool(Tool):
    """Click the corners of a zone; then its card asks for the name, agreement and basis."""

    id = "zones.draw"

    def __init__(self, canvas: MapCanvas, card: ZoneCard) -> None:
        self.canvas = canvas
        self.card = card
        self.sketch = Sketch()
        self._pointer: Place | None = None
        self._finished = False

    def activate(self) -> None:
        self.card.ended.connect(self._on_ended)
        self._say()

    def deactivate(self) -> None:
        self.card.ended.disconnect(self._on_ended)
        self.card.dismiss()
        self._clear()
        self.canvas.set_hint("")

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._finished:
            return
        self.sketch = self.sketch.with_corner(self.canvas.place_at(event.position()))
        self._say()

    def move(self, event: QMouseEvent) -> None:
        if not self._finished and not self.sketch.is_empty:
            self._pointer = self.canvas.place_at(event.position())
            self._say()

    def double_click(self, event: QMouseEvent) -> None:
        self._finish()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            if self.sketch.is_empty:
                self.canvas.stopped.emit()
            else:
                self.card.dismiss()
                self._clear()
                self._say()
        elif event.key() in _ENTER and not self.sketch.is_empty:
            self._finish()
        elif event.key() == Qt.Key.Key_Backspace and not self._finished:
            self.sketch = self.sketch.without_last()
            self._say()
        else:
            return False
        return True

    def paint(self, painter: QPainter) -> None:
        paint_sketch(painter, self.canvas.view, self.sketch, self._pointer, closed=True)

    def _finish(self) -> None:
        if self._finished:
            return
        self._pointer = None
        problem = self.sketch.problem()
        if problem is not None:
            self.canvas.set_hint(f"{problem} Click for another corner, Backspace takes one back")
            self.canvas.update()
            return
        self._finished = True
        self.canvas.set_hint("")
        self.canvas.update()
        self.card.ask_about_area(self.sketch.area())

    def _say(self) -> None:
        count = len(self.sketch.corners)
        if not count:
            self.canvas.set_hint("Click the first corner of the zone, Esc to stop")
        elif count < 3:
            self.canvas.set_hint("Click to add a corner, Backspace takes one back, Esc to stop")
        else:
            self.canvas.set_hint(
                f"{geodesy.area_in_words(self.sketch.area_m2)} · "
                "click to add a corner, double-click to finish, Esc to stop"
            )
        self.canvas.update()

    def _clear(self) -> None:
        self.sketch, self._pointer, self._finished = Sketch(), None, False
        self.canvas.update()

    def _on_ended(self, added: bool) -> None:
        self._clear()
        if added:
            self.canvas.stopped.emit()
        else:
            self._say()


class CircleTool(Tool):
    """Click the centre; the radius follows the mouse until a second click, or is typed exactly."""

    id = "zones.circle"

    def __init__(self, canvas: MapCanvas, card: ZoneCard) -> None:
        self.canvas = canvas
        self.card = card
        self.centre: Place | None = None
        self._shape: BaseGeometry | None = None
        self._following = False

    def activate(self) -> None:
        self.card.ended.connect(self._on_ended)
        self.card.radius_typed.connect(self._on_typed)
        self._say()

    def deactivate(self) -> None:
        self.card.ended.disconnect(self._on_ended)
        self.card.radius_typed.disconnect(self._on_typed)
        self.card.dismiss()
        self._clear()
        self.canvas.set_hint("")

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        place = self.canvas.place_at(event.position())
        if self.centre is None:
            self.centre = place
            self._following = True
            self.card.ask_about_circle(*place)
        elif self._following:
            self._follow(place)
            self._following = False
            self.card.focus_name()
        self._say()

    def move(self, event: QMouseEvent) -> None:
        if self._following:
            self._follow(self.canvas.place_at(event.position()))

    def key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape:
            return False
        if self.centre is None:
            self.canvas.stopped.emit()
        else:
            self.card.dismiss()
            self._clear()
            self._say()
        return True

    def paint(self, painter: QPainter) -> None:
        if self.centre is None:
            return
        view = self.canvas.view
        centre = screen_polygon(view, [self.centre]).at(0)
        for part in shapely.get_parts(self._shape) if self._shape is not None else ():
            paint_shape(painter, screen_polygon(view, part.exterior.coords), centre)
        if self._shape is None:
            paint_sketch(painter, view, Sketch((self.centre,)), None, closed=False)

    def _follow(self, place: Place) -> None:
        if self.centre is None:
            return
        metres = round(geodesy.distance_m(*self.centre, *place))
        if metres > 0:
            self.card.set_radius(f"{metres} m")
            self._draw(float(metres))

    def _on_typed(self, text: str) -> None:
        self._following = False
        try:
            metres = geodesy.parse_length(text)
        except DataError:
            return  # the card says what is wrong beside the field
        self._draw(metres)
        self._say()

    def _draw(self, metres: float) -> None:
        if self.centre is not None:
            self._shape = geodesy.circle(*self.centre, metres)
            self.canvas.update()

    def _say(self) -> None:
        if self.centre is None:
            self.canvas.set_hint("Click the centre of the circle, Esc to stop")
        elif self._following:
            self.canvas.set_hint("Click to set the radius, or type it exactly")
        else:
            self.canvas.set_hint("")
        self.canvas.update()

    def _clear(self) -> None:
        self.centre, self._shape, self._following = None, None, False
        self.canvas.update()

    def _on_ended(self, added: bool) -> None:
        self._clear()
        if added:
            self.canvas.stopped.emit()
        else:
            self._say()
