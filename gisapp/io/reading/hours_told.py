"""Of two columns that say when something happened, the one that tells the hour as well.

Files often give a day (`stop_date`) beside the full moment (`time`, `stop_time`). Names alone put
the day first, and what happened at night would all lie at midnight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.io.reading import times
from gisapp.io.reading.column_words import words
from gisapp.io.reading.field_words import EVENT

Moments = NDArray[np.datetime64]

#: Words of a name that say of no other thing that it is the time of.
_PLAIN = frozenset(
    {"date", "time", "datetime", "timestamp", "stamp", "day", "at", "on", "of", "the", "when"}
)
#: The share of rows that two columns must agree in to be of the same events.
_AGREED = 0.95
#: A moment written in UTC may lie on the day before or after.
_NEAR = np.timedelta64(1, "D")


def with_hours(sample: pa.Table, day_column: str, others: Sequence[str]) -> str | None:
    """Another column that gives the hour of what a column gives the day of; None without one.

    Its name must be of the same event, not of a report or an end; it must be given where the day
    is, on that day or one beside it, and tell the hour of most rows.
    """
    days = times.wall_times(times.as_text(sample[day_column]))
    known = ~np.isnat(days)
    if not known.any() or _tells_hours(days[known]):
        return None
    for name in others:
        if not _is_same(name, day_column) or pa.types.is_nested(sample[name].type):
            continue
        moments = times.wall_times(times.as_text(sample[name]))[known]
        given = ~np.isnat(moments)
        if given.mean() < _AGREED or not _tells_hours(moments[given]):
            continue
        apart = np.abs(_days(moments[given]) - _days(days[known][given]))
        if (apart <= _NEAR).mean() >= _AGREED:
            return name
    return None


def _is_same(name: str, day_column: str) -> bool:
    said = set(words(name)) - _PLAIN
    return all(re.fullmatch(EVENT, word) or word in words(day_column) for word in said)


def _tells_hours(moments: Moments) -> bool:
    """Whether most of the moments are at another time of day than midnight."""
    return bool((moments != _days(moments)).mean() > 1 / 2)


def _days(moments: Moments) -> Moments:
    return moments.astype("datetime64[D]")
