"""Finding a place of the project by its name: zones, services, boundaries, deployments, streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

#: What is looked for, in the order in which it is listed where names fit equally well.
_KINDS = (
    LayerKind.SERVICES,
    LayerKind.BOUNDARIES,
    LayerKind.DEPLOYMENTS,
    LayerKind.STREETS,
    LayerKind.POPULATION,
    LayerKind.OTHER,
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place with its name, what it is, and its extent in degrees."""

    name: str
    what: str
    bounds: Bounds


def places_named(
    project: Project,
    audience: Audience,
    words: str,
    most: int = 12,
    progress: Progress | None = None,
) -> tuple[NamedPlace, ...]:
    """Places whose name has all these words in it, those that begin with them first.

    Only what this audience may see feature by feature is looked at, and never an event, whose
    rows have no name to be found by. Pieces of one street are one place.
    """
    progress = progress or Progress()
    wanted = words.casefold().split()
    if not wanted:
        return ()
    found: list[NamedPlace] = []
    if project.zones_visible:
        found += [
            NamedPlace(zone.name, "Zone", zone.shape.bounds)
            for zone in seen_by(project, audience, exported=False).zones.values()
            if all(word in zone.name.casefold() for word in wanted)
        ]
    for kind in _KINDS:
        for layer in project.layers_of(kind):
            progress.check()
            if showing(kind, layer.sensitivity, audience, exported=False) is Showing.EACH:
                found += _in_layer(layer, wanted, open_rows(layer, audience, exported=False))
    start = " ".join(wanted)
    # What begins with the words comes first, then short names; the order of kinds is kept.
    found.sort(key=lambda place: (not place.name.casefold().startswith(start), len(place.name)))
    return tuple(found[:most])


def _in_layer(layer: Layer, wanted: list[str], seen: NDArray[np.bool_] | None) -> list[NamedPlace]:
    names = layer.column("name")
    if names is None or layer.is_events or not _is_text(names.type):
        return []
    fits = pc.fill_null(pc.match_substring(names, wanted[0], ignore_case=True), False)
    for word in wanted[1:]:
        fits = pc.and_(fits, pc.fill_null(pc.match_substring(names, word, ignore_case=True), False))
    rows = np.flatnonzero(np.asarray(fits.combine_chunks()))
    if seen is not None:
        rows = rows[seen[rows]]
    named: dict[str, list[int]] = {}
    for row, name in zip(rows.tolist(), names.take(pa.array(rows)).to_pylist(), strict=True):
        named.setdefault(name, []).append(row)
    what = layer.kind.label if layer.kind is LayerKind.OTHER else _ONE[layer.kind]
    joined = layer.kind is LayerKind.STREETS
    return [
        NamedPlace(name, what, bounds)
        for name, group in named.items()
        for bounds in _extents(layer, np.array(group), joined=joined)
    ]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


#: What one row of a layer is called.
_ONE = {
    LayerKind.SERVICES: "Service",
    LayerKind.BOUNDARIES: "Boundary",
    LayerKind.DEPLOYMENTS: "Deployment",
    LayerKind.STREETS: "Street",
    LayerKind.POPULATION: "Population area",
}


def _extents(layer: Layer, rows: NDArray[np.int64], *, joined: bool) -> list[Bounds]:
    """The extent of each row, or of all together."""
    geometry = layer.geometry
    if isinstance(geometry, Points):
        lon, lat = geometry.lon[rows], geometry.lat[rows]
        boxes = np.column_stack([lon, lat, lon, lat])
    else:
        boxes = shapely.bounds(geometry.geoms[rows])
    if joined:
        boxes = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])[None]
    return [(west, south, east, north) for west, south, east, north in boxes.tolist()]
