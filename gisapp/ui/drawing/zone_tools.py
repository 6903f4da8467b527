"""Tools that draw a zone: an outline by its corners, a corridor, or a circle round a point."""

from __future__ import annotations

import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy, zone_shapes
from gisapp.layers.entry_text import Radius, Step
from gisapp.layers.position_text import Position
from gisapp.layers.sketch import Place, Sketch
from gisapp.ui.drawing.card_tool import CardTool
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.sketch_painting import paint_area, paint_shape, paint_sketch
from gisapp.ui.drawing.tool import DrawTool
from gisapp.ui.drawing.zone_card import ZoneCard
from gisapp.ui.map.paths import screen_polygon


class _ZoneTool(CardTool):
    """A course that becomes a zone."""

    def __init__(self, desk: DrawDesk, card: ZoneCard) -> None:
        super().__init__(desk)
        self._card = card

    @property
    def card(self) -> ZoneCard:
        return self._card


class PolygonTool(_ZoneTool):
    """Click the corners of a zone; then its card asks for the name, agreement and basis."""

    id = "zones.draw"
    title = "Outline"
    first = "Click the first corner of the zone"

    def complete(self) -> None:
        self.desk.rest()
        self.card.ask_about_area(self.sketch.area())


class CorridorTool(_ZoneTool):
    """Click along a route; then its card asks for the width, which is shown while it is typed."""

    id = "zones.corridor"
    title = "Corridor"
    closed = False
    first = "Click where the corridor begins"

    def __init__(self, desk: DrawDesk, card: ZoneCard) -> None:
        super().__init__(desk, card)
        self._shape: BaseGeometry | None = None

    def activate(self) -> None:
        self.card.radius_typed.connect(self._on_typed)
        super().activate()

    def deactivate(self) -> None:
        self.card.radius_typed.disconnect(self._on_typed)
        super().deactivate()

    def complete(self) -> None:
        self.desk.rest()
        self.card.ask_about_corridor(self.sketch.corners)

    def clear(self) -> None:
        self._shape = None
        super().clear()

    def paint(self, painter: QPainter) -> None:
        if self._shape is not None:
            paint_area(painter, self.canvas.view, self._shape)
        super().paint(painter)

    def _on_typed(self, metres: float) -> None:
        try:
            self._shape = zone_shapes.corridor(self.sketch.corners, metres) if metres else None
        except EditError:
            self._shape = None  # the card says what is wrong beside the field
        self.canvas.update()


class CircleTool(DrawTool):
    """Click the centre; the radius follows the mouse until a second click, or is typed exactly."""

    id = "zones.circle"
    title = "Circle"
    first = "Click the centre of the circle"
    example = "Centre, such as 47.37 8.54"

    def __init__(self, desk: DrawDesk, card: ZoneCard) -> None:
        super().__init__(desk)
        self.card = card
        self.centre: Place | None = None
        self._shape: BaseGeometry | None = None
        self._following = False
        self._metres = 0.0

    def activate(self) -> None:
        super().activate()
        self.card.ended.connect(self._on_ended)
        self.card.radius_typed.connect(self._on_typed)
        self._say()

    def deactivate(self) -> None:
        self.card.ended.disconnect(self._on_ended)
        self.card.radius_typed.disconnect(self._on_typed)
        self.card.dismiss()
        self._clear()
        super().deactivate()

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        place = self.place_of(event)
        if self.centre is None:
            self._begin(place)
        elif self._following:
            self._follow(place)
            self._following = False
            self.card.focus_name()
        self._say()

    def move(self, event: QMouseEvent) -> None:
        place = self.place_of(event) if self.centre is None or self._following else None
        if self._following and place is not None:
            self._follow(place)
        self.canvas.update()

    def typed(self, text: str) -> None:
        """`47.37 8.54` is the centre."""
        found = self.entry(text)
        if isinstance(found, Position) and self.centre is None:
            self._begin((found.lon, found.lat))
            self._say()
        elif isinstance(found, Step | Radius):
            raise EditError("Say where the centre is first.", "Click it, or write its place.")
        else:
            raise DataError(f"“{text}” is no place.", "Write it such as 47.37 8.54.")

    def _begin(self, centre: Place) -> None:
        self.centre, self._following = centre, True
        self.desk.rest()
        self.ask(*centre)

    def ask(self, lon: float, lat: float) -> None:
        """Have the card ask for all that the place does not say."""
        self.card.ask_about_circle(lon, lat)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape:
            return self.shared_key(event)
        if self.centre is None:
            self.canvas.stopped.emit()
        else:
            self.card.dismiss()
            self._clear()
            self._say()
        return True

    def paint(self, painter: QPainter) -> None:
        if self.centre is None or self._following:
            self.paint_snapped(painter)
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
            self._say()

    def _on_typed(self, metres: float) -> None:
        self._following = False
        if metres:  # else the card says what is wrong beside the field
            self._draw(metres)
        self._say()

    def _draw(self, metres: float) -> None:
        if self.centre is not None:
            self._shape, self._metres = geodesy.circle(*self.centre, metres), metres
            self.canvas.update()

    def _say(self) -> None:
        if self.centre is None:
            self.canvas.set_hint(f"{self.first}, Esc to stop")
        elif self._following:
            self.canvas.set_hint(f"{self._measured()}Click to set the radius, or type it exactly")
        else:
            self.canvas.set_hint("")
        self.canvas.update()

    def _measured(self) -> str:
        """The radius and the area in the units chosen."""
        if self._shape is None or not self._metres:
            return ""
        units = self.desk.units
        area = units.area(geodesy.area_m2(self._shape))
        return f"{units.length(self._metres)} radius, {area} · "

    def _clear(self) -> None:
        if self.centre is not None:
            self.desk.take(self)
        self._metres = 0.0
        self.centre, self._shape, self._following = None, None, False
        self.canvas.update()

    def _on_ended(self, added: bool) -> None:
        self._clear()
        if added:
            self.canvas.stopped.emit()
        else:
            self._say()


class SceneTool(CircleTool):
    """Click where something happened; the card asks how far its scene reaches and how long."""

    id = "zones.scene"
    title = "Scene"
    first = "Click where it happened"
    example = "Place, such as 47.37 8.54"

    def ask(self, lon: float, lat: float) -> None:
        self.card.ask_about_scene(lon, lat)
