"""The legend of a hotspot surface: colours with what they mean, in true units."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gisapp.analysis.hotspots import Surface
from gisapp.layers.layer import Layer
from gisapp.render.legend import GI_WORDS
from gisapp.render.painters.hotspots import density_ramp, gi_color
from gisapp.ui import theme

#: A line of the legend: colour, its opacity, and what it means.
Line = tuple[str, float, str]

_ROW, _SWATCH = 20, 28


def legend_lines(layer: Layer, surface: Surface, dark: bool) -> list[Line]:
    """What is in the surface, from high to low; classes that are not there are left out."""
    if surface.classes is not None:
        there = set(surface.classes[surface.mask].tolist())
        return [(*gi_color(level), words) for level, words in GI_WORDS.items() if level in there]
    ramp = density_ramp(layer, surface, dark, False)
    lines: list[Line] = []
    for (value, color), (following, _) in pairwise(ramp):
        lines.append((color, 1.0, f"{value:,g} to {following:,g}"))
    lines += [(color, 1.0, f"{value:,g} or more") for value, color in ramp[-1:]]
    return list(reversed(lines))


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
        self.setAccessibleDescription(f"{title}: " + "; ".join(words for _, _, words in lines))
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
        for number, (color, opacity, words) in enumerate(self._lines, start=1):
            top = number * _ROW
            painter.fillRect(QRectF(0, top + 3, _SWATCH, _ROW - 6), theme.color(color, opacity))
            painter.setPen(theme.color(t.text))
            room = QRectF(_SWATCH + 8, top, self.width() - _SWATCH - 8, _ROW)
            painter.drawText(room, middle, words)
