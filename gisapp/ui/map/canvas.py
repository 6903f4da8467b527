"""The main map: follows the session, lets tools work on it, and says over it what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gisapp.layers.layer import Bounds
from gisapp.layers.project import Change
from gisapp.layers.units import Units
from gisapp.layers.zone_look import zone_look
from gisapp.render.legend import LegendSection
from gisapp.render.look import Scene
from gisapp.render.view import WORLD, MapView
from gisapp.ui.map.cross import MapCross, middle
from gisapp.ui.map.extents import first_extent, main_extent
from gisapp.ui.map.furniture import (
    paint_frame,
    paint_furniture,
    paint_hint,
    restricted_layers,
    sources_in_words,
)
from gisapp.ui.map.meeting_overlay import meeting_boxes, paint_meeting
from gisapp.ui.map.motion import Motion
from gisapp.ui.map.place_marker import PlaceMarker
from gisapp.ui.map.renderer import MapWorker
from gisapp.ui.map.selection_overlay import SelectionOverlay
from gisapp.ui.map.surface import MapSurface, is_arrow
from gisapp.ui.map.tool import Tool
from gisapp.ui.problems.signs import ProblemSigns
from gisapp.ui.scenarios.swipe_side import Side
from gisapp.ui.session import Session
from gisapp.ui.widgets.plain import tip
from gisapp.ui.zones.index import ZoneIndex

_ACT = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MapCanvas(MapSurface):
    """Shows a session's project at its view; a tool decides what the mouse does."""

    tool_changed = Signal(object)
    hint_changed = Signal(str)
    stopped = Signal()
    alone_changed = Signal()
    #: A menu is asked for at a place (longitude, latitude) and a point of the screen.
    menu_asked = Signal(float, float, QPoint)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        #: Draws all maps of the window.
        self.worker = MapWorker(session.courtesy)
        super().__init__(session, self.worker, Motion(), parent, with_legend=True)
        self.worker.setParent(self)
        self.motion.setParent(self)
        self.zone_index = ZoneIndex()
        self.selection = SelectionOverlay()
        self.selection.changed = self.update
        self.cross = MapCross()
        self.marker = PlaceMarker(self)
        self.problems = ProblemSigns()
        self.tool: Tool | None = None
        #: Covers a part of the map while it is compared with a scenario.
        self.swipe: Side | None = None
        self.hint = ""
        #: What lengths and areas are said in.
        self.units = Units.METRIC
        self._alone = False
        self.alone_legend = True
        #: Drives the player by a key while the map is alone; tells whether it was one for that.
        self.film_key: Callable[[QKeyEvent], bool] | None = None
        self._space = False
        self._fitted = False
        self._wants_fit = False
        self._looked = session.look
        self.setObjectName("canvas")
        self.setAccessibleName("Map")
        self.setAccessibleDescription(
            "Arrow keys move the map, plus and minus zoom, Home shows everything. Space uses the "
            "tool at the cross in the middle, Enter finishes, Backspace takes a corner back, "
            "Escape stops."
        )
        self.setMinimumSize(200, 150)
        self.images.legend_ready.connect(self._on_legend)
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)
        session.selection_changed.connect(self._on_selection)

    # What a map says of itself

    @property
    def view(self) -> MapView:
        return self.session.view

    @property
    def alone(self) -> bool:
        """Whether nothing but the map is on the screen; then it says itself what it shows."""
        return self._alone

    @alone.setter
    def alone(self, alone: bool) -> None:
        self._alone = alone
        self.alone_changed.emit()

    def move_to(self, view: MapView) -> None:
        self.session.set_view(view)

    def scene_at(self, view: MapView) -> Scene:
        project, look = self.session.project, self.session.look
        sources = sources_in_words(project, look)
        covered = self.covered_at(view, project, look, sources)
        if self.alone:
            legend, shown = self.session.legend, self.alone_legend
            cards = self.cards()
            covered += meeting_boxes(self.view, project, look, legend, cards, with_legend=shown)
        return Scene(project, view, look, covered=covered)

    # What is done with it

    def set_tool(self, tool: Tool) -> None:
        """Change what the mouse does; the former tool leaves nothing behind."""
        if self.tool is not None:
            self.tool.deactivate()
        self.tool = tool
        tool.activate()
        self.setCursor(tool.cursor)
        self.tool_changed.emit(tool)
        self.update()

    def set_hint(self, hint: str) -> None:
        """Say the tool's next step, here beside the pointer and in the status bar."""
        if hint != self.hint:
            self.hint = hint
            self.hint_changed.emit(hint)
            self.update()

    def shutdown(self) -> None:
        """End the worker; neither this nor a linked map draws any more images."""
        if self.swipe is not None:
            self.swipe.end()
        self.stop_drawing()
        self.marker.hide()
        self.worker.shutdown()

    def zones_at(self, pixel: QPointF) -> tuple[str, ...]:
        """Ids of the zones shown at a pixel, the smallest first."""
        if not self.session.project.zones_visible:
            return ()
        return self.zone_index.at(self.session.project.zones, *self.place_at(pixel))

    # Following the session

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id:
            self.images.forget()
            self._fitted = False
        arrived = {layer.id for layer in change.after.layers} - {
            layer.id for layer in change.before.layers
        }
        new = [main_extent(layer) for layer in change.after.layers if layer.id in arrived]
        away = [box for box in new if box is not None and not _meet(box, self.view.bounds)]
        if not self._fitted:
            self._fit()
        elif away:  # and not everything: layers of two countries would be two specks
            self.session.set_view(self.view.shown(away[-1], margin=0.05))
        self.selection.prepare(self.session)
        self.selection.hover(self.session, None)
        self.refresh()

    def _fit(self) -> None:
        """Show what there is: now, and once more when the canvas is painted in its true size."""
        bounds = first_extent(self.session.project)
        self._fitted = bounds is not None
        if bounds is not None:
            self._wants_fit = True
            self.session.set_view(self.view.shown(bounds, margin=0.05))
            self.update()

    def _on_view(self) -> None:
        super()._on_view()
        if self._pointer is not None:
            # It is over another place, though nobody moved it.
            self.pointed.emit(*self.place_at(self._pointer))

    def _on_look(self) -> None:
        # Looks are equal where only the rows shown differ, as with each step of a time brush.
        following = self.session.look == self._looked
        self._looked = self.session.look
        if not following:
            self.selection.prepare(self.session)
        if self.tool is not None:
            self.tool.look_changed()
        self.refresh(following=following)

    def _on_selection(self) -> None:
        self.selection.prepare(self.session)
        if self.tool is not None:
            self.tool.selection_changed()
        self.update()

    def _on_legend(self, sections: tuple[LegendSection, ...], scene: Scene) -> None:
        if scene.project.id == self.session.project.id:
            self.session.set_legend(sections)
            shown = self.images.shown
            if self.alone and shown is not None:
                # Names give way to the legend that lies over the map.
                if self.scene_at(self.view).covered != shown.covered:
                    self.schedule(0)
                self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._wants_fit:
            self._wants_fit = False
            extent = first_extent(self.session.project) or WORLD
            self.session.set_view(self.view.shown(extent, margin=0.05))
        painter = QPainter(self)
        self.paint_map(painter)
        if self.swipe is not None:
            self.swipe.paint(painter)
        self.selection.paint(painter, self.view, moving=self.motion.active)
        self.problems.paint(painter, self.view)
        if self.tool is not None:
            self.tool.paint(painter)
            if self.cross.shown and self.tool.needs_place:
                self.cross.paint(painter, self.view)
        self.paint_mirrored(painter)
        self.marker.paint(painter, self.view)
        self._paint_over(painter)
        painter.end()
        self.end_frame()

    def _paint_over(self, painter: QPainter) -> None:
        project, look = self.session.project, self.session.look
        paint_furniture(painter, self.view, sources_in_words(project, look))
        if self.alone:
            legend, shown = self.session.legend, self.alone_legend
            cards = self.cards()
            paint_meeting(painter, self.view, project, look, legend, cards, with_legend=shown)
        restricted = restricted_layers(project, look)
        if restricted:
            paint_frame(painter, self.view, restricted)
        if self.hint and self._pointer is not None:
            paint_hint(painter, self.view, self.hint, self._pointer)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = event.size()
        view = self.view.resized(size.width(), size.height(), self.devicePixelRatioF())
        self.session.set_view(replace(view, dpi=self.logicalDpiX()))
        if not self._fitted:
            self._fit()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.tool is not None and event.key() in self.tool.own_keys:
                event.accept()
                return True
        elif isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tool_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _show_tool_tip(self, pos: QPoint, where: QPoint) -> None:
        ids = self.zones_at(QPointF(pos))
        project, look = self.session.project, self.session.look
        zones = [project.zones[key] for key in ids[:6]]
        lines = [f"{z.name}: {zone_look(project, z, look.day, look.time)[0]}" for z in zones]
        QToolTip.showText(where, tip("\n".join(lines)), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointer = event.position()
        self.glide.stop()
        self.cross.hide()
        wheel = event.button() is Qt.MouseButton.MiddleButton
        if wheel or (self._space and event.button() is Qt.MouseButton.LeftButton):
            self.begin_pan(event)
        elif self.tool is not None:
            self.tool.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self.cross.hide()
        if not self.follow_pan(event) and self.tool is not None:
            self.tool.move(event)
        self.pointed.emit(*self.place_at(event.position()))
        if self.hint:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.end_pan(event):
            self._restore_cursor()
            if not self.dragged and self.tool is not None:
                self.tool.clicked(event)
        elif self.tool is not None:
            self.tool.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.glide.stop()
        if self.tool is not None:
            self.tool.double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = middle(self) if by_key else QPointF(event.pos())
        self.menu_asked.emit(*self.place_at(at), self.mapToGlobal(at.toPoint()))

    @property
    def place_meant(self) -> tuple[float, float]:
        """The place under the pointer, else that under the cross in the middle, in degrees."""
        return self.place_at(self._pointer if self._pointer is not None else middle(self))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointer_left()

    def pointer_left(self) -> None:
        """The pointer is at no place of the map any more, but beside it or on what covers it."""
        self._pointer = None
        self.left.emit()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        self.glide.stop()
        if self.tool is not None and self.tool.key(event):
            return
        at_cross = self.cross.shown and self.tool is not None and self.tool.needs_place
        if self.alone and not at_cross and self.film_key is not None and self.film_key(event):
            return
        if self.move_by_key(event):
            if is_arrow(event):
                self._use_cross()
        elif key in _ACT and self.tool is not None and at_cross:
            if not event.isAutoRepeat():
                self.cross.act(self, self.tool, self.view, event.modifiers())
        elif key == Qt.Key.Key_Escape and self.swipe is not None:
            self.swipe.end()
        elif key == Qt.Key.Key_L and self.alone:
            self.alone_legend = not self.alone_legend
            self.update()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            super().keyPressEvent(event)

    def _use_cross(self) -> None:
        """Let the tool follow the cross in the middle, until the mouse is used again."""
        self.cross.shown = True
        self._pointer = middle(self)
        if self.tool is not None and self.tool.needs_place:
            self.cross.follow(self, self.tool)
        self.pointed.emit(*self.place_at(self._pointer))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._restore_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        self._restore_cursor()
        super().focusOutEvent(event)

    def _restore_cursor(self) -> None:
        if self._dragging is None and self.tool is not None:
            self.setCursor(self.tool.cursor)


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
