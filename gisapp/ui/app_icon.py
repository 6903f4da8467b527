"""The icon of the program, drawn by code: a zone round a service on a map."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from gisapp.layers.style import BLUE, GREEN
from gisapp.ui import theme


def app_icon() -> QIcon:
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_picture(size))
    return result


def _picture(size: int) -> QPixmap:
    t = theme.tokens(False)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 64, size / 64)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(t.map_ground))
    painter.drawRoundedRect(QRectF(1, 1, 62, 62), 13, 13)
    painter.setPen(QPen(theme.color(t.border_strong, 0.5), 3))
    painter.drawLine(QPointF(2, 44), QPointF(62, 30))
    painter.drawLine(QPointF(22, 2), QPointF(34, 62))
    zone = QColor(GREEN)
    zone.setAlphaF(0.22)
    painter.setBrush(zone)
    painter.setPen(QPen(QColor(GREEN), 5))
    painter.drawEllipse(QPointF(32, 32), 22, 22)
    painter.setPen(QPen(theme.color(t.panel), 3))
    painter.setBrush(QColor(BLUE))
    painter.drawEllipse(QPointF(32, 32), 9, 9)
    painter.end()
    return pixmap
