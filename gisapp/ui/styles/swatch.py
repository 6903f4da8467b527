"""Small pictures of a style, for lists: what a layer, a zone or a hotspot looks like on the map."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGuiApplication,
    QIcon,
    QImage,
    QLinearGradient,
    QPainter,
    QPen,
    QPixmap,
)

from gisapp.analysis.points.stacks import SEVERAL
from gisapp.layers.classes import mixed
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import Fill, LegendEntry, Line, Style
from gisapp.layers.vocabulary import LayerKind, ServiceType
from gisapp.render.glyphs import glyph
from gisapp.render.marks import draw_mark, set_mark_pens
from gisapp.render.painters.deployments import draw_alert
from gisapp.render.painters.services import draw_service
from gisapp.render.palette import ground, seen
from gisapp.ui import theme

#: How large a point is in a list, beside a service, and a symbol at least beside the largest.
_POINT, _SMALLEST = 0.7, 0.25
#: The widest line of a picture, in logical pixels.
_WIDEST = 5.5


def symbol_of(layer: Layer) -> str:
    """How a layer is drawn: `service`, `point`, `line` or `area`."""
    if layer.kind is LayerKind.SERVICES:
        return "service"
    if isinstance(layer.geometry, Points):
        return "point"
    if layer.kind is LayerKind.STREETS:
        return "line"
    return "area"


def entry_icon(entry: LegendEntry, size: int = 16) -> QIcon:
    kinds = {kind.label: kind for kind in ServiceType}
    kind = kinds.get(entry.label, ServiceType.OTHER)
    if entry.symbol == "alert":
        middle, edge = QPointF(size / 2, size / 2), theme.current().panel
        return _icon(size, lambda painter: draw_alert(painter, middle, size / 2 - 1, edge))
    if entry.symbol == "mark":
        return _icon(size, lambda painter: _paint_mark(painter, entry, size))
    if entry.symbol == "service" and entry.label == SEVERAL:
        return _icon(size, lambda painter: _paint_several(painter, entry.style, size))
    share = entry.sides[0] if entry.sides else None
    return swatch(entry.style, entry.symbol, size, entry.ramp, kind, share)


def swatch(
    style: Style,
    symbol: str,
    size: int = 16,
    ramp: tuple[tuple[str, str], ...] = (),
    kind: ServiceType = ServiceType.OTHER,
    share: float | None = None,
) -> QIcon:
    """A picture of a style as `point`, `service`, `line`, `area`, `class` or `ramp`.

    `share` is how large a symbol is beside the largest of its legend.
    """
    dark, dpr = theme.current().dark, QGuiApplication.primaryScreen().devicePixelRatio()
    return _as_icon(_drawn(style, symbol, size, ramp, kind, share, dark, dpr))


@lru_cache(maxsize=512)
def _drawn(
    style: Style,
    symbol: str,
    size: int,
    ramp: tuple[tuple[str, str], ...],
    kind: ServiceType,
    share: float | None,
    dark: bool,
    dpr: float,
) -> QImage:
    """Kept, for the list of layers asks for all of them anew with each change of one."""

    def paint(painter: QPainter) -> None:
        box = QRectF(1.5, 1.5, size - 3, size - 3)
        if symbol == "ramp" and ramp:
            _paint_ramp(painter, box, ramp)
        elif symbol == "class":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.color))
            painter.drawRoundedRect(box, 2, 2)
        elif symbol == "line":
            painter.setPen(_pen(style, _seen_width(style.width, 2.2)))
            painter.drawLine(QPointF(1, size - 4), QPointF(size - 1, 4))
        elif symbol == "area":
            _paint_area(painter, box, style)
        else:
            service = symbol == "service"
            whole = 1.0 if service else _POINT
            side = box.width() * (whole if share is None else max(share, _SMALLEST))
            _paint_disc(painter, box.center(), side / 2, style, kind if service else None)

    return _painted(size, paint, dpr)


def _icon(size: int, paint: Callable[[QPainter], None]) -> QIcon:
    return _as_icon(_painted(size, paint, QGuiApplication.primaryScreen().devicePixelRatio()))


def _painted(size: int, paint: Callable[[QPainter], None], dpr: float) -> QImage:
    side = round(size * dpr)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return image


def _as_icon(image: QImage) -> QIcon:
    pixmap = QPixmap.fromImage(image)
    icon = QIcon(pixmap)
    # A list paints its selected rows with another picture; this one must keep its colours.
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def _paint_mark(painter: QPainter, entry: LegendEntry, size: int) -> None:
    """A count's mark, in proportion to the largest of its kind."""
    set_mark_pens(painter, entry.style.color, theme.current().panel, 0.0)
    painter.setPen(Qt.PenStyle.NoPen)
    draw_mark(painter, entry.mark, QPointF(size / 2, size / 2), (size - 2) * entry.sides[0])


def _paint_several(painter: QPainter, style: Style, size: int) -> None:
    """The disc of a place of several services, with a number."""
    color, middle = _color(style, style.opacity).name(), QPointF(size / 2, size / 2)
    draw_service(painter, middle, size / 2 - 1.5, color, None, 2, color)


def _seen_width(width: float, times: float) -> float:
    """The width of a line in a picture: wider than on the map, so that widths are told apart."""
    return min(max(width * times, 0.8), _WIDEST)


def _color(style: Style, opacity: float = 1.0) -> QColor:
    """The colour that a style has on the empty map at an opacity, whatever the list's own is."""
    dark = theme.current().dark
    return QColor(mixed(seen(style.color, dark), ground(dark).background, opacity))


def _pen(style: Style, width: float) -> QPen:
    pen = QPen(_color(style, style.opacity), width)
    if style.line is Line.DASHED:
        pen.setDashPattern([2.0, 1.4])
    return pen


def _paint_disc(
    painter: QPainter, middle: QPointF, radius: float, style: Style, kind: ServiceType | None
) -> None:
    """A disc, with the glyph of a kind of service where one is given."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color(style, style.opacity))
    painter.drawEllipse(middle, radius, radius)
    if kind is None:
        return
    painter.setBrush(theme.color(theme.tokens(False).panel))
    painter.translate(middle)
    painter.scale(radius * 0.66, radius * 0.66)
    painter.drawPath(glyph(kind))


def _paint_area(painter: QPainter, box: QRectF, style: Style) -> None:
    color = _color(style, style.fill_opacity * style.opacity)
    patterns = {
        Fill.HATCHED: Qt.BrushStyle.BDiagPattern,
        Fill.CROSS_HATCHED: Qt.BrushStyle.DiagCrossPattern,
    }
    if style.fill in patterns:
        painter.fillRect(box, QBrush(color, patterns[style.fill]))
    elif style.fill is Fill.PLAIN:
        painter.fillRect(box, color)
    if not style.width and style.fill is Fill.PLAIN:
        return
    width = _seen_width(style.width, 1.5)
    inside = max(width - 3, 0) / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(style, width))
    painter.drawRect(box.adjusted(inside, inside, -inside, -inside))


def _paint_ramp(painter: QPainter, box: QRectF, ramp: tuple[tuple[str, str], ...]) -> None:
    gradient = QLinearGradient(box.topLeft(), box.topRight())
    for step, (color, _) in enumerate(ramp):
        gradient.setColorAt(step / max(len(ramp) - 1, 1), QColor(color))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRoundedRect(box.adjusted(0, 2, 0, -2), 2, 2)
