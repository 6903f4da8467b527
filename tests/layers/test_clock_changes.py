"""Which wall-clock times clocks skip or show twice: every time as zoneinfo tells it by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.clock_changes import skipped_and_twice
from gisapp.layers.wall_clock import clock_time

at = datetime.fromisoformat

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",  # Half an hour.
    "America/Santiago",  # At midnight.
    "Asia/Kolkata",  # Never, of late.
    "Pacific/Apia",  # A whole day was left out.
    "Africa/Casablanca",  # By the moon.
)
#: Days on which clocks change somewhere of these, and before and after what tables list.
NEAR = tuple(
    at(day)
    for day in (
        *("2024-03-10", "2024-11-03", "2024-03-31", "2024-10-27", "2024-04-07", "2024-10-06"),
        *("2024-09-08", "2011-12-29", "2011-12-31", "1970-01-01", "2049-03-14", "2061-10-30"),
    )
)
times = st.one_of(
    st.builds(
        lambda day, minutes: day + timedelta(minutes=minutes),
        st.sampled_from(NEAR),
        st.integers(-60, 30 * 60),
    ),
    st.datetimes(at("1975-01-01"), at("2070-01-01")),
)


def masks(local: list[datetime | None], zone: str) -> tuple[list[bool], list[bool]]:
    wall = np.array(local, dtype="datetime64[us]")
    skipped, twice = skipped_and_twice(wall, zone)
    return skipped.tolist(), twice.tolist()


@given(st.lists(times, max_size=20), st.sampled_from(ZONES))
def test_each_time_is_told_as_by_itself(local: list[datetime], zone: str) -> None:
    told = [clock_time(one, ZoneInfo(zone)) for one in local]
    expected = [one.skipped for one in told], [one.again is not None for one in told]
    assert masks([*local], zone) == expected


def test_times_that_are_not_known_are_neither() -> None:
    assert masks([None], ZONES[0]) == ([False], [False])
    assert masks([], ZONES[0]) == ([], [])
    early = at("2024-03-10T02:30")
    assert masks([None, early, None], ZONES[0]) == ([False, True, False], [False] * 3)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_years_far_apart_are_no_work(zone: str) -> None:
    far = [at("1001-01-01"), at("8999-01-01")]
    assert masks([*far], zone) == ([False, False], [False, False])
