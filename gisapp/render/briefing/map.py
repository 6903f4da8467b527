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

from gisapp.analysis.briefing.briefing import Line
from gisapp.analysis.briefing.maps import MapPart
from gisapp.analysis.briefing.words import numbered
from gisapp.layers.audience import Audience
from gisapp.layers.frame import frame_of
from gisapp.layers.layer import Bounds, Layer
from gisapp.layers.project import Project
from gisapp.layers.style import INK, Fill, LegendEntry, Style
from gisapp.layers.style import Line as Stroke
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.briefing.numbers import (
    Numbers,
    letter_places,
    number_places,
    paint_numbers,
    service_boxes,
)
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.furniture import paint_north, paint_scale_bar
from gisapp.render.legend import LegendSection, legend
from gisapp.render.look import Look, Scene
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.painters.labels import paint_labels
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.paper.blocks import ROOMY
from gisapp.render.paper.legend import GUTTER, legend_fits, legend_height, paint_legend
from gisapp.render.steps import LABELS, steps_of
from gisapp.render.text import draw_lines, line_height, wrapped
from gisapp.render.view import MapView

#: Layers that a briefing is not about; events are in no map for officers anyway.
_LEFT_OUT = (LayerKind.DEPLOYMENTS, LayerKind.POPULATION, LayerKind.REFERRALS)
#: Share of the box that the legend may take.
_SHARE = 0.3
#: How many lines the words under the map take, and the most letters of numbers.
_NOTE_LINES, _MOST_SAID = 2, 80
#: Size of the words of a legend, and what its symbols and gaps take of a column.
_ENTRY, _BESIDE = ROOMY.text, 38.0
#: What a legend in large print is tried to be larger by than its map, which is 1.5 times as large,
#: and the share of the box for it: words of 10 units then have up to 18 points, and 14 at least.
_LARGER = (
    *((larger, _SHARE) for larger in (1.6, 1.5, 1.4, 1.3, 1.25)),
    *((larger, 0.45) for larger in (1.4, 1.25)),
)


@dataclass(frozen=True, slots=True)
class _Letters:
    """Sizes of words on the map in its units: at the scale, under the map, the letter of north.

    `names` is the least size of names in points, `north` that of the arrow, and numbers of zones
    are `numbers` times as large as elsewhere.
    """

    scale: float = 11.0
    note: float = 9.5
    letter: float = 8.6
    north: float = 24.0
    names: float = 0.0
    numbers: float = 1.0


_PLAIN = _Letters()
#: On a map that is drawn 1.5 times as large, 13 units are 14.6 points.
_LARGE = _Letters(scale=13.0, note=13.0, letter=13.0, north=30.0, names=9.75, numbers=1.15)


