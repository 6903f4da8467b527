"""Conditions on the fields of a table, and which rows they hold for.

No Qt here, so that the rules are tested without a window.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.progress import Progress
from gisapp.ui.table.filter_times import instant, moment_of

Mask = NDArray[np.bool_]


class ColumnType(StrEnum):
    """How a column is asked about."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    FLAG = "yes or no"


class Operator(StrEnum):
    """What a condition asks, in the words of its sentence."""

    CONTAINS = "contains"
    IS = "is"
    IS_NOT = "is not"
    ONE_OF = "is one of"
    EXACTLY = "is exactly"
    AT_LEAST = "is at least"
    AT_MOST = "is at most"
    BETWEEN = "is between"
    ON = "is on"
    SINCE = "is on or after"
    BEFORE = "is before"
    EMPTY = "is empty"
    FILLED = "is not empty"

    @property
    def needs_value(self) -> bool:
        return self not in (Operator.EMPTY, Operator.FILLED)


_EMPTY = (Operator.EMPTY, Operator.FILLED)
OPERATORS: dict[ColumnType, tuple[Operator, ...]] = {
    ColumnType.TEXT: (
        Operator.CONTAINS,
        Operator.IS,
        Operator.IS_NOT,
        Operator.ONE_OF,
        Operator.EXACTLY,
        *_EMPTY,
    ),
    ColumnType.NUMBER: (
        Operator.IS,
        Operator.AT_LEAST,
        Operator.AT_MOST,
        Operator.BETWEEN,
        *_EMPTY,
    ),
    ColumnType.TIME: (
        Operator.ON,
        Operator.SINCE,
        Operator.BEFORE,
        Operator.BETWEEN,
        *_EMPTY,
    ),
    ColumnType.FLAG: (Operator.IS, *_EMPTY),
}

_EXAMPLES = {
    ColumnType.TEXT: "such as pharmacy",
    ColumnType.NUMBER: "such as 12.5",
    ColumnType.TIME: "such as 2025-03-01 or 2025-03-01 22:00",
    ColumnType.FLAG: "yes or no",
}


def example(kind: ColumnType, operator: Operator) -> str:
    """What a value for this question looks like, for the empty entry field."""
    if operator is Operator.BETWEEN:
        return "2025-03-01 to 2025-03-31" if kind is ColumnType.TIME else "10 to 20"
    if operator in (Operator.ONE_OF, Operator.EXACTLY):
        return "heroin; fentanyl"
    return _EXAMPLES[kind]


