"""Images of parts of a picture, kept while those parts stay the same."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

#: Images of no more bytes than this are kept, but for the newest, and no more than so many: two
#: or three a map, for maps side by side and what lies behind them.
MOST_BYTES, MOST = 256 * 2**20, 8


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An image in device pixels, and where in the picture it is put."""

    image: QImage
    place: QPoint


def cut_out(image: QImage) -> Part:
    """What is not clear of an image, so that no more is copied than there is."""
    height, width = image.height(), image.width()
    inked = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(height, width) != 0
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return Part(QImage(), QPoint())
    left, top = int(columns[0]), int(rows[0])
    right, bottom = int(columns[-1]) + 1, int(rows[-1]) + 1
    part = image.copy(left, top, right - left, bottom - top)
    part.setDevicePixelRatio(1.0)
    return Part(part, QPoint(left, top))


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    owner: weakref.ref[object]
    part: Part


class KeptImages:
    """The newest parts by whose they are (the project) and what they show; any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[int, Hashable], _Entry] = OrderedDict()

    def get(self, owner: object, shows: Hashable) -> Part | None:
        """The part that shows just this, if it is kept."""
        key = id(owner), shows
        with self._lock:
            entry = self._entries.get(key)
            # An id can be used again by another object: only the reference itself tells.
            if entry is None or entry.owner() is not owner:
                return None
            self._entries.move_to_end(key)
            return entry.part

    def put(self, owner: object, shows: Hashable, part: Part) -> None:
        with self._lock:
            self._entries.pop((id(owner), shows), None)
            self._entries[id(owner), shows] = _Entry(weakref.ref(owner), part)
            while len(self) > MOST or (len(self) > 1 and self.bytes > MOST_BYTES):
                self._entries.popitem(last=False)

    def drop(self, owner: object) -> None:
        """Let all parts of this owner go, and of those who are gone themselves."""
        with self._lock:
            for key, entry in list(self._entries.items()):
                if entry.owner() is None or entry.owner() is owner:
                    del self._entries[key]

    @property
    def bytes(self) -> int:
        return sum(entry.part.image.sizeInBytes() for entry in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
