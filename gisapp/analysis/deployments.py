"""Deployments against the zones in force at their hours: where, for how long, what is suspended."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement
from gisapp.layers.layer import Layer, Points, local_times
from gisapp.layers.moments import Moments
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, Polarity
from gisapp.layers.zone import Zone
from gisapp.progress import Progress

_MINUTE_US = 60_000_000
#: A deployment longer than this is a mistake in its dates.
_LONGEST_MINUTES = 366 * 1440
#: Minutes of the stretches for which it is worked out when an agreement is in force.
_STRETCH = 28 * 1440
#: Versions of an agreement, and (versions, minutes) at which minutes a zone holds under each.
_Held = tuple[tuple[Agreement, ...], NDArray[np.bool_]]
#: Less ground than this in common is two outlines that touch.
_LEAST_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A deployment that meets a zone while it is in force.

    `share` is the part of the deployment that lies in the zone (of its area, or its length; 1
    for a point). `minutes` is how long the zone is in force during the deployment, and `first`
    and `last` (end) bound that time. `suspended` is what must not be done there then.
    """

    deployment_row: int
    deployment: str
    unit: str
    zone_id: str
    zone: str
    overlap_m2: float
    share: float
    minutes: int
    first: datetime
    last: datetime
    suspended: tuple[Activity, ...]


def conflicts(
    project: Project, layer: Layer, progress: Progress | None = None
) -> tuple[Conflict, ...]:
    """Each deployment with each zone that it meets, in the order of deployments and zones.

    A zone counts if an agreement, in the version of the time, is in force at some minute from
    the start of a deployment to before its end. Zones without an agreement and of opposite
    polarity suspend nothing. Rows without hours are not judged: see `unjudged`. DataError when
    the layer has no start and end.
    """
    progress = progress or Progress()
    starts, ends = _hours(layer)
    bad = set(unjudged(layer).tolist())
    zones = [zone for zone in project.zones.values() if zone.polarity is Polarity.NO_ENFORCEMENT]
    shapes = _shapes(layer)
    names, units = layer.texts("name"), layer.texts("unit")
    found: list[Conflict] = []
    timelines = _Timelines(project)
    pairs = list(_meetings(shapes, zones))
    for row, zone in progress.track(pairs, len(pairs), "Checking deployments"):
        if row in bad:
            continue
        spell = timelines.spell(zone, starts[row], ends[row])
        if spell is None:
            continue
        overlap, share = _overlap(shapes[row], zone.shape)
        if share <= 0:
            continue
        found.append(
            Conflict(
                deployment_row=row,
                deployment=names[row] or f"Row {row + 1}",
                unit=units[row],
                zone_id=zone.id,
                zone=zone.name,
                overlap_m2=overlap,
                share=share,
                minutes=spell.minutes,
                first=spell.first,
                last=spell.last,
                suspended=spell.suspended,
            )
        )
    return tuple(found)


def unjudged(layer: Layer) -> NDArray[np.int64]:
    """Rows of deployments whose start or end is missing, or whose end is not after the start."""
    starts, ends = _hours(layer)
    good = ~np.isnat(starts) & ~np.isnat(ends)
    good[good] &= ends[good] > starts[good]
    too_long = np.zeros(len(good), dtype=bool)
    length = (ends[good] - starts[good]).astype(np.int64) // _MINUTE_US
    too_long[good] = length > _LONGEST_MINUTES
    return np.flatnonzero(~good | too_long)


@dataclass(frozen=True, slots=True)
class _Spell:
    minutes: int
    first: datetime
    last: datetime
    suspended: tuple[Activity, ...]


