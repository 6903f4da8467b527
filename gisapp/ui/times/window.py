"""The window of time that a map is shown for, moved along the calendar step by step.

No Qt here. All moments are wall-clock times (datetime64[us]) in the layer's own zone: a day is a
day of the place, whether clocks are changed in it or not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisapp.analysis.points.time_bars import COARSENESS, Span, Step, TimeBars, numbers_of, starts_of

#: Steps of whole months; other steps are of whole hours.
_OF_MONTHS = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}
_OF_HOURS = {Step.HOUR: 1, Step.DAY: 24, Step.WEEK: 168}


def floored(moment: np.datetime64, step: Step) -> np.datetime64:
    """The beginning of the hour, day … that a moment lies in."""
    start: np.datetime64 = starts_of(numbers_of(np.array([moment]), step), step)[0]
    return start


def shifted(moment: np.datetime64, step: Step, by: int) -> np.datetime64:
    """A moment so many steps later; by months it keeps its day as far as the month has it."""
    if step in _OF_HOURS:
        return moment + np.timedelta64(_OF_HOURS[step] * by, "h")
    month = moment.astype("datetime64[M]")
    wanted = month + _OF_MONTHS[step] * by
    later: np.datetime64 = min(_us(wanted) + (moment - _us(month)), _us(wanted + 1))
    return later


def _us(moment: np.datetime64) -> np.datetime64:
    exact: np.datetime64 = moment.astype("datetime64[us]")
    return exact


def aligned(bars: TimeBars, span: Span, at_least: Step) -> Span:
    """The span widened to whole steps, so that it is never finer than an audience may see."""
    if COARSENESS.index(at_least) <= COARSENESS.index(bars.unit):
        return span
    start, end = bars.edges[span[0]], bars.edges[max(span[1] - 1, span[0])]
    return bars.span_of(floored(start, at_least), shifted(floored(end, at_least), at_least, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The windows that are shown one after the other, from the first time of a layer to its last.

    Each begins a `step` after the one before and is `window` long; where that is None, as long as
    the brushed span `base`. No edge is finer than `at_least`.
    """

    bars: TimeBars
    step: Step
    window: Step | None
    base: Span
    at_least: Step = Step.HOUR

    @classmethod
    def over(
        cls, bars: TimeBars, step: Step, window: Step | None, base: Span | None, at_least: Step
    ) -> Walk:
        """A walk with window and step made as coarse as the bars and the audience want them."""
        finest = max(at_least, bars.unit, key=COARSENESS.index)
        step = max(step, finest, key=COARSENESS.index)
        if base is None:
            window, base = window or step, (0, len(bars))
        if window is not None:
            window = max(window, finest, key=COARSENESS.index)
        return cls(bars, step, window, base, at_least)

    @property
    def last(self) -> int:
        """The position of the last window; the first is 0."""
        return self.position_of((len(self.bars) - 1, len(self.bars)))

    def position_of(self, span: Span) -> int:
        """The position of the window that begins in the same step as a span."""
        ends = numbers_of(self.bars.edges[[0, min(span[0], len(self.bars) - 1)]], self.step)
        return int(ends[1] - ends[0])

    def at(self, position: int) -> Span:
        """The window at a position; at least one bar."""
        start, end = self._moments(position)
        first, last = self.bars.span_of(start, end)
        first = min(first, len(self.bars) - 1)
        return aligned(self.bars, (first, max(last, first + 1)), self.at_least)

    def _moments(self, position: int) -> tuple[np.datetime64, np.datetime64]:
        if self.window is not None:
            first = numbers_of(self.bars.edges[:1], self.step)
            start = starts_of(first + position, self.step)[0]
            return start, shifted(start, self.window, 1)
        start, end = self.bars.moments(self.base)
        by = position - self.position_of(self.base)
        later = shifted(start, self.step, by)
        months = floored(start, Step.MONTH) == start and floored(end, Step.MONTH) == end
        if months and self.step in _OF_MONTHS:
            return later, shifted(end, self.step, by)
        return later, later + (end - start)
