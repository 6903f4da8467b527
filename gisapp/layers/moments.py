"""Many moments, and what the clocks on the wall say at them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.layers.clocks import local_times


class Moments:
    """Moments in the order in which they were given; wall-clock times once for each time zone."""

    def __init__(self, times: pa.ChunkedArray) -> None:
        """`times` are timestamps with a time zone; nulls are moments that nobody knows."""
        self._times = times
        self._known: dict[str, NDArray[np.datetime64]] = {}

    @classmethod
    def of(cls, utc: NDArray[np.datetime64]) -> Moments:
        """From datetime64[us] in UTC, NaT where unknown."""
        values = pa.array(utc.astype("datetime64[us]")).cast(pa.timestamp("us", "UTC"))
        return cls(pa.chunked_array([values]))

    @classmethod
    def unknown(cls, count: int) -> Moments:
        return cls(pa.chunked_array([pa.nulls(count, pa.timestamp("us", "UTC"))]))

    def __len__(self) -> int:
        return len(self._times)

    def local(self, timezone: str) -> NDArray[np.datetime64]:
        """Wall-clock times in a zone as datetime64[us], NaT where unknown."""
        if timezone not in self._known:
            self._known[timezone] = local_times(self._times, timezone)
        return self._known[timezone]

    def take(self, rows: NDArray[np.int64]) -> Moments:
        """Some of them; of these alone where they are few, else worked out for all and kept."""
        return _Some(self, rows)

    def within(self, start: datetime | None, end: datetime | None) -> NDArray[np.bool_]:
        """Which lie from one moment, included, to before another; both carry a time zone.

        Moments are compared as such: an hour that clocks show twice is two hours.
        """
        inside = np.ones(len(self), dtype=bool)
        if start is not None:
            inside &= self.local("UTC") >= _in_utc(start)
        if end is not None:
            inside &= self.local("UTC") < _in_utc(end)
        return inside


class _Some(Moments):
    """Rows of other moments."""

    def __init__(self, whole: Moments, rows: NDArray[np.int64]) -> None:
        self._whole = whole
        self._rows = rows
        self._known = {}

    def __len__(self) -> int:
        return len(self._rows)

    def local(self, timezone: str) -> NDArray[np.datetime64]:
        if timezone not in self._known:
            many = len(self._rows) * 3 >= len(self._whole)
            if many or timezone in self._whole._known:
                self._known[timezone] = self._whole.local(timezone)[self._rows]
            else:
                some = self._whole._times.take(pa.array(self._rows))
                self._known[timezone] = local_times(some, timezone)
        return self._known[timezone]

    def take(self, rows: NDArray[np.int64]) -> Moments:
        return _Some(self._whole, self._rows[rows])


def _in_utc(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
