"""Which class of its layer's symbology each row belongs to: the first whose test it meets."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.analysis.classes.expressions import mask_where
from gisapp.layers.layer import Layer
from gisapp.layers.symbology import Category, Range, Rule, Symbology

Classes = NDArray[np.int16]
Mask = NDArray[np.bool_]

#: A row that is not drawn.
NOT_DRAWN = -1


def class_numbers(layer: Layer, symbology: Symbology) -> Classes:
    """For each row the number of its class, `len(symbology.classes)` for all others.

    -1 where the row is not drawn: its class is not visible, or it is in none and `others` is
    empty. Missing numbers and a column that is not there belong to the others. DataError where
    a rule cannot be understood; one that only compares what differs in kind holds for no row.
    """
    classes = symbology.classes
    column = column_of(layer, symbology.column)
    tests = [one.test for one in classes]
    numbers = np.full(len(layer), len(classes), dtype=np.int16)
    if classes and all(isinstance(test, Category) for test in tests):
        if column is not None:
            _by_category(
                column, [test.value for test in tests if isinstance(test, Category)], numbers
            )
    elif _one_after_another(ranges := [test for test in tests if isinstance(test, Range)], tests):
        if column is not None:
            _by_range(numbers_of(column), ranges, numbers)
    else:
        # The last first, so that the first that fits has the last word.
        for number in reversed(range(len(classes))):
            numbers[_meets(layer, column, tests[number])] = number
    drawn = [number if one.visible else NOT_DRAWN for number, one in enumerate(classes)]
    drawn.append(len(classes) if symbology.others else NOT_DRAWN)
    return np.array(drawn, dtype=np.int16)[numbers]


def column_of(layer: Layer, name: str) -> pa.ChunkedArray | None:
    """A column by its name in the table or by the name of a field; None where there is none."""
    for column in (name, layer.fields.get(name)):
        if column is not None and column in layer.table.column_names:
            return layer.table[column]
    return None


def numbers_of(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """The numbers of a column, NaN where there is none; all NaN where it holds no numbers."""
    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return np.full(len(column), np.nan)
    return np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def texts_of(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Values as the text that categories are compared with; nulls stay."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    return pc.cast(values, pa.string())


def _by_category(column: pa.ChunkedArray, values: list[str], numbers: Classes) -> None:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    # Each value once, and none but the first of several alike: it wins.
    found = {value: number for number, value in reversed(list(enumerate(values)))}
    wanted = _as_type(list(found), column.type)
    # No place in the list, that is in none of them: the last number is that of the others.
    places = np.asarray(
        pc.index_in(column, value_set=wanted, skip_nulls=True).fill_null(-1).to_numpy()
    )
    classes = np.array([*found.values(), len(values)], dtype=np.int16)
    numbers[:] = classes[places]
    if "" in found:
        numbers[_empty(column)] = found[""]


def _as_type(values: list[str], kind: pa.DataType) -> pa.Array:
    """Texts as values of a column's type: null where no value of it is written so."""
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pa.array(values, kind)
    return pa.array([_value(text, kind) for text in values], kind)


def _value(text: str, kind: pa.DataType) -> object:
    """The value that is written as a text, None where none is written just so."""
    try:
        value = pa.scalar(text).cast(kind)
        same = value.cast(pa.string()).as_py() == text
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return value.as_py() if same else None


def _empty(column: pa.ChunkedArray) -> Mask:
    """Cells with nothing in them: no value, no number, or a text without letters."""
    empty = column.is_null(nan_is_null=True)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        empty = pc.or_(empty, pc.fill_null(pc.equal(column, ""), False))
    return np.asarray(empty.to_numpy(), dtype=bool)


def _one_after_another(ranges: list[Range], tests: list[Category | Range | Rule]) -> bool:
    """Whether all tests are ranges that rise without a gap, only the first with its own end."""
    if not ranges or len(ranges) != len(tests):
        return False
    rising = all(one.low <= one.high for one in ranges)
    joined = all(low.high == high.low and not high.first for low, high in pairwise(ranges))
    return rising and joined


def _by_range(values: NDArray[np.float64], ranges: list[Range], numbers: Classes) -> None:
    edges = np.array([ranges[0].low, *(one.high for one in ranges)])
    # NaN is placed behind the last edge, which makes it one of the others.
    places = np.searchsorted(edges, values, side="left").astype(np.int16)
    places -= 1
    below = places < 0
    numbers[:] = np.where(below, len(ranges), places)
    if ranges[0].first:
        numbers[values == ranges[0].low] = 0


def _meets(layer: Layer, column: pa.ChunkedArray | None, test: Category | Range | Rule) -> Mask:
    if isinstance(test, Rule):
        return mask_where(layer, test.where, typed=False)
    numbers = np.ones(len(layer), dtype=np.int16)
    if column is not None and isinstance(test, Category):
        _by_category(column, [test.value], numbers)
    elif column is not None and isinstance(test, Range):
        _by_range(numbers_of(column), [test], numbers)
    return np.equal(numbers, 0)
