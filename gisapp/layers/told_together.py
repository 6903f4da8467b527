"""Zones that are harmless one by one and tell together where a confidential service is.

Two halves of a square have no middle at the service that stands on their common edge; both laid
together have. Whoever has both lays them together, so neither goes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy
from gisapp.layers.confidential import Site, confidential_sites, is_confidential
from gisapp.layers.given_away import NEAREST_M, SHARE, arc_about, gives_away, middles_of
from gisapp.layers.outline import sound
from gisapp.layers.outline_fixes import polygons_of
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Visibility

#: Zones further apart than this are not laid together.
_GAP_M = 50.0
#: Nor are zones further from the service than this, or than they are wide.
_REACH_M = 100.0
#: Of zones about one service the nearest are looked at, by twos and threes and all at once.
_MOST, _LARGEST = 8, 3
#: Wider than this, zones with nothing to do with the service have it at a middle by chance.
_WIDEST_M = 1500.0
#: Areas that differ by less than this share are the same to the eye.
_SAME = 0.02

#: By the id of a zone: the ids of the zones with which it tells.
Told = Mapping[str, frozenset[str]]

_known: WeakKeyDictionary[Project, Told] = WeakKeyDictionary()


def told_together(project: Project) -> Told:
    """The zones that together tell where a confidential service is, each with the others.

    Of those that could leave: zones that `gives_away` keeps back anyway are not looked at, nor
    those that may never leave. Whether a zone is in force on a day is not asked, for whoever has
    last year's map has both.
    """
    known = _known.get(project)
    if known is None:
        known = _known[project] = told_by(project, leaving(project))
    return known


def told_by(project: Project, shapes: Mapping[str, BaseGeometry]) -> Told:
    """The same of outlines (EPSG:4326) by the ids of their zones, as they go out."""
    sites = confidential_sites(project)
    if not sites or len(shapes) < 2:
        return {}
    ids = list(shapes)
    bounds = np.array([shapely.bounds(shapes[key]) for key in ids])
    told: dict[str, set[str]] = {}
    for site in sites:
        for group in _telling(project, site, _near(site, ids, bounds, shapes)):
            for key in group:
                told.setdefault(key, set()).update(group - {key})
    return {key: frozenset(others) for key, others in told.items()}


def leaving(project: Project) -> dict[str, BaseGeometry]:
    """The outlines of the zones that could leave, were they alone, by their ids."""
    if not confidential_sites(project):
        return {}
    never = Visibility.NEVER_EXPORT
    found = {}
    for zone in project.zones.values():
        agreement = project.agreement_of(zone)
        kept = zone.visibility is never or (agreement and agreement.visibility is never)
        if not kept and not gives_away(project, zone):
            found[zone.id] = zone.shape
    return found


def _near(
    site: Site,
    ids: list[str],
    bounds: NDArray[np.float64],
    shapes: Mapping[str, BaseGeometry],
) -> dict[str, BaseGeometry]:
    """The nearest zones within reach of a service, in metres from it."""
    across, up = geodesy.degrees_of(1.0, site.lat)
    west, south, east, north = bounds.T
    wide = np.maximum(np.maximum((east - west) / across, (north - south) / up), _REACH_M)
    aside = np.maximum(west - site.lon, site.lon - east) / across
    beyond = np.maximum(south - site.lat, site.lat - north) / up
    within = np.flatnonzero((aside <= wide) & (beyond <= wide))
    if len(within) < 2:
        return {}
    middle = round(site.lon, 1), round(site.lat, 1)
    plane = geodesy.plane_for((*middle, *middle))
    x, y = plane.to_metres(np.array([site.lon]), np.array([site.lat]))
    grounds = {}
    for at in within.tolist():
        ground = plane.shape_to_metres(shapes[ids[at]])
        if not shapely.is_valid(ground):
            # What crosses itself can be laid together with nothing: what it encloses is.
            ground = shapely.MultiPolygon(polygons_of(sound(ground)))
        if not ground.is_empty:
            grounds[ids[at]] = shapely.transform(ground, lambda xy: xy - (x[0], y[0]))
    here = shapely.Point(0, 0)
    nearest = sorted(grounds, key=lambda key: (float(shapely.distance(grounds[key], here)), key))
    return {key: grounds[key] for key in nearest[:_MOST]}


def _telling(
    project: Project, site: Site, grounds: Mapping[str, BaseGeometry]
) -> Iterator[frozenset[str]]:
    """The smallest groups of zones, in metres from a service, that tell where it is."""
    about = {key: is_confidential(project, project.zones[key]) for key in grounds}
    found: list[frozenset[str]] = []
    for group in _groups(grounds):
        if any(smaller <= group for smaller in found):
            continue
        if _tells([grounds[key] for key in group], [about[key] for key in group]):
            found.append(group)
            yield group


def _groups(grounds: Mapping[str, BaseGeometry]) -> Iterator[frozenset[str]]:
    """Twos, threes and all of them, as far as they lie side by side."""
    beside = {
        frozenset((one, other))
        for one, other in combinations(grounds, 2)
        if shapely.dwithin(grounds[one], grounds[other], _GAP_M)
    }
    yield from sorted(beside, key=sorted)
    for three in combinations(grounds, _LARGEST):
        if sum(frozenset(pair) in beside for pair in combinations(three, 2)) > 1:
            yield frozenset(three)
    whole = set(list(grounds)[:1])
    while more := {key for pair in beside if pair & whole for key in pair} - whole:
        whole |= more
    if len(whole) > _LARGEST:
        yield frozenset(whole)


def _tells(grounds: list[BaseGeometry], about: list[bool]) -> bool:
    """Whether the service, at 0, 0, is at a middle of what they cover or share."""
    union = shapely.union_all(grounds)
    west, south, east, north = union.bounds
    near = NEAREST_M
    if all(about):
        near = max(near, SHARE * float(np.sqrt(union.area)))
    elif not any(about) and max(east - west, north - south) > _WIDEST_M:
        return False
    if not (west - near <= 0 <= east + near and south - near <= 0 <= north + near):
        return False
    areas = [ground.area for ground in grounds]
    pieces = []
    # What one of them covers alone was judged when it was looked at alone.
    if union.area > (1 + _SAME) * max(areas):
        parts = shapely.get_parts(union)
        holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
        pieces += [union, *holes]
    shared = shapely.intersection_all(grounds)
    if 0 < shared.area < (1 - _SAME) * min(areas):
        pieces.append(shared)
    if not pieces:
        return False
    apart = [np.hypot(*middles_of(piece).T).min() for piece in pieces]
    return bool(min(apart) <= near) or arc_about(union, np.zeros((1, 2)))
