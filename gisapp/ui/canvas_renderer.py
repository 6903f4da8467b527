"""Draws the sharp image of the map on a worker: the newest request wins."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from gisapp.errors import Cancelled
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.legend import LegendSection, legend
from gisapp.render.look import Scene
from gisapp.render.scene import render_image
from gisapp.render.view import MapView

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Job:
    scene: Scene
    cache: Cache
    progress: Progress
    seen: MapView


class CanvasRenderer(QObject):
    """One worker, at most one image being drawn and one waiting.

    `ready` carries the image and the scene it shows, `legend_ready` the legend of what is seen of
    it, for that may need work as long as the image; `busy_changed` tells whether an image is
    being drawn; `failed` carries an exception that drawing ended with.
    """

    ready = Signal(object, object)
    legend_ready = Signal(object, object)
    busy_changed = Signal(bool)
    failed = Signal(object)

    _imaged = Signal(object, object)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gisapp-map")
        self._running: _Job | None = None
        self._waiting: _Job | None = None
        self._closed = False
        self._imaged.connect(self._on_imaged, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._running is not None

    def request(
        self, scene: Scene, cache: Cache, seen: MapView, *, finish_running: bool = False
    ) -> None:
        """Draw this scene, of which `seen` is in the window.

        The one being drawn is given up, unless it may finish first: while the map is dragged, an
        image of a moment ago is better than none.
        """
        if self._closed:
            return
        job = _Job(scene, cache, Progress(), seen)
        if self._running is None:
            self._begin(job)
            return
        self._waiting = job
        if not finish_running:
            self._running.progress.cancel()

    def shutdown(self) -> None:
        """Give up what is being drawn and wait for the worker to end."""
        self._closed = True
        self._waiting = None
        if self._running is not None:
            self._running.progress.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _begin(self, job: _Job) -> None:
        self._running = job
        self.busy_changed.emit(True)
        self._executor.submit(self._work, job)

    def _work(self, job: _Job) -> None:
        try:
            image = render_image(job.scene, job.cache, job.progress)
            self._imaged.emit(job, image)
            sections = _legend(job)
        except Exception as error:
            self._ended.emit(job, None, error)
        else:
            self._ended.emit(job, sections, None)

    @Slot(object, object)
    def _on_imaged(self, job: _Job, image: QImage) -> None:
        if not self._closed:
            self.ready.emit(image, job.scene)

    @Slot(object, object, object)
    def _on_ended(
        self, job: _Job, sections: tuple[LegendSection, ...] | None, error: Exception | None
    ) -> None:
        self._running = None
        if self._closed:
            return
        if sections is not None:
            self.legend_ready.emit(sections, job.scene)
        elif not isinstance(error, Cancelled):
            log.error("the map could not be drawn", exc_info=error)
            self.failed.emit(error)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._begin(waiting)
        else:
            self.busy_changed.emit(False)


def _legend(job: _Job) -> tuple[LegendSection, ...]:
    """The legend of the whole project; where classes go by the scale, those of the window."""
    job.progress.check()
    project, look = job.scene.project, job.scene.look
    whole = legend(project, look, job.cache)
    here = {section.id: section for section in legend(project, look, job.cache, job.seen)}
    return tuple(
        here[section.id] if section.id in here and _goes_by_scale(here[section.id]) else section
        for section in whole
    )


def _goes_by_scale(section: LegendSection) -> bool:
    """Whether what the section explains is drawn in another way from far than from near."""
    return any(entry.symbol in ("ramp", "point") for entry in section.entries)
