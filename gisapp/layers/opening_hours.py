"""When a service is open, read from the text that stands in its list.

Two ways of writing are read: the common part of OpenStreetMap's opening_hours
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification), such as
`Mo-Fr 08:00-18:00; Sa 10:00-14:00; PH off`, and plain English such as `Mon-Fri 9am-5pm`. Text
that could mean two things is not read at all: seasons, `by appointment`, `9-5`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.schedule import Calendar, Hours, OnHolidays, hours_hold

#: Start and end in minutes of the day; an end past 1440 lies on the next day.
_Clock = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a service is open, in local time. Without `hours` it never is.

    `on_holidays` is what the text says of public holidays; whose they are it does not say.
    """

    hours: tuple[Hours, ...]
    on_holidays: OnHolidays = OnHolidays.AS_USUAL


def open_at(
    opening: OpeningHours, local: NDArray[np.datetime64], region: str = ""
) -> NDArray[np.bool_]:
    """At which wall-clock times (datetime64[us], none NaT) a service is open.

    `region` is whose public holidays count (`US-OH`); without it they are like other days.
    """
    if not opening.hours and opening.on_holidays is not OnHolidays.ALL_DAY:
        return np.zeros(len(local), dtype=bool)
    # Nobody's own hours stand behind these: no hours are never, not always.
    calendar = Calendar(holidays=region, on_holidays=opening.on_holidays, service_hours=True)
    return hours_hold(opening.hours, calendar, None, local)


@lru_cache(maxsize=4096)
def read_opening_hours(text: str) -> OpeningHours | None:
    """The opening hours that a text says; None where it cannot be read without a guess."""
    tokens = _tokens(text)
    if not tokens:
        return None
    try:
        return _Reader(tokens).read()
    except _UnreadableError:
        return None


class _UnreadableError(Exception):
    """The text says something that is not understood."""


# Words

_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Shorter ways of writing each day. `T`, `S` and the like are not read: they are two days each.
_SHORT = (
    ("mo", "mon"),
    ("tu", "tue", "tues"),
    ("we", "wed", "weds"),
    ("th", "thu", "thur", "thurs"),
    ("fr", "fri"),
    ("sa", "sat"),
    ("su", "sun"),
)
_WORDS: dict[str, tuple[str, object]] = {
    "ph": ("holiday", None),
    "public holidays": ("holiday", None),
    "bank holidays": ("holiday", None),
    "daily": ("days", (0, 1, 2, 3, 4, 5, 6)),
    "every day": ("days", (0, 1, 2, 3, 4, 5, 6)),
    "7 days a week": ("days", (0, 1, 2, 3, 4, 5, 6)),
    "weekdays": ("days", (0, 1, 2, 3, 4)),
    "weekends": ("days", (5, 6)),
    "off": ("off", None),
    "closed": ("off", None),
    "24/7": ("always", None),
    "open 24 hours": ("all day", None),
    "24 hours": ("all day", None),
    "24 hours a day": ("all day", None),
    "all day": ("all day", None),
    "open": ("open", None),
    "to": ("-", None),
    "until": ("-", None),
    "till": ("-", None),
    "through": ("-", None),
    "thru": ("-", None),
    "and": ("&", None),
    "noon": ("clock", (720, True)),
    "midday": ("clock", (720, True)),
    "midnight": ("clock", (0, True)),
}
for _number, _name in enumerate(_DAY_NAMES):
    for _word in (_name, f"{_name}s", *_SHORT[_number]):
        _WORDS[_word] = ("day", _number)

