"""Reshaping a zone by its corners; nothing changes before one says so."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from gisapp.errors import EditError
from gisapp.layers import edits, geodesy
from gisapp.layers.outline import Corner, Outline
from gisapp.layers.project import Change
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone
from gisapp.ui.live_count import inside_in_words
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.map_paths import screen_polygon
from gisapp.ui.session import Session
from gisapp.ui.sketch_painting import paint_corners
from gisapp.ui.tool import Tool

#: How near to a corner or an edge the mouse must be, in pixels.
_REACH = 8.0
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True, slots=True)
class _Edge:
    """The edge that begins at a corner, and the pixel on it that is nearest to the mouse."""

    after: Corner
    nearest: QPointF


class ReshapeTool(Tool):
    """Drag corners; a double click or Ctrl and click on an edge makes one; Enter keeps it all."""

    id = "zones.reshape"
    own_keys = frozenset({*_DELETE, *_ENTER, Qt.Key.Key_Escape})

    def __init__(self, canvas: MapCanvas, session: Session) -> None:
        self.canvas = canvas
        self.session = session
        self.zone: Zone | None = None
        self.outline: Outline | None = None
        self.chosen: Corner | None = None
        self._dragging = False

    def activate(self) -> None:
        self.session.project_changed.connect(self._on_project)
        self.session.selection_changed.connect(self._on_selection)
        self._begin()

    def deactivate(self) -> None:
        self.session.project_changed.disconnect(self._on_project)
        self.session.selection_changed.disconnect(self._on_selection)
        zone, outline = self.zone, self.outline
        self._clear()
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
        self.chosen = None
        self._say()

    def _clear(self) -> None:
        self.zone = self.outline = self.chosen = None
        self._dragging = False
        self.canvas.set_hint("")

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
            place = self.canvas.place_at(event.position())
            self.outline = self.outline.moved(self.chosen, place)
            self._say()

    def release(self, event: QMouseEvent) -> None:
        self._dragging = False
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
        self.outline = self.outline.with_corner(edge.after, self.canvas.place_at(edge.nearest))
        self.chosen = (edge.after[0], edge.after[1] + 1)

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
        if event.key() == Qt.Key.Key_Escape:
            if self.zone is not None:
                self.outline = Outline.of(self.zone.shape)
            self.canvas.stopped.emit()
        elif event.key() in _ENTER:
            self.finish()
        elif event.key() in _DELETE:
            self._remove()
        else:
            return False
        return True

    def _remove(self) -> None:
        if self.outline is None or self.chosen is None:
            self.canvas.set_hint("Click a corner first, then Delete removes it")
            return
        try:
            self.outline, self.chosen = self.outline.without(self.chosen), None
        except EditError as error:
            self.canvas.set_hint(str(error))
            return
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
        if self.session.perform(edits.reshape_zone(zone.id, outline.area())):
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
        rings = [screen_polygon(view, ring) for ring in self.outline.rings]
        chosen = None
        if self.chosen is not None:
            chosen = screen_polygon(view, [self.outline.place(self.chosen)]).at(0)
        paint_corners(painter, rings, chosen)

    def _say(self) -> None:
        if self.outline is None or self.zone is None:
            self.canvas.set_hint("Select one zone to reshape it, Esc to stop")
        elif (problem := self.outline.problem()) is not None:
            self.canvas.set_hint(f"{problem} Move its corners apart, Esc leaves it as it was")
        elif self._dragging:
            # No more than this stands beside the pointer, or it hides what is being drawn.
            self.canvas.set_hint(self._measured(self.outline))
        else:
            self.canvas.set_hint(
                f"{self._measured(self.outline)} · drag a corner, double-click "
                "an edge for a new one, Delete removes one, Enter keeps it, Esc leaves it as it was"
            )
        self.canvas.update()

    def _measured(self, outline: Outline) -> str:
        """Its size, and how many events lie in it now."""
        area = geodesy.area_in_words(outline.area_m2)
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
