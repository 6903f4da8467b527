"""The map of a briefing: the zones it speaks of by their numbers, services, and the area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.briefing import Line
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Bounds, Points
from gisapp.layers.project import Project
from gisapp.layers.style import INK, Fill, LegendEntry, Style
from gisapp.layers.style import Line as Stroke
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.furniture import paint_north, paint_scale_bar
from gisapp.render.legend import LegendSection, legend
from gisapp.render.look import Look, Scene
from gisapp.render.page_legend import legend_height, paint_legend
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.scene import paint
from gisapp.render.view import MapView

#: Layers that a briefing is not about; events are in no map for officers anyway.
_LEFT_OUT = (LayerKind.DEPLOYMENTS, LayerKind.POPULATION, LayerKind.REFERRALS)
#: Share of the box that the legend may take.
_LEGEND_SHARE = 0.3
#: More numbers than this are set smaller.
_MANY = 30
#: Half the width of a service's disc.
_DISC = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class BriefingMap:
    """What the map shows: zones by number, the outline of the area, and the day it is drawn for."""

    project: Project
    lines: tuple[Line, ...]
    audience: Audience
    day: date
    at: time | None = None
    area: BaseGeometry | None = None
    area_name: str = ""

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east, north in degrees: the area, or the zones of the whole jurisdiction."""
        if self.area is not None:
            west, south, east, north = self.area.bounds
            return float(west), float(south), float(east), float(north)
        if not self.lines:
            return self.project.subject
        boxes = np.array([line.zone.shape.bounds for line in self.lines])
        west, south = boxes[:, :2].min(axis=0)
        east, north = boxes[:, 2:].max(axis=0)
        return float(west), float(south), float(east), float(north)


def paint_briefing_map(
    painter: QPainter,
    what: BriefingMap,
    box: QRectF,
    cache: Cache,
    progress: Progress,
    dpr: float = 1.0,
) -> int:
    """Draw map and legend into a box (1/96 inch); returns how many numbers found no room.

    `dpr` is the number of device pixels a unit, for images.
    """
    project = _subject(what)
    look = Look(day=what.day, time=what.at, audience=what.audience, exported=True)
    view = _view(what, box, dpr)
    sections = _sections(what, project, look, view, cache)
    height = legend_height(sections, box.width(), 3, box.height() * _LEGEND_SHARE)
    ground = QRectF(box.left(), box.top(), box.width(), box.height() - height - 6)
    view = _view(what, ground, dpr)
    left = _paint_ground(painter, what, Scene(project, view, look), ground, cache, progress)
    below = QRectF(box.left(), ground.bottom() + 6, box.width(), height)
    paint_legend(painter, below, sections, 3)
    return left


def briefing_image(
    what: BriefingMap, width: int, height: int, dpi: int, cache: Cache, progress: Progress
) -> QImage:
    """The same as an image; width and height in 1/96 inch."""
    scale = dpi / 96
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(PAPER.background))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        paint_briefing_map(painter, what, QRectF(0, 0, width, height), cache, progress, scale)
    finally:
        painter.end()
    return image


def _subject(what: BriefingMap) -> Project:
    """The project with the zones of the briefing alone, and without what distracts from them."""
    layers = tuple(
        layer
        for layer in what.project.layers
        if layer.kind not in _LEFT_OUT and not layer.is_events
    )
    zones = {line.zone.id: line.zone for line in what.lines}
    return replace(
        what.project, layers=layers, zones=zones, hotspots=(), zones_visible=True, base_map=None
    )


def _view(what: BriefingMap, box: QRectF, dpr: float) -> MapView:
    width, height = max(round(box.width()), 1), max(round(box.height()), 1)
    view = MapView.fit(what.bounds, width, height, margin=0.08, dpr=dpr)
    # A zone round one door is shown with the streets that lead to it.
    return replace(view, resolution=max(view.resolution, 0.75))


def _sections(
    what: BriefingMap, project: Project, look: Look, view: MapView, cache: Cache
) -> tuple[LegendSection, ...]:
    """The legend in a line: the area, zones, and one sign for all services."""
    shown: list[LegendSection] = []
    if what.area is not None:
        entry = LegendEntry("This area", _AREA, "area", "")
        shown.append(LegendSection("area", "This area", "", (entry,), "area"))
    shown += [
        replace(one, subtitle="", note="")
        for one in legend(project, look, cache, view)
        if one.id == "zones"
    ]
    layers = [layer for layer in project.layers_of(LayerKind.SERVICES) if layer.visible]
    if layers and _service_boxes(Scene(project, view, look)):
        sign = LegendEntry("Service", layers[0].style, "service", "")
        shown.append(LegendSection("services", "Services", "", (sign,)))
    return tuple(shown)


