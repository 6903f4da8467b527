"""Events as counts per cell of fixed size on the ground, for whoever may not see each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gisapp.layers.classes import (
    LARGEST_PT,
    MARK_OPACITY,
    TINY_OPACITY,
    TINY_PT,
    WIDEST,
    mark_of,
    mark_sides,
)
from gisapp.layers.event_cells import EventCells
from gisapp.layers.layer import Layer
from gisapp.layers.point_ways import fills_cells
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.marks import EDGE_PT, draw_mark, set_mark_pens
from gisapp.render.palette import shade, solid
from gisapp.render.ramps import count_colors
from gisapp.render.shown_rows import shown_rows

Floats = NDArray[np.float64]

#: No mark is smaller than this, in points, however far the map is.
_SMALLEST_PT = 0.9
#: Marks narrower than this (points) have no edge: it would be all that is seen.
_EDGED_PT = 3.0


def paint_cells(frame: Frame, layer: Layer, *, over: bool = False) -> None:
    """Draw a mark for the count of each cell in view; cells left out are not drawn.

    `over` says that counts of another layer lie below.
    """
    look = frame.look
    rows = shown_rows(layer, look, frame.cache)
    cells = prepared.cells_of(layer, look.audience, rows, frame.cache)
    if not len(cells):
        return
    boxes = _in_view(frame, cells)
    starts = prepared.cell_classes(layer, look.audience, frame.cache)
    number = np.searchsorted(np.array(starts), cells.counts, side="right") - 1
    if fills_cells(layer):
        _fill(frame, layer, boxes, number, len(starts))
        return
    across = cells.grid.cell_m / frame.view.metres_per_pixel
    tiny = across < frame.px(TINY_PT)
    widest = across if tiny else min(across * WIDEST, frame.px(LARGEST_PT))
    if widest < across * WIDEST:
        _outline(frame, layer, boxes)
    color = frame.color(layer.style.color)
    mark = mark_of(layer.kind)
    painter = frame.painter
    for place, share in enumerate(mark_sides(len(starts))):
        frame.progress.check()
        side = max(widest * share, frame.px(_SMALLEST_PT))
        opacity = TINY_OPACITY if tiny else MARK_OPACITY
        edge = frame.ground.background
        set_mark_pens(painter, color, edge, frame.px(EDGE_PT), over=over, opacity=opacity)
        if side < frame.px(_EDGED_PT):
            painter.setPen(Qt.PenStyle.NoPen)
        for left, top, right, bottom in boxes[number[boxes[:, 4].astype(int)] == place, :4]:
            draw_mark(painter, mark, QPointF((left + right) / 2, (top + bottom) / 2), side)


def _fill(
    frame: Frame, layer: Layer, boxes: Floats, number: NDArray[np.intp], classes: int
) -> None:
    """Each cell in the colour of its class: all of a class as one path, so that no seam shows."""
    painter, dpr = frame.painter, frame.view.dpr
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, frame.vector)
    painter.setPen(Qt.PenStyle.NoPen)
    edges = boxes[:, :4] if frame.vector else np.rint(boxes[:, :4] * dpr) / dpr
    of_class = number[boxes[:, 4].astype(int)]
    colors = count_colors(layer.style, classes, frame.dark, frame.look.exported)
    for place, color in enumerate(colors):
        frame.progress.check()
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for left, top, right, bottom in edges[of_class == place].tolist():
            path.addRect(left, top, right - left, bottom - top)
        painter.fillPath(path, shade(*color))


def _in_view(frame: Frame, cells: EventCells) -> Floats:
    """Left, top, right, bottom of the cells in view in logical pixels, and the cell's number."""
    boxes = cells.boxes
    left, bottom = frame.view.to_screen(boxes[:, 0], boxes[:, 1])
    right, top = frame.view.to_screen(boxes[:, 2], boxes[:, 3])
    shown = (right > 0) & (left < frame.view.width) & (bottom > 0) & (top < frame.view.height)
    on_map = np.column_stack([left, top, right, bottom, np.arange(len(left))])
    seen: Floats = on_map[shown]
    return seen


def _outline(frame: Frame, layer: Layer, boxes: Floats) -> None:
    """Thin edges of the cells: where the map is near a mark is smaller than what it stands for."""
    color = frame.color(layer.style.color)
    pen = QPen(shade(solid(color, 0.3)) if frame.vector else shade(color, 0.3), frame.px(0.5))
    frame.painter.setPen(pen)
    frame.painter.setBrush(Qt.BrushStyle.NoBrush)
    for left, top, right, bottom in boxes[:, :4].tolist():
        frame.painter.drawRect(QRectF(left, top, right - left, bottom - top))
