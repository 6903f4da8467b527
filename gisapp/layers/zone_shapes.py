"""Outlines changed by hand: moved, turned, scaled, split, merged, cut, with and without holes.

Pure functions on Polygons and MultiPolygons in EPSG:4326. What moves, turns or grows does so on
the ground: each corner keeps its direction and its metres from the centre (the inverse and the
direct geodesic problem, as in `geodesy`). What is split, merged or cut keeps its outline to the
last digit, as edges are straight between longitudes and latitudes (RFC 7946, 3.1.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.sketch import Place

#: Parts and holes smaller than this (square metres) are crumbs of rounding, and are left out.
CRUMB_M2 = 0.01
#: Outlines nearer than this (degrees, a tenth of a millimetre) touch.
_TOUCH = 1e-9


def centre_of(shape: BaseGeometry) -> Place:
    """The middle of an area, about which it turns: its centroid in degrees."""
    whole = _whole(shape)
    middle = shapely.centroid(whole)
    return _on_earth(float(middle.x)), float(middle.y)


def moved(shape: BaseGeometry, start: Place, end: Place) -> BaseGeometry:
    """The same area on the ground elsewhere, so that `start` comes to lie at `end`.

    North stays north. Size and shape on the ground are kept to the billionth for areas of a few
    kilometres.
    """
    return _similar(shape, start, end, 0.0, 1.0)


def rotated(shape: BaseGeometry, degrees: float, about: Place | None = None) -> BaseGeometry:
    """The area turned clockwise about its middle, or another place."""
    centre = about or centre_of(shape)
    return _similar(shape, centre, centre, degrees, 1.0)


def scaled(shape: BaseGeometry, factor: float, about: Place | None = None) -> BaseGeometry:
    """The area with every length times `factor`, about its middle or another place.

    EditError for a factor that is not a positive number.
    """
    if not (math.isfinite(factor) and 1e-3 <= factor <= 1e3):
        raise EditError("A zone can be made a thousandth to a thousand times as large.")
    centre = about or centre_of(shape)
    return _similar(shape, centre, centre, 0.0, factor)


def step(place: Place, metres: float, azimuth: float) -> Place:
    """The place `metres` away in a direction, degrees clockwise from north."""
    if metres < 0:
        metres, azimuth = -metres, azimuth + 180
    lon, lat = geodesy.destinations(*place, np.array([float(azimuth)]), np.array([metres]))
    return float(lon[0]), float(lat[0])


def bearing(start: Place, end: Place) -> tuple[float, float]:
    """Metres from one place to another, and the direction: 0 to 360 clockwise from north."""
    azimuth, metres = geodesy.bearings(*start, np.array([end[0]]), np.array([end[1]]))
    return float(metres[0]), float(azimuth[0]) % 360


def split(shape: BaseGeometry, line: Sequence[Place]) -> list[BaseGeometry]:
    """The parts into which a drawn line divides an area, the largest first.

    Parts of a multi-part area that the line does not meet stay with the first. EditError where
    the line does not go right across.
    """
    if len(line) < 2:
        raise EditError("A line needs two places.", "Click outside of the zone, then beyond it.")
    course = shapely.LineString(line)
    pieces: list[BaseGeometry] = []
    rest: list[BaseGeometry] = []
    for polygon in shapely.get_parts(shape):
        parts = _divided(polygon, course)
        (pieces if len(parts) > 1 else rest).extend(parts)
    if not pieces:
        raise EditError(
            "The line does not divide the zone.", "Draw it right across, from outside to outside."
        )
    pieces.sort(key=lambda piece: -piece.area)
    pieces[0] = _area_of([pieces[0], *rest])
    return [_oriented(piece) for piece in pieces]


def _divided(polygon: BaseGeometry, course: shapely.LineString) -> list[BaseGeometry]:
    inside = shapely.intersection(polygon, course)
    if shapely.get_dimensions(inside) < 1:
        return [polygon]
    lines = shapely.union_all([polygon.boundary, course])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    shapely.prepare(polygon)
    kept = [face for face in faces if polygon.covers(face.representative_point())]
    return [face for face in kept if geodesy.area_m2(face) >= CRUMB_M2] or [polygon]


def merged(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Areas as one. EditError naming by number the first that meets none of the others.

    Those whose edges lie within a tenth of a millimetre count as touching; corners alone do not.
    """
    groups = together(shapes)
    if len(groups) > 1:
        raise EditError("Zones that lie apart cannot be merged.", "Choose zones that touch.")
    return _joined(shapes)


def together(shapes: Sequence[BaseGeometry]) -> list[list[int]]:
    """The numbers of the areas in groups that touch along an edge or overlap."""
    found = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_TOUCH)
    near: list[list[int]] = [[] for _ in shapes]
    for one, other in zip(*found.tolist(), strict=True):
        if one != other:
            near[one].append(other)
    left = set(range(len(shapes)))
    groups = []
    while left:
        group = [min(left)]
        left.remove(group[0])
        for one in group:
            joined = [n for n in near[one] if n in left and _meet(shapes[one], shapes[n])]
            group.extend(sorted(joined))
            left.difference_update(joined)
        groups.append(sorted(group))
    return groups


