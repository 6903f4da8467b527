"""When the rows happened that the filter of a layer leaves: counted off the main thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gisapp.analysis.points.time_bars import TimeBars
from gisapp.layers.layer import Layer
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session
from gisapp.ui.table.conditions import Mask
from gisapp.ui.times.histogram import Histogram, histogram

#: So many rows are counted at once; more of them in the background.
_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What a filter leaves: its rows, counted by the bars of the layer and of its chart."""

    of: TimeBars
    mask: Mask
    rows: int
    bars: TimeBars
    chart: Histogram


class FilteredTimes:
    """Follows the filter of one layer; `changed` is called when the counts are others.

    A span of time changes nothing here, so that brushing costs nothing more than without a
    filter. While rows are counted, what was counted before stays.
    """

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session = session
        self._changed = changed
        self._look_up = LookUp(session)
        self._asked: tuple[TimeBars, Mask] | None = None
        self.left: Left | None = None

    @property
    def waiting(self) -> bool:
        """Whether rows are being counted whose counts are not here yet."""
        return self._asked is not None

    def left_of(
        self, layer: Layer, bars: TimeBars, whole: Histogram, seen: Mask | None = None
    ) -> Left | None:
        """What the filter leaves of a layer, None for all of it, or while that is not known.

        `whole` is the chart of all rows, and of those only that are `seen` are counted (None for
        all; it goes with `bars`). `changed` is called later where it is counted yet.
        """
        mask = self._session.filters.fields(layer.id)
        if mask is None or len(mask) != len(bars.number):
            self._look_up.drop()
            self._asked = self.left = None
            return None
        former = self.left
        if former is not None and former.of is not bars:
            former = self.left = None
        if former is not None and former.mask is mask:
            self._look_up.drop()
            self._asked = None
        elif not self._counting(bars, mask):
            self._count(layer, bars, mask, whole, seen)
        return self.left

    def _counting(self, bars: TimeBars, mask: Mask) -> bool:
        asked = self._asked
        return asked is not None and asked[0] is bars and asked[1] is mask

    def _count(
        self, layer: Layer, bars: TimeBars, mask: Mask, whole: Histogram, seen: Mask | None
    ) -> None:
        times = layer.column("time")
        assert times is not None

        def work(progress: Progress) -> Left:
            rows = mask if seen is None else mask & seen
            few = bars.limited(times, rows, progress)
            return Left(bars, mask, int(np.count_nonzero(rows)), few, histogram(few, whole.step))

        if len(mask) <= _AT_ONCE:
            self._look_up.drop()
            self._asked, self.left = None, work(Progress())
            return
        self._asked = bars, mask
        task = Task("Counting times", work, reads=frozenset({layer.id}))
        self._look_up.ask(task, self._take, lambda _: self._give_up())

    def _take(self, left: Left) -> None:
        self._asked, self.left = None, left
        self._changed()

    def _give_up(self) -> None:
        self._asked = None
