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


def starts_of(ascending: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """Where each of the numbers 0 … size - 1 begins among `ascending`, and their end; (size + 1,).

    Of numbers in order a piece has near ones only, so that `np.bincount` counts in little room: a
    sixth of the time of `tally` for ten million in 4096 by 4096 cells.
    """
    counts = np.zeros(size, dtype=np.int32)
    for start in range(0, len(ascending), _TOGETHER):
        piece = ascending[start : start + _TOGETHER]
        first, last = int(piece[0]), int(piece[-1])
        counts[first : last + 1] += np.bincount(piece - first).astype(np.int32)
    starts = np.zeros(size + 1, dtype=np.int32)
    # From one type into another, or in place, numpy would let no thread run for 40 ms.
    np.cumsum(counts, dtype=np.int32, out=starts[1:])
    return starts
