"""Many moments in words, as the standard library writes each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.moment_texts import iso_texts

ZONES = ("UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Pacific/Kiritimati")
MOMENTS = st.datetimes(datetime.fromisoformat("1902-01-01"), datetime.fromisoformat("2037-12-31"))


def expected(moment: datetime | None, zone: str) -> str | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


@given(st.lists(st.none() | MOMENTS, max_size=20), st.sampled_from(ZONES))
def test_moments_are_written_as_the_standard_library_writes_them(
    moments: list[datetime | None], zone: str
) -> None:
    at = np.array(moments, dtype="datetime64[us]")
    assert iso_texts(at, zone).to_pylist() == [expected(one, zone) for one in moments]


def test_the_hour_that_clocks_show_twice_has_two_offsets() -> None:
    first = datetime.fromisoformat("2026-11-01T05:30")
    at = np.array([first, first + timedelta(hours=1)], dtype="datetime64[us]")
    assert iso_texts(at, "America/New_York").to_pylist() == [
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",
    ]
