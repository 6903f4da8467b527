"""Areas: boundaries, districts, population, and any other polygons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.style import Fill
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.painters.lines import draw_chunks, line_px
from gisapp.render.palette import shade


def paint_areas(frame: Frame, layer: Layer) -> None:
    """Fill the areas in view as their style says, then draw their borders."""
    shapes, style = layer.geometry, layer.style
    assert isinstance(shapes, Shapes)
    fine = frame.vector
    lines = prepared.outlines_of(shapes, frame.cache, frame.progress)
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if style.fill is not Fill.NONE and style.fill_opacity:
        paths = prepared.area_paths(shapes, frame.band, fine, frame.cache, frame.progress)
        with frame.in_metres(lines.x, lines.y) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade(frame.color(style.color), style.fill_opacity * style.opacity))
            for number in lines.in_view(*frame.mercator_box()):
                frame.progress.check()
                painter.drawPath(paths[number])
    chunks = prepared.border_chunks(shapes, frame.band, fine, frame.cache, frame.progress)
    draw_chunks(frame, lines, chunks, style, line_px(frame, style.width))