_AREA = Style(color=INK, width=2, line=Stroke.DASHED, fill=Fill.NONE)


def _paint_ground(
    painter: QPainter,
    what: BriefingMap,
    scene: Scene,
    box: QRectF,
    cache: Cache,
    progress: Progress,
) -> int:
    painter.save()
    try:  # drawing may be stopped
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        painter.translate(box.topLeft())
        paint(scene, painter, cache, progress)
        if what.area is not None:
            _paint_area(painter, what.area, scene.view)
        corner = QPointF(6, box.height() - 6)
        imperial = what.project.timezone.startswith("America/")
        taken = [
            paint_scale_bar(painter, corner, scene.view, PAPER, longest=100, imperial=imperial),
            paint_north(painter, QPointF(box.width() - 20, 24), PAPER, 24),
        ]
        taken += _service_boxes(scene)
        left = _paint_numbers(painter, what.lines, scene.view, taken)
    finally:
        painter.restore()
    painter.setPen(QPen(shade(PAPER.quiet_text), 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    return left


def _service_boxes(scene: Scene) -> list[QRectF]:
    """Where the discs of services stand, which no number may cover."""
    boxes = []
    for layer in scene.project.layers_of(LayerKind.SERVICES):
        if not (scene.draws(layer) and isinstance(layer.geometry, Points)):
            continue
        x, y = scene.view.to_screen(layer.geometry.lon, layer.geometry.lat)
        near = (x > 0) & (x < scene.view.width) & (y > 0) & (y < scene.view.height)
        boxes += [
            QRectF(left - _DISC, top - _DISC, 2 * _DISC, 2 * _DISC)
            for left, top in zip(x[near].tolist(), y[near].tolist(), strict=True)
        ]
    return boxes


def _paint_area(painter: QPainter, shape: BaseGeometry, view: MapView) -> None:
    pen = QPen(shade(INK), 2)
    pen.setDashPattern([4.0, 2.5])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in shapely.get_parts(shape):
        if shapely.get_dimensions(part) == 0:
            x, y = view.to_screen(np.array([part.x]), np.array([part.y]))
            painter.drawEllipse(QPointF(float(x[0]), float(y[0])), 14, 14)
            continue
        line = part.exterior if shapely.get_dimensions(part) == 2 else part
        lon, lat = shapely.get_coordinates(line).T
        path = QPainterPath()
        for place, (x, y) in enumerate(zip(*view.to_screen(lon, lat), strict=True)):
            (path.lineTo if place else path.moveTo)(float(x), float(y))
        painter.drawPath(path)


def _paint_numbers(
    painter: QPainter, lines: Sequence[Line], view: MapView, taken: list[QRectF]
) -> int:
    """A number on each zone, a little aside where another stands; those without room are counted.

    The ground of a zone that reaches over the edge of the map is numbered within it.
    """
    radius = 9.0 if len(lines) <= _MANY else 6.5
    frame = shapely.box(*view.bounds)
    room = QRectF(0, 0, view.width, view.height)
    left = 0
    for line in lines:
        shape = line.zone.shape
        valid = shape if shapely.is_valid(shape) else shapely.make_valid(shape)
        inside = shapely.intersection(valid, frame)
        if inside.is_empty:
            left += 1
            continue
        at = inside.representative_point()
        x, y = view.to_screen(np.array([at.x]), np.array([at.y]))
        place = _free(float(x[0]), float(y[0]), radius, taken, room)
        if place is None:
            left += 1
            continue
        taken.append(place)
        _paint_number(painter, line.number, place)
    return left


def _free(x: float, y: float, radius: float, taken: list[QRectF], room: QRectF) -> QRectF | None:
    for away in (0.0, 2.2, 4.4):
        for across, up in ((0, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 0), (-1, 0)):
            middle = QPointF(x + across * away * radius, y + up * away * radius)
            box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
            if room.contains(box) and not any(box.intersects(other) for other in taken):
                return box
            if not away:
                break
    return None


def _paint_number(painter: QPainter, number: int, box: QRectF) -> None:
    text, written = str(number), font(box.height() * 0.62, bold=True)
    # A number of three figures makes its disc a pill.
    wide = QFontMetricsF(written).horizontalAdvance(text) + box.height() * 0.35
    pill = box.adjusted(min((box.width() - wide) / 2, 0), 0, max((wide - box.width()) / 2, 0), 0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade(PAPER.background), 1.2))
    painter.setBrush(shade(PAPER.text))
    painter.drawRoundedRect(pill, box.height() / 2, box.height() / 2)
    painter.setPen(shade(PAPER.background))
    painter.setFont(written)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
