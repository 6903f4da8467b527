"""Outlines of zones looked at one by one: crossings, 180° of longitude, slivers, holes, twins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.edits import Edit
from gisapp.layers.issue import Code, Issue, Severity, middle_of
from gisapp.layers.outline_fixes import (
    SLIVER_M,
    SLIVER_M2,
    is_sliver,
    polygons_of,
    repaired,
    with_outline,
    without_slivers,
)
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone
from gisapp.progress import breathe

#: Metres of a degree of latitude, for a first look alone; what it finds is measured.
_DEGREE_M = 111_000.0
#: Outlines that run along streets.
_OF_STREETS = frozenset({Basis.WALK, Basis.STREETS, Basis.CORRIDOR})
#: So many outlines are looked at in one call, while which no other thread runs.
_TOGETHER = 256


def outline_issues(project: Project) -> Iterator[Issue]:
    """What is wrong with the outline of each zone by itself, and zones drawn twice."""
    zones = list(project.zones.values())
    if not zones:
        return
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    bad = _across(shapes)
    for at in np.flatnonzero(bad).tolist():
        yield _at_antimeridian(zones[at])
    sound = shapely.is_valid(shapes)
    for at in np.flatnonzero(~sound & ~bad).tolist():
        yield _crossing(zones[at])
    well = np.flatnonzero(sound & ~bad)
    yield from _thin_issues(zones, shapes, well)
    yield from _twins(project, zones, shapes)


def reshaping(label: str, zone_id: str, change: Callable[[Zone], Zone | None]) -> Edit:
    """An edit that works out a zone's new outline when it is made, from the zone as it is then."""

    def apply(project: Project) -> Project:
        changed = change(project.zone(zone_id))
        if changed is None:
            raise EditError("Nothing would be left of the zone.", "Draw its outline anew.")
        return project.with_zone(changed)

    return Edit(label, apply)


def may_lose_circle(zone: Zone) -> bool:
    """Whether its outline may be put right by another than a circle.

    Not while nobody has said who settled on the radius: that must not be lost from sight.
    """
    return zone.basis is not Basis.CIRCLE or bool(zone.basis_text.strip())


# One outline by itself


