"""Indexes of points that are there already: each is made once, for whoever asks for it.

Drawing, counting and the cache beside a project file all want the index of the same points. It
may also have come with the points, out of that cache. An index goes when its points go.
"""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from gisapp.analysis.points.index import PointIndex
from gisapp.layers.layer import Points
from gisapp.progress import Progress

_lock = threading.Lock()
_indexes: WeakKeyDictionary[Points, PointIndex] = WeakKeyDictionary()
_makers: WeakKeyDictionary[Points, threading.Lock] = WeakKeyDictionary()


def index_of(points: Points, progress: Progress | None = None) -> PointIndex:
    """The index of these points, made here unless it is known. Any thread may ask.

    While one thread makes it the others wait. If making it was cancelled, the next to ask
    makes it anew.
    """
    with _lock:
        maker = _makers.setdefault(points, threading.Lock())
    with maker:
        known = known_index(points)
        if known is None:
            known = PointIndex.of(points, progress)
            keep_index(points, known)
        return known


def known_index(points: Points) -> PointIndex | None:
    """The index of these points, if it is there."""
    with _lock:
        return _indexes.get(points)


def keep_index(points: Points, index: PointIndex) -> None:
    """Know this index as that of these points as long as there are any.

    ValueError unless it has as many points.
    """
    if len(index) != len(points):
        raise ValueError("the index is of other points")
    with _lock:
        _indexes[points] = index
