"""Which rows a table shows, in which order: numbers of rows, no cell copied.

No Qt here. All rows in the order of the file are a `range`, which takes no memory; other rows, or
another order, an int32 array of their numbers (4 bytes a row).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.progress import Progress
from gisapp.ui.table.conditions import Mask

Order = NDArray[np.int32]
Rows = range | Order
Places = NDArray[np.int64]

_DIGIT = 16
#: Of a column of texts so many are looked at, to see whether they come again and again.
_SAMPLE = 50_000


def ordered_rows(
    table: pa.Table,
    mask: Mask | None,
    sort: tuple[str, bool] | None,
    progress: Progress | None = None,
) -> Rows:
    """Row numbers to show: those of the mask, sorted by a column (name, descending).

    Empty cells come last either way, and equal ones stay in the order of the file.
    """
    progress = progress or Progress()
    rows = None if mask is None else np.flatnonzero(mask).astype(np.int32)
    if sort is None or sort[0] not in table.column_names:
        return range(table.num_rows) if rows is None else rows
    column = table[sort[0]] if rows is None else table[sort[0]].take(pa.array(rows))
    progress.report(0.05, f"Sorting by {sort[0]}")
    order = _order(column, sort[1], progress, f"Sorting by {sort[0]}")
    # What was worked with on the way is many times the order itself: give it back at once.
    pa.default_memory_pool().release_unused()
    return order if rows is None else np.asarray(rows[order], dtype=np.int32)


def rows_at(rows: Rows, stretches: Sequence[tuple[int, int]], total: int) -> Places:
    """The numbers, ascending, of the rows in some stretches (from, up to) of the order."""
    if not stretches:
        return np.empty(0, dtype=np.int64)
    if isinstance(rows, range):
        parts = [np.arange(first, last) + rows.start for first, last in sorted(stretches)]
        return np.concatenate(parts)
    chosen = np.concatenate([rows[first:last] for first, last in stretches])
    if len(chosen) < total // 100:
        return np.sort(chosen).astype(np.int64)
    # Among many rows, ticking them off is quicker than sorting them.
    ticked = np.zeros(total, dtype=bool)
    ticked[chosen] = True
    return np.flatnonzero(ticked)


def flags_of(rows: Rows, wanted: Places, total: int) -> Mask:
    """For each place of the order whether its row is wanted; `total` rows are in the table."""
    asked = np.zeros(total, dtype=bool)
    asked[wanted[wanted < total]] = True
    if isinstance(rows, range):
        return asked[rows.start : rows.stop]
    return np.asarray(asked.take(rows), dtype=bool)


def _order(column: pa.ChunkedArray, descending: bool, progress: Progress, text: str) -> Order:
    """The places of values from the lowest to the highest, empty ones last; int32."""
    if _rather_compared(column.type) or (_is_text(column.type) and _mostly_different(column)):
        return _compared(column, descending)
    keys, known = _keys(column)
    empty = np.flatnonzero(~known).astype(np.int32)
    order = np.flatnonzero(known).astype(np.int32) if len(empty) else None
    if len(empty):
        keys = keys[known]
    if len(keys):
        keys = keys.max() - keys if descending else keys - keys.min()
    places = _sorted_by_digits(keys, progress, text)
    return places if order is None else np.concatenate([order[places], empty])


def _sorted_by_digits(keys: NDArray[np.uint64], progress: Progress, text: str) -> Order:
    """A counting sort by 16 bits at a time, the lowest first; between two it can be cancelled."""
    bits = int(keys.max()).bit_length() if len(keys) else 0
    order: NDArray[np.int32] | None = None
    for shift in range(0, bits, _DIGIT):
        progress.report(0.2 + 0.8 * shift / bits, text)
        digit = (keys >> np.uint64(shift)).astype(np.uint16)
        if digit.min() == digit.max():
            continue
        if order is None:
            order = np.argsort(digit, kind="stable").astype(np.int32)
        else:
            order = order.take(np.argsort(digit.take(order), kind="stable"))
    return np.arange(len(keys), dtype=np.int32) if order is None else order


def _is_text(arrow: pa.DataType) -> bool:
    return bool(pa.types.is_string(arrow) or pa.types.is_large_string(arrow))


def _rather_compared(arrow: pa.DataType) -> bool:
    """Whether values have no number that stands for them."""
    numbered = (
        pa.types.is_integer(arrow)
        or pa.types.is_float64(arrow)
        or pa.types.is_float32(arrow)
        or pa.types.is_boolean(arrow)
        or pa.types.is_timestamp(arrow)
        or pa.types.is_date32(arrow)
    )
    words = _is_text(arrow) or (pa.types.is_dictionary(arrow) and _is_text(arrow.value_type))
    return not (numbered or words)


def _mostly_different(column: pa.ChunkedArray) -> bool:
    some = column.slice(0, _SAMPLE)
    return len(column) > _SAMPLE and len(some.unique()) > _SAMPLE // 2


def _compared(column: pa.ChunkedArray, descending: bool) -> Order:
    """Sorted by Arrow, which cannot be stopped on the way."""
    if pa.types.is_dictionary(column.type) or pa.types.is_nested(column.type):
        column = column.cast(pa.string())
    keyed = pa.table({"key": column, "row": pa.array(np.arange(len(column), dtype=np.int32))})
    ways = [("key", "descending" if descending else "ascending"), ("row", "ascending")]
    return np.asarray(pc.sort_indices(keyed, sort_keys=ways).to_numpy(), dtype=np.int32)


def _keys(column: pa.ChunkedArray) -> tuple[NDArray[np.uint64], Mask]:
    """A number for each value, in the same order as the values; and which are known."""
    arrow = column.type
    if _is_text(arrow) or pa.types.is_dictionary(arrow):
        return _ranks(column)
    known = np.asarray(pc.is_valid(column).to_numpy(), dtype=bool)
    if pa.types.is_floating(arrow):
        values = np.asarray(pc.fill_null(column.cast(pa.float64()), np.nan).to_numpy())
        # 0.0 makes one zero of the two; the bits of floats are in order but for the negative.
        bits = (values + 0.0).view(np.int64)
        flipped = np.where(bits < 0, ~bits, bits ^ np.int64(-(2**63)))
        return flipped.view(np.uint64), known & ~np.isnan(values)
    if pa.types.is_date32(arrow):
        column = column.cast(pa.int32())
    whole = pc.fill_null(column.cast(pa.int64(), safe=False), 0)
    signed = np.asarray(whole.to_numpy()) ^ np.int64(-(2**63))
    return signed.view(np.uint64), known


def _ranks(column: pa.ChunkedArray) -> tuple[NDArray[np.uint64], Mask]:
    """Texts by the place of each among the different ones."""
    encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    encoded = encoded.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    words = encoded.dictionary
    rank = np.empty(len(words) + 1, dtype=np.uint64)
    rank[pc.sort_indices(words).to_numpy()] = np.arange(len(words))
    rank[-1] = 0
    numbers = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return rank.take(numbers), np.asarray(numbers) >= 0
