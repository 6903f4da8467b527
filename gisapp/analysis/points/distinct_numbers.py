"""Which whole numbers occur among many, without sorting where they lie close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
#: A table may have this many entries beside four for each value.
_ROOM = 1_000_000


def distinct(values: Numbers) -> tuple[Numbers, Numbers]:
    """The values that differ, ascending, and for each value its number among them."""
    if not len(values):
        return values, values
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values) + _ROOM:
        found, number = np.unique(values, return_inverse=True)
        return found, number.reshape(-1)
    # A table of all that lies between is quicker than sorting.
    present = np.zeros(high - low + 1, dtype=bool)
    present[values - low] = True
    found = np.flatnonzero(present)
    # Not a running sum of what is present, which lets no other thread run.
    number = np.empty(len(present), dtype=np.int64)
    number[found] = np.arange(len(found))
    return found + low, number[values - low]
