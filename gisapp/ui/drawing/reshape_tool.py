"""Reshaping a zone by its corners, with the mouse or keys; nothing changes before one says so.

An outline never crosses itself: where a corner that is dragged would make it, it is drawn in red,
and goes back to where it last was sound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from gisapp.errors import DataError, EditError
from gisapp.layers import edits, zone_shapes
from gisapp.layers.entry_text import Step
from gisapp.layers.outline import Corner, Outline
from gisapp.layers.position_text import Position
from gisapp.layers.project import Change
from gisapp.layers.sketch import Place
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.live_count import inside_in_words
from gisapp.ui.drawing.sketch_painting import paint_corners
from gisapp.ui.drawing.tool import ENTER, DrawTool
from gisapp.ui.map.paths import screen_polygon

#: How near to a corner or an edge the mouse must be, in pixels.
_REACH = 8.0
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_WALKS = {"[": -1, "]": 1}
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True, slots=True)
class _Edge:
    """The edge that begins at a corner, and the pixel on it that is nearest to the mouse."""

    after: Corner
    nearest: QPointF


class ReshapeTool(DrawTool):
    """Drag corners; a double click or Ctrl and click on an edge makes one; Enter keeps it all.

    With keys: brackets go from corner to corner, arrows move it, Insert makes one after it.
    """

    id = "zones.reshape"
    title = "Reshape"
    example = "47.37 8.54 or 5 m @ 90°"
    own_keys = frozenset({*_DELETE, *ENTER, Qt.Key.Key_Escape})

    def __init__(self, desk: DrawDesk) -> None:
        super().__init__(desk)
        self.zone: Zone | None = None
        self.outline: Outline | None = None
        self.chosen: Corner | None = None
        self._dragging = False
        #: The outline as it is being dragged, where that crosses itself.
        self._refused: Outline | None = None
        self._went_back = False

    def activate(self) -> None:
        super().activate()
        self.session.project_changed.connect(self._on_project)
        self.session.selection_changed.connect(self._on_selection)
        self._begin()

    def deactivate(self) -> None:
        self.session.project_changed.disconnect(self._on_project)
        self.session.selection_changed.disconnect(self._on_selection)
        zone, outline = self.zone, self.outline
        self._clear()
        super().deactivate()
        if zone is not None and outline is not None and outline != Outline.of(zone.shape):
            self.session.tell(
                f"“{zone.name}” is as it was: its new outline was not kept.",
                "info",
                "Keep it",
                lambda: self._keep(zone, outline),
            )

    def _begin(self) -> None:
        chosen = self.session.selection.zone_ids
        self.zone = self.session.project.zones.get(chosen[0]) if len(chosen) == 1 else None
        self.outline = Outline.of(self.zone.shape) if self.zone is not None else None
        self.chosen = self._refused = None
        self._say()

    def _clear(self) -> None:
        self.zone = self.outline = self.chosen = self._refused = None
        self._dragging = self._went_back = False

    def left_out(self) -> tuple[str, ...]:
        return (self.zone.id,) if self.zone is not None else ()

    def _on_project(self, change: Change) -> None:
        zone = self.zone
        if zone is not None and change.after.zones.get(zone.id) is not zone:
            self._begin()

    def _on_selection(self) -> None:
        chosen = self.session.selection.zone_ids
        if self.zone is None or chosen != (self.zone.id,):
            self.canvas.stopped.emit()

    # The mouse

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.outline is None:
            return
        self._went_back = False
        at = event.position()
        corner = self._corner_at(at)
        edge = None if corner is not None else self._edge_at(at)
        if corner is not None:
            self.chosen, self._dragging = corner, True
        elif edge is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._insert(edge)
            self._dragging = True
        else:
            self.canvas.begin_pan(event)
        self._say()

    def move(self, event: QMouseEvent) -> None:
        if self._dragging and self.outline is not None and self.chosen is not None:
            self._move_chosen(self.place_of(event))

    def _move_chosen(self, place: Place) -> bool:
        """Put the chosen corner elsewhere, unless the outline would cross itself there."""
        assert self.outline is not None and self.chosen is not None
        moved = self.outline.moved(self.chosen, place)
        sound = moved.problem() is None
        if sound:
            self.outline, self._refused = moved, None
        else:
            self._refused = moved
        self._say()
        return sound

    def release(self, event: QMouseEvent) -> None:
        self._dragging, self.snap = False, None
        self._went_back = self._refused is not None
        self._refused = None
        self._say()

    def double_click(self, event: QMouseEvent) -> None:
        if self.outline is None or self._corner_at(event.position()) is not None:
            return
        edge = self._edge_at(event.position())
        if edge is not None:
            self._insert(edge)
            self._dragging = True
            self._say()

    def _insert(self, edge: _Edge) -> None:
        assert self.outline is not None
        self._insert_at(edge.after, self.canvas.place_at(edge.nearest))

    def _insert_at(self, after: Corner, place: Place) -> None:
        assert self.outline is not None
        self.outline = self.outline.with_corner(after, place)
        self.chosen = (after[0], after[1] + 1)

    def _corner_at(self, at: QPointF) -> Corner | None:
        """The corner under the mouse, the nearest of several."""
        best, found = _REACH, None
        for ring, points in enumerate(self._pixels()):
            away = np.hypot(points[:, 0] - at.x(), points[:, 1] - at.y())
            number = int(away.argmin())
            if away[number] <= best:
                best, found = float(away[number]), (ring, number)
        return found

    def _edge_at(self, at: QPointF) -> _Edge | None:
        best, found = _REACH, None
        for ring, points in enumerate(self._pixels()):
            for number, start in enumerate(points):
                nearest = _nearest(start, points[(number + 1) % len(points)], at)
                away = math.hypot(nearest.x() - at.x(), nearest.y() - at.y())
                if away <= best:
                    best, found = away, _Edge((ring, number), nearest)
        return found

    def _pixels(self) -> list[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
        """The corners of each ring in pixels, (n, 2)."""
        rings = self.outline.rings if self.outline is not None else ()
        places = [np.array(ring) for ring in rings]
        return [np.column_stack(self.canvas.view.to_screen(p[:, 0], p[:, 1])) for p in places]

    # The keyboard

    def key(self, event: QKeyEvent) -> bool:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        panning = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            if self.zone is not None:
                self.outline = Outline.of(self.zone.shape)
            self.canvas.stopped.emit()
        elif event.key() in ENTER:
            self.finish()
        elif event.key() in _DELETE:
            self._remove()
        elif event.text() in _WALKS and self.outline is not None:
            self._walk(_WALKS[event.text()])
        elif event.key() == Qt.Key.Key_Insert and self.chosen is not None:
            self._halve()
        elif arrow is not None and self.chosen is not None and not panning:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(*arrow, 10 if far else 1)
        else:
            return self.shared_key(event)
        return True

    def _walk(self, step: int) -> None:
        """Choose the next corner, through all rings, and bring it into view."""
        assert self.outline is not None
        corners = [
            (ring, number)
            for ring, places in enumerate(self.outline.rings)
            for number in range(len(places))
        ]
        at = corners.index(self.chosen) if self.chosen in corners else (-1 if step > 0 else 0)
        self.chosen = corners[(at + step) % len(corners)]
        self._went_back = False
        where = screen_polygon(self.canvas.view, [self.outline.place(self.chosen)]).at(0)
        if not self.canvas.rect().contains(where.toPoint()):
            middle = QPointF(self.canvas.rect().center())
            self.canvas.pan_by(middle.x() - where.x(), middle.y() - where.y())
        self._say()

    def _halve(self) -> None:
        """A new corner halfway to the next, chosen."""
        assert self.outline is not None and self.chosen is not None
        ring, number = self.chosen
        places = self.outline.rings[ring]
        (x, y), (u, v) = places[number], places[(number + 1) % len(places)]
        self._insert_at(self.chosen, ((x + u) / 2, (y + v) / 2))
        self._say()

    def _nudge(self, dx: int, dy: int, pixels: int) -> None:
        assert self.outline is not None and self.chosen is not None
        here = screen_polygon(self.canvas.view, [self.outline.place(self.chosen)]).at(0)
        place = self.canvas.place_at(here + QPointF(dx * pixels, dy * pixels))
        self._went_back = not self._move_chosen(place)
        self._refused = None
        self._say()

    def typed(self, text: str) -> None:
        """A place puts the chosen corner there, `5 m @ 90°` moves it by so much."""
        if self.outline is None or self.chosen is None:
            raise EditError("Choose a corner first.", "Click it, or press ].")
        found = self.entry(text)
        if isinstance(found, Position):
            place = (found.lon, found.lat)
        elif isinstance(found, Step) and found.azimuth is not None:
            here = self.outline.place(self.chosen)
            place = zone_shapes.step(here, found.metres, found.azimuth)
        else:
            raise DataError(f"“{text}” is no place.", "Write 47.37 8.54 or 5 m @ 90°.")
        sound = self._move_chosen(place)
        self._refused = None
        if not sound:
            raise EditError("The outline would cross itself there.", "")

    def _remove(self) -> None:
        if self.outline is None or self.chosen is None:
            self.canvas.set_hint("Click a corner first, then Delete removes it")
            return
        try:
            less = self.outline.without(self.chosen)
        except EditError as error:
            self.canvas.set_hint(str(error))
            return
        if less.problem() is not None:
            self.canvas.set_hint("Without this corner the outline would cross itself")
            return
        self.outline, self.chosen = less, None
        self._say()

    def finish(self) -> None:
        """Keep the new outline, as one step; stays while it crosses itself."""
        zone, outline = self.zone, self.outline
        if zone is None or outline is None:
            self.canvas.stopped.emit()
        elif outline.problem() is not None:
            self._say()
        else:
            self.zone = self.outline = None
            self.canvas.stopped.emit()
            self._keep(zone, outline)

    def _keep(self, zone: Zone, outline: Outline) -> None:
        if outline == Outline.of(zone.shape):
            return
        if self.session.project.zones.get(zone.id) is not zone:
            self.session.tell(f"“{zone.name}” was changed meanwhile, so it stays as it is.")
            return
        if outline.problem() is not None:
            self.session.tell(f"{outline.problem()} “{zone.name}” stays as it was.", "error")
            return
        edit = edits.reshape_zone(zone.id, outline.area())
        if self.session.perform(replace(edit, label=f"Reshape zone {zone.name}")):
            self.session.tell(
                f"Reshaped “{zone.name}”.{_no_more(zone)}",
                "done",
                "Undo",
                self.session.document.undo,
            )

    # Showing

    def paint(self, painter: QPainter) -> None:
        if self.outline is None:
            return
        view = self.canvas.view
        shown = self._refused or self.outline
        rings = [screen_polygon(view, ring) for ring in shown.rings]
        chosen = None
        if self.chosen is not None:
            chosen = screen_polygon(view, [shown.place(self.chosen)]).at(0)
        paint_corners(painter, rings, chosen, refused=self._refused is not None)
        if self._dragging:
            self.paint_snapped(painter)

    def _say(self) -> None:
        if self.outline is None or self.zone is None:
            self.canvas.set_hint("Select one zone to reshape it, Esc to stop")
        elif (problem := self.outline.problem()) is not None:
            self.canvas.set_hint(f"{problem} Move its corners apart, Esc leaves it as it was")
        elif self._refused is not None:
            self.canvas.set_hint("The outline crosses itself: let go, and the corner goes back")
        elif self._went_back:
            self.canvas.set_hint("The outline crosses itself there, so the corner went back")
        elif self._dragging:
            # No more than this stands beside the pointer, or it hides what is being drawn.
            self.canvas.set_hint(self._measured(self.outline))
        else:
            self.canvas.set_hint(
                f"{self._measured(self.outline)} · drag a corner (or ] and arrows), double-click "
                "an edge for a new one, Delete removes one, Enter keeps it, Esc leaves it as it was"
            )
        self.canvas.update()

    def _measured(self, outline: Outline) -> str:
        """Its size, and how many events lie in it now."""
        area = self.desk.units.area(outline.area_m2)
        counted = inside_in_words(self.session, outline.area())
        return f"{area} · {counted}" if counted else area


def _no_more(zone: Zone) -> str:
    """What it is not any longer: a circle, say, whose radius would now be untrue."""
    if zone.basis is Basis.POLYGON:
        return ""
    return f" It is a drawn area now, no longer a {zone.basis.label.lower()}."


def _nearest(
    start: np.ndarray[tuple[int], np.dtype[np.float64]],
    end: np.ndarray[tuple[int], np.dtype[np.float64]],
    at: QPointF,
) -> QPointF:
    """The pixel of an edge that is nearest to a pixel."""
    dx, dy = float(end[0] - start[0]), float(end[1] - start[1])
    length = dx * dx + dy * dy
    along = 0.0
    if length > 0:
        along = ((at.x() - float(start[0])) * dx + (at.y() - float(start[1])) * dy) / length
    along = min(max(along, 0.0), 1.0)
    return QPointF(float(start[0]) + along * dx, float(start[1]) + along * dy)
