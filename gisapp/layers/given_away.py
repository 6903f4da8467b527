"""Whether a reader could work out from an outline alone where a confidential service is.

An outline gives a place away by its middle, however that is worked out, and by arcs: whoever
sees a piece of a circle finds its centre. The outline is looked at as it goes out, after ground
was cut from it, for that moves every middle.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers import arcs, geodesy
from gisapp.layers.confidential import MADE_FROM, Site, confidential_sites, is_confidential
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone

#: No middle of what goes out lies nearer than this to a confidential service.
NEAREST_M = 25.0
#: Nor nearer than this share of the width of the outline: its middle is what people look at.
SHARE = 0.15

#: What was found of an outline, and beside which services: most outlines outlast an edit.
_about: WeakKeyDictionary[BaseGeometry, tuple[tuple[Site, ...], bool]] = WeakKeyDictionary()


def gives_away(project: Project, zone: Zone, outline: BaseGeometry | None = None) -> bool:
    """Whether the outline of a zone tells where a confidential service is.

    One answer for maps, papers and packages. `outline` (EPSG:4326) is what goes out where that is
    not all of the zone. The outline of a zone round such a service tells where it was made from
    its place (a circle, a building, land, a walk), and where a middle or an arc of it is there;
    that of any other where an arc, a hole or a part of its own is about the service, which may
    lie near the middle of a district by chance. Such a zone is left out of every file, and of
    every map for others than police analysts: for a zone that can be handed on, draw an area
    that has the service well off its middle.
    """
    if not confidential_sites(project):
        return False
    if _gives_away(project, zone, zone.shape):
        return True
    if outline is None or outline is zone.shape:
        return False
    return _gives_away(project, zone, outline)


def _gives_away(project: Project, zone: Zone, shape: BaseGeometry) -> bool:
    if not is_confidential(project, zone):
        return _points_at_one(project, shape)
    made_from_it = zone.basis in MADE_FROM or zone.centre is not None
    return made_from_it or tells_of(project, shape)


def tells_of(project: Project, shape: BaseGeometry) -> bool:
    """Whether a middle of an outline (EPSG:4326), or of an arc of it, is at a confidential one."""
    if not confidential_sites(project) or shape.is_empty:
        return False
    ground, places = _on_a_plane(project, shape)
    near = max(NEAREST_M, SHARE * float(np.sqrt(ground.area)))
    return _meet(middles(ground), places, near) or _has_arc_about(shape, ground, places)


def _points_at_one(project: Project, shape: BaseGeometry) -> bool:
    if shape.is_empty:
        return False
    sites = confidential_sites(project)
    known = _about.get(shape)
    if known is None or known[0] != sites:
        known = _about[shape] = sites, _has_a_piece_about(project, shape)
    return known[1]


def _has_a_piece_about(project: Project, shape: BaseGeometry) -> bool:
    ground, places = _on_a_plane(project, shape)
    parts = shapely.get_parts(ground)
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    pieces = [*holes, *(parts if len(parts) > 1 else ())]
    return _has_arc_about(shape, ground, places) or any(
        _meet(middles(piece), places, NEAREST_M) for piece in pieces if len(_near_by(piece, places))
    )


def _on_a_plane(project: Project, shape: BaseGeometry) -> tuple[BaseGeometry, NDArray[np.float64]]:
    """An outline and the confidential services, a row each, in metres."""
    sites = confidential_sites(project)
    west, south, east, north = shape.bounds
    # One plane for the zones of a city, for to make one takes longer than all else. Within ten
    # kilometres of its middle a circle stays one to a tenth of a millimetre.
    middle = round((west + east) / 2, 1), round((south + north) / 2, 1)
    plane = geodesy.plane_for((*middle, *middle))
    x, y = plane.to_metres(
        np.array([site.lon for site in sites]), np.array([site.lat for site in sites])
    )
    return plane.shape_to_metres(shape), np.column_stack([x, y])


def middles(ground: BaseGeometry) -> NDArray[np.float64]:
    """Points that a reader may take for the middle of an outline: one a row, in its own units.

    Of the whole, of each part and of each hole: the centre of gravity, of its box, of its corners,
    of the smallest circle and the smallest box round it, and of the largest circle in it.
    """
    parts = [ground, *shapely.get_parts(ground)]
    rings = [ring for part in shapely.get_parts(ground) for ring in part.interiors]
    holes = [shapely.Polygon(ring) for ring in rings]
    return np.concatenate([middles_of(one) for one in (*parts, *holes)])


def middles_of(ground: BaseGeometry) -> NDArray[np.float64]:
    """The middles of an area as a whole, a point a row; see `middles`."""
    west, south, east, north = ground.bounds
    corners = shapely.get_coordinates(ground)
    round_it = shapely.minimum_bounding_circle(ground).centroid
    turned = shapely.minimum_rotated_rectangle(ground).centroid
    within = shapely.get_coordinates(shapely.maximum_inscribed_circle([ground]))[0]
    found = [
        ((west + east) / 2, (south + north) / 2),
        (ground.centroid.x, ground.centroid.y),
        (float(corners[:-1, 0].mean()), float(corners[:-1, 1].mean())),
        (round_it.x, round_it.y),
        (turned.x, turned.y),
        (float(within[0]), float(within[1])),
    ]
    return np.array(found)


def arc_about(ground: BaseGeometry, places: NDArray[np.float64]) -> bool:
    """Whether the centre of an arc of an outline in metres, exact as it is, is at a place."""
    rings = [arcs.Ring(corners, np.zeros(len(corners))) for corners in _corners(ground)]
    return any(
        arcs.is_about(ring, places, NEAREST_M) for ring in rings if len(ring.corners) >= arcs.FEWEST
    )


def _has_arc_about(shape: BaseGeometry, ground: BaseGeometry, places: NDArray[np.float64]) -> bool:
    """Whether the centre of an arc of an outline, in degrees and in metres, is at a place."""
    rings = zip(_corners(shape), _corners(ground), strict=True)
    return any(
        arcs.is_about(arcs.Ring(metres, arcs.grains_of(degrees)), places, NEAREST_M)
        for degrees, metres in rings
        if len(metres) >= arcs.FEWEST
    )


def _corners(shape: BaseGeometry) -> list[NDArray[np.float64]]:
    """The corners of each ring (n, 2), none of them twice."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return [shapely.get_coordinates(ring)[:-1] for ring in rings]


def _near_by(piece: BaseGeometry, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The places that can be a middle of a piece: no middle lies far out of its box."""
    west, south, east, north = piece.bounds
    far = NEAREST_M + max(east - west, north - south)
    low, high = np.array([west - far, south - far]), np.array([east + far, north + far])
    return places[((places >= low) & (places <= high)).all(axis=1)]


def _meet(some: NDArray[np.float64], places: NDArray[np.float64], near: float = NEAREST_M) -> bool:
    if not len(some):
        return False
    apart = np.linalg.norm(some[:, None, :] - places[None, :, :], axis=2)
    return bool((apart <= near).any())
