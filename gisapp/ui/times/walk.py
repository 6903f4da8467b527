"""The windows of time that a map is shown for, moved along the calendar step by step.

No Qt here. All moments are wall-clock times (datetime64[us]) in the layer's own zone: a day is a
day of the place, whether clocks are changed in it or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.time_bars import COARSENESS, Span, Step, TimeBars, numbers_of, starts_of
from gisapp.layers.agreement import day_in_words

#: Steps of whole months; other steps are of whole hours.
_OF_MONTHS = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}
_OF_HOURS = {Step.HOUR: 1, Step.DAY: 24, Step.WEEK: 168}
#: So many silences within the times are no longer than what counts as one at their ends.
_USUAL = 0.95
_MICROSECOND = np.timedelta64(1, "us")

Moments = NDArray[np.datetime64]
Reach = tuple[np.datetime64, np.datetime64]

#: Between which moments the rows of each bars could be: asked again with each step of a brush.
_reaches: WeakKeyDictionary[TimeBars, Reach] = WeakKeyDictionary()


def floored(moment: np.datetime64, step: Step) -> np.datetime64:
    """The beginning of the hour, day … that a moment lies in."""
    start: np.datetime64 = starts_of(numbers_of(np.array([moment]), step), step)[0]
    return start


def shifted(moment: np.datetime64, step: Step, by: int) -> np.datetime64:
    """A moment so many steps later; by months it keeps its day as far as the month has it."""
    later: np.datetime64 = shifted_all(np.array([moment]), step, by)[0]
    return later


def shifted_all(moments: Moments, step: Step, by: int | NDArray[np.int64]) -> Moments:
    """The same for many moments, each by its own number of steps where there are as many."""
    if step in _OF_HOURS:
        moved: Moments = moments + _OF_HOURS[step] * by * np.timedelta64(1, "h")
        return moved
    month = moments.astype("datetime64[M]")
    wanted = month + _OF_MONTHS[step] * by * np.timedelta64(1, "M")
    later = wanted.astype("datetime64[us]") + (moments - month.astype("datetime64[us]"))
    capped: Moments = np.minimum(later, (wanted + np.timedelta64(1, "M")).astype("datetime64[us]"))
    return capped


def aligned(bars: TimeBars, span: Span, at_least: Step) -> Span:
    """The span widened to whole steps, so that it is never finer than an audience may see."""
    if COARSENESS.index(at_least) <= COARSENESS.index(bars.unit):
        return span
    start, end = bars.edges[span[0]], bars.edges[max(span[1] - 1, span[0])]
    return bars.span_of(floored(start, at_least), shifted(floored(end, at_least), at_least, 1))


def reach(bars: TimeBars) -> Reach:
    """Between which moments rows could be: from the first row's day to the end of the last's.

    Beyond them lies at each side as much silence as is usual within (in 19 of 20 cases): a week
    with nothing after the last row says nothing where weeks with nothing are common, and that
    the rows end there where each day has some. Bars longer than days tell of no days, and bars
    of no row of nothing but their edges.
    """
    known = _reaches.get(bars)
    if known is None:
        known = _reaches[bars] = _found_reach(bars)
    return known


def _found_reach(bars: TimeBars) -> Reach:
    if bars.unit not in (Step.HOUR, Step.DAY) or not bars.counts.any():
        return bars.edges[0], bars.edges[-1]
    days = np.unique(bars.edges[:-1][bars.counts > 0].astype("datetime64[D]"))
    silent = np.diff(days).astype(np.int64) - 1
    usual = int(np.quantile(silent, _USUAL, method="higher")) if len(silent) else 0
    first, last = days[0] - usual, days[-1] + 1 + usual
    return first.astype("datetime64[us]"), last.astype("datetime64[us]")


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The windows that are shown one after the other, from the first time of a layer to its last.

    Each begins a `step` after the one before and is `window` long; where that is None, as long as
    the brushed span `base`. All of them are whole (see `reach`), but for a brushed span itself;
    where not one is, there is one window, and `whole` is false. Steps begin with the calendar's
    (weeks on Mondays), but for weeks under longer windows: these are counted from the first whole
    window, and after the last one the last whole window ends the walk. `starts` and `ends` are
    the windows' moments. No edge is finer than `at_least`.
    """

    bars: TimeBars
    step: Step
    window: Step | None
    starts: Moments
    ends: Moments
    whole: bool
    at_least: Step = Step.HOUR

    @classmethod
    def over(
        cls, bars: TimeBars, step: Step, window: Step | None, base: Span | None, at_least: Step
    ) -> Walk:
        """A walk with window and step made as coarse as the bars and the audience want them."""
        finest = max(at_least, bars.unit, key=COARSENESS.index)
        step = max(step, finest, key=COARSENESS.index)
        if window is None and base is not None:
            starts, ends = _like(bars, reach(bars), step, base, at_least)
            return cls(bars, step, None, starts, ends, True, at_least)
        window = max(window or step, finest, key=COARSENESS.index)
        starts = _starts(bars, step, window)
        whole = bool(len(starts))
        if not whole:
            starts = np.array([floored(bars.edges[0], window)])
        return cls(bars, step, window, starts, shifted_all(starts, window, 1), whole, at_least)

    @property
    def last(self) -> int:
        """The position of the last window; the first is 0."""
        return len(self.starts) - 1

    def position_of(self, span: Span) -> int:
        """The position of the window that a span begins with, or the one before it."""
        start = self.bars.edges[min(span[0], len(self.bars) - 1)]
        after = int(np.searchsorted(self.starts, start, side="right"))
        return min(max(after - 1, 0), self.last)

    def at(self, position: int) -> Span:
        """The window at a position; at least one bar."""
        first, last = self.bars.span_of(*self.moments(position))
        first = min(first, len(self.bars) - 1)
        return aligned(self.bars, (first, max(last, first + 1)), self.at_least)

    def moments(self, position: int) -> tuple[np.datetime64, np.datetime64]:
        """Where the window at a position begins and ends; the end is not included."""
        position = min(max(position, 0), self.last)
        return self.starts[position], self.ends[position]

    def note(self) -> str:
        """What the windows leave out, or that the times fill none; else empty."""
        if self.window is None:
            return ""
        if not self.whole:
            return f"The times fill no whole {self.window}: what is played is a part of one."
        if COARSENESS.index(self.step) > COARSENESS.index(self.window):
            return f"What is played is the first {self.window} of each {self.step}."
        outside = []
        if self.bars.edges[0] < self.starts[0]:
            outside.append(f"before {_day(self.starts[0])}")
        if self.ends[-1] < self.bars.edges[-1]:
            outside.append(f"after {_day(self.ends[-1] - _MICROSECOND)}")
        if not outside:
            return ""
        return f"Only whole {self.window}s are played: times {' and '.join(outside)} are in none."


