"""An agreement: who agreed what with whom, from when to when, for whom, at what hours."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gisapp.layers import schedule_words
from gisapp.layers.calendar_days import day_after
from gisapp.layers.schedule import DAYS as DAYS
from gisapp.layers.schedule import Calendar, hours_hold
from gisapp.layers.schedule import Hours as Hours
from gisapp.layers.schedule import minute_of_week as minute_of_week
from gisapp.layers.schedule_words import calendar_in_words as calendar_in_words
from gisapp.layers.schedule_words import day_in_words as day_in_words
from gisapp.layers.terms import Offence, Terms, Threshold
from gisapp.layers.vocabulary import (
    Activity,
    Exemption,
    Formality,
    PartyRole,
    Seized,
    Transit,
    Visibility,
)


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


_ONE_DAY = np.timedelta64(1, "D")

#: Statuses that the dates say nothing about: as the partners put it, so it stands.
_FIXED = {
    Status.DRAFT: Standing.DRAFT,
    Status.SUSPENDED: Standing.SUSPENDED,
    Status.WITHDRAWN: Standing.WITHDRAWN,
    Status.EXPIRED: Standing.EXPIRED,
    Status.SUPERSEDED: Standing.SUPERSEDED,
}
_ENDED = (Status.SUSPENDED, Status.WITHDRAWN, Status.EXPIRED)

#: Stands for the parties of an agreement that names none: it is signed by nobody.
_NOBODY = Party("", PartyRole.COMMUNITY)


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A step in the life of an agreement: from the day `on` it is no longer `was`."""

    on: date
    was: Status
    became: Status
    who: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """What law or order an agreement rests on."""

    instrument: str
    jurisdiction: str = ""
    section: str = ""
    url: str = ""

    def in_words(self) -> str:
        """`Misuse of Drugs Act 1971, section 5(2) (Scotland)`."""
        words = ", ".join(filter(None, (self.instrument, self.section)))
        return f"{words} ({self.jurisdiction})" if self.jurisdiction else words


