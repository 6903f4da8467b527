"""What officers can offer instead: services open during a shift, and the nearest naloxone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.briefing_area import Area
from gisapp.analysis.briefing_shift import Shift, Spell, spells_of
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer, Points
from gisapp.layers.moments import Moments
from gisapp.layers.opening_hours import open_at, read_opening_hours
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, ServiceType, service_type

#: Kinds to which an officer refers somebody on the street; the rest is told last.
_FIRST = (ServiceType.CONSUMPTION_ROOM, ServiceType.DROP_IN, ServiceType.OUTREACH)


@dataclass(frozen=True, slots=True)
class Service:
    """A service as an officer is told of it.

    `open` are the stretches of the shift at which it is open; None where nobody can tell from
    what its list says (`hours_text`). `away_m` is the way in metres from the area, 0 inside.
    """

    name: str
    kind: ServiceType
    address: str
    contact: str
    hours_text: str
    open: tuple[Spell, ...] | None
    away_m: float
    lon: float
    lat: float


def services_for(
    project: Project, area: Area, shift: Shift, audience: Audience = Audience.PATROL
) -> tuple[Service, ...]:
    """All services that an audience may know of: open ones first, the nearest first."""
    found: list[Service] = []
    for layer in project.layers_of(LayerKind.SERVICES):
        shown = showing(layer.kind, layer.sensitivity, audience, exported=True)
        if shown is Showing.EACH:
            found += _of_layer(layer, area, shift, audience)
    return tuple(sorted(_once(found), key=_rank))


def nearest_naloxone(services: Sequence[Service]) -> Service | None:
    """The nearest place that gives out naloxone, one that is open before others; None if none."""
    found = [one for one in services if one.kind is ServiceType.NALOXONE]
    return min(found, key=lambda one: (_closed(one), one.away_m), default=None)


def _rank(one: Service) -> tuple[int, float, str]:
    return _closed(one), round(one.away_m), one.name.casefold()


def _closed(one: Service) -> int:
    """0 for open at some time of the shift, 1 for not known, 2 for closed."""
    return 1 if one.open is None else 0 if one.open else 2


def _once(services: Sequence[Service]) -> list[Service]:
    """Each service once where several lists hold it."""
    kept: dict[tuple[str, float, float], Service] = {}
    for one in services:
        kept.setdefault((one.name.casefold(), round(one.lon, 4), round(one.lat, 4)), one)
    return list(kept.values())


def _of_layer(layer: Layer, area: Area, shift: Shift, audience: Audience) -> list[Service]:
    mask = open_rows(layer, audience, exported=True)
    lon, lat = _places(layer)
    away = _away(area, lon, lat)
    columns = [
        layer.texts(name)
        for name in ("name", "service_type", "address", "contact", "opening_hours")
    ]
    local = _minutes(shift)
    opened: dict[str, tuple[Spell, ...] | None] = {}
    found = []
    for row, (name, kind, address, contact, hours) in enumerate(zip(*columns, strict=True)):
        if not name.strip() or (mask is not None and not mask[row]):
            continue
        if hours not in opened:
            opened[hours] = _opened(hours, local, shift)
        found.append(
            Service(
                " ".join(name.split()),
                service_type(f"{kind} {name}" if not kind.strip() else kind),
                " ".join(address.split()),
                " ".join(contact.split()),
                hours.strip(),
                opened[hours],
                float(away[row]),
                float(lon[row]),
                float(lat[row]),
            )
        )
    return found


def _places(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if isinstance(layer.geometry, Points):
        return layer.geometry.lon, layer.geometry.lat
    middles = shapely.centroid(layer.geometry.geoms)
    return shapely.get_x(middles), shapely.get_y(middles)


def _away(area: Area, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from the area's middle; 0 within it, and everywhere in the whole jurisdiction."""
    if area.shape is None or not len(lon):
        return np.zeros(len(lon))
    middle = area.shape.representative_point()
    away = geodesy.distances_m(lon, lat, middle.x, middle.y)
    inside = shapely.intersects_xy(area.shape, lon, lat)
    return np.where(inside, 0.0, away)


def _minutes(shift: Shift) -> NDArray[np.datetime64]:
    """Wall-clock times of the minutes of a shift on the spot."""
    moments = Moments.of(shift.minutes().view("datetime64[us]"))
    return moments.local(str(shift.start.tzinfo))


def _opened(hours: str, local: NDArray[np.datetime64], shift: Shift) -> tuple[Spell, ...] | None:
    opening = read_opening_hours(hours) if hours.strip() else None
    return None if opening is None else spells_of(open_at(opening, local), shift)
