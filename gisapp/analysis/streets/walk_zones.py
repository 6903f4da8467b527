"""Zones that reach as far as one walks along the streets: the streets themselves with a width,
or one outline about them.

The outline is a concave hull of the streets reached, and three things keep it honest. No place
in it is farther than `ASIDE_M` from a street that was reached. Where it would come to a street
to which the walk is more than twice as far (the other bank of a river, the far side of a
railway), it ends halfway to that street. And it is in one piece with the streets reached.

Where streets on the other bank are not in the layer only water itself can say where the bank is:
areas of water are left out of a hull where the project holds them, and where not the basis of
the zone says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.streets.network import Snapped, StreetNetwork
from gisapp.layers import geodesy
from gisapp.layers.bands import band, settled, without_small_holes
from gisapp.layers.layer import Layer
from gisapp.layers.reach import Reach
from gisapp.layers.vocabulary import Basis, MeasuredFrom
from gisapp.layers.water import named, water_of
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import different, names_of, with_basis
from gisapp.layers.zoning_edges import place_of
from gisapp.progress import Progress

#: How wide a street counts, from one side to the other, unless somebody says otherwise.
WIDTH_M = 30.0
#: No place of a hull lies farther than this from a street that was reached.
ASIDE_M = 100.0
#: How much of the streets' own ground is in a hull, on each side of them.
_VERGE_M = 5.0
#: Steps along the streets in metres: finer than a block, coarse enough for many sites.
_STEP_M = 12.0
#: Of 0 (tight) to 1 (the convex hull).
_RATIO = 0.35
#: Farther than this many times the walk is another side.
_BEYOND = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class WalkZones:
    """The zones, with the row of each and how far its site is from the street in metres.

    `lost` are the rows, with their metres, whose site is so far away that no street is reached.
    """

    zones: tuple[Zone, ...]
    rows: tuple[int, ...]
    away_m: tuple[float, ...]
    lost: tuple[tuple[int, float], ...]


def walk_zones(
    layer: Layer,
    network: StreetNetwork,
    reach: Reach,
    basis_text: str,
    *,
    rows: NDArray[np.int64] | None = None,
    width_m: float | None = WIDTH_M,
    measured_from: MeasuredFrom = MeasuredFrom.POINT,
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
    water: Sequence[Layer] = (),
    progress: Progress | None = None,
) -> WalkZones:
    """A zone for each service (or each of `rows`) that reaches a street within the walk.

    The streets have `width_m` metres altogether; None draws a hull about them instead. The way
    from the site to the nearest street counts as walked, and belongs to the zone. `water` are
    layers of areas that a hull leaves out. EditError without a basis in words, because no distance
    is a standard.
    """
    with_basis(basis_text)
    chosen = np.arange(len(layer)) if rows is None else rows
    places = [place_of(layer, int(row)) for row in chosen]
    areas = water_of(water)
    shapes, sites = outlines(network, places, reach.metres, width_m, progress, water=areas)
    drawn = [number for number, shape in enumerate(shapes) if shape is not None]
    services = names_of(layer, chosen[drawn])
    zones = tuple(
        Zone(
            name=name,
            shape=shape,
            basis=Basis.WALK,
            basis_text=in_words(basis_text, reach, width_m, water),
            centre=places[number],
            radius_m=reach.metres,
            radius_text=reach.text,
            walk_minutes=reach.minutes,
            width_m=width_m,
            measured_from=measured_from,
            service=service,
            agreement_id=agreement_id,
        )
        for number, service, name in zip(drawn, services, different(services, taken), strict=True)
        if (shape := shapes[number]) is not None
    )
    lost = [number for number, shape in enumerate(shapes) if shape is None]
    return WalkZones(
        zones,
        tuple(int(chosen[number]) for number in drawn),
        tuple(sites[number].away_m for number in drawn),
        tuple((int(chosen[number]), sites[number].away_m) for number in lost),
    )


def in_words(
    basis_text: str, reach: Reach, width_m: float | None, water: Sequence[Layer] = ()
) -> str:
    """The basis with what a walk leaves open: the pace, and how its streets became an area."""
    if width_m is not None:
        how = f"the streets reached, {geodesy.in_words(width_m)} wide"
    else:
        banks = (
            f"without the water in {named(water)}"
            if water
            else f"at most {geodesy.in_words(ASIDE_M)} from them (no layer of water at hand)"
        )
        how = f"one outline about the streets reached, {banks}"
    return "; ".join(filter(None, (basis_text.strip(), reach.told, how)))


def outlines(
    network: StreetNetwork,
    places: list[tuple[float, float]],
    limit_m: float,
    width_m: float | None,
    progress: Progress | None = None,
    *,
    water: NDArray[np.object_] | None = None,
) -> tuple[list[BaseGeometry | None], list[Snapped]]:
    """The area (EPSG:4326) walked from each place, None where no street is, and its snapping.

    `water` are areas (EPSG:4326) that no hull reaches over.
    """
    at = np.array(places, dtype=np.float64).reshape(-1, 2)
    sites = network.snap(at[:, 0], at[:, 1])
    doors = network.places(sites)
    hull = width_m is None
    shapes: list[BaseGeometry | None] = []
    wet = shapely.STRtree(water) if water is not None and len(water) else None
    ways = network.walked(sites, limit_m * _BEYOND if hull else limit_m, progress)
    for site, way, place, door in zip(sites, ways, places, doors, strict=True):
        lines = network.parts(site, limit_m - way, limit_m)
        if lines.is_empty:
            shapes.append(None)
            continue
        if site.away_m > 0:
            path = shapely.LineString([place, door])
            lines = shapely.MultiLineString([*shapely.get_parts(lines), path])
        if width_m is not None:
            shapes.append(band(lines, width_m, round_ends=True, plane=_plane(place)))
        else:
            far = ~np.isfinite(way[network.start]) & ~np.isfinite(way[network.end])
            far[site.edge] = False
            plane = _plane(place)
            shapes.append(hull_of(lines, _near(network, lines, far), plane, _about(wet, lines)))
    return shapes, sites


def _plane(place: tuple[float, float]) -> geodesy.Plane:
    """A plane that sites of a neighbourhood share; within 10 km of it a metre is true to 1 µm."""
    return geodesy.Plane(round(place[0], 1), round(place[1], 1))


def _about(wet: shapely.STRtree | None, lines: BaseGeometry) -> NDArray[np.object_]:
    """The areas of water within a hull's reach of lines, in degrees."""
    if wet is None:
        return np.empty(0, dtype=object)
    west, south, east, north = lines.bounds
    across, up = geodesy.degrees_of(ASIDE_M, (south + north) / 2)
    box = shapely.box(west - across, south - up, east + across, north + up)
    return np.asarray(wet.geometries[wet.query(box)])


