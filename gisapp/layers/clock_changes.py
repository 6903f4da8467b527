"""Which of many wall-clock times lie in an hour that clocks skipped, or gave twice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.layers.clocks import local_times, moments_of

_DAY_US = 86_400_000_000
#: The midnights before and after a day that tell whether clocks change at it or next to it.
_AROUND = np.arange(-1, 3)


def skipped_and_twice(
    wall: NDArray[np.datetime64], timezone: str
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where clocks never show a time (datetime64[us], NaT allowed), and where twice.

    What is meant by such times says `clocks.moments_of`.
    """
    skipped, twice = np.zeros(len(wall), dtype=bool), np.zeros(len(wall), dtype=bool)
    # Clocks change on few days: times on all others, nearly all there are, need no closer look.
    near = np.flatnonzero(_near_a_change(wall, timezone))
    if len(near):
        times = pa.array(wall[near], pa.timestamp("us"))
        first, last = (_utc(moments_of(times, timezone, which)) for which in ("earliest", "latest"))
        shown = local_times(
            pa.chunked_array([pa.array(first, pa.timestamp("us", "UTC"))]), timezone
        )
        skipped[near] = shown != wall[near]
        twice[near] = (first != last) & ~skipped[near]
    return skipped, twice


def _near_a_change(wall: NDArray[np.datetime64], timezone: str) -> NDArray[np.bool_]:
    days = pa.array(wall.astype(np.int64) // _DAY_US, mask=np.isnat(wall))
    present = days.unique().drop_null().to_numpy()
    midnights = (
        (present[:, None] + _AROUND).ravel().astype("datetime64[D]").astype("datetime64[us]")
    )
    utc = _utc(moments_of(pa.array(midnights, pa.timestamp("us")), timezone, "earliest"))
    offsets = (midnights - utc).reshape(-1, len(_AROUND))
    changing = present[(offsets != offsets[:, :1]).any(axis=1)]
    return np.asarray(pc.is_in(days, value_set=pa.array(changing, pa.int64())), dtype=bool)


def _utc(moments: pa.Array) -> NDArray[np.datetime64]:
    values = moments.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    return np.asarray(values.to_numpy(zero_copy_only=False)).astype("datetime64[us]")
