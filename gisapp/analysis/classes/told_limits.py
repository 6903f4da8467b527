"""The limits of classes as readers may be told them who do not know of all rows.

Classes are made from every row. Where some are kept from a reader, the lowest and the highest
limit would else be the number, or the year, that only one of those has.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.classes.making import range_labels
from gisapp.analysis.classes.symbology import column_of, numbers_of
from gisapp.layers.layer import Layer
from gisapp.layers.symbology import Range, SymbolClass, Symbology


def told_limits(layer: Layer, symbology: Symbology, seen: NDArray[np.bool_] | None) -> Symbology:
    """The symbology with ranges that name no number beyond those of the rows that are `seen`.

    None for all of them. It is there for its labels: only classes are changed that say nothing but
    their limits, and none in what it holds of the rows seen. One that holds none of these has no
    label. A limit between two classes stays as it is, though a row that is not seen may be why the
    method put it there.
    """
    column = column_of(layer, symbology.column)
    if seen is None or column is None:
        return symbology
    values = numbers_of(column)[seen]
    values = values[np.isfinite(values)]
    return replace(symbology, classes=tuple(_told(one, values) for one in symbology.classes))


def _told(one: SymbolClass, values: NDArray[np.float64]) -> SymbolClass:
    test = one.test
    if not isinstance(test, Range) or one.label not in range_labels(test):
        return one
    above = values >= test.low if test.first else values > test.low
    if not (above & (values <= test.high)).any():
        return replace(one, label="")
    lowest, highest = float(values.min()), float(values.max())
    first = test.first or test.low < lowest
    told = Range(max(test.low, lowest), min(test.high, highest), first=first)
    way = range_labels(test).index(one.label)
    return replace(one, label=range_labels(told)[way], test=told)
