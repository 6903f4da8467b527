"""Events inside, in a ring round, and outside the zones that held when they happened.

An event is judged with its true point, the zone's outline, and its own wall-clock time in the
time zone of the agreement. One event in several zones counts once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.counts import Counts as Counts
from gisapp.analysis.counts import Place
from gisapp.analysis.points.distinct_numbers import distinct
from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.known_indexes import index_of
from gisapp.analysis.points.tally import tally
from gisapp.analysis.suppression import suppress as suppress
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement
from gisapp.layers.layer import Layer, Points
from gisapp.layers.moments import Moments
from gisapp.layers.project import Project
from gisapp.layers.schedule import hours_hold
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone
from gisapp.progress import Progress

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Every event of a layer with where it fell.

    `where` holds a `Place` a row. `zones` and `rows` are pairs: the number of a zone in
    `zone_ids`, and a row that lay inside it while it held.
    """

    where: NDArray[np.uint8]
    zone_ids: tuple[str, ...]
    zones: Rows
    rows: Rows

    def counts(self, mask: Mask | None = None) -> Counts:
        """Counts of all rows, or of those where `mask` is true."""
        zones, rows = self.zones, self.rows
        where = self.where
        if mask is not None:
            where, kept = where[mask], mask[rows]
            zones, rows = zones[kept], rows[kept]
        number = tally(where, len(Place))
        by_zone = tally(zones, len(self.zone_ids))
        times_inside = tally(rows, len(self.where))
        shared = np.unique(zones[times_inside[rows] > 1])
        return Counts(
            inside=int(number[Place.INSIDE]),
            ring=int(number[Place.RING]),
            outside=int(number[Place.OUTSIDE]),
            no_time=int(number[Place.NO_TIME]),
            by_zone=dict(zip(self.zone_ids, by_zone.tolist(), strict=True)),
            shared=frozenset(self.zone_ids[zone] for zone in shared),
        )


class How(TypedDict, total=False):
    """How events are placed; see `place_events` for what each means, and for what stands unsaid."""

    index: PointIndex | None
    ring_m: float | None
    day: date | None
    ignore_dates: bool
    polarity: Polarity
    near: Sequence[BaseGeometry] | None
    progress: Progress | None


def count_events(project: Project, layer: Layer, **how: Unpack[How]) -> Counts:
    """Count a layer's events inside, in the ring round, and outside the project's zones.

    See `place_events` for what the arguments mean.
    """
    return place_events(project, layer, **how).counts()


def count_by(project: Project, layer: Layer, by: str, **how: Unpack[How]) -> dict[str, Counts]:
    """The same for each `month`, `activity` or `group` of the layer, in alphabetical order.

    Events without a value stand under "unknown". DataError for another `by`, or where the layer
    has no such field.
    """
    values, names = grouped(layer, by)
    placed = place_events(project, layer, **how)
    return {name: placed.counts(values == number) for number, name in enumerate(names)}


def place_events(
    project: Project,
    layer: Layer,
    *,
    index: PointIndex | None = None,
    ring_m: float | None = None,
    day: date | None = None,
    ignore_dates: bool = False,
    polarity: Polarity = Polarity.NO_ENFORCEMENT,
    near: Sequence[BaseGeometry] | None = None,
    progress: Progress | None = None,
) -> Placed:
    """Find where each event of a point layer fell.

    `index` is the layer's, made here when not given. `ring_m` is the width on the ground of the
    ring round the zones. Each event is judged at its own time, but with `day` as if the terms of
    that day had always held (an event's own hour still counts), and with `ignore_dates` by place
    alone. Zones without an agreement are proposals and count always. Only zones of one
    `polarity` are looked at. `near` are these zones with their rings, as `with_rings` gives them,
    for who counts in the same zones many times. DataError when the layer has no points.
    """
    progress = progress or Progress()
    if not isinstance(layer.geometry, Points):
        raise DataError(
            f"“{layer.name}” holds areas or lines, and only points can be counted in zones.",
            "Choose a layer of stops, overdoses or other points.",
        )
    index = index or index_of(layer.geometry, progress.part(0, 0.2))
    zones = zones_of(project, polarity)
    clock = _Clock(project, layer, day, ignore_dates)
    numbers, rows = index.pairs([zone.shape for zone in zones], progress.part(0.2, 0.5))
    held, unsure = clock.judge(zones, numbers, rows)
    where = np.zeros(len(layer), dtype=np.uint8)
    if ring_m:
        ringed, beside = index.pairs(near or with_rings(zones, ring_m), progress.part(0.5, 0.9))
        near_held, near_unsure = clock.judge(zones, ringed, beside)
        where[beside[near_unsure]] = Place.NO_TIME
        where[beside[near_held]] = Place.RING
    # What could lie inside is not known to lie in the ring; what is inside is inside.
    where[rows[unsure]] = Place.NO_TIME
    where[rows[held]] = Place.INSIDE
    progress.report(1.0)
    return Placed(where, tuple(zone.id for zone in zones), numbers[held], rows[held])


def zones_of(project: Project, polarity: Polarity = Polarity.NO_ENFORCEMENT) -> list[Zone]:
    """The zones that events are counted in, in the order in which they are numbered."""
    return [zone for zone in project.zones.values() if zone.polarity is polarity]


