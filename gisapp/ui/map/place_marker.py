"""A marker that shows for a moment where somebody went."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.selection_overlay import paint_tag

#: How long the marker stays, in milliseconds, and its radius in pixels.
STAYS_MS = 4_000
_RADIUS = 13.0


class PlaceMarker:
    """A ring and a dot at a place, with its name beside it."""

    def __init__(self, map_: QWidget) -> None:
        self._map = map_
        self.place: tuple[float, float] | None = None
        self.name = ""
        #: A place that stays marked until it is unpinned.
        self.pinned: tuple[float, float] | None = None
        self._timer = QTimer(map_)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)

    def show(self, place: tuple[float, float], name: str) -> None:
        """Mark a place (longitude, latitude in degrees) for a moment."""
        self.place, self.name = place, name
        self._timer.start(STAYS_MS)
        self._map.update()

    def hide(self) -> None:
        self._timer.stop()
        self.place = None
        self._map.update()

    def pin(self, place: tuple[float, float]) -> None:
        """Mark a place (longitude, latitude in degrees) until it is unpinned."""
        self.pinned = place
        self._map.update()

    def unpin(self) -> None:
        self.pinned = None
        self._map.update()

    def paint(self, painter: QPainter, view: MapView) -> None:
        if self.pinned is not None:
            self._paint_at(painter, view, self.pinned, "")
        if self.place is not None:
            self._paint_at(painter, view, self.place, self.name)

    def _paint_at(
        self, painter: QPainter, view: MapView, place: tuple[float, float], name: str
    ) -> None:
        t = theme.current()
        x, y = view.to_screen(np.array([place[0]]), np.array([place[1]]))
        at = QPointF(float(x[0]), float(y[0]))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((t.halo_edge, 5.0), (t.halo, 2.5)):
            painter.setPen(QPen(theme.color(color), width))
            painter.drawEllipse(at, _RADIUS, _RADIUS)
        painter.setPen(QPen(theme.color(t.halo_edge), 1.5))
        painter.setBrush(theme.color(t.halo))
        painter.drawEllipse(at, 3.5, 3.5)
        painter.restore()
        if name:
            tag = QPointF(at.x() + _RADIUS + 6, at.y() - 12)
            paint_tag(painter, name, tag, theme.color(t.map_ink), theme.color(t.map_paper))
