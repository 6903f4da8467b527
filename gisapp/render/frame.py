"""What every painter is given: the scene, the painter, and how their units fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEngine, QPainter, QPen

from gisapp.layers.layer import Bounds
from gisapp.layers.style import Style
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.look import Look, Scene
from gisapp.render.palette import Ground, ground, outline, seen
from gisapp.render.paths import band_of
from gisapp.render.view import MapView

_VECTORS = (QPaintEngine.Type.Pdf, QPaintEngine.Type.SVG, QPaintEngine.Type.Picture)

#: Pixels at the edge of a window that are kept free of names.
_EDGE = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A scene on its way to a painter whose units are the logical pixels of the view."""

    scene: Scene
    painter: QPainter
    cache: Cache
    progress: Progress

    @property
    def view(self) -> MapView:
        return self.scene.view

    @property
    def look(self) -> Look:
        return self.scene.look

    @property
    def ground(self) -> Ground:
        return ground(self.look.dark, self.look.exported)

    @property
    def dark(self) -> bool:
        """Whether symbols stand on a dark map; whatever leaves the program is on paper."""
        return self.look.dark and not self.look.exported

    @property
    def vector(self) -> bool:
        return self.painter.paintEngine().type() in _VECTORS

    @property
    def band(self) -> int:
        """The zoom band of the device's own pixels."""
        return band_of(self.view.resolution / self.view.dpr)

    @property
    def rect(self) -> QRectF:
        return QRectF(0, 0, self.view.width, self.view.height)

    def cuts(self, boxes: Sequence[QRectF]) -> bool:
        """Whether what fills these boxes would be cut by the frame of the window on the map."""
        if self.scene.window is None:
            return False
        wide, high = self.scene.window
        left, top = (self.view.width - wide) / 2, (self.view.height - high) / 2
        window = QRectF(left, top, wide, high)
        # The frame round a map with restricted layers lies over its edge.
        free = window.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        inside = [free.contains(box) for box in boxes]
        return not all(inside) and any(window.intersects(box) for box in boxes)

    @property
    def covered(self) -> list[QRectF]:
        """What will lie over the map, in the logical pixels of the view."""
        wide, high = self.scene.window or (self.view.width, self.view.height)
        across, down = (self.view.width - wide) / 2, (self.view.height - high) / 2
        return [
            QRectF(left + across, top + down, right - left, bottom - top)
            for left, top, right, bottom in self.scene.covered
        ]

    def color(self, color: str) -> str:
        return seen(color, self.dark)

    def pen(self, style: Style, width: float) -> QPen:
        """The pen for a style's line, in the painter's units at the moment."""
        return outline(style, width, self.dark, on_paper=self.vector)

    def pen_in_metres(self, style: Style, width: float) -> QPen:
        """The pen for a line `width` logical pixels wide, for a painter in Mercator metres.

        On screen one that is no wider than a device pixel is told to be just that: Qt draws it
        half again as fast as one that is scaled to it.
        """
        if self.vector or width * self.view.dpr > 1.0:
            return self.pen(style, width * self.view.resolution)
        pen = self.pen(style, 1.0)
        pen.setCosmetic(True)
        return pen

    def px(self, points: float) -> float:
        """Logical pixels of a length in points of 1/72 inch."""
        return points * self.view.dpi / 72

    def mercator_box(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north of the view in Mercator metres, grown by logical pixels."""
        view = self.view
        half_w = (view.width / 2 + margin) * view.resolution
        half_h = (view.height / 2 + margin) * view.resolution
        return view.x - half_w, view.y - half_h, view.x + half_w, view.y + half_h

    def bounds(self, margin: float = 0.0) -> Bounds:
        """The view's extent in degrees, grown by logical pixels."""
        view = self.view
        grown = view.resized(round(view.width + 2 * margin), round(view.height + 2 * margin))
        return grown.bounds

    @contextmanager
    def in_metres(self, x: float, y: float) -> Iterator[QPainter]:
        """The painter in Mercator metres from an origin, north up; a pixel is `resolution`."""
        view, painter = self.view, self.painter
        painter.save()
        painter.translate(view.width / 2, view.height / 2)
        painter.scale(1 / view.resolution, -1 / view.resolution)
        painter.translate(x - view.x, y - view.y)
        try:
            yield painter
        finally:
            painter.restore()
