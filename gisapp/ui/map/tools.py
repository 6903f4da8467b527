"""Tools that look and select: pan, zoom to a box, identify, select."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from gisapp.layers.layer import Bounds
from gisapp.layers.seen import is_seen
from gisapp.render.identify import Hit, identify, rows_in_shape
from gisapp.render.look import Scene
from gisapp.ui.drawing.sketch_painting import paint_box
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.cross import middle
from gisapp.ui.map.fan_out import FanOut, cluster_under
from gisapp.ui.map.paths import screen_polygon
from gisapp.ui.map.tool import Tool
from gisapp.ui.session import Selection

#: A press and a release further apart than this is a drag, in pixels.
_DRAG = 4
#: A pointer further than this from where it clicked, in pixels, is elsewhere.
_BESIDE = 24
#: Keys held to add to what is selected.
_ADDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class _ReadingTool(Tool):
    """Shared by tools with which a click reads what lies there; again, what lies below it."""

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas
        self.fan = FanOut(canvas)
        self._hits: tuple[Hit, ...] = ()
        self._next = 0

    def look_changed(self) -> None:
        self.fan.fold()
        self.activate()

    def selection_changed(self) -> None:
        # While a stack is fanned out a click on a leg selects one of its rows.
        if not self.fan.is_open:
            self.activate()

    def deactivate(self) -> None:
        self.fan.fold()
        self._hits = ()
        self.canvas.set_hint("")

    def move(self, event: QMouseEvent) -> None:
        self.fan.move(event.position())

    def paint(self, painter: QPainter) -> None:
        self.fan.paint(painter)

    def read(self, at: QPointF) -> None:
        """Select what lies at a pixel, or fan it out, and say what it is."""
        cluster = cluster_under(self.canvas, at)
        hits = (cluster,) if cluster else hits_at(self.canvas, at)
        same = [hit.label for hit in hits] == [hit.label for hit in self._hits]
        self._next = self._next + 1 if same else 0
        self._hits = hits
        session = self.canvas.session
        if not hits:
            session.select(Selection())
            self.say_nothing()
            return
        hit = hits[self._next % len(hits)]
        session.select(selection_of(hit))
        more = len(hits) - 1
        again = f" · {more} more here, click again for the next" if more else ""
        hindered = self.fan.open(hit)
        if not self.fan.is_open:
            self.canvas.set_hint((hindered or hit.label) + again)

    def say_nothing(self) -> None:
        """Nothing lies where the click went."""


class PanTool(_ReadingTool):
    """Drag to move the map, click to read about what lies there."""

    id = "tool.pan"
    cursor = Qt.CursorShape.OpenHandCursor
    needs_place = False

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        #: What was selected before the click that may be the first of two.
        self._before = Selection()
        self._read_at: QPointF | None = None

    def activate(self) -> None:
        self._read_at = None
        self.canvas.set_hint("")
        # Beside the pointer it would stand on the map all day.
        self.canvas.hint_changed.emit("Drag the map to move it, click something to read about it")

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._before = self.canvas.session.selection
        if not self.fan.press(event.position()):
            self.activate()
            self.canvas.begin_pan(event)

    def clicked(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.read(event.position())
            self._read_at = event.position()

    def move(self, event: QMouseEvent) -> None:
        super().move(event)
        read_at = self._read_at
        if read_at is not None and not self.fan.is_open:
            away = event.position() - read_at
            if max(abs(away.x()), abs(away.y())) > _BESIDE:
                self.activate()

    def double_click(self, event: QMouseEvent) -> None:
        if self.canvas.session.selection is not self._before:
            self.canvas.session.select(self._before)
        self.canvas.zoom_by(2, event.position())
        self.activate()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape or not self.fan.is_open:
            return False
        self.fan.fold()
        self.activate()
        return True

    def say_nothing(self) -> None:
        self.activate()


class _BoxTool(Tool):
    """Shared by tools in which one drags a box."""

    hint = ""

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas
        self._from: QPointF | None = None
        self._to: QPointF | None = None
        #: The place of a corner that was set with a key.
        self._marked: tuple[float, float] | None = None

    def activate(self) -> None:
        self.canvas.set_hint(self.hint)

    def deactivate(self) -> None:
        self._from = self._to = self._marked = None
        self.canvas.set_hint("")

    def press(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = self._to = event.position()

    def move(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._to = event.position()
            self.canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_X and not event.modifiers() & ~_ADDS:
            self._mark(event.modifiers())
            return True
        if event.key() != Qt.Key.Key_Escape:
            return False
        if self._from is not None or self._marked is not None:
            self._from = self._to = self._marked = None
            self.canvas.set_hint(self.hint)
            self.canvas.update()
        else:
            self.canvas.stopped.emit()
        return True

    def _mark(self, modifiers: Qt.KeyboardModifier) -> None:
        """Set a corner of a box at the cross in the middle; the second time the box is taken."""
        if self._marked is None:
            self.canvas.cross.shown = True
            self._marked = self.canvas.place_at(middle(self.canvas))
            self.canvas.set_hint("Move the map with the arrow keys, X again takes the box")
            self.canvas.update()
            return
        box = self._marked_box()
        self._marked = None
        self.canvas.set_hint(self.hint)
        self.canvas.update()
        if max(box.width(), box.height()) > _DRAG:
            self.take(box, modifiers)

    def _marked_box(self) -> QRectF:
        assert self._marked is not None
        start = screen_polygon(self.canvas.view, [self._marked]).at(0)
        return QRectF(start, middle(self.canvas)).normalized()

    def take(self, box: QRectF, modifiers: Qt.KeyboardModifier) -> None:
        """Use the box that was dragged, or set with keys."""

    def paint(self, painter: QPainter) -> None:
        if self._marked is not None:
            paint_box(painter, self._marked_box())
        if self._from is not None and self._to is not None:
            paint_box(painter, QRectF(self._from, self._to).normalized())

    def _take_box(self, event: QMouseEvent) -> QRectF | None:
        """The box that was dragged; an empty one for a click; None when none was begun."""
        if self._from is None or event.button() is not Qt.MouseButton.LeftButton:
            return None
        box = QRectF(self._from, event.position()).normalized()
        self._from = self._to = None
        self.canvas.update()
        return box if max(box.width(), box.height()) > _DRAG else QRectF()

    def _bounds_of(self, box: QRectF) -> Bounds:
        west, north = self.canvas.place_at(box.topLeft())
        east, south = self.canvas.place_at(box.bottomRight())
        return west, south, east, north


class ZoomBoxTool(_BoxTool):
    """Drag a box to bring it into view."""

    id = "tool.zoom"
    hint = "Drag a box to zoom to it, click to come closer, Alt-click to go back"

    def release(self, event: QMouseEvent) -> None:
        box = self._take_box(event)
        if box is None:
            return
        if box.isEmpty():
            back = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.canvas.zoom_by(0.5 if back else 2, event.position())
        else:
            self.take(box, event.modifiers())

    def take(self, box: QRectF, modifiers: Qt.KeyboardModifier) -> None:
        view = self.canvas.view.shown(self._bounds_of(box), margin=0)
        self.canvas.session.set_view(view)


class IdentifyTool(_ReadingTool):
    """Click something to read about it; click again for what lies below it."""

    id = "tool.identify"
    cursor = Qt.CursorShape.WhatsThisCursor

    def activate(self) -> None:
        self.canvas.set_hint("Click something on the map to read about it")

    def deactivate(self) -> None:
        super().deactivate()
        self.canvas.selection.hover(self.canvas.session, None)

    def move(self, event: QMouseEvent) -> None:
        ids = self.canvas.zones_at(event.position())
        self.canvas.selection.hover(self.canvas.session, ids[0] if ids else None)
        super().move(event)
        self.canvas.update()

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if not self.fan.press(event.position()):
            self.read(event.position())

    def say_nothing(self) -> None:
        self.canvas.set_hint("Nothing here. Click something on the map to read about it")

    def key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape:
            return False
        if self.fan.is_open:
            self.fan.fold()
            return True
        self.canvas.session.select(Selection())
        self.canvas.stopped.emit()
        return True


class SelectTool(_BoxTool):
    """Click to select one thing, drag to select what a box touches; Shift or Ctrl adds."""

    id = "tool.select"
    cursor = Qt.CursorShape.ArrowCursor
    hint = "Click or drag a box to select, with Shift or Ctrl to add"

    def release(self, event: QMouseEvent) -> None:
        box = self._take_box(event)
        if box is None:
            return
        if not box.isEmpty():
            self.take(box, event.modifiers())
            return
        hits = hits_at(self.canvas, event.position())
        # A density, or a count without rows, is there to be read: what lies below is meant.
        found = (selection_of(hit) for hit in hits)
        chosen = next((one for one in found if not one.is_empty), Selection())
        self._select(chosen, event.modifiers())

    def take(self, box: QRectF, modifiers: Qt.KeyboardModifier) -> None:
        self._select(self._in_box(self._bounds_of(box)), modifiers)

    def _select(self, chosen: Selection, modifiers: Qt.KeyboardModifier) -> None:
        session = self.canvas.session
        session.select(joined(session.selection, chosen) if modifiers & _ADDS else chosen)

    def key(self, event: QKeyEvent) -> bool:
        idle = self._from is None and self._marked is None
        if event.key() == Qt.Key.Key_Escape and idle:
            if self.canvas.session.selection.is_empty:
                self.canvas.stopped.emit()
            self.canvas.session.select(Selection())
            return True
        return super().key(event)

    def _in_box(self, box: Bounds) -> Selection:
        """Rows of the current layer; without one (or when it holds none here), zones."""
        session = self.canvas.session
        key, area = session.current_layer_id, shapely.box(*box)
        if key is not None and session.project.layer(key).visible:
            rows = rows_in_shape(session.project, session.look, key, area, session.cache)
            if len(rows):
                return Selection((), key, rows)
        if session.project.zones_visible:
            project, audience = session.project, session.look.audience
            return Selection(
                tuple(
                    found
                    for found in self.canvas.zone_index.inside(project.zones, box)
                    if is_seen(project, project.zones[found], audience, exported=False)
                )
            )
        return Selection()


def hits_at(canvas: MapCanvas, pixel: QPointF) -> tuple[Hit, ...]:
    """What the audience sees at a pixel, the topmost first."""
    session = canvas.session
    scene = Scene(session.project, canvas.view, session.look)
    return identify(scene, pixel.x(), pixel.y(), session.cache)


def selection_of(hit: Hit) -> Selection:
    """What to select for a hit; a cell of counts without rows selects nothing."""
    if hit.zone_id is not None:
        return Selection((hit.zone_id,))
    return Selection((), hit.layer_id, hit.rows) if len(hit.rows) else Selection()


def joined(old: Selection, new: Selection) -> Selection:
    """Both selections; of what was selected and is again, none. Rows are of one layer only."""
    if new.zone_ids:
        both = tuple(dict.fromkeys((*old.zone_ids, *new.zone_ids)))
        again = set(old.zone_ids) & set(new.zone_ids) if len(new.zone_ids) == 1 else set()
        return Selection(tuple(key for key in both if key not in again))
    if new.layer_id is not None and new.layer_id == old.layer_id:
        rows = np.setxor1d if len(new.rows) == 1 else np.union1d
        return Selection((), new.layer_id, rows(old.rows, new.rows).astype(np.int64))
    return old if new.is_empty else new
