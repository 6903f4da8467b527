"""Several points at the very same place, for which one symbol stands."""

from __future__ import annotations

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
    for number in np.flatnonzero(counts > 1).tolist():
        some = np.flatnonzero(which == number)
        own = looks[some]
        first[number] = some[int(np.argmax(own == np.bincount(own).argmax()))]
    return first, which, counts
