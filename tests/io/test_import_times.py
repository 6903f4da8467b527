"""Times in the many ways files write them, and what becomes of those that cannot be."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.errors import DataError
from gisapp.io.reading.times import Moments, read_times, share_of_times, with_clock

FIRST, LAST = datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2100-01-01")


def column(*texts: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.string())])


def read(*texts: str | None, zone: str = "Europe/London", day_first: bool = True) -> Moments:
    return read_times(column(*texts), zone, day_first)


def iso(moments: Moments) -> list[str | None]:
    return [None if m is None else m.isoformat() for m in moments.values.to_pylist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-08-03 14:53:18", "2018-08-03T14:53:18+01:00"),
        ("2018-03-31T23:07:00+00:00", "2018-04-01T00:07:00+01:00"),
        ("2018-01-01 02:29:04.250000", "2018-01-01T02:29:04.250000+00:00"),
        ("2015-03-30 21:08:00.0000000", "2015-03-30T21:08:00+01:00"),
        ("2018-08-03T14:53Z", "2018-08-03T15:53:00+01:00"),
        ("2018-08-03T14:53:18-0400", "2018-08-03T19:53:18+01:00"),
        ("2018-08-03", "2018-08-03T00:00:00+01:00"),
        ("20180803", "2018-08-03T00:00:00+01:00"),
        ("2018-04", "2018-04-01T00:00:00+01:00"),
        ("201104", "2011-04-01T00:00:00+01:00"),
        ("23/08/2018 5:06 PM", "2018-08-23T17:06:00+01:00"),
        ("08/23/2018 12:06:07 AM", "2018-08-23T00:06:07+01:00"),
        ("23.8.2018 17:06", "2018-08-23T17:06:00+01:00"),
        ("3 Apr 2018", "2018-04-03T00:00:00+01:00"),
        ("April 3, 2018", "2018-04-03T00:00:00+01:00"),
        ("03-APR-18", "2018-04-03T00:00:00+01:00"),
        ("1533304398000", "2018-08-03T14:53:18+01:00"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    moments = read(text)
    assert iso(moments) == [expected]
    assert share_of_times(column(text)) == 1.0 or text.isdigit()


@pytest.mark.parametrize("text", ["2018-02-30", "31/31/2018", "soon", "2018-13", "25:00", "1/2"])
def test_what_is_no_time_is_counted_and_empty(text: str) -> None:
    moments = read(text, "2018-08-03 10:00:00", None)
    assert iso(moments) == [None, "2018-08-03T10:00:00+01:00", None]
    assert moments.unreadable == 1


@pytest.mark.parametrize(
    "offset", ["+99:99", "+20:00", "-18:01", "+2000", "+05:60", "-19", "+23:59"]
)
def test_an_offset_that_no_clock_has_makes_no_time(offset: str) -> None:
    for text in (f"2018-08-03T10:00{offset}", f"2018-08-03 10:00:00{offset}"):
        for more in ((), ("2018-08-03T10:00:00+01:00",)):
            moments = read(text, *more)
            assert iso(moments)[0] is None
            assert moments.unreadable == 1
    assert iso(read("2018-08-03T10:00+18:00")) == ["2018-08-02T17:00:00+01:00"]
    assert iso(read("2018-08-03T10:00-17:59")) == ["2018-08-04T04:59:00+01:00"]


def test_one_row_settles_the_order_for_all() -> None:
    moments = read("03/04/2018", "25/04/2018", day_first=False)
    assert iso(moments)[0] == "2018-04-03T00:00:00+01:00"
    assert not any("were read as" in note for note in moments.notes)


def test_an_open_order_follows_the_place_and_is_said() -> None:
    moments = read("03/04/2018", zone="America/New_York", day_first=False)
    assert iso(moments) == ["2018-03-04T00:00:00-05:00"]
    assert "Dates such as 03/04/2018 were read as month/day/year." in moments.notes


def test_hours_that_the_clocks_skip_or_give_twice() -> None:
    moments = read("2018-03-25 01:30:00", "2018-10-28 01:30:00", "2018-06-01 01:30:00")
    assert iso(moments)[:2] == ["2018-03-25T02:00:00+01:00", "2018-10-28T01:30:00+01:00"]
    assert len(moments.notes) == 2
    assert all(note.startswith("1 time lies") for note in moments.notes)


def test_days_written_as_midnight_utc_stay_that_day_in_america() -> None:
    moments = read("2017/01/03 00:00:00+00", "2017/01/04 00:00:00+00", zone="America/Phoenix")
    assert iso(moments) == ["2017-01-03T00:00:00-07:00", "2017-01-04T00:00:00-07:00"]
    local = read("2017/01/03 07:00:00+00", "2017/01/04 00:00:00+00", zone="America/Phoenix")
    assert iso(local) == ["2017-01-03T00:00:00-07:00", "2017-01-04T00:00:00-07:00"]


def test_dates_and_clock_times_in_two_columns() -> None:
    joined = with_clock(
        column("2015-03-30", "2015-03-31T00:00:00", "2015-04-01"),
        column("21:08:00.0000000", "02:45", None),
    )
    moments = read_times(pa.chunked_array([joined]), "America/Los_Angeles", False)
    assert iso(moments) == [
        "2015-03-30T21:08:00-07:00",
        "2015-03-31T02:45:00-07:00",
        "2015-04-01T00:00:00-07:00",
    ]


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(DataError, match="not a time zone"):
        read("2018-08-03", zone="Mars/Olympus")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=20),
    st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%d %b %Y %H:%M:%S", "%Y/%m/%dT%H:%M"]),
)
def test_naive_times_come_back_as_they_were_written(times: list[datetime], form: str) -> None:
    texts = [f"{time:{form}}" for time in times]
    moments = read_times(column(*texts), "UTC", True)
    again = [f"{moment:{form}}" for moment in moments.values.to_pylist()]
    assert again == texts
    assert moments.unreadable == 0


@settings(deadline=None)
@given(st.lists(st.none() | st.text(max_size=20), max_size=20))
def test_no_text_breaks_it(texts: list[str | None]) -> None:
    moments = read_times(column(*texts), "America/New_York", False)
    assert len(moments.values) == len(texts)
    assert moments.unreadable <= len(texts)
