"""What the table lists: a layer's rows or the zones, and who may read them one by one."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.progress import Progress

#: The table's name for the zones, where layers have their id.
ZONES = "zones"

#: Words of a name: `CaseNumber` and `case_number` are both case and number.
_WORDS = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+")
#: Words for numbers that are counted or measured by nobody.
_NAMING = re.compile(
    "ids?|uu?id|[ofg]id|objectid|geoid|fips|key|no|nr|num|number|code|ref|reference|case|incident|"
    "year|yr|zip|zipcode|postcode|plz|phone|tel|badge|beat|tract|precinct|district|ward"
)


def why_not_listed(layer: Layer, audience: Audience) -> str:
    """Why the rows of a layer are not listed to this audience; empty where they are."""
    how = showing(layer.kind, layer.sensitivity, audience, exported=False)
    if how is Showing.EACH:
        return ""
    if layer.is_events:
        return (
            f"“{layer.name}” holds events in people’s lives. They are listed one by one only to "
            f"police analysts; {audience.label.lower()} see counts on the map, small ones left out."
        )
    return (
        f"“{layer.name}” is marked {layer.sensitivity.label.lower()} and is not shown to "
        f"{audience.label.lower()}. Choose another audience in the tool bar to read it."
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


def identifiers(table: pa.Table) -> tuple[str, ...]:
    """Columns whose numbers name a thing or a year, so that they are read without separators.

    By the last word of their name, as `case_no` or `ObjectId`; and whole numbers that all lie
    between 1900 and 2100, which are years whatever they are called.
    """
    return tuple(name for name in table.column_names if _names_things(table, name))


def _names_things(table: pa.Table, name: str) -> bool:
    column = table[name]
    whole = pa.types.is_integer(column.type)
    if not whole and not pa.types.is_floating(column.type):
        return False
    words = _WORDS.findall(name)
    if words and _NAMING.fullmatch(words[-1].casefold()):
        return True
    if not whole:
        return False
    ends = pc.min_max(column).as_py()
    return ends["min"] is not None and ends["min"] >= 1900 and ends["max"] <= 2100
