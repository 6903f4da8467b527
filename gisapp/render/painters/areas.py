"""Areas: boundaries, districts, population, and any other polygons."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.style import Fill, shared_border
from gisapp.render import prepared
from gisapp.render.class_styles import Part, class_styles, parts_of, style_numbers
from gisapp.render.drawn import areas, chunks
from gisapp.render.frame import Frame
from gisapp.render.painters.hatching import hatch
from gisapp.render.painters.lines import draw_chunks, line_px
from gisapp.render.palette import shade
from gisapp.render.view import mercator


def paint_areas(frame: Frame, layer: Layer) -> None:
    """Fill the areas in view as their class says, then draw their borders.

    Areas that are filled by class have borders that are none's: of two neighbours of different
    classes neither could claim the edge they share.
    """
    shapes, style = layer.geometry, layer.style
    assert isinstance(shapes, Shapes)
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    filled = style.fill is not Fill.NONE and style.fill_opacity > 0
    if filled and style.fill is Fill.PLAIN:
        _fill(frame, layer, shapes)
    elif filled:
        _hatch(frame, layer, shapes)
    parts = list(parts_of(layer, frame.cache, frame.dark))
    if filled or len(parts) == 1:
        together = _together(layer, parts)
        if style.symbology is not None and style.symbology.classes:
            pale = shared_border(together.style, frame.ground.edge)
            together = replace(together, style=pale)
        _draw_borders(frame, shapes, together)
    else:
        for part in parts:
            _draw_borders(frame, shapes, part)


def _fill(frame: Frame, layer: Layer, shapes: Shapes) -> None:
    drawn = areas(frame, (shapes,), shapes.geoms)
    numbers = style_numbers(layer, frame.cache)
    brushes = [
        shade(frame.color(style.color), style.fill_opacity * style.opacity)
        for style in class_styles(layer.style, frame.dark)
    ]
    with frame.in_metres(drawn.lines.x, drawn.lines.y) as painter:
        painter.setPen(Qt.PenStyle.NoPen)
        for row in drawn.lines.in_view(*frame.mercator_box()).tolist():
            frame.progress.check()
            if numbers[row] >= 0:
                painter.setBrush(brushes[numbers[row]])
                painter.drawPath(drawn.fills[row])


def _hatch(frame: Frame, layer: Layer, shapes: Shapes) -> None:
    """Hatch the areas of each class together: neighbours share the lines."""
    numbers = prepared.class_numbers_of(layer, frame.cache)
    for number, style in enumerate(class_styles(layer.style, frame.dark)):
        if numbers is None:
            owners: tuple[object, ...] = (shapes,)
            chosen = shapes.geoms
        else:
            owners, chosen = (shapes, numbers), shapes.geoms[numbers == number]
        frame.progress.check()
        area = frame.cache.get(owners, "hatched", number, partial(_united, chosen))
        if not area.is_empty:
            hatch(frame, area, style)
        if numbers is None:
            return


def _united(geoms: NDArray[np.object_]) -> BaseGeometry:
    """Areas of degrees as one in Mercator metres."""
    sound = shapely.make_valid(geoms)
    united = shapely.union_all(sound[shapely.get_dimensions(sound) == 2])
    moved: BaseGeometry = shapely.transform(
        united, lambda xy: np.column_stack(mercator(xy[:, 0], xy[:, 1]))
    )
    return moved


def _together(layer: Layer, parts: list[Part]) -> Part:
    """All areas that are drawn as one part, in the layer's own style or that of the only class."""
    if not parts or len(parts) == 1:
        return parts[0] if parts else Part(0, layer.style, None)
    rows, numbers = parts[0].rows, parts[0].numbers
    for part in parts[1:]:
        assert rows is not None and part.rows is not None
        rows = rows | part.rows
    return Part(-1, class_styles(layer.style)[-1], rows, numbers)


def _draw_borders(frame: Frame, shapes: Shapes, part: Part) -> None:
    lines = prepared.borders_of(
        shapes, frame.cache, frame.progress, part.rows, (part.number, *part.owners)
    )
    edges = chunks(frame, (lines,), "borders", lines)
    draw_chunks(frame, lines, edges, part.style, line_px(frame, part.style.width))
