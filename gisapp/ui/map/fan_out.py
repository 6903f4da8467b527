"""A stack of rows on one place, fanned out over the map so that each of them can be taken.

Points of police data often lie on the corner of a block: hundreds on one place. Where the map is
near, the stack opens like a fan: one leg a row, in a ring, or in a spiral when there are many.
It folds when the map moves, the look changes, or Escape is pressed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.identify import Hit
from gisapp.render.look import Scene
from gisapp.render.painters.clusters import cluster_at
from gisapp.render.painters.each import symbols_of
from gisapp.render.palette import seen
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.selection_overlay import paint_tag
from gisapp.ui.session import Selection

#: No more rows than this have a leg; the table has all.
LEGS = 60
#: Metres on the ground a pixel, up to which places are far enough from each other for a fan.
_NEAR_M = 8.0
#: Pixels that words under a fan take.
_WORDS_BELOW = 26.0
#: Rows in one ring; more go round and round.
_RING = 14
#: Pixels: between two feet, from the middle to the first, and radius of a foot.
_APART, _FIRST, _FOOT = 17.0, 36.0, 5.5
_PLACES = (PointDrawing.AUTOMATIC, PointDrawing.EACH, PointDrawing.CLUSTERS)
#: Room that a fan leaves free at the sides of the map, above, and below: the furniture is there.
_SIDES, _ABOVE, _BELOW = 6.0, 34.0, 50.0
#: The north arrow, right at the foot: how far it reaches into the map.
_ARROW = QSizeF(46.0, 112.0)
#: Kinds that are always drawn each with a symbol of their own.
_SYMBOLS = (LayerKind.SERVICES, LayerKind.DEPLOYMENTS)


@dataclass(frozen=True, slots=True, eq=False)
class _Fan:
    """What is fanned out, as it was when it was: another view or layer ends it."""

    layer: Layer
    view: MapView
    rows: NDArray[np.int64]
    total: int
    #: Where the rows lie, and the middle of the feet: beside it where the map ends.
    place: QPointF
    middle: QPointF
    feet: tuple[QPointF, ...]
    colors: tuple[str, ...]


def feet(count: int) -> tuple[QPointF, ...]:
    """Where the legs end, in pixels from the middle: a ring of few, a spiral of many."""
    if count <= _RING:
        radius = max(_FIRST, count * _APART / (2 * math.pi))
        angles = [2 * math.pi * number / max(count, 1) - math.pi / 2 for number in range(count)]
        return tuple(QPointF(radius * math.cos(a), radius * math.sin(a)) for a in angles)
    places, angle = [], -math.pi / 2
    for _ in range(count):
        radius = _FIRST + _APART * 1.15 * (angle + math.pi / 2) / (2 * math.pi)
        places.append(QPointF(radius * math.cos(angle), radius * math.sin(angle)))
        angle += _APART / radius
    return tuple(places)


def middle_of(place: QPointF, reach: float, below: float, view: MapView) -> QPointF:
    """Where a fan stands that reaches so far from its middle: at its place, or as near as the map
    and what stands over it leave room. `below` is what it needs under it besides."""

    def within(value: float, low: float, high: float) -> float:
        return min(max(value, low), high) if low <= high else (low + high) / 2

    low = view.height - _BELOW - reach - below
    y = within(place.y(), _ABOVE + reach, low)
    over_arrow = y + reach + below > view.height - _ARROW.height()
    right = _ARROW.width() if over_arrow else _SIDES
    return QPointF(within(place.x(), _SIDES + reach, view.width - right - reach), y)


class FanOut:
    """The fan over one canvas. A tool gives it clicks, the mouse and the painter."""

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas
        self._fan: _Fan | None = None
        self._over: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether a stack is fanned out; a moved map or a changed layer has folded it."""
        fan = self._fan
        if fan is not None and (
            fan.view != self.canvas.view or fan.layer not in self.canvas.session.project.layers
        ):
            self.fold()
        return self._fan is not None

    @property
    def legs(self) -> tuple[tuple[QPointF, int], ...]:
        """The pixel of each foot and the row that it stands for."""
        if not self.is_open or self._fan is None:
            return ()
        fan = self._fan
        ends = [fan.middle + foot for foot in fan.feet]
        return tuple(zip(ends, fan.rows.tolist(), strict=True))

    def fold(self) -> None:
        """Close the fan; does nothing where none is open."""
        if self._fan is not None:
            self._fan = self._over = None
            # What was said in the status bar alone.
            self.canvas.hint_changed.emit(self.canvas.hint)
            self.canvas.update()

    def open(self, hit: Hit) -> str:
        """Fan out the rows of a hit; what hinders it, in words, where something does."""
        self.fold()
        session = self.canvas.session
        if hit.kind != "feature" or hit.layer_id is None or len(hit.rows) < 2:
            return ""
        layer = session.project.layer(hit.layer_id)
        if not self._may(layer):
            return ""
        if self.canvas.view.metres_per_pixel > _NEAR_M:
            return f"{hit.label} · come closer to fan them out"
        assert isinstance(layer.geometry, Points)
        row = int(hit.rows[0])
        x, y = self.canvas.view.to_screen(layer.geometry.lon[[row]], layer.geometry.lat[[row]])
        rows = hit.rows[:LEGS]
        place, ends = QPointF(float(x[0]), float(y[0])), feet(len(rows))
        below = _WORDS_BELOW if len(hit.rows) > len(rows) else 0.0
        self._fan = _Fan(
            layer,
            self.canvas.view,
            rows,
            len(hit.rows),
            place,
            middle_of(place, _reach(ends), below, self.canvas.view),
            ends,
            self._colors(layer, rows),
        )
        # Beside the pointer words would cover the legs; the status bar says them.
        self.canvas.set_hint("")
        self.canvas.hint_changed.emit(
            f"{hit.label}{_part(len(hit.rows))} · click one to read about it, Esc folds them"
        )
        self.canvas.update()
        return ""

    def press(self, at: QPointF) -> bool:
        """Take a click: selects the row of the leg under it; any other folds the fan."""
        leg = self._leg_at(at)
        if leg is None or self._fan is None:
            self.fold()
            return False
        row = self._fan.rows[leg]
        self.canvas.session.select(Selection((), self._fan.layer.id, np.array([row])))
        self._over = leg
        return True

    def move(self, at: QPointF) -> None:
        """Mark the leg under the mouse."""
        over = self._leg_at(at)
        if over != self._over:
            self._over = over
            self.canvas.update()

    def paint(self, painter: QPainter) -> None:
        """Draw the fan over the map."""
        if not self.is_open or self._fan is None:
            return
        fan = self._fan
        t = theme.current()
        chosen = set(self.canvas.session.selection.rows.tolist())
        chosen &= set(fan.rows.tolist()) if self._is_selected(fan) else set()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ends = [fan.middle + foot for foot in fan.feet]
        # What lies below is there to find one's way, and no longer to be read.
        reach = _reach(fan.feet)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(t.map_ground, 0.82))
        painter.drawEllipse(fan.middle, reach, reach)
        painter.setPen(QPen(theme.color(t.muted, 0.7), 1.0))
        painter.drawLines([QLineF(fan.place, end) for end in ends])
        for number, end in enumerate(ends):
            row = int(fan.rows[number])
            marked = row in chosen or number == self._over
            edge = t.halo if len(chosen) < len(ends) and row in chosen else t.map_ground
            painter.setPen(QPen(theme.color(edge), 2.5 if marked else 1.2))
            painter.setBrush(theme.color(fan.colors[number]))
            radius = _FOOT + 1.5 if marked else _FOOT
            painter.drawEllipse(end, radius, radius)
        painter.restore()
        if fan.total > len(fan.rows):
            self._paint_more(painter, fan)

    def _paint_more(self, painter: QPainter, fan: _Fan) -> None:
        t = theme.current()
        words = f"{len(fan.rows)} of {fan.total:,} here, all in the table"
        painter.setFont(theme.font("small"))
        wide = painter.fontMetrics().horizontalAdvance(words) + 2 * t.gap
        at = fan.middle + QPointF(-wide / 2, _reach(fan.feet) + _FOOT / 2)
        paint_tag(painter, words, at, theme.color(t.text, 0.9), theme.color(t.panel))

    def _is_selected(self, fan: _Fan) -> bool:
        return self.canvas.session.selection.layer_id == fan.layer.id

    def _leg_at(self, at: QPointF) -> int | None:
        """The leg whose foot is under a pixel, the nearest of several."""
        best, found = _FOOT + 3.0, None
        for number, (end, _) in enumerate(self.legs):
            away = math.hypot(end.x() - at.x(), end.y() - at.y())
            if away <= best:
                best, found = away, number
        return found

    def _may(self, layer: Layer) -> bool:
        """Whether this reader sees each row of the layer, and places are drawn as places."""
        each = self.canvas.session.look.showing(layer) is Showing.EACH
        return each and isinstance(layer.geometry, Points) and layer.style.points in _PLACES

    def _colors(self, layer: Layer, rows: NDArray[np.int64]) -> tuple[str, ...]:
        session = self.canvas.session
        dark = session.look.dark
        kinds = [seen(kind.color, dark) for kind in symbols_of(layer.style, dark)]
        numbers = prepared.class_numbers_of(layer, session.cache)
        if numbers is None:
            return (kinds[-1],) * len(rows)
        return tuple(kinds[number] for number in numbers[rows].tolist())