@dataclass(frozen=True, slots=True)
class Liaison:
    """Whom to reach at an organisation, by office: no person's own number."""

    organisation: str
    role: str = ""
    channel: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that belongs to an agreement, known again by its SHA-256; it stays where it is.

    `public` is False where its publication could harm what was agreed.
    """

    title: str
    sha256: str
    file_name: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms that police and partners settled on; zones carry them on the ground.

    `effective` and `expires` are whole days in `timezone`, both included. An empty `hours`
    means at all hours; `calendar` says on which days. `radius_basis` records who settled on a
    radius and how. `history` holds every change of `status`, oldest first; what was in force
    before a suspension stays so for the time before. Fields that are also in `Terms` can be
    set aside for a zone by terms of its own.
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
    legal_basis: tuple[LegalBasis, ...] = ()
    notes: str = ""
    version: int = 1
    superseded_on: date | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    formality: Formality | None = None
    calendar: Calendar = field(default_factory=Calendar)
    suspended_other: str = ""
    offences: tuple[Offence, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    min_age: int | None = None
    dependence_required: bool = False
    registered_clients_only: bool = False
    staff_and_peers_covered: bool = False
    covers_transit: Transit | None = None
    exceptions_other: str = ""
    units_not_bound: str = ""
    if_seized: Seized | None = None
    recording: str = ""
    liaison: tuple[Liaison, ...] = ()
    documents: tuple[Attachment, ...] = ()
    review_every_months: int | None = None
    next_review: date | None = None
    evaluation_design: str = ""
    notice: str = ""
    visibility: Visibility = Visibility.PUBLIC
    history: tuple[StatusChange, ...] = ()

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

    @property
    def terms(self) -> Terms:
        """What it says of every zone that has no terms of its own."""
        return Terms(**{name: getattr(self, name) for name in _TERMS})

    def with_terms(self, terms: Terms) -> Agreement:
        """The same agreement with these terms in place of its own."""
        return replace(self, **{name: getattr(terms, name) for name in _TERMS})

    def status_on(self, day: date) -> Status:
        """What the partners said of it on a day: changes after that day have not happened yet.

        Before a later version took over it was in force, unless its history says otherwise.
        """
        said = self.status
        for change in reversed(self.history):
            if day < change.on:
                said = change.was
        if self.superseded_on is None:
            return said
        if said in (Status.AGREED, Status.IN_FORCE) and day >= self.superseded_on:
            return Status.SUPERSEDED
        if said is Status.SUPERSEDED and day < self.superseded_on:
            return Status.IN_FORCE
        return said

    def standing_on(self, day: date) -> Standing:
        """How it stands on a day; `hours` are not looked at.

        An agreed agreement comes into force by itself on its effective day once all have
        signed, and ends after its last day, so nobody has to remember to change the status.
        """
        status = self.status_on(day)
        if status in _FIXED:
            return _FIXED[status]
        if self.expires is not None and day > self.expires:
            return Standing.EXPIRED
        if not all(
            party.signed_on and party.signed_on <= day for party in self.parties or (_NOBODY,)
        ):
            return Standing.UNSIGNED
        if self.effective is None or day < self.effective:
            return Standing.AGREED
        return Standing.IN_FORCE

    def days_in_force(self) -> tuple[tuple[date, date | None], ...]:
        """The stretches of days on which it stands in force: first and last, both included.

        The last is None where no end is known. Oldest first, with days between them.
        """
        found: list[tuple[date, date | None]] = []
        turns = self.turns()
        for turn, following in zip(turns, [*turns[1:], None], strict=False):
            if self.standing_on(turn) is not Standing.IN_FORCE:
                continue
            last = following - timedelta(days=1) if following else None
            joined = found and found[-1][1] == turn - timedelta(days=1)
            found[-1:] = [(found[-1][0], last)] if joined else [*found[-1:], (turn, last)]
        return tuple(found)

    def turns(self) -> list[date]:
        """The days from which it may stand otherwise than the day before, oldest first."""
        days = {self.effective, self.superseded_on, *(change.on for change in self.history)}
        days |= {party.signed_on for party in self.parties}
        days.add(day_after(self.expires) if self.expires else None)
        return sorted(day for day in days if day is not None)

    def in_force(self, at: datetime) -> bool:
        """Whether it holds at a moment, hours included. `at` must carry a time zone."""
        if at.tzinfo is None:
            raise ValueError("in_force needs a moment with a time zone")
        local = at.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        return bool(self.in_force_local(np.array([local], dtype="datetime64[us]"))[0])

    def in_force_local(self, local: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """The same for many wall-clock times (datetime64[us]) in `timezone`; False for NaT.

        The clock on the wall decides: an hour that happens twice when clocks go back counts both
        times, and one that is left out when they go forward never.
        """
        result = np.zeros(len(local), dtype=bool)
        for first, last in self.days_in_force():
            holds = local >= np.datetime64(first, "us")
            if last is not None:
                holds &= local < np.datetime64(last, "us") + _ONE_DAY
            result |= holds
        if result.all():
            return hours_hold(self.hours, self.calendar, self.first_day, local)
        which = np.flatnonzero(result)
        result[which] = hours_hold(self.hours, self.calendar, self.first_day, local[which])
        return result

    @property
    def takes_over_on(self) -> date | None:
        """The day from which it holds in place of the version before; None if it ends nothing.

        That is the first day on which it is in force: a draft or unsigned one ends nothing, nor
        does one that was withdrawn before it began. One that is suspended or ended from a day
        that nobody wrote down may have held since its first day, so the one before does not.
        """
        held = self.days_in_force()
        if held:
            return held[0][0]
        unknown = not self.history and self.status in (*_ENDED, Status.SUPERSEDED)
        return self.first_day if unknown else None

    def superseded_by(self, later: Agreement) -> Agreement:
        """This version as it stands beside a later one.

        It holds until the later one takes over. One that was never in force (a draft, say) stays
        what it was, lest it seem to have held.
        """
        from_day = later.takes_over_on
        if from_day is None:
            return self
        if self.status in (Status.AGREED, Status.IN_FORCE):
            return replace(self, status=Status.SUPERSEDED, superseded_on=from_day)
        return replace(self, superseded_on=from_day)

    def hours_in_words(self) -> str:
        """`Monday to Friday 08:00–20:00; not on public holidays (GB-ENG) (Europe/London)`."""
        return schedule_words.in_words(self.hours, self.calendar, self.timezone)

    def hours_in_code(self) -> str:
        """The hours for other programs: `24/7`, or `Mo-Fr 08:00-20:00; Sa 10:00-16:00`."""
        return schedule_words.in_code(self.hours, self.calendar)

    def validity_in_words(self) -> str:
        """`1 January 2025 to 30 June 2026`, `from 1 January 2025`."""
        if self.effective is None:
            return "no start date yet"
        start = day_in_words(self.effective)
        return f"{start} to {day_in_words(self.expires)}" if self.expires else f"from {start}"


#: Fields that an agreement and the terms of a zone share.
_TERMS = tuple(one.name for one in fields(Terms))
