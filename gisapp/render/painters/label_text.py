"""How a name is written on the map: with a halo, level or along a line, quick on screen."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPaintEngine, QPainter, QPainterPath, QPen

from gisapp.render.frame import Frame
from gisapp.render.palette import shade

#: Room for the halo round a label's image, in logical pixels.
_MARGIN = 4
#: The longest name that is written out.
LONGEST = 34


def short(name: str) -> str:
    """A name on one line, and not too long for a map."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def write(
    frame: Frame, text: str, middle: QPointF, face: QFont, color: str, *, halo: bool, angle: int = 0
) -> None:
    """Write a name round its middle (logical pixels), turned clockwise by whole degrees."""
    edge = frame.ground.halo if halo else ""
    if frame.vector:
        frame.painter.save()
        frame.painter.translate(middle)
        frame.painter.rotate(angle)
        drawn = frame.painter.paintEngine().type() == QPaintEngine.Type.SVG
        write_with_halo(
            frame.painter, text, _baseline(text, face), face, color, edge, as_path=drawn
        )
        frame.painter.restore()
        return
    dpr = frame.view.dpr
    stamp = _stamp(text, face.toString(), color, edge, dpr, angle)
    size = stamp.deviceIndependentSize()
    left, top = middle.x() - size.width() / 2, middle.y() - size.height() / 2
    frame.painter.drawImage(QPointF(round(left * dpr) / dpr, round(top * dpr) / dpr), stamp)


def _baseline(text: str, face: QFont) -> QPointF:
    """Where a text starts whose middle is at 0, 0."""
    metrics = QFontMetricsF(face)
    return QPointF(-metrics.horizontalAdvance(text) / 2, metrics.ascent() - metrics.height() / 2)


@lru_cache(maxsize=2048)
def _stamp(text: str, written: str, color: str, halo: str, dpr: float, angle: int) -> QImage:
    """A label as an image: the halo takes half a millisecond to draw, a copy next to nothing."""
    face = QFont()
    face.fromString(written)
    metrics = QFontMetricsF(face)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    image = QImage(
        math.ceil((width * cos + height * sin + 2 * _MARGIN) * dpr),
        math.ceil((width * sin + height * cos + 2 * _MARGIN) * dpr),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    size = image.deviceIndependentSize()
    painter.translate(size.width() / 2, size.height() / 2)
    painter.rotate(angle)
    write_with_halo(painter, text, _baseline(text, face), face, color, halo)
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

    No halo where its colour is empty.
    Outlines are for files that do not carry their font: another one would miss its halo.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addText(baseline, written, text)
    if halo:
        _stroke_halo(painter, path, written, halo)
    if as_path:
        painter.fillPath(path, shade(color))
        return
    painter.setFont(written)
    painter.setPen(shade(color))
    painter.drawText(baseline, text)


def _stroke_halo(painter: QPainter, path: QPainterPath, written: QFont, halo: str) -> None:
    vectors = painter.paintEngine().type() != QPaintEngine.Type.Raster
    # Wide and dense enough for grey letters on a dark fill.
    pen = QPen(shade(halo, 1.0 if vectors else 0.95), written.pixelSize() * 0.38)
    # Letters have few sharp corners, and round ones take half as long again to draw.
    join = Qt.PenJoinStyle.RoundJoin if vectors else Qt.PenJoinStyle.BevelJoin
    pen.setJoinStyle(join)
    painter.strokePath(path, pen)
