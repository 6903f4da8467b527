"""Points as clusters: a disc with a number for all that lie in one square of the ground.

The squares follow the cells of the point index and are halved or doubled from one zoom band to
the next, so they lie still while the map is moved. The number is exact. A disc moves aside within
its square for the symbols of services, which stand for one place each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gisapp.analysis.points.index import Filter, PointIndex
from gisapp.analysis.points.weighted_places import places_in
from gisapp.layers.audience import Showing
from gisapp.layers.classes import ink_on
from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.style import PointDrawing, Style
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.look import Look, Scene
from gisapp.render.painters.cluster_room import LETTERS_PT, Disc, Room, meets, plate_of
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.painters.services import circles_near
from gisapp.render.palette import font, shade
from gisapp.render.shown_rows import kept_points, shown_rows
from gisapp.render.view import MapView

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: About how wide the square of a cluster is on the map, in points.
_SQUARE_PT = 60.0
#: A square is read in this many steps along each side, to find the middle of its points.
_STEPS = 4
#: Radius of a disc, in points: for the smallest count, and more for each tenfold.
_RADIUS_PT, _MORE_PT = 6.5, 2.8


@dataclass(frozen=True, slots=True)
class ClusterGrid:
    """Squares fixed to the ground: the first corner, and width and height, in degrees."""

    west: float
    south: float
    width: float
    height: float

    @classmethod
    def of(cls, index: PointIndex, view: MapView) -> ClusterGrid:
        """The squares of an index at the zoom band of a view."""
        x, y = index.x_edges, index.y_edges
        wide, high = float(x[2] - x[1]), float(y[2] - y[1])
        metres = math.radians(1) * 6378137.0 / view.resolution
        # The map's own stretch at the middle of the points, not of the view: a pan changes nothing.
        middle = math.radians(min(max(float(y[1] + y[-2]) / 2, -85.0), 85.0))
        wanted = _SQUARE_PT * view.dpi / 72
        return cls(
            float(x[1]) - wide,
            float(y[1]) - high,
            wide * 2.0 ** round(math.log2(wanted / (wide * metres))),
            high * 2.0 ** round(math.log2(wanted / (high * metres / math.cos(middle)))),
        )

    def square_of(self, lon: float, lat: float) -> tuple[int, int]:
        """Column and row of the square that a place lies in."""
        column, row = (lon - self.west) / self.width, (lat - self.south) / self.height
        return math.floor(column), math.floor(row)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Clusters:
    """Where each cluster stands in degrees, how many points it holds, and its square's corner."""

    grid: ClusterGrid
    lon: Floats
    lat: Floats
    counts: Ints
    west: Floats
    south: Floats

    def bounds(self, number: int) -> Bounds:
        west, south = float(self.west[number]), float(self.south[number])
        return west, south, west + self.grid.width, south + self.grid.height


def clusters_in(
    layer: Layer, view: MapView, mask: Filter | None, cache: Cache, progress: Progress
) -> Clusters:
    """The clusters of a point layer in and just round a view."""
    assert isinstance(layer.geometry, Points)
    index = prepared.index_of(layer.geometry, cache, progress)
    grid = ClusterGrid.of(index, view)
    first, last = grid.square_of(*view.bounds[:2]), grid.square_of(*view.bounds[2:])
    columns, rows = last[0] - first[0] + 1, last[1] - first[1] + 1
    corner = grid.west + first[0] * grid.width, grid.south + first[1] * grid.height
    box = (*corner, corner[0] + columns * grid.width, corner[1] + rows * grid.height)
    # A hair more than a block of cells, so that rounding does not halve it.
    fine = (1 + 1e-9) / _STEPS
    places = places_in(index, box, grid.width * fine, grid.height * fine, mask)
    column = np.floor((places.lon - corner[0]) / grid.width).astype(np.int64)
    row = np.floor((places.lat - corner[1]) / grid.height).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    cell = row[inside] * columns + column[inside]
    weight, size = places.counts[inside].astype(np.float64), columns * rows
    counts = np.bincount(cell, weight, size)
    held = np.flatnonzero(counts)
    lon = np.bincount(cell, weight * (places.lon[inside] - corner[0]), size)[held] / counts[held]
    lat = np.bincount(cell, weight * (places.lat[inside] - corner[1]), size)[held] / counts[held]
    at_row, at_column = (part.astype(np.float64) for part in np.divmod(held, columns))
    return Clusters(
        grid,
        lon + corner[0],
        lat + corner[1],
        counts[held].astype(np.int64),
        np.asarray(at_column * grid.width + corner[0], dtype=np.float64),
        np.asarray(at_row * grid.height + corner[1], dtype=np.float64),
    )


