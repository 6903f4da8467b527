"""Zones, by how their agreement stands on the day: line and fill say it, not colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from shapely.geometry.base import BaseGeometry

from gisapp.layers.project import Project
from gisapp.layers.style import Fill, Style
from gisapp.layers.zone import Zone
from gisapp.layers.zone_look import zone_looks
from gisapp.progress import breathe
from gisapp.render import prepared
from gisapp.render.drawn import EXACT, areas, shape_array
from gisapp.render.frame import Frame
from gisapp.render.look import Look
from gisapp.render.painters.hatching import hatch
from gisapp.render.painters.lines import line_px
from gisapp.render.painters.services import discs_on
from gisapp.render.palette import shade
from gisapp.render.view import mercator
from gisapp.render.zone_paths import ZonePaths, zone_paths

#: A zone smaller than this on the map (points) is drawn as a ring of this size.
SMALLEST = 5.0
#: A zone that a service's symbol would hide is drawn as a ring so far outside it (points).
RING_GAP = 2.0
#: With more zones on the screen their lines are one device pixel wide: Qt draws such lines six
#: times as fast, and wider ones would leave little of the map.
MANY = 400
#: So many zones are held against the symbols near them at a time: each holds up whoever waits.
_AT_ONCE = 100


Grouped = Mapping[tuple[str, Style], Sequence[Zone]]
#: The groups last asked for of each project, and the looks they were made from.
_known: WeakKeyDictionary[Project, tuple[Mapping[str, tuple[str, Style]], Grouped]] = (
    WeakKeyDictionary()
)


def zones_by_look(project: Project, look: Look) -> Grouped:
    """Zones that look the same together, the quietest first: what is in force lies on top.

    Map, legend and lists all ask after each change, so it is worked out once for these.
    """
    looks = zone_looks(project, look.day, look.time)
    made_from, groups = _known.get(project, (None, {}))
    if made_from is not looks:
        groups = MappingProxyType(_grouped(project, looks))
        _known[project] = (looks, groups)
    return groups


def _grouped(
    project: Project, looks: Mapping[str, tuple[str, Style]]
) -> dict[tuple[str, Style], list[Zone]]:
    alike: dict[int, list[Zone]] = {}
    for key, look_of in looks.items():
        # A style takes long to compare, and thousands of zones share the same one.
        alike.setdefault(id(look_of), []).append(project.zones[key])
    groups: dict[tuple[str, Style], list[Zone]] = {}
    for zones in alike.values():
        groups.setdefault(looks[zones[0].id], []).extend(zones)
    return dict(sorted(groups.items(), key=lambda item: _weight(item[0][1])))


def _weight(style: Style) -> tuple[float, bool, float]:
    return (style.width, style.fill is Fill.PLAIN, style.fill_opacity)


def paint_zones(frame: Frame) -> None:
    """Draw every zone in view; zones of one look share their fill, so overlaps stay calm."""
    project = frame.scene.project
    if not project.zones_visible or not project.zones:
        return
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    groups = zones_by_look(project, frame.look)
    for (_, style), zones in groups.items():
        _fill(frame, [zone.shape for zone in zones], style)
    discs = _Discs.on(frame)
    thin = not frame.vector and not frame.look.exported and _in_view(frame) > MANY
    for (_, style), zones in groups.items():
        _draw_outlines(frame, [zone.shape for zone in zones], style, discs, thin=thin)


def _in_view(frame: Frame) -> int:
    """How many zones lie on the map, by their boxes."""
    west, south, east, north = frame.bounds()
    boxes = prepared.zone_boxes(frame.scene.project)
    seen = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    return int((seen & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)).sum())


def _fill(frame: Frame, shapes: list[BaseGeometry], style: Style) -> None:
    if style.fill is Fill.NONE or not style.fill_opacity:
        return
    if style.fill is not Fill.PLAIN:
        for area in _merged(frame, shapes).in_mercator:
            frame.progress.check()
            hatch(frame, area, style)
        return
    brush = shade(frame.color(style.color), style.fill_opacity * style.opacity)
    if frame.vector:
        merged = _merged(frame, shapes)
        drawn = areas(frame, (merged,), merged.degrees, EXACT)
        with frame.in_metres(drawn.lines.x, drawn.lines.y) as painter:
            for number in drawn.lines.in_view(*frame.mercator_box()):
                frame.progress.check()
                painter.fillPath(drawn.fills[number], brush)
        return
    zones = zone_paths(frame, shapes)
    with frame.in_metres(0.0, 0.0) as painter:
        # On screen the outline covers the edge, and Qt fills six times as fast without.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, frame.look.exported)
        painter.fillPath(zones.fill(zones.in_view(*frame.mercator_box())), brush)


def _draw_outlines(
    frame: Frame, shapes: list[BaseGeometry], style: Style, discs: _Discs, *, thin: bool
) -> None:
    resolution = frame.view.resolution
    smallest = frame.px(SMALLEST) * resolution
    width = line_px(frame, style.width)
    if thin:
        width = min(width, 1.0 / frame.view.dpr)
    lines = _outlines(frame, shapes)
    with frame.in_metres(lines.x, lines.y) as painter:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(frame.pen_in_metres(style, width))
        seen = lines.in_view(*frame.mercator_box(width))
        boxes = lines.boxes[seen]
        halves = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 2
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        middles += (lines.x, lines.y)
        rings = discs.rings(middles[:, 0], middles[:, 1], halves)
        bare = np.isnan(rings[:, 2]) & (halves * 2 < smallest)
        rings[bare] = np.column_stack([middles[bare], np.full(int(bare.sum()), smallest / 2)])
        for (x, y, radius), number in zip(rings.tolist(), seen.tolist(), strict=True):
            frame.progress.check()
            if isnan(radius):
                painter.drawPath(lines.paths[number])
            else:
                painter.drawEllipse(QPointF(x - lines.x, y - lines.y), radius, radius)


def _outlines(frame: Frame, shapes: list[BaseGeometry]) -> ZonePaths:
    """A path for each zone: on screen prepared, in a file exact and cut at the edge of the map."""
    if not frame.vector:
        return zone_paths(frame, shapes)
    drawn = areas(frame, tuple(shapes), shape_array(shapes), EXACT)
    lines = drawn.lines
    return ZonePaths(tuple(drawn.strokes), lines.boxes, QPainterPath(), lines.x, lines.y)


@dataclass(frozen=True, slots=True, eq=False)
class _Discs:
    """The symbols of services on the map, which lie over zones: Mercator metres, west to east."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    radius: NDArray[np.float64]
    gap: float
    #: No zone larger than this (half its width) is hidden, nor one farther from all symbols.
    largest: float

    @classmethod
    def on(cls, frame: Frame) -> _Discs:
        view = frame.view
        x, y, radius = discs_on(frame)
        x = view.x + (x - view.width / 2) * view.resolution
        y = view.y - (y - view.height / 2) * view.resolution
        gap = frame.px(RING_GAP) * view.resolution
        order = np.argsort(x, kind="stable")
        radius = radius[order] * view.resolution
        largest = float(radius.max()) + gap if len(radius) else 0.0
        return cls(x[order], y[order], radius, gap, largest)

    def rings(
        self, x: NDArray[np.float64], y: NDArray[np.float64], half: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Middle and radius (n, 3) of a ring round the nearest symbol that hides a zone, or NaN.

        One whose outline would lie on the edge of the symbol, or nearer to it than a ring does, is
        hidden, too. `half` is half the width of a zone.
        """
        found = np.full((len(x), 3), np.nan)
        if not self.largest:
            return found
        first = self.x.searchsorted(x - self.largest)
        counts = self.x.searchsorted(x + self.largest) - first
        for start in range(0, len(x), _AT_ONCE):
            breathe()
            some = slice(start, start + _AT_ONCE)
            # Each zone with each of the symbols about as far east.
            zone = np.repeat(np.arange(len(x))[some], counts[some])
            begun = np.cumsum(counts[some]) - counts[some]
            disc = np.arange(len(zone)) + np.repeat(first[some] - begun, counts[some])
            away = np.hypot(self.x[disc] - x[zone], self.y[disc] - y[zone])
            reach, radius = away + half[zone], self.radius[disc]
            near = (half[zone] >= radius - self.gap) & (reach < radius + self.gap)
            hiding = np.flatnonzero((reach < radius) | near)
            nearest = hiding[np.lexsort((away[hiding], zone[hiding]))]
            hidden, at = np.unique(zone[nearest], return_index=True)
            disc = disc[nearest[at]]
            found[hidden] = np.stack([self.x[disc], self.y[disc], self.radius[disc] + self.gap], 1)
        return found


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class _Merged:
    """The union of zones that look the same: areas without overlap, and the same in Mercator."""

    degrees: NDArray[np.object_]
    in_mercator: NDArray[np.object_]


def _merged(frame: Frame, shapes: list[BaseGeometry]) -> _Merged:
    def make() -> _Merged:
        # An outline that crosses itself is drawn as it is told, and cannot be united as it is.
        sound = shapely.make_valid(shape_array(shapes))
        parts = shapely.get_parts(shapely.union_all(sound))
        degrees = parts[shapely.get_type_id(parts) == 3]
        flat = shapely.transform(degrees, lambda xy: np.column_stack(mercator(xy[:, 0], xy[:, 1])))
        return _Merged(degrees, flat)

    return frame.cache.get(tuple(shapes), "merged", 0, make)
