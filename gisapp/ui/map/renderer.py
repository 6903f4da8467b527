"""Draws the sharp images of a window's maps on one worker: of each map the newest request wins."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from gisapp.errors import Cancelled
from gisapp.progress import Progress, resting
from gisapp.render.cache import Cache
from gisapp.render.legend import LegendSection, legend
from gisapp.render.look import Scene
from gisapp.render.scene import render_image
from gisapp.ui.courtesy import Courtesy, behind_the_window

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Job:
    """An image to be drawn, and its legend where that is wanted too."""

    client: CanvasRenderer
    scene: Scene
    cache: Cache
    with_legend: bool
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.progress = Progress(rest=self.client.worker.courtesy.wait_for_window)

    @property
    def rank(self) -> int:
        return self.client.rank


class MapWorker(QObject):
    """One thread for all maps of a window, so that they do not slow each other and the window.

    What has a lower rank is drawn first, and what it holds up begins anew after it.
    """

    _imaged = Signal(object, object)
    _ended = Signal(object, object, object)

    def __init__(self, courtesy: Courtesy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, "gisapp-map", behind_the_window, ("map",))
        self._running: _Job | None = None
        self._waiting: list[_Job] = []
        self._closed = False
        self.courtesy = courtesy
        self._imaged.connect(self._on_imaged, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def request(self, job: _Job, *, finish_running: bool) -> None:
        """Draw this in place of what its map asked for before."""
        if self._closed:
            return
        self._forget(job.client)
        running = self._running
        if running is None:
            self._begin(job)
            return
        self._waiting.append(job)
        if running.client is job.client:
            if not finish_running:
                running.progress.cancel()
        elif running.rank > job.rank and not running.progress.cancelled:
            running.progress.cancel()
            if not any(waiting.client is running.client for waiting in self._waiting):
                again = _Job(running.client, running.scene, running.cache, running.with_legend)
                self._waiting.append(again)

    def drop(self, client: CanvasRenderer) -> None:
        """Give up what a map asked for."""
        self._forget(client)
        if self._running is not None and self._running.client is client:
            self._running.progress.cancel()

    def is_busy(self, client: CanvasRenderer) -> bool:
        jobs = [*self._waiting, *([self._running] if self._running is not None else [])]
        return any(job.client is client for job in jobs)

    def shutdown(self) -> None:
        """Give up everything and wait for the thread to end."""
        self._closed = True
        self._waiting.clear()
        if self._running is not None:
            self._running.progress.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _forget(self, client: CanvasRenderer) -> None:
        self._waiting = [job for job in self._waiting if job.client is not client]

    def _begin(self, job: _Job) -> None:
        self._running = job
        self._executor.submit(self._work, job)

    def _work(self, job: _Job) -> None:
        try:
            with resting(self.courtesy.wait_for_window):
                with self.courtesy.image():
                    image = render_image(job.scene, job.cache, job.progress)
                # It has no clear pixels: as such it is copied to the screen, and not blended.
                image.reinterpretAsFormat(QImage.Format.Format_RGB32)
                self._imaged.emit(job, image)
                sections = _legend(job) if job.with_legend else None
        except Exception as error:
            self._ended.emit(job, None, error)
        else:
            self._ended.emit(job, sections, None)

    @Slot(object, object)
    def _on_imaged(self, job: _Job, image: QImage) -> None:
        if not self._closed:
            job.client.ready.emit(image, job.scene)

    @Slot(object, object, object)
    def _on_ended(
        self, job: _Job, sections: tuple[LegendSection, ...] | None, error: Exception | None
    ) -> None:
        self._running = None
        if self._closed:
            return
        if sections is not None:
            job.client.legend_ready.emit(sections, job.scene)
        elif error is not None and not isinstance(error, Cancelled):
            log.error("the map could not be drawn", exc_info=error)
            job.client.failed.emit(error)
        if self._running is None and self._waiting:
            first = min(self._waiting, key=lambda waiting: waiting.rank)
            self._waiting.remove(first)
            self._begin(first)


class CanvasRenderer(QObject):
    """The images of one map, drawn by the worker that it shares with other maps.

    `ready` carries the image and the scene it shows, `legend_ready` its legend,
    for that may need work as long as the image; `failed` an exception that drawing ended with.
    """

    ready = Signal(object, object)
    legend_ready = Signal(object, object)
    failed = Signal(object)

    def __init__(self, worker: MapWorker, rank: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = worker
        self.rank = rank

    @property
    def busy(self) -> bool:
        return self.worker.is_busy(self)

    def request(
        self, scene: Scene, cache: Cache, *, with_legend: bool, finish_running: bool = False
    ) -> None:
        """Draw this scene, and make its legend where that is wanted.

        The one being drawn is given up, unless it may finish first: while the map is dragged, an
        image of a moment ago is better than none.
        """
        self.worker.request(_Job(self, scene, cache, with_legend), finish_running=finish_running)

    def drop(self) -> None:
        """Want no image any more."""
        self.worker.drop(self)


def _legend(job: _Job) -> tuple[LegendSection, ...]:
    """The legend of the whole project; where classes go by the scale, those of the image.

    The image reaches beyond the window. Whether points are drawn one by one or as counts goes by
    how many are on all of it, and the legend has to say what was drawn.
    """
    job.progress.check()
    project, view, look = job.scene.project, job.scene.view, job.scene.look
    whole = legend(project, look, job.cache)
    here = {section.id: section for section in legend(project, look, job.cache, view)}
    return tuple(
        here[section.id] if section.id in here and _goes_by_scale(here[section.id]) else section
        for section in whole
    )


def _goes_by_scale(section: LegendSection) -> bool:
    """Whether what the section explains is drawn in another way from far than from near."""
    return any(entry.symbol in ("ramp", "point") for entry in section.entries)
