"""The times under the bars: even steps of the calendar, with nothing that looks left out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gisapp.analysis.points.time_bars import COARSENESS, Step, TimeBars
from gisapp.layers.audience import Audience
from gisapp.ui import theme
from gisapp.ui.times.axis import Axis, axis
from gisapp.ui.times.histogram import Histogram, histogram
from gisapp.ui.times.histogram_view import HistogramView

#: The width of a letter, about as on screen.
LETTER = 6.5


def chart_of(first: str, last: str, at_least: Step = Step.HOUR) -> Histogram:
    times = pa.array(np.array([first, last], "datetime64[us]"), pa.timestamp("us"))
    column = pa.chunked_array([pa.compute.assume_timezone(times, "UTC")])
    bars = TimeBars.build(column, "UTC")
    assert bars is not None
    return histogram(bars, at_least)


def axis_of(chart: Histogram, width: float) -> Axis:
    return axis(chart, width / len(chart), width + 10, lambda text: LETTER * len(text))


def texts(first: str, last: str, width: float, at_least: Step = Step.HOUR) -> list[str]:
    return [tick.text for tick in axis_of(chart_of(first, last, at_least), width).ticks]


@pytest.mark.parametrize(
    ("first", "last", "width", "expected"),
    [
        ("2018-01-03", "2018-05-10", 900, ["8 Jan 2018", "22 Jan", "5 Feb", "19 Feb", "5 Mar"]),
        ("2018-01-03", "2018-06-28", 2200, ["1 Jan 2018", "8 Jan", "15 Jan"]),
        ("2018-01-03", "2018-05-10", 320, ["Feb 2018", "Mar"]),
        ("2015-08-01", "2018-01-20", 1100, ["Oct 2015", "Jan 2016", "Apr", "Jul", "Oct"]),
        ("2015-08-01", "2018-01-20", 260, ["2016", "2017"]),
        ("1998-05-01", "2021-01-20", 500, ["1998", "2000", "2002", "2004"]),
        ("2018-01-03T09:10", "2018-01-03T20:10", 900, ["3 Jan 2018, 10:00", "12:00", "14:00"]),
        ("2018-01-03T09:10", "2018-01-06T20:10", 900, ["12:00", "4 Jan 2018", "12:00", "5 Jan"]),
    ],
)
def test_steps_are_round(first: str, last: str, width: float, expected: list[str]) -> None:
    found = texts(first, last, width)
    assert found[: len(expected)] == expected


SPANS = st.tuples(st.integers(0, 60 * 365), st.integers(1, 9000), st.integers(0, 23))


@given(SPANS, st.sampled_from(Step), st.integers(150, 2400))
def test_labels_are_even_apart_and_of_one_kind(
    span: tuple[int, int, int], at_least: Step, width: int
) -> None:
    first = np.datetime64("1965-01-01", "h") + np.timedelta64(span[0] * 24 + span[2], "h")
    chart = chart_of(str(first), str(first + np.timedelta64(span[1] * 7, "h")), at_least)
    found = axis_of(chart, width)
    per_bar = width / len(chart)
    places = [tick.place for tick in found.ticks]
    assert found.ticks and places[0] >= 0 and places[-1] < len(chart)
    ends = [tick.place * per_bar + LETTER * len(tick.text) for tick in found.ticks]
    assert all(b * per_bar >= a + 12 for a, b in zip(ends, places[1:], strict=False))
    if found.marks_bars:
        assert places == [round(place) for place in places]
    gaps = np.diff(places)
    if len(gaps) > 1:
        # Months and years are not of one length in days: 28 to 31, or 365 and 366.
        assert gaps.max() / gaps.min() <= 31 / 28 + 1e-9
    silent_before = places[0] if len(places) > 1 else 0.0
    assert silent_before <= (gaps.max() if len(gaps) else 0.0) + 1e-9, "none is left out at first"


@pytest.mark.parametrize("step", [Step.MONTH, Step.QUARTER, Step.YEAR])
def test_labels_are_never_finer_than_the_bars(step: Step) -> None:
    found = axis_of(chart_of("2017-11-03", "2018-04-28", step), 3000)
    assert found.marks_bars
    wanted = {Step.MONTH: "Nov 2017", Step.QUARTER: "Oct 2017", Step.YEAR: "2017"}[step]
    assert found.ticks[0].text == wanted and found.ticks[0].place == 0
    assert COARSENESS.index(step) >= COARSENESS.index(Step.MONTH)


def test_the_chart_names_what_it_has_room_for(qtbot: QtBot) -> None:
    view = HistogramView()
    qtbot.addWidget(view)
    assert view.axis().ticks == ()
    chart = chart_of("2018-01-03", "2018-05-10")
    view.show_histogram(chart, None, theme.color(theme.current().accent), Audience.POLICE)
    view.resize(1500, 140)
    many = len(view.axis().ticks)
    view.resize(500, 140)
    few = view.axis().ticks
    assert many > len(few) >= 2
    assert not view.grab().isNull()
    assert [one.text for one in few][:2] == ["Feb 2018", "Mar"]
