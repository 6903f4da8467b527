"""Ground of opposite zones on which nobody decided yet: its edge, and a sign in it."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.zones import overlaps as zone_overlaps
from gisapp.layers.overlap import Overlap, place_in
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen
from gisapp.layers.style import VERMILLION, Style
from gisapp.render import paths
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.look import Look
from gisapp.render.painters.deployments import draw_alert
from gisapp.render.painters.lines import line_px

#: The edge of ground that has to be settled.
UNSETTLED = Style(color=VERMILLION, width=3.0)
#: Half the width of a sign, in points.
SIGN_PT = 6.0


def unsettled_of(project: Project, look: Look, cache: Cache) -> tuple[Overlap, ...]:
    """Overlaps that somebody has to settle, between zones that this reader sees."""
    if not project.zones_visible:
        return ()
    found = cache.get(
        (project,), "unsettled", look.day, lambda: zone_overlaps.unsettled(project, look.day), 2
    )
    return tuple(
        pair
        for pair in found
        if all(
            is_seen(project, project.zones[key], look.audience, exported=look.exported)
            for key in pair.zone_ids
        )
    )


def paint_overlaps(frame: Frame) -> None:
    """Draw the edge of each overlap in view and a sign in it; above services, lest one hide it."""
    west, south, east, north = frame.bounds()
    box = shapely.box(west, south, east, north)
    found = unsettled_of(frame.scene.project, frame.look, frame.cache)
    grounds = [pair.common for pair in found if pair.common is not None]
    seen = [ground for ground in grounds if box.intersects(ground)]
    if not seen:
        return
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_edges(frame, seen)
    half = frame.px(SIGN_PT)
    for common in seen:
        frame.progress.check()
        lon, lat = place_in(common, box)
        x, y = frame.view.to_screen(np.array([lon]), np.array([lat]))
        draw_alert(frame.painter, QPointF(float(x[0]), float(y[0])), half, frame.ground.edge)


def _draw_edges(frame: Frame, shapes: list[BaseGeometry]) -> None:
    geoms = np.empty(len(shapes), dtype=object)
    geoms[:] = shapes
    lines = paths.outlines(geoms, frame.progress)
    drawn = paths.feature_paths(lines, paths.tolerance_of(frame.band), frame.progress)
    width = line_px(frame, UNSETTLED.width)
    with frame.in_metres(lines.x, lines.y) as painter:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(frame.pen_in_metres(UNSETTLED, width))
        for path in drawn:
            painter.drawPath(path)
