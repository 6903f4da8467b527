"""The area that a briefing is about: a deployment, a zone, a district, a view, or all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.outline import sound
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone

#: More names than this are not listed in an error.
_MOST_NAMED = 12
#: Areas that share this much of what they cover together are the same ground.
_SAME_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the jurisdiction (EPSG:4326); without a shape all of it.

    Of a deployment it also knows the unit, and from when to when where that is recorded.
    """

    name: str
    shape: BaseGeometry | None = None
    unit: str = ""
    start: datetime | None = None
    end: datetime | None = None

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east, north in degrees; None for the whole jurisdiction."""
        if self.shape is None:
            return None
        west, south, east, north = self.shape.bounds
        return float(west), float(south), float(east), float(north)


WHOLE = Area("Whole jurisdiction")


def told_zones(project: Project, audience: Audience = Audience.PATROL) -> tuple[Zone, ...]:
    """The zones an audience may be told of on paper, under the names that they have there."""
    return tuple(seen_by(project, audience, exported=True).zones.values())


def area_named(project: Project, name: str) -> Area:
    """The zone, or the row of a layer of boundaries, with this name.

    DataError where none or several on different ground have it; zones that patrols may not be
    told of are not known.
    """
    zones = told_zones(project)
    found = [Area(zone.name, zone.shape) for zone in zones if _same(zone.name, name)]
    names = [zone.name for zone in zones]
    for layer in _layers(project, LayerKind.BOUNDARIES):
        found += [Area(label, shape) for label, shape in _named_rows(layer, name)]
        names += layer.texts("name")
    return _only(found, f"There is no zone and no district “{name}”.", name, names)


def deployment_named(project: Project, name: str) -> Area:
    """The deployment with this name, with its unit and hours. DataError as `area_named`."""
    found: list[Area] = []
    names: list[str] = []
    for layer in _layers(project, LayerKind.DEPLOYMENTS):
        found += [one for one in deployments_of(layer) if _same(one.name, name)]
        names += layer.texts("name")
    return _only(found, f"There is no deployment “{name}”.", name, names)


def view_named(project: Project, name: str) -> Area:
    """The ground of a saved view. DataError where there is none of this name."""
    found = [view_area(one.bounds, one.name) for one in project.views if _same(one.name, name)]
    return _only(
        found[:1], f"There is no view “{name}”.", name, [one.name for one in project.views]
    )


def view_area(bounds: Bounds, name: str = "The area of the map") -> Area:
    """What a map shows, as an area."""
    return Area(name, shapely.box(*bounds))


def deployments_of(layer: Layer) -> list[Area]:
    """Every deployment of a layer that has a name and a place."""
    names, units = layer.texts("name"), layer.texts("unit")
    starts, ends = _moments(layer, "start"), _moments(layer, "end")
    return [
        Area(name, _shape(layer, row), units[row], starts[row], ends[row])
        for row, name in enumerate(names)
        if name.strip()
    ]


def _layers(project: Project, kind: LayerKind) -> list[Layer]:
    return [
        layer
        for layer in project.layers_of(kind)
        if showing(layer.kind, layer.sensitivity, Audience.PATROL, exported=True)
        is not Showing.NOTHING
        or kind is LayerKind.DEPLOYMENTS
    ]


def _named_rows(layer: Layer, name: str) -> list[tuple[str, BaseGeometry]]:
    return [
        (label, _shape(layer, row))
        for row, label in enumerate(layer.texts("name"))
        if _same(label, name)
    ]


def _shape(layer: Layer, row: int) -> BaseGeometry:
    if isinstance(layer.geometry, Points):
        return shapely.Point(float(layer.geometry.lon[row]), float(layer.geometry.lat[row]))
    shape: BaseGeometry = layer.geometry.geoms[row]
    return sound(shape)


def _moments(layer: Layer, name: str) -> list[datetime | None]:
    column = layer.column(name)
    if column is None or not pa.types.is_timestamp(column.type):
        return [None] * len(layer)
    moments: list[datetime | None] = column.cast(
        pa.timestamp("us", tz=column.type.tz or "UTC"), safe=False
    ).to_pylist()
    return moments


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _is_one(found: list[Area]) -> bool:
    """Whether areas are the same ground: a zone that is a whole district bears its name too."""
    first, *others = (one.shape or shapely.Point() for one in found)
    return all(_is_same(first, other) for other in others)


def _is_same(one: BaseGeometry, other: BaseGeometry) -> bool:
    together = one.union(other).area
    return bool(together) and one.intersection(other).area >= _SAME_SHARE * together


def _only(found: list[Area], nothing: str, name: str, names: list[str]) -> Area:
    if len(found) == 1 or (found and _is_one(found)):
        return found[0]
    known = list(dict.fromkeys(one for one in names if one.strip()))
    if found:
        raise DataError(
            f"There are {len(found)} areas “{name}”, and it is not clear which one is meant.",
            "Give them different names.",
        )
    said = ", ".join(f"“{one}”" for one in known[:_MOST_NAMED]) or "none"
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    raise DataError(nothing, f"Known: {said}{more}.")
