"""Points as counts in small squares that lie still on the ground, in classes of one hue."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.look import Look
from gisapp.render.palette import shade
from gisapp.render.ramps import count_colors
from gisapp.render.shown_rows import kept_points
from gisapp.render.view import MapView, unmercator

#: Side of a square of the density raster, in points.
CELL = 2.25


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


def density(
    layer: Layer, look: Look, view: MapView, cache: Cache, progress: Progress
) -> tuple[DensityGrid, NDArray[np.int32]]:
    """How many points of the layer lie in each small square of a view, of those that are shown.

    Kept for the newest views, for the legend asks the same after each image.
    """
    points, grid = layer.geometry, DensityGrid(view)
    assert isinstance(points, Points)

    def count() -> NDArray[np.int32]:
        index = prepared.index_of(points, cache, progress)
        mask = kept_points(layer, look, cache)
        return index.binned(grid.bounds, grid.columns, grid.rows, mask)

    limits = look.rows_of(layer), prepared.class_numbers_of(layer, cache)
    owners = (points, *(limit for limit in limits if limit is not None))
    return grid, cache.get(owners, "squares", view, count, keep=2)


def paint_squares(frame: Frame, layer: Layer, grid: DensityGrid, counts: NDArray[np.int32]) -> None:
    """Colour each square that holds points by the class of their number."""
    assert isinstance(layer.geometry, Points)
    starts = prepared.dense_classes(layer.geometry, grid.cell, frame.cache)
    colors = count_colors(layer.style, len(starts), frame.dark, frame.look.exported)
    image = classed_image(counts, starts, colors)
    painter = frame.painter
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(grid.target(frame.view), image)


def classed_image(
    counts: NDArray[np.int32], starts: tuple[int, ...], colors: tuple[tuple[str, float], ...]
) -> QImage:
    """An image of one pixel a count, coloured by class; nothing where the count is 0."""
    table = np.zeros((len(starts) + 1, 4), dtype=np.uint8)
    for place, (color, opacity) in enumerate(colors, start=1):
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