def _day(moment: np.datetime64) -> str:
    return day_in_words(moment.astype("datetime64[D]").item())


def _starts(bars: TimeBars, step: Step, window: Step) -> Moments:
    """Where the whole windows begin; none where the times fill none."""
    weeks_in_longer = step is Step.WEEK and window in _OF_MONTHS
    within = reach(bars)
    unit = window if weeks_in_longer else step
    numbers = numbers_of(np.array(within), unit)
    starts = starts_of(np.arange(numbers[0], numbers[1] + 1), unit)
    starts = _filled(bars, within, starts, shifted_all(starts, window, 1))
    if not weeks_in_longer or not len(starts):
        return starts
    weeks = np.arange(starts[0], starts[-1], np.timedelta64(7, "D"))
    return np.append(weeks, starts[-1:])


def _filled(bars: TimeBars, within: Reach, starts: Moments, ends: Moments) -> Moments:
    """The starts of windows that lie within reach and hold bars, none of them the same bars."""
    first, last = within
    there = (starts >= first) & (ends <= last) & (ends > bars.edges[0]) & (starts < bars.edges[-1])
    starts, ends = starts[there], ends[there]
    if len(starts):
        # Of several that begin before the first bar only the last differs from the next ones.
        early = int(np.count_nonzero(starts <= bars.edges[0]))
        starts, ends = starts[max(early - 1, 0) :], ends[max(early - 1, 0) :]
        late = int(np.count_nonzero(ends >= bars.edges[-1]))
        starts = starts[: len(starts) - max(late - 1, 0)]
    return starts


def _like(
    bars: TimeBars, within: Reach, step: Step, base: Span, at_least: Step
) -> tuple[Moments, Moments]:
    """Where windows like a brushed span begin and end, it among them."""
    start, end = bars.moments(base)
    if COARSENESS.index(at_least) > COARSENESS.index(bars.unit):
        start = floored(start, at_least)
        end = shifted(floored(end - _MICROSECOND, at_least), at_least, 1)
    numbers = numbers_of(np.array([*within, start]), step)
    by = np.arange(numbers[0] - 1, numbers[1] + 2) - numbers[2]
    starts = shifted_all(np.full(len(by), start), step, by)
    months = floored(start, Step.MONTH) == start and floored(end, Step.MONTH) == end
    if months and step in _OF_MONTHS:
        stops = shifted_all(np.full(len(by), end), step, by)
    else:
        stops = starts + (end - start)
    kept = np.isin(starts, _filled(bars, within, starts, stops)) | (by == 0)
    return starts[kept], stops[kept]
