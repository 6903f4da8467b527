"""Times in bars: counts, masks and weeks that agree with the times themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.points.time_bars import UNKNOWN, RowSpan, Step, TimeBars
from gisapp.errors import Cancelled
from gisapp.layers.layer import local_times
from gisapp.progress import Progress

LONDON = "Europe/London"


def column(moments: list[datetime | None], zone: str = LONDON) -> pa.ChunkedArray:
    middle = len(moments) // 2
    parts = [moments[:middle], moments[middle:]]
    return pa.chunked_array([pa.array(part, pa.timestamp("us", zone)) for part in parts])


def built(times: pa.ChunkedArray, zone: str = LONDON) -> TimeBars:
    bars = TimeBars.build(times, zone)
    assert bars is not None
    return bars


moments = st.datetimes(
    datetime.fromisoformat("1931-01-01"),
    datetime.fromisoformat("2120-01-01"),
    timezones=st.just(UTC),
)


@given(st.lists(st.none() | moments, min_size=1, max_size=40), st.data())
def test_masks_counts_and_weeks_are_those_of_the_wall_clock(
    times: list[datetime | None], data: st.DataObject
) -> None:
    known = sum(time is not None for time in times)
    bars = TimeBars.build(column(times), LONDON)
    if bars is None:
        assert known == 0
        return
    local = local_times(column(times), LONDON)
    first = data.draw(st.integers(0, len(bars)))
    last = data.draw(st.integers(first, len(bars)))
    start, end = bars.moments((first, last))
    inside = (local >= start) & (local < end)
    assert (bars.mask((first, last)) == inside).all()
    assert bars.count((first, last)) == inside.sum()
    assert bars.span_of(start, end) == (first, last)
    hours = local[inside].astype("datetime64[h]").astype(np.int64)
    week = np.bincount((hours + 72) % 168, minlength=168).reshape(7, 24)
    assert (bars.weekday_hours((first, last)) == week).all()
    assert bars.unknown == len(times) - known == (bars.number == UNKNOWN).sum()
    assert bars.counts_of(np.flatnonzero(inside)).sum() == inside.sum()


@pytest.mark.parametrize(
    ("years", "unit"), [(5, Step.HOUR), (100, Step.DAY), (3000, Step.MONTH), (7900, Step.YEAR)]
)
def test_the_unit_fits_the_range_even_where_a_time_is_absurd(years: int, unit: Step) -> None:
    bars = built(column([datetime(year, 3, 1, tzinfo=UTC) for year in (2000, 2000 + years)]))
    assert bars.unit is unit
    assert len(bars) < UNKNOWN
    assert bars.counts[[0, -1]].tolist() == [1, 1]


def test_a_day_of_25_and_of_23_hours_keeps_its_bars() -> None:
    # In London clocks went back on 2024-10-27 at 02:00 and forward on 2025-03-30 at 01:00.
    back = np.arange("2024-10-26T23:30", "2024-10-28T00:30", 60, dtype="datetime64[m]")
    forward = np.arange("2025-03-30T00:30", "2025-03-31T00:00", 60, dtype="datetime64[m]")
    times = pa.array(np.concatenate([back, forward]).astype("datetime64[us]")).cast(
        pa.timestamp("us")
    )
    bars = built(pa.chunked_array([pa.compute.assume_timezone(times, "UTC")]))
    for day, hours in (("2024-10-27", 25), ("2025-03-30", 23)):
        span = bars.span_of(np.datetime64(day), np.datetime64(day) + 1)
        assert span[1] - span[0] == 24, "24 bars whatever the clocks do"
        assert bars.count(span) == bars.mask(span).sum() == hours
    twice = bars.span_of(np.datetime64("2024-10-27T01"), np.datetime64("2024-10-27T02"))
    assert bars.count(twice) == 2
    none = bars.span_of(np.datetime64("2025-03-30T01"), np.datetime64("2025-03-30T02"))
    assert bars.count(none) == 0


def test_the_rows_of_a_span_join_what_else_limits_them() -> None:
    bars = built(column([datetime(2024, 1, day, tzinfo=UTC) for day in range(1, 9)]))
    others = np.arange(8) % 2 == 0
    span = bars.span_of(np.datetime64("2024-01-03"), np.datetime64("2024-01-06"))
    assert RowSpan(bars, span).mask.tolist() == [False] * 2 + [True] * 3 + [False] * 3
    assert np.flatnonzero(RowSpan(bars, span, others).mask).tolist() == [2, 4]
    both = RowSpan(bars, span, others)
    assert both.mask is both.mask, "what is kept by it would be made anew"


def test_it_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        TimeBars.build(column([datetime(2024, 1, 1, tzinfo=UTC)]), LONDON, progress)


@given(st.lists(st.none() | moments, min_size=1, max_size=40), st.data())
def test_bars_of_some_rows_are_those_of_their_times_alone(
    times: list[datetime | None], data: st.DataObject
) -> None:
    bars = TimeBars.build(column(times), LONDON)
    if bars is None:
        return
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times))))
    few = bars.limited(column(times), rows)
    assert (few.edges == bars.edges).all()
    assert few.number is bars.number, "so that a span means the same rows in both"
    assert (few.counts == bars.counts_of(np.flatnonzero(rows))).all()
    assert few.unknown == sum(
        bool(kept) and time is None for kept, time in zip(rows, times, strict=True)
    )
    alone = TimeBars.build(column(times).filter(pa.array(rows)), LONDON)
    week = np.zeros((7, 24), int) if alone is None else alone.weekday_hours()
    assert (few.weekday_hours() == week).all()


@given(st.lists(st.none() | moments, min_size=1, max_size=40), st.data())
def test_bars_for_who_sees_some_rows_are_those_of_a_layer_without_the_others(
    times: list[datetime | None], data: st.DataObject
) -> None:
    size = len(times)
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    few = TimeBars.of_some(column(times), LONDON, rows)
    alone = TimeBars.build(column(times).filter(pa.array(rows)), LONDON)
    if few is None or alone is None:
        assert few is alone
        return
    assert (few.unit, few.unknown, few.timezone) == (alone.unit, alone.unknown, LONDON)
    for name in ("edges", "counts", "parts"):
        assert (getattr(few, name) == getattr(alone, name)).all()
    assert (few.number[rows] == alone.number).all()
    assert (few.number[~rows] == UNKNOWN).all(), "hidden rows are in no span"
