"""All that is to be known of each deployment: zones, streets in them, services, hotspots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments.help import (
    Hotspot,
    HotspotFinder,
    OpenService,
    ServiceFinder,
)
from gisapp.analysis.deployments.streets import StreetFinder, StreetPart
from gisapp.analysis.deployments.times import Spell, moment
from gisapp.analysis.deployments.zones_met import Conflict, hours_of, meetings, shapes_of, unjudged
from gisapp.analysis.streets.one_name import scattered_words
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, Showing, sees_confidential, showing
from gisapp.layers.deployment_units import Binding
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.seen_words import in_seen_words, layer_in_seen_words
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone
from gisapp.progress import Progress

#: Why a row is not judged.
NO_HOURS = "Its start or end is missing, or the end is not after the start."
NOT_SHOWN = "Deployments are for the police alone: they are not shown to this audience."


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """A zone that a deployment meets, and the streets of it on the ground in common."""

    conflict: Conflict
    streets: tuple[StreetPart, ...] = ()

    @property
    def binds(self) -> Binding:
        return self.conflict.binds


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A deployment and what was found. `shape` is EPSG:4326; `area_m2` is 0 for lines and points.

    `start` and `end` carry the zone of the layer, None where unknown; `problem` says why it
    could not be judged, and is empty otherwise. `scattered` says that its streets lie far from
    each other, where they do. `met` binds its unit, or may; `others` are zones
    in force there that do not.
    """

    row: int
    name: str
    unit: str
    purpose: str
    shape: BaseGeometry
    area_m2: float
    start: datetime | None
    end: datetime | None
    problem: str = ""
    met: tuple[Meeting, ...] = ()
    others: tuple[Meeting, ...] = ()
    services: tuple[OpenService, ...] = ()
    hotspots: tuple[Hotspot, ...] = ()
    scattered: str = ""

    @property
    def meets(self) -> bool:
        return bool(self.met)


@dataclass(frozen=True, slots=True, eq=False)
class DeploymentCheck:
    """The deployments of a layer in its order, and what has to be said of the whole.

    `timezone` is the zone in which its hours are told, `doubtful` are zones of which it is not
    known at which hours they hold, and why. But for `project` all is as the audience may know it.
    """

    project: Project
    layer: Layer
    deployments: tuple[Checked, ...]
    timezone: str
    notes: tuple[str, ...] = ()
    doubtful: tuple[tuple[Zone, str], ...] = ()

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.timezone)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(one.conflict for each in self.deployments for one in each.met)

    @property
    def meeting(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.deployments if one.meets)

    @property
    def unjudged(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.deployments if one.problem)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def local_spells(self, spells: tuple[Spell, ...]) -> tuple[Spell, ...]:
        return tuple((self.local(first), self.local(last)) for first, last in spells)


def check(
    project: Project,
    layer: Layer,
    *,
    audience: Audience = Audience.POLICE,
    exported: bool = False,
    progress: Progress | None = None,
) -> DeploymentCheck:
    """Judge every deployment for an audience, on screen or for a file.

    Zones that the audience may not see are not looked at. DataError where the audience may not
    see deployments at all, and when the layer has no start and end.
    """
    progress = progress or Progress()
    if showing(layer.kind, layer.sensitivity, audience, exported=exported) is Showing.NOTHING:
        raise DataError(NOT_SHOWN, "Choose police analysts as the audience.")
    seen = seen_by(project, audience, exported=exported)
    # Zones that follow a service which this audience may not see hold at its hours all the same.
    found = meetings(replace(project, zones=seen.zones), layer, progress.part(0, 0.5))
    doubtful = tuple(_doubtful(project, seen))
    if not sees_confidential(audience, exported=exported):
        # Whom an agreement binds was found by its own words; what is told of it is not in them.
        found = in_seen_words(project, found)
        doubtful = in_seen_words(project, doubtful)
        layer = layer_in_seen_words(project, layer)
    streets = StreetFinder(seen)
    services = ServiceFinder(seen, audience, exported=exported)
    hotspots = HotspotFinder(seen, audience, progress.part(0.5, 0.7), exported=exported)
    by_row: dict[int, list[Meeting]] = {}
    for one in found:
        parts = streets.inside(one.ground) if one.ground is not None else ()
        by_row.setdefault(one.deployment_row, []).append(Meeting(one, parts))
    rows = _rows(seen, layer)
    deployments = []
    for one_row in progress.part(0.7, 1).track(rows, len(rows), "Looking for help near them"):
        mine = by_row.get(one_row.row, [])
        checked = replace(
            one_row,
            met=tuple(m for m in mine if m.binds is not Binding.NOT_BOUND),
            others=tuple(m for m in mine if m.binds is Binding.NOT_BOUND),
        )
        if not checked.problem and checked.start is not None and checked.end is not None:
            checked = replace(
                checked,
                services=services.inside(checked.shape, checked.start, checked.end),
                hotspots=hotspots.inside(checked.shape, checked.start, checked.end, services),
            )
        deployments.append(checked)
    notes = (*_hidden(project, seen, exported), *hotspots.notes)
    return DeploymentCheck(
        project, layer, tuple(deployments), zone_of(project, layer), notes, doubtful
    )


def _doubtful(project: Project, seen: Project) -> Iterator[tuple[Zone, str]]:
    """The zones that are seen of which it is not known when they hold, and why, in words."""
    for key, zone in seen.zones.items():
        problem = project.hours_problem(project.zones[key])
        if problem:
            yield zone, problem


def zone_of(project: Project, layer: Layer) -> str:
    """The time zone in which the hours of a layer of deployments are told."""
    return layer.timezone or project.timezone


def _rows(project: Project, layer: Layer) -> list[Checked]:
    starts, ends = hours_of(layer)
    bad = set(unjudged(layer).tolist())
    zone = ZoneInfo(zone_of(project, layer))
    texts = zip(
        *(layer.texts(field) for field in ("name", "unit", "purpose", "streets")), strict=True
    )

    def told(at: np.datetime64) -> datetime | None:
        return None if np.isnat(at) else moment(at).astimezone(zone)

    return [
        Checked(
            row=row,
            name=name or f"Row {row + 1}",
            unit=unit,
            purpose=purpose,
            shape=shape,
            area_m2=geodesy.area_m2(shape),
            start=told(starts[row]),
            end=told(ends[row]),
            problem=NO_HOURS if row in bad else "",
            scattered=scattered_words(shape, streets),
        )
        for row, (shape, (name, unit, purpose, streets)) in enumerate(
            zip(shapes_of(layer), texts, strict=True)
        )
    ]


def _hidden(project: Project, seen: Project, exported: bool) -> tuple[str, ...]:
    if len(seen.zones) == len(project.zones):
        return ()
    where = "this file" if exported else "this list"
    return (f"Zones that are not meant for this audience are not in {where}.",)


def has_deployments(project: Project) -> tuple[Layer, ...]:
    """The layers of deployments, the topmost first."""
    return tuple(reversed(project.layers_of(LayerKind.DEPLOYMENTS)))
