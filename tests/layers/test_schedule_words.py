"""Hours and their calendar as a sentence, and as the code that other programs read."""

from __future__ import annotations

from datetime import date, time

import pytest

from gisapp.layers.schedule import Calendar, Hours, OnHolidays, SpecialDay
from gisapp.layers.schedule_words import in_code, in_words

DAYS = Hours((0, 1, 2, 3, 4), time(8), time(20))
SUNDAY = Hours((6,), time(10), time(12))
CHRISTMAS = SpecialDay(date(2025, 12, 25))
EVE = SpecialDay(date(2025, 12, 24), time(20), time(2))


@pytest.mark.parametrize(
    ("hours", "calendar", "code"),
    [
        ((), Calendar(), "24/7"),
        ((DAYS, SUNDAY), Calendar(), "Mo-Fr 08:00-20:00; Su 10:00-12:00"),
        # More hours of one day are added after a comma; after a semicolon they would replace.
        (
            (DAYS, Hours((0,), time(21), time(22))),
            Calendar(),
            "Mo-Fr 08:00-20:00, Mo 21:00-22:00",
        ),
        (
            (Hours((4,), time(22), time(6)), Hours((5,), time(10), time(12))),
            Calendar(),
            "Fr 22:00-06:00, Sa 10:00-12:00",
        ),
        ((DAYS,), Calendar(holidays="GB", on_holidays=OnHolidays.NOT), "Mo-Fr 08:00-20:00; PH off"),
        (
            (DAYS, SUNDAY),
            Calendar(holidays="GB", on_holidays=OnHolidays.AS_SUNDAY),
            "Mo-Fr 08:00-20:00; Su 10:00-12:00; PH 10:00-12:00",
        ),
        (
            (DAYS,),
            Calendar(holidays="GB", on_holidays=OnHolidays.ALL_DAY),
            "Mo-Fr 08:00-20:00; PH 00:00-24:00",
        ),
        (
            (),
            Calendar(special=(CHRISTMAS, EVE)),
            "24/7; 2025 Dec 24 20:00-02:00; 2025 Dec 25 off",
        ),
        (
            (DAYS, SUNDAY),
            Calendar("FREQ=MONTHLY"),
            'Mo-Fr 08:00-20:00 unknown "on the days of the rule FREQ=MONTHLY"; '
            'Su 10:00-12:00 unknown "on the days of the rule FREQ=MONTHLY"',
        ),
        ((), Calendar(service_hours=True), '24/7 unknown "while the service is open"'),
        ((DAYS,), Calendar(service_hours=True), "Mo-Fr 08:00-20:00"),
    ],
)
def test_in_code(hours: tuple[Hours, ...], calendar: Calendar, code: str) -> None:
    assert in_code(hours, calendar) == code


def test_in_words() -> None:
    assert in_words((), Calendar(), "UTC") == "At all hours"
    unknown = in_words((), Calendar(service_hours=True), "UTC")
    assert unknown == "While the service is open: its hours are not known (UTC)"
    calendar = Calendar("FREQ=MONTHLY", (CHRISTMAS,), "GB", OnHolidays.NOT)
    assert in_words((SUNDAY,), calendar, "UTC") == (
        f"{SUNDAY.in_words()}; on the days of the rule FREQ=MONTHLY; not on 25 December 2025; "
        "not on public holidays (GB) (UTC)"
    )