def _across(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Shapes beyond 180° of longitude, or with a part so wide that it jumped there."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    boxes = shapely.bounds(parts)
    beyond = (boxes[:, 0] < -180) | (boxes[:, 2] > 180) | (boxes[:, 2] - boxes[:, 0] > 180)
    found = np.zeros(len(shapes), dtype=bool)
    found[owner[beyond]] = True
    return found


def _at_antimeridian(zone: Zone) -> Issue:
    def change(now: Zone) -> Zone | None:
        shape = geodesy.within_180(shapely.make_valid(now.shape))
        return with_outline(now, shape, "cut at 180° of longitude") if polygons_of(shape) else None

    return Issue.of_zone(
        zone,
        Severity.ERROR,
        Code.ANTIMERIDIAN,
        f"The outline of “{zone.name}” runs across 180° of longitude without being cut there, so "
        "it seems to go round the world.",
        fix=reshaping("Cut at 180° of longitude", zone.id, change),
        fix_words="Cut the outline there; the ground stays the same.",
    )


def _crossing(zone: Zone) -> Issue:
    sound = repaired(zone)

    def change(now: Zone) -> Zone | None:
        shape = repaired(now)
        if shape is None:
            return None
        if now.basis is Basis.CIRCLE:
            return replace(now, shape=shape)
        return with_outline(now, shape, "repaired where its outline crossed itself")

    words = "" if sound is None else _repair_words(zone, sound)
    return Issue.of_zone(
        zone,
        Severity.ERROR,
        Code.SELF_CROSSING,
        f"The outline of “{zone.name}” crosses or touches itself, so it is not clear what lies "
        "inside.",
        fix=None if sound is None else reshaping("Repair outline", zone.id, change),
        fix_words=words,
    )


def _repair_words(zone: Zone, sound: BaseGeometry) -> str:
    if zone.basis is Basis.CIRCLE:
        return "Draw the circle anew from its centre and radius."
    parts = len(polygons_of(sound))
    pieces = f" in {parts} parts" if parts > 1 else ""
    area = geodesy.area_in_words(geodesy.area_m2(sound))
    return f"Take the outline apart where it crosses itself: {area}{pieces} lie inside then."


# Slivers and holes


def _thin_issues(
    zones: list[Zone], shapes: NDArray[np.object_], which: NDArray[np.int64]
) -> Iterator[Issue]:
    looked_at: set[int] = set()
    holed: set[int] = set()
    for start in range(0, len(which), _TOGETHER):
        breathe()
        some = shapes[which[start : start + _TOGETHER]]
        parts, owner = shapely.get_parts(some, return_index=True)
        owner = owner + start
        holed.update(owner[shapely.get_num_interior_rings(parts) > 0].tolist())
        # The outer rings and the holes, each as an area; a first look in degrees finds thin ones.
        rings, of_part = shapely.get_rings(parts, return_index=True)
        thin = _perhaps_thin(np.asarray(shapely.polygons(rings), dtype=object))
        looked_at.update(owner[of_part[thin]].tolist())
        looked_at.update(owner[_perhaps_thin(parts)].tolist())
    slivered = set()
    for at in sorted(looked_at):
        zone = zones[which[at]]
        issue = _slivers(zone)
        if issue is not None:
            slivered.add(at)
            yield issue
    for at in sorted(holed - slivered):
        # Between streets lie blocks of houses: there a hole is what was meant.
        if zones[which[at]].basis not in _OF_STREETS:
            yield _holes(zones[which[at]])


def _perhaps_thin(areas: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Polygons that may be slivers, never missing one: a degree of longitude is the shorter."""
    high = np.abs(shapely.bounds(areas)[:, [1, 3]]).max(axis=1, initial=0)
    shorter = _DEGREE_M * np.cos(np.radians(np.minimum(high, 89.9)))
    area, around = shapely.area(areas), shapely.length(areas)
    width = 2 * area / np.maximum(around, 1e-12) * shorter
    return np.asarray((width < SLIVER_M * 1.1) | (area * _DEGREE_M * shorter < SLIVER_M2 * 1.1))


def _slivers(zone: Zone) -> Issue | None:
    parts = polygons_of(zone.shape)
    bad = [part for part in parts if is_sliver(part)]
    holes = [
        hole
        for part in parts
        for hole in map(shapely.Polygon, part.interiors)
        if is_sliver(hole) and part not in bad
    ]
    if not bad and not holes:
        return None
    if len(bad) == len(parts):
        return Issue.of_zone(
            zone,
            Severity.ERROR,
            Code.SLIVER,
            f"“{zone.name}” has hardly any area: {geodesy.area_m2(zone.shape):.1f} m².",
        )
    lost = sum(map(geodesy.area_m2, bad)) - sum(map(geodesy.area_m2, holes))
    what = " and ".join(
        f"{len(some)} {one if len(some) == 1 else more}"
        for some, one, more in ((bad, "part", "parts"), (holes, "hole", "holes"))
        if some
    )
    fixable = may_lose_circle(zone)
    fix = reshaping("Remove slivers", zone.id, _without_slivers) if fixable else None
    return Issue(
        Severity.WARNING,
        Code.SLIVER,
        f"“{zone.name}” has {what} too thin or too small to mean anything on the ground.",
        zone_ids=(zone.id,),
        places=tuple(middle_of(sliver) for sliver in (*bad, *holes)),
        bounds=zone.shape.bounds,
        fix=fix,
        fix_words=f"Leave them out: {abs(lost):.2f} m² {'less' if lost >= 0 else 'more'}."
        if fix
        else "",
    )


def _without_slivers(zone: Zone) -> Zone | None:
    shape = without_slivers(zone.shape)
    return None if shape is None else with_outline(zone, shape, "slivers removed")


def _holes(zone: Zone) -> Issue:
    holes = [shapely.Polygon(ring) for part in polygons_of(zone.shape) for ring in part.interiors]
    area = geodesy.area_in_words(sum(map(geodesy.area_m2, holes)))
    words = "a hole" if len(holes) == 1 else f"{len(holes)} holes"
    return Issue(
        Severity.NOTE,
        Code.HOLE,
        f"“{zone.name}” has {words} of {area}, where it does not hold.",
        zone_ids=(zone.id,),
        places=tuple(map(middle_of, holes)),
        bounds=zone.shape.bounds,
    )


# Zones drawn twice


def _twins(project: Project, zones: list[Zone], shapes: NDArray[np.object_]) -> Iterator[Issue]:
    # To a centimetre, and wherever the outline starts.
    outlines: list[bytes] = []
    for start in range(0, len(shapes), _TOGETHER):
        breathe()
        some = shapes[start : start + _TOGETHER]
        rounded = shapely.transform(some, lambda xy: np.round(xy, 7) + 0.0)
        outlines += shapely.to_wkb(shapely.normalize(rounded)).tolist()
    same: dict[tuple[object, ...], list[Zone]] = defaultdict(list)
    for zone, outline in zip(zones, outlines, strict=True):
        kind = (zone.polarity, zone.agreement_id, zone.terms, zone.visibility)
        same[(outline, *kind, zone.starts_at, zone.ends_at)].append(zone)
    told = {breach.zone_id for breach in project.breaches}
    told |= {zone_id for one in project.settlements for zone_id in one.zone_ids}
    for first, *others in same.values():
        for other in others:
            # What was recorded about a zone must not be lost with it.
            fix = None if other.id in told else _one_for_both(first.id, other.id)
            sites = {zone.service.strip() for zone in (first, other)}
            yield Issue(
                Severity.WARNING if len(sites) == 1 else Severity.NOTE,
                Code.DUPLICATE,
                f"“{other.name}” has the same outline and terms as “{first.name}”.",
                zone_ids=(other.id, first.id),
                places=(middle_of(other.shape),),
                bounds=other.shape.bounds,
                fix=fix,
                fix_words=f"Remove “{other.name}”; “{first.name}” stands for both." if fix else "",
            )


def _one_for_both(kept: str, gone: str) -> Edit:
    """Take a zone out, and note its services with the one that stands for both."""

    def apply(project: Project) -> Project:
        zone, twin = project.zone(kept), project.zone(gone)
        sites = dict.fromkeys((*zone.anchors, twin.service, *twin.anchors))
        anchors = tuple(site for site in sites if site.strip() and site != zone.service)
        return project.without_zones((gone,)).with_zone(replace(zone, anchors=anchors))

    return Edit("Remove zone", apply)
