"""Bands along lines: streets with a width, corridors along a route.

A width is the whole width, half of it on each side of the line, in metres on the ground.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy
from gisapp.layers.outline import sound
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone

#: Widths that somebody can mean.
NARROWEST_M, WIDEST_M = 1.0, 5_000.0
#: Segments a quarter of a circle where a band turns: 15 m from the line they cut 7 cm.
_QUARTER = 8
#: Holes smaller than this (m²) come of streets that fork at a sharp angle; nobody agreed to them.
_SMALL_HOLE = 25.0


def parse_width(text: str) -> float:
    """Metres of a width such as `30m`; DataError for none, or for one that no street has."""
    metres = geodesy.parse_length(text)
    if not NARROWEST_M <= metres <= WIDEST_M:
        raise DataError(
            f"“{text.strip()}” is no width of a street or a corridor.", "Write it such as 30m."
        )
    return metres


def band(
    lines: BaseGeometry,
    width_m: float,
    *,
    round_ends: bool = False,
    plane: geodesy.Plane | None = None,
) -> BaseGeometry:
    """Everything within half a width of lines (EPSG:4326 in and out), valid and oriented.

    Ends are cut square unless `round_ends`. `plane` is one nearby that many bands share.
    EditError for lines without length.
    """
    plane = plane or geodesy.plane_for(lines.bounds)
    flat = shapely.line_merge(shapely.union_all(shapely.get_parts(plane.shape_to_metres(lines))))
    if shapely.length(flat) == 0:
        raise EditError("A line of no length has no band along it.", "Choose another line.")
    half = width_m / 2
    # Line by line and then together: half the time of all at once.
    pieces = shapely.buffer(
        shapely.get_parts(flat),
        half,
        quad_segs=_QUARTER,
        cap_style="round" if round_ends else "flat",
    ).tolist()
    if not round_ends:
        # Square ends that meet at a bend would leave a wedge open between them.
        pieces += shapely.buffer(_meeting_ends(flat), half, quad_segs=_QUARTER).tolist()
    grown = shapely.union_all(pieces)
    return settled(plane.shape_to_degrees(without_small_holes(grown)))


def without_small_holes(area: BaseGeometry, under_m2: float = _SMALL_HOLE) -> BaseGeometry:
    """An area in metres with its smallest holes filled."""
    parts = [
        shapely.Polygon(
            part.exterior,
            [ring for ring in part.interiors if shapely.Polygon(ring).area > under_m2],
        )
        for part in shapely.get_parts(area)
        if shapely.get_dimensions(part) == 2
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def settled(area: BaseGeometry) -> BaseGeometry:
    """An area in degrees as zones hold it: valid, outer rings counter-clockwise, areas only."""
    parts = [
        part
        for piece in shapely.get_parts(sound(area))
        for part in shapely.get_parts(piece)
        if shapely.get_dimensions(part) == 2 and not part.is_empty
    ]
    if not parts:
        raise EditError("This outline has no area.", "Check the lines and the width.")
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    oriented: BaseGeometry = shapely.orient_polygons(whole)
    return oriented


def corridor(
    name: str,
    line: BaseGeometry,
    width_m: float,
    basis_text: str,
    *,
    streets: Sequence[str] = (),
    agreement_id: str | None = None,
) -> Zone:
    """The zone along a line drawn or chosen (EPSG:4326); `streets` names what it runs along.

    EditError without a basis in words: no width is a standard.
    """
    if not basis_text.strip():
        raise EditError(
            "A width needs its basis: who settled on it, and how.",
            "Write for instance “agreed at the partnership meeting”.",
        )
    if not NARROWEST_M <= width_m <= WIDEST_M:
        raise EditError("A corridor is from 1 m to 5 km wide.", "Enter a width such as 30m.")
    if shapely.get_dimensions(line) != 1:
        raise EditError("A corridor runs along a line.", "Draw a line, or choose one.")
    return Zone(
        name=name,
        shape=band(line, width_m),
        basis=Basis.CORRIDOR,
        basis_text=basis_text.strip(),
        width_m=width_m,
        streets=tuple(streets),
        agreement_id=agreement_id,
    )


def _meeting_ends(lines: BaseGeometry) -> NDArray[np.object_]:
    """Where two or more lines end in one place."""
    ends = [shapely.get_coordinates(line)[[0, -1]] for line in shapely.get_parts(lines)]
    places, counts = np.unique(np.vstack(ends), axis=0, return_counts=True)
    return np.asarray(shapely.points(places[counts > 1]))