_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
_NAMED = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<word>(?:{_NAMED})(?![\w/]))\.?|(?P<clock>{_CLOCK})|(?P<mark>[-–—−,;:&\n])"
)
_MARKS = dict.fromkeys("–—−", "-") | {"\n": ";"}


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the text: its kind, and what it stands for."""

    kind: str
    value: object = None


@dataclass(frozen=True, slots=True)
class _Told:
    """A time of day in minutes, and how sure it is which half of the day is meant.

    `strict` is a time of two digits and minutes (`08:00`), as OpenStreetMap writes it; `by_half`
    one with am or pm.
    """

    minute: int
    sure: bool
    strict: bool = False
    by_half: bool = False


def _tokens(text: str) -> list[_Token]:
    """The words of a text; none where some of it is no word that is known."""
    rest = text.strip().casefold()
    found: list[_Token] = []
    at = 0
    while at < len(rest):
        if rest[at] in " \t\r\u00a0\u2009":
            at += 1
            continue
        match = _TOKEN.match(rest, at)
        if match is None:
            return []
        token = _token(match)
        if token is None:
            return []
        found.append(token)
        at = match.end()
    return found


def _token(match: re.Match[str]) -> _Token | None:
    if match["word"]:
        kind, value = _WORDS[match["word"]]
        if kind == "clock":
            assert isinstance(value, tuple)
            return _Token("clock", _Told(value[0], sure=True))
        return _Token(kind, value)
    if match["mark"]:
        return _Token(_MARKS.get(match["mark"], match["mark"]))
    told = _told(match)
    return _Token("clock", told) if told else None


def _told(match: re.Match[str]) -> _Told | None:
    """The time of day that a match says, or None where there is none such."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "")[:1]
    # OpenStreetMap writes 02:00 on the next day as 26:00.
    if minute > 59 or hour > 48 or (half and not 1 <= hour <= 12):
        return None
    if half:
        return _Told((hour % 12 + 12 * (half == "p")) * 60 + minute, sure=True, by_half=True)
    strict = len(match["hour"]) == 2 and match["minute"] is not None
    return _Told(hour * 60 + minute, sure=hour > 12 or hour == 0, strict=strict)


# Rules


@dataclass(slots=True)
class _Rule:
    """Days with the hours at which a service is open on them; no hours are a day it is closed."""

    days: tuple[int, ...] = ()
    holidays: bool = False
    clocks: tuple[_Clock, ...] = ()


