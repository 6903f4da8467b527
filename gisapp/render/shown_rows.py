"""Which rows of a layer are on the map: those that pass the filter and whose class is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.block_counts import Kept, Places
from gisapp.layers.layer import Layer, Points
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.look import Look

Mask = NDArray[np.bool_]


def shown_rows(layer: Layer, look: Look, cache: Cache) -> Mask | None:
    """The mask of rows drawn and counted; None for all. The same array for the same question."""
    mask = look.rows_of(layer)
    numbers = prepared.class_numbers_of(layer, cache)
    if numbers is None:
        return mask
    drawn = cache.get((numbers,), "rows drawn", 0, lambda: _drawn(numbers))
    if drawn.all or mask is None:
        return mask if drawn.all else drawn.mask
    both = mask
    return cache.get((numbers, mask), "rows drawn", 1, lambda: both & drawn.mask, keep=1)


def kept_points(layer: Layer, look: Look, cache: Cache) -> Kept | None:
    """The same rows for who asks the layer's index.

    Where a span of time is a part of the filter, the bars of time are kept in the order of the
    index (2 bytes a point), and each step of the time brush reads them from one end to the other
    instead of looking up every point in a mask: three times as fast.
    """
    assert isinstance(layer.geometry, Points)
    span = look.span_of(layer)
    if span is None:
        mask = shown_rows(layer, look, cache)
        return None if mask is None else _in_order(mask, layer.geometry, cache)
    bars = prepared.bars_in_order(span.bars, layer.geometry, cache, Progress())
    limits = span.others
    numbers = prepared.class_numbers_of(layer, cache)
    if numbers is not None:
        drawn = cache.get((numbers,), "rows drawn", 0, lambda: _drawn(numbers))
        limits = _both(limits, None if drawn.all else drawn.mask, cache)
    others = None if limits is None else _in_order(limits, layer.geometry, cache)
    first, last = span.span
    start, length = np.uint16(first), np.uint16(last - first)

    def kept(at: Places) -> Mask:
        # Numbers below the first bar turn into large ones: one comparison does for both ends.
        rows: Mask = (bars[at] - start) < length
        if others is not None:
            rows &= others(at)
        return rows

    return kept


def _in_order(mask: Mask, points: Points, cache: Cache) -> Kept:
    """A mask in the order of the index: 1 byte a point, kept as long as the mask is the same."""
    index = prepared.index_of(points, cache, Progress())
    rows = cache.get((mask, points), "mask in order", 0, lambda: mask[index.order])
    return lambda at: rows[at]


def _both(one: Mask | None, other: Mask | None, cache: Cache) -> Mask | None:
    """The rows of both, the same array for the same two."""
    if one is None or other is None:
        return other if one is None else one
    return cache.get((one, other), "rows of both", 0, lambda: one & other)


class _Drawn:
    """The rows of classes that are shown, and whether these are all."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.all = bool(mask.all())


def _drawn(numbers: NDArray[np.int16]) -> _Drawn:
    return _Drawn(numbers >= 0)
