"""A shift, and at which of its minutes zones hold: local hours that may run over midnight."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.moments import Moments
from gisapp.layers.project import Project
from gisapp.layers.schedule import DAYS
from gisapp.layers.zone import Zone

_MINUTE_US = 60_000_000
#: First and last minute of a stretch, the last one not included.
_Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shift:
    """From one moment to before another, both with the time zone of the place.

    Clocks that are put forward or back in between make it an hour shorter or longer.
    """

    start: datetime
    end: datetime

    @classmethod
    def of(cls, day: date, start: time, end: time, timezone: str) -> Shift:
        """The shift that starts on a day; an end at or before the start lies on the next day."""
        zone = ZoneInfo(timezone)
        last = day if end > start else day + timedelta(days=1)
        return cls(datetime.combine(day, start, zone), datetime.combine(last, end, zone))

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def is_whole_day(self) -> bool:
        return self.start.time() == self.end.time() == time(0)

    @property
    def hours_in_words(self) -> str:
        """`19:00–03:00`; `all day` for the day from midnight to midnight."""
        return "all day" if self.is_whole_day else f"{self.start:%H:%M}–{self.end:%H:%M}"

    def in_words(self) -> str:
        """`Friday 27 March 2026, 22:00 to 02:00 on Saturday`."""
        words = f"{DAYS[self.day.weekday()]} {day_in_words(self.day)}"
        if self.is_whole_day:
            return f"{words}, all day"
        until = f"{self.end:%H:%M}"
        if self.end.date() != self.day:
            until += f" on {DAYS[self.end.weekday()]}"
        return f"{words}, {self.start:%H:%M} to {until}"

    def in_short(self) -> str:
        """`27 March 2026, 22:00–02:00`."""
        return f"{day_in_words(self.day)}, {self.hours_in_words}"

    def minutes(self) -> NDArray[np.int64]:
        """Every minute of it, in microseconds since 1970 in UTC."""
        first, last = (
            int(at.astimezone(UTC).timestamp()) * 1_000_000 for at in (self.start, self.end)
        )
        return np.arange(first, last, _MINUTE_US, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of a shift, from the first moment to before the last, in local time."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A zone under one version of its agreement, and the stretches at which it holds."""

    zone: Zone
    terms: Agreement
    spells: tuple[Spell, ...]


def held_in(project: Project, zones: Sequence[Zone], shift: Shift) -> tuple[Held, ...]:
    """Which zones hold at any minute of a shift, in their order; each version by itself."""
    minutes = shift.minutes()
    moments = Moments.of(minutes.view("datetime64[us]"))
    known: dict[Hashable, tuple[tuple[Agreement, tuple[Spell, ...]], ...]] = {}
    found: list[Held] = []
    for zone in zones:
        # A zone under another name has forgotten the service whose hours it may follow.
        own = project.zones.get(zone.id, zone)
        key = project.hold_key(own)
        if key not in known:
            under = project.held_under(own, moments)
            known[key] = tuple((terms, spells_of(holds, shift)) for terms, holds in under)
        found += [Held(zone, terms, spells) for terms, spells in known[key] if spells]
    return tuple(found)


def spells_of(holds: NDArray[np.bool_], shift: Shift) -> tuple[Spell, ...]:
    """The stretches of a shift at whose minutes something is true."""
    return tuple(Spell(_at(shift, start), _at(shift, end)) for start, end in _runs(holds))


def spells_in_words(spells: Sequence[Spell], shift: Shift) -> str:
    """`the whole shift`, `until 20:00`, `from 22:00`, or `19:00–20:00 and 22:00–23:00`."""
    if len(spells) == 1:
        (one,) = spells
        if (one.start, one.end) == (shift.start, shift.end):
            return "All day" if shift.is_whole_day else "The whole shift"
    return " and ".join(f"{one.start:%H:%M}–{one.end:%H:%M}" for one in spells)


def _runs(holds: NDArray[np.bool_]) -> list[_Run]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
    pairs: list[_Run] = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    return pairs


def _at(shift: Shift, minute: int) -> datetime:
    moved = shift.start.astimezone(UTC) + timedelta(minutes=minute)
    return moved.astimezone(shift.start.tzinfo)
