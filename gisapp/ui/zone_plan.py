"""What the form of circles round services asks for, checked and computed without a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.layers import geodesy, zoning
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, ServiceType, service_type
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import ZoneSummary

#: Choices for the agreement that are no agreement's id.
NEW_AGREEMENT, NO_AGREEMENT = "new", ""


class Shape(StrEnum):
    CIRCLE = "circle"
    FOOTPRINT = "footprint"


@dataclass(frozen=True, slots=True, eq=False)
class ZonePlan:
    """Zones to draw: round which rows of which layer, how far, and why so far."""

    layer: Layer
    rows: NDArray[np.int64]
    shape: Shape
    radius: str
    basis: str
    agreement_id: str | None = None

    def problems(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        wrong: dict[str, str] = {}
        if not len(self.rows):
            wrong["services"] = "Choose at least one service."
        if self.shape is Shape.CIRCLE:
            try:
                geodesy.parse_length(self.radius)
            except DataError as error:
                wrong["radius"] = str(error)
            if not self.basis.strip():
                wrong["basis"] = "Say who settled on this radius, and how."
        return wrong

    def zones(self, taken: Iterable[str]) -> tuple[Zone, ...]:
        """The zones, named after their services; DataError or EditError where a term is wrong."""
        if self.shape is Shape.FOOTPRINT:
            return zoning.footprints(
                self.layer,
                self.basis,
                rows=self.rows,
                agreement_id=self.agreement_id,
                taken=taken,
            )
        return zoning.circles_round(
            self.layer,
            geodesy.parse_length(self.radius),
            self.basis,
            rows=self.rows,
            radius_text=self.radius.strip(),
            agreement_id=self.agreement_id,
            taken=taken,
        )


def service_layers(project: Project) -> tuple[Layer, ...]:
    """Layers that zones can be drawn round, services first, topmost first."""
    usable = [layer for layer in project.layers if len(layer) and shapes_of(layer)]
    places = [layer for layer in reversed(usable) if layer.kind is LayerKind.SERVICES]
    others = [layer for layer in reversed(usable) if layer.kind is LayerKind.OTHER]
    return (*places, *others)


def shapes_of(layer: Layer) -> tuple[Shape, ...]:
    """Which outlines a layer allows: circles go round points, footprints are areas."""
    if isinstance(layer.geometry, Points):
        return (Shape.CIRCLE,)
    if (shapely.get_dimensions(layer.geometry.geoms) == 2).all():
        return (Shape.FOOTPRINT,)
    return ()


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
