"""Whether a reader could work out from an outline alone where a confidential service is.

An outline gives a place away by its middle, however that is worked out, and by arcs: whoever
sees a piece of a circle finds its centre. The outline is looked at as it goes out, after ground
was cut from it, for that moves every middle.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy
from gisapp.layers.confidential import confidential_sites
from gisapp.layers.project import Project

#: No middle of what goes out lies nearer than this to a confidential service.
NEAREST_M = 25.0
#: Nor nearer than this share of the width of the outline: its middle is what people look at.
SHARE = 0.15
#: So many corners in a row on one circle are an arc; fewer lie on one by chance.
_ARC = 7
_OFF_M = 0.02


def tells_of(project: Project, shape: BaseGeometry) -> bool:
    """Whether a middle of an outline (EPSG:4326), or of an arc of it, is at a confidential one."""
    if not confidential_sites(project) or shape.is_empty:
        return False
    ground, places = _on_a_plane(project, shape)
    near = max(NEAREST_M, SHARE * float(np.sqrt(ground.area)))
    return _meet(middles(ground), places, near) or _meet(arc_centres(ground), places, NEAREST_M)


def points_at_one(project: Project, shape: BaseGeometry) -> bool:
    """Whether a piece of an outline (EPSG:4326) is drawn about a confidential service.

    Asked of every zone, also of those that have nothing to do with the service: a district may
    have it near its middle by chance, but no arc about it, no hole, and no part of its own.
    """
    if not confidential_sites(project) or shape.is_empty:
        return False
    ground, places = _on_a_plane(project, shape)
    parts = shapely.get_parts(ground)
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    pieces = [*holes, *(parts if len(parts) > 1 else ())]
    return _meet(arc_centres(ground), places, NEAREST_M) or any(
        _meet(middles(piece), places, NEAREST_M) for piece in pieces
    )


def _on_a_plane(project: Project, shape: BaseGeometry) -> tuple[BaseGeometry, NDArray[np.float64]]:
    """An outline and the confidential services, a row each, in metres."""
    sites = confidential_sites(project)
    plane = geodesy.plane_for(shape.bounds)
    east, north = plane.to_metres(
        np.array([site.lon for site in sites]), np.array([site.lat for site in sites])
    )
    return plane.shape_to_metres(shape), np.column_stack([east, north])


def middles(ground: BaseGeometry) -> NDArray[np.float64]:
    """Points that a reader may take for the middle of an outline: one a row, in its own units.

    Of the whole, of each part and of each hole: the centre of gravity, of its box, of its corners,
    of the smallest circle and the smallest box round it, and of the largest circle in it.
    """
    parts = [ground, *shapely.get_parts(ground)]
    rings = [ring for part in shapely.get_parts(ground) for ring in part.interiors]
    found: list[tuple[float, float]] = []
    for one in (*parts, *(shapely.Polygon(ring) for ring in rings)):
        west, south, east, north = one.bounds
        corners = shapely.get_coordinates(one)
        round_it = shapely.minimum_bounding_circle(one).centroid
        turned = shapely.minimum_rotated_rectangle(one).centroid
        within = shapely.get_coordinates(shapely.maximum_inscribed_circle(one))[0]
        found += [
            ((west + east) / 2, (south + north) / 2),
            (one.centroid.x, one.centroid.y),
            (float(corners[:-1, 0].mean()), float(corners[:-1, 1].mean())),
            (round_it.x, round_it.y),
            (turned.x, turned.y),
            (float(within[0]), float(within[1])),
        ]
    return np.array(found)


def arc_centres(ground: BaseGeometry) -> NDArray[np.float64]:
    """Centres of arcs in the rings of an outline: one a row, none where it has no arc."""
    parts = shapely.get_parts(ground)
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    found = [_centres(shapely.get_coordinates(ring)[:-1]) for ring in rings]
    return np.concatenate([np.empty((0, 2)), *found])


def _centres(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres of the circles that several corners in a row lie on.

    By least squares over all of them (Kåsa 1976): three corners that were rounded to a
    centimetre say little about a centre.
    """
    if len(corners) < _ARC:
        return np.empty((0, 2))
    # Round the start as well: an arc may begin before it.
    corners = np.concatenate([corners, corners[: _ARC - 1]])
    windows = np.lib.stride_tricks.sliding_window_view(corners, _ARC, axis=0).transpose(0, 2, 1)
    middle = windows.mean(axis=1)
    near = windows - middle[:, None, :]
    squares = (near**2).sum(axis=2)
    system = np.concatenate([2 * near, np.ones((*near.shape[:2], 1))], axis=2)
    solved = (np.linalg.pinv(system) @ squares[:, :, None])[:, :, 0]
    centre = solved[:, :2]
    radius = np.sqrt(np.maximum(solved[:, 2] + (centre**2).sum(axis=1), 0))
    off = np.abs(np.linalg.norm(near - centre[:, None, :], axis=2) - radius[:, None]).max(axis=1)
    return np.asarray((centre + middle)[off < _OFF_M])


def _meet(some: NDArray[np.float64], places: NDArray[np.float64], near: float) -> bool:
    if not len(some):
        return False
    apart = np.linalg.norm(some[:, None, :] - places[None, :, :], axis=2)
    return bool((apart <= near).any())
