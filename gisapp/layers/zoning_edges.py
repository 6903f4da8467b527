"""Circles measured from the edge of a building or a parcel: as a rule of so many feet from the
boundary of a property means it.

A point within a property and the property's edge give quite different ground: the study of the
District of Columbia's 1,000 ft rule (doi:10.1186/s12954-016-0104-3) measured from the boundary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points
from gisapp.layers.vocabulary import Basis, MeasuredFrom
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import different, names_of, with_basis


@dataclass(frozen=True, slots=True, eq=False)
class EdgeZones:
    """The zones, and the rows of services that lie in no area, for which there is none."""

    zones: tuple[Zone, ...]
    outside: NDArray[np.int64]


def round_edges(
    layer: Layer,
    premises: Layer,
    radius_m: float,
    basis_text: str,
    measured_from: MeasuredFrom,
    *,
    rows: NDArray[np.int64] | None = None,
    radius_text: str = "",
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> EdgeZones:
    """The ground within `radius_m` metres of the area of `premises` in which each service lies.

    Of several areas about one service the smallest is its own. Services that are areas
    themselves are measured from their own edge. EditError without a basis in words.
    """
    with_basis(basis_text)
    chosen = np.arange(len(layer)) if rows is None else rows
    found = {int(row): own for row in chosen if (own := _own_area(layer, premises, int(row)))}
    inside = np.array([row for row in chosen if int(row) in found], dtype=np.int64)
    services = names_of(layer, inside)
    zones = tuple(
        Zone(
            name=name,
            shape=shapely.orient_polygons(geodesy.buffer(found[int(row)], radius_m)),
            basis=Basis.CIRCLE,
            basis_text=from_edge(basis_text, premises.name),
            centre=place_of(layer, int(row)),
            radius_m=radius_m,
            radius_text=radius_text or geodesy.in_words(radius_m),
            measured_from=measured_from,
            service=service,
            agreement_id=agreement_id,
        )
        for row, service, name in zip(inside, services, different(services, taken), strict=True)
    )
    return EdgeZones(zones, np.array([r for r in chosen if int(r) not in found], dtype=np.int64))


def from_edge(basis_text: str, premises: str) -> str:
    """The basis with the layer behind it whose areas a radius is measured from."""
    return f"{basis_text.strip()}; from the edge of its area in “{premises}”"


def edge_layer(basis_text: str) -> str | None:
    """The layer that `from_edge` wrote down, or None."""
    found = re.search(r"from the edge of its area in “([^”]*)”$", basis_text)
    return found[1] if found else None


def place_of(layer: Layer, row: int) -> tuple[float, float]:
    """The place of a row in degrees; of an area or line one that lies on it."""
    if isinstance(layer.geometry, Points):
        return float(layer.geometry.lon[row]), float(layer.geometry.lat[row])
    on = shapely.point_on_surface(layer.geometry.geoms[row])
    return float(on.x), float(on.y)


def area_round(premises: Layer, lon: float, lat: float) -> BaseGeometry | None:
    """The smallest area of a layer that holds a place (its edge included), or None.

    EditError for a layer without areas.
    """
    if isinstance(premises.geometry, Points):
        raise EditError(
            f"“{premises.name}” holds points, and an edge is that of an area.",
            "Choose a layer of buildings or parcels.",
        )
    shapes = premises.geometry.geoms
    holds = shapely.intersects_xy(shapes, lon, lat) & (shapely.get_dimensions(shapes) == 2)
    own = np.flatnonzero(holds)
    return shapes[own[np.argmin(shapely.area(shapes[own]))]] if len(own) else None


def _own_area(layer: Layer, premises: Layer, row: int) -> BaseGeometry | None:
    if not isinstance(layer.geometry, Points) and shapely.get_dimensions(layer.geometry.geoms[row]):
        shape: BaseGeometry = layer.geometry.geoms[row]
        return shape if shapely.get_dimensions(shape) == 2 else None
    return area_round(premises, *place_of(layer, row))
