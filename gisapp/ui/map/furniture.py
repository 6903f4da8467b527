"""What stands over the map on screen: scale bar, north arrow, attribution, audience frame."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen, QPolygonF

from gisapp.layers import geodesy
from gisapp.layers.audience import Sensitivity, Showing, showing
from gisapp.layers.project import Project
from gisapp.render.furniture import as_box, credit_of, sources
from gisapp.render.look import Box
from gisapp.render.scene import Look
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.selection_overlay import paint_tag

_STEPS = (1, 2, 5)
_MARGIN = 12.0
#: The property of widgets on a map that stay there as its scale bar does.
FURNITURE = "furniture"
#: How high above the foot of the map anything of it reaches.
_STRIP = 110
#: A hint beside the pointer is no wider, in pixels: it hides what is being drawn.
_WIDEST_HINT = 400


def round_length(longest_m: float) -> float:
    """The longest of 1, 2, 5, 10 … metres that is not longer than `longest_m`."""
    best = 0.1
    power = 0.1
    while power <= longest_m:
        for step in _STEPS:
            if step * power <= longest_m:
                best = step * power
        power *= 10
    return round(best, 1)


def restricted_layers(project: Project, look: Look) -> tuple[str, ...]:
    """Names of restricted layers that are drawn row by row for this audience."""
    return tuple(
        layer.name
        for layer in project.layers
        if layer.visible
        and layer.sensitivity is Sensitivity.RESTRICTED
        and showing(layer.kind, layer.sensitivity, look.audience, exported=look.exported)
        is Showing.EACH
    )


def sources_in_words(project: Project, look: Look) -> str:
    """The files that the map rests on, but for those of events."""
    credit = credit_of(project)
    names = sorted(name for name in sources(project, look, events=False) if name != credit)
    if credit:
        names.insert(0, credit)  # what is too long is cut at its end
    return "Sources: " + ", ".join(names) if names else ""


def paint_hint(painter: QPainter, view: MapView, hint: str, at: QPointF) -> QRectF:
    """Say a tool's next step beside the pointer, in lines where it is long; where it stands."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("small"))
    widest = min(_WIDEST_HINT, view.width - 2 * t.gap - 8)
    lines = Qt.TextFlag.TextWordWrap.value
    text = painter.fontMetrics().boundingRect(QRect(0, 0, round(widest), 10_000), lines, hint)
    box = QRectF(0, 0, text.width() + 2 * t.gap, text.height() + 6)
    below = at.y() + 22 + box.height() <= view.height - 36
    x = max(min(at.x() + 16, view.width - box.width() - 4), 4)
    box.moveTo(x, at.y() + 22 if below else at.y() - 12 - box.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(t.text, 0.9))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.color(t.panel))
    inside = box.adjusted(t.gap, 3, -t.gap, -3)
    painter.drawText(inside, lines | Qt.AlignmentFlag.AlignVCenter.value, hint)
    painter.restore()
    return box


def covered_by(view: MapView, sources: str, restricted: tuple[str, ...]) -> tuple[Box, ...]:
    """What of a map its furniture and the words of its frame cover, in logical pixels."""
    metrics = QFontMetrics(theme.font("small"))
    boxes = [_bar_box(metrics, _bar(view)[1]), _north_box(view.width)]
    if sources:
        boxes.append(_sources_box(metrics, view.width, sources)[1])
    found = [as_box(box.translated(0, view.height - _STRIP)) for box in boxes]
    if restricted:
        found.append(frame_words_box(restricted))
    return tuple(found)


def frame_words_box(restricted: tuple[str, ...]) -> Box:
    """Where the words of the frame stand, at the upper left."""
    size = QFontMetrics(theme.font("small")).size(0, _frame_words(restricted))
    gap = theme.current().gap
    return 3.0, 3.0, 3.0 + size.width() + 2 * gap, 3.0 + size.height() + gap


def paint_furniture(painter: QPainter, view: MapView, sources: str) -> None:
    """Scale bar at the lower left, north arrow above the sources at the lower right.

    They are the same from frame to frame, so that a picture of them serves all.
    """
    length, bar = _bar(view)
    dark = theme.current().dark
    strip = _strip(view.width, view.dpr, length, bar, sources, dark)
    painter.drawImage(QPointF(0, view.height - _STRIP), strip)


