"""Times in a condition: read once for all, and refused where the clocks leave a doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

_MINUTE = timedelta(minutes=1)
#: The longest that clocks were ever put forward, by a whole day on some islands.
_LONGEST_GAP = 24 * 60
#: A year somewhere, and not day and month before it, which people read in two ways.
_YEAR = re.compile(r"(?<!\d)\d{4}")
_YEAR_LAST = re.compile(r"\s*\d{1,2}[./-]\d{1,2}[./-]\d")
#: A day, a month or a year with nothing said about the time of day.
_WHOLE = re.compile(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\s*")
SUCH_AS = "Write it such as '2025-03-01' or '2025-03-01 22:00'."


class Unclear(Exception):
    """What in a condition cannot be understood; `hint` says what to write, if that is known."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a time by the clocks of a zone is none, or two; and the times it may stand for."""

    reason: str
    meant: tuple[str, ...]

    def hint(self, quote: str = "") -> str:
        """What to write instead, each time between these quotes."""
        times = [f"{quote}{text}{quote}" for text in self.meant]
        if len(times) == 1:
            return f"Write {times[0]}, what they showed next."
        return f"Write {times[0]} for the first or {times[1]} for the second."


def doubt(moment: datetime, zone: ZoneInfo) -> Doubt | None:
    """What is doubtful about a time that clocks show; None where it came just once."""
    wall = moment.replace(tzinfo=zone, fold=0)
    first, second = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if first is None or second is None or first == second:
        return None
    text = spelled(moment)
    if first > second:
        both = tuple(spelled(wall.replace(fold=fold)) for fold in (0, 1))
        return Doubt(f"{text} comes twice in {zone.key}, where the clocks go back then", both)
    later = moment.replace(second=0, microsecond=0)
    for _ in range(_LONGEST_GAP):
        later += _MINUTE
        if doubtless(later, zone):
            break
    return Doubt(
        f"{text} never comes in {zone.key}, where the clocks go forward over it", (spelled(later),)
    )


def doubtless(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of a zone show a time just once."""
    wall = moment.replace(tzinfo=zone, fold=0)
    return wall.utcoffset() == wall.replace(fold=1).utcoffset()


def spelled(moment: datetime) -> str:
    """A moment as it is written in a condition: no seconds where there are none."""
    exact = moment.second or moment.microsecond
    return moment.isoformat(" ") if exact else moment.isoformat(" ", "minutes")


def moment_in(text: str, arrow: pa.DataType, *, typed: bool = True) -> Any:
    """A moment as a value of a column of times, by the clocks of its zone.

    Unclear where it is no time or leaves a doubt; where somebody `typed` it, also where it does
    not begin with the year. Projects from before that was asked may hold other ways to write it.
    """
    import pandas as pd

    said = text.strip()[:60]
    if typed and (_YEAR_LAST.match(text) or not _YEAR.search(text)):
        raise Unclear(f"“{said}” is not a day or time with its year first", SUCH_AS)
    try:
        moment = pd.Timestamp(text)
        if arrow.tz is None:
            if moment.tzinfo is not None:
                raise Unclear(f"“{said}” names a zone, and the column has none", SUCH_AS)
            return pa.scalar(moment.as_unit("us"), arrow)
        if moment.tzinfo is None:
            found = doubt(moment.to_pydatetime(warn=False), ZoneInfo(arrow.tz))
            if found is not None:
                raise Unclear(found.reason, found.hint("'"))
            moment = moment.tz_localize(arrow.tz)
        return pa.scalar(moment.as_unit("us"), pa.timestamp("us", arrow.tz))
    except (ValueError, TypeError, OverflowError, NotImplementedError, pa.ArrowInvalid) as error:
        raise Unclear(f"“{said}” is not a day or time", SUCH_AS) from error


def whole_of(text: str) -> tuple[datetime, datetime] | None:
    """The ends of the day, month or year that a text names; None where it names a time of day."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = datetime.combine(date(year, month or 1, day or 1), time())
        if day:
            return first, first + timedelta(days=1)
        if month:
            year, month = year + month // 12, month % 12 + 1
            return first, first.replace(year=year, month=month)
        return first, first.replace(year=year + 1)
    except (ValueError, OverflowError):
        return None
