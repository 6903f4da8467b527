"""When the rows of a layer happened, worked out once: a small number a row, and counts by it.

A span of time is then a comparison of small numbers (3 to 10 ms for ten million rows), and what
charts show of it a sum of counts, without looking at the rows again.

Times are wall-clock times in the layer's own zone, as people of the place would say them. A day
is a day there, whether it has 23, 24 or 25 hours; where clocks are put back, the hour that comes
twice is one bar that holds both.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.layers.clocks import local_times
from gisapp.layers.layer import Layer
from gisapp.progress import Progress

Mask = NDArray[np.bool_]
#: Fine bars from one up to, not including, the other.
Span = tuple[int, int]

#: The number of rows whose time is unknown; beyond every bar.
UNKNOWN = 0xFFFF
#: As many rows are worked out in one go, so that memory stays small and cancelling quick.
_TOGETHER = 1_000_000
#: Rows of a mask that are compared in one go.
_PIECE = 1 << 18
_HOUR_US = 3_600_000_000
_WEEK = 168


class Step(StrEnum):
    """The length of time a bar stands for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def each(self) -> str:
        return f"per {self.value}"


#: From the finest to the coarsest.
COARSENESS = tuple(Step)
_CODES = {Step.HOUR: "h", Step.DAY: "D", Step.MONTH: "M", Step.YEAR: "Y"}


def numbers_of(times: NDArray[np.datetime64], step: Step) -> NDArray[np.int64]:
    """Which hour, day, week, month, quarter or year since 1970 each time falls in."""
    if step is Step.WEEK:
        # 1970-01-01 was a Thursday, and weeks start on Monday.
        return (times.astype("datetime64[D]").astype(np.int64) + 3) // 7
    if step is Step.QUARTER:
        return times.astype("datetime64[M]").astype(np.int64) // 3
    return times.astype(f"datetime64[{_CODES[step]}]").astype(np.int64)


