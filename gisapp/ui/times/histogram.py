"""The bars of a layer's times as a chart shows them; and a span of time as words.

No Qt here. Times are wall-clock times (datetime64[us]) in the layer's own zone, as people of the
place would say them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.time_bars import COARSENESS, Span, Step, TimeBars, numbers_of, starts_of
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Showing
from gisapp.ui.times.walk import floored, shifted

#: The longest range in days that is shown in each step: some 20 to 200 bars.
_LONGEST = ((Step.HOUR, 5), (Step.DAY, 150), (Step.WEEK, 1100), (Step.MONTH, 7300))


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts in bars. Bar i covers [edges[i], edges[i + 1]) in wall-clock time.

    `fine` says at which of the layer's finest bars each bar begins (bars + 1 numbers).
    """

    step: Step
    edges: NDArray[np.datetime64]
    counts: NDArray[np.int64]
    fine: NDArray[np.int64]
    unknown: int
    timezone: str

    def __len__(self) -> int:
        return len(self.counts)

    def span(self, first: int, last: int) -> tuple[np.datetime64, np.datetime64]:
        """The moments between which bars first … last - 1 lie; the end is not included."""
        return self.edges[first], self.edges[last]

    def moments_of(self, place: tuple[float, float]) -> tuple[np.datetime64, np.datetime64]:
        """The same for parts of bars."""
        us = np.interp(place, np.arange(len(self.edges)), self.edges.astype(np.int64))
        start, end = np.rint(us / 1e6).astype("datetime64[s]").astype("datetime64[us]")
        return start, end

    def fine_span(self, first: float, last: float) -> Span:
        """The finest bars within bars `first` to `last`, which may be parts of bars."""
        places = np.interp([first, last], np.arange(len(self.fine)), self.fine)
        first_fine, last_fine = np.rint(places).astype(int).tolist()
        return first_fine, last_fine

    def place_of(self, span: Span) -> tuple[float, float]:
        """Where a span of finest bars begins and ends, in bars."""
        places = np.interp(span, self.fine, np.arange(len(self.fine)))
        return float(places[0]), float(places[1])

    def summed(self, fine_counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts by finest bar as counts by bar."""
        running = np.concatenate([[0], np.cumsum(fine_counts)])
        return np.diff(running[self.fine])


def step_for(days: float, at_least: Step = Step.HOUR) -> Step:
    """The step that shows a range of days in a readable number of bars."""
    wanted = next((step for step, longest in _LONGEST if days <= longest), Step.YEAR)
    return max(wanted, at_least, key=COARSENESS.index)


def histogram(bars: TimeBars, at_least: Step = Step.HOUR) -> Histogram:
    """Put the finest bars of a layer together to bars that are read well."""
    range_days = float((bars.edges[-1] - bars.edges[0]) / np.timedelta64(1, "D"))
    finest = max(at_least, bars.unit, key=COARSENESS.index)
    step = step_for(range_days, finest)
    numbers = numbers_of(bars.edges[[0, -2]], step)
    edges = starts_of(np.arange(numbers[0], numbers[1] + 2), step)
    fine = np.clip(np.searchsorted(bars.edges, edges), 0, len(bars)).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(bars.counts)])
    return Histogram(step, edges, np.diff(running[fine]), fine, bars.unknown, bars.timezone)


def span_in_words(start: np.datetime64, end: np.datetime64, timezone: str) -> str:
    """The span with its last day named, and the zone in which the days are meant.

    `1 April 2018 to 7 April 2018 (UTC)`, and where it is of hours `1 April 2018, 01:00 to 05:00`.
    """
    begin, stop = _moment(start), _moment(end)
    midnight = datetime.min.time()
    last, until = stop.date(), f"{stop:%H:%M}"
    if stop.time() == midnight:
        last, until = last - timedelta(days=1), "24:00"
        if begin.time() == midnight:
            return f"{_days_in_words(begin.date(), last)} ({timezone})"
    day = "" if last == begin.date() else f"{day_in_words(last)}, "
    return f"{day_in_words(begin.date())}, {begin:%H:%M} to {day}{until} ({timezone})"


def days_in_words(start: np.datetime64, end: np.datetime64, timezone: str) -> str:
    """The days that a span lies in, first and last; the end is not included."""
    return span_in_words(start.astype("datetime64[D]"), _day_after(end), timezone)


def _day_after(end: np.datetime64) -> np.datetime64:
    """The midnight at which the day of the last moment before `end` ends."""
    last: np.datetime64 = (end - np.timedelta64(1, "us")).astype("datetime64[D]")
    return last + np.timedelta64(1, "D")


def finest_told(how: Showing) -> Step:
    """The shortest time that a reader is told of a layer: months where small counts are kept back.

    Two spans that differ by a day would else let one be worked out, and the day of the first row
    says more of one case than a map may.
    """
    return Step.MONTH if how is Showing.SUPPRESSED else Step.HOUR


def bars_in_words(
    bars: TimeBars, span: Span, at_least: Step = Step.HOUR, ends: Span | None = None
) -> str:
    """A span of finest bars; with no row before it or after it, it is said from or to the day.

    For whoever is told nothing shorter than `at_least` it is from or to the month (or so) then.
    `ends` is from the first up to behind the last bar that the reader knows of; None for all.
    """
    ends = (0, len(bars)) if ends is None else ends
    first, last = max(span[0], ends[0]), min(span[1], ends[1])
    if first >= last:
        return "none of the known times"
    step = max(at_least, Step.DAY, key=COARSENESS.index)
    start, end = bars.moments((first, last))
    if first == ends[0]:
        start = floored(start, step)
    if last == ends[1]:
        end = shifted(floored(end - np.timedelta64(1, "us"), step), step, 1)
    return span_in_words(start, end, bars.timezone)


def _days_in_words(first: date, last: date) -> str:
    if first == last:
        return day_in_words(first)
    return f"{day_in_words(first)} to {day_in_words(last)}"


def _moment(value: np.datetime64) -> datetime:
    moment: datetime = value.astype("datetime64[us]").item()
    return moment
