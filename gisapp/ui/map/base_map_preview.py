"""What a base map looks like at the present place, before it is taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gisapp.errors import DataError
from gisapp.io.tiles.info import TileInfo
from gisapp.layers.audience import Audience
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.layer import Bounds
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.look import Look, Scene
from gisapp.render.scene import render_image
from gisapp.render.view import MapView
from gisapp.tasks import Task
from gisapp.ui import theme

SIZE = QSize(300, 220)


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A picture of a base map; `info` is None for a server.

    `elsewhere` means that it shows where the base map lies, for there is none at the place
    looked at.
    """

    base_map: BaseMap
    image: QImage
    info: TileInfo | None
    elsewhere: bool


def preview_task(base_map: BaseMap, view: MapView, dpr: float) -> Task[Preview]:
    """Load a few tiles and draw them. DataError where none can be had.

    A server is asked by it, so the user has to be told before.
    """

    def work(progress: Progress) -> Preview:
        cache = Cache()
        tiles = cache.tiles
        troubles: list[str] = []
        tiles.on_trouble = troubles.append
        tiles.agree((base_map.source,))
        try:
            info = None if base_map.kind is BaseMapKind.XYZ else tiles.info(base_map)
            small = view.resized(SIZE.width(), SIZE.height(), dpr)
            elsewhere = info is not None and not _meets(info.bounds, small.bounds)
            if elsewhere and info is not None:
                small = small.shown(info.bounds or small.bounds, margin=0.0)
            look = Look(date.min, None, Audience.PUBLIC, exported=True, fetch_tiles=True)
            plain = replace(base_map, visible=True, opacity=1.0)
            image = render_image(Scene(Project(base_map=plain), small, look), cache, progress)
            if troubles:
                raise DataError(troubles[0])
            return Preview(base_map, image, info, elsewhere)
        finally:
            tiles.close()

    return Task("Loading a preview", work)


def _meets(a: Bounds | None, b: Bounds) -> bool:
    return a is None or (a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3])


class PreviewBox(QWidget):
    """Shows a preview, or says in its place why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._words = ""
        self.setFixedSize(SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview of the base map")

    @property
    def image(self) -> QImage | None:
        return self._image

    def show_image(self, image: QImage) -> None:
        self._image, self._words = image, ""
        self.update()

    def say(self, words: str) -> None:
        """Show words and no picture."""
        self._image, self._words = None, words
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = theme.current()
        if self._image is not None:
            painter.drawImage(QRectF(self.rect()), self._image, QRectF(self._image.rect()))
        else:
            painter.fillRect(self.rect(), theme.color(t.window))
            painter.setPen(theme.color(t.muted))
            words = self.rect().adjusted(t.gap_large, 0, -t.gap_large, 0)
            middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(words, int(middle), self._words)
        painter.setPen(theme.color(t.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
