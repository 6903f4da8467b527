"""Paint a scene: the one way from a project to a picture, for screen, page and file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import shapely
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.blending import blended
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.identify import Hit, identify, rows_in_shape
from gisapp.render.look import Look, Scene
from gisapp.render.painters.areas import paint_areas
from gisapp.render.painters.base_map import paint_base_map
from gisapp.render.painters.cells import paint_cells
from gisapp.render.painters.deployments import mark_meetings, paint_deployments
from gisapp.render.painters.hotspots import paint_hotspots
from gisapp.render.painters.labels import paint_labels
from gisapp.render.painters.lines import paint_lines
from gisapp.render.painters.overlaps import paint_overlaps
from gisapp.render.painters.points import paint_points
from gisapp.render.painters.services import paint_services
from gisapp.render.painters.zones import paint_zones
from gisapp.render.palette import ground

__all__ = [
    "Cache",
    "Hit",
    "Look",
    "Scene",
    "identify",
    "paint",
    "render_image",
    "rows_in_shape",
]

Step = Callable[[Frame], None]


def paint(
    scene: Scene,
    painter: QPainter,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> None:
    """Draw a scene on a painter whose units are the logical pixels of its view.

    From the bottom: the base map; layers in their order, each with the hotspots computed from
    it under it; then counts per cell, so that no surface hides them; then zones; then services and
    deployments, so that no zone hides them; then what has to be settled, and names. Counts are
    not drawn where hotspots of the same layer are. The ground is left to the caller. Raises
    Cancelled between steps when `progress` was cancelled.
    """
    frame = Frame(scene, painter, cache or Cache(), progress or Progress())
    for step in _steps(scene, frame.cache):
        frame.progress.check()
        painter.save()
        try:
            step(frame)
        finally:
            painter.restore()


def render_image(
    scene: Scene, cache: Cache | None = None, progress: Progress | None = None
) -> QImage:
    """The scene as an image of the view's size in device pixels, on the map's ground."""
    view = scene.view
    image = QImage(
        max(round(view.width * view.dpr), 1),
        max(round(view.height * view.dpr), 1),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(view.dpr)
    image.fill(QColor(ground(scene.look.dark, scene.look.exported).background))
    painter = QPainter(image)
    try:
        paint(scene, painter, cache, progress)
    finally:
        painter.end()
    return image


def _steps(scene: Scene, cache: Cache) -> Iterator[Step]:
    project, look = scene.project, scene.look
    above = [layer for layer in project.layers if layer.kind in _ABOVE_ZONES]
    counted = [layer for layer in project.layers if _is_counted(layer, look)]
    yield paint_base_map
    for layer in project.layers:
        for hotspots in project.hotspots:
            if hotspots.layer_id == layer.id and hotspots.visible:
                yield partial(_paint_hotspots, hotspots)
        if scene.draws(layer) and layer not in above and layer not in counted:
            yield partial(_paint_layer, layer)
    over = False
    for layer in counted:
        drawn = scene.draws(layer) and len(layer) > 0
        if drawn and not prepared.surface_stands(project, layer, look, cache):
            yield partial(_paint_counts, layer, over)
            over = True
    yield paint_zones
    for layer in above:
        if scene.draws(layer):
            yield partial(_paint_layer, layer)
    for layer in above:
        if scene.draws(layer) and layer.kind is LayerKind.DEPLOYMENTS:
            yield partial(_mark, layer)
    yield paint_overlaps
    yield paint_labels


#: Kinds drawn over the zones.
_ABOVE_ZONES = frozenset({LayerKind.SERVICES, LayerKind.DEPLOYMENTS})


def _paint_hotspots(hotspots: Hotspots, frame: Frame) -> None:
    paint_hotspots(frame, hotspots)


def _is_counted(layer: Layer, look: Look) -> bool:
    return look.showing(layer) in (Showing.COUNTS, Showing.SUPPRESSED)


def _paint_counts(layer: Layer, over: bool, frame: Frame) -> None:
    blended(frame, layer.style.blend, lambda own: paint_cells(own, layer, over=over))


def _paint_layer(layer: Layer, frame: Frame) -> None:
    """Draw each feature of a layer, where its audience may see each."""
    if len(layer) and frame.look.showing(layer) is Showing.EACH:
        draw = _painter_of(layer)
        blended(frame, layer.style.blend, lambda own: draw(own, layer))


def _mark(layer: Layer, frame: Frame) -> None:
    if len(layer) and frame.look.showing(layer) is Showing.EACH:
        mark_meetings(frame, layer)


def _painter_of(layer: Layer) -> Callable[[Frame, Layer], None]:
    if layer.kind is LayerKind.SERVICES:
        return paint_services
    if layer.kind is LayerKind.DEPLOYMENTS:
        return paint_deployments
    if isinstance(layer.geometry, Points):
        return paint_points
    areas = shapely.get_dimensions(layer.geometry.geoms) == 2
    return paint_areas if np.mean(areas) > 0.5 else paint_lines
