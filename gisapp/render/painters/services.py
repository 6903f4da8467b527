"""Services: a blue disc with a white glyph for the kind, or a number for several at one place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from gisapp.analysis.points.stacks import stacks_of
from gisapp.layers.audience import Showing
from gisapp.layers.classes import ink_on
from gisapp.layers.layer import Layer
from gisapp.layers.vocabulary import LayerKind, ServiceType
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.class_styles import class_styles, style_numbers
from gisapp.render.frame import Frame
from gisapp.render.glyphs import glyph
from gisapp.render.look import Look
from gisapp.render.palette import font, shade
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: With more services in view than this the discs are small and carry no glyph.
MANY = 400
#: Stamps of small discs are made for so many places within a device pixel, each way.
_PHASES = 4
#: A disc without glyph, as a share of the full one; one with a number is larger.
_SMALL, _STACKED = 0.5, 1.3
#: How large discs are that crowd, as a share of the full one.
CROWDED_SHARE = 0.7
#: How far the figure in a disc reaches, as a share of its radius.
_FIGURE = 0.68
#: Services so many pixels beyond a view count for what lies at its edge.
_ROUND = 120
#: Where a sign is put beside a disc: the upper right first.
_TURNS = tuple(math.radians(turn) for turn in (-45, 45, -135, 135, 0, -90, 180, 90))


@dataclass(frozen=True, slots=True, eq=False)
class ServiceDiscs:
    """The discs of a layer of services in and just round a view: one for all at the same place.

    Each has the look of a row, its middle and radius in logical pixels, and how many lie there.
    `every` are all rows in view, ascending, and `disc_of` the number of the disc of each.
    """

    rows: Ints
    x: Floats
    y: Floats
    radius: Floats
    counts: Ints
    every: Ints
    disc_of: Ints

    def at(self, disc: int) -> Ints:
        """The rows that one disc stands for."""
        return self.every[self.disc_of == disc] if self.counts[disc] > 1 else self.rows[[disc]]


def service_discs(layer: Layer, look: Look, view: MapView, cache: Cache) -> ServiceDiscs:
    """The discs of services in a view, as painter, names and zones all ask for them."""
    mask, numbers = shown_rows(layer, look, cache), style_numbers(layer, cache)
    classed = prepared.class_numbers_of(layer, cache)
    limits = (one for one in (mask, classed) if one is not None)

    def make() -> ServiceDiscs:
        rows, x, y = in_view(layer, look, view, cache)
        first, disc_of, counts = _places(layer, rows, numbers, cache)
        sizes = np.array([style.size for style in class_styles(layer.style)])
        share = sizes[numbers[rows[first]]] / max(layer.style.size, 0.1)
        share[counts > 1] *= _STACKED
        radius = service_radius(layer, view, len(first)) * share
        return ServiceDiscs(rows[first], x[first], y[first], radius, counts, rows, disc_of)

    owners = (layer.geometry, layer.table, *limits)
    return cache.get(owners, "service discs", (view, layer.style), make, keep=4)


def _places(
    layer: Layer, rows: Ints, numbers: NDArray[np.int16], cache: Cache
) -> tuple[Ints, Ints, Ints]:
    """Of some rows the place of one for each disc, the disc of each row, and how many it has.

    A disc looks like most of its rows. With very many services each has its own: nobody reads
    numbers then.
    """
    own = np.arange(len(rows))
    if len(rows) > MANY:
        return own, own, np.ones(len(rows), dtype=np.int64)
    points = prepared.places_of(layer.geometry, cache)
    return stacks_of(points.lon[rows], points.lat[rows], numbers[rows])


def in_view(layer: Layer, look: Look, view: MapView, cache: Cache) -> tuple[Ints, Floats, Floats]:
    """Rows in view and where they are on the map, in logical pixels."""
    points = prepared.places_of(layer.geometry, cache)
    x, y = view.to_screen(points.lon, points.lat)
    reach = max(style.size for style in class_styles(layer.style)) * view.dpi / 72
    shown = (x > -reach) & (x < view.width + reach)
    shown &= (y > -reach) & (y < view.height + reach)
    mask = shown_rows(layer, look, cache)
    if mask is not None:
        shown &= mask
    rows = np.flatnonzero(shown)
    return rows, x[rows], y[rows]


def service_radius(layer: Layer, view: MapView, count: int) -> float:
    """Radius of a disc in logical pixels, with `count` of them in view."""
    near = min(max(3.0 / view.metres_per_pixel, 1.0), 1.5)
    radius = layer.style.size * view.dpi / 72 / 2 * near
    if count > MANY:
        return radius * _SMALL
    crowded = count * (radius * 2) ** 2 / max(view.width * view.height, 1)
    return radius if crowded < 0.012 else radius * CROWDED_SHARE


def circles_near(layer: Layer, look: Look, view: MapView, cache: Cache) -> Floats:
    """Middle and radius of each disc in and round a view, shape (n, 3): what moves aside for it.

    The radius is that of a disc that is not crowded, so that the part of the map that is seen
    changes nothing.
    """
    wider = view.resized(view.width + 2 * _ROUND, view.height + 2 * _ROUND)
    rows, x, y = in_view(layer, look, wider, cache)
    sizes = np.array([style.size for style in class_styles(layer.style)])
    share = sizes[style_numbers(layer, cache)[rows]] / max(layer.style.size, 0.1)
    radius = service_radius(layer, wider, 0) * share
    return np.column_stack([x - _ROUND, y - _ROUND, radius])


def discs_on(frame: Frame) -> tuple[Floats, Floats, Floats]:
    """Middles and radii (logical pixels) of the discs of all services that are drawn."""
    found = [(np.empty(0),) * 3]
    for layer in frame.scene.project.layers_of(LayerKind.SERVICES):
        if frame.scene.draws(layer) and len(layer) and frame.look.showing(layer) is Showing.EACH:
            discs = service_discs(layer, frame.look, frame.view, frame.cache)
            found.append((discs.x, discs.y, discs.radius))
    x, y, radius = (np.concatenate(some) for some in zip(*found, strict=True))
    return x, y, radius


def beside_discs(x: float, y: float, half: float, discs: tuple[Floats, Floats, Floats]) -> QPointF:
    """Where a sign stands that is wanted at a pixel: beside the figure of a disc that it would
    hide, at its upper right if there is room.
    """
    dx, dy, radius = discs
    # With the pale edge of the sign.
    reach = radius * _FIGURE + half * 1.15

    def hides(px: float, py: float) -> NDArray[np.bool_]:
        return np.hypot(dx - px, dy - py) < reach * 0.999

    under = np.flatnonzero(hides(x, y))
    if not len(under):
        return QPointF(x, y)
    disc = under[int(np.argmin(np.hypot(dx[under] - x, dy[under] - y)))]
    places = [
        (
            float(dx[disc] + reach[disc] * math.cos(turn)),
            float(dy[disc] + reach[disc] * math.sin(turn)),
        )
        for turn in _TURNS
    ]
    free = (place for place in places if not hides(*place).any())
    return QPointF(*next(free, places[0]))


def paint_services(frame: Frame, layer: Layer) -> None:
    """Draw a disc for each place in view in the look of its class, the northern ones first."""
    discs = service_discs(layer, frame.look, frame.view, frame.cache)
    colors = [frame.color(one.color) for one in class_styles(layer.style, frame.dark)]
    numbers = style_numbers(layer, frame.cache)[discs.rows]
    kinds = prepared.service_kinds(layer, frame.cache)
    painter, order = frame.painter, np.argsort(discs.y, kind="stable")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(layer.style.opacity)
    many = len(discs.rows) > MANY
    radii, counts, rows = discs.radius.tolist(), discs.counts.tolist(), discs.rows.tolist()
    looks = [
        _Disc(radii[n], colors[numbers[n]], None if many else kinds[rows[n]], counts[n])
        for n in order.tolist()
    ]
    x, y = discs.x[order], discs.y[order]
    if not frame.vector:
        _stamp(frame, looks, x, y)
        return
    for done, (look, px, py) in enumerate(zip(looks, x.tolist(), y.tolist(), strict=True)):
        if done % 64 == 0:
            frame.progress.check()
        draw_service(painter, QPointF(px, py), *look, frame.ground.edge)


class _Disc(NamedTuple):
    """How a disc looks: `how_many` stands in it where that is more than one."""

    radius: float
    color: str
    kind: ServiceType | None
    how_many: int


def _stamp(frame: Frame, looks: list[_Disc], x: Floats, y: Floats) -> None:
    """Discs of some radius, colour and kind, copied to an eighth of a device pixel at most.

    Four times as fast as drawing each, and the same ones serve when the map has been moved.
    """
    dpr = frame.view.dpr
    fine = [np.round(axis * dpr * _PHASES).astype(np.int64) for axis in (x, y)]
    phases = (fine[1] % _PHASES * _PHASES + fine[0] % _PHASES).tolist()
    left, top = ((axis // _PHASES).tolist() for axis in fine)
    for done, (look, phase) in enumerate(zip(looks, phases, strict=True)):
        if done % 256 == 0:
            frame.progress.check()
        stamp, half = _disc(look, phase, dpr, frame.ground.edge)
        frame.painter.drawImage(QPointF((left[done] - half) / dpr, (top[done] - half) / dpr), stamp)


@lru_cache(maxsize=2048)
def _disc(look: _Disc, phase: int, dpr: float, edge: str) -> tuple[QImage, int]:
    """A disc with its middle so far beyond the middle pixel of an image, and that pixel."""
    half = math.ceil((look.radius + max(look.radius * 0.16, 0.8)) * dpr) + 1
    stamp = QImage(2 * half + 1, 2 * half + 1, QImage.Format.Format_ARGB32_Premultiplied)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(half + phase % _PHASES / _PHASES, half + phase // _PHASES / _PHASES)
    painter.scale(dpr, dpr)
    draw_service(painter, QPointF(0, 0), *look, edge)
    painter.end()
    stamp.setDevicePixelRatio(dpr)
    return stamp, half


def draw_service(
    painter: QPainter,
    middle: QPointF,
    radius: float,
    color: str,
    kind: ServiceType | None,
    count: int,
    edge: str,
) -> None:
    """One disc, with its glyph where the kind is given, or how many services are at its place."""
    painter.setPen(QPen(shade(edge), max(radius * 0.16, 0.8)))
    painter.setBrush(shade(color))
    painter.drawEllipse(middle, radius, radius)
    if count > 1:
        _write_count(painter, middle, radius, color, count)
    elif kind is not None:
        painter.save()
        painter.translate(middle)
        painter.scale(radius * _FIGURE, radius * _FIGURE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade("#FFFFFF"))
        painter.drawPath(glyph(kind))
        painter.restore()


def _write_count(painter: QPainter, middle: QPointF, radius: float, color: str, count: int) -> None:
    """Digits as large as a disc has room for."""
    text = str(count)
    wide = QFontMetricsF(font(100, bold=True)).horizontalAdvance(text) / 100
    size = math.floor(min(radius * 1.3, 2 * radius * 0.88 / wide))
    painter.setFont(font(size, bold=True))
    painter.setPen(shade(ink_on(color)))
    room = QRectF(middle.x() - 4 * radius, middle.y() - 2 * radius, 8 * radius, 4 * radius)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
