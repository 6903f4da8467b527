"""A second map beside the first: the same place in the same project, looked at otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gisapp.layers.project import Change, Project
from gisapp.render.look import Look, Scene
from gisapp.render.view import MapView
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.furniture import paint_frame, paint_furniture, restricted_layers
from gisapp.ui.map.second_look import SecondLook
from gisapp.ui.map.surface import MapSurface


class SecondMap(MapSurface):
    """Moves with the first map and moves it; tools, exports and the legend are the first's."""

    look_changed = Signal()

    def __init__(self, first: MapCanvas, parent: QWidget | None = None) -> None:
        session = first.session
        super().__init__(session, first.worker, first.motion, parent)
        self._first = first
        self.glides = first.glides
        self.second = SecondLook.like(session.project, session.look)
        self._derive()
        self.setObjectName("second-map")
        self.setAccessibleName("Second map")
        self.setAccessibleDescription(
            "Arrow keys move both maps, plus and minus zoom, Home shows everything."
        )
        self.setMinimumSize(200, 150)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_first_look)
        first.pointed.connect(self._on_first_pointed)
        first.left.connect(self._on_first_left)
        self.pointed.connect(lambda lon, lat: first.mirror((lon, lat)))
        self.left.connect(lambda: first.mirror(None))

    @property
    def look(self) -> Look:
        """How it is looked at."""
        return self._look

    @property
    def project(self) -> Project:
        """What it shows: the open project with other things visible."""
        return self._project

    @property
    def view(self) -> MapView:
        return self.session.view.resized(self.width(), self.height(), self.devicePixelRatioF())

    def move_to(self, view: MapView) -> None:
        first = self.session.view
        self.session.set_view(replace(first, x=view.x, y=view.y, resolution=view.resolution))

    def scene_at(self, view: MapView) -> Scene:
        covered = self.covered_at(view, self._project, self._look)
        return Scene(self._project, view, self._look, covered=covered)

    def set_second(self, **changes: Any) -> None:
        """Change its day, time, audience, hidden layers …; does nothing when nothing differs."""
        second = replace(self.second, **changes)
        if second != self.second:
            self.second = second
            self._changed()

    def close_down(self) -> None:
        """Be no part of the window any more."""
        session, first = self.session, self._first
        session.project_changed.disconnect(self._on_project)
        session.look_changed.disconnect(self._on_first_look)
        session.view_changed.disconnect(self._on_view)
        self.motion.rested.disconnect(self._on_rested)
        first.pointed.disconnect(self._on_first_pointed)
        first.left.disconnect(self._on_first_left)
        first.mirror(None)
        self.glide.stop()
        self._timer.stop()
        self.images.stop()

    def _derive(self) -> None:
        self._look = self.second.look(self.session.look)
        self._project = self.second.project(self.session.project)

    def _changed(self, *, following: bool = False) -> None:
        self._derive()
        self.refresh(following=following)
        self.look_changed.emit()

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id:
            self.images.forget()
            self.second = SecondLook.like(change.after, self.session.look)
        else:
            known = {layer.id for layer in change.before.layers}
            arrived = [la for la in change.after.layers if la.id not in known and not la.visible]
            self.second = replace(
                self.second, hidden=self.second.hidden | {layer.id for layer in arrived}
            )
        self._changed()

    def _on_first_look(self) -> None:
        # Who looks at the first map may look at less now: what both may see stands from here on.
        look = self.second.look(self.session.look)
        self.second = replace(self.second, audience=look.audience)
        self._changed(following=look == self._look)

    def _on_first_pointed(self, lon: float, lat: float) -> None:
        self.mirror((lon, lat))

    def _on_first_left(self) -> None:
        self.mirror(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_map(painter)
        self.paint_mirrored(painter)
        paint_furniture(painter, self.view, "")
        restricted = restricted_layers(self._project, self._look)
        if restricted:
            paint_frame(painter, self.view, restricted)
        painter.end()
        self.end_frame()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.glide.stop()
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self.begin_pan(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.follow_pan(event)
        self.pointed.emit(*self.place_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.end_pan(event)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.zoom_by(2, event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.glide.stop()
        if not self.move_by_key(event):
            super().keyPressEvent(event)
