"""Scale bar, north arrow and sources, for the map on screen and on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from gisapp.layers.audience import Showing
from gisapp.layers.geodesy import METRES_PER
from gisapp.layers.project import Project
from gisapp.render.look import Box, Look
from gisapp.render.palette import Ground, font, shade
from gisapp.render.view import MapView

_STEPS = (1, 2, 5)
#: Size of the words at a scale bar, in the units of a page.
_TEXT = 11.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A scale bar: how long it is on the map in logical pixels, and what it says."""

    width: float
    text: str
    metres: float


def scale_bar(view: MapView, longest: float, *, imperial: bool = False) -> Bar:
    """The longest bar of a round number on the ground that is no wider than `longest` pixels."""
    units = ("ft", "mi") if imperial else ("m", "km")
    longest_m = longest * view.metres_per_pixel
    unit = units[1] if longest_m >= METRES_PER[units[1]] else units[0]
    number = _round_down(longest_m / METRES_PER[unit])
    metres = number * METRES_PER[unit]
    return Bar(metres / view.metres_per_pixel, f"{number:,.10g} {unit}", metres)


def _round_down(number: float) -> float:
    """The largest of … 0.5, 1, 2, 5, 10 … that is not above the number."""
    power = 10.0 ** math.floor(math.log10(number))
    step = max(step for step in _STEPS if step * power <= number * (1 + 1e-9))
    return step * power


def as_box(rect: QRectF) -> Box:
    """A rectangle as a scene says what is covered."""
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def paint_scale_bar(
    painter: QPainter,
    corner: QPointF,
    view: MapView,
    ground: Ground,
    *,
    longest: float = 140.0,
    imperial: bool = False,
    size: float = _TEXT,
) -> QRectF:
    """Draw bars in metric and, where wanted, in miles, their lower left corner given.

    Returns the box they take; `size` is that of the words.
    """
    bars, text = _bars(view, longest, imperial), font(size)
    line = QFontMetricsF(text).height()
    box = scale_bar_box(corner, view, longest=longest, imperial=imperial, size=size)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _plate(painter, box, ground)
    painter.setFont(text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, top = box.left() + 8, box.top() + 2
    for bar in bars:
        foot = top + line + 4
        painter.setPen(QPen(shade(ground.text), 1.4))
        painter.drawPolyline(
            [
                QPointF(left, foot - 4),
                QPointF(left, foot),
                QPointF(left + bar.width, foot),
                QPointF(left + bar.width, foot - 4),
            ]
        )
        painter.setPen(shade(ground.text))
        painter.drawText(QPointF(left + 3, foot - 5), bar.text)
        top += line + 8
    painter.restore()
    return box


def scale_bar_box(
    corner: QPointF,
    view: MapView,
    *,
    longest: float = 140.0,
    imperial: bool = False,
    size: float = _TEXT,
) -> QRectF:
    """What the scale bar takes, its lower left corner given."""
    bars, metrics = _bars(view, longest, imperial), QFontMetricsF(font(size))
    widest = max(max(bar.width, metrics.horizontalAdvance(bar.text)) for bar in bars)
    height = len(bars) * (metrics.height() + 8) + 4
    return QRectF(corner.x(), corner.y() - height, widest + 16, height)


def _bars(view: MapView, longest: float, imperial: bool) -> list[Bar]:
    bars = [scale_bar(view, longest)]
    return [*bars, scale_bar(view, longest, imperial=True)] if imperial else bars


def north_box(middle: QPointF, size: float = 30.0) -> QRectF:
    """What the north arrow takes."""
    return QRectF(middle.x() - size * 0.42, middle.y() - size * 0.62, size * 0.84, size * 1.24)


def paint_north(
    painter: QPainter,
    middle: QPointF,
    ground: Ground,
    size: float = 30.0,
    letter: float | None = None,
) -> QRectF:
    """Draw the north arrow: a slim needle under its letter. Returns the box it takes.

    The letter has its share of the size of the arrow where no other size is given.
    """
    box = north_box(middle, size)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _plate(painter, box, ground)
    x, top, bottom = middle.x(), middle.y() - size * 0.12, middle.y() + size * 0.52
    half = size * 0.2
    notch = QPointF(x, bottom - size * 0.16)
    painter.setPen(QPen(shade(ground.text), 1.0))
    painter.setBrush(shade(ground.text))
    painter.drawPolygon(QPolygonF([QPointF(x, top), notch, QPointF(x - half, bottom)]))
    painter.setBrush(shade(ground.plate))
    painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + half, bottom), notch]))
    painter.setFont(font(size * 0.36 if letter is None else letter, bold=True))
    painter.setPen(shade(ground.text))
    above = QRectF(box.left(), box.top() + size * 0.04, box.width(), size * 0.44)
    painter.drawText(above, Qt.AlignmentFlag.AlignCenter, "N")
    painter.restore()
    return box


def _plate(painter: QPainter, box: QRectF, ground: Ground) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade(ground.plate, 0.88))
    painter.drawRoundedRect(box, 3, 3)


def credit_of(project: Project) -> str:
    """Whom the base map under the layers is by; empty where none is shown."""
    base_map = project.base_map
    if base_map is None or not base_map.visible or base_map.opacity <= 0:
        return ""
    return base_map.credit.strip() or base_map.title


def sources(project: Project, look: Look, *, events: bool = True) -> tuple[str, ...]:
    """The files that the layers shown to this audience came from, each once.

    The makers of a base map come first: their credit must not be what is shortened away.
    """
    credit = credit_of(project)
    names: list[str] = [credit] if credit else []
    for layer in project.layers:
        wanted = layer.visible and (events or not layer.is_events)
        known = look.showing(layer) is not Showing.NOTHING and look.count_of(layer)
        if wanted and known:
            names += [name for name in layer.provenance.sources if name not in names]
    return tuple(names)


def shortened(names: Sequence[str], most: int = 6) -> str:
    """`a, b, c and 4 more`."""
    shown = ", ".join(names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown
