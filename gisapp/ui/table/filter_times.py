"""Days and times as conditions name them: where they begin, where they end, how they are written.

No Qt here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gisapp.analysis.classes.expression_times import doubt, doubtless, spelled
from gisapp.errors import DataError

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_HINT = "Write it such as 2025-03-01 or 2025-03-01 22:00."


@dataclass(frozen=True, slots=True)
class Moment:
    """A whole day or a minute: its beginning, and where it ends; None for the last one there is.

    Both are told by the clocks on the spot, and with their distance from UTC where these clocks
    show the time twice or never.
    """

    start: datetime
    end: datetime | None
    whole: bool


def moment_of(text: str, zone: ZoneInfo | None) -> Moment:
    """The day or minute that a text names, by the clocks of a zone.

    DataError where it is none, or a time of day that came twice or never and does not say which.
    """
    start, whole = parse_time(text)
    if start.tzinfo is not None and not _shown(start, zone):
        raise DataError(f"“{text.strip()}” names a zone; the column has its own.", _HINT)
    if not whole and zone is not None and start.tzinfo is None:
        found = doubt(start, zone)
        if found is not None:
            raise DataError(f"{found.reason}.", found.hint())
    try:
        end = _settled(start + (_DAY if whole else _MINUTE), zone)
    except OverflowError:  # nothing comes after the last day there is
        end = None
    return Moment(_settled(start, zone), end, whole)


def parse_time(text: str) -> tuple[datetime, bool]:
    """A wall-clock moment, or one with its distance from UTC; and whether a whole day is meant."""
    text = text.strip()
    try:
        return datetime.fromisoformat(text), len(text) <= len("2025-03-01")
    except ValueError:
        raise DataError(f"“{text}” is not a day or time.", _HINT) from None


def instant(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """A moment with its zone, to be compared; where there is none, as if it were UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone or UTC)


def moment_text(moment: datetime) -> str:
    """A moment as a query has it: a day alone for its midnight."""
    return spelled(moment).removesuffix(" 00:00")


def _shown(moment: datetime, zone: ZoneInfo | None) -> bool:
    """Whether the clocks of the zone show just this at that moment."""
    try:
        return zone is not None and moment.astimezone(zone).utcoffset() == moment.utcoffset()
    except OverflowError:
        return False


def _settled(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """The end of a minute or of a day, said so that it means one moment: of two the first."""
    if zone is None or moment.tzinfo is not None or doubtless(moment, zone):
        return moment
    return moment.replace(tzinfo=zone)
