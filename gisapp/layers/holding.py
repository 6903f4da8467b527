"""Which version of an agreement speaks for a zone on a day, and how the zone then stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gisapp.layers.agreement import Agreement, Standing
from gisapp.layers.calendar_days import day_after
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `from_day` to `to_day`, both included, on which a zone stands the same.

    None is before anybody's memory, or with no end known.
    """

    from_day: date | None
    to_day: date | None
    version: Agreement
    standing: Standing


def side_by_side(versions: Sequence[Agreement]) -> list[Agreement]:
    """Versions of one agreement, oldest first, each as it stands beside those after it.

    Each holds until the first day on which any later one takes over.
    """
    found = []
    for place, version in enumerate(versions):
        later = [one for one in versions[place + 1 :] if one.takes_over_on is not None]
        first = min(later, key=lambda one: one.takes_over_on or date.max, default=None)
        found.append(version if first is None else version.superseded_by(first))
    return found


def speaking_on(versions: Sequence[Agreement], day: date) -> Agreement | None:
    """The version that speaks for its zones on a day; None without versions.

    That in force; else the last that had begun by then, for what comes later says nothing of an
    earlier day. But once it has ended, a later one that all have signed speaks. Before any began
    it is the first to begin, and where none ever does the newest.
    """
    for version in reversed(versions):
        if version.standing_on(day) is Standing.IN_FORCE:
            return version
    known = [(one.takes_over_on, one) for one in versions]
    begun = [(on, one) for on, one in known if on is not None and on <= day]
    if begun:
        last = max(begun, key=lambda pair: pair[0])[1]
        waiting = [one for one in versions if one.standing_on(day) is Standing.AGREED]
        ended = last.standing_on(day) in (Standing.EXPIRED, Standing.SUPERSEDED)
        return waiting[-1] if ended and waiting else last
    to_come = [(on, one) for on, one in known if on is not None]
    if to_come:
        return min(to_come, key=lambda pair: pair[0])[1]
    return versions[-1] if versions else None


def standing_on(versions: Sequence[Agreement], zone: Zone | None, day: date) -> Standing:
    """How a zone, or an agreement alone, stands on a day; the scene of an event also by its end."""
    version = speaking_on(versions, day)
    if version is None:
        return Standing.PROPOSED
    standing = version.standing_on(day)
    if standing is not Standing.IN_FORCE:
        return standing
    first, last = scene_days(zone, version.timezone)
    if first is not None and day < first:
        return Standing.AGREED
    if last is not None and day > last:
        return Standing.EXPIRED
    return standing


def scene_days(zone: Zone | None, timezone: str) -> tuple[date | None, date | None]:
    """The first and the last day that a scene lasts on, in a time zone; None where unbounded."""
    last = None
    if zone is None:
        return None, None
    if zone.ends_at is not None:
        # It ends before this moment: at midnight its last day is the one before.
        last = _day_of(zone.ends_at - timedelta(microseconds=1), timezone)
    return (_day_of(zone.starts_at, timezone) if zone.starts_at else None), last


def days_round(version: Agreement, zone: Zone, day: date) -> tuple[date | None, date | None]:
    """The first and the last of the days in a row, with this one, on which a zone is in force.

    Both included, under this version; the last is None where no end is known. A suspension that
    is dated ahead ends them too. None twice where it is not in force on the day.
    """
    first, last = scene_days(zone, version.timezone)
    for start, end in version.days_in_force():
        if start <= day and (end is None or day <= end):
            ends = [one for one in (end, last) if one is not None]
            return max(start, first or start), min(ends, default=None)
    return None, None


def _day_of(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()


def spans_of(versions: Sequence[Agreement], zone: Zone | None = None) -> tuple[Span, ...]:
    """How a zone, or an agreement alone, stood and will stand; nothing without an agreement."""
    if not versions:
        return ()
    turns = {turn for version in versions for turn in version.turns()}
    first, last = scene_days(zone, versions[-1].timezone)
    turns |= {day for day in (first, day_after(last) if last else None) if day is not None}
    turns.discard(date.min)
    starts = [None, *sorted(turns)]
    found: list[Span] = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = following - timedelta(days=1) if following else None
        day = start or end or date.min
        version = speaking_on(versions, day)
        assert version is not None
        span = Span(start, end, version, standing_on(versions, zone, day))
        same = found and (found[-1].version, found[-1].standing) == (span.version, span.standing)
        found[-1:] = [replace(found[-1], to_day=end)] if same else [*found[-1:], span]
    return tuple(found)
