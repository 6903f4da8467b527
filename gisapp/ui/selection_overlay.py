"""The halo round what is selected, and the outline of what is under the mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from gisapp.analysis.weighted_places import places_in
from gisapp.layers.audience import Showing, showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Points
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.view import MapView, mercator
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.halo import Outlines, halo_image
from gisapp.ui.look_up import LookUp
from gisapp.ui.map_paths import path_of, transform_to
from gisapp.ui.session import Session

#: The image of the halo is this many times as wide and high as the map, like that of the map.
_OVERSIZE = 1.5
#: So many vertices and points at most are drawn quickly enough while the map is being dragged.
_QUICK = 20_000
#: The halo of more points or vertices than this is drawn by a worker.
_MANY = 30_000
#: Of more points than this only those in view are looked at, through their layer's index.
_INDEXED = 300_000


class SelectionOverlay:
    """Prepared when the selection changes; one image serves until the map has left it."""

    def __init__(self) -> None:
        self._origin = (0.0, 0.0)
        self._hover = QPainterPath()
        self._outlines = Outlines()
        self._x: NDArray[np.float64] = np.empty(0)
        self._y: NDArray[np.float64] = np.empty(0)
        self._image: tuple[QPixmap, MapView, theme.Tokens] | None = None
        #: Called when a halo is there that took a while.
        self.changed: Callable[[], None] = lambda: None
        self._many: _Many | None = None
        self._asked: tuple[MapView, theme.Tokens] | None = None
        self._later: LookUp | None = None

    def prepare(self, session: Session) -> None:
        """Take the shapes and points of the selection as far as the audience may see them."""
        self._origin = (session.view.x, session.view.y)
        self._hover = QPainterPath()
        self._x = self._y = np.empty(0)
        self._image = self._many = self._asked = None
        if self._later is None:
            self._later = LookUp(session)
        self._later.drop()
        project, selection = session.project, session.selection
        seen = seen_by(project, session.look.audience, exported=False).zones
        zones = [
            project.zones[key].shape
            for key in (selection.zone_ids if project.zones_visible else ())
            if key in seen
        ]
        shapes = np.array(zones, dtype=object)
        layer = next((la for la in project.layers if la.id == selection.layer_id), None)
        if layer is not None and layer.visible:
            look = session.look
            how = showing(layer.kind, layer.sensitivity, look.audience, exported=False)
            open_to_all = open_rows(layer, look.audience, exported=False)
            if open_to_all is not None:
                selection = replace(selection, rows=selection.rows[open_to_all[selection.rows]])
            if how is Showing.EACH and isinstance(layer.geometry, Points):
                if len(selection.rows) > _MANY:
                    self._many = _Many(layer.geometry, selection.rows, shapes, session.cache)
                else:
                    self._x, self._y = _places(layer.geometry, selection.rows)
            elif how is Showing.EACH and not isinstance(layer.geometry, Points):
                shapes = np.concatenate([shapes, layer.geometry.geoms[selection.rows]])
        if self._many is None and int(shapely.get_num_coordinates(shapes).sum()) > _MANY:
            self._many = _Many(None, selection.rows, shapes, session.cache)
        self._outlines = Outlines.of(shapes) if self._many is None else Outlines()

    def hover(self, session: Session, zone_id: str | None) -> None:
        zone = session.project.zones.get(zone_id) if zone_id else None
        self._hover = path_of([zone.shape] if zone else [], self._origin)

    def paint(self, painter: QPainter, view: MapView, *, moving: bool = False) -> None:
        """Draw the halo; while the map is `moving` the image there is goes along with it."""
        self._paint_hover(painter, view)
        if not len(self._outlines.x) and not len(self._x) and self._many is None:
            return
        quick = len(self._outlines.x) + len(self._x) <= _QUICK
        dragged = self._image is not None and self._image[1].resolution == view.resolution
        if not self._serves(view) and (self._image is None or not moving or (quick and dragged)):
            if self._many is None:
                self._make(view)
            elif not moving:
                self._ask(view, self._many)
        if self._image is not None:
            pixmap, drawn, _ = self._image
            target = target_of(drawn, view)
            if drawn.resolution == view.resolution:
                # On whole device pixels, where it was drawn, as the map is.
                target.moveTo(
                    round(target.x() * view.dpr) / view.dpr, round(target.y() * view.dpr) / view.dpr
                )
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    def _paint_hover(self, painter: QPainter, view: MapView) -> None:
        if self._hover.isEmpty():
            return
        t = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setTransform(transform_to(view, self._origin), True)
        painter.strokePath(self._hover, _pen(theme.color(t.halo_edge), 3.0))
        painter.strokePath(self._hover, _pen(theme.color(t.halo), 1.5))
        painter.restore()

    def _serves(self, view: MapView) -> bool:
        if self._image is None:
            return False
        _, drawn, tokens = self._image
        same = (drawn.resolution, drawn.dpr) == (view.resolution, view.dpr)
        seen = QRectF(0, 0, view.width, view.height)
        return same and tokens == theme.current() and target_of(drawn, view).contains(seen)

    def _make(self, view: MapView) -> None:
        t, wider = theme.current(), _wider(view)
        colors = theme.color(t.halo_edge), theme.color(t.halo)
        image = halo_image(self._outlines, self._x, self._y, wider, *colors)
        self._image = QPixmap.fromImage(image), wider, t

    def _ask(self, view: MapView, many: _Many) -> None:
        """Let a worker draw the halo of very many things; the map does not wait for it."""
        if (view, theme.current()) == self._asked or self._later is None:
            return
        self._asked = view, theme.current()
        t, wider = theme.current(), _wider(view)
        colors = theme.color(t.halo_edge), theme.color(t.halo)

        def work(progress: Progress) -> QImage:
            progress.report(None, "Marking what is selected")
            outlines = many.outlines()
            progress.check()
            x, y = many.places(wider, progress)
            progress.check()
            return halo_image(outlines, x, y, wider, *colors)

        def done(image: QImage) -> None:
            self._image = QPixmap.fromImage(image), wider, t
            self.changed()

        self._later.ask(Task("Marking what is selected", work), done)


@dataclass(slots=True, eq=False)
class _Many:
    """Very many points or outlines that are selected, for a worker to draw."""

    points: Points | None
    rows: NDArray[np.int64]
    shapes: NDArray[np.object_]
    cache: Cache
    _outlines: Outlines | None = None

    def outlines(self) -> Outlines:
        if self._outlines is None:
            self._outlines = Outlines.of(self.shapes)
        return self._outlines

    def places(
        self, view: MapView, progress: Progress
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where in Mercator metres the points are; of millions those in view, one a pixel."""
        points = self.points
        if points is None:
            return np.empty(0), np.empty(0)
        if len(self.rows) <= _INDEXED:
            return _places(points, self.rows)
        index = prepared.index_of(points, self.cache, progress)
        mask = np.zeros(len(points), dtype=bool)
        mask[self.rows] = True
        west, south, east, north = view.bounds
        step = (east - west) / view.width, (north - south) / view.height
        seen = places_in(index, (west, south, east, north), *step, mask)
        return mercator(seen.lon, seen.lat)


def _wider(view: MapView) -> MapView:
    return replace(view, width=round(view.width * _OVERSIZE), height=round(view.height * _OVERSIZE))


def _places(
    points: Points, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return mercator(points.lon[rows], points.lat[rows])


def target_of(drawn: MapView, view: MapView) -> QRectF:
    """Where the image of another view lies in this one, in its pixels."""
    scale = drawn.resolution / view.resolution
    wide, high = drawn.width * scale, drawn.height * scale
    x = (drawn.x - view.x) / view.resolution + view.width / 2
    y = (view.y - drawn.y) / view.resolution + view.height / 2
    return QRectF(x - wide / 2, y - high / 2, wide, high)


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def paint_tag(painter: QPainter, text: str, at: QPointF, fill: QColor, ink: QColor) -> QRectF:
    """Text on a small rounded ground with its upper left corner at a pixel; returns its place."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("small"))
    size = painter.fontMetrics().size(0, text)
    box = QRectF(at.x(), at.y(), size.width() + 2 * t.gap, size.height() + t.gap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(ink)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()
    return box
