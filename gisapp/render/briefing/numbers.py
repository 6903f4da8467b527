"""The numbers of zones on a map: a place for each, clear of services and of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from gisapp.analysis.briefing.briefing import Line
from gisapp.layers.layer import Bounds, Points
from gisapp.layers.outline import sound
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.look import Scene
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.view import MapView

#: More numbers than this are set smaller.
_MANY = 30
#: Half the width of a service's disc.
_DISC = 8.0
#: Where a number may stand instead of its zone's middle: steps across and down.
_ASIDE = ((0, -1), (0, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (1, 1), (-1, 1))
_FAR = (1.1, 2.2, 3.3, 4.4, 5.5)
#: Numbers that are farther from their place than this, in their heights, are led there by a line.
_LED = 1.2


@dataclass(frozen=True, slots=True)
class Numbers:
    """Words with their boxes on the map and the place each is for (logical pixels).

    `left` are the numbers without room.
    """

    placed: tuple[tuple[str, QRectF, QPointF], ...]
    left: tuple[int, ...] = ()


def service_boxes(scene: Scene) -> list[QRectF]:
    """Where the discs of services stand, which no number may cover."""
    boxes = []
    for layer in scene.project.layers_of(LayerKind.SERVICES):
        if not (scene.draws(layer) and isinstance(layer.geometry, Points)):
            continue
        x, y = scene.view.to_screen(layer.geometry.lon, layer.geometry.lat)
        near = (x > 0) & (x < scene.view.width) & (y > 0) & (y < scene.view.height)
        boxes += [
            QRectF(left - _DISC, top - _DISC, 2 * _DISC, 2 * _DISC)
            for left, top in zip(x[near].tolist(), y[near].tolist(), strict=True)
        ]
    return boxes


def number_places(
    lines: Sequence[Line], scene: Scene, taken: Sequence[QRectF], larger: float = 1.0
) -> Numbers:
    """A place for each number on its zone, a little aside where something stands already.

    The ground of a zone that reaches over the edge of the map is numbered within it.
    """
    radius = (9.0 if len(lines) <= _MANY else 6.5) * larger
    view = scene.view
    frame, room = shapely.box(*view.bounds), QRectF(0, 0, view.width, view.height)
    full = [*taken, *service_boxes(scene)]
    placed: list[tuple[str, QRectF, QPointF]] = []
    left: list[int] = []
    for line in lines:
        inside = shapely.intersection(sound(line.zone.shape), frame)
        place = None
        if not inside.is_empty:
            at = inside.representative_point()
            x, y = view.to_screen(np.array([at.x]), np.array([at.y]))
            middle = QPointF(float(x[0]), float(y[0]))
            place = _free(middle, str(line.number), radius, full, room)
        if place is None:
            left.append(line.number)
            continue
        full.append(place)
        placed.append((str(line.number), place, middle))
    return Numbers(tuple(placed), tuple(left))


def letter_places(
    frames: Sequence[tuple[str, Bounds]], view: MapView, larger: float = 1.0
) -> Numbers:
    """The letter of each frame in the middle of its upper edge, within it."""
    placed = []
    for letter, (west, _, east, north) in frames:
        x, y = view.to_screen(np.array([(west + east) / 2]), np.array([north]))
        middle = QPointF(float(x[0]), float(y[0]))
        placed.append((letter, _pill(letter, middle, 10.0 * larger), middle))
    return Numbers(tuple(placed))


def paint_numbers(painter: QPainter, numbers: Numbers) -> None:
    """White figures on dark discs, which a photocopy keeps, with a line to a place far away."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade(PAPER.text), 0.8))
    for _, box, middle in numbers.placed:
        if QLineF(box.center(), middle).length() > _LED * box.height():
            painter.drawLine(box.center(), middle)
    for number, box, _ in numbers.placed:
        painter.setPen(QPen(shade(PAPER.background), 1.2))
        painter.setBrush(shade(PAPER.text))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(shade(PAPER.background))
        painter.setFont(_figures(box.height()))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)


def _figures(height: float) -> QFont:
    return font(height * 0.62, bold=True)


def _free(
    middle: QPointF, number: str, radius: float, taken: Sequence[QRectF], room: QRectF
) -> QRectF | None:
    for away in (0.0, *_FAR):
        for across, down in _ASIDE if away else ((0, 0),):
            at = middle + QPointF(across, down) * (away * radius)
            box = _pill(number, at, radius)
            if room.contains(box) and not any(box.intersects(other) for other in taken):
                return box
    return None


def _pill(number: str, middle: QPointF, radius: float) -> QRectF:
    """A disc; a number of three figures makes it longer."""
    height = 2 * radius
    wide = QFontMetricsF(_figures(height)).horizontalAdvance(number) + height * 0.35
    half = max(wide, height) / 2
    return QRectF(middle.x() - half, middle.y() - radius, 2 * half, height)
