"""What holds at places and times: zones under the version of their agreement that held then."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.points.index import PointIndex
from gisapp.layers import terms_words
from gisapp.layers.agreement import Agreement
from gisapp.layers.moments import Moments
from gisapp.layers.overlap import Held, ruled
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, Polarity
from gisapp.layers.zone import Zone

#: Said of a zone whose outline no patrol system takes; it holds all the same.
OUTLINE_CROSSES = "crosses itself, and must be mended before it goes to patrol systems"


@dataclass(frozen=True, slots=True)
class Applies:
    """A zone that holds at a place and time, under a version of its agreement."""

    zone: Zone
    agreement: Agreement

    @property
    def zone_name(self) -> str:
        return self.zone.name

    @property
    def suspended(self) -> tuple[Activity, ...]:
        """What officers do not do there; nothing in a zone of the opposite sign."""
        plain = self.zone.polarity is Polarity.NO_ENFORCEMENT
        return self.agreement.suspended if plain else ()

    @property
    def suspended_other(self) -> str:
        """What else is not done there, in the words of the agreement."""
        plain = self.zone.polarity is Polarity.NO_ENFORCEMENT
        return self.agreement.suspended_other.strip() if plain else ""

    @property
    def suspended_in_words(self) -> str:
        plain = self.zone.polarity is Polarity.NO_ENFORCEMENT
        return terms_words.suspended(self.agreement) if plain else ""

    @property
    def outline_note(self) -> str:
        """What to say of an outline that crosses itself, and so of ground nobody may have meant."""
        return "" if shapely.is_valid(self.zone.shape) else OUTLINE_CROSSES

    def as_json(self) -> dict[str, object]:
        return {
            "zone_id": self.zone.id,
            "zone": self.zone.name,
            "polarity": self.zone.polarity.value,
            "agreement": self.agreement.title,
            "version": self.agreement.version,
            "suspended": [activity.value for activity in self.suspended],
            "suspended_other": self.suspended_other,
            "suspended_in_words": self.suspended_in_words,
            "exceptions": [exemption.value for exemption in self.agreement.exceptions],
            "exceptions_in_words": terms_words.exceptions(self.agreement),
            "persons": self.agreement.persons,
            "persons_in_words": terms_words.persons(self.agreement),
            "units_bound": self.agreement.units_bound,
            "units_not_bound": self.agreement.units_not_bound,
            "hours": self.agreement.hours_in_words(),
            "referral_contact": self.agreement.referral_contact,
            "outline_note": self.outline_note,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """A zone under a version of its agreement, and the rows (int64) at which it holds."""

    applies: Applies
    rows: NDArray[np.int64]


def applies_at(project: Project, lon: float, lat: float, at: datetime) -> tuple[Applies, ...]:
    """The zones that hold at a place in degrees and a moment with a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    moment = np.array([at.astimezone(UTC).replace(tzinfo=None)], dtype="datetime64[us]")
    found = applies_to(project, np.array([lon]), np.array([lat]), moment)
    return tuple(holding.applies for holding in found)


def applies_to(
    project: Project,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    at: NDArray[np.datetime64],
) -> tuple[Holding, ...]:
    """The zones that hold at many places, each at its own moment, in the order of the project.

    `at` is datetime64[us] in UTC; nothing holds where it is NaT. A zone that holds at none of
    the places is left out; so is one without agreement, for it holds never. Where zones overlap,
    those are left out that give way by a settlement or by the project's rule.
    """
    zones = [zone for zone in project.zones.values() if project.agreement_of(zone) is not None]
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & ~np.isnat(at))
    if not zones or not len(placed):
        return ()
    shapes = [zone.shape for zone in zones]
    numbers, here = PointIndex.build(lon[placed], lat[placed]).pairs(shapes)
    found = _held(project, zones, numbers, placed[here], Moments.of(at))
    return tuple(Holding(Applies(one.zone, one.agreement), one.places) for one in found)


def _held(
    project: Project,
    zones: list[Zone],
    numbers: NDArray[np.int64],
    rows: NDArray[np.int64],
    moments: Moments,
) -> tuple[Held, ...]:
    """What holds where, for pairs of a zone's number and a row that lies in it, by zone."""
    # Zones that hold at the same times are judged together, whatever their ground.
    together: dict[Hashable, list[int]] = {}
    for number, zone in enumerate(zones):
        together.setdefault(project.hold_key(zone), []).append(number)
    ends = np.searchsorted(numbers, np.arange(len(zones) + 1))
    found: dict[int, list[Held]] = {}
    for members in together.values():
        reach = [range(ends[number], ends[number + 1]) for number in members]
        pairs = np.concatenate([np.arange(one.start, one.stop) for one in reach])
        if not len(pairs):
            continue
        for version, holds in project.held_under(zones[members[0]], moments.take(rows[pairs])):
            if not holds.any():
                continue
            at = 0
            for number, one in zip(members, reach, strict=True):
                places = rows[one.start : one.stop][holds[at : at + len(one)]]
                at += len(one)
                if len(places):
                    found.setdefault(number, []).append(Held(zones[number], version, places))
    return ruled(project, [held for number in sorted(found) for held in found[number]])


def unsure_at(
    project: Project, lon: float, lat: float, at: datetime
) -> tuple[tuple[Zone, str], ...]:
    """Zones at a place that do not hold at a moment only because their hours are not known.

    They follow a service, they are in force that day, and the text says why nobody knows when
    that is open.
    """
    moment = Moments.of(np.array([at.astimezone(UTC).replace(tzinfo=None)], dtype="datetime64[us]"))
    here = np.array([lon]), np.array([lat])
    found = []
    for zone in project.zones.values():
        why = project.hours_problem(zone)
        if not why or not zone.covers(*here)[0] or project.counts_at(zone, moment)[0]:
            continue
        local = at.astimezone(project.tzinfo).date()
        if project.version_on(zone, local) is not None:
            found.append((zone, why))
    return tuple(found)