def column_type(arrow: pa.DataType) -> ColumnType:
    if pa.types.is_timestamp(arrow) or pa.types.is_date(arrow):
        return ColumnType.TIME
    if pa.types.is_boolean(arrow):
        return ColumnType.FLAG
    if pa.types.is_integer(arrow) or pa.types.is_floating(arrow) or pa.types.is_decimal(arrow):
        return ColumnType.NUMBER
    return ColumnType.TEXT


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to a column; all conditions of a filter must hold."""

    column: str
    operator: Operator
    value: str = ""

    def in_words(self) -> str:
        if not self.operator.needs_value:
            return f"{self.column} {self.operator}"
        return f"{self.column} {self.operator} {self.value.strip()}"


def in_words(conditions: Iterable[Condition]) -> str:
    """The filter as a sentence to be read aloud."""
    return " and ".join(condition.in_words() for condition in conditions)


def matching(
    table: pa.Table, conditions: Sequence[Condition], progress: Progress | None = None
) -> Mask:
    """Rows for which every condition holds; an empty cell matches only `is empty`.

    Raises DataError when a value cannot be read as what its column holds.
    """
    return counted(table, conditions, progress)[0]


def counted(
    table: pa.Table,
    conditions: Sequence[Condition],
    progress: Progress | None = None,
    *,
    seen: Mask | None = None,
) -> tuple[Mask, tuple[int, ...]]:
    """The same, and how many rows are left by each condition and those before it.

    Counted are the rows that are `seen`; None for all of them.
    """
    progress = progress or Progress()
    mask = np.ones(table.num_rows, dtype=bool)
    left = []
    for condition in progress.track(conditions, len(conditions), "Filtering rows"):
        mask &= _holds(table, condition)
        left.append(int(np.count_nonzero(mask if seen is None else mask & seen)))
    return mask, tuple(left)


def _holds(table: pa.Table, condition: Condition) -> Mask:
    if condition.column not in table.column_names:
        raise DataError(f"There is no column “{condition.column}”.", "Pick another column.")
    column = table[condition.column]
    kind = column_type(column.type)
    if condition.operator is Operator.EMPTY:
        return ~_filled(column, kind)
    if condition.operator is Operator.FILLED:
        return _filled(column, kind)
    ask = {
        ColumnType.TEXT: _text_holds,
        ColumnType.NUMBER: _number_holds,
        ColumnType.TIME: _time_holds,
        ColumnType.FLAG: _flag_holds,
    }[kind]
    return _mask(ask(column, condition))


def _mask(answers: pa.ChunkedArray) -> Mask:
    return np.asarray(pc.fill_null(answers, False).to_numpy(), dtype=bool)


def _filled(column: pa.ChunkedArray, kind: ColumnType) -> Mask:
    # A number that is none (NaN) is read as an empty cell, and is one.
    nan = pa.types.is_floating(column.type)
    filled = ~np.asarray(pc.is_null(column, nan_is_null=nan).to_numpy(), dtype=bool)
    if kind is ColumnType.TEXT:
        filled &= _mask(pc.not_equal(pc.utf8_trim_whitespace(_text(column)), ""))
    return filled


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _wanted(condition: Condition) -> str:
    value = condition.value.strip()
    if not value:
        raise DataError(f"Nothing to compare “{condition.column}” with.", "Enter a value.")
    return value


def _text_holds(column: pa.ChunkedArray, condition: Condition) -> pa.ChunkedArray:
    value = _wanted(condition)
    text = _text(column)
    if condition.operator is Operator.CONTAINS:
        return pc.match_substring(text, value, ignore_case=True)
    if condition.operator is Operator.EXACTLY:
        return pc.is_in(text, pa.array(values_in(condition.value), pa.string()))
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(text))
    if condition.operator is Operator.ONE_OF:
        wanted = [part.strip().lower() for part in values_in(value)]
        return pc.is_in(plain, pa.array(wanted, pa.string()))
    same = pc.equal(plain, value.lower())
    return pc.invert(same) if condition.operator is Operator.IS_NOT else same


#: One value of a list: in double quotes (doubled within), or up to the next sign between two.
_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:[;,]|$)')


def values_in(text: str) -> list[str]:
    """The values of a list such as `heroin; fentanyl` or `"a; b"; "c"`."""
    found, at = [], 0
    mark = ";" if ";" in text else ","
    while at < len(text):
        quoted = _QUOTED.match(text, at)
        if quoted is not None:
            found.append(quoted.group(1).replace('""', '"'))
            at = quoted.end()
            continue
        end = text.find(mark, at)
        end = len(text) if end < 0 else end
        if text[at:end].strip():
            found.append(text[at:end].strip())
        at = end + 1
    return found


def listed(values: Iterable[str]) -> str:
    """Values as `values_in` reads them: in quotes where they would be read otherwise."""
    plain = re.compile(r'[^\s";,](?:[^";,]*[^\s";,])?')
    return "; ".join(
        value if plain.fullmatch(value) else '"' + value.replace('"', '""') + '"'
        for value in values
    )


def _number_holds(column: pa.ChunkedArray, condition: Condition) -> pa.ChunkedArray:
    # Large whole numbers are compared by their first sixteen figures rather than not at all.
    numbers = pc.cast(column, pa.float64(), safe=False)
    low, high = _span(condition, parse_number)
    if condition.operator is Operator.BETWEEN:
        return pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high))
    compare = {
        Operator.IS: pc.equal,
        Operator.AT_LEAST: pc.greater_equal,
        Operator.AT_MOST: pc.less_equal,
    }[condition.operator]
    return compare(numbers, low)


def parse_number(text: str) -> float:
    """A number written with a point; a comma is refused, for it means two things."""
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text.strip()):
        raise DataError(f"“{text.strip()}” is not a number.", "Write it such as 1250 or 12.5.")
    return float(text)


def _flag_holds(column: pa.ChunkedArray, condition: Condition) -> pa.ChunkedArray:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    value = words.get(_wanted(condition).lower())
    if value is None:
        raise DataError(f"“{condition.value.strip()}” is neither yes nor no.", "Write yes or no.")
    return pc.equal(column, value)


def _time_holds(column: pa.ChunkedArray, condition: Condition) -> pa.ChunkedArray:
    times = column.cast(pa.timestamp("us", getattr(column.type, "tz", None)))
    zone = zone_of(column.type)
    first, end = time_ends(condition, zone)
    holds: pa.ChunkedArray | None = None
    for moment, ask in ((first, pc.greater_equal), (end, pc.less)):
        if moment is not None:
            edge = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
            found = ask(times, pa.scalar(edge, times.type))
            holds = found if holds is None else pc.and_(holds, found)
    return holds


def zone_of(arrow: pa.DataType) -> ZoneInfo | None:
    """The zone of a column of times; None where it has none."""
    name = getattr(arrow, "tz", None)
    return ZoneInfo(name) if name else None


def time_ends(
    condition: Condition, zone: ZoneInfo | None
) -> tuple[datetime | None, datetime | None]:
    """From when on and up to when a condition holds; None for an end that is open.

    DataError where a time cannot be read, or leaves a doubt by the clocks of the zone.
    """
    value = _wanted(condition)
    if condition.operator is Operator.BETWEEN:
        low, high = sorted(
            (moment_of(part, zone) for part in two_ends(value)),
            key=lambda moment: (instant(moment.start, zone), moment.whole),
        )
        return low.start, high.end
    moment = moment_of(value, zone)
    if condition.operator is Operator.BEFORE:
        return None, moment.start
    return moment.start, moment.end if condition.operator is Operator.ON else None


def _span(condition: Condition, parse: Callable[[str], Any]) -> tuple[Any, Any]:
    """The two ends of `A to B`, in order; for other questions the one value twice."""
    value = _wanted(condition)
    if condition.operator is not Operator.BETWEEN:
        one = parse(value)
        return one, one
    low, high = sorted(parse(part) for part in two_ends(value))
    return low, high


def two_ends(value: str) -> list[str]:
    """The two parts of `A to B` as they are written."""
    parts = re.split(r"\s+(?:to|and|–)\s+|–|\.\.", value)
    if len(parts) != 2:
        raise DataError(f"“{value}” has no two ends.", "Write it such as 10 to 20.")
    return parts
