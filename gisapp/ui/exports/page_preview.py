"""A page as it will be printed, small, and what its audience may see, in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gisapp.layers.audience import SMALL_COUNT, Audience
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.palette import PAPER
from gisapp.render.paper.page import Page, paint_page
from gisapp.render.view import MapView
from gisapp.ui import theme

#: Height of the line under the page.
_NOTE = 24

_AUDIENCES = {
    Audience.PUBLIC: (
        "The public sees public layers and zones. Stops and overdoses are counts per cell; "
        f"counts below {SMALL_COUNT} are left out."
    ),
    Audience.PARTNERS: (
        "Partners see public layers and those shared with partners. Stops and overdoses are "
        f"counts per cell; counts below {SMALL_COUNT} are left out."
    ),
    Audience.POLICE: (
        "Police analysts see all layers. In a file stops and overdoses are counts per cell, "
        "never one by one."
    ),
    Audience.PATROL: (
        "Patrol systems see zones, services and deployments; no stop and no overdose at all."
    ),
}


def audience_words(audience: Audience) -> str:
    """What a map for this audience holds."""
    return _AUDIENCES[audience]


def preview_page(
    project: Project,
    view: MapView,
    look: Look,
    page: Page,
    room: tuple[int, int, float],
    cache: Cache,
    progress: Progress,
) -> QImage:
    """The page as an image that fits `room`: width and height in logical pixels, and the dpr."""
    width, height = page.size
    scale = min(room[0] / width, room[1] / height) * room[2]
    image = QImage(
        max(round(width * scale), 1), max(round(height * scale), 1), QImage.Format.Format_RGB32
    )
    image.fill(QColor(PAPER.background))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        paint_page(painter, project, view, look, page, cache, progress, scale)
    finally:
        painter.end()
    image.setDevicePixelRatio(room[2])
    return image


class PagePreview(QWidget):
    """Shows the page in the middle, on the ground of the window.

    `resized` says that the page has another size now and is better drawn anew.
    """

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._note = "Drawing the page…"
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Preview of the page")

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    @property
    def room(self) -> tuple[int, int]:
        """Width and height in logical pixels that a page may take; the note stands below it."""
        return max(self.width() - 16, 200), max(self.height() - 2 * _NOTE, 200)

    @property
    def image(self) -> QImage | None:
        return self._image

    def show_page(self, image: QImage, note: str = "") -> None:
        """Another page, with a line under it."""
        self._image, self._note = image, note
        self.setAccessibleDescription(note)
        self.update()

    def clear(self, note: str) -> None:
        """No page, and why."""
        self._image, self._note = None, note
        self.setAccessibleDescription(note)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = theme.current()
        painter.setPen(theme.color(t.muted))
        if self._image is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._note)
            return
        ratio = self._image.devicePixelRatio()
        width, height = self._image.width() / ratio, self._image.height() / ratio
        # Until the page of the new size is there, the old one is shown whole.
        fits = min(self.width() / width, self.height() / height, 1.0)
        width, height = width * fits, height * fits
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, fits < 1)
        left, top = (self.width() - width) / 2, (self.height() - height) / 2
        painter.drawImage(QRectF(left, top, width, height), self._image)
        painter.setPen(theme.color(t.border_strong))
        painter.drawRect(QRectF(left, top, width - 1, height - 1))
        if self._note:
            foot = QRectF(0, top + height, self.width(), min(self.height() - top - height, _NOTE))
            painter.setPen(theme.color(t.muted))
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self._note)
