"""PDF and PNG in memory: pages that are painted in units of 1/96 inch."""

from __future__ import annotations

from types import TracebackType
from uuid import UUID

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QUuid
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter

from gisapp.render.paper.sheet import INCH, Sheet

#: Units of a PDF an inch: fine enough that no vertex is moved visibly.
_DPI = 1200


class PdfPages:
    """A PDF while it is painted; `data` is the file, once the block is left.

    `document_id` makes two of the same content the same; without it each is another one.
    """

    def __init__(
        self,
        title: str,
        sheet: Sheet,
        *,
        landscape: bool = False,
        document_id: UUID | None = None,
    ) -> None:
        self.data = b""
        self._store = QByteArray()
        self._buffer = QBuffer(self._store)
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._writer = QPdfWriter(self._buffer)
        self._writer.setResolution(_DPI)
        self._writer.setTitle(title)
        self._writer.setCreator("gisapp")
        if document_id is not None:
            self._writer.setDocumentId(QUuid(str(document_id)))
        size = QPageSize.PageSizeId.A4 if sheet is Sheet.A4 else QPageSize.PageSizeId.Letter
        way = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
        self._writer.setPageLayout(QPageLayout(QPageSize(size), way, QMarginsF(0, 0, 0, 0)))
        self.painter = QPainter(self._writer)
        self.painter.scale(_DPI / INCH, _DPI / INCH)

    def next_page(self) -> None:
        """End this page and begin another one."""
        self._writer.newPage()

    def __enter__(self) -> PdfPages:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The file is packed as the painter is destroyed, and other threads run meanwhile; in
        # `end()` none would for a tenth of a second.
        shiboken6.delete(self.painter)
        self._buffer.close()
        if error is None:
            self.data = bytes(self._store.data())


def png_bytes(image: QImage) -> bytes:
    """An image as a PNG file."""
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return bytes(store.data())