class _Reader:
    """Reads rules from left to right; a later rule says anew what holds on its days."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def read(self) -> OpeningHours:
        week: dict[int, tuple[_Clock, ...]] = {}
        holiday: tuple[_Clock, ...] | None = None
        adds = False
        while True:
            while self._is(";"):
                self._at += 1
                adds = False
            if self._done:
                break
            rule = self._rule()
            for day in rule.days:
                week[day] = _joined(week.get(day, ()) if adds else (), rule.clocks)
            if rule.holidays:
                holiday = _joined((holiday or ()) if adds else (), rule.clocks)
            if not self._done and not self._is(";", ","):
                raise _UnreadableError
            adds = self._is(",")
            self._at += 1
        if not week:
            # A text on holidays alone says nothing of other days.
            raise _UnreadableError
        return OpeningHours(_as_hours(week), _on_holidays(holiday, week))

    @property
    def _done(self) -> bool:
        return self._at >= len(self._tokens)

    def _is(self, *kinds: str, ahead: int = 0) -> bool:
        at = self._at + ahead
        return at < len(self._tokens) and self._tokens[at].kind in kinds

    def _rule(self) -> _Rule:
        if self._is("always"):
            self._at += 1
            return _Rule(tuple(range(7)), clocks=((0, 1440),))
        self._skip("open")
        days, holidays = self._days()
        if not days and not holidays:
            days = tuple(range(7))
        self._skip(":", "open")
        if self._is("off"):
            self._at += 1
            return _Rule(days, holidays)
        clocks = self._clocks()
        self._skip("open")
        if self._is(",") and self._is("days", ahead=1):
            self._at += 1
        if not self._is("days"):
            return _Rule(days, holidays, clocks)
        # `24 hours a day, 7 days a week` and `9am-5pm daily` name their days last.
        if len(days) < 7 or holidays:
            raise _UnreadableError
        return _Rule(self._named_days(), holidays, clocks)

    def _skip(self, *kinds: str) -> None:
        while self._is(*kinds):
            self._at += 1

    def _days(self) -> tuple[tuple[int, ...], bool]:
        """The days that a rule names, and whether public holidays are among them."""
        days: set[int] = set()
        holidays = False
        while True:
            if self._is("holiday"):
                self._at += 1
                holidays = True
            elif self._is("days"):
                days |= set(self._named_days())
            elif self._is("day"):
                days |= set(self._run_of_days())
            else:
                break
            # A comma goes on with days only if a day follows it.
            more = self._is(",", "&") and self._is("day", "days", "holiday", ahead=1)
            if more:
                self._at += 1
        return tuple(sorted(days)), holidays

    def _named_days(self) -> tuple[int, ...]:
        value = self._tokens[self._at].value
        self._at += 1
        assert isinstance(value, tuple)
        return value

    def _run_of_days(self) -> tuple[int, ...]:
        first = self._one_day()
        if not self._is("-"):
            return (first,)
        self._at += 1
        if not self._is("day"):
            raise _UnreadableError
        last = self._one_day()
        return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))

    def _one_day(self) -> int:
        value = self._tokens[self._at].value
        self._at += 1
        assert isinstance(value, int)
        return value

    def _clocks(self) -> tuple[_Clock, ...]:
        """Times of a rule: `08:00-12:00,13:00-17:00`, or all day."""
        if self._is("all day"):
            self._at += 1
            return ((0, 1440),)
        found = [self._clock()]
        while self._is(",", "&") and self._is("clock", ahead=1):
            self._at += 1
            found.append(self._clock())
        return tuple(found)

    def _clock(self) -> _Clock:
        start = self._told()
        if not self._is("-"):
            raise _UnreadableError
        self._at += 1
        return _clock_between(start, self._told())

    def _told(self) -> _Told:
        if not self._is("clock"):
            raise _UnreadableError
        value = self._tokens[self._at].value
        self._at += 1
        assert isinstance(value, _Told)
        return value


def _clock_between(start: _Told, end: _Told) -> _Clock:
    """Start and end in minutes, where there is one way alone to read them.

    `08:00-18:00` and `9am-5pm` say it themselves. `9:00-17:00` counts to 24, so 9 is in the
    morning. `9-5` and `9-5pm` leave it open which half of the day the 9 is in.
    """
    as_written = start.strict and end.strict
    counts_to_24 = end.minute >= 13 * 60 > start.minute and not (start.by_half or end.by_half)
    both_said = start.sure and end.sure
    if start.minute >= 1440 or not (as_written or both_said or counts_to_24):
        raise _UnreadableError
    stop = end.minute if end.minute > start.minute else end.minute + 1440
    if stop - start.minute > 1440:
        raise _UnreadableError
    return start.minute, stop


# What the rules come to


def _joined(before: tuple[_Clock, ...], more: tuple[_Clock, ...]) -> tuple[_Clock, ...]:
    """Hours of a day that a comma adds to; a day that is closed after it is closed.

    `Mon-Fri 9am-5pm, Wed 10am-2pm` adds nothing in one way of writing, and is an exception in
    the other.
    """
    if any(begin < end and start < stop for start, end in before for begin, stop in more):
        raise _UnreadableError
    return (*before, *more) if more else ()


def _as_hours(week: dict[int, tuple[_Clock, ...]]) -> tuple[Hours, ...]:
    """Weekly hours, with the days that share a start and an end in one."""
    by_clock: dict[_Clock, list[int]] = {}
    for day, clocks in sorted(week.items()):
        for clock in clocks:
            days = by_clock.setdefault(clock, [])
            if day not in days:
                days.append(day)
    return tuple(
        Hours(tuple(days), _time(start), _time(stop)) for (start, stop), days in by_clock.items()
    )


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _on_holidays(
    holiday: tuple[_Clock, ...] | None, week: dict[int, tuple[_Clock, ...]]
) -> OnHolidays:
    if holiday is None:
        return OnHolidays.AS_USUAL
    if not holiday:
        return OnHolidays.NOT
    if holiday == ((0, 1440),):
        return OnHolidays.ALL_DAY
    if sorted(holiday) == sorted(week.get(6, ())):
        return OnHolidays.AS_SUNDAY
    raise _UnreadableError