def hull_of(
    lines: BaseGeometry,
    beyond: NDArray[np.object_],
    plane: geodesy.Plane | None = None,
    water: NDArray[np.object_] | None = None,
) -> BaseGeometry:
    """One outline about lines that keeps away from the lines `beyond` and out of the `water`.

    Degrees in and out. A bridge that is walked keeps its verge.
    """
    plane = plane or geodesy.plane_for(lines.bounds)
    flat = plane.shape_to_metres(lines)
    reached = shapely.segmentize(flat, _STEP_M)
    rough = shapely.concave_hull(reached, ratio=_RATIO)
    hull = without_small_holes(shapely.intersection(rough, _within(flat, ASIDE_M)), ASIDE_M**2)
    other = [plane.shape_to_metres(line) for line in beyond]
    others = [line for line in other if shapely.intersects(line, hull)]
    if others:
        hull = shapely.difference(hull, _nearer_to(others, reached, hull))
    if water is not None and len(water):
        flooded = shapely.union_all([plane.shape_to_metres(area) for area in water])
        hull = shapely.difference(hull, flooded)
    verge = _within(flat, _VERGE_M)
    whole = shapely.simplify(shapely.union(hull, verge), 0.5)
    kept = [part for part in shapely.get_parts(whole) if shapely.intersects(part, flat)]
    solid = without_small_holes(shapely.MultiPolygon(kept))
    return settled(plane.shape_to_degrees(solid))


def _within(lines: BaseGeometry, metres: float) -> BaseGeometry:
    """The ground (metres) within a distance of lines, which may be smoothed by a twentieth."""
    parts = shapely.simplify(shapely.get_parts(lines), metres / 20)
    return shapely.union_all(shapely.buffer(parts, metres, quad_segs=4))


def _near(
    network: StreetNetwork, lines: BaseGeometry, far: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """The lines of far edges within the box about the lines, in degrees."""
    box = shapely.box(*network.plane.shape_to_metres(lines).bounds)
    found = network.tree.query(box)
    return np.asarray(network.lines[found[far[found]]])


def _nearer_to(
    others: list[BaseGeometry], reached: BaseGeometry, hull: BaseGeometry
) -> BaseGeometry:
    """The ground (metres) that is nearer to other lines than to those reached."""
    theirs = shapely.get_coordinates(
        shapely.segmentize(
            shapely.intersection(
                shapely.MultiLineString(_lines(others)), shapely.buffer(hull, ASIDE_M)
            ),
            _STEP_M,
        )
    )
    places = np.unique(np.vstack([shapely.get_coordinates(reached), theirs]), axis=0)
    own = shapely.distance(shapely.points(places), reached)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(places), extend_to=hull, ordered=True)
    )
    return shapely.union_all(cells[own > 1e-6])


def _lines(shapes: list[BaseGeometry]) -> list[shapely.LineString]:
    return [line for shape in shapes for line in shapely.get_parts(shape)]
