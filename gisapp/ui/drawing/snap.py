"""What a place on the map snaps to: corners and edges of zones and areas, and streets.

Asked at each move of the mouse. Candidates come from a tree of whole outlines, kept as long as
the zones or the layer are the same; only those within reach of the pointer are looked at closer.
Where a layer is large its tree is made by a worker, and until then nothing snaps to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Signal
from shapely.geometry.base import BaseGeometry

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.seen import is_seen
from gisapp.layers.sketch import Place
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView
from gisapp.tasks import Task
from gisapp.ui.session import Session
from gisapp.ui.zones.index import ZoneIndex

#: How near the pointer must be, in pixels.
REACH = 10.0
#: Where more outlines than this are within reach, none could be told from the next.
_CROWD = 400
#: A layer of more rows than this is prepared by a worker.
_MANY = 30_000


class SnapKind(StrEnum):
    """What was snapped to; its value is the word shown."""

    CORNER = "corner"
    EDGE = "edge"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class Snap:
    """The exact place that is meant, and what it lies on."""

    place: Place
    kind: SnapKind


class _Near(NamedTuple):
    """How far away in pixels, and where."""

    away: float
    place: Place


class Snapper(QObject):
    """Finds what is near a pixel. `on` is the user's own choice; `changed` tells of it."""

    changed = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._zones = ZoneIndex()
        self._on = True
        self._asked: set[int] = set()

    @property
    def on(self) -> bool:
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        if on != self._on:
            self._on = on
            self.changed.emit(on)

    def at(
        self, pixel: QPointF, *, without: Iterable[str] = (), own: Iterable[Place] = ()
    ) -> Snap | None:
        """What lies within reach of a pixel: a corner before a street before an edge.

        Zones whose ids are in `without` are left out; `own` are places of what is being drawn.
        """
        view = self._session.view
        near: list[tuple[int, _Near, SnapKind]] = []
        mine = _nearest_of(np.array(list(own), dtype=float).reshape(-1, 2), view, pixel)
        if mine is not None:
            near.append((0, mine, SnapKind.CORNER))
        box = _box(view, pixel)
        for outlines, kind in self._outlines(box, frozenset(without)):
            corner, edge = _nearest(outlines, view, pixel)
            streets = kind is SnapKind.STREET
            if corner is not None:
                near.append((1 if streets else 0, corner, kind if streets else SnapKind.CORNER))
            if edge is not None:
                near.append((2 if streets else 3, edge, kind))
        if not near:
            return None
        _, found, kind = min(near, key=lambda one: (one[0], one[1].away))
        return Snap(found.place, kind)

    def on_street(self, pixel: QPointF) -> Layer | None:
        """The layer of streets that has one within reach of a pixel, the topmost."""
        box = _box(self._session.view, pixel)
        for layer in reversed(self._session.project.layers):
            if layer.kind is LayerKind.STREETS and self._is_shown(layer):
                assert isinstance(layer.geometry, Shapes)
                lines = self._rows_near(layer, layer.geometry, box)
                _, edge = _nearest(lines, self._session.view, pixel)
                if edge is not None:
                    return layer
        return None

    def _outlines(
        self, box: shapely.Polygon, without: frozenset[str]
    ) -> Iterator[tuple[NDArray[np.object_], SnapKind]]:
        project, look = self._session.project, self._session.look
        if project.zones_visible:
            bounds = box.bounds
            ids = self._zones.inside(project.zones, (bounds[0], bounds[1], bounds[2], bounds[3]))
            shapes = [
                project.zones[key].shape
                for key in ids
                if key not in without
                and is_seen(project, project.zones[key], look.audience, exported=False)
            ]
            yield np.array(shapes, dtype=object), SnapKind.EDGE
        for layer in project.layers:
            if self._is_shown(layer):
                assert isinstance(layer.geometry, Shapes)
                streets = layer.kind is LayerKind.STREETS
                kind = SnapKind.STREET if streets else SnapKind.EDGE
                yield self._rows_near(layer, layer.geometry, box), kind

    def _is_shown(self, layer: Layer) -> bool:
        each = self._session.look.showing(layer) is Showing.EACH
        return layer.visible and each and isinstance(layer.geometry, Shapes)

    def _rows_near(self, layer: Layer, shapes: Shapes, box: shapely.Polygon) -> NDArray[np.object_]:
        """The outlines of a layer within a box, of the rows that are shown."""
        tree = self._tree_of(layer, shapes)
        if tree is None:
            return np.empty(0, dtype=object)
        rows = tree.query(box)
        mask = shown_rows(layer, self._session.look, self._session.cache)
        if mask is not None:
            rows = rows[mask[rows]]
        return np.asarray(shapes.geoms[rows])

    def _tree_of(self, layer: Layer, shapes: Shapes) -> shapely.STRtree | None:
        """The tree of a layer; None while a worker makes it."""
        cache = self._session.cache
        known = cache.known((shapes,), "tree", 0)
        if isinstance(known, shapely.STRtree):
            return known
        if len(shapes) <= _MANY:
            return cache.get((shapes,), "tree", 0, lambda: shapely.STRtree(shapes.geoms))
        if id(shapes) not in self._asked:
            self._asked.add(id(shapes))
            self._session.start(
                Task(
                    "Preparing to snap",
                    lambda _: _grown(shapes, cache),
                    reads=frozenset({layer.id}),
                ),
                quick=True,
            )
        return None


