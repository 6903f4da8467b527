"""Outlines and points as one image of a halo, made with a few passes over whole arrays.

Stroking thousands of outlines with a painter takes seconds; setting their pixels does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gisapp.render.view import MapView, mercator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Up to so many vertices and points in view the halo is drawn smooth.
_SMOOTH_VERTICES, _SMOOTH_POINTS = 2_000, 300
#: Widths of the halo and of its edge round lines; radius and widths of the ring round points.
_LINE = (6.5, 3.5)
_RING, _RING_LINE = 9.0, (5.0, 2.5)
#: The same of borders of small cells, and of rings where there are many.
_FINE_LINE = (3.4, 1.8)
#: Pixels round an image within which a line or a ring still reaches into it.
_MARGIN = 14.0


@dataclass(frozen=True, slots=True)
class Outlines:
    """Rings of areas and courses of lines in Mercator metres, one after the other.

    `course` is the number of the course each vertex belongs to, from 0 and rising.
    """

    x: Floats = field(default_factory=lambda: np.empty(0))
    y: Floats = field(default_factory=lambda: np.empty(0))
    course: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @classmethod
    def of(cls, shapes: NDArray[np.object_]) -> Outlines:
        """The outlines of areas and the courses of lines; points have none."""
        parts = shapely.get_parts(shapely.get_parts(shapes))
        dimensions = shapely.get_dimensions(parts)
        rings = shapely.get_rings(parts[dimensions == 2])
        courses = np.concatenate([rings, parts[dimensions == 1]])
        coordinates, course = shapely.get_coordinates(courses, return_index=True)
        x, y = mercator(coordinates[:, 0], coordinates[:, 1])
        return cls(x, y, np.asarray(course, dtype=np.int64))

    def seen(self, view: MapView) -> tuple[Floats, Floats, Ints]:
        """Vertices in pixels of a view and the courses they belong to.

        Courses that lie outside are left out, and vertices less than about half a pixel from
        the one before.
        """
        if not len(self.x):
            return self.x, self.y, self.course
        x, y = _pixels(self.x, self.y, view)
        first = np.flatnonzero(np.diff(self.course, prepend=-1))
        outside = (np.maximum.reduceat(x, first) < -_MARGIN) | (
            np.minimum.reduceat(x, first) > view.width + _MARGIN
        )
        outside |= (np.maximum.reduceat(y, first) < -_MARGIN) | (
            np.minimum.reduceat(y, first) > view.height + _MARGIN
        )
        step_x, step_y = np.diff(np.floor(2 * x), prepend=0), np.diff(np.floor(2 * y), prepend=0)
        kept = (step_x != 0) | (step_y != 0)
        kept[first] = True
        kept[np.append(first[1:] - 1, len(x) - 1)] = True
        kept &= np.repeat(~outside, np.diff(np.append(first, len(x))))
        return x[kept], y[kept], self.course[kept]


def halo_image(
    outlines: Outlines,
    x: Floats,
    y: Floats,
    view: MapView,
    edge: QColor,
    halo: QColor,
    *,
    radius: Floats | None = None,
    fine: bool = False,
) -> QImage:
    """The halo of outlines and of points (Mercator metres) in a view, on a clear ground.

    It has the view's size in device pixels and its device pixel ratio. `radius` is that of the
    ring round each point in logical pixels; `fine` outlines are thin.
    """
    vertices = outlines.seen(view)
    line = _FINE_LINE if fine else _LINE
    px, py = _pixels(x, y, view)
    near = (px > -_MARGIN) & (px < view.width + _MARGIN)
    near &= (py > -_MARGIN) & (py < view.height + _MARGIN)
    rings = np.full(len(px), _RING) if radius is None else radius
    points = px[near], py[near], rings[near]
    if len(vertices[0]) <= _SMOOTH_VERTICES and len(points[0]) <= _SMOOTH_POINTS:
        return _smooth(vertices, points, view, (edge, halo), line)
    wide, high = round(view.width * view.dpr), round(view.height * view.dpr)
    pad = math.ceil(_MARGIN * view.dpr)
    marks = np.zeros((high + 2 * pad, wide + 2 * pad), dtype=np.uint8)
    if len(vertices[0]):
        _mark_lines(marks, vertices, view.dpr, pad, line)
    if len(points[0]):
        _mark_rings(marks, points, view.dpr, pad)
    return _coloured(marks[pad : pad + high, pad : pad + wide], view, edge, halo)


def _pixels(x: Floats, y: Floats, view: MapView) -> tuple[Floats, Floats]:
    return (
        (x - view.x) / view.resolution + view.width / 2,
        (view.y - y) / view.resolution + view.height / 2,
    )


def _smooth(
    vertices: tuple[Floats, Floats, Ints],
    points: tuple[Floats, Floats, Floats],
    view: MapView,
    colors: tuple[QColor, QColor],
    widths: tuple[float, float],
) -> QImage:
    size = round(view.width * view.dpr), round(view.height * view.dpr)
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(view.dpr)
    image.fill(Qt.GlobalColor.transparent)
    x, y, course = vertices
    cuts = np.flatnonzero(np.diff(course)) + 1
    lines = [
        QPolygonF([QPointF(px, py) for px, py in zip(xs, ys, strict=True)])
        for xs, ys in zip(np.split(x, cuts), np.split(y, cuts), strict=True)
    ]
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width, ring in zip(colors, widths, _RING_LINE, strict=True):
        pen = QPen(color, width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(line)
        painter.setPen(QPen(color, ring))
        for px, py, radius in zip(*points, strict=True):
            painter.drawEllipse(QPointF(px, py), radius, radius)
    painter.end()
    return image


def _mark_lines(
    marks: NDArray[np.uint8],
    vertices: tuple[Floats, Floats, Ints],
    dpr: float,
    pad: int,
    widths: tuple[float, float],
) -> None:
    """Set 1 where the edge of the halo of lines is, 2 where the halo itself is."""
    x, y, course = vertices
    x, y = x * dpr + pad, y * dpr + pad
    same = np.flatnonzero(course[1:] == course[:-1])
    rows, columns = _line_cells(x[same], y[same], x[same + 1], y[same + 1], marks.shape)
    thin = np.zeros(marks.shape, dtype=np.bool_)
    thin[rows, columns] = True
    for value, width in enumerate(widths, start=1):
        marks[_grown(thin, width * dpr / 2)] = value


def _line_cells(
    x0: Floats, y0: Floats, x1: Floats, y1: Floats, shape: tuple[int, ...]
) -> tuple[Ints, Ints]:
    """Rows and columns of the cells of a raster that segments run through."""
    dx, dy = x1 - x0, y1 - y0
    start, end = np.zeros(len(x0)), np.ones(len(x0))
    # The part of each segment that lies in the raster (Liang and Barsky 1984).
    for step, room in (
        (-dx, x0),
        (dx, shape[1] - 1 - x0),
        (-dy, y0),
        (dy, shape[0] - 1 - y0),
    ):
        with np.errstate(divide="ignore", invalid="ignore"):
            at = room / step
        start = np.where(step < 0, np.maximum(start, at), start)
        end = np.where(step > 0, np.minimum(end, at), end)
        end = np.where((step == 0) & (room < 0), -1.0, end)
    inside = np.flatnonzero(start <= end)
    x0, y0, dx, dy = x0[inside], y0[inside], dx[inside], dy[inside]
    start, end = start[inside], end[inside]
    long = np.maximum(abs(dx), abs(dy)) * (end - start)
    counts = np.ceil(long).astype(np.int64) + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = start[owner] + (end - start)[owner] * place / np.maximum(counts - 1, 1)[owner]
    columns = np.clip(np.rint(x0[owner] + along * dx[owner]), 0, shape[1] - 1).astype(np.int64)
    rows = np.clip(np.rint(y0[owner] + along * dy[owner]), 0, shape[0] - 1).astype(np.int64)
    return rows, columns


def _grown(thin: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """A mask with a disc of `radius` cells put on each cell that is set."""
    grown = np.zeros_like(thin)
    reach = int(radius)
    flat = thin.copy()
    width = 0
    # From the narrow rows at the top and bottom of the disc to the wide one in its middle.
    for off in range(reach, -1, -1):
        wanted = int(math.sqrt(radius * radius - off * off))
        while width < wanted:
            width += 1
            flat[:, width:] |= thin[:, :-width]
            flat[:, :-width] |= thin[:, width:]
        if off:
            grown[off:] |= flat[:-off]
            grown[:-off] |= flat[off:]
        else:
            grown |= flat
    return grown


def _mark_rings(
    marks: NDArray[np.uint8], points: tuple[Floats, Floats, Floats], dpr: float, pad: int
) -> None:
    """Set a ring round each point: 1 for its edge, 2 for the ring itself."""
    wide = marks.shape[1]
    cells = np.rint(points[1] * dpr + pad).astype(np.int64) * wide
    cells += np.rint(points[0] * dpr + pad).astype(np.int64)
    cells, first = np.unique(cells, return_index=True)
    radius = np.rint(points[2][first] * 2) / 2
    widths = _RING_LINE if len(cells) <= _SMOOTH_POINTS else _FINE_LINE
    sizes = np.unique(radius).tolist()
    flat = marks.reshape(-1)
    for value, width in enumerate(widths, start=1):
        for size in sizes:
            reach = math.ceil((size + width) * dpr)
            down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
            near = abs(np.hypot(down, right) - size * dpr) <= width * dpr / 2
            own = cells[radius == size]
            for step in (down[near] * wide + right[near]).tolist():
                at = own + step
                flat[at[(at >= 0) & (at < len(flat))]] = value


def _coloured(marks: NDArray[np.uint8], view: MapView, edge: QColor, halo: QColor) -> QImage:
    colors = np.array([0, *(_premultiplied(color) for color in (edge, halo))], dtype=np.uint32)
    cells = np.ascontiguousarray(colors[marks])
    high, wide = cells.shape
    image = QImage(cells.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied)
    # A copy owns its pixels; the array goes.
    image = image.copy()
    image.setDevicePixelRatio(view.dpr)
    return image


def _premultiplied(color: QColor) -> int:
    alpha = color.alpha()
    red, green, blue = (part * alpha // 255 for part in (color.red(), color.green(), color.blue()))
    return alpha << 24 | red << 16 | green << 8 | blue
