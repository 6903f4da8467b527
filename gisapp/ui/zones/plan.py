"""What the form of zones offers and how it says what they amount to, without a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.zones.order import shapes_of
from gisapp.layers import geodesy
from gisapp.layers.audience import EVENT_KINDS
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, ServiceType, service_type
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import ZoneSummary, names_of

#: Choices for the agreement that are no agreement's id.
NEW_AGREEMENT, NO_AGREEMENT = "new", ""


def service_layers(project: Project) -> tuple[Layer, ...]:
    """Layers that zones can be drawn from: services first, topmost first, streets and events last.

    Of events nothing but the scene of single ones can be drawn.
    """
    usable = [layer for layer in reversed(project.layers) if len(layer) and shapes_of(layer)]
    return tuple(sorted(usable, key=lambda layer: _ORDER.get(layer.kind, 1)))


_ORDER = {
    LayerKind.SERVICES: 0,
    LayerKind.BOUNDARIES: 2,
    LayerKind.STREETS: 3,
    LayerKind.POPULATION: 4,
    **dict.fromkeys(EVENT_KINDS, 5),
}


def area_layers(project: Project) -> tuple[Layer, ...]:
    """Layers whose areas may be the buildings or parcels that a service stands in."""
    return tuple(
        layer
        for layer in reversed(project.layers)
        if len(layer)
        and not isinstance(layer.geometry, Points)
        and (shapely.get_dimensions(layer.geometry.geoms) == 2).any()
    )


def kinds_of(layer: Layer) -> tuple[ServiceType, ...]:
    """The kind of each service, told from its kind column or else from its name."""
    column = layer.texts("service_type")
    if not any(column):
        column = layer.texts("name")
    return tuple(service_type(text) for text in column)


def kinds_counted(layer: Layer) -> list[tuple[ServiceType, int]]:
    """The kinds that are there with how many, most first."""
    return Counter(kinds_of(layer)).most_common()


def rows_of_kind(layer: Layer, kind: ServiceType) -> NDArray[np.int64]:
    return np.array([row for row, k in enumerate(kinds_of(layer)) if k is kind], dtype=np.int64)


def rows_with_zones(layer: Layer, zones: Iterable[Zone]) -> NDArray[np.int64]:
    """The rows of a layer of points that zones stand round, by the name of the service.

    Of services of the same name, as of a chain of pharmacies, those that lie in such a zone.
    """
    if not isinstance(layer.geometry, Points):
        return np.empty(0, dtype=np.int64)
    shapes: dict[str, list[Zone]] = {}
    for zone in zones:
        if zone.service.strip():
            shapes.setdefault(zone.service.strip().casefold(), []).append(zone)
    names = [name.casefold() for name in names_of(layer, np.arange(len(layer)))]
    alone = Counter(names)
    places = np.asarray(shapely.points(layer.geometry.lon, layer.geometry.lat), dtype=object)
    found = [
        row
        for row, name in enumerate(names)
        if name in shapes
        and (alone[name] == 1 or any(zone.shape.covers(places[row]) for zone in shapes[name]))
    ]
    return np.array(found, dtype=np.int64)


def in_words(summary: ZoneSummary) -> str:
    """`143 zones, 10.2 km², 12 overlaps among them`."""
    zones = "1 zone" if summary.zones == 1 else f"{summary.zones:,} zones"
    area = geodesy.area_in_words(summary.area_m2)
    if summary.zones == 1:
        return f"{zones}, {area}"
    overlaps = {0: "no overlaps", 1: "1 overlap"}.get(
        summary.overlaps, f"{summary.overlaps:,} overlaps"
    )
    return f"{zones}, {area}, {overlaps} among them"
