"""Zones drawn from services: circles in true metres, or the premises themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points
from gisapp.layers.vocabulary import Basis
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
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> tuple[Zone, ...]:
    """One circle of `radius_m` metres round each service (or each of `rows`), in their order.

    EditError without a basis in words, because no radius is a standard, or when the layer holds
    no points. Names of zones are those of the services, made different from `taken`.
    """
    if not basis_text.strip():
        raise EditError(
            "A radius needs its basis: who settled on it, and how.",
            "No radius is a standard; write for instance “agreed at the partnership meeting”.",
        )
    if not isinstance(layer.geometry, Points):
        raise EditError(f"“{layer.name}” holds areas or lines, and circles go round points.")
    chosen = np.arange(len(layer)) if rows is None else rows
    discs = geodesy.circles(layer.geometry.lon[chosen], layer.geometry.lat[chosen], radius_m)
    services = _names(layer, chosen)
    return tuple(
        Zone(
            name=name,
            shape=disc,
            basis=Basis.CIRCLE,
            basis_text=basis_text.strip(),
            centre=(float(layer.geometry.lon[row]), float(layer.geometry.lat[row])),
            radius_m=radius_m,
            radius_text=radius_text or geodesy.in_words(radius_m),
            service=service,
            agreement_id=agreement_id,
        )
        for row, disc, service, name in zip(
            chosen, discs, services, different(services, taken), strict=True
        )
    )


def footprints(
    layer: Layer,
    basis_text: str,
    *,
    rows: NDArray[np.int64] | None = None,
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> tuple[Zone, ...]:
    """The premises themselves, one zone for each area of the layer; never grown by a metre.

    EditError when the layer holds points or lines: a footprint is an area.
    """
    chosen = np.arange(len(layer)) if rows is None else rows
    shapes = [] if isinstance(layer.geometry, Points) else list(layer.geometry.geoms[chosen])
    if not shapes or any(shapely.get_dimensions(shape) != 2 for shape in shapes):
        raise EditError(
            f"“{layer.name}” holds no areas, and a footprint is the outline of the premises.",
            "Import the outlines as areas, or draw them.",
        )
    services = _names(layer, chosen)
    return tuple(
        Zone(
            name=name,
            shape=shape,
            basis=Basis.FOOTPRINT,
            basis_text=basis_text.strip(),
            service=service,
            agreement_id=agreement_id,
        )
        for shape, service, name in zip(shapes, services, different(services, taken), strict=True)
    )


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


def _names(layer: Layer, rows: NDArray[np.int64]) -> list[str]:
    names = layer.texts("name")
    return [names[row].strip() or f"{layer.name} {row + 1}" for row in rows]
