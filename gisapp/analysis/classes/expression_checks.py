"""Comparisons that no row could pass, whatever it holds: refused with what to write instead.

pandas answers `answer == False` with no row where the column holds the text "False", and
`day == '2018-10-28'` with the rows of midnight alone. Nobody means that. What is accepted here
means the same in pandas.
"""

from __future__ import annotations

import ast
import keyword
from typing import Any

import numpy as np
import pyarrow.compute as pc

from gisapp.analysis.classes.expression_times import SUCH_AS, Unclear, spelled, whole_of
from gisapp.analysis.classes.expression_values import Cells, Words

_YES = frozenset({"true", "yes", "y", "t", "1"})
_NO = frozenset({"false", "no", "n", "f", "0"})
#: So many rows are looked at to find out how a column writes yes and no.
_SAMPLE = 100_000


def written(column: str) -> str:
    """A column's name as a condition has it: in backticks unless it is a plain word."""
    plain = column.isidentifier() and not keyword.iskeyword(column)
    return column if plain and column not in ("True", "False", "None") else f"`{column}`"


def check_compared(column: Cells | Words, sign: type[ast.cmpop], value: Any) -> None:
    """Unclear where a column of this kind is never so, or not what is meant by it."""
    if isinstance(value, Cells | Words | list):
        return
    if isinstance(column, Words):
        _check_words(column, value)
    elif column.is_text and not isinstance(value, str):
        raise _texts(column, value)
    elif column.is_time and not isinstance(value, str):
        raise Unclear(f"“{column.name}” holds times", f"Write the time in quotes. {SUCH_AS}")
    elif column.is_number and isinstance(value, str):
        raise Unclear(f"“{column.name}” holds numbers", _as_number(value))
    elif column.is_flag and isinstance(value, str):
        raise Unclear(f"“{column.name}” holds yes or no", "Write True or False without quotes.")
    elif column.is_time and sign in (ast.Eq, ast.NotEq):
        _check_day(column, sign, value)


def check_inside(column: Cells | Words, values: list[Any]) -> None:
    """The same for each value of a list."""
    for value in values:
        if isinstance(column, Cells) and column.is_time and column.column.type.tz is not None:
            name = written(column.name)
            raise Unclear(
                f"“{column.name}” holds times, which no list can be asked for",
                f"Write {name} == '2025-03-01 22:00' or {name} == '2025-03-01 23:00'.",
            )
        check_compared(column, ast.In, value)


def _check_words(words: Words, value: Any) -> None:
    import pandas as pd

    numbers = pd.api.types.is_numeric_dtype(words.different.dtype)
    if numbers and isinstance(value, str):
        raise Unclear("the length of a text is a number", _as_number(value))
    if not numbers and not isinstance(value, str):
        raise Unclear("a text is compared with texts", f"Write {_quoted(value)} in quotes.")


def _texts(column: Cells, value: Any) -> Unclear:
    reason = f"“{column.name}” holds texts"
    if not isinstance(value, bool):
        return Unclear(reason, f"Write {_quoted(value)} in quotes.")
    wanted = _YES if value else _NO
    found = column.column.slice(0, _SAMPLE).unique().to_pylist()
    same = sorted(text for text in found if text and text.strip().casefold() in wanted)
    return Unclear(reason, f"Write {_quoted(same[0] if same else value)} in quotes.")


def _quoted(value: Any) -> str:
    return repr(str(value))


def _as_number(value: str) -> str:
    try:
        return f"Write {float(value):g} without quotes."
    except ValueError:
        return "Write a number without quotes, such as 3 or 2.5."


def _check_day(column: Cells, sign: type[ast.cmpop], value: str) -> None:
    """A day alone is its midnight; refused unless the day holds nothing else."""
    ends = whole_of(value)
    if ends is None:
        return
    first, end = (column.at_wall(moment) for moment in ends)
    moments = column.column
    exact = pc.equal(moments, first)
    within = pc.and_(pc.greater_equal(moments, first), pc.less(moments, end))
    if np.array_equal(*(pc.fill_null(rows, False).to_numpy() for rows in (exact, within))):
        return
    start, after = (f"'{spelled(moment).removesuffix(' 00:00')}'" for moment in ends)
    span = f"{start} <= {written(column.name)} < {after}"
    if sign is ast.NotEq:
        span = f"not ({span})"
    raise Unclear(f"“{value.strip()}” alone means its first moment, midnight", f"Write {span}.")
