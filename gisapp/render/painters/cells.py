"""Events as counts per cell of fixed size on the ground, for whoever may not see each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gisapp.layers.layer import Layer
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.palette import shade
from gisapp.render.ramps import hue_ramp


def paint_cells(frame: Frame, layer: Layer) -> None:
    """Draw the cells in view in the class of their count; cells left out are not drawn."""
    cells = prepared.cells_of(layer, frame.look.audience, frame.look.rows_of(layer), frame.cache)
    if not len(cells):
        return
    boxes = cells.boxes
    left, bottom = frame.view.to_screen(boxes[:, 0], boxes[:, 1])
    right, top = frame.view.to_screen(boxes[:, 2], boxes[:, 3])
    shown = (right > 0) & (left < frame.view.width) & (bottom > 0) & (top < frame.view.height)
    starts = prepared.cell_classes(layer, frame.look.audience, frame.cache)
    colors = hue_ramp(layer.style.color, len(starts), frame.dark, frame.look.exported)
    number = np.searchsorted(np.array(starts), cells.counts, side="right") - 1
    # A hair of the map between cells keeps them countable; none where they are tiny.
    left, right = np.clip(left, 0, frame.view.width), np.clip(right, 0, frame.view.width)
    top, bottom = np.clip(top, 0, frame.view.height), np.clip(bottom, 0, frame.view.height)
    gap = frame.px(0.4) if cells.grid.cell_m / frame.view.metres_per_pixel > frame.px(5) else 0.0
    painter = frame.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, gap > 0)
    painter.setPen(Qt.PenStyle.NoPen)
    corners = np.column_stack([left, top, right - left - gap, bottom - top - gap])
    for place in range(len(starts)):
        frame.progress.check()
        painter.setBrush(shade(colors[place], 0.88))
        some = corners[shown & (number == place)]
        painter.drawRects([QRectF(*box) for box in some.tolist()])
