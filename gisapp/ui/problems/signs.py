"""Signs on the map for the problems that the open panel lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gisapp.layers.checks import Code, Issue, Severity
from gisapp.layers.classes import ink_on
from gisapp.layers.style import VERMILLION
from gisapp.render.painters.deployments import draw_alert
from gisapp.render.view import MapView, mercator
from gisapp.ui import theme

#: Half the width of a sign in pixels.
_HALF = 6.5
#: A sign stands so far to the right of its place and above it: what is there stays to be seen.
_BESIDE = 9.0
#: One sign stands for all places in a square of the ground so many pixels wide.
_CELL = 48.0


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign on the map: its middle in logical pixels, and how many places it stands for."""

    x: float
    y: float
    count: int


class ProblemSigns:
    """Exclamation marks where errors and warnings are; notes are left to the list."""

    def __init__(self) -> None:
        self.places: tuple[tuple[float, float], ...] = ()

    def show(self, issues: Sequence[Issue]) -> None:
        """Mark these issues; none takes all signs away.

        An overlap that has to be settled carries its own sign at all times.
        """
        wanted = [
            place
            for issue in issues
            if issue.severity is not Severity.NOTE and issue.code is not Code.OPPOSITE_OVERLAP
            for place in issue.places
        ]
        self.places = tuple(dict.fromkeys(wanted))

    def signs(self, view: MapView) -> list[Sign]:
        """The signs in a view, beside the first place in each square of a lattice on the ground."""
        if not self.places:
            return []
        lon, lat = np.array(self.places).T
        map_x, map_y = mercator(lon, lat)
        side = _CELL * view.resolution
        cell = np.floor(map_x / side) + 1j * np.floor(map_y / side)
        _, first, counts = np.unique(cell, return_index=True, return_counts=True)
        x, y = view.to_screen(lon[first], lat[first])
        x, y = x + _BESIDE, y - _BESIDE
        inside = (x > -_HALF) & (x < view.width + _HALF) & (y > -_HALF) & (y < view.height + _HALF)
        found = zip(x[inside].tolist(), y[inside].tolist(), counts[inside].tolist(), strict=True)
        return [Sign(*one) for one in found]

    def paint(self, painter: QPainter, view: MapView) -> None:
        t = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small", bold=True))
        for sign in self.signs(view):
            if sign.count > 1:
                _paint_count(painter, sign, t)
            draw_alert(painter, QPointF(sign.x, sign.y), _HALF, t.map_paper)
        painter.restore()


def _paint_count(painter: QPainter, sign: Sign, t: theme.Tokens) -> None:
    """The number of places on a plate that begins under the sign."""
    text, high = f"{sign.count:,}", 2 * _HALF
    wide = painter.fontMetrics().horizontalAdvance(text)
    plate = QRectF(sign.x, sign.y - _HALF, _HALF + wide + 8, high)
    painter.setPen(QPen(theme.color(t.map_paper), 1.0))
    painter.setBrush(theme.color(VERMILLION))
    painter.drawRoundedRect(plate, _HALF, _HALF)
    painter.setPen(theme.color(ink_on(VERMILLION)))
    words = plate.adjusted(_HALF + 2, 0, -4, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)
