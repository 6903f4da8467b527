"""When an agreement holds: at every boundary of days, hours, clocks and versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.agreement import (
    Agreement,
    Hours,
    Party,
    Standing,
    Status,
    day_in_words,
    minute_of_week,
)
from gisapp.layers.vocabulary import Activity, PartyRole

SIGNED = (Party("City Police", PartyRole.POLICE, "Chief", date(2024, 12, 1)),)
ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]


def terms(**more: object) -> Agreement:
    """In force from 1 March to 30 June 2025, in London, unless told otherwise."""
    given_terms: dict[str, object] = {
        "status": Status.IN_FORCE,
        "parties": SIGNED,
        "effective": date(2025, 3, 1),
        "expires": date(2025, 6, 30),
        "timezone": "Europe/London",
    }
    return Agreement("Quay Street", **{**given_terms, **more})


def london(*clock: int) -> datetime:
    return datetime(2025, *clock, tzinfo=ZoneInfo("Europe/London"))


# Days


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (london(2, 28, 23, 59, 59), False),
        (london(3, 1), True),
        (london(6, 30, 23, 59, 59), True),
        (london(7, 1), False),
        # The same moments told by clocks elsewhere.
        (datetime(2025, 6, 30, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2025, 6, 30, 23, 0, tzinfo=UTC), False),
        (datetime(2025, 2, 28, 19, 0, tzinfo=ZoneInfo("America/New_York")), True),
    ],
)
def test_the_first_and_the_last_day_are_local_and_included(at: datetime, holds: bool) -> None:
    assert terms().in_force(at) is holds


def test_without_a_last_day_it_does_not_end() -> None:
    assert terms(expires=None).in_force(datetime(2090, 1, 1, tzinfo=UTC))


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        terms().in_force(datetime(2025, 5, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.IN_FORCE),
        ({"status": Status.AGREED}, Standing.IN_FORCE),
        ({"status": Status.DRAFT}, Standing.DRAFT),
        ({"status": Status.SUSPENDED}, Standing.SUSPENDED),
        ({"status": Status.WITHDRAWN}, Standing.WITHDRAWN),
        ({"status": Status.EXPIRED}, Standing.EXPIRED),
        ({"status": Status.SUPERSEDED}, Standing.SUPERSEDED),
        ({"effective": None}, Standing.AGREED),
        ({"effective": date(2025, 5, 3)}, Standing.AGREED),
        ({"effective": date(2025, 5, 2)}, Standing.IN_FORCE),
        ({"expires": date(2025, 5, 2)}, Standing.IN_FORCE),
        ({"expires": date(2025, 5, 1)}, Standing.EXPIRED),
        ({"parties": ()}, Standing.UNSIGNED),
        ({"parties": (*SIGNED, Party("Clinic", PartyRole.SERVICE))}, Standing.UNSIGNED),
    ],
)
def test_standing_on_the_second_of_may(changes: dict[str, object], standing: Standing) -> None:
    agreement = terms(**changes)
    assert agreement.standing_on(date(2025, 5, 2)) is standing
    noon = datetime(2025, 5, 2, 12, tzinfo=UTC)
    assert agreement.in_force(noon) is (standing is Standing.IN_FORCE)


# Hours


def at_hours(hours: Hours, *clock: int) -> bool:
    return terms(hours=(hours,)).in_force(london(*clock))


def test_hours_include_their_start_and_not_their_end() -> None:
    hours = Hours((0,), time(8), time(20))  # Mondays; 5 May 2025 is one
    assert not at_hours(hours, 5, 5, 7, 59, 59)
    assert at_hours(hours, 5, 5, 8)
    assert at_hours(hours, 5, 5, 19, 59, 59)
    assert not at_hours(hours, 5, 5, 20)
    assert not at_hours(hours, 5, 6, 12)


def test_hours_over_midnight_belong_to_the_day_on_which_they_start() -> None:
    hours = Hours((4,), time(22), time(6))  # Friday nights; 9 May 2025 is a Friday
    assert not at_hours(hours, 5, 9, 3)
    assert at_hours(hours, 5, 9, 22)
    assert at_hours(hours, 5, 10, 5, 59)
    assert not at_hours(hours, 5, 10, 6)
    assert not at_hours(hours, 5, 10, 22)


def test_hours_over_midnight_on_sunday_run_into_monday() -> None:
    hours = Hours((6,), time(23), time(2))
    assert at_hours(hours, 5, 11, 23)
    assert at_hours(hours, 5, 12, 1, 59)
    assert not at_hours(hours, 5, 12, 2)


def test_equal_start_and_end_mean_the_whole_day_round() -> None:
    hours = Hours((4,), time(9), time(9))
    assert not at_hours(hours, 5, 9, 8, 59)
    assert at_hours(hours, 5, 9, 9)
    assert at_hours(hours, 5, 10, 8, 59)
    assert not at_hours(hours, 5, 10, 9)


def test_hours_follow_the_clock_when_it_changes() -> None:
    nights = terms(hours=(Hours(tuple(range(7)), time(22), time(6)),), expires=date(2025, 12, 31))
    # In London 01:00 to 02:00 happens twice on 26 October 2025 and not at all on 30 March.
    for moment in (
        datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    ):
        assert nights.in_force(moment)
    assert nights.in_force(datetime(2025, 3, 30, 4, 59, tzinfo=UTC))  # 05:59 summer time
    assert not nights.in_force(datetime(2025, 3, 30, 5, 0, tzinfo=UTC))
    assert nights.in_force(datetime(2025, 3, 29, 5, 59, tzinfo=UTC))  # 05:59 winter time
    assert nights.in_force(datetime(2025, 10, 26, 5, 59, tzinfo=UTC))
    assert not nights.in_force(datetime(2025, 10, 26, 6, 0, tzinfo=UTC))


def test_hours_need_days_of_the_week() -> None:
    for days in ((), (7,), (-1,)):
        with pytest.raises(ValueError, match="Monday"):
            Hours(days, time(8), time(9))


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Hours((0, 1, 2, 3, 4), time(8), time(20)), "Monday to Friday 08:00–20:00"),
        (Hours((5, 6), time(22), time(6)), "Saturday, Sunday 22:00–06:00 the next day"),
        (Hours((4,), time(20), time(0)), "Friday from 20:00 to midnight"),
        (Hours(tuple(range(7)), time(0), time(0)), "Every day all day"),
        (Hours((4,), time(9), time(9)), "Friday from 09:00 for 24 hours"),
        (Hours((0, 2, 4), time(8), time(9)), "Monday, Wednesday, Friday 08:00–09:00"),
    ],
)
def test_hours_in_words(hours: Hours, words: str) -> None:
    assert hours.in_words() == words


# Versions


def test_a_superseded_version_holds_until_the_day_of_the_next() -> None:
    later = terms(version=2, effective=date(2025, 5, 1))
    former = terms().superseded_by(later)
    assert former.status is Status.SUPERSEDED
    assert former.in_force(london(4, 30, 23, 59))
    assert not former.in_force(london(5, 1))
    assert later.in_force(london(5, 1))
    assert former.standing_on(date(2025, 4, 30)) is Standing.IN_FORCE
    assert former.standing_on(date(2025, 5, 1)) is Standing.SUPERSEDED


@pytest.mark.parametrize(
    "later",
    [
        terms(version=2, effective=None),
        terms(version=2, effective=date(2025, 5, 1), status=Status.DRAFT),
        terms(version=2, effective=date(2025, 5, 1), parties=()),
    ],
    ids=["no day yet", "draft", "unsigned"],
)
def test_a_version_holds_on_until_a_later_one_takes_over(later: Agreement) -> None:
    former = terms()
    assert former.superseded_by(later) is former


def test_it_holds_from_the_day_on_which_the_last_party_signs() -> None:
    late = Party("City health", PartyRole.HEALTH, "Director", date(2025, 4, 10))
    agreement = terms(effective=date(2025, 3, 1), parties=(*terms().parties, late))
    assert agreement.first_day == date(2025, 4, 10)
    assert agreement.standing_on(date(2025, 4, 9)) is Standing.UNSIGNED
    assert not agreement.in_force(london(4, 9, 23, 59))
    assert agreement.standing_on(date(2025, 4, 10)) is Standing.IN_FORCE
    assert agreement.in_force(london(4, 10))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUSPENDED, Status.WITHDRAWN])
def test_a_version_that_never_held_does_not_seem_to_have_held(status: Status) -> None:
    former = terms(status=status).superseded_by(terms(version=2, effective=date(2025, 5, 1)))
    assert former.status is status
    assert not former.in_force(london(4, 1))


# Any terms

_DAY = st.dates(date(2025, 1, 1), date(2025, 12, 31))
_CLOCK = st.times().map(lambda at: at.replace(second=0, microsecond=0))
HOURS = st.builds(
    Hours,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    _CLOCK,
    _CLOCK,
)
TERMS = st.builds(
    Agreement,
    title=st.just("Any"),
    status=st.sampled_from(Status),
    parties=st.sampled_from([SIGNED, SIGNED, SIGNED, (), (Party("P", PartyRole.POLICE),)]),
    effective=st.none() | _DAY,
    expires=st.none() | _DAY,
    hours=st.lists(HOURS, max_size=2).map(tuple),
    timezone=st.sampled_from(ZONES),
    superseded_on=st.none() | _DAY,
)
MOMENTS = st.datetimes(datetime(2024, 12, 30), datetime(2026, 1, 2)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)


def local(agreement: Agreement, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(agreement.timezone)).replace(tzinfo=None)


@given(TERMS, st.lists(MOMENTS, min_size=1, max_size=20))
def test_one_moment_and_many_agree(agreement: Agreement, moments: list[datetime]) -> None:
    walls = np.array([local(agreement, at) for at in moments], dtype="datetime64[us]")
    many = agreement.in_force_local(walls)
    assert many.tolist() == [agreement.in_force(at) for at in moments]


@given(TERMS, MOMENTS)
def test_it_holds_only_on_days_on_which_it_stands_in_force(
    agreement: Agreement, at: datetime
) -> None:
    wall = local(agreement, at)
    standing = agreement.standing_on(wall.date())
    if agreement.in_force(at):
        assert standing is Standing.IN_FORCE
    if standing is Standing.IN_FORCE:
        assert replace(agreement, hours=()).in_force(at)


@given(HOURS, st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31)))  # noqa: DTZ001
def test_hours_are_what_a_calendar_says(hours: Hours, wall: datetime) -> None:
    # By the book: some start on this day or the day before lies at most its length back.
    length = timedelta(
        minutes=(
            hours.end.hour * 60 + hours.end.minute - hours.start.hour * 60 - hours.start.minute
        )
        % 1440
        or 1440
    )
    starts = [datetime.combine(wall.date() - timedelta(days=back), hours.start) for back in (0, 1)]
    expected = any(
        start.weekday() in hours.days and start <= wall < start + length for start in starts
    )
    minute = minute_of_week(np.array([wall], dtype="datetime64[us]"))
    assert bool(hours.hold(minute)[0]) is expected


@given(TERMS)
def test_unknown_times_never_count(agreement: Agreement) -> None:
    assert not agreement.in_force_local(np.array(["NaT"], dtype="datetime64[us]")).any()


def test_minutes_of_the_week_start_on_monday() -> None:
    walls = np.array(
        ["2025-05-05T00:00", "2025-05-05T00:01", "2025-05-11T23:59", "1969-12-29T00:00"],
        dtype="datetime64[us]",
    )
    assert minute_of_week(walls).tolist() == [0, 1, 7 * 1440 - 1, 0]


@given(st.lists(st.datetimes(), min_size=2, max_size=9))
def test_minutes_of_the_week_go_round(walls: list[datetime]) -> None:
    minutes = minute_of_week(np.array(walls, dtype="datetime64[us]"))
    assert ((minutes >= 0) & (minutes < 7 * 1440)).all()
    for (one, first), (other, second) in pairwise(zip(walls, minutes.tolist(), strict=True)):
        apart = other.replace(second=0, microsecond=0) - one.replace(second=0, microsecond=0)
        assert (second - first - apart // timedelta(minutes=1)) % (7 * 1440) == 0


# Words


def test_what_it_suspends_and_whether_all_have_signed() -> None:
    agreement = terms(suspended=(Activity.ARREST,))
    assert agreement.suspends(Activity.ARREST)
    assert not agreement.suspends(Activity.CITATION)
    assert agreement.signed
    assert not terms(parties=()).signed


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (Hours((0, 1, 2, 3, 4), time(8), time(20)), "Mo-Fr 08:00-20:00"),
        (Hours((4, 5), time(19), time(7)), "Fr-Sa 19:00-07:00"),
        (Hours((6, 0, 1, 3), time(9), time(17, 30)), "Mo-Tu,Th,Su 09:00-17:30"),
        (Hours((2,), time(20), time(0)), "We 20:00-24:00"),
        (Hours((2,), time(0), time(0)), "We 00:00-24:00"),
    ],
)
def test_hours_for_other_programs(hours: Hours, code: str) -> None:
    assert hours.in_code() == code


def test_no_hours_are_all_hours_for_other_programs() -> None:
    assert terms(hours=()).hours_in_code() == "24/7"
    both = (Hours((0,), time(8), time(9)), Hours((5,), time(10), time(16)))
    assert terms(hours=both).hours_in_code() == "Mo 08:00-09:00; Sa 10:00-16:00"


def test_validity_in_words() -> None:
    assert terms().validity_in_words() == "1 March 2025 to 30 June 2025"
    assert terms(expires=None).validity_in_words() == "from 1 March 2025"
    assert terms(effective=None).validity_in_words() == "no start date yet"
    assert terms().hours_in_words() == "At all hours"
    assert day_in_words(date(2025, 3, 6)) == "6 March 2025"
