"""Columns of text that hold numbers, read without losing what makes a code a code."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: A whole number as a computer writes it: a leading zero makes it a code, such as ZIP 02134.
_WHOLE = r"^(?:0|-?[1-9]\d{0,17})$"
_DECIMAL = r"^-?(?:0|[1-9]\d{0,16})?(?:\.\d+)?(?:[eE][-+]?\d{1,3})?$"
_COMMA = r"^\s*-?\d+,\d+\s*$"


def as_numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """float64 of a column's length, NaN where there is none or none can be read.

    A comma is taken for the decimal sign where there is one comma and no point.
    """
    if not pa.types.is_string(column.type):
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            return np.full(len(column), np.nan)
        return _float64(column.cast(pa.float64()))
    try:
        return _float64(column.cast(pa.float64()))
    except pa.ArrowInvalid:
        return _one_form_after_another(column)


def _float64(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _one_form_after_another(column: pa.ChunkedArray) -> NDArray[np.float64]:
    texts = pc.utf8_trim_whitespace(column)
    texts = pc.if_else(pc.match_substring_regex(texts, _COMMA),
                       pc.replace_substring(texts, ",", "."), texts)  # fmt: skip
    texts = pc.replace_substring_regex(texts, r"^\+", "")
    good = pc.match_substring_regex(texts, r"^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?$")
    return _float64(pc.if_else(good, texts, None).cast(pa.float64()))


def are_whole(given: pa.ChunkedArray) -> bool:
    """Whether all texts are whole numbers and would be written the same again."""
    return bool(len(given)) and bool(pc.all(pc.match_substring_regex(given, _WHOLE)).as_py())


def are_decimal(given: pa.ChunkedArray) -> bool:
    """Whether all texts are decimal numbers."""
    return bool(len(given)) and bool(pc.all(pc.match_substring_regex(given, _DECIMAL)).as_py())


def typed(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as whole or decimal numbers where every value is one, otherwise as it was."""
    given = texts.drop_null()
    if not len(given):
        return texts
    head = given.slice(0, 2000)
    if are_whole(head):
        try:
            numbers = texts.cast(pa.int64())
        except pa.ArrowInvalid:
            numbers = None
        # Written back they must be the same texts: 007 and +7 are codes, not numbers.
        if numbers is not None and numbers.cast(pa.string()).equals(texts):
            return numbers
    if are_decimal(head) and are_decimal(given):
        try:
            return texts.cast(pa.float64())
        except pa.ArrowInvalid:
            return texts
    return texts
