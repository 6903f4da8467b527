"""Zones against the boundaries of the project: ground where no partner may agree on anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy
from gisapp.layers.issue import Code, Issue, Severity
from gisapp.layers.layer import Shapes
from gisapp.layers.outline import sound
from gisapp.layers.outline_checks import may_lose_circle, reshaping
from gisapp.layers.outline_fixes import inside_of, polygons_of, with_outline
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone

#: Less ground outside than this share of a zone, or than so many square metres, is the width of a
#: line: boundaries are seldom drawn to the metre.
_LEAST_SHARE, _LEAST_M2 = 0.001, 1.0


def jurisdiction_issues(project: Project) -> Iterator[Issue]:
    """Zones that lie outside of every area of the layers of boundaries, wholly or in part."""
    ground, names = _ground(project)
    if not len(ground) or not project.zones:
        return
    zones = [zone for zone in project.zones.values() if shapely.is_valid(zone.shape)]
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    tree = shapely.STRtree(shapes)
    _, covered = tree.query(ground, predicate="covers")
    left = np.setdiff1d(np.arange(len(zones)), covered)
    meets: dict[int, list[BaseGeometry]] = {int(at): [] for at in left}
    for area, at in zip(*tree.query(ground, predicate="intersects"), strict=True):
        if int(at) in meets:
            meets[int(at)].append(ground[area])
    for at, areas in meets.items():
        issue = _outside(zones[at], areas, names)
        if issue is not None:
            yield issue


def _ground(project: Project) -> tuple[NDArray[np.object_], str]:
    """The areas of all layers of boundaries, sound, and what the layers are called."""
    areas: list[BaseGeometry] = []
    names = []
    for layer in project.layers_of(LayerKind.BOUNDARIES):
        if isinstance(layer.geometry, Shapes):
            flat = layer.geometry.geoms[shapely.get_dimensions(layer.geometry.geoms) == 2]
            areas.extend(sound(flat))
            names.append(f"“{layer.name}”")
    return np.array(areas, dtype=object), " and ".join(names)


def _outside(zone: Zone, areas: Sequence[BaseGeometry], names: str) -> Issue | None:
    whole = zone.area_m2
    covered = shapely.union_all([shapely.intersection(zone.shape, area) for area in areas])
    beyond = polygons_of(shapely.difference(zone.shape, covered))
    outside = sum(map(geodesy.area_m2, beyond))
    if outside <= max(_LEAST_M2, _LEAST_SHARE * whole):
        return None
    if outside >= whole - _LEAST_M2 or inside_of(zone.shape, areas) is None:
        return Issue.of_zone(
            zone,
            Severity.WARNING,
            Code.OUTSIDE,
            f"“{zone.name}” lies wholly outside {names}: who agreed on it may have no say there.",
        )
    share = max(round(100 * outside / whole), 1)
    fix = None
    if may_lose_circle(zone):

        def change(now: Zone) -> Zone | None:
            shape = inside_of(now.shape, areas)
            return (
                None if shape is None else with_outline(now, shape, f"cut at the edge of {names}")
            )

        fix = reshaping("Cut at the jurisdiction", zone.id, change)
    return Issue.of_zone(
        zone,
        Severity.WARNING,
        Code.OUTSIDE,
        f"{share} % of “{zone.name}” ({geodesy.area_in_words(outside)}) lies outside {names}.",
        fix=fix,
        fix_words="Cut the zone at the edge: what lies outside is left out." if fix else "",
    )
