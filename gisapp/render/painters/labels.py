"""Names on the map: with a halo, never over one another, and not where the map is far."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPaintEngine, QPainter, QPainterPath, QPen

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.vocabulary import LayerKind
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.painters.services import service_radius, services_in_view
from gisapp.render.palette import font, shade
from gisapp.render.view import MapView

#: Text sizes in points, and the longest name that is written out.
SIZE, AREA_SIZE, LONGEST = 7.5, 8.0, 34
#: Services are named where a logical pixel is no more than this many metres.
_SERVICES_FROM = 9.0
#: How many lines above or below its middle the name of an area may stand.
_ROAMING = (0.0, -1.1, 1.1, -2.2, 2.2)
#: At most so many names of a layer are tried: beyond it nobody reads.
_MOST = 250


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that wants a place: round a symbol, or in the middle of an area.

    One that `roams` may stand a line or two above or below the middle where that is taken.
    """

    text: str
    x: float
    y: float
    gap: float
    inside: bool
    font: QFont
    color: str
    roams: bool = False


class Taken:
    """Boxes on the map that hold something already, in logical pixels."""

    def __init__(self) -> None:
        self._boxes = np.empty((64, 4))
        self._count = 0

    def add(self, box: QRectF) -> None:
        if self._count == len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count] = box.left(), box.top(), box.right(), box.bottom()
        self._count += 1

    def meets(self, box: QRectF) -> bool:
        some: NDArray[np.float64] = self._boxes[: self._count]
        apart = (
            (some[:, 0] >= box.right())
            | (some[:, 2] <= box.left())
            | (some[:, 1] >= box.bottom())
            | (some[:, 3] <= box.top())
        )
        return not bool(apart.all())


def paint_labels(frame: Frame, taken: Taken | None = None) -> None:
    """Name zones, deployments, services and areas, in this order of importance."""
    taken = taken or Taken()
    for layer in named_layers(frame, LayerKind.SERVICES):
        _keep_discs_free(frame, layer, taken)
    for wish in _wishes(frame):
        frame.progress.check()
        box = _place(wish, frame.rect, taken)
        if box is not None:
            taken.add(box.adjusted(-1, 0, 1, 0))
            _write(frame, wish, box)


def named_layers(frame: Frame, *kinds: LayerKind) -> list[Layer]:
    """Visible layers of these kinds that the audience sees each feature of, top first."""
    return [
        layer
        for layer in reversed(frame.scene.project.layers)
        if layer.kind in kinds and layer.visible and frame.look.showing(layer) is Showing.EACH
    ]


def _keep_discs_free(frame: Frame, layer: Layer, taken: Taken) -> None:
    rows, x, y = services_in_view(frame, layer)
    if len(rows) > _MOST:
        return
    radius = service_radius(frame, layer, len(rows))
    for left, top in zip((x - radius).tolist(), (y - radius).tolist(), strict=True):
        taken.add(QRectF(left, top, radius * 2, radius * 2))


def _wishes(frame: Frame) -> Iterator[Wish]:
    near = frame.view.metres_per_pixel <= _SERVICES_FROM
    services = named_layers(frame, LayerKind.SERVICES) if near else []
    # A circle is often called like the service it stands round: once is enough.
    said = {name for layer in services for name in prepared.names_of(layer, frame.cache)}
    yield from (wish for wish in _zones(frame) if wish.text not in said)
    for layer in named_layers(frame, LayerKind.DEPLOYMENTS):
        yield from _areas(frame, layer, frame.ground.text, bold=True)
    for layer in services:
        yield from _services(frame, layer)
    for layer in named_layers(frame, LayerKind.BOUNDARIES, LayerKind.POPULATION, LayerKind.OTHER):
        yield from _areas(frame, layer, frame.ground.quiet_text, bold=False)


def _zones(frame: Frame) -> Iterator[Wish]:
    project, view = frame.scene.project, frame.view
    if not project.zones_visible or not project.zones:
        return
    zones = list(project.zones.values())
    boxes = np.array([zone.shape.bounds for zone in zones])
    left, bottom = view.to_screen(boxes[:, 0], boxes[:, 1])
    right, top = view.to_screen(boxes[:, 2], boxes[:, 3])
    wide = np.flatnonzero(_in_view(view, left, top, right, bottom) & (right - left > frame.px(30)))
    text = font(frame.px(SIZE), bold=True)
    for number in wide[:_MOST].tolist():
        # At the upper edge, within: the middle belongs to the service that it stands round.
        x = (left[number] + right[number]) / 2
        y = top[number] + (bottom[number] - top[number]) * 0.22
        width = float(right[number] - left[number])
        yield Wish(_fitted(zones[number].name, text, width), x, y, 0, True, text, frame.ground.text)


