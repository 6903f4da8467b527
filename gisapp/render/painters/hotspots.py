"""Hotspot surfaces: density in one hue, Gi* in classes from blue over grey to orange."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.analysis.hotspots.grid import Grid
from gisapp.analysis.hotspots.hotspots import Surface
from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots
from gisapp.layers.style import GI_COLD, GI_HOT
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.painters.squares import image_of
from gisapp.render.palette import GI_NONE
from gisapp.render.ramps import hue_ramp
from gisapp.render.view import unmercator

Floats = NDArray[np.float64]

#: Logical pixels between places that are projected exactly; straight lines between them are
#: wrong by less than a hundredth of a pixel over a city.
_CONTROL = 48
#: Opacity of the lowest class of a density, and of a cell where chance may do.
_FAINT, _GREY = 0.35, 0.25


def paint_hotspots(frame: Frame, hotspots: Hotspots) -> None:
    """Draw a surface where the audience may see it; nothing where it cannot be computed."""
    layer = frame.scene.project.layer(hotspots.layer_id)
    if frame.look.showing(layer) is Showing.NOTHING:
        return
    rows = frame.look.rows_of(layer)
    surface = prepared.surface_of(frame.scene.project, hotspots, rows, frame.cache, frame.progress)
    # The reason why there is none stands in the legend.
    if isinstance(surface, str):
        return
    image, target = _image(frame, layer, surface)
    painter = frame.painter
    painter.setOpacity(hotspots.opacity)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, surface.classes is None)
    painter.drawImage(target, image)


def _image(frame: Frame, layer: Layer, surface: Surface) -> tuple[QImage, QRectF]:
    step = _step(frame, surface)
    columns, lines = _sampled(frame, surface.grid, step)
    height, width = columns.shape
    target = QRectF(0, 0, width * step, height * step)
    frame.progress.check()
    cell = _cell_numbers(surface.grid, lines, columns)
    shown = surface.shown(frame.look.audience)
    if surface.classes is not None:
        return image_of(_gi_colors(surface.classes, shown, cell)), target
    seen = np.append(shown.ravel(), False)[cell]
    # Cell values stand for the middles of cells, half a cell from their corners.
    values = _between(surface.values, lines - 0.5, columns - 0.5)
    ramp = density_ramp(layer, surface, frame.dark, frame.look.exported)
    return image_of(_density_colors(values, surface, seen, ramp)), target


def _cell_numbers(grid: Grid, lines: Floats, columns: Floats) -> NDArray[np.int32]:
    """The number of the cell under each sample; one past the last for what is off the grid."""
    # One cell is added before cutting to whole numbers, which rounds towards zero.
    row = (lines + 1).astype(np.int32)
    column = (columns + 1).astype(np.int32)
    cell = (row - 1) * np.int32(grid.columns) + (column - 1)
    off = (row < 1) | (row > grid.rows) | (column < 1) | (column > grid.columns)
    cell[off] = grid.rows * grid.columns
    return cell


def _step(frame: Frame, surface: Surface) -> float:
    """Logical pixels a sample: single device pixels for cells, twice that for what is smooth."""
    device = 1.0 / frame.view.dpr
    if frame.look.exported:
        return 0.5 if surface.classes is not None else 1.0
    return device if surface.classes is not None else 2.0


def _sampled(frame: Frame, grid: Grid, step: float) -> tuple[Floats, Floats]:
    """Column and row of the grid (as fractions) under the middle of each sample of the view."""
    view = frame.view
    xs, across = _controls(view.width, step)
    ys, down = _controls(view.height, step)
    easting = view.x + (xs - view.width / 2) * view.resolution
    northing = view.y - (ys - view.height / 2) * view.resolution
    grid_x, grid_y = np.meshgrid(easting, northing)
    lon, lat = unmercator(grid_x.ravel(), grid_y.ravel())
    x, y = grid.plane.to_metres(lon, lat)
    shape = (len(ys), len(xs))
    columns = ((x - grid.x) / grid.cell_m).reshape(shape)
    lines = ((y - grid.y) / grid.cell_m).reshape(shape)
    return _filled(columns, down, across), _filled(lines, down, across)


def _controls(length: int, step: float) -> tuple[Floats, Floats]:
    """Where places are projected (pixels), and each sample's place among them."""
    count = max(int(np.ceil(length / _CONTROL)), 1)
    samples = (np.arange(int(np.ceil(length / step)), dtype=np.float64) + 0.5) * step
    known: Floats = np.arange(count + 1, dtype=np.float64) * _CONTROL
    return known, samples / _CONTROL


