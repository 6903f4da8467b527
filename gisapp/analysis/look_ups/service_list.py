"""The services that a reader may be sent to, of all lists of a project, and when they are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Geometry, Layer, Points
from gisapp.layers.moments import Moments
from gisapp.layers.opening_hours import OpeningHours, open_at, read_opening_hours
from gisapp.layers.project import Project
from gisapp.layers.schedule import OnHolidays
from gisapp.layers.vocabulary import SERVICE_WORDS, LayerKind, ServiceType

_MINUTE = np.timedelta64(60_000_000, "us")
#: How far ahead the next opening or closing is looked for: over a week with two holidays in it.
_AHEAD_DAYS = 10

#: A span of local time, the end not included.
Spell = tuple[datetime, datetime]


class Opening(StrEnum):
    """Whether a service is open at a moment; in the order in which services are offered."""

    OPEN = "open"
    UNKNOWN = "unknown"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        return (Opening.OPEN, Opening.UNKNOWN, Opening.CLOSED).index(self)


@dataclass(frozen=True, slots=True)
class Service:
    """A row of a list of services: its kinds, place (degrees), contact, and the text of its hours.

    `opening` is what the text says; None where it cannot be read without a guess, or is not there.
    """

    layer_id: str
    row: int
    name: str
    kinds: tuple[ServiceType, ...]
    lon: float
    lat: float
    address: str
    contact: str
    hours: str
    opening: OpeningHours | None


@dataclass(frozen=True, slots=True, eq=False)
class ServiceList:
    """Services in the order of the project, their places as arrays (float64, degrees).

    `region` is whose public holidays their hours mean; empty where nobody said.
    """

    services: tuple[Service, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    timezone: str
    region: str

    def of_kinds(self, kinds: frozenset[ServiceType] | None) -> NDArray[np.int64]:
        """The numbers of services of any of these kinds; of all with None."""
        if kinds is None:
            return np.arange(len(self.services))
        fits = [not kinds.isdisjoint(one.kinds) for one in self.services]
        return np.flatnonzero(np.array(fits, dtype=bool))

    def opening_at(self, service: Service, at: datetime) -> Opening:
        """Whether a service is open at a moment with a time zone."""
        if service.opening is None:
            return Opening.UNKNOWN
        return Opening.OPEN if self._open(service, _utc(at, 1))[0] else Opening.CLOSED

    def turns_at(self, service: Service, at: datetime) -> datetime | None:
        """The local moment at which it next closes (where open) or opens; None if not in days."""
        if service.opening is None:
            return None
        start = _whole_minute(at)
        holds = self._open(service, _utc(start, _AHEAD_DAYS * 1440))
        other = np.flatnonzero(holds != holds[0])
        return self._local(start, int(other[0])) if len(other) else None

    def spells(self, service: Service, start: datetime, end: datetime) -> tuple[Spell, ...] | None:
        """The spells from one moment to another in which it is open; None where nobody knows."""
        if service.opening is None:
            return None
        first = _whole_minute(start)
        count = max(int(np.ceil((end - first) / timedelta(minutes=1))), 0)
        holds = np.concatenate([[False], self._open(service, _utc(first, count)), [False]])
        turns = np.flatnonzero(holds[1:] != holds[:-1]).reshape(-1, 2)
        zone = ZoneInfo(self.timezone)
        return tuple(
            (
                max(self._local(first, begin), start.astimezone(zone)),
                min(self._local(first, stop), end.astimezone(zone)),
            )
            for begin, stop in turns.tolist()
        )

    def open_when(self, opening: OpeningHours, moments: Moments) -> NDArray[np.bool_]:
        """At which of many moments, none of them unknown, something with these hours is open."""
        return open_at(opening, moments.local(self.timezone), self.region)

    def _open(self, service: Service, utc: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        assert service.opening is not None
        return self.open_when(service.opening, Moments.of(utc))

    def _local(self, start: datetime, minutes: int) -> datetime:
        moment = start.astimezone(UTC) + timedelta(minutes=minutes)
        return moment.astimezone(ZoneInfo(self.timezone))


#: What was read of a layer of services, by its places; with the table, fields and id read for.
_read: WeakKeyDictionary[Geometry, tuple[tuple[object, ...], tuple[Service, ...]]] = (
    WeakKeyDictionary()
)
_known: WeakKeyDictionary[Project, dict[tuple[Audience, bool], ServiceList]] = WeakKeyDictionary()


def services_of(project: Project, audience: Audience, *, exported: bool) -> ServiceList:
    """The services that a reader may be told of, on screen or in a file: each once.

    Left out are lists that the audience may not see row by row, and confidential services. A
    service that is in several lists is the one of the first that says its hours.
    """
    answers = _known.setdefault(project, {})
    key = (audience, exported)
    if key not in answers:
        found: dict[tuple[str, float, float], Service] = {}
        for layer in project.layers_of(LayerKind.SERVICES):
            shown = showing(layer.kind, layer.sensitivity, audience, exported=exported)
            if shown is not Showing.EACH:
                continue
            seen = open_rows(layer, audience, exported=exported)
            for one in _of_layer(layer):
                if seen is not None and not seen[one.row]:
                    continue
                place = (_plain(one.name), round(one.lon, 4), round(one.lat, 4))
                known = found.get(place)
                if known is None or (known.opening is None and one.opening is not None):
                    found[place] = one
        services = tuple(found.values())
        lon = np.array([one.lon for one in services], dtype=np.float64)
        lat = np.array([one.lat for one in services], dtype=np.float64)
        answers[key] = ServiceList(services, lon, lat, project.timezone, _region(project))
    return answers[key]


def kinds_named(service_type: str, name: str) -> tuple[ServiceType, ...]:
    """All kinds of service that a type names; without one those that the name does."""
    for text in (service_type.casefold(), name.casefold()):
        kinds = tuple(dict.fromkeys(kind for word, kind in SERVICE_WORDS if word in text))
        if kinds:
            return kinds
    return (ServiceType.OTHER,)


def _of_layer(layer: Layer) -> tuple[Service, ...]:
    """All rows with a place, read once for all that changes elsewhere in the project."""
    told = (layer.table, layer.fields, layer.id)
    known = _read.get(layer.geometry)
    if known is None or any(one is not other for one, other in zip(known[0], told, strict=True)):
        known = _read[layer.geometry] = (told, tuple(_services(layer)))
    return known[1]


def _services(layer: Layer) -> Iterator[Service]:
    names = ("name", "service_type", "address", "contact", "opening_hours")
    columns = [layer.texts(name) for name in names]
    if isinstance(layer.geometry, Points):
        lon, lat = layer.geometry.lon, layer.geometry.lat
    else:
        inner = shapely.point_on_surface(layer.geometry.geoms)
        lon, lat = shapely.get_x(inner), shapely.get_y(inner)
    texts = zip(*columns, lon.tolist(), lat.tolist(), strict=True)
    for row, (name, kind, address, contact, hours, x, y) in enumerate(texts):
        if np.isfinite(x) and np.isfinite(y):
            opening = read_opening_hours(hours) if hours.strip() else None
            said = (_joined(address), _joined(contact), _joined(hours))
            kinds = kinds_named(kind, name)
            title = _joined(name) or f"{kinds[0].label}, unnamed"
            yield Service(layer.id, row, title, kinds, x, y, *said, opening)


def _region(project: Project) -> str:
    """Whose public holidays count: those of the agreements, where these name one region."""
    calendars = [one.calendar for one in project.agreements.values()]
    calendars += [zone.terms.calendar for zone in project.zones.values() if zone.terms]
    named = {one.holidays for one in calendars if one.on_holidays is not OnHolidays.AS_USUAL}
    named = named or {one.holidays for one in calendars}
    named.discard("")
    return named.pop() if len(named) == 1 else ""


def _plain(name: str) -> str:
    return _joined(name).casefold()


def _joined(text: str) -> str:
    return " ".join(text.split())


def _whole_minute(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _utc(start: datetime, minutes: int) -> NDArray[np.datetime64]:
    """Moments a minute apart from a start, in UTC."""
    first = np.datetime64(start.astimezone(UTC).replace(tzinfo=None), "us")
    return first + np.arange(minutes) * _MINUTE