def _bar(view: MapView) -> tuple[float, int]:
    """What the scale bar says in metres, and how wide it is."""
    length = round_length(160 * view.metres_per_pixel)
    return length, round(length / view.metres_per_pixel)


def _bar_box(metrics: QFontMetrics, width: float) -> QRectF:
    height = metrics.height()
    return QRectF(_MARGIN, _STRIP - _MARGIN - height - 12, width + 16, height + 12)


def _north_box(width: int) -> QRectF:
    return QRectF(width - _MARGIN - 29, _STRIP - _MARGIN - 63, 34, 34)


def _sources_box(metrics: QFontMetrics, width: int, sources: str) -> tuple[str, QRectF]:
    """The words that there is room for, and where they stand."""
    gap = theme.current().gap
    text = metrics.elidedText(sources, Qt.TextElideMode.ElideRight, width // 2)
    wide, high = metrics.horizontalAdvance(text) + 2 * gap, metrics.height() + gap
    return text, QRectF(width - _MARGIN - wide, _STRIP - _MARGIN - high, wide, high)


@lru_cache(maxsize=4)
def _strip(width: int, dpr: float, length: float, bar: int, sources: str, dark: bool) -> QImage:
    """The foot of a map with its furniture; clear but for that. `dark` is that of the theme."""
    image = QImage(
        max(round(width * dpr), 1), round(_STRIP * dpr), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_scale_bar(painter, length, bar)
    _paint_north(painter, width)
    if sources:
        _paint_sources(painter, width, sources)
    painter.end()
    return image


def _paint_scale_bar(painter: QPainter, length: float, width: float) -> None:
    t = theme.current()
    painter.setFont(theme.font("small"))
    text = geodesy.in_words(length)
    box = _bar_box(painter.fontMetrics(), width)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(t.map_paper, 0.85))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.color(t.map_ink))
    painter.drawText(
        box.adjusted(8, 2, -8, 0), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text
    )
    left, right, foot = box.left() + 8, box.left() + 8 + width, box.bottom() - 5
    painter.setPen(QPen(theme.color(t.map_ink), 1.5))
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(left, foot - 4),
                QPointF(left, foot),
                QPointF(right, foot),
                QPointF(right, foot - 4),
            ]
        )
    )


def _paint_north(painter: QPainter, width: int) -> None:
    t = theme.current()
    box = _north_box(width)
    x, y = box.center().x(), box.center().y() - 12
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(t.map_paper, 0.85))
    painter.drawEllipse(box)
    painter.setPen(QPen(theme.color(t.map_ink), 1.2))
    for side, brush in ((-1, t.map_ink), (1, t.map_paper)):
        painter.setBrush(theme.color(brush))
        painter.drawPolygon(
            QPolygonF([QPointF(x, y + 1), QPointF(x + side * 5.5, y + 17), QPointF(x, y + 13.5)])
        )
    painter.setFont(theme.font("small", bold=True))
    painter.drawText(QRectF(x - 10, y + 15, 20, 16), int(Qt.AlignmentFlag.AlignCenter), "N")


def _paint_sources(painter: QPainter, width: int, sources: str) -> None:
    t = theme.current()
    painter.setFont(theme.font("small"))
    text, box = _sources_box(painter.fontMetrics(), width, sources)
    paper, ink = theme.color(t.map_paper, 0.85), theme.color(t.map_ink)
    paint_tag(painter, text, box.topLeft(), paper, ink)


def paint_frame(painter: QPainter, view: MapView, names: tuple[str, ...]) -> None:
    """A frame that says: what is on this screen is not for everybody."""
    t = theme.current()
    painter.save()
    painter.setPen(QPen(theme.color(t.frame), 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(1.5, 1.5, view.width - 3, view.height - 3))
    fill, ink = theme.color(t.frame), theme.color(t.map_paper)
    paint_tag(painter, _frame_words(names), QPointF(3, 3), fill, ink)
    painter.restore()


def _frame_words(names: tuple[str, ...]) -> str:
    return f"Restricted: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}"
