"""How often each number comes, among millions, while other threads go on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: `np.bincount` lets no other thread run: so many numbers take it a millisecond or two.
_TOGETHER = 1 << 19


def tally(numbers: NDArray[np.integer], size: int) -> NDArray[np.int64]:
    """Counts of 0 … size - 1 among `numbers`, all of which lie between these; (size,) int64."""
    counts = np.zeros(size, dtype=np.int64)
    for start in range(0, len(numbers), _TOGETHER):
        counts += np.bincount(numbers[start : start + _TOGETHER], minlength=size)
    return counts