@dataclass(frozen=True, slots=True, eq=False)
class BriefingMap:
    """What the map shows: zones by number, the outline of the area, and the day it is drawn for.

    A jurisdiction with many zones has a map for each of its `parts`; that of all has their frames
    in place of numbers. `part` is the letter of the one that is drawn.
    """

    project: Project
    lines: tuple[Line, ...]
    audience: Audience
    day: date
    at: time | None = None
    area: BaseGeometry | None = None
    parts: tuple[MapPart, ...] = ()
    part: str = ""

    @property
    def shown(self) -> MapPart | None:
        """The part that is drawn; None for all of the ground."""
        return next((one for one in self.parts if one.letter == self.part), None)

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east, north in degrees: the area, the part, or all zones."""
        if self.shown is not None:
            return self.shown.bounds
        if self.area is not None:
            west, south, east, north = self.area.bounds
            return float(west), float(south), float(east), float(north)
        if not self.lines:
            return frame_of(self.project, self.audience)
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
    zoom: float = 1.0,
) -> tuple[int, ...]:
    """Draw map and legend into a box (1/96 inch); returns the numbers that found no room.

    They are said under the map. `dpr` is the number of device pixels a unit, for images; where
    the painter draws larger by `zoom`, for large print, words are larger still, and those of the
    legend as large as it has room for.
    """
    letters = _LARGE if zoom > 1 else _PLAIN
    project = _subject(what, letters)
    look = Look(day=what.day, time=what.at, audience=what.audience, exported=True)
    view = _view(what, box, dpr)
    sections = _sections(what, project, look, view, cache)
    larger, share = _legend_zoom(sections, box) if zoom > 1 else (1.0, _SHARE)
    columns = legend_columns(sections, box.width() / larger)
    height = larger * _legend_height(sections, box, larger, share)
    ground = QRectF(box.left(), box.top(), box.width(), box.height() - height - 6)
    scene = Scene(project, _view(what, ground, dpr), look)
    numbers, written = _numbers(what, scene, letters), font(letters.note)
    if numbers.left:
        ground.setHeight(ground.height() - _NOTE_LINES * line_height(written))
        scene = Scene(project, _view(what, ground, dpr), look)
        numbers = _numbers(what, scene, letters)
    frame = Frame(scene, painter, cache, progress)
    _paint_ground(painter, what, scene, ground, numbers, frame, letters)
    if numbers.left:
        said = wrapped(not_on_the_map(numbers.left), written, box.width(), _NOTE_LINES)
        painter.setPen(shade(PAPER.text))
        draw_lines(painter, said, written, box.left(), ground.bottom() + 2)
    below = QRectF(box.left(), box.bottom() - height, box.width(), height)
    painter.save()
    painter.translate(below.topLeft())
    painter.scale(larger, larger)
    paint_legend(painter, QRectF(0, 0, below.width() / larger, height / larger), sections, columns)
    painter.restore()
    return numbers.left


def _numbers(what: BriefingMap, scene: Scene, letters: _Letters) -> Numbers:
    """A place for the number of each zone, or the letter of each part, clear of scale and arrow."""
    if what.parts and what.shown is None:
        frames = [(one.letter, one.bounds) for one in what.parts]
        return letter_places(frames, scene.view, letters.numbers)
    taken = _furniture(None, what, scene.view, letters)
    if what.shown is None:
        return number_places(what.lines, scene, taken, letters.numbers)
    # Zones of other parts that reach into the frame have a number where there is room for it.
    own, frame = set(what.shown.numbers), shapely.box(*what.shown.bounds)
    lines = [line for line in what.lines if line.number in own or line.zone.shape.intersects(frame)]
    lines.sort(key=lambda line: line.number not in own)
    found = number_places(lines, scene, taken, letters.numbers)
    return replace(found, left=tuple(one for one in found.left if one in own))


def not_on_the_map(numbers: Sequence[int]) -> str:
    """`Numbers 31–40 are not on the map: see the list.`; empty where there are none."""
    if not numbers:
        return ""
    one = len(numbers) == 1
    named = f"{'Number' if one else 'Numbers'} {numbered(numbers)}"
    if len(named) > _MOST_SAID:
        named = f"{len(numbers)} numbers"
    return f"{named} {'is' if one else 'are'} not on the map: see the list."


def briefing_image(
    what: BriefingMap,
    width: int,
    height: int,
    dpi: int,
    cache: Cache,
    progress: Progress,
    zoom: float = 1.0,
) -> tuple[QImage, tuple[int, ...]]:
    """The same as an image, and the numbers that found no room; sizes in 1/96 inch.

    `zoom` is by how much the paper shows it larger.
    """
    scale = dpi / 96
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(PAPER.background))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        box = QRectF(0, 0, width, height)
        left = paint_briefing_map(painter, what, box, cache, progress, scale, zoom)
    finally:
        painter.end()
    return image, left


def _subject(what: BriefingMap, letters: _Letters) -> Project:
    """The project with the zones of the briefing alone, and without what distracts from them."""
    layers = tuple(
        _lettered(layer, letters.names)
        for layer in what.project.layers
        if layer.kind not in _LEFT_OUT and not layer.is_events
    )
    zones = {line.zone.id: line.zone for line in what.lines}
    if letters.names:
        # Their numbers tell them: names at a size of their own would be the smallest words.
        zones = {key: replace(zone, name="") for key, zone in zones.items()}
    return replace(
        what.project, layers=layers, zones=zones, hotspots=(), zones_visible=True, base_map=None
    )


def _lettered(layer: Layer, least: float) -> Layer:
    """A layer whose names have a least size in points."""
    labels = layer.style.labels
    if labels.size >= least:
        return layer
    return replace(layer, style=replace(layer.style, labels=replace(labels, size=least)))


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
    if layers and service_boxes(Scene(project, view, look)):
        sign = LegendEntry("Service", layers[0].style, "service", "")
        shown.append(LegendSection("services", "Services", "", (sign,)))
    return tuple(shown)


def legend_columns(sections: Sequence[LegendSection], width: float) -> int:
    """The most columns, up to three, in which every entry stands whole on its two lines."""
    entries = [entry for section in sections for entry in section.entries]
    for columns in (3, 2):
        room = (width - GUTTER * (columns - 1)) / columns - _BESIDE
        if all(
            len(wrapped(one.label, font(_ENTRY), room - _advance(one.count))) <= 2
            for one in entries
        ):
            return columns
    return 1


def _legend_height(
    sections: tuple[LegendSection, ...], box: QRectF, larger: float, share: float
) -> float:
    """The height of the legend in its own units, of which a unit of the box has fewer."""
    width, most = box.width() / larger, box.height() * share / larger
    return legend_height(sections, width, legend_columns(sections, width), most)


def _legend_zoom(sections: tuple[LegendSection, ...], box: QRectF) -> tuple[float, float]:
    """By how much the legend of large print can be larger than its map; its share of the box."""
    for larger, share in _LARGER:
        width = box.width() / larger
        columns = legend_columns(sections, width)
        if legend_fits(sections, width, box.height() * share / larger, columns, ROOMY.text):
            return larger, share
    return _LARGER[-1]


def _advance(text: str) -> float:
    return QFontMetricsF(font(_ENTRY)).horizontalAdvance(text)


_AREA = Style(color=INK, width=2, line=Stroke.DASHED, fill=Fill.NONE)


def _paint_ground(
    painter: QPainter,
    what: BriefingMap,
    scene: Scene,
    box: QRectF,
    numbers: Numbers,
    frame: Frame,
    letters: _Letters,
) -> None:
    """Numbers have their places before names are given theirs: so none stands over another."""
    painter.save()
    try:  # drawing may be stopped
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        painter.translate(box.topLeft())
        for step in steps_of(scene, frame.cache):
            if step.name != LABELS:
                frame.progress.check()
                painter.save()
                try:
                    step.paint(frame)
                finally:
                    painter.restore()
        if what.area is not None:
            _paint_area(painter, what.area, scene.view)
        framed = what.parts if what.shown is None else (what.shown,)
        _paint_frames(painter, framed, scene.view)
        taken = Taken()
        for one in (
            *_furniture(painter, what, scene.view, letters),
            *(at for _, at, _ in numbers.placed),
        ):
            taken.add(one)
        paint_labels(frame, taken)
        paint_numbers(painter, numbers)
    finally:
        painter.restore()
    painter.setPen(QPen(shade(PAPER.quiet_text), 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _furniture(
    painter: QPainter | None, what: BriefingMap, view: MapView, letters: _Letters
) -> list[QRectF]:
    """Draw scale bar and north arrow; returns their boxes. Without a painter only that."""
    if painter is None:
        nowhere = QImage(1, 1, QImage.Format.Format_RGB32)
        aside = QPainter(nowhere)
        try:
            return _furniture(aside, what, view, letters)
        finally:
            aside.end()
    corner, imperial = QPointF(6, view.height - 6), what.project.timezone.startswith("America/")
    north = QPointF(view.width - letters.north * 0.85, letters.north)
    return [
        paint_scale_bar(
            painter, corner, view, PAPER, longest=100, imperial=imperial, size=letters.scale
        ),
        paint_north(painter, north, PAPER, letters.north, letters.letter),
    ]


def _paint_frames(painter: QPainter, parts: Sequence[MapPart], view: MapView) -> None:
    painter.setPen(QPen(shade(INK), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in parts:
        west, south, east, north = part.bounds
        x, y = view.to_screen(np.array([west, east]), np.array([north, south]))
        painter.drawRect(QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1])))


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
