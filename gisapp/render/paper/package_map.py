"""The map on the page of a package: its zones with their numbers, over a few lines of the city."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.content import Content
from gisapp.layers.audience import Showing, showing
from gisapp.layers.layer import Shapes
from gisapp.layers.project import Project
from gisapp.layers.style import GREEN
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.furniture import paint_north, paint_scale_bar
from gisapp.render.palette import PAPER, font, shade, solid
from gisapp.render.view import MapView

_MARGIN = 0.08
#: More corners than this make a heavy page that says no more: the streets are then left out.
_MOST_CORNERS = 60_000
_GREY, _PALE = "#8C959F", "#C9CED3"
#: A zone smaller than this on paper is shown by a dot.
_LEAST = 5.0


def ground_lines(project: Project, content: Content) -> tuple[BaseGeometry, ...]:
    """Boundaries and streets (EPSG:4326) round the zones that the package's reader may see."""
    box = shapely.box(*_bounds(content)) if content.zones else None
    found: list[BaseGeometry] = []
    left = _MOST_CORNERS
    for kind in (LayerKind.BOUNDARIES, LayerKind.STREETS):
        for layer in project.layers_of(kind):
            may = showing(kind, layer.sensitivity, content.note.audience, exported=True)
            if box is None or may is not Showing.EACH or not isinstance(layer.geometry, Shapes):
                continue
            wide = box.buffer(max(box.bounds[2] - box.bounds[0], 0.005) / 3)
            geoms = layer.geometry.geoms
            some = geoms[shapely.intersects(geoms, wide)]
            corners = int(shapely.get_num_coordinates(some).sum())
            if corners <= left:
                left -= corners
                lines = shapely.boundary(some) if kind is LayerKind.BOUNDARIES else some
                found += [line for line in lines if line is not None]
    return tuple(found)


def paint_map(
    painter: QPainter, content: Content, box: QRectF, lines: Sequence[BaseGeometry], numbered: int
) -> None:
    """Draw the zones of a package in a box; the first `numbered` with their numbers."""
    bounds = _bounds(content)
    view = MapView.fit(bounds, round(box.width()), round(box.height()), margin=_MARGIN)
    painter.save()
    painter.setClipRect(box)
    painter.translate(box.topLeft())
    painter.setPen(QPen(shade(_PALE), 0.7))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in lines:
        painter.drawPath(_path(view, line, closed=False))
    for shape in _side_by_side(content):
        _paint_zone(painter, view, shape)
    imperial = content.timezone.startswith("America/")
    _paint_numbers(painter, view, content, numbered)
    corner = QPointF(8, box.height() - 8)
    paint_scale_bar(painter, corner, view, PAPER, imperial=imperial)
    paint_north(painter, QPointF(box.width() - 24, 26), PAPER)
    painter.restore()
    painter.setPen(QPen(shade(_GREY), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _paint_zone(painter: QPainter, view: MapView, shape: BaseGeometry) -> None:
    path = _path(view, shape, closed=True)
    # Opaque colours: half-clear ones make a PDF of many parts.
    painter.setPen(QPen(shade(GREEN), 1.4))
    painter.setBrush(shade(solid(GREEN, 0.25)))
    seen = path.boundingRect()
    if max(seen.width(), seen.height()) < _LEAST:
        painter.drawEllipse(seen.center(), _LEAST / 2, _LEAST / 2)
    else:
        painter.drawPath(path)


def _paint_numbers(painter: QPainter, view: MapView, content: Content, numbered: int) -> None:
    painter.setFont(_written())
    for number, plate in number_plates(view, _side_by_side(content)[:numbered]).items():
        painter.setPen(QPen(shade(GREEN), 0.8))
        painter.setBrush(shade(PAPER.plate))
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(QPen(shade(PAPER.text)))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, f"{number}")


def number_plates(view: MapView, shapes: Sequence[BaseGeometry]) -> dict[int, QRectF]:
    """Numbers from 1 with their boxes, in each zone or at a corner of it, none on another.

    One that finds no room is left out.
    """
    metrics = QFontMetricsF(_written())
    room = QRectF(0, 0, view.width, view.height)
    taken: dict[int, QRectF] = {}
    for number, shape in enumerate(shapes, 1):
        within = shapely.point_on_surface(shape)
        px, py = view.to_screen(np.array([within.x]), np.array([within.y]))
        plate = QRectF(0, 0, metrics.horizontalAdvance(f"{number}") + 6, metrics.height())
        plate.moveCenter(QPointF(float(px[0]), float(py[0])))
        seen = _path(view, shape, closed=True).boundingRect()
        places = _at_corners(plate, seen)
        # A small zone would be hidden by its number.
        if max(seen.width(), seen.height()) >= 1.5 * plate.height():
            places = [plate, *places]
        free = (
            one
            for one in places
            if room.contains(one) and not any(one.intersects(other) for other in taken.values())
        )
        found = next(free, None)
        if found is not None:
            taken[number] = found
    return taken


def _at_corners(plate: QRectF, seen: QRectF) -> list[QRectF]:
    """The plate at each corner of a zone as it is seen, then a step farther out."""
    places = []
    for out in (2.0, plate.height()):
        wide, high = plate.width() + out, plate.height() + out - 2
        places += [
            QRectF(QPointF(x, y), plate.size())
            for x, y in (
                (seen.right() + out, seen.top() - high),
                (seen.left() - wide, seen.top() - high),
                (seen.right() + out, seen.bottom() + out - 2),
                (seen.left() - wide, seen.bottom() + out - 2),
            )
        ]
    return places


def _written() -> QFont:
    return font(10, bold=True)


def _path(view: MapView, shape: BaseGeometry, *, closed: bool) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in _rings(shape):
        xy = shapely.get_coordinates(ring)
        px, py = view.to_screen(xy[:, 0], xy[:, 1])
        line = QPolygonF([QPointF(x, y) for x, y in zip(px.tolist(), py.tolist(), strict=True)])
        path.addPolygon(line)
        if closed:
            path.closeSubpath()
    return path


def _rings(shape: BaseGeometry) -> list[BaseGeometry]:
    """The lines that a shape is drawn by."""
    rings: list[BaseGeometry] = []
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            rings += [part.exterior, *part.interiors]
        elif shapely.get_dimensions(part) == 1:
            rings.append(part)
    return rings


def _bounds(content: Content) -> tuple[float, float, float, float]:
    """The box round all zones in degrees; across the antimeridian it goes on beyond 180."""
    shapes = np.array(_side_by_side(content), dtype=object)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return west, south, east, north


def _side_by_side(content: Content) -> list[BaseGeometry]:
    """The outlines, those west of the antimeridian put beside those east of it."""
    shapes = [zone.shape for zone in content.zones]
    west, _, east, _ = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    if east - west <= 180:
        return shapes
    return [shapely.transform(shape, _onward) for shape in shapes]


def _onward(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.where(xy[:, 0] < 0, xy[:, 0] + 360, xy[:, 0]), xy[:, 1]])
