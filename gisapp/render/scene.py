"""Paint a scene: the one way from a project to a picture, for screen, page and file."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.identify import Hit, identify, rows_in_shape
from gisapp.render.kept_images import Part, cut_out
from gisapp.render.look import Look, Scene
from gisapp.render.palette import ground
from gisapp.render.steps import Group, Step, groups_of, steps_of
from gisapp.render.view import MapView

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
    cache = cache or Cache()
    frame = Frame(scene, painter, cache, progress or Progress())
    _paint_steps(frame, steps_of(scene, cache))


def render_image(
    scene: Scene, cache: Cache | None = None, progress: Progress | None = None
) -> QImage:
    """The scene as an image of the view's size in device pixels, on the map's ground.

    On screen, where layers are filtered, all between them is drawn as images of its own, which
    the cache keeps: with the next step of a time brush only the filtered layers are drawn.
    """
    cache, progress = cache or Cache(), progress or Progress()
    image = _image(scene.view, QColor(ground(scene.look.dark, scene.look.exported).background))
    if scene.look.exported or not scene.look.rows:
        if not scene.look.exported:
            cache.images.drop(scene.project)
        _paint_on(image, scene, steps_of(scene, cache), cache, progress)
        return image
    groups = groups_of(steps_of(scene, cache), frozenset(scene.look.rows))
    for number, group in enumerate(groups):
        if not group.same:
            _paint_on(image, scene, group.steps, cache, progress)
            continue
        # Looks are equal where only the rows shown differ.
        shows = scene.view, scene.look, group.names, scene.window, scene.covered
        part = cache.images.get(scene.project, shows)
        if part is None:
            part = _part(scene, group, cache, progress, on=image if number == 0 else None)
            cache.images.put(scene.project, shows, part)
        _put(image, part)
    return image


def _part(scene: Scene, group: Group, cache: Cache, progress: Progress, on: QImage | None) -> Part:
    """What some steps draw: on a ground, or by themselves on nothing."""
    image = _image(scene.view, QColor(Qt.GlobalColor.transparent)) if on is None else on.copy()
    _paint_on(image, scene, group.steps, cache, progress)
    return cut_out(image)


def _put(image: QImage, part: Part) -> None:
    """Lay a part over an image, device pixel on device pixel."""
    if part.image.isNull():
        return
    dpr = image.devicePixelRatio()
    image.setDevicePixelRatio(1.0)
    painter = QPainter(image)
    try:
        painter.drawImage(part.place, part.image)
    finally:
        painter.end()
        image.setDevicePixelRatio(dpr)


def _image(view: MapView, color: QColor) -> QImage:
    image = QImage(
        max(round(view.width * view.dpr), 1),
        max(round(view.height * view.dpr), 1),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(view.dpr)
    image.fill(color)
    return image


def _paint_on(
    image: QImage, scene: Scene, steps: Iterable[Step], cache: Cache, progress: Progress
) -> None:
    painter = QPainter(image)
    try:
        _paint_steps(Frame(scene, painter, cache, progress), steps)
    finally:
        painter.end()


def _paint_steps(frame: Frame, steps: Iterable[Step]) -> None:
    for step in steps:
        frame.progress.check()
        frame.painter.save()
        try:
            step.paint(frame)
        finally:
            frame.painter.restore()
