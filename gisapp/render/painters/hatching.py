"""Hatches as lines of their own: sharp in print, the same on a grey photocopy."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPen
from shapely.geometry.base import BaseGeometry

from gisapp.layers.style import Fill, Style
from gisapp.render.frame import Frame
from gisapp.render.palette import shade, solid

#: Distance of hatch lines and their width, in points.
SPACING, WIDTH = 6.0, 0.6


def hatch(frame: Frame, area: BaseGeometry, style: Style) -> None:
    """Hatch an area given in Mercator metres.

    The lines are anchored to the ground, so that they stay where they are while the map moves,
    and areas side by side share them.
    """
    view = frame.view
    box = shapely.box(*frame.mercator_box())
    shown = shapely.intersection(area, box)
    if shown.is_empty:
        return
    step = frame.px(SPACING) * view.resolution * np.sqrt(2)
    opacity = style.fill_opacity * style.opacity
    color = frame.color(style.color)
    ink = shade(solid(color, opacity)) if frame.vector else shade(color, opacity)
    frame.painter.setPen(QPen(ink, frame.px(WIDTH)))
    directions = (1, -1) if style.fill is Fill.CROSS_HATCHED else (1,)
    for direction in directions:
        lines = shapely.intersection(diagonals(shown.bounds, step, direction), shown)
        _draw(frame, lines)


def diagonals(
    bounds: tuple[float, float, float, float], step: float, direction: int
) -> BaseGeometry:
    """Lines at 45° over a box, `step` apart along x at multiples of it, rising or falling."""
    west, south, east, north = bounds
    # On such a line x - direction * y is constant.
    low = west - max(direction * south, direction * north)
    high = east - min(direction * south, direction * north)
    offsets = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ends = np.empty((len(offsets), 2, 2))
    ends[:, :, 1] = south, north
    ends[:, :, 0] = offsets[:, None] + direction * ends[:, :, 1]
    return shapely.MultiLineString(list(ends))


def _draw(frame: Frame, lines: BaseGeometry) -> None:
    view = frame.view
    parts = shapely.get_parts(lines)
    parts = parts[shapely.get_type_id(parts) == 1]
    xy = shapely.get_coordinates(parts)
    x = (xy[:, 0] - view.x) / view.resolution + view.width / 2
    y = (view.y - xy[:, 1]) / view.resolution + view.height / 2
    # Two vertices a line: a straight cut through an area has no more.
    points = np.column_stack([x, y]).reshape(-1, 4)
    frame.painter.drawLines([QLineF(*(float(v) for v in line)) for line in points])
