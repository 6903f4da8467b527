"""When the events of a layer happened, counted in bars; and a span of time as rows and as words.

No Qt here. Times are wall-clock times (datetime64[us]) in the layer's own zone, as people of the
place would say them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.agreement import day_in_words
from gisapp.ui.row_filter import Mask


class Step(StrEnum):
    """The length of time a bar stands for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def each(self) -> str:
        return f"per {self.value}"


#: The longest range in days that is shown in each step: some 20 to 200 bars.
_LONGEST = ((Step.HOUR, 5), (Step.DAY, 150), (Step.WEEK, 1100), (Step.MONTH, 7300))
_COARSENESS = tuple(Step)


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts in bars. Bar i covers [edges[i], edges[i + 1]) in wall-clock time."""

    step: Step
    edges: NDArray[np.datetime64]
    counts: NDArray[np.int64]
    unknown: int
    timezone: str

    def __len__(self) -> int:
        return len(self.counts)

    def span(self, first: int, last: int) -> tuple[np.datetime64, np.datetime64]:
        """The moments between which bars first … last - 1 lie; the end is not included."""
        return self.edges[first], self.edges[last]


def step_for(days: float, at_least: Step = Step.HOUR) -> Step:
    """The step that shows a range of days in a readable number of bars."""
    wanted = next((step for step, longest in _LONGEST if days <= longest), Step.YEAR)
    return max(wanted, at_least, key=_COARSENESS.index)


def histogram(
    local: NDArray[np.datetime64], timezone: str, at_least: Step = Step.HOUR
) -> Histogram | None:
    """Count wall-clock times in bars; None when not one of them is known."""
    known = local[~np.isnat(local)]
    if not len(known):
        return None
    range_days = (known.max() - known.min()) / np.timedelta64(1, "D")
    step = step_for(float(range_days), at_least)
    numbers = _bar_numbers(known, step)
    first, last = int(numbers.min()), int(numbers.max())
    counts = np.bincount(numbers - first, minlength=last - first + 1)
    edges = _bar_starts(np.arange(first, last + 2), step)
    return Histogram(step, edges, counts.astype(np.int64), len(local) - len(known), timezone)


def _bar_numbers(times: NDArray[np.datetime64], step: Step) -> NDArray[np.int64]:
    """Which hour, day, week, month or year since 1970 each time falls in."""
    if step is Step.WEEK:
        # 1970-01-01 was a Thursday, and weeks start on Monday.
        return (times.astype("datetime64[D]").astype(np.int64) + 3) // 7
    unit = {Step.HOUR: "h", Step.DAY: "D", Step.MONTH: "M", Step.YEAR: "Y"}[step]
    return times.astype(f"datetime64[{unit}]").astype(np.int64)


def _bar_starts(numbers: NDArray[np.int64], step: Step) -> NDArray[np.datetime64]:
    if step is Step.WEEK:
        return (numbers * 7 - 3).astype("datetime64[D]").astype("datetime64[us]")
    unit = {Step.HOUR: "h", Step.DAY: "D", Step.MONTH: "M", Step.YEAR: "Y"}[step]
    return numbers.astype(f"datetime64[{unit}]").astype("datetime64[us]")


def rows_between(local: NDArray[np.datetime64], start: np.datetime64, end: np.datetime64) -> Mask:
    """Rows whose time lies in [start, end); unknown times never do."""
    return (local >= start) & (local < end)


def weekday_hours(local: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Counts by weekday (Monday first) and hour of the day, shape (7, 24)."""
    hours = local[~np.isnat(local)].astype("datetime64[h]").astype(np.int64)
    of_week = (hours + 3 * 24) % 168
    return np.bincount(of_week, minlength=168).astype(np.int64).reshape(7, 24)


def span_in_words(start: np.datetime64, end: np.datetime64, timezone: str) -> str:
    """The span with its last day named, and the zone in which the days are meant."""
    begin, stop = _moment(start), _moment(end)
    if begin.time() == stop.time() == datetime.min.time():
        last = stop.date() - timedelta(days=1)
        return f"{_days_in_words(begin.date(), last)} ({timezone})"
    return f"{begin:%Y-%m-%d %H:%M} to {stop:%Y-%m-%d %H:%M} ({timezone})"


def _days_in_words(first: date, last: date) -> str:
    if first == last:
        return day_in_words(first)
    return f"{day_in_words(first)} to {day_in_words(last)}"


def _moment(value: np.datetime64) -> datetime:
    moment: datetime = value.astype("datetime64[us]").item()
    return moment


def label_of(edge: np.datetime64, step: Step) -> str:
    """What stands under a bar: its hour, day, month or year."""
    moment = _moment(edge)
    if step is Step.HOUR:
        return f"{moment:%H:%M}" if moment.hour else f"{moment.day} {moment:%b}"
    if step in (Step.DAY, Step.WEEK):
        return f"{moment.day} {moment:%b}"
    if step is Step.MONTH:
        return f"{moment:%b %Y}"
    return f"{moment:%Y}"
