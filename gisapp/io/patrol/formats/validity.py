"""From which moment until which one a zone holds, for formats that know moments only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gisapp.io.patrol.zones import Outgoing


@dataclass(frozen=True, slots=True)
class Span:
    """Moments in UTC: a zone holds from `start` until before `end`; None where none is set."""

    start: datetime | None
    end: datetime | None


def span(zone: Outgoing) -> Span:
    """The time in which a zone holds: its days in its own time zone, or an event's moments.

    Its hours within these days are not in it.
    """
    value = zone.attributes
    zone_of = ZoneInfo(str(value["timezone"]))
    first, last = value["valid_from"], value["valid_to"]
    start = _midnight(first, zone_of) if isinstance(first, date) else None
    end = None
    if isinstance(last, date) and last < date.max:
        end = _midnight(last + timedelta(days=1), zone_of)
    begins, ends = (_moment(str(value[column] or "")) for column in ("starts_at", "ends_at"))
    starts = [at for at in (start, begins) if at is not None]
    stops = [at for at in (end, ends) if at is not None]
    return Span(max(starts, default=None), min(stops, default=None))


def utc(at: datetime) -> str:
    """A moment as XML and ISO 8601 write it: 2025-06-02T04:00:00Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:  # the first or last day that there is
        return datetime.combine(day, time(), UTC)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
