"""Zones drawn from services: circles in true metres, or areas taken as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class ZoneSummary:
    """What a set of zones amounts to on the ground.

    `area_m2` counts ground under several zones once; `overlaps` counts pairs of zones that
    share ground; `invalid` counts outlines that cross themselves.
    """

    zones: int
    area_m2: float
    overlaps: int
    invalid: int


def circles_round(
    layer: Layer,
    radius_m: float,
    basis_text: str,
    *,
    rows: NDArray[np.int64] | None = None,
    radius_text: str = "",
    measured_from: MeasuredFrom = MeasuredFrom.POINT,
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> tuple[Zone, ...]:
    """One circle of `radius_m` metres round each service (or each of `rows`), in their order.

    `measured_from` says what the point of a service is: a point, or the entrance.
    EditError without a basis in words, because no radius is a standard, or when the layer holds
    no points. Names of zones are those of the services, made different from `taken`.
    """
    with_basis(basis_text)
    if not isinstance(layer.geometry, Points):
        raise EditError(f"“{layer.name}” holds areas or lines, and circles go round points.")
    chosen = np.arange(len(layer)) if rows is None else rows
    discs = geodesy.circles(layer.geometry.lon[chosen], layer.geometry.lat[chosen], radius_m)
    services = names_of(layer, chosen)
    return tuple(
        Zone(
            name=name,
            shape=disc,
            basis=Basis.CIRCLE,
            basis_text=basis_text.strip(),
            centre=(float(layer.geometry.lon[row]), float(layer.geometry.lat[row])),
            radius_m=radius_m,
            radius_text=radius_text or geodesy.in_words(radius_m),
            measured_from=measured_from,
            service=service,
            agreement_id=agreement_id,
        )
        for row, disc, service, name in zip(
            chosen, discs, services, different(services, taken), strict=True
        )
    )


def areas(
    layer: Layer,
    basis: Basis,
    basis_text: str,
    *,
    rows: NDArray[np.int64] | None = None,
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> tuple[Zone, ...]:
    """Areas of a layer as they are, one zone each: footprints, parcels, or districts (POLYGON).

    EditError when the layer holds points or lines.
    """
    chosen = np.arange(len(layer)) if rows is None else rows
    shapes = _areas_of(layer, chosen)
    named = names_of(layer, chosen)
    district = basis is Basis.POLYGON
    return tuple(
        Zone(
            name=name,
            shape=shape,
            basis=basis,
            basis_text=taken_from(basis_text, (own,), layer.name)
            if district
            else basis_text.strip(),
            service="" if district else own,
            agreement_id=agreement_id,
        )
        for shape, own, name in zip(shapes, named, different(named, taken), strict=True)
    )


def jurisdiction(
    layer: Layer,
    basis_text: str,
    *,
    rows: NDArray[np.int64] | None = None,
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> Zone:
    """One zone of all areas of a layer (or of `rows`) together: where an authority ends.

    EditError when the layer holds points or lines.
    """
    chosen = np.arange(len(layer)) if rows is None else rows
    whole = shapely.union_all(_areas_of(layer, chosen))
    parts = [part for part in shapely.get_parts(whole) if shapely.get_dimensions(part) == 2]
    named = names_of(layer, chosen)
    alone = named[0] if len(chosen) == 1 else layer.name
    meant = () if len(chosen) == len(layer) else tuple(named)
    return Zone(
        name=different([alone], taken)[0],
        shape=shapely.orient_polygons(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)),
        basis=Basis.JURISDICTION,
        basis_text=taken_from(basis_text, meant, layer.name),
        agreement_id=agreement_id,
    )


def with_basis(basis_text: str) -> None:
    """EditError without a basis in words, because no radius is a standard."""
    if not basis_text.strip():
        raise EditError(
            "A radius needs its basis: who settled on it, and how.",
            "No radius is a standard; write for instance “agreed at the partnership meeting”.",
        )


def taken_from(basis_text: str, names: Sequence[str], layer: str) -> str:
    """The basis with the areas behind it that an outline was taken from; none is all of them."""
    which = "all areas" if not names else " and ".join(f"“{name}”" for name in names)
    return "; ".join(filter(None, (basis_text.strip(), f"{which} of the layer “{layer}”")))


_TAKEN = re.compile(r"(all areas|“[^”]*”(?: and “[^”]*”)*) of the layer “([^”]*)”$")


def taken_areas(basis_text: str) -> tuple[tuple[str, ...], str] | None:
    """The names of areas and the layer that `taken_from` wrote down; None where it did not."""
    found = _TAKEN.search(basis_text)
    return (tuple(re.findall(r"“([^”]*)”", found[1])), found[2]) if found else None


def _areas_of(layer: Layer, rows: NDArray[np.int64]) -> list[BaseGeometry]:
    shapes = [] if isinstance(layer.geometry, Points) else list(layer.geometry.geoms[rows])
    if not shapes or any(shapely.get_dimensions(shape) != 2 for shape in shapes):
        raise EditError(
            f"“{layer.name}” holds no areas, and a footprint is the outline of the premises.",
            "Import the outlines as areas, or draw them.",
        )
    return shapes


def summary(zones: Sequence[Zone]) -> ZoneSummary:
    """Area on the ground, overlapping pairs and invalid outlines of zones."""
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    if not len(shapes):
        return ZoneSummary(0, 0.0, 0, 0)
    valid = shapely.is_valid(shapes)
    sound = shapes[valid]
    left, right = shapely.STRtree(sound).query(sound, predicate="intersects")
    apart = left < right
    # Zones that only touch share no ground, so they are no overlap.
    overlaps = ~shapely.touches(sound[left[apart]], sound[right[apart]])
    return ZoneSummary(
        len(zones),
        geodesy.area_m2(shapely.union_all(sound)),
        int(overlaps.sum()),
        int((~valid).sum()),
    )


def different(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """The names, each with a number behind it where it is taken already."""
    seen = {name.casefold() for name in taken}
    result = []
    for base in names:
        name, number = base, 2
        while name.casefold() in seen:
            name, number = f"{base} {number}", number + 1
        seen.add(name.casefold())
        result.append(name)
    return result


def names_of(layer: Layer, rows: NDArray[np.int64]) -> list[str]:
    """The name of each row, or the layer's with the row's number where it has none."""
    names = layer.texts("name")
    return [names[row].strip() or f"{layer.name} {row + 1}" for row in rows]