@dataclass(slots=True)
class _Clock:
    """Which zones held at the time of which events; wall-clock times once a time zone."""

    project: Project
    layer: Layer
    day: date | None
    ignore_dates: bool
    _moments: Moments | None = None

    def judge(self, zones: Sequence[Zone], numbers: Rows, rows: Rows) -> tuple[Mask, Mask]:
        """For pairs of zone and row: whether it held then, and whether that cannot be known."""
        # Zones that hold at the same times are judged together.
        together: dict[Hashable, int] = {}
        group = np.array(
            [together.setdefault(self.project.hold_key(z), len(together)) for z in zones],
            dtype=np.int64,
        )
        if len(together) == 1:
            return self._at(zones[0], rows)
        held = np.zeros(len(rows), dtype=bool)
        unsure = np.zeros(len(rows), dtype=bool)
        order = np.argsort(group[numbers], kind="stable")
        ends = np.searchsorted(group[numbers][order], np.arange(1, len(together)))
        for pairs in np.split(order, ends):
            if len(pairs):
                zone = zones[int(numbers[pairs[0]])]
                held[pairs], unsure[pairs] = self._at(zone, rows[pairs])
        return held, unsure

    def _at(self, zone: Zone, rows: Rows) -> tuple[Mask, Mask]:
        never = np.zeros(len(rows), dtype=bool)
        versions = self.project.versions_of(zone)
        lasting = zone.starts_at is not None or zone.ends_at is not None
        if self.ignore_dates or not (versions or lasting):
            return ~never, never
        moments = self._all().take(rows)
        if self.day is not None:
            version = self.project.version_on(zone, self.day) if versions else None
            if versions and version is None:
                return never, never
            return _at_these_hours(version, moments) if version else (~never, never)
        can_hold = not versions or any(version.days_in_force() for version in versions)
        unknown = np.isnat(moments.local(versions[-1].timezone if versions else "UTC"))
        return self.project.counts_at(zone, moments) & ~unknown, unknown & can_hold

    def _all(self) -> Moments:
        """The times of all rows, unknown where the layer has none."""
        if self._moments is None:
            column = self.layer.column("time")
            known = column is not None and self.layer.timezone is not None
            self._moments = Moments(column) if known else Moments.unknown(len(self.layer))
        return self._moments


def _at_these_hours(version: Agreement, moments: Moments) -> tuple[Mask, Mask]:
    """When the hours of an agreement hold, as if it always had; and where the time is unknown."""
    local = moments.local(version.timezone)
    held = np.zeros(len(local), dtype=bool)
    if not version.hours and version.calendar.is_plain:
        return held | (not version.calendar.service_hours), held
    unknown = np.isnat(local)
    known = np.flatnonzero(~unknown)
    since = _long_before(version.first_day, version.calendar.rule)
    held[known] = hours_hold(version.hours, version.calendar, since, local[known])
    return held, unknown


#: After this many years weekdays and leap years come round, and so do each second and third
#: week, month and year: a recurrence that starts so much earlier names the same days.
_ROUND_YEARS = 56


def _long_before(first_day: date | None, rule: str) -> date | None:
    """A first day so early that a rule reaches events from before an agreement began."""
    if first_day is None or "COUNT" in rule.upper() or first_day.year <= _ROUND_YEARS:
        return first_day
    return first_day.replace(year=first_day.year - _ROUND_YEARS)


def with_rings(zones: Sequence[Zone], ring_m: float) -> list[BaseGeometry]:
    """The zones and the ring round them: circles as larger circles, the others buffered."""
    shapes: list[BaseGeometry] = [zone.shape for zone in zones]
    radii: dict[float, list[int]] = defaultdict(list)
    for number, zone in enumerate(zones):
        if zone.is_disc and zone.centre and zone.radius_m:
            radii[zone.radius_m].append(number)
        else:
            shapes[number] = geodesy.buffer(zone.shape, ring_m)
    for radius_m, members in radii.items():
        centres = np.array([zones[number].centre for number in members], dtype=np.float64)
        discs = geodesy.circles(centres[:, 0], centres[:, 1], radius_m + ring_m)
        for number, disc in zip(members, discs, strict=True):
            shapes[number] = disc
    return shapes


def grouped(layer: Layer, by: str) -> tuple[Rows, list[str]]:
    """The number of each row's group, and the names of the groups in alphabetical order.

    `by` is month, activity or group; DataError as `count_by` says.
    """
    if by == "month":
        local = layer.times_local()
        if local is None:
            raise DataError(f"“{layer.name}” has no times.", "Choose its time column on import.")
        months, numbers = distinct(local.astype("datetime64[M]").astype(np.int64))
        texts = ["" if np.isnat(one) else str(one) for one in months.astype("datetime64[M]")]
    elif by in ("activity", "group"):
        column = layer.column(by)
        if column is None:
            raise DataError(
                f"“{layer.name}” has no field “{by}”.", f"Choose a column for “{by}” on import."
            )
        texts, numbers = _each_text(column)
    else:
        raise DataError(f"Counts cannot be split by “{by}”.", "Use month, activity or group.")
    # Only what some row has: not every text that Arrow lists need be a row's.
    found, numbers = distinct(numbers)
    named = np.array([texts[one] or "unknown" for one in found], dtype=str)
    names, place = np.unique(named, return_inverse=True)
    return place[numbers].astype(np.int64), [str(name) for name in names]


def _each_text(column: pa.ChunkedArray) -> tuple[list[str], Rows]:
    """The texts that differ, empty for nulls, and the number of each row's text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    # What differs is named by Python, as everywhere; each text once and not each row.
    whole = column.combine_chunks().dictionary_encode()
    texts = ["" if value is None else str(value) for value in whole.dictionary.to_pylist()]
    missing = pc.fill_null(whole.indices.cast(pa.int64()), len(texts))
    return [*texts, ""], np.asarray(missing.to_numpy(zero_copy_only=False), dtype=np.int64)