def _reach(ends: tuple[QPointF, ...]) -> float:
    """How far a fan with these feet reaches from its middle."""
    return max(math.hypot(foot.x(), foot.y()) for foot in ends) + 2.5 * _FOOT


def _part(total: int) -> str:
    """That not all have a leg, and how many do; empty where all have."""
    return f", {LEGS} of them here, all in the table" if total > LEGS else ""


def cluster_under(canvas: MapCanvas, at: QPointF) -> Hit | None:
    """The cluster under a pixel, which the map then zooms to; None where there is none.

    Where the map is near and all its rows lie on one place the map stays, and the hit has them to
    be fanned out.
    """
    session = canvas.session
    scene = Scene(session.project, canvas.view, session.look)
    for layer in reversed(session.project.layers):
        if layer.style.points is not PointDrawing.CLUSTERS or not scene.draws(layer):
            continue
        if session.look.showing(layer) is not Showing.EACH or not len(layer):
            continue
        if layer.kind in _SYMBOLS or not isinstance(layer.geometry, Points):
            continue
        found = cluster_at(scene, layer, at.x(), at.y(), session.cache)
        if found is None:
            continue
        count, bounds = found
        index = prepared.index_of(layer.geometry, session.cache, Progress())
        rows = index.rows_in(bounds)
        mask = shown_rows(layer, session.look, session.cache)
        rows = rows if mask is None else rows[mask[rows]]
        lon, lat = layer.geometry.lon[rows], layer.geometry.lat[rows]
        near = canvas.view.metres_per_pixel <= _NEAR_M
        if near and len(rows) and np.ptp(lon) == 0 and np.ptp(lat) == 0:
            label = f"{layer.count_words(count)} at one place"
            return Hit("feature", label, layer_id=layer.id, rows=rows)
        session.set_view(canvas.view.shown(bounds, margin=0.02))
        return Hit("cluster", f"{layer.count_words(count)} close together", layer_id=layer.id)
    return None
