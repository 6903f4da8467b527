"""What values a column has and how often, and how its numbers are spread: for choosing among them.

No Qt here, and no copy of a column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.progress import Progress

#: The bars of a small chart of numbers.
BARS = 48


@dataclass(frozen=True, slots=True)
class Values:
    """The different texts of a column, the most frequent first, and how many rows have each."""

    texts: tuple[str, ...]
    counts: tuple[int, ...]
    empty: int

    def found(self, wanted: str, most: int) -> list[int]:
        """The numbers of the texts that contain what is looked for, at most so many."""
        sought = wanted.strip().casefold()
        found = []
        for number, text in enumerate(self.texts):
            if sought in text.casefold():
                found.append(number)
                if len(found) == most:
                    break
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How numbers lie between the lowest and the highest: counts in even bars."""

    low: float
    high: float
    counts: NDArray[np.int64]
    empty: int
    whole: bool


def values_of(column: pa.ChunkedArray, progress: Progress | None = None) -> Values:
    """Count each different text of a column."""
    progress = progress or Progress()
    progress.report(None, "Counting values")
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    found = pc.value_counts(column)
    counts = found.field("counts").to_numpy(zero_copy_only=False)
    texts = found.field("values")
    progress.check()
    order = np.argsort(-counts, kind="stable")
    named = [
        (text, int(counts[i])) for i, text in zip(order, texts.take(order).to_pylist(), strict=True)
    ]
    empty = sum(count for text, count in named if text is None)
    known = [(text, count) for text, count in named if text is not None]
    return Values(tuple(text for text, _ in known), tuple(count for _, count in known), empty)


def spread_of(column: pa.ChunkedArray, progress: Progress | None = None) -> Spread | None:
    """Count the numbers of a column in bars; None where it has none."""
    progress = progress or Progress()
    whole = bool(pa.types.is_integer(column.type))
    low, high, empty = np.inf, -np.inf, 0
    parts = [chunk.cast(pa.float64(), safe=False) for chunk in column.chunks]
    for chunk in progress.track(parts, len(parts), "Counting values"):
        values = chunk.to_numpy(zero_copy_only=False)
        known = values[np.isfinite(values)]
        empty += len(values) - len(known)
        if len(known):
            low, high = min(low, float(known.min())), max(high, float(known.max()))
    if low > high:
        return None
    bars = BARS
    if whole and high - low < BARS:
        bars = int(high - low) + 1
        edges = (low, high + 1)
    else:
        edges = (low, high if high > low else low + 1)
    counts = np.zeros(bars, dtype=np.int64)
    for chunk in progress.track(parts, len(parts), "Counting values"):
        values = chunk.to_numpy(zero_copy_only=False)
        counts += np.histogram(values[np.isfinite(values)], bars, edges)[0]
    return Spread(low, high, counts, empty, whole)
