"""What clocks show, by the library of time zones itself, from long ago to far ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.clocks import local_times, moments_of
from gisapp.layers.wall_clock import clock_time

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "UTC",
)
#: Twenty years round the last year whose changes of the clocks are listed, and a little beyond.
MOMENTS = st.datetimes(datetime.fromisoformat("2028-01-01"), datetime.fromisoformat("2110-01-01"))


def utc(moments: list[datetime]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(moments, pa.timestamp("us", "UTC"))])


@given(st.lists(MOMENTS, max_size=20), st.sampled_from(ZONES))
def test_clocks_show_what_the_library_of_time_zones_says(moments, zone):
    times = pa.chunked_array([pa.array([*moments, None], pa.timestamp("us", "UTC"))])
    shown = local_times(times, zone)
    expected = [
        at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in moments
    ]
    assert shown[:-1].tolist() == expected
    assert np.isnat(shown[-1])


@given(st.lists(MOMENTS, max_size=20), st.sampled_from(ZONES))
def test_a_file_of_times_means_the_moments_that_each_alone_means(moments, zone):
    local = pa.array([*moments, None], pa.timestamp("us"))
    told = [clock_time(at, ZoneInfo(zone)) for at in moments]
    first, last = (moments_of(local, zone, which) for which in ("earliest", "latest"))
    assert first.to_pylist() == [
        *(one.at.replace(microsecond=one.at.microsecond) for one in told),
        None,
    ]
    assert last.to_pylist() == [*(one.again or one.at for one in told), None]


@pytest.mark.parametrize("year", [2026, 2040, 2099])
def test_hours_that_clocks_skip_or_show_twice_are_read_alike(year):
    zone = "America/New_York"
    texts = [f"{year}-{month:02}-{day:02}" for month in (3, 11) for day in range(1, 16)]
    days = [datetime.fromisoformat(text) for text in texts]
    local = [day.replace(hour=hour, minute=30) for day in days for hour in (1, 2)]
    for which in ("earliest", "latest"):
        found = moments_of(pa.array(local, pa.timestamp("us")), zone, which).to_pylist()
        told = [clock_time(at, ZoneInfo(zone)) for at in local]
        assert sum(one.skipped for one in told) == 1
        assert sum(one.again is not None for one in told) == 1
        second = which == "latest"
        assert found == [one.again if second and one.again else one.at for one in told]
        forward = next(one.at for one in told if one.skipped)
        assert (forward.hour, forward.minute, forward.second) == (3, 0, 0)
