"""The windows of time that a film shows are whole, and begin and end with the times there are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.points.time_bars import Step, TimeBars
from gisapp.ui.times.histogram import bars_in_words, span_in_words
from gisapp.ui.times.walk import Walk, shifted

DAY, WEEK, MONTH, QUARTER, YEAR = Step.DAY, Step.WEEK, Step.MONTH, Step.QUARTER, Step.YEAR


def bars_of(times: np.ndarray, zone: str = "Europe/London") -> TimeBars:
    column = pa.chunked_array([pa.array(times.astype("datetime64[us]"), pa.timestamp("us"))])
    zoned = pa.compute.assume_timezone(column, zone, ambiguous="earliest", nonexistent="latest")
    made = TimeBars.build(zoned, zone)
    assert made is not None
    return made


def every(start: str, end: str, hours: int) -> TimeBars:
    step = np.timedelta64(hours, "h")
    return bars_of(np.arange(np.datetime64(start, "h"), np.datetime64(end, "h"), step))


#: From a Sunday to the end of a Monday, a row each hour: as the stops of London are.
LONDON = every("2018-04-01T00", "2019-01-01T00", 1)


def days(bars: TimeBars, walk: Walk, position: int) -> tuple[str, str]:
    """The first and the last day of a window."""
    start, end = bars.moments(walk.at(position))
    last = end - np.timedelta64(1, "us")
    return str(start.astype("datetime64[D]")), str(last.astype("datetime64[D]"))


@pytest.mark.parametrize(
    ("window", "step", "first", "second", "last"),
    [
        (DAY, WEEK, ("2018-04-02",) * 2, ("2018-04-09",) * 2, ("2018-12-31",) * 2),
        (DAY, MONTH, ("2018-04-01",) * 2, ("2018-05-01",) * 2, ("2018-12-01",) * 2),
        (
            MONTH,
            WEEK,
            ("2018-04-01", "2018-04-30"),
            ("2018-04-08", "2018-05-07"),
            ("2018-12-01", "2018-12-31"),
        ),
        (
            MONTH,
            MONTH,
            ("2018-04-01", "2018-04-30"),
            ("2018-05-01", "2018-05-31"),
            ("2018-12-01", "2018-12-31"),
        ),
        (
            WEEK,
            WEEK,
            ("2018-04-02", "2018-04-08"),
            ("2018-04-09", "2018-04-15"),
            ("2018-12-24", "2018-12-30"),
        ),
        (
            WEEK,
            DAY,
            ("2018-04-01", "2018-04-07"),
            ("2018-04-02", "2018-04-08"),
            ("2018-12-25", "2018-12-31"),
        ),
        (
            QUARTER,
            MONTH,
            ("2018-04-01", "2018-06-30"),
            ("2018-05-01", "2018-07-31"),
            ("2018-10-01", "2018-12-31"),
        ),
        (WEEK, QUARTER, ("2018-04-01", "2018-04-07"), ("2018-07-01", "2018-07-07"), None),
    ],
)
def test_the_first_window_and_the_last_are_whole(window, step, first, second, last):
    walk = Walk.over(LONDON, step, window, None, Step.HOUR)
    assert days(LONDON, walk, 0) == first
    assert days(LONDON, walk, 1) == second
    assert days(LONDON, walk, walk.last) == (last or ("2018-10-01", "2018-10-07"))


def test_a_month_that_the_times_do_not_fill_is_not_played_and_that_is_said():
    bars = every("2018-03-10T00", "2018-12-20T09", 1)
    walk = Walk.over(bars, MONTH, MONTH, None, Step.HOUR)
    assert days(bars, walk, 0) == ("2018-04-01", "2018-04-30")
    assert days(bars, walk, walk.last) == ("2018-11-01", "2018-11-30")
    assert walk.note() == (
        "Only whole months are played: times before 1 April 2018 and after 30 November 2018 "
        "are in none."
    )
    assert Walk.over(LONDON, MONTH, MONTH, None, Step.HOUR).note() == ""
    mondays = Walk.over(LONDON, WEEK, DAY, None, Step.HOUR)
    assert mondays.note() == "What is played is the first day of each week."


@pytest.mark.parametrize("apart", ["D", "W", "M"])
def test_silence_at_the_end_that_is_as_long_as_others_is_not_the_end_of_the_times(apart):
    """Times that say only the month stand at its first day, and fill it all the same."""
    step = {"D": np.timedelta64(3, "D"), "W": np.timedelta64(7, "D")}.get(apart)
    if step is None:
        times = np.arange("2018-01", "2019-01", dtype="datetime64[M]")
    else:
        times = np.arange(np.datetime64("2018-01-03"), np.datetime64("2018-12-31"), step)
    bars = bars_of(times)
    walk = Walk.over(bars, MONTH, MONTH, None, Step.HOUR)
    assert [walk.last, bars.count(walk.at(0)) > 0] == [11, True]
    assert sum(bars.count(walk.at(k)) for k in range(12)) == len(times)


def test_a_hole_within_the_times_makes_no_part_of_a_month_a_whole_one():
    hours = np.arange("2018-01-01T00", "2018-12-10T00", dtype="datetime64[h]")
    hours = hours[(hours < np.datetime64("2018-06-01")) | (hours >= np.datetime64("2018-08-01"))]
    bars = bars_of(hours)
    walk = Walk.over(bars, MONTH, MONTH, None, Step.HOUR)
    assert days(bars, walk, walk.last) == ("2018-11-01", "2018-11-30")


def test_times_too_short_for_a_window_are_one_part_of_it_and_that_is_said():
    bars = every("2018-04-03T00", "2018-04-20T00", 1)
    walk = Walk.over(bars, MONTH, MONTH, None, Step.HOUR)
    assert walk.last == 0 and walk.at(0) == (0, len(bars))
    assert walk.note() == "The times fill no whole month: what is played is a part of one."


def test_a_brushed_span_walks_as_far_as_it_stays_whole():
    base = LONDON.span_of(np.datetime64("2018-05-02", "us"), np.datetime64("2018-05-05", "us"))
    walk = Walk.over(LONDON, WEEK, None, base, Step.HOUR)
    assert days(LONDON, walk, 0) == ("2018-04-04", "2018-04-06")
    assert walk.at(walk.position_of(base)) == base
    assert days(LONDON, walk, walk.last) == ("2018-12-26", "2018-12-28")


@given(
    st.integers(0, 400),
    st.integers(1, 500),
    st.sampled_from([DAY, WEEK, MONTH, QUARTER, YEAR]),
    st.sampled_from(list(Step)),
    st.none() | st.tuples(st.integers(0, 9000), st.integers(1, 4000)),
)
def test_windows_are_whole_in_order_and_each_is_found_again(after, length, window, step, brushed):
    start = np.datetime64("2018-01-01T07", "h") + np.timedelta64(after * 24, "h")
    bars = bars_of(np.arange(start, start + np.timedelta64(length * 24, "h")))
    base = None
    if brushed is not None:
        first = min(brushed[0], len(bars) - 1)
        base = (first, min(first + brushed[1], len(bars)))
    walk = Walk.over(bars, step, window, base, Step.HOUR)
    spans = [walk.at(k) for k in range(0, walk.last + 1, max(walk.last // 20, 1))]
    assert spans == sorted(spans)
    places = [walk.position_of(walk.at(k)) for k in range(min(walk.last, 20) + 1)]
    assert places == list(range(len(places)))
    if walk.whole:
        reach = (bars.edges[0].astype("datetime64[D]"), bars.edges[-1] + np.timedelta64(23, "h"))
        ends = walk.moments(0)[0], walk.moments(walk.last)[1]
        assert reach[0] <= ends[0] and ends[1] <= reach[1]
        assert walk.moments(0)[1] == shifted(ends[0], walk.window or window, 1)


def test_days_and_hours_are_written_in_one_way():
    def words(start: str, end: str) -> str:
        return span_in_words(np.datetime64(start, "us"), np.datetime64(end, "us"), "UTC")

    assert words("2018-04-01", "2018-04-02") == "1 April 2018 (UTC)"
    assert words("2018-04-01", "2018-05-01") == "1 April 2018 to 30 April 2018 (UTC)"
    assert words("2018-04-01T01:00", "2018-04-01T02:00") == "1 April 2018, 01:00 to 02:00 (UTC)"
    later = "1 April 2018, 01:00 to 2 April 2018, 01:00 (UTC)"
    assert words("2018-04-01T01:00", "2018-04-02T01:00") == later
    assert words("2018-04-01T08:00", "2018-04-02") == "1 April 2018, 08:00 to 24:00 (UTC)"
    late = "1 April 2018, 08:00 to 2 April 2018, 24:00 (UTC)"
    assert words("2018-04-01T08:00", "2018-04-03") == late


def test_the_ends_of_the_times_are_said_as_days():
    bars = every("2018-04-01T07", "2018-04-05T16", 1)
    assert bars_in_words(bars, (0, 17)) == "1 April 2018 (Europe/London)"
    assert bars_in_words(bars, (0, len(bars))).startswith("1 April 2018 to 5 April 2018")
    assert bars_in_words(bars, (1, 17)).startswith("1 April 2018, 08:00 to 24:00")


@pytest.mark.parametrize("base", [None, (0, 1)])
@pytest.mark.parametrize("window", [None, *Step])
def test_bars_without_one_row_are_walked_over_all_the_same(window: Step | None, base) -> None:
    times = pa.chunked_array([pa.array([1e15, 1e15 + 2e11], pa.int64()).cast(pa.timestamp("us"))])
    bars = TimeBars.build(times.cast(pa.timestamp("us", "UTC")), "UTC")
    empty = bars.limited(times, np.zeros(2, bool))
    for step in Step:
        walk = Walk.over(empty, step, window, base, Step.HOUR)
        first, last = walk.at(walk.last)
        assert 0 <= first < last <= len(empty)
        assert isinstance(walk.note(), str)
