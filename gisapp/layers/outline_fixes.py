"""Outlines put right: what crosses itself, slivers, tiny holes, ground outside the jurisdiction.

Each takes a shape and gives another (EPSG:4326), or None where no area would be left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone

#: A part that is on average less wide, or has less area, is no ground that somebody agreed on.
SLIVER_M, SLIVER_M2 = 0.5, 1.0


def polygons_of(shape: BaseGeometry) -> list[shapely.Polygon]:
    """All areas in a shape of any kind; lines and points are left out."""
    found: list[shapely.Polygon] = []
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            found.append(part)
        elif isinstance(part, shapely.MultiPolygon | shapely.GeometryCollection):
            found.extend(polygons_of(part))
    return [part for part in found if not part.is_empty]


def area_from(parts: Sequence[shapely.Polygon]) -> BaseGeometry | None:
    """One area of polygons that do not overlap; None without any."""
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))


def is_sliver(part: shapely.Polygon) -> bool:
    """Whether a polygon is too thin or too small to mean anything on the ground."""
    area = geodesy.area_m2(part)
    around = geodesy.length_m(part.boundary)
    # A long strip of width w has about w for twice its area by its outline.
    return area < SLIVER_M2 or 2 * area / around < SLIVER_M


def without_slivers(shape: BaseGeometry) -> BaseGeometry | None:
    """The area without parts that are slivers, and with sliver holes filled."""
    kept = []
    for part in polygons_of(shape):
        holes = [ring for ring in part.interiors if not is_sliver(shapely.Polygon(ring))]
        whole = shapely.Polygon(part.exterior, holes)
        if not is_sliver(whole):
            kept.append(whole)
    return area_from(kept)


def repaired(zone: Zone) -> BaseGeometry | None:
    """The outline of a zone with what crosses itself taken apart (shapely's make_valid).

    A circle is drawn anew from its centre and radius.
    """
    if zone.basis is Basis.CIRCLE and zone.centre is not None and zone.radius_m:
        return geodesy.circle(*zone.centre, zone.radius_m)
    parts = polygons_of(shapely.make_valid(zone.shape))
    sound = area_from(parts)
    if sound is not None and not shapely.is_valid(sound):
        sound = shapely.union_all(parts)
    return sound


def inside_of(shape: BaseGeometry, ground: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """What of a shape lies on any of these areas, without slivers."""
    covered = [shapely.intersection(shape, area) for area in ground]
    inside = area_from(polygons_of(shapely.union_all(covered))) if covered else None
    return None if inside is None else without_slivers(inside)


def with_outline(zone: Zone, shape: BaseGeometry, what: str) -> Zone:
    """A zone with an outline that was put right; its basis says what was done to it.

    A circle stays one only while it is still drawn from its centre.
    """
    text = "; ".join(filter(None, (zone.basis_text, what)))
    if zone.basis is not Basis.CIRCLE:
        return replace(zone, shape=shape, basis_text=text)
    size = zone.radius_text or geodesy.in_words(zone.radius_m or 0.0)
    return replace(
        zone,
        shape=shape,
        basis=Basis.POLYGON,
        centre=None,
        radius_m=None,
        radius_text="",
        measured_from=None,
        basis_text=f"{text} (it was a circle of {size})",
    )
