"""Opening hours are read where they can be read in one way, and not at all where not."""

from __future__ import annotations

import csv
from datetime import datetime, time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.opening_hours import OpeningHours, open_at, read_opening_hours
from gisapp.layers.schedule import Hours, OnHolidays
from tests.conftest import ROOT

EVERY_DAY = tuple(range(7))


def code(text: str) -> str:
    found = read_opening_hours(text)
    if found is None:
        return "?"
    return "; ".join(hours.in_code() for hours in found.hours) or "never"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As OpenStreetMap writes it
        ("24/7", "Mo-Su 00:00-24:00"),
        ("Mo-Fr 08:00-18:00; Sa 10:00-14:00; PH off", "Mo-Fr 08:00-18:00; Sa 10:00-14:00"),
        ("Mo-Fr 08:00-12:00,13:00-17:00", "Mo-Fr 08:00-12:00; Mo-Fr 13:00-17:00"),
        ("Mo-Fr 08:00-18:00; We off", "Mo-Tu,Th-Fr 08:00-18:00"),
        ("Mo-Fr 08:00-18:00; We 10:00-12:00", "Mo-Tu,Th-Fr 08:00-18:00; We 10:00-12:00"),
        ("Fr-Sa 22:00-06:00", "Fr-Sa 22:00-06:00"),
        ("Fr 22:00-26:00", "Fr 22:00-02:00"),
        ("Sa-Mo 10:00-12:00", "Mo,Sa-Su 10:00-12:00"),
        ("08:00-24:00", "Mo-Su 08:00-24:00"),
        ("Mo,We,Fr 9:00-17:00", "Mo,We,Fr 09:00-17:00"),
        # As people write it
        ("Mon-Fri 9am-5pm", "Mo-Fr 09:00-17:00"),
        ("Monday to Friday: 9:00 a.m. – 5:00 p.m.; Sat closed", "Mo-Fr 09:00-17:00"),
        ("Weekdays 10am - 6pm; weekends noon-4pm", "Mo-Fr 10:00-18:00; Sa-Su 12:00-16:00"),
        ("Mon, Wed & Fri 1pm-4pm", "Mo,We,Fr 13:00-16:00"),
        ("9am-5pm daily", "Mo-Su 09:00-17:00"),
        ("24 hours a day, 7 days a week", "Mo-Su 00:00-24:00"),
        ("Tuesdays 6pm to midnight", "Tu 18:00-24:00"),
        ("Monday: 9 AM - 5 PM\nTuesday: Closed", "Mo 09:00-17:00"),
        ("Thu 12am-12pm", "Th 00:00-12:00"),
        ("closed", "never"),
    ],
)
def test_what_can_be_read(text: str, expected: str) -> None:
    assert code(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9-5",  # in the morning, or in the evening?
        "Mon-Fri 9-5pm",
        "Tue 1:00-5:00",
        "10:00-4:00",
        "M-F 9am-5pm",
        "T 9am-5pm",
        "by appointment",
        "Mon-Fri 9am-5pm (call first)",
        'Mo-Fr 08:00-18:00 "by appointment"',
        "Apr-Oct Mo-Fr 08:00-18:00",
        "Mo[1] 10:00-12:00",
        "Mo-Fr sunrise-sunset",
        "Mo-Fr 08:00+",
        "Mo-Fr 08:00-18:00 || closed",
        "Mo-Fr",
        "PH off",
        "Mo-Fr 25:00-26:00",
        "Mo-Fr 08:61-18:00",
        "Mon-Fri 13pm-5pm",
        "Mon-Fri 9am-5pm, Wed 10am-2pm",  # one more time, or an exception?
        "Mo-Fr 08:00-18:00; PH 09:00-11:00",
        "SH Mo-Fr 08:00-18:00",
        "Mo-Fr 08:00-18:00 Sa 09:00-10:00",
        "8am",
    ],
)
def test_what_would_be_a_guess(text: str) -> None:
    assert read_opening_hours(text) is None


@pytest.mark.parametrize(
    ("text", "on_holidays"),
    [
        ("Mo-Fr 08:00-18:00", OnHolidays.AS_USUAL),
        ("Mo-Fr 08:00-18:00; PH off", OnHolidays.NOT),
        ("Mo-Fr 08:00-18:00; PH closed", OnHolidays.NOT),
        ("Mo-Sa 08:00-18:00; Su,PH 10:00-12:00", OnHolidays.AS_SUNDAY),
        ("Mo-Sa 08:00-18:00; PH 00:00-24:00", OnHolidays.ALL_DAY),
        ("Mon-Fri 9am-5pm; closed bank holidays", None),
        ("Mon-Fri 9am-5pm, public holidays closed", OnHolidays.NOT),
    ],
)
def test_public_holidays(text: str, on_holidays: OnHolidays | None) -> None:
    found = read_opening_hours(text)
    assert (found.on_holidays if found else None) is on_holidays


def test_when_a_service_is_open() -> None:
    opening = read_opening_hours("Mo-Fr 08:00-18:00; PH off")
    assert opening is not None
    walls = np.array(
        ["2025-07-03T08:00", "2025-07-03T18:00", "2025-07-04T12:00", "2025-07-05T12:00"],
        dtype="datetime64[us]",
    )
    assert open_at(opening, walls).tolist() == [True, False, True, False]
    assert open_at(opening, walls, "US").tolist() == [True, False, False, False]
    assert not open_at(OpeningHours(()), walls).any()


def test_the_sample_city_is_read_whole() -> None:
    with (ROOT / "sample_data/city/services.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["opening_hours"] for row in csv.DictReader(file)]
    assert texts
    for text in texts:
        assert code(text).replace("Mo-Su 00:00-24:00", "24/7") == text


HOURS = st.builds(
    Hours,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)


@given(HOURS, st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1)))  # noqa: DTZ001
def test_what_the_program_writes_it_reads(hours: Hours, wall: datetime) -> None:
    found = read_opening_hours(hours.in_code())
    assert found is not None
    walls = np.array([wall], dtype="datetime64[us]")
    whole = OpeningHours((hours,))
    assert open_at(found, walls).tolist() == open_at(whole, walls).tolist()


@given(
    st.text(max_size=30)
    | st.lists(
        st.sampled_from(
            [
                "Mo",
                "-",
                "Fr",
                " ",
                "08:00",
                "5pm",
                ",",
                ";",
                "PH",
                "off",
                "24/7",
                "to",
                ":",
                "daily",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_read_or_left(text: str) -> None:
    found = read_opening_hours(text)
    assert found is None or isinstance(found.hours, tuple)


def test_real_lists_name_no_hours_or_ones_that_are_read(shared_data: Path) -> None:
    """The lists of services that we have tell names and places; none of them tells hours."""
    lists = [
        shared_data / "cincinnati/naloxone_distribution_sites.csv",
        *sorted((shared_data / "services_us").glob("*.csv")),
    ]
    for path in lists:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = next(csv.reader(file))
        assert not [name for name in head if "hour" in name.casefold()], path.name


def test_midnight_is_the_end_of_a_day() -> None:
    found = read_opening_hours("Mo 20:00-24:00")
    assert found == OpeningHours((Hours((0,), time(20), time(0)),))
    assert read_opening_hours("24/7") == OpeningHours((Hours(EVERY_DAY, time(0), time(0)),))
