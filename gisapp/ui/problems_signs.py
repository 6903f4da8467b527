"""Signs on the map for the problems that the open panel lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gisapp.layers.checks import Code, Issue, Severity
from gisapp.render.painters.deployments import draw_alert
from gisapp.render.view import MapView
from gisapp.ui import theme

#: Half the width of a sign in pixels.
_HALF = 7.0
#: With more signs than this they say nothing; the first, which matter most, are drawn.
_MOST = 400


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
        self.places = tuple(dict.fromkeys(wanted))[:_MOST]

    def paint(self, painter: QPainter, view: MapView) -> None:
        if not self.places:
            return
        lon, lat = np.array(self.places).T
        x, y = view.to_screen(lon, lat)
        inside = (x > -_HALF) & (x < view.width + _HALF) & (y > -_HALF) & (y < view.height + _HALF)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at_x, at_y in zip(x[inside].tolist(), y[inside].tolist(), strict=True):
            draw_alert(painter, QPointF(at_x, at_y), _HALF, theme.current().map_paper)
        painter.restore()
