"""A day and a time of day as people type them in one field; what is neither is never guessed at."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from gisapp.errors import DataError
from gisapp.ui.widgets.fields import parse_clock, parse_day

#: Years that a moment may lie in: others are slips, such as an hour typed where the year stands.
_FIRST, _LAST = 1900, 2199
_HINT = "Write it such as 2026-11-06 21:30, or 21:30 alone for the day that is shown."
#: A time of day that is whole as it stands; `21` may still become `21:30`, or a year.
_WHOLE_CLOCK = r"\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?"
_ENDS_IN_CLOCK = re.compile(rf"(?:(.*\d)(?:\s+|t))?({_WHOLE_CLOCK})", re.IGNORECASE)
_LOOSE_CLOCK = re.compile(r"(.*\d{4}.*?|)\s*\b(\d{1,2}|\d{4}|\d{1,2}\s*[ap]\.?m\.?)", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


def whole_moment(text: str, shown: datetime) -> datetime | None:
    """What is typed where it is a whole moment already, by the clocks on the spot, without a zone.

    A time of day alone is one of the day that is shown. None while more may come, or where it is
    no moment.
    """
    found = _ENDS_IN_CLOCK.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    try:
        return datetime.combine(_day(found[1], shown), parse_clock(found[2]))
    except DataError:
        return None


def typed_moment(text: str, shown: datetime) -> datetime:
    """What is typed and left so: also hours without minutes, and a day alone at the time shown.

    DataError with a hint where it is no moment, such as 30 February.
    """
    tidy = " ".join(text.split())
    found = whole_moment(tidy, shown)
    if found is not None:
        return found
    try:
        day, clock = _parts(tidy, shown)
    except DataError:
        raise DataError(f"“{tidy}” is not a moment.", _HINT) from None
    return datetime.combine(day, clock)


def _parts(text: str, shown: datetime) -> tuple[date, time]:
    if not text:
        raise DataError("No moment is typed.", _HINT)
    ends = _ENDS_IN_CLOCK.fullmatch(text)
    if ends is not None:
        return _day(ends[1], shown), parse_clock(ends[2])
    try:
        return _day(text, shown), shown.time()
    except DataError:
        loose = _LOOSE_CLOCK.fullmatch(text)
        if loose is None:
            raise
        return _day(loose[1], shown), parse_clock(loose[2])


def _day(text: str | None, shown: datetime) -> date:
    """The day that is typed; that which is shown where none is."""
    if not text:
        return shown.date()
    year_first = _YEAR_FIRST.fullmatch(text)
    day = parse_day("-".join(year_first.groups()) if year_first else text)
    if day is None or not _FIRST <= day.year <= _LAST:
        raise DataError(f"“{text}” is not a day.", _HINT)
    return day
