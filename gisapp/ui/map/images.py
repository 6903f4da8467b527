"""The images of a map: a sharp one, larger than the window, and a coarse one of far more round it.

Both are moved and stretched at once to wherever the map goes, so that no frame waits for drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.render.cache import Cache
from gisapp.render.legend import LegendSection
from gisapp.render.look import Scene
from gisapp.render.view import MapView
from gisapp.ui.map.renderer import CanvasRenderer, MapWorker
from gisapp.ui.map.selection_overlay import target_of

SceneAt = Callable[[MapView], Scene]
#: The sharp image is this many times as wide and high as the window: a drag has something to show.
OVERSIZE = 1.5
#: The coarse image is as large as the window and shows so many times as much each way.
_COARSER = 4.0
#: How long the map lies still before the coarse image is drawn, in milliseconds.
_STILL_MS = 400
#: Ranks with the worker: coarse images wait until all sharp ones are drawn.
SHARP, COARSE = 0, 3


class MapImages(QObject):
    """`changed` asks to paint anew, `drawn` tells of a sharp image; the rest as the renderer's."""

    changed = Signal()
    drawn = Signal()
    legend_ready = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self, worker: MapWorker, cache: Cache, parent: QObject, *, with_legend: bool = False
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._with_legend = with_legend
        self._scene_at: SceneAt | None = None
        self._view: MapView | None = None
        self._sharp: tuple[QImage, Scene] | None = None
        self._coarse: tuple[QImage, Scene] | None = None
        self._renderer = CanvasRenderer(worker, SHARP, self)
        self._renderer.ready.connect(self._on_sharp)
        self._renderer.legend_ready.connect(self._on_legend)
        self._renderer.failed.connect(self.failed)
        self._behind = CanvasRenderer(worker, COARSE, self)
        self._behind.ready.connect(self._on_coarse)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._request_coarse)

    @property
    def busy(self) -> bool:
        """Whether a sharper image is on its way."""
        return self._renderer.busy

    @property
    def complete(self) -> bool:
        """Whether there is nothing more to draw, behind the sharp image neither."""
        return not (self.busy or self._behind.busy or self._still.isActive())

    @property
    def shown(self) -> Scene | None:
        """What the sharp image shows."""
        return self._sharp[1] if self._sharp is not None else None

    def request(
        self, scene_at: SceneAt, view: MapView, *, moving: bool, following: bool = False
    ) -> None:
        """Draw what is in this view, and some more round it.

        While it is `moving`, or `following` a filter that is dragged, the image being drawn is
        finished first: else none would ever come.
        """
        self._scene_at, self._view = scene_at, view
        wide, high = round(view.width * OVERSIZE), round(view.height * OVERSIZE)
        # Names keep clear of the window's frame, for most images are looked at where they lie.
        scene = replace(scene_at(view.resized(wide, high)), window=(view.width, view.height))
        self._renderer.request(
            scene,
            self._cache,
            with_legend=self._with_legend,
            finish_running=moving or following,
        )
        self._still.stop()
        if not moving:
            self._still.start()

    def forget_coarse(self) -> None:
        """What is shown, or who looks, is another now: nothing old may come up from behind."""
        self._coarse = None
        self._behind.drop()

    def forget(self) -> None:
        """Another project: show nothing until it is drawn."""
        self._sharp = None
        self.forget_coarse()

    def stop(self) -> None:
        """Want nothing any more."""
        self._still.stop()
        self._renderer.drop()
        self._behind.drop()

    def is_sharp_at(self, view: MapView) -> bool:
        """Whether the sharp image was drawn for just this view."""
        if self._sharp is None:
            return False
        drawn = self._sharp[1].view
        return (drawn.x, drawn.y, drawn.resolution) == (view.x, view.y, view.resolution)

    def serves(self, view: MapView) -> bool:
        """Whether there is enough to show while the map is moved on from this view.

        Less than a tenth of the window must be left beyond each edge, for a drag goes on; where
        it is zoomed, the coarse image will do, and a sharp one stretched to three times its size.
        """
        if self._sharp is None:
            return False
        drawn = self._sharp[1].view
        if drawn.resolution == view.resolution:
            return target_of(drawn, view).contains(_window(view, 0.1))
        if drawn.resolution > 3 * view.resolution:
            return False
        images = [self._sharp[1].view, *([self._coarse[1].view] if self._coarse else [])]
        return any(target_of(image, view).contains(_window(view, 0)) for image in images)

    def paint(self, painter: QPainter, view: MapView, ground: QColor) -> None:
        """Draw what there is, on the ground where nothing is."""
        window = _window(view, 0)
        if self._sharp is None or not target_of(self._sharp[1].view, view).contains(window):
            if self._coarse is None or not target_of(self._coarse[1].view, view).contains(window):
                painter.fillRect(window, ground)
            if self._coarse is not None:
                _put(painter, *self._coarse, view)
        if self._sharp is not None:
            _put(painter, *self._sharp, view)

    def _request_coarse(self) -> None:
        if self._scene_at is None or self._view is None:
            return
        view = self._view
        if self._coarse is not None and _is_round(self._coarse[1].view, view):
            return
        far = view.zoomed(1 / _COARSER)
        # It is seen stretched, where nothing of what lies over the window is.
        scene = replace(self._scene_at(far), covered=())
        self._behind.request(scene, self._cache, with_legend=False)

    def _on_sharp(self, image: QImage, scene: Scene) -> None:
        if self._scene_at is None or self._scene_at(scene.view).project.id != scene.project.id:
            return
        self._sharp = (image, scene)
        self.changed.emit()
        self.drawn.emit()

    def _on_coarse(self, image: QImage, scene: Scene) -> None:
        now = self._scene_at(scene.view) if self._scene_at is not None else None
        if now is None or now.project is not scene.project or now.look is not scene.look:
            return
        self._coarse = (image, scene)
        self.changed.emit()

    def _on_legend(self, sections: tuple[LegendSection, ...], scene: Scene) -> None:
        self.legend_ready.emit(sections, scene)


def _window(view: MapView, more: float) -> QRectF:
    """The window, and a part of it more on each side."""
    dx, dy = view.width * more, view.height * more
    return QRectF(-dx, -dy, view.width + 2 * dx, view.height + 2 * dy)


def _is_round(coarse: MapView, view: MapView) -> bool:
    """Whether a coarse image still has a window and more on each side of this view."""
    coarser = coarse.resolution / view.resolution
    same = (coarse.width, coarse.height, coarse.dpr) == (view.width, view.height, view.dpr)
    near = _COARSER / 2 <= coarser <= _COARSER * 2
    return same and near and target_of(coarse, view).contains(_window(view, 0.45))


def _put(painter: QPainter, image: QImage, scene: Scene, view: MapView) -> None:
    """Draw an image where it belongs in a view."""
    drawn = scene.view
    target = target_of(drawn, view)
    if drawn.resolution == view.resolution:
        # On whole device pixels, so that text and lines stay crisp.
        target.moveTo(
            round(target.x() * view.dpr) / view.dpr, round(target.y() * view.dpr) / view.dpr
        )
        painter.drawImage(target.topLeft(), image)
    else:
        # Only the part that is seen is stretched.
        painter.drawImage(target, image, QRectF(image.rect()))
