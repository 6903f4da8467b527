"""The map: shows the last image at once wherever it is moved, and asks a worker for a sharp one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QToolTip, QWidget

from gisapp.layers.layer import Bounds
from gisapp.layers.project import Change
from gisapp.layers.zone_look import zone_look
from gisapp.render.furniture import sources
from gisapp.render.legend import LegendSection
from gisapp.render.look import Scene
from gisapp.render.view import WORLD, MapView
from gisapp.ui import theme
from gisapp.ui.canvas_renderer import CanvasRenderer
from gisapp.ui.extents import first_extent
from gisapp.ui.map_cross import MapCross, middle
from gisapp.ui.map_furniture import paint_frame, paint_furniture, restricted_layers
from gisapp.ui.meeting_overlay import paint_meeting
from gisapp.ui.plain import tip
from gisapp.ui.selection_overlay import SelectionOverlay, paint_tag, target_of
from gisapp.ui.session import Session
from gisapp.ui.tool import Tool
from gisapp.ui.zone_index import ZoneIndex

#: The image is this many times as wide and high as the window: a drag has something to show.
OVERSIZE = 1.5
_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ACT = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MapCanvas(QWidget):
    """Shows a session's project at its view; a tool decides what the mouse does."""

    pointed = Signal(float, float)
    left = Signal()
    tool_changed = Signal(object)
    hint_changed = Signal(str)
    drawn = Signal()
    stopped = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.zone_index = ZoneIndex()
        self.selection = SelectionOverlay()
        self.cross = MapCross()
        self.tool: Tool | None = None
        self.hint = ""
        #: Whether nothing but the map is on the screen; then it says itself what it shows.
        self.alone = False
        self.alone_legend = True
        self._pointer: QPointF | None = None
        self._image: tuple[QPixmap, MapView] | None = None
        self._dragging: QPointF | None = None
        self._space = False
        self._moving = False
        self._fitted = False
        self._wants_fit = False
        self._renderer = CanvasRenderer(self)
        self._renderer.ready.connect(self._on_image)
        self._renderer.legend_ready.connect(self._on_legend)
        self._renderer.failed.connect(self._on_failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._request)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._on_settled)
        self._set_up()
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)
        session.view_changed.connect(self._on_view)
        session.selection_changed.connect(self._on_selection)

    def _set_up(self) -> None:
        self.setObjectName("canvas")
        self.setAccessibleName("Map")
        self.setAccessibleDescription(
            "Arrow keys move the map, plus and minus zoom, Home shows everything. Space uses the "
            "tool at the cross in the middle, Enter finishes, Backspace takes a corner back, "
            "Escape stops."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 150)
        self.grabGesture(Qt.GestureType.PinchGesture)

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    @property
    def view(self) -> MapView:
        return self.session.view

    # What is seen

    def show_bounds(self, bounds: Bounds | None) -> None:
        """Bring an extent in degrees into view; None does nothing."""
        if bounds is not None:
            self.session.set_view(self.view.shown(bounds))

    def zoom_to_all(self) -> None:
        self.show_bounds(self.session.project.bounds)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Closer by a factor, the place at the pixel staying where it is."""
        centre = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        self._gesture()
        self.session.set_view(self.view.zoomed(factor, centre.x(), centre.y()))

    def pan_by(self, dx: float, dy: float) -> None:
        self._gesture()
        self.session.set_view(self.view.panned(dx, dy))

    def place_at(self, pixel: QPointF) -> tuple[float, float]:
        """Longitude and latitude of a pixel."""
        return self.view.to_map(pixel.x(), pixel.y())

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
        """End the worker; the canvas draws no more images."""
        self._timer.stop()
        self._settle.stop()
        self._renderer.shutdown()

    @property
    def busy(self) -> bool:
        """Whether a sharper image is on its way."""
        return self._renderer.busy or self._timer.isActive() or self._settle.isActive()

    # Following the session

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id:
            self._image = None
            self._fitted = False
        arrived = {layer.id for layer in change.after.layers} - {
            layer.id for layer in change.before.layers
        }
        new = [layer.bounds for layer in change.after.layers if layer.id in arrived]
        if not self._fitted or any(b and not _meet(b, self.view.bounds) for b in new):
            self._fit()
        self.selection.prepare(self.session)
        self.selection.hover(self.session, None)
        self._schedule(0)
        self.update()

    def _fit(self) -> None:
        """Show what there is: now, and once more when the canvas is painted in its true size."""
        bounds = first_extent(self.session.project)
        self._fitted = bounds is not None
        if bounds is not None:
            self._wants_fit = True
            self.session.set_view(self.view.shown(bounds, margin=0.05))
            self.update()

    def _on_look(self) -> None:
        self.selection.prepare(self.session)
        if self.tool is not None:
            self.tool.look_changed()
        self._schedule(0)
        self.update()

    def _on_view(self) -> None:
        if self._moving:
            if not self._covered():
                self._schedule(30)
        else:
            self._schedule(0)
        self.update()

    def _on_selection(self) -> None:
        self.selection.prepare(self.session)
        self.update()

    # The image

    def _gesture(self) -> None:
        """Note that the view is being moved; a sharp image comes when it rests."""
        self._moving = True
        self._settle.start(140)

    def _on_settled(self) -> None:
        if self._dragging is not None:
            return
        self._moving = False
        self._schedule(0)

    def _covered(self) -> bool:
        if self._image is None:
            return False
        _, drawn = self._image
        return drawn.resolution == self.view.resolution and self._target(drawn).contains(
            QRectF(self.rect())
        )

    def _schedule(self, delay: int) -> None:
        if not self._timer.isActive() or delay < self._timer.remainingTime():
            self._timer.start(delay)

    def _request(self) -> None:
        if not self.isVisible() or self.width() < 2:
            return
        wide, high = round(self.width() * OVERSIZE), round(self.height() * OVERSIZE)
        view = self.view.resized(wide, high, self.devicePixelRatioF())
        scene = Scene(self.session.project, view, self.session.look)
        self._renderer.request(scene, self.session.cache, self.view, finish_running=self._moving)

    def _on_image(self, image: QImage, scene: Scene) -> None:
        if scene.project.id != self.session.project.id:
            return
        self._image = (QPixmap.fromImage(image), scene.view)
        self.update()
        self.drawn.emit()

    def _on_legend(self, sections: tuple[LegendSection, ...], scene: Scene) -> None:
        if scene.project.id == self.session.project.id:
            self.session.set_legend(sections)
            if self.alone:
                self.update()

    def _on_failed(self, error: Exception) -> None:
        self.session.tell(
            f"The map could not be drawn ({type(error).__name__}). It stays as it was; "
            "hide the layer you changed last and try again.",
            "error",
        )

    def _target(self, drawn: MapView) -> QRectF:
        """Where an image of another view lies in this one, in pixels."""
        return target_of(drawn, self.view)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._wants_fit:
            self._wants_fit = False
            extent = first_extent(self.session.project) or WORLD
            self.session.set_view(self.view.shown(extent, margin=0.05))
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(theme.current().map_ground))
        if self._image is not None:
            pixmap, drawn = self._image
            target = self._target(drawn)
            if drawn.resolution == self.view.resolution:
                # On whole device pixels, so that text and lines stay crisp.
                dpr = self.devicePixelRatioF()
                target.moveTo(round(target.x() * dpr) / dpr, round(target.y() * dpr) / dpr)
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        self.selection.paint(painter, self.view, moving=self._moving)
        if self.tool is not None:
            self.tool.paint(painter)
            if self.cross.shown and self.tool.needs_place:
                self.cross.paint(painter, self.view)
        paint_furniture(painter, self.view, self._sources())
        if self.alone:
            project, look, legend = self.session.project, self.session.look, self.session.legend
            with_legend = self.alone_legend
            paint_meeting(painter, self.view, project, look, legend, with_legend=with_legend)
        restricted = restricted_layers(self.session.project, self.session.look)
        if restricted:
            paint_frame(painter, self.view, restricted)
        if self.hint and self._pointer is not None:
            self._paint_hint(painter, self._pointer)
        painter.end()

    def _paint_hint(self, painter: QPainter, at: QPointF) -> None:
        t = theme.current()
        painter.setFont(theme.font("small"))
        wide = painter.fontMetrics().horizontalAdvance(self.hint) + 2 * t.gap
        x = min(at.x() + 16, self.width() - wide - 4)
        y = at.y() + 22 if at.y() < self.height() - 60 else at.y() - 34
        paint_tag(painter, self.hint, QPointF(x, y), theme.color(t.text, 0.9), theme.color(t.panel))

    def _sources(self) -> str:
        project, look = self.session.project, self.session.look
        names = sorted(sources(project, look, events=False))
        return "Sources: " + ", ".join(names) if names else ""

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = event.size()
        view = self.view.resized(size.width(), size.height(), self.devicePixelRatioF())
        self.session.set_view(replace(view, dpi=self.logicalDpiX()))
        if not self._fitted:
            self._fit()
        self._schedule(30)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._schedule(0)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.zoom_by(pinch.scaleFactor(), self.mapFromGlobal(pinch.centerPoint()))
                return True
        elif event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
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

    def zones_at(self, pixel: QPointF) -> tuple[str, ...]:
        """Ids of the zones shown at a pixel, the smallest first."""
        if not self.session.project.zones_visible:
            return ()
        return self.zone_index.at(self.session.project.zones, *self.place_at(pixel))

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom_by(2 ** (steps / 2), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointer = event.position()
        self.cross.hide()
        wheel = event.button() is Qt.MouseButton.MiddleButton
        if wheel or (self._space and event.button() is Qt.MouseButton.LeftButton):
            self.begin_pan(event.position())
        elif self.tool is not None:
            self.tool.press(event)

    def begin_pan(self, at: QPointF) -> None:
        """Let the map follow the mouse until the button is let go."""
        self._dragging = at
        self._moving = True
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._pointer = at
        self.cross.hide()
        if self._dragging is not None:
            moved = at - self._dragging
            self._dragging = at
            self.session.set_view(self.view.panned(moved.x(), moved.y()))
        elif self.tool is not None:
            self.tool.move(event)
        self.pointed.emit(*self.place_at(at))
        if self.hint:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging is not None:
            self._dragging = None
            self._moving = False
            self._restore_cursor()
            self._schedule(0)
        elif self.tool is not None:
            self.tool.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.tool is not None:
            self.tool.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.left.emit()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.tool is not None and self.tool.key(event):
            return
        if key in _ARROWS:
            dx, dy = _ARROWS[Qt.Key(key)]
            # Small steps with Shift, to put the cross exactly where it is wanted.
            part = 64 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 8
            self.pan_by(dx * self.width() / part, dy * self.height() / part)
            self._use_cross()
        elif key in _ACT and self.cross.shown and self.tool is not None and self.tool.needs_place:
            if not event.isAutoRepeat():
                self.cross.act(self, self.tool, self.view, event.modifiers())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.5)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / 1.5)
        elif key == Qt.Key.Key_Home:
            self.zoom_to_all()
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
