"""Deployments against the zones in force at their hours: where, for how long, what is suspended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments import ground as on_ground
from gisapp.analysis.deployments.ground import Claim
from gisapp.analysis.deployments.times import MINUTE_US, Held, Spell, Timelines, spells_of
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement
from gisapp.layers.clocks import local_times
from gisapp.layers.deployment_units import Binding, binding
from gisapp.layers.layer import Layer, Points
from gisapp.layers.outline import sound
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, Polarity
from gisapp.layers.zone import Zone
from gisapp.progress import Progress

#: A deployment longer than this is a mistake in its dates.
_LONGEST_MINUTES = 366 * 1440
#: Less ground than this in common is two outlines that touch.
_LEAST_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A deployment that meets a zone while it is in force.

    `share` is the part of the deployment that lies in the zone (of its area, or its length; 1
    for a point). `minutes` is how long the zone is in force during the deployment, `first` and
    `last` (end) bound that time, and `spells` are its parts. `suspended` is what must not be done
    there then, under `versions` of the agreement. `binds` says whether they bind the unit.
    `ground` (EPSG:4326) is what of the deployment the zone holds at any of its hours, and
    `unsettled` names zones of opposite sign on it on which nobody decided.
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
    binds: Binding = Binding.BOUND
    spells: tuple[Spell, ...] = ()
    unsettled: tuple[str, ...] = ()
    versions: tuple[Agreement, ...] = field(default=(), compare=False, repr=False)
    ground: BaseGeometry | None = field(default=None, compare=False, repr=False)


def conflicts(
    project: Project, layer: Layer, progress: Progress | None = None
) -> tuple[Conflict, ...]:
    """Each deployment with each zone that it meets, in the order of deployments and zones.

    A zone counts if an agreement, in the version of the time, is in force at some minute from
    the start of a deployment to before its end, unless its words say that the unit is not bound.
    Zones without an agreement and of opposite polarity suspend nothing. Where zones share ground
    the settlements and the rule of the project decide. Rows without hours are not judged: see
    `unjudged`. DataError when the layer has no start and end.
    """
    return tuple(
        one for one in meetings(project, layer, progress) if one.binds is not Binding.NOT_BOUND
    )


def meetings(
    project: Project, layer: Layer, progress: Progress | None = None
) -> tuple[Conflict, ...]:
    """As `conflicts`, with those zones too that are in force there but do not bind the unit."""
    progress = progress or Progress()
    starts, ends = hours_of(layer)
    bad = set(unjudged(layer).tolist())
    zones = [
        zone
        for zone in project.zones.values()
        if zone.polarity is Polarity.NO_ENFORCEMENT or zone.polarity.is_opposite
    ]
    shapes = shapes_of(layer)
    names, units = layer.texts("name"), layer.texts("unit")
    found: list[Conflict] = []
    judge = _Judge(project, Timelines(project))
    rows = [pair for pair in _meetings(shapes, zones) if pair[0] not in bad]
    for row, near in progress.track(rows, len(rows), "Checking deployments"):
        name = names[row] or f"Row {row + 1}"
        given = _Given(row, name, units[row], shapes[row], starts[row], ends[row])
        found.extend(judge.judged(given, near))
    return tuple(found)


def unjudged(layer: Layer) -> NDArray[np.int64]:
    """Rows of deployments whose start or end is missing, or whose end is not after the start."""
    starts, ends = hours_of(layer)
    good = ~np.isnat(starts) & ~np.isnat(ends)
    good[good] &= ends[good] > starts[good]
    too_long = np.zeros(len(good), dtype=bool)
    length = (ends[good] - starts[good]).astype(np.int64) // MINUTE_US
    too_long[good] = length > _LONGEST_MINUTES
    return np.flatnonzero(~good | too_long)


def hours_of(layer: Layer) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Starts and ends in UTC as datetime64[us], NaT where unknown; DataError without them."""
    columns = layer.column("start"), layer.column("end")
    for name, column in zip(("start", "end"), columns, strict=True):
        if column is None or not pa.types.is_timestamp(column.type):
            raise DataError(
                f"“{layer.name}” has no {name} of its deployments.",
                f"Choose the column with the {name} on import.",
            )
    start, end = (local_times(column, "UTC") for column in columns if column is not None)
    return start, end


def shapes_of(layer: Layer) -> NDArray[np.object_]:
    """Where the deployments are (EPSG:4326), repaired where an outline crosses itself."""
    if isinstance(layer.geometry, Points):
        return np.asarray(shapely.points(layer.geometry.lon, layer.geometry.lat), dtype=object)
    return sound(layer.geometry.geoms)


def _meetings(
    shapes: NDArray[np.object_], zones: list[Zone]
) -> Iterator[tuple[int, tuple[Zone, ...]]]:
    """Rows that have a place in common with zones, and these in their order."""
    if not len(shapes) or not zones:
        return
    tree = shapely.STRtree([zone.shape for zone in zones])
    rows, numbers = tree.query(shapes, predicate="intersects")
    order = np.lexsort((numbers, rows))
    rows, numbers = rows[order], numbers[order]
    found, first = np.unique(rows, return_index=True)
    # Without any there is still one part, of nothing.
    for row, near in zip(found.tolist(), np.split(numbers, first[1:]), strict=False):
        yield row, tuple(zones[at] for at in near.tolist())


