"""Areas: boundaries, districts, population, and any other polygons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.style import Fill
from gisapp.render import prepared
from gisapp.render.drawn import areas, chunks
from gisapp.render.frame import Frame
from gisapp.render.painters.lines import draw_chunks, line_px
from gisapp.render.palette import shade


def paint_areas(frame: Frame, layer: Layer) -> None:
    """Fill the areas in view as their style says, then draw their borders."""
    shapes, style = layer.geometry, layer.style
    assert isinstance(shapes, Shapes)
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if style.fill is not Fill.NONE and style.fill_opacity:
        drawn = areas(frame, (shapes,), shapes.geoms)
        with frame.in_metres(drawn.lines.x, drawn.lines.y) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade(frame.color(style.color), style.fill_opacity * style.opacity))
            for number in drawn.lines.in_view(*frame.mercator_box()):
                frame.progress.check()
                painter.drawPath(drawn.fills[number])
    lines = prepared.borders_of(shapes, frame.cache, frame.progress)
    edges = chunks(frame, shapes, "borders", lines)
    draw_chunks(frame, lines, edges, style, line_px(frame, style.width))
