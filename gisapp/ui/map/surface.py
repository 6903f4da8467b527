"""A widget that shows a map at a view and lets it be moved: by mouse, wheel, pinch and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from gisapp.layers.layer import Bounds
from gisapp.layers.project import Project
from gisapp.render.furniture import as_box
from gisapp.render.look import Box, Look, Scene
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.cross import paint_mirrored, reach_of
from gisapp.ui.map.furniture import FURNITURE, covered_by, restricted_layers
from gisapp.ui.map.glide import Glide, Swing, system_moves_things
from gisapp.ui.map.images import MapImages
from gisapp.ui.map.motion import Motion
from gisapp.ui.map.renderer import MapWorker
from gisapp.ui.session import Session
from gisapp.ui.times.caption import TimeCaption

_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
#: What a touch pad tells in pixels, and a wheel in eighths of a degree, for one step of zooming.
_PIXELS_A_STEP, _ANGLE_A_STEP = 60.0, 120.0
#: A mouse within so many pixels of where its button went down has not begun to drag.
_STILL = 4.0


class MapSurface(QWidget):
    """What the main map and the second one share. Those say `view`, `move_to` and `scene_at`.

    `motion` is shared by linked maps. `pointed` carries the place under the mouse.
    """

    pointed = Signal(float, float)
    left = Signal()
    drawn = Signal()
    resized = Signal()

    def __init__(
        self,
        session: Session,
        worker: MapWorker,
        motion: Motion,
        parent: QWidget | None = None,
        *,
        with_legend: bool = False,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.motion = motion
        self.courtesy = worker.courtesy
        #: Whether the user wants a map that is let go in full swing to glide on.
        self.glides = True
        self.images = MapImages(worker, session.cache, self, with_legend=with_legend)
        self.images.changed.connect(self.update)
        self.images.drawn.connect(self._on_drawn)
        #: What span of time the image shows that is seen, not the one asked for last.
        self.caption = TimeCaption(self)
        self._following = False
        self.images.failed.connect(self._on_failed)
        self._pointer: QPointF | None = None
        self._mirrored: tuple[float, float] | None = None
        self._dragging: QPointF | None = None
        #: Whether the map was moved since it was taken hold of: a click takes hold of it as well.
        self.dragged = False
        self._swing = Swing()
        self.glide = Glide(self)
        self.glide.moved.connect(self._on_glide)
        self.glide.ended.connect(self._on_glide_ended)
        self._glides_from: MapView | None = None
        self._glided_to: MapView | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._request)
        motion.rested.connect(self._on_rested)
        session.view_changed.connect(self._on_view)
        session.tiles_arrived.connect(self._on_tiles)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.grabGesture(Qt.GestureType.PinchGesture)

    # What each map says itself

    @property
    def view(self) -> MapView:
        """What is in the window, in its size."""
        raise NotImplementedError

    def move_to(self, view: MapView) -> None:
        """Show another part of the world."""
        raise NotImplementedError

    def scene_at(self, view: MapView) -> Scene:
        """What to draw of a view."""
        raise NotImplementedError

    def covered_at(
        self, view: MapView, project: Project, look: Look, sources: str = ""
    ) -> tuple[Box, ...]:
        """What of the window lies under something when it shows a view: no name stands there."""
        window = view.resized(self.width(), self.height())
        return self.cards() + covered_by(window, sources, restricted_layers(project, look))

    def cards(self) -> tuple[Box, ...]:
        """Where widgets lie on the map that stay there, such as the overview."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        return tuple(
            as_box(QRectF(child.geometry()))
            for child in self.findChildren(QWidget, options=direct)
            if child.isVisible() and child.property(FURNITURE)
        )

    # What is seen

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def show_bounds(self, bounds: Bounds | None) -> None:
        """Bring an extent in degrees into view; None does nothing."""
        if bounds is not None:
            self.glide.stop()
            self.move_to(self.view.shown(bounds))

    def zoom_to_all(self) -> None:
        self.show_bounds(self.session.project.bounds)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Closer by a factor, the place at the pixel staying where it is."""
        centre = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        self.glide.stop()
        self.motion.nudge()
        self.move_to(self.view.zoomed(factor, centre.x(), centre.y()))

    def pan_by(self, dx: float, dy: float) -> None:
        self.glide.stop()
        self.motion.nudge()
        self.move_to(self.view.panned(dx, dy))

    def place_at(self, pixel: QPointF) -> tuple[float, float]:
        """Longitude and latitude of a pixel."""
        return self.view.to_map(pixel.x(), pixel.y())

    @property
    def busy(self) -> bool:
        """Whether the map moves by itself, or a sharper image is on its way."""
        return self.images.busy or self._timer.isActive() or self.motion.active or self.glide.active

    def stop_drawing(self) -> None:
        """Move no more and want no more images."""
        self.glide.stop()
        self.motion.stop()
        self._timer.stop()
        self.images.stop()

    def mirror(self, place: tuple[float, float] | None) -> None:
        """Show where the mouse is on a linked map; None where it is on none."""
        for shown in (self._mirrored, place):
            if shown is not None:
                self.update(reach_of(self.view, shown))
        self._mirrored = place

    # The image

    def _on_view(self) -> None:
        if not self.motion.active:
            self.schedule(0)
        elif self._glided_to is None and not self.images.serves(self.view):
            self.schedule(30)
        self.update()

    def _on_rested(self) -> None:
        if self.isVisible() and not self.images.is_sharp_at(self.view):
            self.schedule(0)

    def schedule(self, delay: int) -> None:
        """Ask for a sharp image after so many milliseconds, unless one is asked for sooner."""
        if not self._timer.isActive() or delay < self._timer.remainingTime():
            self._timer.start(delay)

    def refresh(self, *, following: bool = False) -> None:
        """What is shown, or who looks, has changed; `following` where only other rows are."""
        self.images.forget_coarse()
        self._following = following
        self.schedule(0)
        self.update()

    def _on_tiles(self) -> None:
        """More of the base map came: draw it in, but let what is being drawn be finished."""
        if not self.images.busy:
            self.refresh()
        elif self.isVisible() and self.width() > 1:
            self.images.request(self.scene_at, self.view, moving=True)

    def _request(self) -> None:
        if self.isVisible() and self.width() > 1:
            view = self.view if self._glided_to is None else self._glided_to
            # An image of where a glide ends is worth the time of others; one on the way is not.
            moving = self.motion.active and self._glided_to is None
            self.images.request(self.scene_at, view, moving=moving, following=self._following)
            self._following = False

    def _on_drawn(self) -> None:
        scene = self.images.shown
        if scene is not None:
            self.caption.say(scene.project, scene.look)
        self.drawn.emit()

    def _on_failed(self, error: Exception) -> None:
        self.session.tell(
            f"The map could not be drawn ({type(error).__name__}). It stays as it was; "
            "hide the layer you changed last and try again.",
            "error",
        )

    def paint_map(self, painter: QPainter) -> None:
        """Draw the images there are, on the ground where there is none."""
        self.courtesy.begin_frame()
        self.images.paint(painter, self.view, theme.color(theme.current().map_ground))

    def end_frame(self) -> None:
        """All is painted: the worker may go on."""
        self.courtesy.end_frame()

    def paint_mirrored(self, painter: QPainter) -> None:
        """Draw where the mouse is on a linked map."""
        if self._mirrored is not None:
            paint_mirrored(painter, self.view, self._mirrored)

    # Being moved

    def begin_pan(self, event: QMouseEvent) -> None:
        """Let the map follow the mouse until the button is let go."""
        self._dragging = event.position()
        self.dragged = False
        self._swing.begin(event.position(), event.timestamp())
        self.motion.hold()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def follow_pan(self, event: QMouseEvent) -> bool:
        """Move the map with the mouse; returns whether it is being dragged."""
        if self._dragging is None:
            return False
        self.courtesy.begin_frame()
        at = event.position()
        moved = at - self._dragging
        self._swing.follow(at, event.timestamp())
        self.dragged = self.dragged or max(abs(moved.x()), abs(moved.y())) > _STILL
        if not self.dragged:
            return True
        self._dragging = at
        self.move_to(self.view.panned(moved.x(), moved.y()))
        return True

    def end_pan(self, event: QMouseEvent) -> bool:
        """Let the map go, perhaps to glide on; returns whether it was dragged."""
        if self._dragging is None:
            return False
        self._dragging = None
        speed = self._swing.speed(event.timestamp())
        if self.dragged and not speed.isNull() and self.glides and system_moves_things(self):
            self._start_glide(speed)
        else:
            self.motion.release()
        return True

    def _start_glide(self, speed: QPointF) -> None:
        self._glides_from = self.view
        self.glide.start(speed)
        way = self.glide.whole_way
        self._glided_to = self.view.panned(way.x(), way.y())
        # The sharp image of where it ends is drawn on the way there.
        self._timer.stop()
        self._request()

    def _on_glide(self, dx: float, dy: float) -> None:
        if self._glides_from is None or self._glides_from.resolution != self.view.resolution:
            self.glide.stop()
            return
        self.move_to(self._glides_from.panned(dx, dy))

    def _on_glide_ended(self) -> None:
        self._glides_from = self._glided_to = None
        self.motion.release()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.schedule(30)
        self.resized.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.schedule(0)

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
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = wheel_steps(event)
        if steps:
            self.zoom_by(2 ** (steps / 2), event.position())
        event.accept()

    def move_by_key(self, event: QKeyEvent) -> bool:
        """Move or zoom by a key; returns whether it was one for that."""
        key = event.key()
        if key in _ARROWS:
            dx, dy = _ARROWS[Qt.Key(key)]
            # Small steps with Shift, to put the middle exactly where it is wanted.
            part = 64 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 8
            self.pan_by(dx * self.width() / part, dy * self.height() / part)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.5)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / 1.5)
        elif key == Qt.Key.Key_Home:
            self.zoom_to_all()
        else:
            return False
        return True


def wheel_steps(event: QWheelEvent) -> float:
    """How many notches of a wheel: parts of one for a touch pad, which tells of pixels."""
    if event.phase() is not Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull():
        steps = event.pixelDelta().y() / _PIXELS_A_STEP
    else:
        steps = event.angleDelta().y() / _ANGLE_A_STEP
    return max(-6.0, min(6.0, steps))


def is_arrow(event: QKeyEvent) -> bool:
    """Whether a key moves the map up, down or sideways."""
    return event.key() in _ARROWS