def _filled(known: Floats, down: Floats, across: Floats) -> Floats:
    """Values between the known ones, along straight lines."""
    return _along(np.ascontiguousarray(_along(known.T, across).T), down)


def _along(values: Floats, at: Floats) -> Floats:
    low = np.minimum(at.astype(np.int64), len(values) - 2)
    share = (at - low)[:, None]
    result: Floats = values[low] * (1 - share) + values[low + 1] * share
    return result


def _between(values: Floats, lines: Floats, columns: Floats) -> Floats:
    from scipy.ndimage import map_coordinates

    result: Floats = map_coordinates(values, [lines, columns], order=1, mode="nearest")
    return result


def density_ramp(
    layer: Layer, surface: Surface, dark: bool, exported: bool
) -> tuple[tuple[float, str], ...]:
    """Values of the surface and the colours they have, rising; colours between are mixed.

    What lies above the last value has its colour.
    """
    colors = hue_ramp(layer.style.color, len(surface.breaks), dark, exported)
    return tuple(zip(surface.breaks, colors, strict=True))


def density_clear(count: int) -> tuple[float, ...]:
    """The opacity of each colour of such a ramp, before that of the whole surface."""
    return tuple(np.linspace(_FAINT, 1.0, count).tolist())


def _density_colors(
    values: Floats,
    surface: Surface,
    seen: NDArray[np.bool_],
    ramp: tuple[tuple[float, str], ...],
) -> NDArray[np.uint8]:
    """Premultiplied blue, green, red, alpha; clear at 0 and faint at the lowest break."""
    result = np.zeros((*values.shape, 4), dtype=np.uint8)
    if not ramp:
        return result
    steps = np.array([0.0, *(value for value, _ in ramp)])
    colors = [QColor(color) for _, color in ramp]
    opacity = np.interp(values, steps, [0.0, *density_clear(len(ramp))])
    opacity *= seen
    for channel, pick in enumerate((QColor.blue, QColor.green, QColor.red)):
        known = np.array([pick(colors[0]), *(pick(color) for color in colors)], dtype=float)
        result[..., channel] = np.rint(np.interp(values, steps, known) * opacity)
    result[..., 3] = np.rint(opacity * 255)
    return result


def gi_color(level: int) -> tuple[str, float]:
    """Colour and opacity of a class from -3 (fewer, 99 %) to 3 (more, 99 %)."""
    if level == 0:
        return GI_NONE, _GREY
    return (GI_HOT[level - 1] if level > 0 else GI_COLD[-level - 1]), 1.0


def _gi_colors(
    classes: NDArray[np.int8], shown: NDArray[np.bool_], cell: NDArray[np.int32]
) -> NDArray[np.uint8]:
    table = np.zeros((8, 4), dtype=np.uint8)
    for level in range(-3, 4):
        name, opacity = gi_color(level)
        color = QColor(name)
        parts = np.array([color.blue(), color.green(), color.red(), 255])
        table[level + 3] = np.rint(parts * opacity)
    of_cells = table[np.where(shown, classes.astype(np.int64) + 3, 7)].reshape(-1, 4)
    # One number a pixel is copied faster than four, and the last stands for what is off the grid.
    packed = np.append(of_cells.view(np.uint32).ravel(), np.uint32(0))
    return np.ascontiguousarray(packed[cell]).view(np.uint8).reshape(*cell.shape, 4)
