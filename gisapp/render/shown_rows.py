"""Which rows of a layer are on the map: those that pass the filter and whose class is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.layer import Layer
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


class _Drawn:
    """The rows of classes that are shown, and whether these are all."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.all = bool(mask.all())


def _drawn(numbers: NDArray[np.int16]) -> _Drawn:
    return _Drawn(numbers >= 0)
