"""All that is to be said of one place and moment: zones, exceptions, until when, and where help is.

What a reader may not see is not in it: zones are those of `layers/seen.py`, and no text has the
name of a confidential service in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from gisapp.analysis.look_ups.help_near import NearbyService, nearest, nearest_naloxone
from gisapp.analysis.look_ups.what_applies import Applies, applies_at, unsure_at
from gisapp.layers.agreement import Agreement, Standing
from gisapp.layers.audience import Audience, sees_confidential
from gisapp.layers.confidential import code_of, without_sites
from gisapp.layers.moments import Moments
from gisapp.layers.overlap import disputed
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.seen_words import in_seen_words
from gisapp.layers.vocabulary import Activity
from gisapp.layers.zone import Zone
from gisapp.progress import breathe

_MINUTE = np.timedelta64(60_000_000, "us")
#: How far ahead it is looked when a zone next begins or ends to hold, in days: near, then far.
_AHEAD_DAYS = (10, 400)


@dataclass(frozen=True, slots=True)
class HoldsHere:
    """A zone that holds, and the version of its agreement under which it does.

    `until` is the local moment at which it ends to hold; None where that is over a year away.
    """

    zone: Zone
    agreement: Agreement
    until: datetime | None

    @property
    def applies(self) -> Applies:
        """The same without until when."""
        return Applies(self.zone, self.agreement)

    @property
    def suspended(self) -> tuple[Activity, ...]:
        """What officers do not do there; nothing in a zone of the opposite sign."""
        return self.applies.suspended

    @property
    def suspended_other(self) -> str:
        """What else is not done there, in the words of the agreement."""
        return self.applies.suspended_other

    @property
    def suspended_in_words(self) -> str:
        return self.applies.suspended_in_words


@dataclass(frozen=True, slots=True)
class HoldsNotNow:
    """A zone at the place that does not hold then: why, and the local moment it next does, if any.

    `next` is None where it does not within about a year.
    """

    zone: Zone
    why: str
    next: datetime | None


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What applies at a place (degrees) and a moment, which is in the project's time zone.

    `disputed` are pairs of zones of opposite sign on which nobody decided; `unsure` zones of which
    nobody knows whether they hold, and why. `services` are the nearest that may be open.
    `codes` are, by the id of a zone, the ones that leave the program instead of their ids.
    """

    lon: float
    lat: float
    at: datetime
    timezone: str
    holds: tuple[HoldsHere, ...]
    not_now: tuple[HoldsNotNow, ...]
    disputed: tuple[tuple[Zone, Zone], ...]
    unsure: tuple[tuple[Zone, str], ...]
    services: tuple[NearbyService, ...]
    naloxone: NearbyService | None
    codes: Mapping[str, str] = field(default_factory=dict)

    def id_of(self, zone: Zone) -> str:
        """The id of a zone as the reader may know it."""
        return self.codes.get(zone.id, zone.id)


def answer_at(
    project: Project,
    lon: float,
    lat: float,
    at: datetime,
    *,
    audience: Audience,
    exported: bool,
    services: int = 3,
) -> PlaceAnswer:
    """What a reader, on screen or in a file, is told of a place and a moment with a time zone."""
    shown = seen_by(project, audience, exported=exported)
    seen = shown.zones
    found = [one for one in applies_at(project, lon, lat, at) if one.zone.id in seen]
    unsure = [(zone, why) for zone, why in unsure_at(project, lon, lat, at) if zone.id in seen]
    apart = not sees_confidential(audience, exported=exported)
    holds = []
    for one in found:
        terms = in_seen_words(project, one.agreement) if apart else one.agreement
        holds.append(HoldsHere(seen[one.zone.id], terms, turns_at(project, one.zone, at)))
    told = {one.zone.id for one in found} | {zone.id for zone, _ in unsure}
    not_now = [
        HoldsNotNow(seen[key], why_not(project, zone, at, apart=apart), turns_at(project, zone, at))
        for key, zone in project.zones.items()
        if key in seen and key not in told and _covers(zone, lon, lat)
    ]
    pairs = disputed(project, [one.zone for one in found])
    return PlaceAnswer(
        lon,
        lat,
        at.astimezone(project.tzinfo),
        project.timezone,
        tuple(holds),
        tuple(not_now),
        tuple((seen[plain.id], seen[other.id]) for plain, other in pairs),
        tuple(
            (seen[zone.id], without_sites(project, why) if apart else why) for zone, why in unsure
        ),
        nearest(shown, lon, lat, at, most=services, audience=audience, exported=exported),
        nearest_naloxone(shown, lon, lat, at, audience=audience, exported=exported),
        {one.id: code_of(project, one) for one in _zones(holds, not_now, unsure)} if apart else {},
    )


def _zones(
    holds: Sequence[HoldsHere],
    not_now: Sequence[HoldsNotNow],
    unsure: Sequence[tuple[Zone, str]],
) -> Iterator[Zone]:
    yield from (one.zone for one in holds)
    yield from (one.zone for one in not_now)
    yield from (zone for zone, _ in unsure)


def turns_at(project: Project, zone: Zone, at: datetime) -> datetime | None:
    """The local moment from which a zone holds where it did not, or the other way round.

    By its own agreement: overlaps with others are not looked at. None where that is further than
    about a year away.
    """
    start = at.astimezone(UTC).replace(second=0, microsecond=0)
    if project.agreement_of(zone) is None:
        return None
    for days in _AHEAD_DAYS:
        utc = np.datetime64(start.replace(tzinfo=None), "us") + np.arange(days * 1440) * _MINUTE
        holds = project.counts_at(zone, Moments.of(utc))
        other = np.flatnonzero(holds != holds[0])
        if len(other):
            return (start + timedelta(minutes=int(other[0]))).astimezone(project.tzinfo)
    return None


def why_not(project: Project, zone: Zone, at: datetime, *, apart: bool) -> str:
    """Why a zone does not hold at a moment, in words. `apart` keeps confidential names back."""
    agreement = project.agreement_of(zone)
    if agreement is None:
        return "a proposal: no agreement yet"
    day = at.astimezone(project.tzinfo).date()
    standing = project.standing(zone, day)
    if standing is not Standing.IN_FORCE:
        return standing.value
    if project.in_force(zone, at):
        return "gives way to another zone here"
    terms = project.version_on(zone, day) or agreement
    hours = terms.hours_in_words()
    return f"outside its hours: {without_sites(project, hours) if apart else hours}"


def _covers(zone: Zone, lon: float, lat: float) -> bool:
    breathe()  # asked of each of thousands
    west, south, east, north = zone.shape.bounds
    near = west <= lon <= east and south <= lat <= north
    return near and bool(zone.covers(np.array([lon]), np.array([lat]))[0])
