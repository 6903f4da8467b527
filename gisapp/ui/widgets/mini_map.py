"""A small map of points or shapes for a form: where things are, no more.

Its picture is drawn behind: with thousands of zones in a project that takes longer than a window
may stand still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from shapely.geometry.base import BaseGeometry

from gisapp.layers.layer import Bounds
from gisapp.layers.style import BLUE, Line, Style
from gisapp.progress import Progress
from gisapp.render import paths
from gisapp.render.palette import seen
from gisapp.render.view import MapView
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session

#: More points than this are thinned: a form needs the picture, not each point.
_MOST_POINTS = 20_000
#: More corners than this of the outlines behind are left out, shape by shape.
_MOST_CORNERS = 500_000
_PLAIN = Style(color=BLUE)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    """What is on the map: places and areas (EPSG:4326) over outlines in grey."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    shapes: Sequence[BaseGeometry] = ()
    behind: Sequence[BaseGeometry] = ()
    style: Style = _PLAIN
    point_color: str = BLUE

    @property
    def bounds(self) -> Bounds | None:
        """The extent of points and shapes in degrees."""
        shapes = np.asarray(self.shapes, dtype=object)
        boxes = [shapely.bounds(shapes[_drawable(shapes)]).reshape(-1, 4)]
        if len(self.lon):
            lon, lat = self.lon, self.lat
            boxes.append(np.array([[lon.min(), lat.min(), lon.max(), lat.max()]]))
        known = np.concatenate(boxes)
        if not len(known):
            return None
        low, high = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


class MiniMap(QWidget):
    """Points (lon, lat) or areas over the outlines of what is in the project already."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = _Drawing(np.empty(0), np.empty(0))
        self._note = ""
        self._picture: QImage | None = None
        self._look_up = LookUp(session)
        # What is behind and what is before change one after the other: one picture for both.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)
        self.setMinimumSize(220, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Map of the preview")

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def set_behind(self, shapes: Sequence[BaseGeometry]) -> None:
        """Outlines drawn in grey under the rest."""
        self._drawing = replace(self._drawing, behind=shapes)
        self._soon.start()

    def show_places(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        shapes: Sequence[BaseGeometry] = (),
        note: str = "",
        style: Style | None = None,
        point_color: str = BLUE,
    ) -> None:
        """Other points and areas (EPSG:4326) in a style; `note` is said when there are none."""
        step = max(len(lon) // _MOST_POINTS, 1)
        self._drawing = _Drawing(
            np.asarray(lon)[::step],
            np.asarray(lat)[::step],
            shapes,
            self._drawing.behind,
            style or _PLAIN,
            point_color,
        )
        self._note = note
        self.setAccessibleDescription(note or f"{len(lon) + len(shapes):,} places")
        self._soon.start()
        self.update()

    @property
    def drawn(self) -> bool:
        """Whether the picture is that of what was last shown."""
        return not self._soon.isActive() and not self._look_up.waiting

    # The picture

    def _ask(self) -> None:
        if not self.isVisible() or self.size().isEmpty():
            return
        drawing, size, dpr = self._drawing, self.size(), self.devicePixelRatioF()
        dark = theme.current().dark
        task = Task("Drawing a small map", lambda p: _picture(drawing, size, dpr, dark, p))
        self._look_up.ask(task, self._take)

    def _take(self, picture: QImage | None) -> None:
        self._look_up.drop()
        self._picture = picture
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._soon.stop()
        self._look_up.drop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._soon.start()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.current()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color(t.border), 1))
        painter.setBrush(theme.color(t.map_ground))
        painter.drawRoundedRect(frame, t.radius, t.radius)
        if not len(self._drawing.lon) and not len(self._drawing.shapes):
            painter.setPen(theme.color(t.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(16, 16, -16, -16), flags, self._note)
        elif self._picture is not None:
            painter.setClipRect(frame.adjusted(1, 1, -1, -1))
            painter.drawImage(QRectF(self.rect()), self._picture)


def _picture(
    drawing: _Drawing, size: QSize, dpr: float, dark: bool, progress: Progress
) -> QImage | None:
    """The drawing in so many pixels on nothing; None where it has no place. For any thread."""
    bounds = drawing.bounds
    if bounds is None:
        return None
    view = MapView.fit(bounds, size.width(), size.height(), margin=0.1)
    image = QImage(size * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    t = theme.tokens(dark)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        quiet = QPen(theme.color(t.border_strong, 0.7), 1)
        _draw_shapes(painter, view, _few(drawing.behind), quiet, None, progress)
        style = drawing.style
        pen = QPen(QColor(style.color), 1.5)
        if style.line is Line.DASHED:
            pen.setStyle(Qt.PenStyle.DashLine)
        fill = theme.color(style.color, style.fill_opacity)
        _draw_shapes(painter, view, _few(drawing.shapes), pen, fill, progress)
        color = t.link if drawing.point_color == BLUE and dark else drawing.point_color
        _draw_points(painter, view, drawing, theme.color(seen(color, dark)), progress)
    finally:
        painter.end()
    return image


def _draw_points(
    painter: QPainter, view: MapView, drawing: _Drawing, color: QColor, progress: Progress
) -> None:
    px, py = view.to_screen(drawing.lon, drawing.lat)
    size = 5 if len(px) < 1_000 else 3
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    # One disc per pixel is enough: points under each other are drawn once.
    for x, y in np.unique(np.column_stack([px, py]).round().astype(int), axis=0).tolist():
        progress.check()
        painter.drawEllipse(QRectF(x - size / 2, y - size / 2, size, size))


def _drawable(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which of the shapes are there and hold something."""
    return ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))


def _few(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """As many shapes as can be drawn at once."""
    found = np.asarray(shapes, dtype=object)
    found = found[_drawable(found)]
    corners = np.cumsum(shapely.get_num_coordinates(found))
    return found[: int(np.searchsorted(corners, _MOST_CORNERS))]


def _draw_shapes(
    painter: QPainter,
    view: MapView,
    shapes: NDArray[np.object_],
    pen: QPen,
    fill: QColor | None,
    progress: Progress,
) -> None:
    lines = paths.outlines(shapes, progress)
    scale = 1 / view.resolution
    pen.setCosmetic(True)
    areas = shapely.area(shapes) > 0
    # Before anything is put on the painter: the work may be stopped between two paths.
    tolerance = paths.tolerance_of(paths.band_of(view.resolution))
    drawn = paths.feature_paths(lines, tolerance, progress)
    painter.save()
    painter.setPen(pen)
    painter.setTransform(
        QTransform(
            scale,
            0,
            0,
            -scale,
            (lines.x - view.x) * scale + view.width / 2,
            (view.y - lines.y) * scale + view.height / 2,
        ),
        True,
    )
    for path, area in zip(drawn, areas, strict=True):
        painter.setBrush(QBrush(fill) if fill is not None and area else Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
    painter.restore()
