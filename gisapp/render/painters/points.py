"""Points: near, each place with its symbol; far, how many lie in each small square of the map."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.palette import font, shade
from gisapp.render.ramps import hue_ramp
from gisapp.render.view import MapView, unmercator

Ints = NDArray[np.int64]

#: Side of a square of the density raster, in points.
CELL = 2.25
#: As long as no more squares than this hold points, each place is drawn; many places only where
#: they do not crowd, with more than so many in a square that holds any.
NEAR = 3500
_MANY, _CROWDED = 1000, 1.6
#: With more places on the map the numbers of stacks would cover each other.
_NUMBERED = 500
#: Opacity of the pale ring that parts a symbol from the next. With more places than this on the
#: map it fades: among many, rings would make the densest place the palest.
_RING, _CROWD = 0.9, 500


class DensityGrid:
    """The raster of small squares over a view, fixed to the ground for each resolution."""

    def __init__(self, view: MapView) -> None:
        self.cell = CELL * view.dpi / 72 * view.resolution
        half_w, half_h = view.width / 2 * view.resolution, view.height / 2 * view.resolution
        left = math.floor((view.x - half_w) / self.cell)
        bottom = math.floor((view.y - half_h) / self.cell)
        right = math.ceil((view.x + half_w) / self.cell)
        top = math.ceil((view.y + half_h) / self.cell)
        self.columns, self.rows = right - left, top - bottom
        self.west, self.south = left * self.cell, bottom * self.cell
        self.east, self.north = right * self.cell, top * self.cell

    @property
    def bounds(self) -> Bounds:
        lon, lat = unmercator(np.array([self.west, self.east]), np.array([self.south, self.north]))
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def target(self, view: MapView) -> QRectF:
        """Where the raster lies on the map, in logical pixels."""
        return QRectF(
            (self.west - view.x) / view.resolution + view.width / 2,
            (view.y - self.north) / view.resolution + view.height / 2,
            (self.east - self.west) / view.resolution,
            (self.north - self.south) / view.resolution,
        )


def density(frame: Frame, layer: Layer) -> tuple[DensityGrid, NDArray[np.int32]]:
    """How many points of the layer lie in each small square of the view."""
    assert isinstance(layer.geometry, Points)
    index = prepared.index_of(layer.geometry, frame.cache, frame.progress)
    grid = DensityGrid(frame.view)
    mask = frame.look.rows_of(layer)
    return grid, index.binned(grid.bounds, grid.columns, grid.rows, mask)


def paint_points(frame: Frame, layer: Layer) -> None:
    """Draw each place while they are few on the map, otherwise their density."""
    grid, counts = density(frame, layer)
    if draws_each(layer, counts, frame.cache):
        _paint_each(frame, layer)
    else:
        _paint_density(frame, layer, grid, counts)


def draws_each(layer: Layer, counts: NDArray[np.int32], cache: Cache) -> bool:
    """Whether each place is drawn, given how many points lie in each small square of the view.

    From far away a city is so small that few squares are enough for all of it: then the symbols
    would cover each other, and their density is drawn.
    """
    assert isinstance(layer.geometry, Points)
    places = float(counts.sum()) * prepared.place_share(layer.geometry, cache)
    squares = int((counts > 0).sum())
    return squares <= NEAR and places <= max(_MANY, squares * _CROWDED)


def _paint_density(
    frame: Frame, layer: Layer, grid: DensityGrid, counts: NDArray[np.int32]
) -> None:
    assert isinstance(layer.geometry, Points)
    starts = prepared.dense_classes(layer.geometry, grid.cell, frame.cache)
    colors = hue_ramp(layer.style.color, len(starts), frame.dark, frame.look.exported)
    image = classed_image(counts, starts, colors, min(layer.style.opacity + 0.15, 1.0))
    painter = frame.painter
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(grid.target(frame.view), image)


def classed_image(
    counts: NDArray[np.int32], starts: tuple[int, ...], colors: tuple[str, ...], opacity: float
) -> QImage:
    """An image of one pixel a count, coloured by class; nothing where the count is 0."""
    table = np.zeros((len(starts) + 1, 4), dtype=np.uint8)
    for place, color in enumerate(colors, start=1):
        shaded = shade(color)
        table[place] = (shaded.blue(), shaded.green(), shaded.red(), 255)
        table[place] = np.round(table[place] * opacity)
    number = np.searchsorted(np.array(starts), counts, side="right")
    return image_of(table[number])


def image_of(bgra: NDArray[np.uint8]) -> QImage:
    """A premultiplied image that owns its pixels, from an array (rows, columns, 4)."""
    rows, columns, _ = bgra.shape
    pixels = np.ascontiguousarray(bgra)
    image = QImage(
        pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied
    )
    return image.copy()


def stacks(points: Points, rows: Ints) -> tuple[Ints, Ints]:
    """One row for each different place, and how many rows lie there."""
    place = points.lon[rows] + 1j * points.lat[rows]
    _, first, counts = np.unique(place, return_index=True, return_counts=True)
    return rows[first], counts


def _paint_each(frame: Frame, layer: Layer) -> None:
    points = layer.geometry
    assert isinstance(points, Points)
    index = prepared.index_of(points, frame.cache, frame.progress)
    rows = index.rows_in(frame.bounds(24))
    mask = frame.look.rows_of(layer)
    if mask is not None:
        rows = rows[mask[rows]]
    if not len(rows):
        return
    first, counts = stacks(points, rows)
    x, y = frame.view.to_screen(points.lon[first], points.lat[first])
    base = symbol_radius(frame, layer)
    radius = np.round(base * (1 + 0.45 * np.log2(counts)) * 2) / 2
    ring = _RING * min(max(_CROWD / len(first), 0.15), 1.0)
    # The largest stacks lie lowest, so that no single place hides under them.
    for size in sorted(set(radius.tolist()), reverse=True):
        frame.progress.check()
        some = radius == size
        _stamp(frame, layer, size, ring, x[some], y[some])
    if len(first) <= _NUMBERED:
        _number_stacks(frame, x, y, radius, counts)


def symbol_radius(frame: Frame, layer: Layer) -> float:
    """Radius of a single point in logical pixels: larger where the map is near."""
    near = min(max(4.0 / frame.view.metres_per_pixel, 1.0), 2.2)
    return frame.px(layer.style.size) / 2 * math.pow(near, 0.6)


def _stamp(
    frame: Frame,
    layer: Layer,
    radius: float,
    ring: float,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> None:
    """Draw one symbol at many places; on screen it is drawn once and copied."""
    if frame.vector:
        _disc(frame.painter, frame, layer, radius, ring, x, y)
        return
    dpr = frame.view.dpr
    side = math.ceil(radius * 2 + 4)
    stamp = QImage(round(side * dpr), round(side * dpr), QImage.Format.Format_ARGB32_Premultiplied)
    stamp.setDevicePixelRatio(dpr)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    middle = np.array([side / 2])
    _disc(painter, frame, layer, radius, ring, middle, middle)
    painter.end()
    left = np.round((x - side / 2) * dpr) / dpr
    top = np.round((y - side / 2) * dpr) / dpr
    for place in zip(left.tolist(), top.tolist(), strict=True):
        frame.painter.drawImage(QPointF(*place), stamp)


def _disc(
    painter: QPainter,
    frame: Frame,
    layer: Layer,
    radius: float,
    ring: float,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade(frame.ground.edge, ring), frame.px(0.6)))
    painter.setBrush(shade(frame.color(layer.style.color), layer.style.opacity))
    for place in zip(x.tolist(), y.tolist(), strict=True):
        painter.drawEllipse(QPointF(*place), radius, radius)


def _number_stacks(
    frame: Frame,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    radius: NDArray[np.float64],
    counts: Ints,
) -> None:
    """Write how many lie in one place where the symbol has room for it."""
    painter = frame.painter
    sizes: dict[int, list[int]] = defaultdict(list)
    for number in np.flatnonzero((counts > 1) & (radius >= frame.px(5.5))).tolist():
        digits = len(str(counts[number]))
        sizes[max(round(radius[number] * (1.15 if digits < 3 else 0.85)), 8)].append(number)
    painter.setPen(shade(frame.ground.background))
    for size, numbers in sizes.items():
        painter.setFont(font(size, bold=True))
        for number in numbers:
            half = radius[number]
            box = QRectF(x[number] - half, y[number] - half, half * 2, half * 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(counts[number]))
