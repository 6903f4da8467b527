"""When the selected rows happened: counted by bar and by hour of the week, off the main thread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.analysis.points.time_bars import UNKNOWN, TimeBars
from gisapp.layers.clocks import local_times
from gisapp.layers.layer import Layer
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session

Counts = NDArray[np.int64]

#: So many rows are counted at once; more of them in the background.
_AT_ONCE = 20_000


def weekday_hours(times: pa.ChunkedArray, timezone: str) -> Counts:
    """Counts by weekday (Monday first) and hour of the day in a zone, shape (7, 24)."""
    local = local_times(times, timezone)
    hours = local[~np.isnat(local)].astype("datetime64[h]").astype(np.int64)
    return np.bincount((hours + 72) % 168, minlength=168).astype(np.int64).reshape(7, 24)


class SelectedTimes:
    """Follows the selection of one layer; `changed` is called when the counts are others."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session = session
        self._changed = changed
        self._look_up = LookUp(session)
        self.by_bar: Counts | None = None
        self.by_week: Counts | None = None

    def follow(self, layer: Layer | None, bars: TimeBars | None) -> None:
        """Count the rows that are selected of a layer; None counts nothing."""
        self._look_up.drop()
        selection = self._session.selection
        rows = selection.rows
        if layer is None or bars is None or selection.layer_id != layer.id or not len(rows):
            self._take((None, None))
            return
        chosen, named = layer, bars

        def work(progress: Progress) -> tuple[Counts | None, Counts | None]:
            by_bar = named.counts_of(rows)
            progress.check()
            times = chosen.column("time")
            assert times is not None
            # Rows that the audience may not know of are in no bar, nor in an hour.
            all_in_bars = int(by_bar.sum()) == len(rows)
            told = rows if all_in_bars else rows[named.number[rows] != UNKNOWN]
            return by_bar, weekday_hours(times.take(pa.array(told)), named.timezone)

        if len(rows) <= _AT_ONCE:
            self._take(work(Progress()))
        else:
            task = Task("Counting what is selected", work, reads=frozenset({layer.id}))
            self._look_up.ask(task, self._take, lambda _: None)

    def _take(self, counts: tuple[Counts | None, Counts | None]) -> None:
        self.by_bar, self.by_week = counts
        self._changed()
