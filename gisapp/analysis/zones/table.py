"""Zones as a table, so that they can be chosen by a condition on what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from gisapp.analysis.classes.expressions import mask_where
from gisapp.errors import DataError
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone


def zone_table(project: Project, zones: Sequence[Zone], day: date) -> pa.Table:
    """One row a zone: name, how it stands on a day, how it came about, its size in metres."""
    agreements = [project.agreement_of(zone) for zone in zones]
    terms = [project.terms_on(zone, day) for zone in zones]
    return pa.table(
        {
            "name": [zone.name for zone in zones],
            "standing": [project.standing(zone, day).value for zone in zones],
            "basis": [zone.basis.value for zone in zones],
            "basis_text": [zone.basis_text for zone in zones],
            "area_m2": pa.array([zone.area_m2 for zone in zones], pa.float64()),
            "radius_m": pa.array([zone.radius_m for zone in zones], pa.float64()),
            "width_m": pa.array([zone.width_m for zone in zones], pa.float64()),
            "walk_minutes": pa.array([zone.walk_minutes for zone in zones], pa.float64()),
            "service": [zone.service for zone in zones],
            "agreement": [one.title if one is not None else "" for one in agreements],
            "suspended": [
                ", ".join(activity.value for activity in one.suspended) if one is not None else ""
                for one in terms
            ],
            "effect": [zone.polarity.value for zone in zones],
            "visibility": [zone.visibility.value for zone in zones],
            "priority": pa.array([zone.priority for zone in zones], pa.int64()),
            "own_terms": [zone.terms is not None for zone in zones],
            "parts": pa.array([len(getattr(z.shape, "geoms", (z.shape,))) for z in zones]),
            "note": [zone.note for zone in zones],
        }
    )


#: The columns that a condition can name, in the order of the table.
COLUMNS: tuple[str, ...] = (
    *("name", "standing", "basis", "basis_text", "area_m2", "radius_m", "width_m"),
    *("walk_minutes", "service", "agreement", "suspended", "effect", "visibility"),
    *("priority", "own_terms", "parts", "note"),
)


def zones_where(
    project: Project, expression: str, day: date, audience: Audience
) -> tuple[str, ...]:
    """Ids of the zones for which a condition holds, of those that an audience may see.

    `basis == 'circle' and area_m2 > 10000`; DataError where it cannot be understood.
    """
    zones = [
        zone for zone in project.zones.values() if is_seen(project, zone, audience, exported=False)
    ]
    if not expression.strip():
        raise DataError("Write a condition.", "Such as basis == 'circle' and area_m2 > 10000.")
    chosen = mask_where(_layer(zone_table(project, zones, day), zones), expression)
    return tuple(zones[row].id for row in np.flatnonzero(chosen))


def _layer(table: pa.Table, zones: Sequence[Zone]) -> Layer:
    shapes = np.empty(len(zones), dtype=object)
    shapes[:] = [zone.shape for zone in zones]
    return new_layer("Zones", LayerKind.OTHER, table, Shapes(shapes))