def _meet(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two areas overlap or share an edge, not only a corner."""
    if shapely.get_dimensions(shapely.intersection(one, other)) >= 1:
        return True
    shared = shapely.intersection(one, other, grid_size=_TOUCH)
    return bool(shapely.get_dimensions(shared) >= 1)


def _joined(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    shapes = list(shapes)
    whole = _without_crumbs(shapely.union_all(shapes))
    parts = sum(int(shapely.get_num_geometries(shape)) for shape in shapes)
    if len(shapes) > 1 and int(shapely.get_num_geometries(whole)) > parts - len(shapes) + 1:
        # Edges that should be one are a rounding apart.
        whole = _without_crumbs(shapely.union_all(shapes, grid_size=_TOUCH))
    return _oriented(whole)


def cut(shape: BaseGeometry, cutter: BaseGeometry) -> BaseGeometry:
    """What is left of an area outside of another. EditError where nothing is, or all is."""
    left = _without_crumbs(shapely.difference(shape, cutter))
    if left.is_empty:
        raise EditError("Nothing of the zone would be left.", "Cut with a smaller area.")
    if geodesy.area_m2(shapely.intersection(shape, cutter)) < CRUMB_M2:
        raise EditError("That area does not lie in the zone.", "Choose one that overlaps it.")
    return _oriented(left)


def kept_inside(shape: BaseGeometry, limits: BaseGeometry) -> BaseGeometry:
    """What of an area lies in another. EditError where nothing does, or all does."""
    inside = _without_crumbs(shapely.intersection(shape, limits))
    if inside.is_empty:
        raise EditError("Nothing of the zone would be left.", "Choose an area that overlaps it.")
    if geodesy.area_m2(shapely.difference(shape, limits)) < CRUMB_M2:
        raise EditError("The zone lies within that area already.")
    return _oriented(inside)


def with_hole(shape: BaseGeometry, hole: BaseGeometry) -> BaseGeometry:
    """The area with a hole. EditError unless the hole lies inside, free of the outline."""
    if not shapely.contains_properly(shape, hole):
        raise EditError(
            "A hole must lie inside the zone.", "Draw it within, or cut the zone instead."
        )
    return _oriented(shapely.difference(shape, hole))


def holes_of(shape: BaseGeometry) -> list[shapely.Polygon]:
    """The holes of an area, as areas."""
    return [shapely.Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]


def filled(shape: BaseGeometry, at: Place | None = None) -> BaseGeometry:
    """The area with the hole at a place filled, or with all. EditError where there is none."""
    holes = holes_of(shape)
    if at is not None:
        holes = [hole for hole in holes if hole.intersects(shapely.Point(at))]
    if not holes:
        raise EditError("There is no hole here." if at else "This zone has no hole.")
    return _oriented(_without_crumbs(shapely.union_all([shape, *holes])))


def grown(shape: BaseGeometry, metres: float) -> BaseGeometry:
    """Everything within some metres of an area; fewer than none shrink it.

    EditError where nothing would be left.
    """
    result = _without_crumbs(geodesy.buffer(shape, metres))
    if result.is_empty:
        raise EditError("Nothing of the zone would be left.", "Take fewer metres away.")
    return _oriented(result)


def corridor(course: Sequence[Place], width_m: float) -> BaseGeometry:
    """The ground within half of `width_m` metres on each side of a course, with round ends."""
    if len(course) < 2:
        raise EditError("A corridor needs two places at least.", "Click along its course.")
    if not 0 < width_m <= geodesy.LONGEST_M:
        raise EditError("A corridor needs a width.", "Write it such as 20m or 60ft.")
    return _oriented(geodesy.buffer(shapely.LineString(course), width_m / 2))


def _similar(
    shape: BaseGeometry, about: Place, to: Place, turn: float, factor: float
) -> BaseGeometry:
    def change(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        azimuth, metres = geodesy.bearings(*about, xy[:, 0], xy[:, 1])
        lon, lat = geodesy.destinations(*to, azimuth + turn, metres * factor)
        # Counted on beyond 180°, so that no ring jumps there.
        return np.column_stack([to[0] + (lon - to[0] + 180) % 360 - 180, lat])

    return _oriented(geodesy.within_180(shapely.transform(_whole(shape), change)))


def _whole(shape: BaseGeometry) -> BaseGeometry:
    """A shape that is cut at the antimeridian as one, its longitudes counted on beyond 180°."""
    west, _, east, _ = shape.bounds
    if east - west <= 180:
        return shape

    def counted_on(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([np.where(xy[:, 0] < 0, xy[:, 0] + 360, xy[:, 0]), xy[:, 1]])

    parts = shapely.get_parts(shapely.transform(shape, counted_on))
    return shapely.union_all(parts, grid_size=_TOUCH)


def _on_earth(lon: float) -> float:
    return (lon + 180) % 360 - 180 if abs(lon) > 180 else lon


def _without_crumbs(shape: BaseGeometry) -> BaseGeometry:
    """The areas of a shape, without those and the holes that only rounding made."""
    return _area_of(
        shapely.Polygon(
            part.exterior,
            [ring for ring in part.interiors if not _is_crumb(shapely.Polygon(ring))],
        )
        for part in shapely.get_parts(shape)
        if shapely.get_dimensions(part) == 2 and not _is_crumb(part)
    )


def _is_crumb(part: BaseGeometry) -> bool:
    return geodesy.area_m2(part) < CRUMB_M2


def _area_of(parts: Iterable[BaseGeometry]) -> BaseGeometry:
    polygons = [one for part in parts for one in shapely.get_parts(part)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _oriented(shape: BaseGeometry) -> BaseGeometry:
    turned: BaseGeometry = shapely.orient_polygons(shape)
    return turned
