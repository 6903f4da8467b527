"""The columns that a condition names: compared by Arrow where that means the same as in pandas.

Ten million numbers or texts are compared in some hundredths of a second. Whatever Arrow would
answer otherwise than pandas is handed to pandas; the tests of texts are asked of each different
text once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.analysis.classes.expression_times import moment_in

if TYPE_CHECKING:
    from pandas import Series

Mask = NDArray[np.bool_]

_COMPARED: Mapping[type[ast.cmpop], Callable[..., Any]] = {
    ast.Eq: pc.equal,
    ast.NotEq: pc.not_equal,
    ast.Lt: pc.less,
    ast.LtE: pc.less_equal,
    ast.Gt: pc.greater,
    ast.GtE: pc.greater_equal,
}
#: The same question with its two sides changed.
TURNED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
#: The tests that take a pattern, as it is searched for.
_PATTERNS = {"contains": "{}", "match": r"\A(?:{})", "fullmatch": r"\A(?:{})\z"}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


@dataclass(eq=False)
class Cells:
    """A column; as a pandas Series only when there is no other way. Days are times at midnight.

    Compared with times as `moment_in` reads those that somebody `typed`, or others.
    """

    column: pa.ChunkedArray
    name: str = ""
    typed: bool = True
    _kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if pa.types.is_date(self.column.type):
            self.column = self.column.cast(pa.timestamp("us"))

    @property
    def series(self) -> Series[Any]:
        if "series" not in self._kept:
            self._kept["series"] = self.column.to_pandas()
        found: Series[Any] = self._kept["series"]
        return found

    @property
    def is_text(self) -> bool:
        arrow = self.column.type
        return bool(pa.types.is_string(arrow) or pa.types.is_large_string(arrow))

    @property
    def is_number(self) -> bool:
        return _is_number(self.column.type)

    @property
    def is_time(self) -> bool:
        return bool(pa.types.is_timestamp(self.column.type))

    @property
    def is_flag(self) -> bool:
        return bool(pa.types.is_boolean(self.column.type))

    def at_wall(self, moment: datetime) -> Any:
        """A time by the clocks of this column of times; of one that comes twice the first."""
        arrow = self.column.type
        zone = ZoneInfo(arrow.tz) if arrow.tz else None
        return pa.scalar(moment.replace(tzinfo=zone), pa.timestamp("us", arrow.tz))

    def missing(self) -> Mask:
        floats = pa.types.is_floating(self.column.type)
        return np.asarray(pc.is_null(self.column, nan_is_null=floats).to_numpy(), dtype=bool)

    def compared(self, sign: type[ast.cmpop], value: object) -> Mask | None:
        """Which cells compare so with a value or another column; None where pandas has to say.

        Unclear where a time cannot be read.
        """
        other = self._comparable(sign, value)
        if other is None:
            return None
        try:
            found = _COMPARED[sign](self.column, other)
        except pa.ArrowInvalid:
            return None
        # Only `!=` holds where a value is missing, as it does in pandas.
        return np.asarray(pc.fill_null(found, sign is ast.NotEq).to_numpy(), dtype=bool)

    def _comparable(self, sign: type[ast.cmpop], value: object) -> Any:
        arrow = self.column.type
        if isinstance(value, Cells):
            same = value.column.type == arrow
            return value.column if same and _is_number(arrow) else None
        if isinstance(value, bool):
            plain = pa.types.is_boolean(arrow) and sign in (ast.Eq, ast.NotEq)
            return pa.scalar(value) if plain else None
        if isinstance(value, str):
            if self.is_text:
                return pa.scalar(value, arrow)
            return moment_in(value, arrow, typed=self.typed) if self.is_time else None
        if isinstance(value, float) and _is_number(arrow):
            return pa.scalar(value, pa.float64())
        if isinstance(value, int) and _is_number(arrow) and _SMALLEST <= value <= _LARGEST:
            return pa.scalar(value, pa.float64() if pa.types.is_floating(arrow) else pa.int64())
        return None

    def inside(self, values: list[Any]) -> Mask | None:
        """Which cells are one of some values; None where pandas has to say."""
        arrow = self.column.type
        texts = self.is_text and all(isinstance(value, str) for value in values)
        whole = pa.types.is_int64(arrow) or pa.types.is_int32(arrow)
        numbers = whole and all(type(value) is int and abs(value) < 2**31 for value in values)
        if not (texts or numbers):
            return None
        found = pc.is_in(self.column, pa.array(values, arrow))
        return np.asarray(found.to_numpy(), dtype=bool)

    def words(self) -> Words:
        """The column as texts, "" where there is none."""
        if "words" not in self._kept:
            self._kept["words"] = self._to_words()
        found: Words = self._kept["words"]
        return found

    def _to_words(self) -> Words:
        import pandas as pd

        if not self.is_text:
            series = self.series
            return Words(series.astype("str").where(series.notna(), ""))
        encoded = pc.dictionary_encode(self.column).combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.chunk(0)
        words = encoded.dictionary.to_pylist()
        numbers = pc.fill_null(encoded.indices, len(words)).to_numpy(zero_copy_only=False)
        return Words(pd.Series([*words, ""], dtype="str"), np.asarray(numbers))

    def literally(self, method: str, wanted: str, options: Mapping[str, Any]) -> Mask | None:
        """A test of texts for the very letters; None where they may mean more, or less."""
        if not self.is_text or (method == "contains" and not _is_literal(wanted, options)):
            return None
        if options.get("case", True) is not True:
            return None
        tests = {
            "contains": pc.match_substring,
            "startswith": pc.starts_with,
            "endswith": pc.ends_with,
        }
        if method not in tests or (method != "contains" and options):
            return None
        found = pc.fill_null(tests[method](self.column, pattern=wanted), wanted == "")
        return np.asarray(found.to_numpy(), dtype=bool)


@dataclass(eq=False)
class Words:
    """Different values, and which of them each row has; without numbers each row its own."""

    different: Series[Any]
    numbers: NDArray[np.int32] | None = None

    @property
    def series(self) -> Series[Any]:
        if self.numbers is None:
            return self.different
        return self.different.take(self.numbers).reset_index(drop=True)

    def each(self, answers: Any) -> Mask:
        """The answers for the different values, given to the rows."""
        some = np.asarray(answers, dtype=bool)
        return some if self.numbers is None else some.take(self.numbers)

    def changed(self, different: Series[Any]) -> Words:
        return Words(different, self.numbers)

    def tested(self, method: str, wanted: str, options: Mapping[str, Any]) -> Mask:
        """A test of the texts. ValueError for a pattern that cannot be read.

        Patterns are asked of Arrow, never of pandas: its RE2 needs a time that grows with the
        text alone, while one bad pattern of a project file could keep Python's `re` for ever.
        """
        if method not in _PATTERNS:
            return self.each(getattr(self.different.str, method)(wanted, **options))
        texts = pa.array(self.different, pa.string())
        regex = method != "contains" or options.get("regex", True)
        ask = pc.match_substring_regex if regex else pc.match_substring
        pattern = _PATTERNS[method].format(wanted) if regex else wanted
        try:
            found = ask(texts, pattern=pattern, ignore_case=not options.get("case", True))
        except pa.ArrowInvalid as error:
            raise ValueError(
                f"“{wanted[:60]}” is no pattern, or one that looks ahead or back"
            ) from error
        return self.each(found.to_numpy(zero_copy_only=False))


def series_of(value: Any) -> Any:
    """What pandas is to see of a column or a value."""
    return value.series if isinstance(value, Cells | Words) else value


def _is_number(arrow: pa.DataType) -> bool:
    return bool(pa.types.is_integer(arrow) or pa.types.is_floating(arrow))


def _is_literal(wanted: str, options: Mapping[str, Any]) -> bool:
    """Whether a pattern means only its own letters."""
    return options.get("regex", True) is False or not set(wanted) & set(".^$*+?{}[]\\|()")
