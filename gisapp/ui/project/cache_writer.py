"""Writes the cache beside the project file, after the map is drawn and off the main thread."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from gisapp.errors import Cancelled, GisappError
from gisapp.io.project import gpkg_rows, project_file
from gisapp.layers.project import Project
from gisapp.progress import Progress, resting
from gisapp.ui.courtesy import Courtesy, behind_the_window

log = logging.getLogger(__name__)

#: The first picture and its legend go before, in milliseconds.
_PAUSE_MS = 1_500


class CacheWriter(QObject):
    """Keeps the large layers of the project that was saved or opened last.

    It has a worker of its own, for nothing that the user asks for may wait for it. Whether it
    succeeds is nobody's concern: without the cache the project opens more slowly.
    """

    def __init__(self, courtesy: Courtesy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._courtesy = courtesy
        self._executor = ThreadPoolExecutor(1, "gisapp-cache", initializer=behind_the_window)
        self._progress = Progress()
        self._next: tuple[Project, Path] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.write_now)

    def write_soon(self, project: Project, path: Path) -> None:
        """Keep what `path` holds of this project, in place of what was asked before."""
        self._progress.cancel()
        self._timer.stop()
        self._next = None
        if any(map(gpkg_rows.has_many, project.layers)):
            self._next = (project, path)
            self._timer.start()

    def write_now(self) -> None:
        """Start writing what was asked for last."""
        self._timer.stop()
        if self._next is None:
            return
        (project, path), self._next = self._next, None
        self._progress = Progress(rest=self._courtesy.wait)
        self._executor.submit(_write, project, path, self._progress, self._courtesy)

    def close(self) -> None:
        """Give up what is not finished, and end the worker."""
        self._timer.stop()
        self._next = None
        self._progress.cancel()
        self._executor.shutdown(wait=True)


def _write(project: Project, path: Path, progress: Progress, courtesy: Courtesy) -> None:
    try:
        with resting(courtesy.wait):
            project_file.write_cache(project, path, progress)
    except Cancelled:
        log.info("the cache of %s is not finished", path.name)
    except (GisappError, OSError) as error:
        log.info("the cache of %s was not written: %s", path.name, error)
