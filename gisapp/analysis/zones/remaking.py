"""Making zones again from what they record: where their site moved, or the streets changed.

A zone records how it came about. As long as it was not reshaped by hand its outline can be made
anew by the same rule; nothing but its outline and its centre changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.streets.known_networks import network_of
from gisapp.analysis.streets.walk_zones import outlines
from gisapp.analysis.streets.zones import Stretch, lines_of
from gisapp.errors import EditError, GisappError
from gisapp.layers import geodesy, zoning
from gisapp.layers.bands import band
from gisapp.layers.edits import Edit
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind
from gisapp.layers.water import water_layers, water_of
from gisapp.layers.zone import Zone
from gisapp.layers.zoning_edges import area_round, edge_layer, place_of
from gisapp.progress import Progress

#: Outlines that share more than this of their ground are the same.
_SAME = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Remade:
    """Zones whose outline differs now, how many are as they were, and those that cannot be."""

    changed: tuple[Zone, ...]
    unchanged: int
    problems: tuple[tuple[str, str], ...]

    def edit(self) -> Edit:
        """The new outlines as one step; whatever else was changed since stays."""
        count = len(self.changed)
        label = "Make zone again" if count == 1 else f"Make {count:,} zones again"

        def apply(project: Project) -> Project:
            return project.with_zones(
                replace(project.zone(zone.id), shape=zone.shape, centre=zone.centre)
                for zone in self.changed
            )

        return Edit(label, apply)


def remade_zones(
    project: Project, zone_ids: Iterable[str], progress: Progress | None = None
) -> Remade:
    """Several zones made again; what keeps one from it is told and stops no other."""
    progress = progress or Progress()
    ids = list(zone_ids)
    changed, problems, unchanged = [], [], 0
    for zone_id in progress.track(ids, len(ids), "Making zones again"):
        zone = project.zone(zone_id)
        try:
            new = remade(zone, project, progress.part(0, 1))
        except GisappError as error:
            progress.check()
            problems.append((zone.name, str(error)))
            continue
        if _same(zone.shape, new.shape):
            unchanged += 1
        else:
            changed.append(new)
    return Remade(tuple(changed), unchanged, tuple(problems))


def remade(zone: Zone, project: Project, progress: Progress | None = None) -> Zone:
    """The zone with its outline made anew from the layers as they are now.

    EditError for what was drawn by hand, for the scene of an event, and where its site, area or
    street is no longer in the project.
    """
    if zone.basis in (Basis.CIRCLE, Basis.WALK):
        return _round_site(zone, project, progress)
    makers = {
        Basis.FOOTPRINT: _own_area,
        Basis.PARCEL: _own_area,
        Basis.POLYGON: _district,
        Basis.JURISDICTION: _district,
        Basis.STREETS: _streets,
        Basis.CORRIDOR: _corridor,
    }
    if zone.basis not in makers:
        raise EditError("The scene of an event stays where the event was.")
    return replace(zone, shape=makers[zone.basis](zone, project))


def _round_site(zone: Zone, project: Project, progress: Progress | None) -> Zone:
    lon, lat = _place(zone, project)
    radius_m = zone.radius_m or 0.0
    if zone.basis is Basis.WALK:
        streets = project.layers_of(LayerKind.STREETS)
        if not streets:
            raise EditError("There are no streets to walk along any more.", "Import them again.")
        network = network_of(streets[-1], progress)
        water = water_of(water_layers(project))
        (shape,), _ = outlines(network, [(lon, lat)], radius_m, zone.width_m, progress, water=water)
        if shape is None:
            raise EditError("From here no street is within the walk.", "Check where the site is.")
    elif zone.is_disc:
        shape = geodesy.circle(lon, lat, radius_m)
    else:
        shape = shapely.orient_polygons(geodesy.buffer(_edge(zone, project, lon, lat), radius_m))
    return replace(zone, shape=shape, centre=(lon, lat))


def _edge(zone: Zone, project: Project, lon: float, lat: float) -> BaseGeometry:
    layer = edge_layer(zone.basis_text)
    if layer is None:
        raise EditError("Nobody wrote down whose edge this radius is measured from.")
    area = area_round(project.layer_named(layer), lon, lat)
    if area is None:
        raise EditError(f"The site lies in no area of “{layer}” any more.")
    return area


def _place(zone: Zone, project: Project) -> tuple[float, float]:
    """Where the site of a zone is now; where it was, when no layer knows it by name."""
    found = [
        place_of(layer, row)
        for layer in project.layers_of(LayerKind.SERVICES)
        for row in _rows_named(layer, zone.service)
    ]
    if not found and zone.centre is not None:
        return zone.centre
    if not found:
        raise EditError("The service of this zone is not in the project any more.")
    if zone.centre is None:
        return found[0]
    # Of several with one name it is the one nearest to where it was.
    x, y = zone.centre
    return min(found, key=lambda place: geodesy.distance_m(x, y, *place))


def _own_area(zone: Zone, project: Project) -> BaseGeometry:
    if not zone.service:
        raise EditError("This zone was drawn by hand.", "Reshape it instead.")
    found = [
        layer.geometry.geoms[row]
        for layer in project.layers
        if not isinstance(layer.geometry, Points)
        for row in _rows_named(layer, zone.service)
        if shapely.get_dimensions(layer.geometry.geoms[row]) == 2
    ]
    if not found:
        raise EditError(f"No layer holds an area “{zone.service}” any more.")
    here = shapely.point_on_surface(zone.shape)
    nearest: BaseGeometry = min(found, key=lambda area: float(shapely.distance(area, here)))
    return nearest


def _district(zone: Zone, project: Project) -> BaseGeometry:
    meant = zoning.taken_areas(zone.basis_text)
    if meant is None:
        raise EditError("This zone was drawn by hand.", "Reshape it instead.")
    names, title = meant
    layer = project.layer_named(title)
    rows = [row for name in names for row in _rows_named(layer, name)]
    if names and len(rows) < len(names):
        raise EditError(f"“{title}” does not hold all of its areas any more.")
    chosen = np.array(rows, dtype=np.int64) if names else None
    return zoning.jurisdiction(layer, zone.basis_text, rows=chosen).shape


def _streets(zone: Zone, project: Project) -> BaseGeometry:
    stretches = [Stretch.parse(text) for text in zone.streets]
    for layer in reversed(project.layers_of(LayerKind.STREETS)):
        lines = [line for stretch in stretches for line in lines_of(layer, stretch)]
        if lines:
            return band(shapely.MultiLineString(lines), zone.width_m or 0.0)
    raise EditError("The streets of this zone are not in the project any more.")


def _corridor(zone: Zone, project: Project) -> BaseGeometry:
    lines = [
        layer.geometry.geoms[row]
        for layer in project.layers
        if not isinstance(layer.geometry, Points)
        for name in zone.streets
        for row in _rows_named(layer, name)
        if shapely.get_dimensions(layer.geometry.geoms[row]) == 1
    ]
    if not lines:
        raise EditError("The line of this corridor was drawn by hand.", "Reshape the zone instead.")
    here = zone.shape
    return band(min(lines, key=lambda line: float(shapely.distance(line, here))), zone.width_m or 0)


def _rows_named(layer: Layer, name: str) -> list[int]:
    if not name:
        return []
    return [row for row, own in enumerate(layer.texts("name")) if own.strip() == name]


def _same(old: BaseGeometry, new: BaseGeometry) -> bool:
    if old.equals(new):
        return True
    shared = shapely.area(shapely.intersection(shapely.make_valid(old), new))
    return bool(shared >= _SAME * max(shapely.area(old), shapely.area(new)))
