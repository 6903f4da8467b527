"""What officers can offer instead: services open during a shift, and where naloxone is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.briefing.area import Area
from gisapp.analysis.briefing.briefing import Briefing
from gisapp.analysis.briefing.near import metres_to_zones
from gisapp.analysis.briefing.shift import Spell
from gisapp.analysis.look_ups.help_near import NALOXONE
from gisapp.analysis.look_ups.service_list import Opening, Service, ServiceList, services_of
from gisapp.layers import geodesy


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as officers on a shift are told of it.

    `open` are the stretches of the shift at which it is open; None where nobody can tell from
    what its list says. `away_m` is the way in metres from the middle of the area, 0 inside;
    `to_zone_m` that to the nearest zone in force, 0 inside one.
    """

    service: Service
    open: tuple[Spell, ...] | None
    away_m: float
    to_zone_m: float = 0.0

    @property
    def opening(self) -> Opening:
        """Open at some time of the shift, closed throughout, or unknown."""
        if self.open is None:
            return Opening.UNKNOWN
        return Opening.OPEN if self.open else Opening.CLOSED

    @property
    def gives_naloxone(self) -> bool:
        return not NALOXONE.isdisjoint(self.service.kinds)


def offers(briefing: Briefing) -> tuple[Offer, ...]:
    """All services that the reader may be told of on paper: open ones first, the nearest first.

    Near is what lies in the area, then what is near its middle; of several in it those nearest
    to a zone in force come first.
    """
    known = services_of(briefing.project, briefing.audience, exported=True)
    away = _away(briefing.area, known).tolist()
    to_zone = metres_to_zones(briefing.lines or briefing.opposite_lines, known.lon, known.lat)
    found = []
    for one, metres, zone_m in zip(known.services, away, to_zone.tolist(), strict=True):
        spells = known.spells(one, briefing.shift.start, briefing.shift.end)
        told = None if spells is None else tuple(Spell(*spell) for spell in spells)
        found.append(Offer(one, told, metres, zone_m))
    return tuple(sorted(found, key=_rank))


def naloxone_of(found: Sequence[Offer]) -> Offer | None:
    """The first place that gives out naloxone, of services in their order; None if none."""
    return next((one for one in found if one.gives_naloxone), None)


def _rank(one: Offer) -> tuple[int, float, float, str]:
    name = one.service.name.casefold()
    return one.opening.rank, round(one.away_m), round(one.to_zone_m), name


def _away(area: Area, known: ServiceList) -> NDArray[np.float64]:
    """Metres from the area's middle; 0 within it, and everywhere in the whole jurisdiction."""
    if area.shape is None or not known.services:
        return np.zeros(len(known.services))
    middle = area.shape.representative_point()
    away = geodesy.distances_m(known.lon, known.lat, middle.x, middle.y)
    inside = shapely.intersects_xy(area.shape, known.lon, known.lat)
    return np.where(inside, 0.0, away)
