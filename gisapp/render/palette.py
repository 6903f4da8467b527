"""Colours and fonts of the map itself, light and dark, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPen

from gisapp.layers.classes import mixed
from gisapp.layers.style import INK, INK_ON_DARK, Line, Style


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under and round the symbols: #RRGGBB."""

    background: str
    halo: str
    text: str
    quiet_text: str
    edge: str
    plate: str


LIGHT = Ground("#FAFAF7", "#FFFFFF", "#1F2328", "#57606A", "#FFFFFF", "#FFFFFF")
DARK = Ground("#1C2024", "#14171A", "#ECEFF1", "#A6AEB5", "#14171A", "#262B30")
PAPER = Ground("#FFFFFF", "#FFFFFF", "#1F2328", "#4A5158", "#FFFFFF", "#FFFFFF")

#: Gi*: what chance may have made.
GI_NONE = "#9A9A9A"


def ground(dark: bool, exported: bool = False) -> Ground:
    """Paper for whatever leaves the program, else the screen's own."""
    if exported:
        return PAPER
    return DARK if dark else LIGHT


def seen(color: str, dark: bool) -> str:
    """A layer's colour as it is drawn: ink turns light on a dark map."""
    return INK_ON_DARK if dark and color.upper() == INK else color


def shade(color: str, opacity: float = 1.0) -> QColor:
    result = QColor(color)
    result.setAlphaF(min(max(opacity, 0.0), 1.0))
    return result


def solid(color: str, opacity: float) -> str:
    """The colour that looks on paper as `color` does at an opacity.

    For lines in files: Qt writes a half-clear line into a PDF as the outline of each dash, a
    hundred times as large.
    """
    return mixed(color, PAPER.background, opacity)


def outline(style: Style, width: float, dark: bool, *, on_paper: bool = False) -> QPen:
    """The pen for a style's line, `width` in the painter's units; opaque where `on_paper`."""
    color = seen(style.color, dark)
    pen = QPen(
        shade(solid(color, style.opacity)) if on_paper else shade(color, style.opacity), width
    )
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if style.line is Line.DASHED:
        pen.setDashPattern([4.0, 2.5])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    else:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def font(pixels: float, bold: bool = False) -> QFont:
    """The system's own font in a size of the painter's units."""
    result = QFont()
    result.setPixelSize(max(round(pixels), 1))
    result.setBold(bold)
    # Pages are scaled afterwards: letters fitted to a pixel grid would be set unevenly.
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result
