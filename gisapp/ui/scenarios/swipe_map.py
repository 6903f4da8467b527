"""One map divided by a handle: zones of the project on the left, a scenario's on the right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QToolButton

from gisapp.layers.project import Change, Project
from gisapp.render.look import Scene
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.images import MapImages
from gisapp.ui.map.selection_overlay import paint_tag
from gisapp.ui.scenarios.swipe_handle import SwipeHandle

LEFT_LABEL = "Zones of the project"
#: Below the frame that says what is restricted.
_LABEL_Y = 34.0


class Swipe(QObject):
    """Draws the scenario over the right side of the main map; both move as one.

    What is on the map besides (selection, tools, scale) is the project's.
    """

    ended = Signal()

    def __init__(self, canvas: MapCanvas, scenario_id: str) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.scenario_id = scenario_id
        self._name = ""
        self.project = self._derived()
        session = canvas.session
        self.images = MapImages(canvas.worker, session.cache, self)
        self.images.changed.connect(canvas.update)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._request)
        self.handle = SwipeHandle(canvas)
        self.handle.moved.connect(self._on_moved)
        self.handle.left.connect(self.end)
        self.close_button = self._made_close_button()
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._refresh)
        session.tiles_arrived.connect(self._request)
        session.view_changed.connect(self._on_view)
        canvas.motion.rested.connect(self._on_rested)
        canvas.resized.connect(self._on_moved)
        if canvas.swipe is not None:
            canvas.swipe.end()
        canvas.swipe = self
        self.handle.show()
        self.close_button.show()
        self._on_moved()
        self._timer.start(0)
        self.handle.setFocus()

    def _made_close_button(self) -> QToolButton:
        size = theme.tokens(False).icon_list
        button = QToolButton(self._canvas)
        button.setIcon(icon("close"))
        button.setIconSize(QSize(size, size))
        button.setToolTip("End the comparison (Esc)")
        button.setAccessibleName("End the comparison")
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(self.end)
        return button

    @property
    def busy(self) -> bool:
        """Whether a sharper picture of the right side is on its way."""
        return self.images.busy or self._timer.isActive()

    @property
    def labels(self) -> tuple[str, str]:
        """What is said of the left and of the right side."""
        return LEFT_LABEL, self._name

    def scene_at(self, view: MapView) -> Scene:
        """What to draw of a view on the right side."""
        return replace(self._canvas.scene_at(view), project=self.project)

    def end(self) -> None:
        """Give the whole map back to the project; does nothing the second time."""
        canvas = self._canvas
        if canvas.swipe is not self:
            return
        canvas.swipe = None
        session = canvas.session
        session.project_changed.disconnect(self._on_project)
        session.look_changed.disconnect(self._refresh)
        session.tiles_arrived.disconnect(self._request)
        session.view_changed.disconnect(self._on_view)
        canvas.motion.rested.disconnect(self._on_rested)
        canvas.resized.disconnect(self._on_moved)
        self._timer.stop()
        self.images.stop()
        canvas.removeEventFilter(self.handle)
        for widget in (self.handle, self.close_button):
            widget.hide()
            widget.deleteLater()
        canvas.setFocus()
        canvas.update()
        self.ended.emit()
        self.deleteLater()

    # Following

    def _derived(self) -> Project:
        """The project with the scenario's zones in place of its own."""
        project = self._canvas.session.project
        for scenario in project.scenarios:
            if scenario.id == self.scenario_id:
                self._name = f"Scenario: {scenario.name}"
                return replace(project, zones=scenario.zones)
        return project

    def _on_project(self, change: Change) -> None:
        if all(scenario.id != self.scenario_id for scenario in change.after.scenarios):
            self.end()
            return
        self.project = self._derived()
        self._refresh()

    def _refresh(self) -> None:
        self.images.forget_coarse()
        self._schedule(0)

    def _on_view(self) -> None:
        if not self._canvas.motion.active:
            self._schedule(0)
        elif not self.images.serves(self._canvas.view):
            self._schedule(30)

    def _on_rested(self) -> None:
        if not self.images.is_sharp_at(self._canvas.view):
            self._schedule(0)

    def _schedule(self, delay: int) -> None:
        if not self._timer.isActive() or delay < self._timer.remainingTime():
            self._timer.start(delay)

    def _request(self) -> None:
        canvas = self._canvas
        if canvas.isVisible():
            self.images.request(self.scene_at, canvas.view, moving=canvas.motion.active)

    def _on_moved(self) -> None:
        """The handle, or the edge of the map, is elsewhere."""
        t = theme.tokens(False)
        button = self.close_button
        button.adjustSize()
        x = self._canvas.width() - button.width() - t.gap
        button.move(x, round(_LABEL_Y))
        button.raise_()
        self._canvas.update()

    # Painting

    def paint(self, painter: QPainter) -> None:
        """Draw the right side over the map's own picture, and say what each side shows."""
        view, middle = self._canvas.view, self.handle.middle
        t = theme.current()
        painter.save()
        right = QRectF(middle, 0, view.width - middle, view.height)
        painter.setClipRect(right)
        painter.fillRect(right, theme.color(t.map_ground))
        self.images.paint(painter, view, theme.color(t.map_ground))
        painter.restore()
        self._paint_labels(painter, middle, view.width)

    def _paint_labels(self, painter: QPainter, middle: int, width: int) -> None:
        """Each beside the handle; elided where its side is too narrow, and then left out."""
        t = theme.current()
        painter.setFont(theme.font("small"))
        metrics = painter.fontMetrics()
        room = 2 * t.gap + 16
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(t.panel, 0.9))
        painter.drawRoundedRect(QRectF(self.close_button.geometry()), 4, 4)
        end = self.close_button.x() - t.gap
        for text, least, most in (
            (self.labels[0], 0.0, middle - room),
            (self.labels[1], middle + 16.0, end - room - middle),
        ):
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(int(most), 0))
            if len(shown) < min(len(text), 4):
                continue
            wide = metrics.horizontalAdvance(shown) + 2 * t.gap
            x = least if least else middle - 16.0 - wide
            at = QPointF(x, _LABEL_Y)
            paint_tag(painter, shown, at, theme.color(t.text, 0.9), theme.color(t.panel))
