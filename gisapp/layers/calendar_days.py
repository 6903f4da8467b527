"""Which days a recurrence names, and which are public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

#: Recurrences go by days: finer ones would name every day, and take long to do so.
_TOO_FINE = ("HOURLY", "MINUTELY", "SECONDLY")


@lru_cache(maxsize=256)
def recurring(rule: str, first_day: date, low: date, high: date) -> frozenset[date]:
    """The days from `low` to `high`, both included, of a recurrence counted from its first day.

    ValueError where the rule cannot be read; `rule_problem` says why.
    """
    from dateutil.rrule import rrulestr

    problem = rule_problem(rule)
    if problem:
        raise ValueError(f"the rule “{rule}” {problem}")
    found = rrulestr(rule, dtstart=datetime.combine(first_day, time(0)))
    low_at = datetime.combine(low, time(0))
    high_at = datetime.combine(high, time(23, 59, 59))
    return frozenset(at.date() for at in found.between(low_at, high_at, inc=True))


@lru_cache(maxsize=256)
def rule_problem(rule: str) -> str:
    """What is wrong with a recurrence, in words; empty where it can be read."""
    if not rule:
        return ""
    from dateutil.rrule import rrulestr

    if any(f"FREQ={name}" in rule.upper().replace(" ", "") for name in _TOO_FINE):
        return "repeats more than once a day; hours are given beside it"
    if "DTSTART" in rule.upper():
        return "has a start of its own; it is counted from the first day of the agreement"
    try:
        rrulestr(rule, dtstart=datetime.combine(date(2000, 1, 1), time(0)))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        return f"is no recurrence such as FREQ=MONTHLY;BYDAY=1MO ({error})"
    return ""


def holidays_among(region: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a region in these years. ValueError where it is not known."""
    days: set[date] = set()
    for year in sorted(set(years)):
        days |= _holidays_of(region, year)
    return frozenset(days)


def public_holidays(region: str, first_year: int, last_year: int) -> frozenset[date]:
    """The public holidays of a country or a part of it (`US-OH`), both years included.

    ValueError where the region is not known.
    """
    return holidays_among(region, range(first_year, last_year + 1))


@lru_cache(maxsize=4096)
def _holidays_of(region: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = region.partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for “{region}”") from error
    # Some calendars list days of the year before or after along with those of a year.
    return frozenset(day for day in known if day.year == year)


def region_problem(region: str) -> str:
    """What is wrong with a region for holidays; empty where it is known."""
    if not region:
        return ""
    try:
        public_holidays(region, 2024, 2024)
    except ValueError as error:
        return str(error)
    return ""


def day_after(day: date) -> date | None:
    """The next day; None after the last that a calendar can name."""
    return None if day == date.max else day + timedelta(days=1)
