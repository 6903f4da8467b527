"""Hours against a slow oracle that reads a calendar as a person does, minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as holiday_calendars
import numpy as np
import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gisapp.layers.agreement import Agreement, Party, Status, StatusChange
from gisapp.layers.moments import Moments
from gisapp.layers.schedule import (
    Calendar,
    Hours,
    OnHolidays,
    SpecialDay,
    public_holidays,
    region_problem,
    rule_problem,
)
from gisapp.layers.vocabulary import PartyRole

SIGNED = (Party("Police", PartyRole.POLICE, "Chief", date(2000, 1, 1)),)


# The oracle: no arrays, no minutes of the week, nothing shared with the program but its values


@lru_cache(maxsize=512)
def rule_days(rule: str, first: date) -> frozenset[date]:
    start = datetime.combine(first, time(0))
    found = rrulestr(rule, dtstart=start)
    return frozenset(at.date() for at in found.between(start, start + timedelta(3000), inc=True))


@lru_cache(maxsize=512)
def is_holiday(region: str, day: date) -> bool:
    country, _, part = region.partition("-")
    return day in holiday_calendars.country_holidays(country, subdiv=part or None, years=day.year)


def starts_on(agreement: Agreement, day: date) -> list[tuple[time, time]]:
    """The hours that begin on a day, as a person reads them off."""
    calendar = agreement.calendar
    special = [one for one in calendar.special if one.day == day]
    if special:
        return [(one.start, one.end) for one in special if one.start and one.end]
    weekday = day.weekday()
    if calendar.holidays and is_holiday(calendar.holidays, day):
        if calendar.on_holidays is OnHolidays.NOT:
            return []
        if calendar.on_holidays is OnHolidays.ALL_DAY:
            return [(time(0), time(0))]
        if calendar.on_holidays is OnHolidays.AS_SUNDAY:
            return weekly_on(agreement, 6)
    first = agreement.first_day
    if calendar.rule and (first is None or day not in rule_days(calendar.rule, first)):
        return []
    return weekly_on(agreement, weekday)


def weekly_on(agreement: Agreement, weekday: int) -> list[tuple[time, time]]:
    if agreement.hours:
        return [(one.start, one.end) for one in agreement.hours if weekday in one.days]
    return [] if agreement.calendar.service_hours else [(time(0), time(0))]


def holds(agreement: Agreement, at: datetime) -> bool:
    """Whether an agreement holds at a moment, by looking at the clock on the wall."""
    wall = at.astimezone(ZoneInfo(agreement.timezone)).replace(tzinfo=None)
    day = wall.date()
    first = agreement.first_day
    if first is None or day < first or (agreement.expires and day > agreement.expires):
        return False
    status = agreement.status
    for change in reversed(agreement.history):
        if day < change.on:
            status = change.was
    if agreement.superseded_on is not None:
        if day >= agreement.superseded_on:
            return False
        if status is Status.SUPERSEDED:
            status = Status.IN_FORCE
    if status not in (Status.AGREED, Status.IN_FORCE):
        return False
    for back in (0, 1):
        began = day - timedelta(days=back)
        for start, end in starts_on(agreement, began):
            begin = datetime.combine(began, start)
            stop = datetime.combine(began, end)
            if stop <= begin:
                stop += timedelta(days=1)
            if begin <= wall < stop:
                return True
    return False


# Any agreement, round the odd hours of the world

#: A time zone and a moment in UTC at which its clocks change.
CHANGES = [
    ("Europe/London", "2025-03-30T01:00"),
    ("Europe/London", "2025-10-26T01:00"),
    ("America/New_York", "2025-11-02T06:00"),
    ("Australia/Lord_Howe", "2025-04-05T15:00"),  # back by half an hour
    ("Australia/Lord_Howe", "2025-10-04T15:30"),
    ("Pacific/Apia", "2011-12-30T10:00"),  # a Friday that never was
    ("Africa/Cairo", "2024-04-25T22:00"),  # midnight is left out
    ("Africa/Cairo", "2024-10-31T21:00"),  # midnight comes twice
    ("Asia/Gaza", "2023-04-29T00:00"),
    ("Asia/Gaza", "2023-10-27T23:00"),
    ("America/Sao_Paulo", "2018-11-04T03:00"),
    ("Asia/Kathmandu", "2025-01-01T00:00"),
]
_CLOCK = st.times().map(lambda at: at.replace(second=0, microsecond=0))
_ODD = st.sampled_from([time(0), time(0, 30), time(1), time(1, 30), time(2), time(3), time(23, 30)])
HOURS = st.builds(
    Hours,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    _CLOCK | _ODD,
    _CLOCK | _ODD,
)
RULES = [
    "",
    "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;COUNT=4",
    "FREQ=MONTHLY;BYMONTHDAY=30,31",
]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Agreement, list[datetime]]:
    """An agreement whose boundaries lie about a change of clocks, and moments round it."""
    zone, text = draw(st.sampled_from(CHANGES))
    change = datetime.fromisoformat(text).replace(tzinfo=UTC)
    middle = change.astimezone(ZoneInfo(zone)).date()
    near = st.integers(-3, 3).map(lambda days: middle + timedelta(days=days))
    clocks = st.tuples(_CLOCK | _ODD, _CLOCK | _ODD) | st.just((None, None))
    special = st.builds(lambda day, clock: SpecialDay(day, *clock), near, clocks)
    calendar = st.builds(
        Calendar,
        rule=st.sampled_from(RULES),
        special=st.lists(special, max_size=3).map(tuple),
        holidays=st.sampled_from(["", "GB-ENG", "US-OH", "EG", "WS"]),
        on_holidays=st.sampled_from(OnHolidays),
        service_hours=st.booleans(),
    )
    agreement = Agreement(
        "Any",
        status=draw(st.sampled_from(Status)),
        parties=SIGNED,
        effective=draw(st.sampled_from([middle - timedelta(days=400), middle, middle])),
        expires=draw(st.none() | near),
        hours=draw(st.lists(HOURS, max_size=3).map(tuple)),
        calendar=draw(st.just(Calendar()) | calendar),
        timezone=zone,
        superseded_on=draw(st.none() | near),
        history=draw(histories(near)),
    )
    offsets = draw(st.lists(st.integers(-3600, 3600), min_size=1, max_size=40))
    moments = [change + timedelta(minutes=minutes) for minutes in (*offsets, -1, 0, 29, 30, 60)]
    return agreement, moments


def histories(near: st.SearchStrategy[date]) -> st.SearchStrategy[tuple[StatusChange, ...]]:
    status = st.sampled_from(Status)
    step = st.builds(StatusChange, near, status, status, st.just("Chief"))
    return st.lists(step, max_size=3).map(lambda s: tuple(sorted(s, key=lambda one: one.on)))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_moment_is_judged_as_a_person_would(
    case: tuple[Agreement, list[datetime]],
) -> None:
    agreement, moments = case
    expected = [holds(agreement, at) for at in moments]
    assert [agreement.in_force(at) for at in moments[:5]] == expected[:5]
    utc = np.array([at.replace(tzinfo=None) for at in moments], dtype="datetime64[us]")
    walls = Moments.of(utc).local(agreement.timezone)
    assert agreement.in_force_local(walls).tolist() == expected


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_minute_by_minute_round_each_change_of_clocks(zone: str, change: str) -> None:
    middle = datetime.fromisoformat(change).replace(tzinfo=UTC)
    agreement = Agreement(
        "Nights",
        status=Status.AGREED,
        parties=SIGNED,
        effective=date(2010, 1, 1),
        hours=(Hours((3, 4, 5, 6), time(22), time(1, 30)), Hours((6, 0), time(0, 15), time(2, 45))),
        timezone=zone,
    )
    moments = [middle + timedelta(minutes=minutes) for minutes in range(-1000, 1000)]
    utc = np.array([at.replace(tzinfo=None) for at in moments], dtype="datetime64[us]")
    found = agreement.in_force_local(Moments.of(utc).local(zone))
    assert found.tolist() == [holds(agreement, at) for at in moments]


# Boundaries told one by one


def london(*clock: int, fold: int = 0) -> datetime:
    return datetime(*clock, tzinfo=ZoneInfo("Europe/London"), fold=fold)


def nights(**more: object) -> Agreement:
    terms: dict[str, object] = {
        "status": Status.IN_FORCE,
        "parties": SIGNED,
        "effective": date(2025, 1, 1),
        "timezone": "Europe/London",
    }
    return Agreement("Nights", **{**terms, **more})


def test_an_hour_that_the_clock_shows_twice_counts_both_times() -> None:
    one = nights(hours=(Hours((6,), time(1), time(2)),))
    assert one.in_force(london(2025, 10, 26, 1, 30, fold=0))
    assert one.in_force(london(2025, 10, 26, 1, 30, fold=1))
    assert not one.in_force(london(2025, 10, 26, 2))


def test_an_hour_that_the_clock_leaves_out_never_comes() -> None:
    one = nights(hours=(Hours((6,), time(1), time(2)),))
    # 01:00 is 02:00 on 30 March 2025.
    round_it = [datetime(2025, 3, 30, 0, 0, tzinfo=UTC) + timedelta(minutes=m) for m in range(180)]
    assert not any(one.in_force(at) for at in round_it)
    reaching_in = nights(hours=(Hours((6,), time(0, 30), time(1, 30)),))
    assert sum(reaching_in.in_force(at) for at in round_it) == 30


def test_a_first_monday_counts_from_the_first_day() -> None:
    one = nights(calendar=Calendar("FREQ=MONTHLY;BYDAY=1MO"), hours=())
    assert one.in_force(london(2025, 3, 3, 12))
    assert not one.in_force(london(2025, 3, 10, 12))
    every_other = nights(calendar=Calendar("FREQ=DAILY;INTERVAL=2"))
    assert [every_other.in_force(london(2025, 1, day, 0)) for day in (1, 2, 3)] == [
        True,
        False,
        True,
    ]


def test_hours_after_midnight_follow_the_rules_of_the_evening_before() -> None:
    one = nights(
        hours=(Hours(tuple(range(7)), time(22), time(4)),),
        calendar=Calendar(special=(SpecialDay(date(2025, 5, 9)),)),
    )
    assert one.in_force(london(2025, 5, 9, 3))  # the night of the 8th
    assert not one.in_force(london(2025, 5, 9, 23))
    assert not one.in_force(london(2025, 5, 10, 3))
    assert one.in_force(london(2025, 5, 10, 22))


def test_a_special_day_goes_before_a_holiday_and_a_holiday_before_a_rule() -> None:
    christmas, boxing = date(2025, 12, 25), date(2025, 12, 26)
    calendar = Calendar(
        "FREQ=WEEKLY;BYDAY=MO",
        (SpecialDay(christmas, time(10), time(12)),),
        "GB-ENG",
        OnHolidays.ALL_DAY,
    )
    one = nights(hours=(Hours((0,), time(8), time(9)),), calendar=calendar)
    assert one.in_force(london(2025, 12, 25, 11))
    assert not one.in_force(london(2025, 12, 25, 13))
    assert one.in_force(london(boxing.year, boxing.month, boxing.day, 20))
    assert not one.in_force(london(2025, 12, 27, 8, 30))


def test_hours_on_holidays_of_a_country_and_of_a_part_of_it() -> None:
    assert date(2025, 7, 4) in public_holidays("US", 2025, 2025)
    assert date(2025, 8, 4) in public_holidays("GB-SCT", 2025, 2025)
    assert date(2025, 8, 4) not in public_holidays("GB-ENG", 2025, 2025)
    assert "no public holidays" in region_problem("Atlantis")
    assert region_problem("") == region_problem("US-OH") == ""


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("", ""),
        ("FREQ=MONTHLY;BYDAY=1MO", ""),
        ("every Monday", "no recurrence"),
        ("FREQ=HOURLY", "more than once a day"),
        ("DTSTART:20250101T000000\nRRULE:FREQ=DAILY", "a start of its own"),
    ],
)
def test_what_is_wrong_with_a_rule(rule: str, problem: str) -> None:
    assert (problem in rule_problem(rule)) if problem else rule_problem(rule) == ""


def test_following_a_service_whose_hours_nobody_knows_it_never_holds() -> None:
    noon = london(2025, 5, 9, 12)
    assert not nights(calendar=Calendar(service_hours=True)).in_force(noon)
    own = (Hours((4,), time(8), time(20)),)
    assert nights(hours=own, calendar=Calendar(service_hours=True)).in_force(noon)


FAR = st.datetimes(datetime(1, 1, 3))  # noqa: DTZ001


@given(st.lists(FAR, min_size=1, max_size=9), st.sampled_from(RULES[:4]))
@example([datetime(9999, 12, 31, 23, 59), datetime(2025, 5, 9)], RULES[1])  # noqa: DTZ001
def test_no_moment_is_too_far_away(walls: list[datetime], rule: str) -> None:
    one = nights(calendar=Calendar(rule, (SpecialDay(date(2025, 5, 9)),)), expires=date(2060, 1, 1))
    found = one.in_force_local(np.array(walls, dtype="datetime64[us]"))
    beyond = np.array([wall.year < 2025 or wall.year > 2060 for wall in walls])
    assert not found[beyond].any()
