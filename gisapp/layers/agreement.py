"""An agreement: who agreed what with whom, from when to when, for whom, at what hours."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.vocabulary import Activity, Exemption, PartyRole

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Status(StrEnum):
    """What the partners say of the agreement; the dates say the rest (see `standing_on`)."""

    DRAFT = "draft"
    AGREED = "agreed"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Standing(StrEnum):
    """How an agreement stands on a day: status, dates and signatures taken together."""

    IN_FORCE = "in force"
    AGREED = "agreed, not yet in force"
    UNSIGNED = "not signed by all parties"
    DRAFT = "draft"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    PROPOSED = "no agreement"

    @property
    def label(self) -> str:
        return self.value[0].upper() + self.value[1:]


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation bound by an agreement; `signed_on` is None until it has signed."""

    organisation: str
    role: PartyRole
    signatory: str = ""
    signed_on: date | None = None


#: Stands for the parties of an agreement that names none: it is signed by nobody.
_NOBODY = Party("", PartyRole.COMMUNITY)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours in local time. An end at or before the start lies on the next day.

    `days` are 0 (Monday) to 6 (Sunday), the days on which the hours start. Start is included,
    end is not. Equal start and end mean the whole day round.
    """

    days: tuple[int, ...]
    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.days or any(not 0 <= day <= 6 for day in self.days):
            raise ValueError("hours need days from 0 (Monday) to 6 (Sunday)")

    def _minutes(self) -> list[tuple[int, int]]:
        """Spans [from, to) in minutes of the week, cut where the week ends."""
        start = self.start.hour * 60 + self.start.minute
        end = self.end.hour * 60 + self.end.minute
        length = (end - start) % 1440 or 1440
        week = 7 * 1440
        spans = []
        for day in self.days:
            begin = day * 1440 + start
            stop = begin + length
            spans.append((begin, min(stop, week)))
            if stop > week:
                spans.append((0, stop - week))
        return spans

    def hold(self, minute_of_week: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the minutes since Monday 00:00 lie in these hours."""
        inside = np.zeros(len(minute_of_week), dtype=bool)
        for begin, stop in self._minutes():
            inside |= (minute_of_week >= begin) & (minute_of_week < stop)
        return inside

    def in_words(self) -> str:
        """`Monday to Friday 08:00–20:00`."""
        clock = f"{self.start:%H:%M}–{self.end:%H:%M}"
        if self.end < self.start:
            clock = f"from {self.start:%H:%M}" if self.end == time(0) else f"{clock} the next day"
            clock += " to midnight" if self.end == time(0) else ""
        if self.start == self.end:
            clock = "all day" if self.start == time(0) else f"from {self.start:%H:%M} for 24 hours"
        days = sorted(set(self.days))
        if len(days) == 7:
            return f"Every day {clock}"
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return f"{DAYS[days[0]]} to {DAYS[days[-1]]} {clock}"
        return f"{', '.join(DAYS[day] for day in days)} {clock}"

    def in_code(self) -> str:
        """`Mo-Fr 08:00-20:00`, as OpenStreetMap's opening_hours writes it.

        An end at or before the start lies on the next day, as in `Fr-Sa 19:00-07:00`.
        """
        runs: list[list[int]] = []
        for day in sorted(set(self.days)):
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        names = [DAYS[day][:2] for day in range(7)]
        days = ",".join(
            names[run[0]] if len(run) == 1 else f"{names[run[0]]}-{names[run[-1]]}" for run in runs
        )
        end = "24:00" if self.end == time(0) else f"{self.end:%H:%M}"
        return f"{days} {self.start:%H:%M}-{end}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms that police and partners settled on; zones carry them on the ground.

    `effective` and `expires` are whole days in `timezone`, both included. An empty `hours`
    means at all hours. `radius_basis` records who settled on a radius and how.
    """

    title: str
    status: Status = Status.DRAFT
    parties: tuple[Party, ...] = ()
    effective: date | None = None
    expires: date | None = None
    suspended: tuple[Activity, ...] = ()
    persons: str = ""
    exceptions: tuple[Exemption, ...] = ()
    hours: tuple[Hours, ...] = ()
    timezone: str = "UTC"
    radius_basis: str = ""
    units_bound: str = ""
    referral_contact: str = ""
    legal_basis: str = ""
    notes: str = ""
    version: int = 1
    superseded_on: date | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def signed(self) -> bool:
        """Whether it names parties and every one of them has signed, or will on a known day."""
        return bool(self.parties) and all(party.signed_on is not None for party in self.parties)

    @property
    def first_day(self) -> date | None:
        """The day on which it comes into force: effective, and signed by all. None if unknown."""
        if self.effective is None or not self.signed:
            return None
        signatures = (party.signed_on for party in self.parties if party.signed_on is not None)
        return max(self.effective, *signatures)

    def suspends(self, activity: Activity) -> bool:
        return activity in self.suspended

    def standing_on(self, day: date) -> Standing:
        """How it stands on a day; `hours` are not looked at.

        An agreed agreement comes into force by itself on its effective day once all have
        signed, and ends after its last day, so nobody has to remember to change the status.
        """
        fixed = {
            Status.DRAFT: Standing.DRAFT,
            Status.SUSPENDED: Standing.SUSPENDED,
            Status.WITHDRAWN: Standing.WITHDRAWN,
            Status.EXPIRED: Standing.EXPIRED,
        }
        if self.status in fixed:
            return fixed[self.status]
        if self.status is Status.SUPERSEDED and (
            self.superseded_on is None or day >= self.superseded_on
        ):
            return Standing.SUPERSEDED
        if self.expires is not None and day > self.expires:
            return Standing.EXPIRED
        if not all(
            party.signed_on and party.signed_on <= day for party in self.parties or (_NOBODY,)
        ):
            return Standing.UNSIGNED
        if self.effective is None or day < self.effective:
            return Standing.AGREED
        return Standing.IN_FORCE

    def in_force(self, at: datetime) -> bool:
        """Whether it holds at a moment, hours included. `at` must carry a time zone."""
        if at.tzinfo is None:
            raise ValueError("in_force needs a moment with a time zone")
        local = at.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        return bool(self.in_force_local(np.array([local], dtype="datetime64[us]"))[0])

    def in_force_local(self, local: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """The same for many wall-clock times (datetime64[us]) in `timezone`; False for NaT."""
        known = ~np.isnat(local)
        result = np.zeros(len(local), dtype=bool)
        ever = self.status in (Status.AGREED, Status.IN_FORCE, Status.SUPERSEDED)
        if not ever or self.first_day is None:
            return result
        days = local.astype("datetime64[D]")
        holds = known & (days >= np.datetime64(self.first_day, "D"))
        if self.expires is not None:
            holds &= days <= np.datetime64(self.expires, "D")
        if self.status is Status.SUPERSEDED:
            if self.superseded_on is None:
                return result
            holds &= days < np.datetime64(self.superseded_on, "D")
        if not self.hours:
            return holds
        which = np.flatnonzero(holds)
        minutes = minute_of_week(local[which])
        in_hours = np.zeros(len(which), dtype=bool)
        for hours in self.hours:
            in_hours |= hours.hold(minutes)
        result[which] = in_hours
        return result

    @property
    def takes_over(self) -> bool:
        """Whether its first day ends the version before; a draft or unsigned one ends nothing."""
        return self.status is not Status.DRAFT and self.first_day is not None

    def superseded_by(self, later: Agreement) -> Agreement:
        """This version as it stands beside a later one.

        It holds until the later one takes over. One that was never in force (a draft, say) stays
        what it was, lest it seem to have held.
        """
        held = self.status in (Status.AGREED, Status.IN_FORCE)
        if not (held and later.takes_over):
            return self
        return replace(self, status=Status.SUPERSEDED, superseded_on=later.first_day)

    def hours_in_words(self) -> str:
        if not self.hours:
            return "At all hours"
        return "; ".join(hours.in_words() for hours in self.hours) + f" ({self.timezone})"

    def hours_in_code(self) -> str:
        """The hours for other programs: `24/7`, or `Mo-Fr 08:00-20:00; Sa 10:00-16:00`."""
        return "; ".join(hours.in_code() for hours in self.hours) or "24/7"

    def validity_in_words(self) -> str:
        """`1 January 2025 to 30 June 2026`, `from 1 January 2025`."""
        if self.effective is None:
            return "no start date yet"
        start = day_in_words(self.effective)
        return f"{start} to {day_in_words(self.expires)}" if self.expires else f"from {start}"


def minute_of_week(local: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Minutes since Monday 00:00 of the wall-clock times. 1970-01-01 was a Thursday."""
    minutes = local.astype("datetime64[m]").astype(np.int64)
    return (minutes + 3 * 1440) % (7 * 1440)


def day_in_words(day: date) -> str:
    """`6 March 2025`, with no zero in front and no doubt about the month."""
    return f"{day.day} {day:%B %Y}"
