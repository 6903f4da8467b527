"""Several points at the very same place, for which one symbol stands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What legends say of a symbol with a number in it.
SEVERAL = "Several at one place"


def stacks_of(lon: Floats, lat: Floats, looks: NDArray[np.int16]) -> tuple[Ints, Ints, Ints]:
    """Of points in degrees the one whose look each place has, the place of each, and how many.

    Places come in the order of their first points. The look of a place is that of most of its
    points: `first` is one of these.
    """
    place = lon + 1j * lat
    _, first, which, counts = np.unique(
        place, return_index=True, return_inverse=True, return_counts=True
    )
    # In the order of the points, not of the places.
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    first, which, counts = first[order], rank[which], counts[order]
    if (counts > 1).any():
        first = _of_most(which, looks)
    return first, which, counts


def rows_of(which: Ints, counts: Ints) -> Callable[[int], Ints]:
    """The points at each place of `stacks_of`, ascending: asked by the number of the place."""
    order, ends = np.argsort(which, kind="stable"), np.cumsum(counts)
    return lambda place: order[ends[place] - counts[place] : ends[place]]


def _of_most(which: Ints, looks: NDArray[np.int16]) -> Ints:
    """For each place its first point with the look of most there; of equals the lowest look."""
    lowest = int(looks.min())
    kinds = int(looks.max()) - lowest + 1
    pairs, at, many = np.unique(
        which * kinds + (looks.astype(np.int64) - lowest), return_index=True, return_counts=True
    )
    place = pairs // kinds
    best = np.lexsort((-many, place))
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    return np.asarray(at[best[starts]], dtype=np.int64)
