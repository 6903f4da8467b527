"""Streets and other lines: quiet, wider for larger roads and where the map is near."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtGui import QPainter

from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.style import Style
from gisapp.layers.vocabulary import LayerKind
from gisapp.render import prepared
from gisapp.render.class_styles import parts_of
from gisapp.render.drawn import chunks
from gisapp.render.frame import Frame
from gisapp.render.paths import Chunk, Outlines

#: How much wider than a street the larger roads are.
_WIDER = {prepared.MINOR: 1.0, prepared.MAIN: 1.9, prepared.MOTORWAY: 2.6}


def paint_lines(frame: Frame, layer: Layer) -> None:
    """Draw the lines in view, larger roads over smaller ones."""
    shapes = layer.geometry
    assert isinstance(shapes, Shapes)
    lines = prepared.outlines_of(shapes, frame.cache, frame.progress)
    ranks = prepared.ranks_of(layer, frame.cache)[lines.feature]
    column = layer.fields.get("road_class", "")
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rank in sorted(set(ranks.tolist()), reverse=True):
        for part in parts_of(layer, frame.cache, frame.dark):
            chosen = ranks == rank
            if part.rows is not None:
                chosen &= part.rows[lines.feature]
            width = line_width(frame, layer, rank, part.style.width)
            name = f"{column} {rank} {part.number}"
            some = chunks(frame, (shapes, *part.owners), name, lines, chosen)
            draw_chunks(frame, lines, some, quiet(frame, layer, rank, part.style), width)


def line_width(frame: Frame, layer: Layer, rank: int, points: float) -> float:
    """Width in logical pixels; streets grow towards their own width on the ground."""
    view = frame.view
    width = line_px(frame, points) * _WIDER[rank]
    if layer.kind is not LayerKind.STREETS:
        return width
    far = view.metres_per_pixel
    if (far > 3.0 and rank == prepared.MINOR) or (far > 9.0 and rank == prepared.MAIN):
        return min(width, 1.0 / view.dpr)
    return crisp(frame, width * min(math.pow(max(1.0, 3.0 / far), 0.7), 6.0))


def line_px(frame: Frame, width: float) -> float:
    """A style's line width in logical pixels: 2 is two pixels on a screen of 96 to the inch."""
    return crisp(frame, width * frame.view.dpi / 96)


def crisp(frame: Frame, width: float) -> float:
    """On screen a width near one device pixel becomes just that.

    Qt draws such a line thirty times as fast as one that is a little wider.
    """
    device = width * frame.view.dpr
    return 1.0 / frame.view.dpr if not frame.vector and 1.0 < device < 1.4 else width


def quiet(frame: Frame, layer: Layer, rank: int, style: Style) -> Style:
    """The style of a line; small streets fade where the map is far."""
    if layer.kind is not LayerKind.STREETS:
        return style
    far = frame.view.metres_per_pixel / 12.0
    fade = 1.0 if rank != prepared.MINOR else min(max(1 / max(far, 0.1), 0.45), 1.0)
    return replace(style, opacity=style.opacity * fade * (0.8 if frame.dark else 0.75))


def draw_chunks(
    frame: Frame, lines: Outlines, some: tuple[Chunk, ...], style: Style, width: float
) -> None:
    """Draw those chunks that meet the view; `width` in logical pixels."""
    west, south, east, north = frame.mercator_box(width)
    with frame.in_metres(lines.x, lines.y) as painter:
        painter.setPen(frame.pen_in_metres(style, width))
        for chunk in some:
            left, bottom, right, top = chunk.box
            if (
                left + lines.x <= east
                and right + lines.x >= west
                and bottom + lines.y <= north
                and top + lines.y >= south
            ):
                frame.progress.check()
                painter.drawPath(chunk.path)
