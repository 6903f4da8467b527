"""The overview: the whole project as a small picture, and in it where the map is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from gisapp.layers.audience import Audience
from gisapp.layers.project import Change, Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.look import Scene
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.extents import first_extent
from gisapp.ui.map.furniture import FURNITURE
from gisapp.ui.map.renderer import CanvasRenderer
from gisapp.ui.map.surface import wheel_steps
from gisapp.ui.session import Session

#: Its size where the map has room; on a smaller map it takes this part of the room there is.
WIDTH, HEIGHT = 200, 140
_PART = 0.45
#: Distance to the left edge, and to the foot of the map, where the scale bar stands.
_LEFT, _ABOVE = 12, 56
#: What stands above it on the map; the least height that shows anything.
_BELOW, _LEAST = 40, 56
#: With the worker it comes after the maps themselves.
_RANK = 2
_SMALLEST = 6.0
#: The size of its services, as a part of that on the map.
_SERVICES = 0.4


class OverviewMap(QWidget):
    """Click or drag in it to move the map. Its picture is drawn anew when the project changes."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._session, self._canvas = session, canvas
        self._wanted = False
        self._image: tuple[QImage, MapView] | None = None
        self._drawn_for: tuple[Audience, bool] | None = None
        self._dragging: QPointF | None = None
        self._renderer = CanvasRenderer(canvas.worker, _RANK, self)
        self._renderer.ready.connect(self._on_image)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(200)
        self._later.timeout.connect(self._request)
        self.resize(WIDTH, HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setProperty(FURNITURE, True)
        self.setAccessibleName("Overview map")
        self.setToolTip("Click or drag to move the map")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        canvas.resized.connect(self._place)
        session.view_changed.connect(self.update)
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)

    @property
    def ready(self) -> bool:
        """Whether its picture is there and newest."""
        return self._image is not None and not (self._renderer.busy or self._later.isActive())

    @property
    def wanted(self) -> bool:
        """Whether it is to be shown wherever there is room for it."""
        return self._wanted

    def set_wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self._place()
        if wanted:
            self._later.start()
        # Names give way to it.
        self._canvas.refresh()

    @property
    def why_hidden(self) -> str:
        """Why it is not shown though it is wanted; empty where it is."""
        if not self._wanted or self._size_here().height() >= _LEAST:
            return ""
        return "The overview map is shown as soon as the map has more room for it."

    @property
    def seen(self) -> QRectF:
        """What the map shows, in pixels of the overview."""
        if self._image is None:
            return QRectF()
        small, view = self._image[1], self._session.view
        scale = view.resolution / small.resolution
        wide = max(view.width * scale, _SMALLEST)
        high = max(view.height * scale, _SMALLEST)
        x = (view.x - small.x) / small.resolution + small.width / 2
        y = (small.y - view.y) / small.resolution + small.height / 2
        return QRectF(x - wide / 2, y - high / 2, wide, high)

    def stop(self) -> None:
        """Want no picture any more."""
        self._later.stop()
        self._renderer.drop()

    # Following

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id:
            self._image = None
        self._on_look()

    def _on_look(self) -> None:
        # A picture for other eyes is not left there, even for a moment.
        look = self._session.look
        if self._image is not None and self._drawn_for != (look.audience, look.dark):
            self._image = None
        self.update()
        if self._wanted:
            self._later.start()

    def _request(self) -> None:
        extent = first_extent(self._session.project)
        if extent is None or not self._wanted:
            return
        dpr = self.devicePixelRatioF()
        view = MapView.fit(extent, self.width(), self.height(), margin=0.06, dpr=dpr)
        scene = Scene(_with_small_services(self._session.project), view, self._session.look)
        self._renderer.request(scene, self._session.cache, with_legend=False)

    def _on_image(self, image: QImage, scene: Scene) -> None:
        look = self._session.look
        drawn_for = (scene.look.audience, scene.look.dark)
        if scene.project.id != self._session.project.id or drawn_for != (look.audience, look.dark):
            return
        if (scene.view.width, scene.view.height) != self.size().toTuple():
            return
        self._image, self._drawn_for = (image, scene.view), drawn_for
        self.update()

    def _size_here(self) -> QSize:
        """As large as the map has room for, in the same shape."""
        canvas = self._canvas
        high = _PART * (canvas.height() - _ABOVE - _BELOW)
        part = min(1.0, high / HEIGHT, _PART * canvas.width() / WIDTH)
        return QSize(round(WIDTH * part), round(HEIGHT * part))

    def _place(self) -> None:
        size = self._size_here()
        room = size.height() >= _LEAST
        if room and size != self.size():
            self.resize(size)
            self._image = None
            if self._wanted:
                self._later.start()
        self.move(_LEFT, self._canvas.height() - _ABOVE - self.height())
        self.setVisible(self._wanted and room)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(t.map_ground))
        if self._image is not None:
            painter.drawImage(0, 0, self._image[0])
            inside = self.seen.intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2))
            if not inside.isEmpty():
                painter.fillRect(inside, theme.color(t.halo, 0.15))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for color, width in ((t.halo_edge, 3.5), (t.halo, 1.5)):
                    painter.setPen(QPen(theme.color(color), width))
                    painter.drawRect(inside)
        painter.setPen(QPen(theme.color(t.border_strong), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    # Being used

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._image is None:
            return
        self._canvas.glide.stop()
        if not self.seen.contains(event.position()):
            self._centre_at(event.position())
        self._dragging = event.position()
        self._canvas.motion.hold()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging is None or self._image is None:
            return
        way = event.position() - self._dragging
        self._dragging = event.position()
        view, small = self._session.view, self._image[1]
        x, y = view.x + way.x() * small.resolution, view.y - way.y() * small.resolution
        self._canvas.move_to(replace(view, x=x, y=y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = None
        self._canvas.motion.release()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = wheel_steps(event)
        if steps:
            self._canvas.zoom_by(2 ** (steps / 2))
        event.accept()

    def _centre_at(self, at: QPointF) -> None:
        assert self._image is not None
        small = self._image[1]
        x = small.x + (at.x() - small.width / 2) * small.resolution
        y = small.y - (at.y() - small.height / 2) * small.resolution
        limit = float(np.pi * 6378137.0)
        x, y = (min(max(value, -limit), limit) for value in (x, y))
        self._canvas.move_to(replace(self._session.view, x=x, y=y))


def _with_small_services(project: Project) -> Project:
    """The project with services so small that they leave the rest of a small map to be seen."""
    for layer in project.layers_of(LayerKind.SERVICES):
        style = layer.style
        symbology = style.symbology
        if symbology is not None:
            classes = (
                one if one.size is None else replace(one, size=one.size * _SERVICES)
                for one in symbology.classes
            )
            symbology = replace(symbology, classes=tuple(classes))
        small = replace(style, size=style.size * _SERVICES, symbology=symbology)
        project = project.with_layer(replace(layer, style=small))
    return project
