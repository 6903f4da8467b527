"""What the table lists: a layer's rows or the zones, and who may read them one by one."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.progress import Progress

#: The table's name for the zones, where layers have their id.
ZONES = "zones"


def why_not_listed(layer: Layer, audience: Audience) -> str:
    """Why the rows of a layer are not listed to this audience; empty where they are."""
    how = showing(layer.kind, layer.sensitivity, audience, exported=False)
    if how is Showing.EACH:
        return ""
    if layer.is_events:
        return (
            f"“{layer.name}” holds events in people’s lives. They are listed one by one only to "
            f"police analysts; {audience.sees} counts on the map, small ones left out."
        )
    return (
        f"“{layer.name}” is marked {layer.sensitivity.label.lower()} and is not shown to "
        f"{audience.within}. Choose another audience in the tool bar to read it."
    )


def zones_table(project: Project, day: date, progress: Progress | None = None) -> pa.Table:
    """The zones in the order of the project, with how they stand on a day; areas in m²."""
    progress = progress or Progress()
    zones = list(project.zones.values())
    areas = []
    for zone in zones:
        progress.check()
        areas.append(round(zone.area_m2))
    agreements = [project.terms_on(zone, day) for zone in zones]
    return pa.table(
        {
            "Zone": pa.array([zone.name for zone in zones], pa.string()),
            "Standing": pa.array([project.standing(z, day).label for z in zones], pa.string()),
            "Agreement": pa.array([a.title if a else None for a in agreements], pa.string()),
            "Valid": pa.array(
                [a.validity_in_words() if a else None for a in agreements], pa.string()
            ),
            "Outline": pa.array([zone.basis.label for zone in zones], pa.string()),
            "Radius": pa.array([zone.radius_text or None for zone in zones], pa.string()),
            "Radius (m)": pa.array([zone.radius_m for zone in zones], pa.float64()),
            "Area (m²)": pa.array(areas, pa.int64()),
            "Basis of the outline": pa.array([z.basis_text or None for z in zones], pa.string()),
            "Service": pa.array([zone.service or None for zone in zones], pa.string()),
        }
    )