def is_clustered(scene: Scene, layer: Layer) -> bool:
    """Whether the layer is on the map as clusters with numbers."""
    wanted = layer.style.points is PointDrawing.CLUSTERS and isinstance(layer.geometry, Points)
    own_symbols = layer.kind in (LayerKind.SERVICES, LayerKind.DEPLOYMENTS)
    shown = scene.look.showing(layer) is Showing.EACH and scene.draws(layer)
    return wanted and shown and not own_symbols and len(layer) > 0


def shown_clusters(
    layer: Layer, look: Look, view: MapView, cache: Cache, progress: Progress
) -> Clusters:
    """The clusters of the rows that are shown; painter, names and mouse ask for the same."""
    rows = look.rows_of(layer)
    owners = (layer.geometry, layer.table) if rows is None else (layer.geometry, layer.table, rows)

    def make() -> Clusters:
        return clusters_in(layer, view, kept_points(layer, look, cache), cache, progress)

    return cache.get(owners, "clusters", (view, layer.style.symbology), make, keep=2)


def discs(view: MapView, clusters: Clusters, style: Style) -> list[Disc]:
    """How clusters stand on the map, each within its own square, so that none hides another."""
    px = view.dpi / 72
    letters = QFontMetricsF(font(LETTERS_PT * px, bold=True))
    x, y = view.to_screen(clusters.lon, clusters.lat)
    left, bottom = view.to_screen(clusters.west, clusters.south)
    right, top = view.to_screen(
        clusters.west + clusters.grid.width, clusters.south + clusters.grid.height
    )
    made = []
    for number, count in enumerate(clusters.counts.tolist()):
        if count == 1:
            radius = style.size * px / 2 * 1.4
            made.append(Disc(float(x[number]), float(y[number]), radius, radius, 1))
            continue
        radius = (_RADIUS_PT + _MORE_PT * math.log10(count)) * px
        half = max(radius, letters.horizontalAdvance(f"{count:,}") / 2 + 4 * px)
        made.append(
            Disc(
                _within(float(x[number]), float(left[number]), float(right[number]), half + px),
                _within(float(y[number]), float(top[number]), float(bottom[number]), radius + px),
                half,
                radius,
                count,
            )
        )
    return made


def _within(value: float, low: float, high: float, margin: float) -> float:
    if high - low <= 2 * margin:
        return (low + high) / 2
    return min(max(value, low + margin), high - margin)


class _Kept:
    """Discs as the cache keeps them: small things that it need not weigh one by one."""

    def __init__(self, found: list[Disc]) -> None:
        self.discs = tuple(found)


def shown_discs(scene: Scene, layer: Layer, cache: Cache, progress: Progress) -> tuple[Disc, ...]:
    """How the clusters of `shown_clusters` stand on a map: aside from symbols above them."""
    view, look = scene.view, scene.look
    clusters = shown_clusters(layer, look, view, cache, progress)
    above = [
        other
        for other in scene.project.layers_of(LayerKind.SERVICES)
        if scene.draws(other) and len(other) and look.showing(other) is Showing.EACH
    ]
    masks = (shown_rows(other, look, cache) for other in above)
    owners = (*(other.geometry for other in above), *(mask for mask in masks if mask is not None))

    def make() -> _Kept:
        symbols = [circles_near(other, look, view, cache) for other in above]
        found = discs(view, clusters, layer.style)
        return _Kept(_moved_aside(view, clusters, found, symbols, progress))

    asked = view, layer.style, tuple(other.style for other in above)
    return cache.get((clusters, *owners), "discs", asked, make, keep=2).discs


