"""What the clocks of a place show at many moments, and the moments meant by what they show.

Arrow knows when clocks change as far as the tables of a system list it, which is to 2037, and takes
every later summer for winter. Later moments are asked of zoneinfo, which goes on by the rule that
stands at the end of a table.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.layers.wall_clock import clock_time

_LISTED = np.datetime64("2037-01-01", "us")
#: Clocks change at whole quarters of an hour: what holds at the start of one holds in all of it.
_QUARTER_US = 900_000_000


def local_times(times: pa.ChunkedArray, timezone: str) -> NDArray[np.datetime64]:
    """Wall-clock times in a zone as datetime64[us], NaT where null."""
    moved = times.cast(pa.timestamp("us", tz=timezone))
    local = _plain(pc.local_timestamp(moved))
    latest = pc.max(times.cast(pa.timestamp("us", "UTC"))).cast(pa.timestamp("us")).as_py()
    if latest is not None and latest >= _LISTED.item():
        utc, local = _plain(moved), local.copy()
        far = np.flatnonzero(utc >= _LISTED)
        local[far] = _later(utc[far], ZoneInfo(timezone))
    return local


def _later(utc: NDArray[np.datetime64], zone: ZoneInfo) -> NDArray[np.datetime64]:
    quarters, which = np.unique(utc.astype(np.int64) // _QUARTER_US, return_inverse=True)
    starts = (quarters * _QUARTER_US).astype("datetime64[us]")
    shown = [at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for at in starts.tolist()]
    offsets: NDArray[np.timedelta64] = np.array(shown, dtype="datetime64[us]") - starts
    return utc + offsets[which]


def moments_of(
    local: pa.Array | pa.ChunkedArray, timezone: str, which: Literal["earliest", "latest"]
) -> pa.Array | pa.ChunkedArray:
    """Times without a zone (`timestamp[us]`) as moments in a zone.

    `which` of two moments is taken where clocks go back; where they go forward over a time it is
    the moment at which they do.
    """
    found = pc.assume_timezone(local, timezone, ambiguous=which, nonexistent="latest")
    far = pc.fill_null(pc.greater_equal(local, pa.scalar(_LISTED)), False)
    if not pc.any(far).as_py():
        return found
    zone = ZoneInfo(timezone)
    told = [clock_time(at, zone) for at in local.filter(far).to_pylist()]
    second = which == "latest"
    later = [_in_utc(one.again if second and one.again else one.at) for one in told]
    values = pa.array(later, pa.timestamp("us", "UTC")).cast(pa.timestamp("us", timezone))
    return pc.replace_with_mask(found, far, values)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _plain(times: pa.ChunkedArray) -> NDArray[np.datetime64]:
    # Arrow's own conversion keeps the moment and drops the zone, which the caller knows.
    values = times.cast(pa.timestamp(times.type.unit)).to_numpy()
    return np.asarray(values).astype("datetime64[us]")