def overlap_of(deployment: BaseGeometry, ground: BaseGeometry) -> tuple[float, float]:
    """Square metres of ground, and its share of the deployment; 0 if they only touch."""
    dimensions = int(shapely.get_dimensions(deployment))
    if dimensions == 0:
        return 0.0, 1.0
    if dimensions == 1:
        length = geodesy.length_m(deployment)
        return 0.0, min(geodesy.length_m(ground) / length, 1.0) if length else 0.0
    area, whole = geodesy.area_m2(ground), geodesy.area_m2(deployment)
    if area < min(_LEAST_M2, whole / 2):
        return 0.0, 0.0
    return area, min(area / whole, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """A deployment: its shape (EPSG:4326), and its start and end in UTC."""

    row: int
    name: str
    unit: str
    shape: BaseGeometry
    start: np.datetime64
    end: np.datetime64


@dataclass(slots=True, eq=False)
class _Held:
    """What one zone holds of a deployment, over all times that differ."""

    zone: Zone
    minutes: NDArray[np.bool_]
    grounds: list[BaseGeometry] = field(default_factory=list)
    versions: list[Agreement] = field(default_factory=list)
    binds: set[Binding] = field(default_factory=set)
    unsettled: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Judge:
    project: Project
    timelines: Timelines

    def judged(self, given: _Given, near: Sequence[Zone]) -> Iterator[Conflict]:
        """What zones near a deployment have to do with it, in their order."""
        held = self._held(given, near)
        if not held:
            return
        minutes = next(iter(held.values()))[1].shape[1]
        found: dict[str, _Held] = {}
        for run, claims in self._runs(given, near, held):
            ruled = on_ground.grounds(self.project, given.shape, claims)
            for number, ground in ruled.items():
                claim = claims[number]
                known = found.setdefault(
                    claim.zone.id, _Held(claim.zone, np.zeros(minutes, dtype=bool))
                )
                known.minutes |= run
                known.grounds.append(ground)
                known.binds.add(claim.binds)
                known.versions += [v for v in (claim.version,) if v not in known.versions]
                known.unsettled += on_ground.unsettled(self.project, claim, ground, claims)
        for zone in near:
            if zone.id in found:
                yield from _conflict(given, found[zone.id])

    def _held(self, given: _Given, near: Sequence[Zone]) -> dict[str, Held]:
        """When each zone is in force during a deployment, for those that ever are."""
        known: dict[object, Held | None] = {}
        for zone in near:
            key = self.project.hold_key(zone)
            if key not in known:
                known[key] = self.timelines.held(zone, given.start, given.end)
        found = {zone.id: known[self.project.hold_key(zone)] for zone in near}
        return {key: held for key, held in found.items() if held is not None}

    def _runs(
        self, given: _Given, near: Sequence[Zone], held: dict[str, Held]
    ) -> Iterator[tuple[NDArray[np.bool_], list[Claim]]]:
        """Minutes at which the very same zones and versions hold, with these, one after the other.

        Minutes at which none without enforcement does are left out.
        """
        all_of_them = [
            (Claim(zone, version, binding(version, given.unit)), row)
            for zone in near
            if zone.id in held
            for version, row in zip(*held[zone.id], strict=True)
        ]
        # Zones under one agreement hold at the same minutes: these are looked at once.
        unlike = list({row.ctypes.data: row for _, row in all_of_them}.values())
        states = np.array(unlike)
        changes = np.flatnonzero((states[:, 1:] != states[:, :-1]).any(axis=0)) + 1
        starts = np.concatenate([[0], changes])
        patterns, which = np.unique(states[:, starts], axis=1, return_inverse=True)
        lengths = np.diff(np.concatenate([starts, [states.shape[1]]]))
        at = np.repeat(which.ravel(), lengths)
        for number in range(patterns.shape[1]):
            first = int(starts[np.argmax(which.ravel() == number)])
            claims = [claim for claim, row in all_of_them if row[first]]
            if any(claim.plain for claim in claims):
                yield at == number, claims


def _conflict(given: _Given, held: _Held) -> Iterator[Conflict]:
    """What is to be said of a zone's ground in a deployment; nothing where they only touch."""
    ground = held.grounds[0] if len(held.grounds) == 1 else shapely.union_all(held.grounds)
    overlap, share = overlap_of(given.shape, ground)
    if share <= 0:
        return
    spells = spells_of(held.minutes, given.start, given.end)
    # Versions that differ on the unit leave it open.
    binds = held.binds.pop() if len(held.binds) == 1 else Binding.UNKNOWN
    yield Conflict(
        deployment_row=given.row,
        deployment=given.name,
        unit=given.unit,
        zone_id=held.zone.id,
        zone=held.zone.name,
        overlap_m2=overlap,
        share=share,
        minutes=int(np.count_nonzero(held.minutes)),
        first=spells[0][0],
        last=spells[-1][1],
        suspended=_suspended(held.versions),
        binds=binds,
        spells=spells,
        unsettled=tuple(dict.fromkeys(held.unsettled)),
        versions=tuple(held.versions),
        ground=ground,
    )


def _suspended(versions: Sequence[Agreement]) -> tuple[Activity, ...]:
    """What the versions suspend, in the order of the vocabulary."""
    return tuple(a for a in Activity if any(version.suspends(a) for version in versions))
