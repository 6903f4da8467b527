"""The legend of a hotspot surface: colours with what they mean, in true units."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gisapp.analysis.hotspots.hotspots import Surface
from gisapp.layers.layer import Layer
from gisapp.render.legend import GI_WORDS
from gisapp.render.painters.hotspots import density_clear, density_ramp, gi_color
from gisapp.render.ramps import on_ground
from gisapp.ui import theme

#: A line of the legend: the colour that it has on the empty map, and what it means.
Line = tuple[str, str]

_ROW, _SWATCH = 20, 28


def legend_lines(layer: Layer, surface: Surface, dark: bool, opacity: float) -> list[Line]:
    """What is in the surface, from high to low; classes that are not there are left out."""
    if surface.classes is not None:
        there = set(surface.classes[surface.mask].tolist())
        levels = [level for level in GI_WORDS if level in there]
        colors = [gi_color(level) for level in levels]
        words = [GI_WORDS[level] for level in levels]
    else:
        ramp = density_ramp(layer, surface, dark, False)[::-1]
        colors = [
            (color, own)
            for (_, color), own in zip(ramp, density_clear(len(ramp))[::-1], strict=True)
        ]
        values = [value for value, _ in ramp]
        words = [f"{value:,g} or more" for value in values[:1]]
        words += [f"{low:,g} to {high:,g}" for high, low in pairwise(values)]
    seen_so = on_ground([(color, own * opacity) for color, own in colors], dark)
    return list(zip(seen_so, words, strict=True))


class LegendView(QWidget):
    """Swatches with words beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._lines: list[Line] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend of the hotspots")

    def show_lines(self, title: str, lines: list[Line]) -> None:
        """A title with the unit, and the lines under it."""
        self._title, self._lines = title, lines
        self.setAccessibleDescription(f"{title}: " + "; ".join(words for _, words in lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _ROW * (len(self._lines) + 1) if self._lines else 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._lines:
            return
        painter = QPainter(self)
        t = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color(t.muted))
        painter.drawText(QRectF(0, 0, self.width(), _ROW), middle, self._title)
        for number, (color, words) in enumerate(self._lines, start=1):
            top = number * _ROW
            painter.fillRect(QRectF(0, top + 3, _SWATCH, _ROW - 6), theme.color(color))
            painter.setPen(theme.color(t.text))
            room = QRectF(_SWATCH + 8, top, self.width() - _SWATCH - 8, _ROW)
            painter.drawText(room, middle, words)
