"""A layer drawn by itself and laid on those below as its style says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from gisapp.layers.style import Blend
from gisapp.render.frame import Frame

_MODES = {
    Blend.MULTIPLY: QPainter.CompositionMode.CompositionMode_Multiply,
    Blend.SCREEN: QPainter.CompositionMode.CompositionMode_Screen,
    Blend.DARKEN: QPainter.CompositionMode.CompositionMode_Darken,
    Blend.LIGHTEN: QPainter.CompositionMode.CompositionMode_Lighten,
}


def blended(frame: Frame, blend: Blend, draw: Callable[[Frame], None]) -> None:
    """Draw on an image of its own and blend that, so that nothing blends with its own layer.

    In PDF and SVG files, whose writers in Qt know no blending, it is drawn as if it were normal.
    """
    if blend is Blend.NORMAL or frame.vector:
        draw(frame)
        return
    painter, view = frame.painter, frame.view
    scale = painter.deviceTransform().m11()
    image = QImage(
        max(round(view.width * scale), 1),
        max(round(view.height * scale), 1),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    own = QPainter(image)
    try:
        draw(replace(frame, painter=own))
    finally:
        own.end()
    painter.setCompositionMode(_MODES[blend])
    painter.drawImage(QPointF(0, 0), image)
