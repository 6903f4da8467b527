"""Pictures of tiles in memory: decoded with care, kept up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from gisapp.io.tiles.info import picture_format
from gisapp.layers.classes import mixed
from gisapp.render.palette import DARK

#: The widest tile that is taken for one; the usual ones have 256 or 512 pixels.
_WIDEST = 2048
MOST_BYTES = 64_000_000
#: A map whose middle grey is above this is a pale one (0 black, 255 white).
_PALE = 150
#: How bright the darkest ink of a pale map becomes on a dark screen, between ground and text.
_BRIGHTEST = 0.62


def decoded(data: bytes) -> QImage | None:
    """The picture of a tile in a form that is drawn fast; None where it is none.

    Only PNG, JPEG and WebP by their first bytes: no other reader of Qt gets to see bytes that
    come from elsewhere, and no picture is decoded that says it is huge.
    """
    form = picture_format(data)
    if form is None:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(form.encode()))
    reader.setDecideFormatFromContent(False)
    size = reader.size()
    if not 0 < size.width() <= _WIDEST or not 0 < size.height() <= _WIDEST:
        return None
    image = reader.read()
    if image.isNull():
        return None
    clear = image.hasAlphaChannel()
    kind = QImage.Format.Format_ARGB32_Premultiplied if clear else QImage.Format.Format_RGB32
    image.convertTo(kind)
    return image


def is_pale(image: QImage) -> bool:
    """Whether a picture is that of a map on light paper, rather than a dark one or a photograph."""
    small = _grey(image).scaled(8, 8, mode=Qt.TransformationMode.SmoothTransformation)
    greys = [small.pixelColor(x, y).lightness() for x in range(8) for y in range(8)]
    return sorted(greys)[32] > _PALE


def night(image: QImage) -> QImage:
    """A pale map for a dark screen: its paper becomes the screen's ground, its ink a quiet grey.

    Without its colours, for turned to their opposites they would be those of layers.
    """
    toned = _grey(image)
    toned.reinterpretAsFormat(QImage.Format.Format_Indexed8)
    toned.setColorTable(_tones())
    toned.convertTo(QImage.Format.Format_RGB32)
    return toned


def _grey(image: QImage) -> QImage:
    if image.hasAlphaChannel():
        paper = QImage(image.size(), QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        painter.drawImage(0, 0, image)
        painter.end()
        image = paper
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


@lru_cache(maxsize=1)
def _tones() -> tuple[int, ...]:
    """For each grey its colour on a dark screen."""
    shares = (_BRIGHTEST * (1 - grey / 255) ** 0.8 for grey in range(256))
    return tuple(QColor(mixed(DARK.text, DARK.background, share)).rgb() for share in shares)


class Pictures:
    """Images by a key; what was not used for the longest time goes first. For any thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._images: OrderedDict[Hashable, QImage] = OrderedDict()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        return self._bytes

    def make_room(self, size: int) -> None:
        """Let at least so many bytes be kept from now on: what one map shows must fit."""
        self._most = max(self._most, size)

    def get(self, key: Hashable) -> QImage | None:
        with self._lock:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
            return image

    def put(self, key: Hashable, image: QImage) -> None:
        with self._lock:
            former = self._images.pop(key, None)
            if former is not None:
                self._bytes -= former.sizeInBytes()
            self._images[key] = image
            self._bytes += image.sizeInBytes()
            while self._bytes > self._most and len(self._images) > 1:
                _, gone = self._images.popitem(last=False)
                self._bytes -= gone.sizeInBytes()

    def clear(self) -> None:
        with self._lock:
            self._images.clear()
            self._bytes = 0
