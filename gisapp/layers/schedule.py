"""When an agreement holds within its dates: weekly hours, chosen days, exceptions, holidays.

Everything is wall-clock time on the spot. Hours belong to the day on which they start, so those
over midnight follow the rules of the evening before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Start and length in minutes from the midnight that a day begins with.
Span = tuple[int, int]
_WHOLE_DAY: Span = (0, 1440)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours in local time. An end at or before the start lies on the next day.

    `days` are 0 (Monday) to 6 (Sunday), the days on which the hours start. Start is included,
    end is not. Equal start and end mean the whole day round.
    """

    days: tuple[int, ...]
    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.days or any(not 0 <= day <= 6 for day in self.days):
            raise ValueError("hours need days from 0 (Monday) to 6 (Sunday)")

    @property
    def span(self) -> Span:
        return span_between(self.start, self.end)

    def _minutes(self) -> list[tuple[int, int]]:
        """Spans [from, to) in minutes of the week, cut where the week ends."""
        start, length = self.span
        week = 7 * 1440
        spans = []
        for day in self.days:
            begin = day * 1440 + start
            stop = begin + length
            spans.append((begin, min(stop, week)))
            if stop > week:
                spans.append((0, stop - week))
        return spans

    def hold(self, minute_of_week: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the minutes since Monday 00:00 lie in these hours."""
        inside = np.zeros(len(minute_of_week), dtype=bool)
        for begin, stop in self._minutes():
            inside |= (minute_of_week >= begin) & (minute_of_week < stop)
        return inside

    def in_words(self) -> str:
        """`Monday to Friday 08:00–20:00`."""
        clock = clock_in_words(self.start, self.end)
        days = sorted(set(self.days))
        if len(days) == 7:
            return f"Every day {clock}"
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return f"{DAYS[days[0]]} to {DAYS[days[-1]]} {clock}"
        return f"{', '.join(DAYS[day] for day in days)} {clock}"

    def in_code(self) -> str:
        """`Mo-Fr 08:00-20:00`, as OpenStreetMap's opening_hours writes it.

        An end at or before the start lies on the next day, as in `Fr-Sa 19:00-07:00`.
        """
        runs: list[list[int]] = []
        for day in sorted(set(self.days)):
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        names = [DAYS[day][:2] for day in range(7)]
        days = ",".join(
            names[run[0]] if len(run) == 1 else f"{names[run[0]]}-{names[run[-1]]}" for run in runs
        )
        end = "24:00" if self.end == time(0) else f"{self.end:%H:%M}"
        return f"{days} {self.start:%H:%M}-{end}"


def span_between(start: time, end: time) -> Span:
    """Start and length in minutes; an end at or before the start lies on the next day."""
    begin = start.hour * 60 + start.minute
    return begin, (end.hour * 60 + end.minute - begin) % 1440 or 1440


def clock_in_words(start: time, end: time) -> str:
    """`08:00–20:00`, `from 22:00 to midnight`, `all day`."""
    if start == end:
        return "all day" if start == time(0) else f"from {start:%H:%M} for 24 hours"
    if end == time(0):
        return f"from {start:%H:%M} to midnight"
    clock = f"{start:%H:%M}–{end:%H:%M}"
    return f"{clock} the next day" if end < start else clock


class OnHolidays(StrEnum):
    """What public holidays do to the hours."""

    AS_USUAL = "as_usual"
    NOT = "not"
    AS_SUNDAY = "as_sunday"
    ALL_DAY = "all_day"

    @property
    def label(self) -> str:
        return {
            OnHolidays.AS_USUAL: "as on other days",
            OnHolidays.NOT: "not on public holidays",
            OnHolidays.AS_SUNDAY: "on public holidays as on Sundays",
            OnHolidays.ALL_DAY: "all day on public holidays",
        }[self]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day with hours of its own, in place of the weekly ones; without them it does not hold."""

    day: date
    start: time | None = None
    end: time | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        if self.start is None or self.end is None:
            return ()
        return (span_between(self.start, self.end),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days weekly hours apply, and on which others do.

    `rule` is a recurrence of RFC 5545 (`FREQ=MONTHLY;BYDAY=1MO`), counted from the agreement's
    first day; empty for every day. `holidays` is a country, perhaps with a subdivision
    (`GB-ENG`, `US-OH`). With `service_hours` the hours are those at which the service is open.
    """

    rule: str = ""
    special: tuple[SpecialDay, ...] = ()
    holidays: str = ""
    on_holidays: OnHolidays = OnHolidays.AS_USUAL
    service_hours: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether weekly hours alone decide."""
        usual = not self.holidays or self.on_holidays is OnHolidays.AS_USUAL
        return not self.rule and not self.special and usual


def hours_hold(
    hours: tuple[Hours, ...],
    calendar: Calendar,
    first_day: date | None,
    local: NDArray[np.datetime64],
) -> NDArray[np.bool_]:
    """At which wall-clock times (datetime64[us], none NaT) the hours hold.

    Without hours every day holds all round. `first_day` is what a rule counts from.
    """
    if calendar.is_plain:
        if not hours:
            return np.ones(len(local), dtype=bool)
        minutes = minute_of_week(local)
        inside = np.zeros(len(local), dtype=bool)
        for one in hours:
            inside |= one.hold(minutes)
        return inside
    days = local.astype("datetime64[D]")
    minute = (local.astype("datetime64[m]") - days).astype(np.int64)
    known, which = np.unique(days, return_inverse=True)
    result = np.zeros(len(local), dtype=bool)
    # The hours of a day may reach into the next, and no farther.
    for back in (0, 1):
        starts: NDArray[np.datetime64] = known - np.timedelta64(back, "D")  # type: ignore[assignment]
        spans = _spans_of(hours, calendar, first_day, starts)
        for number in range(max(map(len, spans), default=0)):
            begin = np.array([day[number][0] if number < len(day) else 0 for day in spans])
            length = np.array([day[number][1] if number < len(day) else 0 for day in spans])
            since = minute + back * 1440 - begin[which]
            result |= (since >= 0) & (since < length[which])
    return result


def _spans_of(
    hours: tuple[Hours, ...],
    calendar: Calendar,
    first_day: date | None,
    days: NDArray[np.datetime64],
) -> list[tuple[Span, ...]]:
    """The spans that start on each day."""
    weekly: list[tuple[Span, ...]] = [
        tuple(one.span for one in hours if weekday in one.days) if hours else (_WHOLE_DAY,)
        for weekday in range(7)
    ]
    special: dict[date, tuple[Span, ...]] = {}
    for one in calendar.special:
        special[one.day] = (*special.get(one.day, ()), *one.spans)
    dates: list[date] = days.astype(object).tolist()
    by_rule = _rule_days(calendar.rule, first_day, dates)
    free = _holidays(calendar, dates)
    found = []
    for day in dates:
        if day in special:
            found.append(special[day])
        elif day in free and calendar.on_holidays is not OnHolidays.AS_USUAL:
            found.append(
                {OnHolidays.NOT: (), OnHolidays.ALL_DAY: (_WHOLE_DAY,)}.get(
                    calendar.on_holidays, weekly[6]
                )
            )
        elif by_rule is not None and day not in by_rule:
            found.append(())
        else:
            found.append(weekly[day.weekday()])
    return found


def _rule_days(rule: str, first_day: date | None, dates: list[date]) -> frozenset[date] | None:
    """The days of a recurrence among these; None where there is no rule."""
    if not rule:
        return None
    if first_day is None or not dates:
        return frozenset()
    return _recurring(rule, first_day, min(dates), max(dates))


@lru_cache(maxsize=256)
def _recurring(rule: str, first_day: date, low: date, high: date) -> frozenset[date]:
    from dateutil.rrule import rrulestr

    found = rrulestr(rule, dtstart=datetime.combine(first_day, time(0)))
    low_at = datetime.combine(low, time(0))
    high_at = datetime.combine(high, time(0)) + timedelta(days=1)
    return frozenset(at.date() for at in found.between(low_at, high_at, inc=True))


def rule_problem(rule: str) -> str:
    """What is wrong with a recurrence, in words; empty where it can be read."""
    if not rule:
        return ""
    from dateutil.rrule import rrulestr

    try:
        rrulestr(rule, dtstart=datetime.combine(date(2000, 1, 1), time(0)))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        return f"is no recurrence such as FREQ=MONTHLY;BYDAY=1MO ({error})"
    return ""


def _holidays(calendar: Calendar, dates: list[date]) -> frozenset[date]:
    if not calendar.holidays or calendar.on_holidays is OnHolidays.AS_USUAL or not dates:
        return frozenset()
    return public_holidays(calendar.holidays, min(dates).year, max(dates).year)


@lru_cache(maxsize=64)
def public_holidays(region: str, first_year: int, last_year: int) -> frozenset[date]:
    """The public holidays of a country or a part of it (`US-OH`).

    ValueError where the region is not known.
    """
    import holidays

    country, _, part = region.partition("-")
    try:
        known = holidays.country_holidays(
            country, subdiv=part or None, years=range(first_year, last_year + 1)
        )
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for “{region}”") from error
    return frozenset(known)


def region_problem(region: str) -> str:
    """What is wrong with a region for holidays; empty where it is known."""
    if not region:
        return ""
    try:
        public_holidays(region, 2024, 2024)
    except ValueError as error:
        return str(error)
    return ""


def minute_of_week(local: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Minutes since Monday 00:00 of the wall-clock times. 1970-01-01 was a Thursday."""
    minutes = local.astype("datetime64[m]").astype(np.int64)
    return (minutes + 3 * 1440) % (7 * 1440)
