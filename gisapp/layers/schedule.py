"""When an agreement holds within its dates: weekly hours, chosen days, exceptions, holidays.

Everything is wall-clock time on the spot. Hours belong to the day on which they start, so those
over midnight follow the rules of the evening before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.calendar_days import holidays_among, recurring
from gisapp.layers.calendar_days import public_holidays as public_holidays
from gisapp.layers.calendar_days import region_problem as region_problem
from gisapp.layers.calendar_days import rule_problem as rule_problem

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Start and length in minutes from the midnight that a day begins with.
Span = tuple[int, int]
_WHOLE_DAY: Span = (0, 1440)

_WEEK = 7 * 1440
#: Minutes from a Monday to 1970-01-01, which was a Thursday.
_MONDAY = 3 * 1440
_EPOCH = date(1970, 1, 1).toordinal()
#: The last day that a calendar can name, counted from 1970.
_LAST_DAY = date.max.toordinal() - _EPOCH


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

    def spans_of_week(self) -> list[tuple[int, int]]:
        """Spans [from, to) in minutes of the week, cut where the week ends."""
        start, length = self.span
        spans = []
        for day in self.days:
            begin = day * 1440 + start
            stop = begin + length
            spans.append((begin, min(stop, _WEEK)))
            if stop > _WEEK:
                spans.append((0, stop - _WEEK))
        return spans

    def hold(self, minute_of_week: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the minutes since Monday 00:00 lie in these hours."""
        inside = np.zeros(len(minute_of_week), dtype=bool)
        for begin, stop in self.spans_of_week():
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
    (`GB-ENG`, `US-OH`). With `service_hours` the hours are those at which the zone's service is
    open; the agreement's own hours hold where those cannot be known (see `service_hours.py`).
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

    Without hours every day holds all round, but one linked to a service whose hours nobody knows
    never holds. `first_day` is what a rule counts from; with a rule and no first day nothing
    holds. No calendar reaches past the year 9999.
    """
    if not len(local) or (calendar.is_plain and not hours):
        return np.full(len(local), not calendar.service_hours)
    minutes = _minutes(local)
    if calendar.is_plain:
        week = np.zeros(_WEEK, dtype=bool)
        for one in hours:
            for begin, stop in one.spans_of_week():
                week[begin:stop] = True
        return week[(minutes + _MONDAY) % _WEEK]
    return _hold_by_day(_weekly(hours, calendar), calendar, first_day, minutes)


def _weekly(hours: tuple[Hours, ...], calendar: Calendar) -> list[tuple[Span, ...]]:
    """The spans that start on each day of the week, Monday first."""
    usual = () if calendar.service_hours else (_WHOLE_DAY,)
    return [
        tuple(one.span for one in hours if weekday in one.days) if hours else usual
        for weekday in range(7)
    ]


def _hold_by_day(
    weekly: list[tuple[Span, ...]],
    calendar: Calendar,
    first_day: date | None,
    minutes: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """The same for minutes since 1970 where days differ: each kind of day is worked out once."""
    day = minutes // 1440
    known = day <= _LAST_DAY
    low, high = int(day.min()), int(min(day.max(), _LAST_DAY))
    if low > high:
        return np.zeros(len(minutes), dtype=bool)
    day = np.minimum(day, high) - low
    present = np.zeros(high - low + 1, dtype=bool)
    present[day] = True
    # The hours of a day may reach into the next, and no farther: so the days before matter too.
    present = np.concatenate([present[:1], present])
    present[:-1] |= present[1:]
    days = np.flatnonzero(present) + low - 1
    kinds, patterns = _kinds_of_days(weekly, calendar, first_day, days)
    kind = np.zeros(len(present), dtype=np.int64)
    kind[present] = kinds
    today_and_before = kind[1:] * len(patterns) + kind[:-1]
    pairs, which = np.unique(today_and_before, return_inverse=True)
    tables = np.array([_over_two_days(pattern) for pattern in patterns])
    holds = tables[pairs // len(patterns), :1440] | tables[pairs % len(patterns), 1440:]
    at = which.astype(np.int64)[day] * 1440 + minutes % 1440
    return np.asarray(holds.ravel()[at] & known)


def _over_two_days(spans: tuple[Span, ...]) -> NDArray[np.bool_]:
    """Which of the minutes of a day and the next lie in spans that start on the first."""
    table = np.zeros(2 * 1440, dtype=bool)
    for begin, length in spans:
        table[begin : begin + length] = True
    return table


def _kinds_of_days(
    weekly: list[tuple[Span, ...]],
    calendar: Calendar,
    first_day: date | None,
    numbers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], list[tuple[Span, ...]]]:
    """For days (since 1970) the number of their kind, and the spans that start on each kind.

    What is said of one day goes before public holidays, and these before the rule.
    """
    patterns = [*weekly, (), (_WHOLE_DAY,)]
    never, whole = 7, 8
    kinds = (numbers + 3) % 7
    # One day more than a calendar can name at its end; it is asked for by nobody.
    days: list[date] = [date.fromordinal(n) for n in np.maximum(numbers + _EPOCH, 1).tolist()]
    if calendar.rule:
        by_rule = _rule_days(calendar.rule, first_day, days)
        kinds[[day not in by_rule for day in days]] = never
    if calendar.holidays and calendar.on_holidays is not OnHolidays.AS_USUAL:
        free = holidays_among(calendar.holidays, {day.year for day in days})
        kind = {OnHolidays.NOT: never, OnHolidays.ALL_DAY: whole}.get(calendar.on_holidays, 6)
        kinds[[day in free for day in days]] = kind
    special: dict[int, tuple[Span, ...]] = {}
    for one in calendar.special:
        number = one.day.toordinal() - _EPOCH
        special[number] = (*special.get(number, ()), *one.spans)
    for number, spans in special.items():
        kinds[numbers == number] = len(patterns)
        patterns.append(spans)
    return kinds, patterns


def _rule_days(rule: str, first_day: date | None, days: list[date]) -> frozenset[date]:
    if first_day is None:
        return frozenset()
    return recurring(rule, first_day, days[0], days[-1])


def _minutes(local: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Minutes since 1970 of wall-clock times."""
    micros = local.astype("datetime64[us]", copy=False).view(np.int64)
    return np.asarray(micros // 60_000_000, dtype=np.int64)


def minute_of_week(local: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Minutes since Monday 00:00 of the wall-clock times. 1970-01-01 was a Thursday."""
    return np.asarray((_minutes(local) + _MONDAY) % _WEEK, dtype=np.int64)
