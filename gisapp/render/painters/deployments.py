"""Deployments: an orange outline each; one that is only a point is a square with a cross.

Those that meet a zone in force at their hours carry a sign.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gisapp.layers.layer import Layer, Points, Shapes
from gisapp.layers.style import VERMILLION, Fill
from gisapp.render import prepared
from gisapp.render.class_styles import class_styles, style_numbers
from gisapp.render.drawn import EXACT, areas
from gisapp.render.frame import Frame
from gisapp.render.meetings import meetings_of
from gisapp.render.painters.hatching import hatch
from gisapp.render.painters.lines import line_px
from gisapp.render.painters.services import beside_discs, discs_on
from gisapp.render.palette import shade
from gisapp.render.shown_rows import shown_rows

#: Half the width of the sign of a meeting, in points.
MEETING_PT = 5.0


def paint_deployments(frame: Frame, layer: Layer) -> None:
    """Draw each planned area or place in view that the filter leaves."""
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if isinstance(layer.geometry, Shapes):
        _paint_areas(frame, layer, layer.geometry)
        # Where some rows of a plan are areas, others may be single points.
        alone = np.flatnonzero(shapely.get_type_id(layer.geometry.geoms) == 0)
        if len(alone):
            points = layer.geometry.geoms[alone]
            _paint_posts(frame, layer, shapely.get_x(points), shapely.get_y(points), alone)
    else:
        places = prepared.places_of(layer.geometry, frame.cache)
        _paint_posts(frame, layer, places.lon, places.lat, np.arange(len(layer)))


def _paint_areas(frame: Frame, layer: Layer, shapes: Shapes) -> None:
    mask = shown_rows(layer, frame.look, frame.cache)
    numbers = style_numbers(layer, frame.cache)
    styles = class_styles(layer.style, frame.dark)
    drawn = areas(frame, (shapes,), shapes.geoms, EXACT)
    lines = drawn.lines
    pens = [
        frame.pen(style, line_px(frame, style.width) * frame.view.resolution) for style in styles
    ]
    widest = max(style.width for style in styles)
    seen = lines.in_view(*frame.mercator_box(frame.px(widest))).tolist()
    if layer.style.fill not in (Fill.NONE, Fill.PLAIN) and layer.style.fill_opacity > 0:
        flat = prepared.mercator_areas(shapes, frame.cache)
        for row in seen:
            frame.progress.check()
            if mask is None or mask[row]:
                hatch(frame, flat[row], styles[numbers[row]])
    with frame.in_metres(lines.x, lines.y) as painter:
        for row in seen:
            frame.progress.check()
            if mask is not None and not mask[row]:
                continue
            style = styles[numbers[row]]
            if style.fill is Fill.PLAIN and style.fill_opacity > 0:
                fill = shade(frame.color(style.color), style.fill_opacity * style.opacity)
                painter.fillPath(drawn.fills[row], fill)
            painter.strokePath(drawn.strokes[row], pens[numbers[row]])


def _paint_posts(
    frame: Frame,
    layer: Layer,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> None:
    """Draw the sign of a post for some rows of a layer, at their places in degrees."""
    x, y = frame.view.to_screen(lon, lat)
    mask = shown_rows(layer, frame.look, frame.cache)
    numbers = style_numbers(layer, frame.cache)
    colors = [frame.color(one.color) for one in class_styles(layer.style, frame.dark)]
    half = frame.px(4.5)
    shown = (np.abs(x - frame.view.width / 2) < frame.view.width / 2 + half) & (
        np.abs(y - frame.view.height / 2) < frame.view.height / 2 + half
    )
    if mask is not None:
        shown &= mask[rows]
    frame.painter.setOpacity(layer.style.opacity)
    for place in np.flatnonzero(shown).tolist():
        middle = QPointF(float(x[place]), float(y[place]))
        draw_post(frame.painter, middle, half, colors[numbers[rows[place]]], frame.ground.edge)


def mark_meetings(frame: Frame, layer: Layer) -> None:
    """Put a sign on each deployment that meets a zone in force at its hours.

    A step of its own, after the services: no disc may hide a sign.
    """
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in meeting_signs(frame, layer):
        draw_alert(frame.painter, place, frame.px(MEETING_PT), frame.ground.edge)


def meeting_signs(frame: Frame, layer: Layer) -> list[QPointF]:
    """The middle of each sign in logical pixels; none lies on the figure of a service."""
    found = meetings_of(frame.scene.project, layer, frame.cache, frame.progress)
    mask, half = shown_rows(layer, frame.look, frame.cache), frame.px(MEETING_PT)
    discs = discs_on(frame)
    signs = []
    for row in found.rows.tolist():
        if mask is not None and not mask[row]:
            continue
        place = _upper_right(frame, layer, row)
        if place is not None and frame.rect.contains(place):
            signs.append(beside_discs(place.x(), place.y(), half, discs))
    return signs


def _upper_right(frame: Frame, layer: Layer, row: int) -> QPointF | None:
    """The pixel of a deployment's corner that lies farthest to the upper right."""
    if isinstance(layer.geometry, Points):
        lon, lat = layer.geometry.lon[row : row + 1], layer.geometry.lat[row : row + 1]
        shift = frame.px(4.5)
    else:
        lon, lat = shapely.get_coordinates(layer.geometry.geoms[row]).T
        shift = 0.0
    if not len(lon):
        return None
    x, y = frame.view.to_screen(lon, lat)
    corner = int(np.argmax(x - y))
    return QPointF(float(x[corner]) + shift, float(y[corner]) - shift)


def draw_alert(painter: QPainter, middle: QPointF, half: float, edge: str) -> None:
    """The sign for what a person has to settle: an exclamation mark on a disc."""
    painter.setPen(QPen(shade(edge), half * 0.3))
    painter.setBrush(shade(VERMILLION))
    painter.drawEllipse(middle, half, half)
    painter.setPen(QPen(shade(edge), half * 0.32, c=Qt.PenCapStyle.RoundCap))
    top, foot = middle - QPointF(0, half * 0.52), middle + QPointF(0, half * 0.08)
    painter.drawLine(top, foot)
    painter.drawPoint(middle + QPointF(0, half * 0.52))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_post(painter: QPainter, middle: QPointF, half: float, color: str, edge: str) -> None:
    """The sign of a deployment at one place."""
    box = QRectF(middle.x() - half, middle.y() - half, half * 2, half * 2)
    painter.setBrush(shade(edge, 0.85))
    painter.setPen(QPen(shade(color), half * 0.42))
    painter.drawRect(box)
    painter.drawLine(box.topLeft(), box.bottomRight())
    painter.drawLine(box.topRight(), box.bottomLeft())
    painter.setBrush(Qt.BrushStyle.NoBrush)
