"""Deployments: an orange outline each; one that is only a point is a square with a cross."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.style import Fill
from gisapp.render import prepared
from gisapp.render.drawn import EXACT, areas
from gisapp.render.frame import Frame
from gisapp.render.painters.lines import line_px
from gisapp.render.palette import shade


def paint_deployments(frame: Frame, layer: Layer) -> None:
    """Draw each planned area or place in view that the filter leaves."""
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if isinstance(layer.geometry, Shapes):
        _paint_areas(frame, layer, layer.geometry)
    else:
        _paint_places(frame, layer)


def _paint_areas(frame: Frame, layer: Layer, shapes: Shapes) -> None:
    style, mask = layer.style, frame.look.rows_of(layer)
    drawn = areas(frame, (shapes,), shapes.geoms, EXACT)
    lines = drawn.lines
    filled = style.fill is not Fill.NONE and style.fill_opacity > 0
    width = line_px(frame, style.width) * frame.view.resolution
    with frame.in_metres(lines.x, lines.y) as painter:
        for number in lines.in_view(*frame.mercator_box(frame.px(style.width))):
            frame.progress.check()
            if mask is not None and not mask[number]:
                continue
            if filled:
                fill = shade(frame.color(style.color), style.fill_opacity)
                painter.fillPath(drawn.fills[number], fill)
            painter.strokePath(drawn.strokes[number], frame.pen(style, width))


def _paint_places(frame: Frame, layer: Layer) -> None:
    points = prepared.places_of(layer.geometry, frame.cache)
    x, y = frame.view.to_screen(points.lon, points.lat)
    mask = frame.look.rows_of(layer)
    half = frame.px(4.5)
    shown = (np.abs(x - frame.view.width / 2) < frame.view.width / 2 + half) & (
        np.abs(y - frame.view.height / 2) < frame.view.height / 2 + half
    )
    if mask is not None:
        shown &= mask
    for place in np.flatnonzero(shown).tolist():
        draw_post(
            frame.painter,
            QPointF(float(x[place]), float(y[place])),
            half,
            frame.color(layer.style.color),
            frame.ground.edge,
        )


def draw_post(painter: QPainter, middle: QPointF, half: float, color: str, edge: str) -> None:
    """The sign of a deployment at one place."""
    box = QRectF(middle.x() - half, middle.y() - half, half * 2, half * 2)
    painter.setBrush(shade(edge, 0.85))
    painter.setPen(QPen(shade(color), half * 0.42))
    painter.drawRect(box)
    painter.drawLine(box.topLeft(), box.bottomRight())
    painter.drawLine(box.topRight(), box.bottomLeft())
    painter.setBrush(Qt.BrushStyle.NoBrush)
