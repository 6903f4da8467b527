"""Where help is: the nearest services that are open.

Only services that a reader may be told of are found (`service_list.py`). One whose hours nobody
knows is offered after those known to be open, and says so; one known to be closed is not offered
unless asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from gisapp.analysis.look_ups.service_list import Opening, ServiceList, services_of
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import ServiceType

#: Kinds of service that hand out naloxone by what they are.
NALOXONE = frozenset({ServiceType.NALOXONE})
#: What to say of a service whose hours nobody knows.
CALL_FIRST = "hours not known: call first"


@dataclass(frozen=True, slots=True)
class NearbyService:
    """A service seen from a place: where it is (degrees), how far (metres), and if it is open.

    `until` is the local moment at which it closes, `opens` that at which it opens next; None
    where it never does within ten days or nobody knows. `referral_contact` is the text of its
    list, with the phone number. `hours` is that text too.
    """

    layer_id: str
    row: int
    name: str
    kinds: tuple[ServiceType, ...]
    lon: float
    lat: float
    distance_m: float
    opening: Opening
    until: datetime | None = None
    opens: datetime | None = None
    referral_contact: str = ""
    address: str = ""
    hours: str = ""

    @property
    def opening_in_words(self) -> str:
        """`open until 18:00`, `hours not known: call first`, `closed, opens Monday 09:00`."""
        if self.opening is Opening.UNKNOWN:
            return CALL_FIRST
        if self.opening is Opening.OPEN:
            return f"open until {self.until:%A %H:%M}" if self.until else "open day and night"
        return f"closed, opens {self.opens:%A %H:%M}" if self.opens else "closed"

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "kinds": [kind.value for kind in self.kinds],
            "lon": self.lon,
            "lat": self.lat,
            "distance_m": round(self.distance_m, 1),
            "opening": self.opening.value,
            "until": self.until.isoformat() if self.until else None,
            "opens": self.opens.isoformat() if self.opens else None,
            "referral_contact": self.referral_contact,
            "address": self.address,
            "hours": self.hours,
        }


def nearest(
    project: Project,
    lon: float,
    lat: float,
    at: datetime,
    *,
    kinds: Collection[ServiceType] | None = None,
    open_only: bool = True,
    audience: Audience,
    most: int = 1,
    exported: bool = True,
) -> tuple[NearbyService, ...]:
    """The services nearest to a place in degrees, in a straight line on the ellipsoid.

    With `open_only` those known to be open come first, then those of unknown hours, and none
    that is closed. Without it the nearest of all are given, open or not.
    """
    known = services_of(project, audience, exported=exported)
    numbers = known.of_kinds(None if kinds is None else frozenset(kinds))
    if not len(numbers) or most < 1:
        return ()
    away = geodesy.distances_m(known.lon[numbers], known.lat[numbers], lon, lat)
    order = np.argsort(away, kind="stable")
    found: list[tuple[int, float, Opening]] = []
    unsure: list[tuple[int, float, Opening]] = []
    for number, metres in zip(numbers[order].tolist(), away[order].tolist(), strict=True):
        opening = known.opening_at(known.services[number], at)
        if not open_only or opening is Opening.OPEN:
            found.append((number, metres, opening))
        elif opening is Opening.UNKNOWN and len(unsure) < most:
            unsure.append((number, metres, opening))
        if len(found) == most:
            break
    return tuple(_nearby(known, *one, at) for one in [*found, *unsure][:most])


def nearest_naloxone(
    project: Project,
    lon: float,
    lat: float,
    at: datetime,
    *,
    open_only: bool = True,
    audience: Audience,
    exported: bool = True,
) -> NearbyService | None:
    """The nearest place that hands out naloxone, as `nearest` finds it; None if there is none."""
    found = nearest(
        project,
        lon,
        lat,
        at,
        kinds=NALOXONE,
        open_only=open_only,
        audience=audience,
        exported=exported,
    )
    return found[0] if found else None


def _nearby(
    known: ServiceList, number: int, metres: float, opening: Opening, at: datetime
) -> NearbyService:
    one = known.services[number]
    turns = known.turns_at(one, at)
    return NearbyService(
        one.layer_id,
        one.row,
        one.name,
        one.kinds,
        one.lon,
        one.lat,
        metres,
        opening,
        until=turns if opening is Opening.OPEN else None,
        opens=turns if opening is Opening.CLOSED else None,
        referral_contact=one.contact,
        address=one.address,
        hours=one.hours,
    )
