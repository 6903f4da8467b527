"""Services: a blue disc with a white glyph for the kind of service."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gisapp.layers.layer import Layer
from gisapp.layers.vocabulary import ServiceType
from gisapp.render import prepared
from gisapp.render.class_styles import class_styles, style_numbers
from gisapp.render.frame import Frame
from gisapp.render.glyphs import glyph
from gisapp.render.palette import shade
from gisapp.render.shown_rows import shown_rows

Floats = NDArray[np.float64]

#: With more services in view than this the discs are small and carry no glyph.
MANY = 400
#: Stamps of small discs are made for so many places within a device pixel, each way.
_PHASES = 4
#: A disc without glyph, as a share of the full one.
_SMALL = 0.5


def services_in_view(
    frame: Frame, layer: Layer
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Rows in view and where they are on the map, in logical pixels."""
    points = prepared.places_of(layer.geometry, frame.cache)
    x, y = frame.view.to_screen(points.lon, points.lat)
    reach = frame.px(max(style.size for style in class_styles(layer.style)))
    shown = (x > -reach) & (x < frame.view.width + reach)
    shown &= (y > -reach) & (y < frame.view.height + reach)
    mask = shown_rows(layer, frame.look, frame.cache)
    if mask is not None:
        shown &= mask
    rows = np.flatnonzero(shown)
    return rows, x[rows], y[rows]


def service_radius(frame: Frame, layer: Layer, count: int) -> float:
    """Radius of a disc in logical pixels, with `count` of them in view."""
    near = min(max(3.0 / frame.view.metres_per_pixel, 1.0), 1.5)
    radius = frame.px(layer.style.size) / 2 * near
    if count > MANY:
        return radius * _SMALL
    crowded = count * (radius * 2) ** 2 / max(frame.view.width * frame.view.height, 1)
    return radius if crowded < 0.012 else radius * 0.7


def service_radii(frame: Frame, layer: Layer, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Radius of the disc of each of the services in view: those of a class may be larger."""
    sizes = np.array([style.size for style in class_styles(layer.style)])
    share = sizes[style_numbers(layer, frame.cache)[rows]] / max(layer.style.size, 0.1)
    radii: NDArray[np.float64] = service_radius(frame, layer, len(rows)) * share
    return radii


def paint_services(frame: Frame, layer: Layer) -> None:
    """Draw a disc for each service in view in the look of its class, the northern ones first."""
    rows, x, y = services_in_view(frame, layer)
    radii = service_radii(frame, layer, rows).tolist()
    colors = [frame.color(style.color) for style in class_styles(layer.style)]
    numbers = style_numbers(layer, frame.cache)[rows]
    kinds = prepared.service_kinds(layer, frame.cache)
    painter, order = frame.painter, np.argsort(y, kind="stable").tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(layer.style.opacity)
    many = len(rows) > MANY
    looks = [
        (radii[place], colors[numbers[place]], None if many else kinds[int(rows[place])])
        for place in order
    ]
    if not frame.vector:
        _stamp(frame, looks, x[order], y[order])
        return
    for done, (place, (radius, color, kind)) in enumerate(zip(order, looks, strict=True)):
        if done % 64 == 0:
            frame.progress.check()
        middle = QPointF(float(x[place]), float(y[place]))
        draw_service(painter, middle, radius, kind, color, frame.ground.edge)


def _stamp(
    frame: Frame, looks: list[tuple[float, str, ServiceType | None]], x: Floats, y: Floats
) -> None:
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
        stamp, half = _disc(*look, phase, dpr, frame.ground.edge)
        frame.painter.drawImage(QPointF((left[done] - half) / dpr, (top[done] - half) / dpr), stamp)


@lru_cache(maxsize=2048)
def _disc(
    radius: float, color: str, kind: ServiceType | None, phase: int, dpr: float, edge: str
) -> tuple[QImage, int]:
    """A disc with its middle so far beyond the middle pixel of an image, and that pixel."""
    half = math.ceil((radius + max(radius * 0.16, 0.8)) * dpr) + 1
    stamp = QImage(2 * half + 1, 2 * half + 1, QImage.Format.Format_ARGB32_Premultiplied)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(half + phase % _PHASES / _PHASES, half + phase // _PHASES / _PHASES)
    painter.scale(dpr, dpr)
    draw_service(painter, QPointF(0, 0), radius, kind, color, edge)
    painter.end()
    stamp.setDevicePixelRatio(dpr)
    return stamp, half


def draw_service(
    painter: QPainter,
    middle: QPointF,
    radius: float,
    kind: ServiceType | None,
    color: str,
    edge: str,
) -> None:
    """One disc, with its glyph where the kind is given."""
    painter.setPen(QPen(shade(edge), max(radius * 0.16, 0.8)))
    painter.setBrush(shade(color))
    painter.drawEllipse(middle, radius, radius)
    if kind is None:
        return
    painter.save()
    painter.translate(middle)
    painter.scale(radius * 0.68, radius * 0.68)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade("#FFFFFF"))
    painter.drawPath(glyph(kind))
    painter.restore()