def _areas(frame: Frame, layer: Layer, color: str, *, bold: bool) -> Iterator[Wish]:
    names = prepared.names_of(layer, frame.cache)
    mask = frame.look.rows_of(layer)
    text = font(frame.px(SIZE if bold else AREA_SIZE), bold=bold)
    if not isinstance(layer.geometry, Shapes):
        yield from _places(frame, layer, names, text, color)
        return
    lines = prepared.outlines_of(layer.geometry, frame.cache, frame.progress)
    anchors = prepared.anchors_of(layer.geometry, frame.cache)
    x, y = frame.view.to_screen(anchors.lon, anchors.lat)
    width = (lines.boxes[:, 2] - lines.boxes[:, 0]) / frame.view.resolution
    inside = (x > 0) & (x < frame.view.width) & (y > 0) & (y < frame.view.height)
    if mask is not None:
        inside &= mask
    shown = np.flatnonzero(inside & (width > frame.px(24)))
    for number in shown[np.argsort(-width[shown])][:_MOST].tolist():
        name = _fitted(names[number], text, float(width[number]) * 1.1)
        yield Wish(name, x[number], y[number], 0, True, text, color, roams=True)


def _places(
    frame: Frame, layer: Layer, names: list[str], text: QFont, color: str
) -> Iterator[Wish]:
    if layer.kind is not LayerKind.DEPLOYMENTS and frame.view.metres_per_pixel > _SERVICES_FROM:
        return
    rows, x, y = services_in_view(frame, layer)
    for place, row in enumerate(rows[:_MOST].tolist()):
        yield Wish(_short(names[row]), x[place], y[place], frame.px(6), False, text, color)


def _services(frame: Frame, layer: Layer) -> Iterator[Wish]:
    rows, x, y = services_in_view(frame, layer)
    if len(rows) > _MOST:
        return
    names = prepared.names_of(layer, frame.cache)
    gap = service_radius(frame, layer, len(rows)) + frame.px(1.5)
    text = font(frame.px(SIZE))
    for place, row in enumerate(rows.tolist()):
        yield Wish(_short(names[row]), x[place], y[place], gap, False, text, frame.ground.text)


def _in_view(
    view: MapView,
    left: NDArray[np.float64],
    top: NDArray[np.float64],
    right: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> NDArray[np.bool_]:
    return (right > 0) & (left < view.width) & (bottom > 0) & (top < view.height)


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def _fitted(name: str, text: QFont, width: float) -> str:
    """The name if it fits into the width, else nothing: a cut name is no name."""
    name = _short(name)
    return name if QFontMetricsF(text).horizontalAdvance(name) <= width else ""


def _place(wish: Wish, rect: QRectF, taken: Taken) -> QRectF | None:
    """A free box for the name: beside its symbol to the right, left, above or below."""
    if not wish.text:
        return None
    metrics = QFontMetricsF(wish.font)
    width, height = metrics.horizontalAdvance(wish.text), metrics.height()
    x, y, gap = wish.x, wish.y, wish.gap
    if wish.inside:
        corners = [
            (x - width / 2, y - height / 2 + lines * height)
            for lines in (_ROAMING if wish.roams else (0.0,))
        ]
    else:
        corners = [
            (x + gap, y - height / 2),
            (x - gap - width, y - height / 2),
            (x - width / 2, y - gap - height),
            (x - width / 2, y + gap),
        ]
    for left, top in corners:
        box = QRectF(left, top, width, height)
        if rect.contains(box) and not taken.meets(box):
            return box
    return None


def _write(frame: Frame, wish: Wish, box: QRectF) -> None:
    ascent = QFontMetricsF(wish.font).ascent()
    halo = frame.ground.halo
    if frame.vector:
        baseline = QPointF(box.left(), box.top() + ascent)
        drawn = frame.painter.paintEngine().type() == QPaintEngine.Type.SVG
        write_with_halo(
            frame.painter, wish.text, baseline, wish.font, wish.color, halo, as_path=drawn
        )
        return
    dpr = frame.view.dpr
    stamp = _stamp(wish.text, wish.font.toString(), wish.color, halo, dpr)
    left, top = box.left() - _MARGIN, box.top() - _MARGIN
    frame.painter.drawImage(QPointF(round(left * dpr) / dpr, round(top * dpr) / dpr), stamp)


#: Room for the halo round a label's image, in logical pixels.
_MARGIN = 4


@lru_cache(maxsize=1024)
def _stamp(text: str, written: str, color: str, halo: str, dpr: float) -> QImage:
    """A label as an image: the halo takes half a millisecond to draw, a copy next to nothing."""
    face = QFont()
    face.fromString(written)
    metrics = QFontMetricsF(face)
    width = metrics.horizontalAdvance(text) + 2 * _MARGIN
    height = metrics.height() + 2 * _MARGIN
    image = QImage(
        math.ceil(width * dpr),
        math.ceil(height * dpr),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    baseline = QPointF(_MARGIN, _MARGIN + metrics.ascent())
    write_with_halo(painter, text, baseline, face, color, halo)
    painter.end()
    return image


def write_with_halo(
    painter: QPainter,
    text: str,
    baseline: QPointF,
    written: QFont,
    color: str,
    halo: str,
    *,
    as_path: bool = False,
) -> None:
    """Text that can be read on anything; the letters stay text, or become outlines.

    Outlines are for files that do not carry their font: another one would miss its halo.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addText(baseline, written, text)
    vectors = painter.paintEngine().type() != QPaintEngine.Type.Raster
    pen = QPen(shade(halo, 1.0 if vectors else 0.85), written.pixelSize() * 0.28)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    if as_path:
        painter.fillPath(path, shade(color))
        return
    painter.setFont(written)
    painter.setPen(shade(color))
    painter.drawText(baseline, text)