def _moved_aside(
    view: MapView,
    clusters: Clusters,
    found: list[Disc],
    symbols: list[Floats],
    progress: Progress,
) -> list[Disc]:
    """Each disc where it meets no circle (x, y, radius), as near as can be, within its square.

    Where there is no such place its number, at least, is to meet none, if need be off the middle:
    it lies over all symbols, the rest of the disc under them.
    """
    circles = np.concatenate([np.empty((0, 3)), *symbols])
    if not len(circles) or not found:
        return found
    px, plate = view.dpi / 72, plate_of(view)
    boxes = np.array([(one.x, one.y, one.half_width, one.half_height) for one in found])
    several = np.array([one.count > 1 for one in found])
    left, bottom = view.to_screen(clusters.west, clusters.south)
    wide, high = clusters.grid.width, clusters.grid.height
    right, top = view.to_screen(clusters.west + wide, clusters.south + high)
    middle = (left + right) / 2, (top + bottom) / 2
    squares = np.column_stack([*middle, (right - left) / 2, (bottom - top) / 2])
    moved = list(found)
    for number in np.flatnonzero(meets(boxes, circles, px).any(axis=1) & several).tolist():
        progress.check()
        near = circles[meets(squares[number : number + 1], circles, px)[0]]
        own = np.array(plate.half(found[number].count))
        moved[number] = Room(squares[number], near, own, px).freest(found[number])
    return moved


def paint_clusters(frame: Frame, layer: Layer) -> None:
    """Draw single points as points, and the others as discs; their numbers come later."""
    found = shown_discs(frame.scene, layer, frame.cache, frame.progress)
    painter = frame.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color, edge = frame.color(layer.style.color), frame.ground.background
    # The largest last: what is most stands in front.
    for disc in sorted(found, key=lambda one: one.count):
        frame.progress.check()
        _paint_disc(painter, disc, color, edge, frame.px(1.0), layer.style.opacity)


def paint_numbers(frame: Frame, layer: Layer) -> None:
    """Write the number of each cluster over zones and symbols: it is all that a cluster says."""
    painter, color = frame.painter, frame.color(layer.style.color)
    plate, under, ink = plate_of(frame.view), shade(color), shade(ink_on(color))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(frame.px(LETTERS_PT), bold=True))
    for disc in shown_discs(frame.scene, layer, frame.cache, frame.progress):
        if disc.count > 1:
            frame.progress.check()
            box = plate.under(disc)
            # Of the colour of the disc: it is seen only where something lies over that.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(under)
            painter.drawRoundedRect(box, plate.round_by, plate.round_by)
            painter.setPen(ink)
            room = box.adjusted(-box.width(), -box.height(), box.width(), box.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{disc.count:,}")


def _paint_disc(
    painter: QPainter, disc: Disc, color: str, edge: str, unit: float, opacity: float
) -> None:
    """One cluster with its pale ring; `unit` is a point in the painter's units."""
    box = QRectF(
        disc.x - disc.half_width,
        disc.y - disc.half_height,
        2 * disc.half_width,
        2 * disc.half_height,
    )
    round_by = disc.half_height
    if disc.count > 1:
        ring = 2.6 * unit
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(color, 0.28))
        around = box.adjusted(-ring, -ring, ring, ring)
        painter.drawRoundedRect(around, round_by + ring, round_by + ring)
    painter.setPen(QPen(shade(edge, 0.9), 0.7 * unit))
    painter.setBrush(shade(color, 1.0 if disc.count > 1 else opacity))
    painter.drawRoundedRect(box, round_by, round_by)


def keep_numbers_free(frame: Frame, layer: Layer, taken: Taken) -> None:
    """Mark where the discs of a clustered layer stand: no name may cover a number."""
    plate = plate_of(frame.view)
    for disc in shown_discs(frame.scene, layer, frame.cache, frame.progress):
        if disc.count > 1:
            wide, high = disc.half_width, disc.half_height
            box = QRectF(disc.x - wide, disc.y - high, 2 * wide, 2 * high)
            taken.add(box.united(plate.under(disc)))


def cluster_at(
    scene: Scene, layer: Layer, px: float, py: float, cache: Cache
) -> tuple[int, Bounds] | None:
    """The count and the square (degrees) of the cluster under a logical pixel."""
    clusters = shown_clusters(layer, scene.look, scene.view, cache, Progress())
    plate = plate_of(scene.view)
    for number, disc in enumerate(shown_discs(scene, layer, cache, Progress())):
        over = abs(px - disc.x) <= disc.half_width and abs(py - disc.y) <= disc.half_height
        over |= plate.under(disc).contains(px, py)
        if over and disc.count > 1:
            return disc.count, clusters.bounds(number)
    return None
