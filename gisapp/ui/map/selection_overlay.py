"""The halo round what is selected, and the outline of what is under the mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from gisapp.layers.audience import Showing, showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.marked_places import Marks, marks_of
from gisapp.render.view import MapView
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.look_up import LookUp
from gisapp.ui.map.halo import Outlines, halo_image
from gisapp.ui.map.paths import path_of, transform_to
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
        self._shapes: NDArray[np.object_] = np.empty(0, dtype=object)
        self._marked: _Marked | None = None
        self._image: tuple[QPixmap, MapView, theme.Tokens] | None = None
        #: Called when a halo is there that took a while.
        self.changed: Callable[[], None] = lambda: None
        self._many = False
        self._asked: tuple[MapView, theme.Tokens] | None = None
        self._later: LookUp | None = None

    def prepare(self, session: Session) -> None:
        """Take the shapes and points of the selection as far as the audience may see them."""
        self._origin = (session.view.x, session.view.y)
        self._hover = QPainterPath()
        self._image = self._asked = self._marked = None
        if self._later is None:
            self._later = LookUp(session)
        self._later.drop()
        project, selection = session.project, session.selection
        shapes = _zones_seen(session)
        layer = next((la for la in project.layers if la.id == selection.layer_id), None)
        if layer is not None and layer.visible:
            look = session.look
            how = showing(layer.kind, layer.sensitivity, look.audience, exported=False)
            open_to_all = open_rows(layer, look.audience, exported=False)
            if open_to_all is not None:
                selection = replace(selection, rows=selection.rows[open_to_all[selection.rows]])
            if how is Showing.EACH and isinstance(layer.geometry, Points):
                if len(selection.rows):
                    self._marked = _Marked(layer, selection.rows, look, session.cache, project)
            elif how is Showing.EACH and not isinstance(layer.geometry, Points):
                shapes = np.concatenate([shapes, layer.geometry.geoms[selection.rows]])
        self._shapes = shapes
        # What is drawn round a mark is found out over all points of its layer.
        points = 0 if self._marked is None else len(self._marked.layer)
        self._many = max(int(shapely.get_num_coordinates(shapes).sum()), points) > _MANY
        self._outlines = Outlines() if self._many else Outlines.of(shapes)

    def hover(self, session: Session, zone_id: str | None) -> None:
        zone = session.project.zones.get(zone_id) if zone_id else None
        self._hover = path_of([zone.shape] if zone else [], self._origin)

    def paint(self, painter: QPainter, view: MapView, *, moving: bool = False) -> None:
        """Draw the halo; while the map is `moving` the image there is goes along with it."""
        self._paint_hover(painter, view)
        if not len(self._shapes) and self._marked is None:
            return
        quick = not self._many and len(self._outlines.x) <= _QUICK
        dragged = self._image is not None and self._image[1].resolution == view.resolution
        if not self._serves(view) and (self._image is None or not moving or (quick and dragged)):
            if not self._many:
                self._make(view)
            elif not moving:
                self._ask(view)
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
        image = _image(self._outlines, self._marked, wider, colors, Progress())
        self._image = QPixmap.fromImage(image), wider, t

    def _ask(self, view: MapView) -> None:
        """Let a worker draw the halo of very many things; the map does not wait for it."""
        if (view, theme.current()) == self._asked or self._later is None:
            return
        self._asked = view, theme.current()
        t, wider = theme.current(), _wider(view)
        colors = theme.color(t.halo_edge), theme.color(t.halo)

        shapes, marked, known = self._shapes, self._marked, self._outlines

        def work(progress: Progress) -> tuple[QImage, Outlines]:
            progress.report(None, "Marking what is selected")
            outlines = known if len(known.x) else Outlines.of(shapes)
            progress.check()
            return _image(outlines, marked, wider, colors, progress), outlines

        def done(made: tuple[QImage, Outlines]) -> None:
            image, self._outlines = made
            self._image = QPixmap.fromImage(image), wider, t
            self.changed()

        self._later.ask(Task("Marking what is selected", work), done)


@dataclass(frozen=True, slots=True, eq=False)
class _Marked:
    """Rows of a point layer that are selected, and how they are looked at."""

    layer: Layer
    rows: NDArray[np.int64]
    look: Look
    cache: Cache
    project: Project

    def marks(self, view: MapView, progress: Progress) -> Marks:
        """Rings and lines round what stands for the rows; of millions one ring a pixel."""
        rows = self.rows
        if len(rows) > _INDEXED:
            rows = self._one_a_pixel(view, progress)
        return marks_of(self.layer, rows, self.look, view, self.cache, progress, self.project)

    def _one_a_pixel(self, view: MapView, progress: Progress) -> NDArray[np.int64]:
        """Of the rows in and round a view the last in each pixel."""
        points = self.layer.geometry
        assert isinstance(points, Points)
        west, south, east, north = view.zoomed(0.9).bounds
        index = prepared.index_of(points, self.cache, progress)
        chosen = np.zeros(len(points), dtype=bool)
        chosen[self.rows] = True
        rows = index.rows_in((west, south, east, north))
        rows = rows[chosen[rows]]
        progress.check()
        x, y = view.to_screen(points.lon[rows], points.lat[rows])
        wide = round(view.width) * 2
        pixel = np.floor(y + view.height).astype(np.int64) * wide
        pixel += np.floor(x + view.width / 2).astype(np.int64)
        last = np.full(int(pixel.max(initial=0)) + 1, -1)
        last[pixel] = rows
        return np.sort(last[last >= 0])


def _image(
    outlines: Outlines,
    marked: _Marked | None,
    view: MapView,
    colors: tuple[QColor, QColor],
    progress: Progress,
) -> QImage:
    """The halo of shapes and of marked rows together."""
    if marked is None:
        return halo_image(outlines, np.empty(0), np.empty(0), view, *colors)
    marks = marked.marks(view, progress)
    progress.check()
    lines = Outlines(marks.line_x, marks.line_y, marks.course)
    image = halo_image(lines, marks.x, marks.y, view, *colors, radius=marks.radius, fine=True)
    if len(outlines.x):
        painter = QPainter(image)
        painter.drawImage(QPointF(), halo_image(outlines, np.empty(0), np.empty(0), view, *colors))
        painter.end()
    return image


def _wider(view: MapView) -> MapView:
    return replace(view, width=round(view.width * _OVERSIZE), height=round(view.height * _OVERSIZE))


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


def _zones_seen(session: Session) -> NDArray[np.object_]:
    """The shapes of the selected zones, as far as they are on the map."""
    project, chosen = session.project, session.selection.zone_ids
    if not chosen or not project.zones_visible:
        return np.empty(0, dtype=object)
    seen = seen_by(project, session.look.audience, exported=False).zones
    return np.array([project.zones[key].shape for key in chosen if key in seen], dtype=object)
