"""A moment told on the command line: a time on the clocks of a zone, or one with its offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gisapp.errors import DataError
from gisapp.layers.wall_clock import clock_time

#: From UTC, as in files.
_FARTHEST = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class Told:
    """A moment with its zone, and what to say of how it was read; empty where that is plain."""

    at: datetime
    note: str = ""


def told_moment(text: str, zone: ZoneInfo) -> Told:
    """The moment that a text means; one without an offset is on the clocks of `zone`.

    As in a file of times: where clocks go back an hour comes twice, and the first of the two is
    taken; one that they leave out going forward means the moment at which they do. The note says
    so. DataError for what is no time, or lies too far from today.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DataError(f"“{text}” is not a time.", "Write it 2026-03-31T22:00.") from None
    if not 1 < at.year < 9999:
        # A day more or less, in another time zone, would lie beyond what dates can say.
        raise DataError(f"“{text}” is too far from today.", "Write the year in full: 2026-03-31.")
    offset = at.utcoffset()
    if offset is not None:
        if abs(offset) > _FARTHEST:
            raise DataError(
                f"No clock is as far from UTC as “{text}” says.", "Write it 2026-03-31T22:00+01:00."
            )
        return Told(at)
    told = clock_time(at, zone)
    return Told(told.at, told.in_words())