def _grown(shapes: Shapes, cache: Cache) -> None:
    """Make the tree of a layer, and ask it once: that is when it is really built."""
    tree = cache.get((shapes,), "tree", 0, lambda: shapely.STRtree(shapes.geoms))
    tree.query(shapely.Point(0, 0))


def nearest_corner(
    shapes: Sequence[BaseGeometry], places: Iterable[Place], view: MapView, pixel: QPointF
) -> Place | None:
    """The corner of some outlines, or one of the places, that lies within reach of a pixel."""
    xy = np.vstack(
        [np.array(list(places), dtype=float).reshape(-1, 2), shapely.get_coordinates(shapes)]
    )
    found = _nearest_of(xy, view, pixel)
    return found.place if found is not None else None


def _box(view: MapView, pixel: QPointF) -> shapely.Polygon:
    west, north = view.to_map(pixel.x() - REACH, pixel.y() - REACH)
    east, south = view.to_map(pixel.x() + REACH, pixel.y() + REACH)
    return shapely.box(west, south, east, north)


def _nearest(
    shapes: NDArray[np.object_], view: MapView, pixel: QPointF
) -> tuple[_Near | None, _Near | None]:
    """The corner and the place on an edge of outlines that are nearest to a pixel, in reach."""
    if not len(shapes) or len(shapes) > _CROWD:
        return None, None
    lines = _lines(shapes)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    corner = _nearest_of(xy, view, pixel)
    if len(xy) < 2:
        return corner, None
    x, y = view.to_screen(xy[:, 0], xy[:, 1])
    x, y = x - pixel.x(), y - pixel.y()
    dx, dy = np.diff(x), np.diff(y)
    squared = dx * dx + dy * dy
    onto = -(x[:-1] * dx + y[:-1] * dy)
    along = np.clip(np.divide(onto, squared, out=np.zeros_like(dx), where=squared > 0), 0, 1)
    away = np.hypot(x[:-1] + along * dx, y[:-1] + along * dy)
    away[line[1:] != line[:-1]] = np.inf
    best = int(away.argmin())
    if away[best] > REACH:
        return corner, None
    # The share is of the edge in degrees too, or the place would not lie on it.
    place = xy[best] + along[best] * (xy[best + 1] - xy[best])
    return corner, _Near(float(away[best]), (float(place[0]), float(place[1])))


def _nearest_of(xy: NDArray[np.float64], view: MapView, pixel: QPointF) -> _Near | None:
    if not len(xy):
        return None
    x, y = view.to_screen(xy[:, 0], xy[:, 1])
    away = np.hypot(x - pixel.x(), y - pixel.y())
    best = int(away.argmin())
    if away[best] > REACH:
        return None
    return _Near(float(away[best]), (float(xy[best, 0]), float(xy[best, 1])))


def _lines(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """The rings of areas, and lines, each by itself."""
    parts = shapely.get_parts(shapes)
    areas = shapely.get_dimensions(parts) == 2
    return np.concatenate([shapely.get_rings(parts[areas]), parts[~areas]])
