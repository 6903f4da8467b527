"""A day alone is its midnight: whoever compares with one is told, where that makes a difference."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classes.expression_notes import notes_on
from gisapp.analysis.classes.expressions import mask_where
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.vocabulary import LayerKind


def layer_of(*moments: str, zone: str = "America/Phoenix") -> Layer:
    times = pa.array([datetime.fromisoformat(one) for one in moments], pa.timestamp("us"))
    local = pa.compute.assume_timezone(times, zone)
    table = pa.table({"Date": local, "end of it": local, "day": times.cast(pa.date32())})
    points = Points(np.zeros(len(moments)), np.zeros(len(moments)))
    return new_layer("Stops", LayerKind.STOPS, table, points, {"time": "Date"})


STOPS = layer_of("2018-10-27 23:00", "2018-10-28 00:00", "2018-10-28 09:30", "2018-12-31 12:00")


@pytest.mark.parametrize(
    ("expression", "note"),
    [
        (
            "Date <= '2018-10-28'",
            "“Date” up to 00:00 on 28 October 2018: for the whole day write Date < '2018-10-29'.",
        ),
        (
            "'2018-10-28' >= time",
            "“Date” up to 00:00 on 28 October 2018: for the whole day write Date < '2018-10-29'.",
        ),
        (
            "Date > '2018-10-28'",
            "“Date” after 00:00 on 28 October 2018: "
            "to leave out the whole day write Date >= '2018-10-29'.",
        ),
        (
            "`end of it` <= '2018-12'",
            "“end of it” up to 00:00 on 1 December 2018: "
            "for the whole month write `end of it` < '2019-01-01'.",
        ),
        (
            "'2018-01-01' <= Date <= '2018'",
            "“Date” up to 00:00 on 1 January 2018: for the whole year write Date < '2019-01-01'.",
        ),
    ],
)
def test_a_day_that_ends_at_its_midnight_is_told_with_what_to_write(
    expression: str, note: str
) -> None:
    assert notes_on(STOPS, expression) == (note,)
    written = note.split("write ")[1].rstrip(".")
    assert mask_where(STOPS, written).sum() != mask_where(STOPS, expression).sum()


@pytest.mark.parametrize(
    "expression",
    [
        "Date < '2018-10-29'",
        "Date >= '2018-10-28'",
        "Date <= '2018-10-28 12:00'",
        "Date <= '2018-10-27' and day <= '2018-10-28'",
        "Date <= '2018-11-05'",
        "Date.isna()",
    ],
)
def test_nothing_is_said_where_it_makes_no_difference(expression: str) -> None:
    before = layer_of("2018-10-27 00:00", "2018-10-28 09:30")
    assert notes_on(before, expression) == ()


def test_rows_that_nobody_may_know_of_make_no_difference() -> None:
    kept = np.array([True, True, False, True])
    assert notes_on(STOPS, "Date <= '2018-10-28'", kept) == ()
    assert notes_on(STOPS, "Date <= '2018-10-28'", ~kept) != ()


def test_each_is_said_once_and_all_are_said() -> None:
    twice = "(Date <= '2018-10-28' or Date <= '2018-10-28') and not Date > '2018-12-31'"
    said = notes_on(STOPS, twice)
    assert len(said) == 2 and "October" in said[0] and "31 December" in said[1]


@given(st.lists(st.integers(0, 72 * 60), min_size=1, max_size=20), st.integers(0, 3))
def test_it_is_said_just_where_the_whole_day_has_more_rows(minutes: list[int], day: int) -> None:
    start = datetime.fromisoformat("2018-03-10")  # clocks go forward on the 11th
    stamps = [start + timedelta(minutes=one) for one in minutes]
    layer = layer_of(
        *(str(one) for one in stamps if one.date() != date(2018, 3, 11) or one.hour != 2),
        zone="America/New_York",
    )
    chosen, after = (start.date() + timedelta(days=n) for n in (day, day + 1))
    more = mask_where(layer, f"Date < '{after}'") & ~mask_where(layer, f"Date <= '{chosen}'")
    assert bool(notes_on(layer, f"Date <= '{chosen}'")) == bool(more.any())


@pytest.mark.parametrize(
    ("zone", "day", "after"),
    [
        # Clocks go forward at midnight: the next day begins at 01:00.
        ("America/Sao_Paulo", "2018-11-03", "'2018-11-04 01:00'"),
        ("Asia/Beirut", "2019-03-30", "'2019-03-31 01:00'"),
        ("Africa/Cairo", "2023-04-27", "'2023-04-28 01:00'"),
        # A day that was left out, on the other side of the date line from then on.
        ("Pacific/Apia", "2011-12-29", "'2011-12-31'"),
        # They go back from 01:00: midnight comes twice.
        ("America/Havana", "2018-11-03", "'2018-11-04 00:00-04:00'"),
        # Back from midnight to 23:00: that hour comes twice, midnight once.
        ("America/Sao_Paulo", "2018-02-17", "'2018-02-18'"),
    ],
)
@pytest.mark.parametrize("sign", ["<=", ">"])
def test_what_is_told_to_be_written_can_be_read_where_clocks_change_at_midnight(
    zone: str, day: str, after: str, sign: str
) -> None:
    later = date.fromisoformat(day) + timedelta(days=2)
    layer = layer_of(f"{day} 00:00", f"{day} 12:30", f"{later} 02:00", zone=zone)
    (note,) = notes_on(layer, f"Date {sign} '{day}'")
    written = note.split("write ")[1].rstrip(".")
    assert written == f"Date {'<' if sign == '<=' else '>='} {after}"
    whole = np.array([True, True, False])
    assert mask_where(layer, written).tolist() == (whole if sign == "<=" else ~whole).tolist()


def test_a_month_may_end_at_a_midnight_that_never_comes() -> None:
    layer = layer_of("2014-07-01 00:00", "2014-07-31 12:30", zone="Africa/Cairo")
    (note,) = notes_on(layer, "Date <= '2014-07'")
    assert note.endswith("for the whole month write Date < '2014-08-01 01:00'.")
    assert mask_where(layer, "Date < '2014-08-01 01:00'").all()


def test_stops_of_a_city_on_the_last_day_of_a_month_are_not_lost(shared_data: Path) -> None:
    import pyarrow.csv

    file = sorted((shared_data / "london" / "met_stop_and_search").glob("*.csv.gz"))[0]
    times = pyarrow.csv.read_csv(file)["Date"].cast(pa.timestamp("us", "UTC"))
    local = times.cast(pa.timestamp("us", "Europe/London"))
    table = pa.table({"Date": local})
    layer = new_layer(
        "Stops", LayerKind.STOPS, table, Points(np.zeros(len(local)), np.zeros(len(local)))
    )
    last = pa.compute.max(local).as_py().date()
    (note,) = notes_on(layer, f"Date <= '{last}'")
    whole = note.split("write ")[1].rstrip(".")
    assert mask_where(layer, whole).all() and not mask_where(layer, f"Date <= '{last}'").all()
