"""The opening hours of the service that a zone stands round, for agreements that follow them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.layers.agreement import Agreement
from gisapp.layers.layer import Geometry, Layer, Points
from gisapp.layers.opening_hours import OpeningHours, read_opening_hours
from gisapp.layers.schedule import OnHolidays
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """When the services of a zone are open. Without `opening` it is not known; `problem` says why.

    A problem may also stand beside known hours, where part of them cannot be applied.
    """

    opening: OpeningHours | None
    problem: str = ""


def service_hours(layers: Iterable[Layer], zone: Zone) -> ServiceHours:
    """When one of the zone's services is open, by the lists of services (hidden ones too).

    Services are found by name. Where several share it, those that lie in the zone count; those
    that differ all the same are not told apart by a guess.
    """
    names = [name for name in dict.fromkeys((zone.service, *zone.anchors)) if name.strip()]
    if not names:
        return ServiceHours(None, "the zone names no service")
    lists = [(layer, _rows_by_name(layer)) for layer in layers]
    found = [_of_one(lists, name, zone) for name in names]
    problem = next((one.problem for one in found if one.opening is None), "")
    known = [one.opening for one in found if one.opening is not None]
    if problem:
        return ServiceHours(None, problem)
    if len({one.on_holidays for one in known}) > 1:
        return ServiceHours(None, "its services differ on public holidays")
    hours = tuple(dict.fromkeys(hours for one in known for hours in one.hours))
    return ServiceHours(OpeningHours(hours, known[0].on_holidays))


def with_service_hours(agreement: Agreement, found: ServiceHours) -> Agreement:
    """An agreement that follows a service, with the hours at which that is open as its own.

    Where these are not known it stays as it is: its own hours hold, and without any none do. What
    it says of public holidays itself goes before what the list of services says.
    """
    if not agreement.calendar.service_hours or found.opening is None:
        return agreement
    calendar = agreement.calendar
    if calendar.on_holidays is OnHolidays.AS_USUAL:
        calendar = replace(calendar, on_holidays=found.opening.on_holidays)
    return replace(agreement, hours=found.opening.hours, calendar=calendar)


def hours_problem(agreement: Agreement, found: ServiceHours) -> str:
    """Why the hours of an agreement that follows a service are not known in full; else empty."""
    if not agreement.calendar.service_hours:
        return ""
    if found.opening is None:
        return found.problem
    unsaid = agreement.calendar.on_holidays is OnHolidays.AS_USUAL
    differs = found.opening.on_holidays is not OnHolidays.AS_USUAL
    if unsaid and differs and not agreement.calendar.holidays:
        return "its service has other hours on public holidays, and nobody said whose these are"
    return ""


def _of_one(
    lists: list[tuple[Layer, Mapping[str, NDArray[np.int64]]]], name: str, zone: Zone
) -> ServiceHours:
    """The hours of the service with this name."""
    everywhere: set[str] = set()
    inside: set[str] = set()
    for layer, by_name in lists:
        rows = by_name.get(_plain(name))
        if rows is None:
            continue
        texts = layer.column("opening_hours")
        for row in rows.tolist():
            value = texts[row].as_py() if texts is not None else None
            text = "" if value is None else str(value).strip()
            everywhere.add(text)
            if _lies_in(layer.geometry, row, zone):
                inside.add(text)
    # A list without hours says nothing against one that has them.
    known = (inside - {""}) or (everywhere - {""})
    if not everywhere:
        return ServiceHours(None, f"no list of services holds “{name}”")
    if not known:
        return ServiceHours(None, f"the opening hours of “{name}” are not in its list")
    if len(known) > 1:
        return ServiceHours(None, f"there are several services “{name}” with other hours")
    (text,) = known
    opening = read_opening_hours(text)
    if opening is None:
        return ServiceHours(None, f"the opening hours of “{name}” cannot be read: {text}")
    return ServiceHours(opening)


def _lies_in(geometry: Geometry, row: int, zone: Zone) -> bool:
    if isinstance(geometry, Points):
        return bool(zone.covers(geometry.lon[row : row + 1], geometry.lat[row : row + 1])[0])
    return bool(zone.shape.intersects(geometry.geoms[row]))


# Rows by name, made once for each list

_Index = Mapping[str, NDArray[np.int64]]
_lock = threading.Lock()
#: By the places of a layer, with the column of names that they were made from.
_known: WeakKeyDictionary[Geometry, tuple[pa.ChunkedArray, _Index]] = WeakKeyDictionary()


def _rows_by_name(layer: Layer) -> _Index:
    column = layer.column("name")
    if column is None:
        return {}
    with _lock:
        kept = _known.get(layer.geometry)
        if kept is None or not kept[0].equals(column):
            rows: dict[str, list[int]] = {}
            for row, text in enumerate(layer.texts("name")):
                rows.setdefault(_plain(text), []).append(row)
            kept = column, {name: np.array(found) for name, found in rows.items()}
            _known[layer.geometry] = kept
    return kept[1]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
