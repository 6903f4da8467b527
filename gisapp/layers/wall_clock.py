"""Times on the clocks of a place: those that never come, and those that come twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ClockTime:
    """The moment at which clocks show a time.

    `skipped` is true where they never do, going forward: `at` is then the moment at which they
    would have. `again` is the second moment where they show it twice, going back.
    """

    at: datetime
    skipped: bool = False
    again: datetime | None = None


def clock_time(local: datetime, zone: ZoneInfo) -> ClockTime:
    """The moment of a time without a zone on the clocks of one; the first where there are two."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return ClockTime(first)
    shown = first.astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None) != local.replace(fold=0):
        return ClockTime(shown, skipped=True)
    return ClockTime(first, again=second)