def _hours(layer: Layer) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Starts and ends in UTC as datetime64[us], NaT where unknown."""
    columns = layer.column("start"), layer.column("end")
    for name, column in zip(("start", "end"), columns, strict=True):
        if column is None or not pa.types.is_timestamp(column.type):
            raise DataError(
                f"“{layer.name}” has no {name} of its deployments.",
                f"Choose the column with the {name} on import.",
            )
    start, end = (local_times(column, "UTC") for column in columns if column is not None)
    return start, end


def _shapes(layer: Layer) -> NDArray[np.object_]:
    if isinstance(layer.geometry, Points):
        return np.asarray(shapely.points(layer.geometry.lon, layer.geometry.lat), dtype=object)
    shapes = layer.geometry.geoms
    # A box whose outline crosses itself still says where it is.
    return np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))


def _meetings(shapes: NDArray[np.object_], zones: list[Zone]) -> Iterator[tuple[int, Zone]]:
    """Rows and zones that have a place in common, by row and then by zone."""
    if not len(shapes) or not zones:
        return
    tree = shapely.STRtree([zone.shape for zone in zones])
    rows, numbers = tree.query(shapes, predicate="intersects")
    for at in np.lexsort((numbers, rows)):
        yield int(rows[at]), zones[int(numbers[at])]


def _overlap(deployment: BaseGeometry, zone: BaseGeometry) -> tuple[float, float]:
    """Square metres in common, and the share of the deployment in the zone; 0 if they touch."""
    dimensions = int(shapely.get_dimensions(deployment))
    if dimensions == 0:
        return 0.0, 1.0
    valid = zone if shapely.is_valid(zone) else shapely.make_valid(zone)
    common = shapely.intersection(deployment, valid)
    if dimensions == 1:
        length = geodesy.length_m(deployment)
        return 0.0, min(geodesy.length_m(common) / length, 1.0) if length else 0.0
    area, whole = geodesy.area_m2(common), geodesy.area_m2(deployment)
    if area < min(_LEAST_M2, whole / 2):
        return 0.0, 0.0
    return area, min(area / whole, 1.0)


class _Timelines:
    """When zones hold, minute by minute, worked out once for each stretch of days.

    A stretch serves all deployments in it and all zones that hold at the same times, so that many
    long deployments cost no more than the time that they cover together.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._stretches: dict[tuple[Hashable, int], _Held] = {}
        self._spells: dict[tuple[Hashable, int, int], _Spell | None] = {}

    def spell(self, zone: Zone, start: np.datetime64, end: np.datetime64) -> _Spell | None:
        """When a zone is in force between two moments in UTC; None if never."""
        if self._project.agreement_of(zone) is None:
            return None
        span = start.astype(np.int64), end.astype(np.int64)
        key = (self._project.hold_key(zone), int(span[0]), int(span[1]))
        if key not in self._spells:
            self._spells[key] = self._found(zone, start, end)
        return self._spells[key]

    def _found(self, zone: Zone, start: np.datetime64, end: np.datetime64) -> _Spell | None:
        first = int(start.astype(np.int64)) // _MINUTE_US
        count = -(-int((end - start).astype(np.int64)) // _MINUTE_US)
        versions, held = self._minutes(zone, first, first + count)
        any_held = np.flatnonzero(held.any(axis=0))
        if not len(any_held):
            return None
        minute = np.timedelta64(_MINUTE_US, "us")
        ever = np.flatnonzero(held.any(axis=1))
        return _Spell(
            minutes=len(any_held),
            first=_moment(start + any_held[0] * minute),
            last=_moment(min(start + (any_held[-1] + 1) * minute, end)),
            suspended=_suspended([versions[place] for place in ever]),
        )

    def _minutes(self, zone: Zone, first: int, end: int) -> _Held:
        """Versions, and (versions, minutes) whether each holds from one minute to before another.

        Minutes are counted since 1970.
        """
        numbers = range(first // _STRETCH, (end - 1) // _STRETCH + 1)
        parts = [self._stretch(zone, number) for number in numbers]
        whole = np.concatenate([held for _, held in parts], axis=1)
        from_ = first - numbers[0] * _STRETCH
        return parts[0][0], whole[:, from_ : from_ + end - first]

    def _stretch(self, zone: Zone, number: int) -> _Held:
        key = (self._project.hold_key(zone), number)
        if key not in self._stretches:
            minutes = np.arange(number * _STRETCH, (number + 1) * _STRETCH) * _MINUTE_US
            under = self._project.held_under(zone, Moments.of(minutes.view("datetime64[us]")))
            versions = tuple(version for version, _ in under)
            self._stretches[key] = versions, np.array([held for _, held in under])
        return self._stretches[key]


def _suspended(versions: list[Agreement]) -> tuple[Activity, ...]:
    """What the versions suspend, in the order of the vocabulary."""
    return tuple(a for a in Activity if any(version.suspends(a) for version in versions))


def _moment(at: np.datetime64) -> datetime:
    naive: datetime = at.astype("datetime64[us]").item()
    return naive.replace(tzinfo=UTC)
