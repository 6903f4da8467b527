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
from gisapp.render.painters.services import beside_discs, discs_on

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
    seen = _in_view(frame)
    if not seen:
        return
    frame.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_edges(frame, seen)
    half = frame.px(SIGN_PT)
    for place in overlap_signs(frame):
        frame.progress.check()
        draw_alert(frame.painter, place, half, frame.ground.edge)


def overlap_signs(frame: Frame) -> list[QPointF]:
    """The middle of each sign in logical pixels; none lies on the figure of a service."""
    seen = _in_view(frame)
    if not seen:
        return []
    box = shapely.box(*frame.bounds())
    found = frame.cache.get(
        (frame.scene.project,),
        "overlap signs",
        (frame.view, frame.look),
        lambda: [place_in(common, box) for common in seen],
        keep=2,
    )
    x, y = frame.view.to_screen(*np.array(found).T)
    half, discs = frame.px(SIGN_PT), discs_on(frame)
    return [
        beside_discs(px, py, half, discs) for px, py in zip(x.tolist(), y.tolist(), strict=True)
    ]


def _in_view(frame: Frame) -> list[BaseGeometry]:
    """The grounds in view that somebody has to settle."""
    found = unsettled_of(frame.scene.project, frame.look, frame.cache)
    if not found:
        return []
    box = shapely.box(*frame.bounds())
    grounds = [pair.common for pair in found if pair.common is not None]
    return [ground for ground in grounds if box.intersects(ground)]


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
