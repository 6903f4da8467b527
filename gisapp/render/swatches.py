"""The small pictures of a legend, drawn as on the map; for lists, pages and files alike."""

from __future__ import annotations

from dataclasses import replace

import shapely
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gisapp.analysis.points.stacks import SEVERAL
from gisapp.layers.classes import mixed
from gisapp.layers.style import Fill, LegendEntry, Style
from gisapp.layers.vocabulary import ServiceType
from gisapp.render.marks import draw_mark, set_mark_pens
from gisapp.render.painters.deployments import draw_alert
from gisapp.render.painters.hatching import diagonals
from gisapp.render.painters.services import draw_service
from gisapp.render.palette import ground, outline, seen, shade

_KINDS = {kind.label: kind for kind in ServiceType}


def swatch(entry: LegendEntry, size: int = 16, dpr: float = 1.0, dark: bool = False) -> QImage:
    """A legend entry's picture on a clear ground, `size` logical pixels wide and high."""
    side = max(round(size * dpr), 1)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_swatch(painter, QRectF(0, 0, size, size), entry, dark=dark)
    painter.end()
    return image


def draw_swatch(
    painter: QPainter,
    box: QRectF,
    entry: LegendEntry,
    *,
    dark: bool = False,
    exported: bool = False,
) -> None:
    """Draw an entry's picture into a box, in the painter's units of about 1/96 inch.

    What is half clear has the colour that it has on the empty map, whatever the box lies on.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    under, edge = ground(dark, exported).background, ground(dark, exported).edge
    style = entry.style
    color = seen(style.color, dark)
    line = replace(style, color=mixed(color, under, style.opacity), opacity=1.0)
    middle = box.center()
    if entry.symbol == "ramp":
        _ramp(painter, box, entry)
    elif entry.symbol == "marks":
        _marks(painter, box, entry, edge)
    elif entry.symbol == "service":
        radius = (min(box.width(), box.height()) / 2 - 0.5) * _share(entry)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(under))
        painter.drawEllipse(middle, radius, radius)
        painter.setOpacity(style.opacity)
        kind, count = _KINDS.get(entry.label), 2 if entry.label == SEVERAL else 1
        draw_service(painter, middle, radius, color, kind, count, edge)
    elif entry.symbol == "alert":
        draw_alert(painter, middle, min(box.width(), box.height()) / 2 - 2, edge)
    elif entry.symbol == "line":
        painter.setPen(outline(line, max(style.width, 1.2), dark))
        painter.drawLine(QLineF(box.left(), middle.y(), box.right(), middle.y()))
    elif entry.symbol == "area":
        fill = mixed(color, under, style.fill_opacity * style.opacity)
        _area(painter, box.adjusted(0, 2, 0, -2), line, fill)
    else:
        side = box.height() * _share(entry) if entry.sides else style.size * 96 / 72
        radius = min(side, box.height()) / 2
        painter.setPen(QPen(shade(edge, 0.9), 0.8))
        painter.setBrush(shade(line.color))
        painter.drawEllipse(middle, radius, radius)
    painter.restore()


def _share(entry: LegendEntry) -> float:
    """How large a symbol of a class is beside the largest of them; never too small to be seen."""
    return max(entry.sides[0], 0.2) if entry.sides else 1.0


def _ramp(painter: QPainter, box: QRectF, entry: LegendEntry) -> None:
    width = box.width() / max(len(entry.ramp), 1)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, (color, _) in enumerate(entry.ramp):
        painter.setBrush(shade(color))
        painter.drawRect(QRectF(box.left() + place * width, box.top(), width, box.height()))


def _marks(painter: QPainter, box: QRectF, entry: LegendEntry, edge: str) -> None:
    """The smallest and the largest mark beside each other, as far as there is room."""
    side = min(box.height(), box.width() * 0.62)
    small = max(side * entry.sides[0], 3.0) if entry.sides else side
    set_mark_pens(painter, entry.ramp[0][0] if entry.ramp else entry.style.color, edge, 0.6)
    middle = box.center().y()
    draw_mark(painter, entry.mark, QPointF(box.left() + small / 2, middle), small)
    draw_mark(painter, entry.mark, QPointF(box.right() - side / 2, middle), side)


def _area(painter: QPainter, box: QRectF, style: Style, fill: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if style.fill is Fill.PLAIN:
        painter.setBrush(shade(fill))
        painter.drawRect(box)
    elif style.fill is not Fill.NONE:
        painter.setPen(QPen(shade(fill), 0.7))
        painter.drawLines(_hatches(box, crossed=style.fill is Fill.CROSS_HATCHED))
    if style.width:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(outline(style, min(style.width, 4.0), False))
        painter.drawRect(box)


def _hatches(box: QRectF, *, crossed: bool) -> list[QLineF]:
    edges = (box.left(), box.top(), box.right(), box.bottom())
    area = shapely.box(*edges)
    found = []
    for direction in (1, -1) if crossed else (-1,):
        for line in shapely.get_parts(shapely.intersection(diagonals(edges, 5.0, direction), area)):
            xy = shapely.get_coordinates(line)
            if len(xy) == 2:
                found.append(QLineF(QPointF(*xy[0].tolist()), QPointF(*xy[1].tolist())))
    return found
