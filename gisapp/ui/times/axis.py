"""The times that stand under a chart: even, round steps of the calendar, as fine as there is room.

No Qt here. Each label stands where its time begins, on a bar or, for months under bars of weeks,
within one: as the steps are even, a gap between two labels never looks like bars left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.time_bars import COARSENESS, Step, numbers_of, starts_of
from gisapp.ui.times.histogram import Histogram
from gisapp.ui.times.walk import Moments

#: From the finest to the coarsest: so many hours, days, weeks, months or years.
_STEPS = (
    *((Step.HOUR, count) for count in (1, 2, 3, 6, 12)),
    *((Step.DAY, count) for count in (1, 2)),
    *((Step.WEEK, count) for count in (1, 2)),
    *((Step.MONTH, count) for count in (1, 3, 6)),
    *((Step.YEAR, count) for count in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
#: Between two labels, in pixels.
_APART = 12.0
#: No label is narrower.
_LEAST = 10.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label, and where it begins in bars."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The labels of a chart; `marks_bars` says that each of them stands at the edge of a bar."""

    ticks: tuple[Tick, ...]
    marks_bars: bool


def axis(chart: Histogram, bar_px: float, room: float, wide: Callable[[str], float]) -> Axis:
    """The labels under bars of `bar_px` pixels, with `room` from the first bar's left on.

    `wide` is the width of a text. The last label is left out where it does not fit whole.
    """
    for step, count in _steps_of(chart.step):
        places = _places(chart, step, count, bar_px)
        if places is None:
            continue
        ticks = tuple(_labelled(*places, step))
        ends = [tick.place * bar_px + wide(tick.text) for tick in ticks]
        starts = [tick.place * bar_px for tick in ticks]
        if all(start >= end + _APART for start, end in zip(starts[1:], ends, strict=False)):
            if ends[-1] > room and len(ticks) > 1:
                ticks, ends = ticks[:-1], ends[:-1]
            if ends[-1] <= room:
                return Axis(ticks, _are_bars(chart.step, step))
    start = tuple(_labelled(chart.edges[:1], np.zeros(1), chart.step))
    return Axis(start, True)


def _steps_of(finest: Step) -> Iterator[tuple[Step, int]]:
    for step, count in _STEPS:
        of_quarters = finest is Step.QUARTER and step is Step.MONTH and count > 1
        if of_quarters or COARSENESS.index(step) >= COARSENESS.index(finest):
            yield step, count


def _are_bars(bars: Step, step: Step) -> bool:
    """Whether each of these steps begins with a bar; months do not begin with weeks."""
    return bars is not Step.WEEK or step is Step.WEEK


def _places(
    chart: Histogram, step: Step, count: int, bar_px: float
) -> tuple[Moments, NDArray[np.float64]] | None:
    """The moments at which such steps begin, and where in bars; None where there are none.

    Nor where there are so many that not even the shortest labels would fit.
    """
    first, last = numbers_of(chart.edges[[0, -1]], step).tolist()
    if (last - first) / count > len(chart) * bar_px / (_LEAST + _APART) + 2:
        return None
    numbers = np.arange(first, last + 1)
    # Years are counted from 1970 on, which is none of ten.
    numbers = numbers[(numbers + (1970 if step is Step.YEAR else 0)) % count == 0]
    moments = starts_of(numbers, step)
    moments = moments[(moments >= chart.edges[0]) & (moments < chart.edges[-1])]
    if not len(moments):
        return None
    bars = np.arange(len(chart.edges))
    return moments, np.interp(moments.astype(np.int64), chart.edges.astype(np.int64), bars)


def _labelled(moments: Moments, places: NDArray[np.float64], step: Step) -> Iterator[Tick]:
    """The labels of steps: the first says the year, and each that is of another year."""
    known: datetime | None = None
    times: list[datetime] = [moment.item() for moment in moments.astype("datetime64[us]")]
    named = any(not time.hour for time in times)
    for time, place in zip(times, places.tolist(), strict=True):
        if step is Step.HOUR and time.hour:
            # Where no midnight says the day, the first hour does.
            text = f"{time:%H:%M}"
            yield Tick(place, text if named or known else f"{_day(time, known)}, {text}")
            known = known if named else time
            continue
        if step is Step.YEAR:
            text = f"{time.year}"
        elif step in (Step.MONTH, Step.QUARTER):
            text = f"{time:%b}" if known and known.year == time.year else f"{time:%b} {time.year}"
        else:
            text = _day(time, known)
        yield Tick(place, text)
        known = time


def _day(time: datetime, known: datetime | None) -> str:
    day = f"{time.day} {time:%b}"
    return day if known and known.year == time.year else f"{day} {time.year}"