def starts_of(numbers: NDArray[np.int64], step: Step) -> NDArray[np.datetime64]:
    """The moments (datetime64[us]) at which hours, days … given by number begin."""
    if step is Step.WEEK:
        return (numbers * 7 - 3).astype("datetime64[D]").astype("datetime64[us]")
    if step is Step.QUARTER:
        return (numbers * 3).astype("datetime64[M]").astype("datetime64[us]")
    return numbers.astype(f"datetime64[{_CODES[step]}]").astype("datetime64[us]")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class TimeBars:
    """The finest bars of a layer's times, and the bar of each row. Any thread may read it.

    `unit` is the length of a bar: hours, or whatever fits 65,535 bars. Bar i covers
    [edges[i], edges[i + 1]), wall-clock time as datetime64[us]. `number` (uint16) is the bar of
    each row, UNKNOWN where it has no time: 2 bytes a row. `counts` (int64) are rows a bar.
    `parts` (int32) divides a bar of days into its 24 hours, of months or years into the 168
    hours of the week; bars of hours need none.
    """

    unit: Step
    edges: NDArray[np.datetime64]
    number: NDArray[np.uint16]
    counts: NDArray[np.int64]
    parts: NDArray[np.int32]
    unknown: int
    timezone: str

    @classmethod
    def of(cls, layer: Layer, progress: Progress | None = None) -> TimeBars | None:
        """The bars of a layer's times; None without a time that is known."""
        times = layer.column("time")
        if times is None or not pa.types.is_timestamp(times.type):
            return None
        return cls.build(times, times.type.tz or "UTC", progress)

    @classmethod
    def build(
        cls, times: pa.ChunkedArray, timezone: str, progress: Progress | None = None
    ) -> TimeBars | None:
        """Number moments by wall-clock hours, or longer bars where they span many years."""
        progress = progress or Progress()
        hours = _hours(times, timezone, progress)
        known = hours != _NO_HOUR
        unknown = len(hours) - int(np.count_nonzero(known))
        if unknown == len(hours):
            return None
        first = int(hours.min(initial=np.iinfo(np.int32).max, where=known))
        last = int(hours.max())
        unit = next(unit for unit in _CODES if _bars_between(first, last, unit) < UNKNOWN)
        ends = _bar_of(np.array([first, last], dtype=np.int32), unit)
        edges = starts_of(np.arange(ends[0], ends[1] + 2), unit)
        progress.report(0.8, "Sorting times")
        number = np.full(len(hours), UNKNOWN, dtype=np.uint16)
        parts = np.zeros((len(edges) - 1, _PARTS[unit]), dtype=np.int32)
        for start in range(0, len(hours), _TOGETHER):
            progress.check()
            some = hours[start : start + _TOGETHER]
            there = some != _NO_HOUR
            bars = _bar_of(some[there], unit) - ends[0]
            number[start : start + _TOGETHER][there] = bars
            _count_parts(parts, some[there], bars, unit)
        for array in (number, parts, edges):
            array.setflags(write=False)
        counts = parts.sum(axis=1, dtype=np.int64)
        progress.report(1.0, "Sorting times")
        return cls(unit, edges, number, counts, parts, unknown, timezone)

    @classmethod
    def of_some(cls, times: pa.ChunkedArray, timezone: str, rows: Mask) -> TimeBars | None:
        """The bars of the rows alone where a mask is true, as if there were no others.

        For who may not know of the others: neither edges nor counts tell of them. `number` has
        all rows, UNKNOWN for the others. None where not one of the rows has a time.
        """
        alone = cls.build(times.filter(pa.array(rows)), timezone)
        if alone is None:
            return None
        number = np.full(len(rows), UNKNOWN, dtype=np.uint16)
        number[rows] = alone.number
        number.setflags(write=False)
        return replace(alone, number=number)

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def nbytes(self) -> int:
        """Memory that the bars hold."""
        arrays = (self.edges, self.number, self.counts, self.parts)
        return sum(int(array.nbytes) for array in arrays)

    def moments(self, span: Span) -> tuple[np.datetime64, np.datetime64]:
        """The moments between which a span lies; the end is not included."""
        return self.edges[span[0]], self.edges[span[1]]

    def span_of(self, start: np.datetime64, end: np.datetime64) -> Span:
        """The bars that begin in [start, end); the first or the last for moments outside."""
        first, last = np.searchsorted(self.edges, np.array([start, end], dtype="datetime64[us]"))
        return int(min(first, len(self))), int(min(last, len(self)))

    def mask(self, span: Span) -> Mask:
        """Rows whose time lies in a span; unknown times never do."""
        low, length = np.uint16(span[0]), np.uint16(span[1] - span[0])
        mask = np.empty(len(self.number), dtype=bool)
        # Piece by piece, so that what lies between stays in the processor's cache.
        between = np.empty(min(_PIECE, len(mask)), dtype=np.uint16)
        for start in range(0, len(mask), _PIECE):
            some = self.number[start : start + _PIECE]
            # Numbers below the first wrap round to large ones: one comparison is enough.
            moved = np.subtract(some, low, out=between[: len(some)])
            np.less(moved, length, out=mask[start : start + _PIECE])
        return mask

    def count(self, span: Span) -> int:
        """How many rows lie in a span."""
        return int(self.counts[span[0] : span[1]].sum())

    def counts_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many of some rows lie in each bar."""
        return np.bincount(self.number[rows], minlength=UNKNOWN + 1)[: len(self)]

    def limited(
        self, times: pa.ChunkedArray, rows: Mask, progress: Progress | None = None
    ) -> TimeBars:
        """The same bars with only the rows counted where a mask is true.

        `times` are those that the bars were built from. `edges` and `number` are shared, so that
        a span means the same in both.
        """
        progress = progress or Progress()
        parts = np.zeros_like(self.parts)
        unknown = 0
        for start in range(0, len(rows), _TOGETHER):
            progress.report(start / len(rows), "Counting times")
            some = rows[start : start + _TOGETHER]
            bars = self.number[start : start + _TOGETHER][some]
            there = bars != UNKNOWN
            unknown += len(bars) - int(np.count_nonzero(there))
            if self.unit is Step.HOUR:
                parts[:, 0] += np.bincount(bars[there], minlength=len(parts)).astype(np.int32)
                continue
            # Which hour of a longer bar is not kept by row, and is worked out again.
            kept = times.slice(start, _TOGETHER).filter(pa.array(some))
            hours = _hours(kept, self.timezone, Progress())
            _count_parts(parts, hours[there], bars[there].astype(np.int64), self.unit)
        parts.setflags(write=False)
        counts = parts.sum(axis=1, dtype=np.int64)
        return replace(self, parts=parts, counts=counts, unknown=unknown)

    def weekday_hours(self, span: Span | None = None) -> NDArray[np.int64]:
        """Counts by weekday (Monday first) and hour of the day, shape (7, 24)."""
        first, last = span or (0, len(self))
        parts = self.parts[first:last]
        if self.unit in (Step.HOUR, Step.DAY):
            numbers = self.edges[first:last].astype("datetime64[h]").astype(np.int64)
            # 1970-01-01 was a Thursday.
            of_week = (numbers[:, None] + np.arange(parts.shape[1]) + 72) % _WEEK
            week = np.bincount(of_week.ravel(), weights=parts.ravel(), minlength=_WEEK)
        else:
            week = parts.sum(axis=0, dtype=np.int64)
        return week.astype(np.int64).reshape(7, 24)


class RowSpan:
    """Which rows of a layer are shown, as a span of its bars and what else limits them.

    A row is shown when its bar lies in the span and `others` (a mask by row) is None or true.
    Whoever keeps `bars.number` in an order of its own need not gather a mask by row.
    """

    def __init__(self, bars: TimeBars, span: Span, others: Mask | None = None) -> None:
        self.bars, self.span, self.others = bars, span, others
        self._lock = threading.Lock()
        self._mask: Mask | None = None

    @property
    def mask(self) -> Mask:
        """The rows shown, made when somebody first asks: always the same array.

        For ten million rows that takes 10 to 35 ms while others draw, so whoever draws should ask.
        """
        with self._lock:
            if self._mask is None:
                self._mask = self.bars.mask(self.span)
                if self.others is not None:
                    self._mask &= self.others
            return self._mask


_NO_HOUR = np.iinfo(np.int32).min
_PARTS = {Step.HOUR: 1, Step.DAY: 24, Step.MONTH: _WEEK, Step.YEAR: _WEEK}


def _hours(times: pa.ChunkedArray, timezone: str, progress: Progress) -> NDArray[np.int32]:
    """The wall-clock hour since 1970 of each time, _NO_HOUR where unknown."""
    hours = np.full(len(times), _NO_HOUR, dtype=np.int32)
    for start in range(0, len(times), _TOGETHER):
        progress.report(0.8 * start / len(times), "Sorting times")
        local = local_times(times.slice(start, _TOGETHER), timezone)
        some = hours[start : start + len(local)]
        some[:] = local.view(np.int64) // _HOUR_US
        some[np.isnat(local)] = _NO_HOUR
    return hours


def _bars_between(first: int, last: int, unit: Step) -> int:
    ends = _bar_of(np.array([first, last], dtype=np.int32), unit)
    return int(ends[1] - ends[0]) + 1


def _bar_of(hours: NDArray[np.int32], unit: Step) -> NDArray[np.int64]:
    """Which bar since 1970 each wall-clock hour lies in."""
    if unit is Step.HOUR:
        return hours.astype(np.int64)
    if unit is Step.DAY:
        return (hours // 24).astype(np.int64)
    return numbers_of(hours.astype("datetime64[h]"), unit)


def _count_parts(
    parts: NDArray[np.int32], hours: NDArray[np.int32], bars: NDArray[np.int64], unit: Step
) -> None:
    """Add known hours and their bars to the counts by bar and hour of the day or week."""
    width = parts.shape[1]
    if unit is Step.HOUR:
        places = bars
    elif unit is Step.DAY:
        places = bars * width + hours % width
    else:
        places = bars * width + (hours + 72) % width
    parts += np.bincount(places, minlength=parts.size).astype(np.int32).reshape(parts.shape)
