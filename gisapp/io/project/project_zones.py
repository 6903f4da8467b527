"""Zones in the project file: those that hold, and those of scenarios.

Names, numbers and choices have columns of their own, and are read as edited elsewhere; lists,
moments and terms are kept exactly in `json`, beside columns that say them in words.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.io.agreements import agreement_file
from gisapp.io.project import gpkg_geometry, gpkg_schema, project_json
from gisapp.io.project.gpkg_schema import Content
from gisapp.io.project.project_damage import UNREADABLE, damaged
from gisapp.layers import terms_words
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Polarity, Visibility
from gisapp.layers.zone import Zone
from gisapp.progress import Progress, breathe

# Writing


def write_zones(
    connection: sqlite3.Connection, project: Project, saved: Project, progress: Progress
) -> None:
    """Bring the zones in the file from those of `saved` to those of `project`."""
    if project.zones is saved.zones and project.agreements is saved.agreements:
        return
    before = {key: (place, zone) for place, (key, zone) in enumerate(saved.zones.items())}
    gone = [(key,) for key in before.keys() - project.zones.keys()]
    connection.executemany("DELETE FROM zones WHERE zone_id = ?", gone)
    changed = bool(gone)
    for place, zone in enumerate(project.zones.values()):
        same_terms = project.agreement_of(zone) is saved.agreement_of(zone)
        old = before.get(zone.id)
        if old is not None and old[0] == place and old[1] is zone and same_terms:
            continue
        progress.check()
        row = zone_row(zone, place) | _agreed(project, zone)
        gpkg_schema.upsert(connection, gpkg_schema.ZONES, "zone_id", row)
        changed = True
    if changed:
        register(connection, gpkg_schema.ZONES, project.zones.values())


def register(connection: sqlite3.Connection, table: str, zones: Iterable[Zone]) -> None:
    """Renew the entry of a table of zones, with their extent."""
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    bounds = tuple(map(float, shapely.total_bounds(shapes))) if len(shapes) else None
    gpkg_schema.register(connection, Content(table, table, bounds))  # type: ignore[arg-type]


def _agreed(project: Project, zone: Zone) -> dict[str, Any]:
    """What the agreement says of a zone, in words for other programs."""
    agreement = project.agreement_of(zone)
    terms = zone.terms or agreement
    held = agreement.with_terms(zone.terms) if agreement and zone.terms else agreement
    return {
        "status": agreement.status.value if agreement else "no agreement",
        "agreement": agreement.title if agreement else None,
        "suspended": terms_words.suspended(terms) if terms else None,
        "hours": held.hours_in_words() if held else None,
    }


def zone_row(zone: Zone, place: int) -> dict[str, Any]:
    """The columns of a zone by itself, whatever table it stands in."""
    outline = np.array([shapely.multipolygons(shapely.get_parts(shapely.force_2d(zone.shape)))])
    lon, lat = zone.centre or (None, None)
    return {
        "geom": gpkg_geometry.shape_blobs(outline)[0],
        "name": zone.name,
        "basis": zone.basis.value,
        "basis_text": zone.basis_text,
        "radius_m": zone.radius_m,
        "radius_text": zone.radius_text,
        "service": zone.service,
        "polarity": zone.polarity.value,
        "note": zone.note,
        "centre_lon": lon,
        "centre_lat": lat,
        "one_part": int(isinstance(zone.shape, shapely.Polygon)),
        "agreement_id": zone.agreement_id,
        "zone_id": zone.id,
        "position": place,
        "measured_from": zone.measured_from.value if zone.measured_from else None,
        "walk_minutes": zone.walk_minutes,
        "streets": "; ".join(zone.streets),
        "width_m": zone.width_m,
        "anchors": "; ".join(zone.anchors),
        "parts": zone.parts,
        "priority": zone.priority,
        "starts_at": _utc(zone.starts_at),
        "ends_at": _utc(zone.ends_at),
        "visibility": zone.visibility.value,
        "own_terms": int(zone.terms is not None),
        "json": _exact(zone),
    }


def _exact(zone: Zone) -> str:
    return project_json.to_text(
        {
            "streets": zone.streets,
            "anchors": zone.anchors,
            "starts_at": zone.starts_at.isoformat() if zone.starts_at else None,
            "ends_at": zone.ends_at.isoformat() if zone.ends_at else None,
            "terms": agreement_file.terms_to_json(zone.terms) if zone.terms else None,
        }
    )


def _utc(at: datetime | None) -> str | None:
    """The moment as the standard wants it, to the millisecond."""
    if at is None:
        return None
    there = at.astimezone(UTC).replace(tzinfo=None)
    return f"{there.isoformat(timespec='milliseconds')}Z"


# Reading


def read_zones(connection: sqlite3.Connection) -> dict[str, Zone]:
    """The zones of the project, in their order; ProjectFileError where one is damaged."""
    rows = connection.execute("SELECT * FROM zones ORDER BY position, fid").fetchall()
    return {zone.id: zone for zone in zones_of(rows, gpkg_schema.ZONES)}


def zones_of(rows: list[sqlite3.Row], table: str) -> list[Zone]:
    """Zones of rows of a table that holds them; ProjectFileError where one is damaged."""
    shapes = gpkg_geometry.shapes_from_blobs([row["geom"] for row in rows], table)
    zones = []
    for row, shape in zip(rows, shapes, strict=True):
        breathe()
        try:
            zones.append(_zone(row, shape))
        except UNREADABLE as error:
            raise damaged(table, f"“{row['name']}” cannot be read") from error
    return zones


def _zone(row: sqlite3.Row, outline: BaseGeometry) -> Zone:
    centre = (row["centre_lon"], row["centre_lat"])
    return Zone(
        name=row["name"],
        shape=shapely.get_parts(outline)[0] if row["one_part"] else outline,
        basis=Basis(row["basis"]),
        basis_text=row["basis_text"],
        centre=centre if None not in centre else None,
        radius_m=row["radius_m"],
        radius_text=row["radius_text"],
        service=row["service"],
        agreement_id=row["agreement_id"],
        polarity=Polarity(row["polarity"]),
        note=row["note"],
        id=row["zone_id"],
        **_since_format_2(dict(row)),
    )


def _since_format_2(row: dict[str, Any]) -> dict[str, Any]:
    """What a file of format 1 does not say of its zones, nor a row that it left behind."""
    if row.get("json") is None:
        return {}
    exact = json.loads(row["json"])
    start, end, terms = exact["starts_at"], exact["ends_at"], exact["terms"]
    measured = row["measured_from"]
    return {
        "measured_from": MeasuredFrom(measured) if measured else None,
        "walk_minutes": row["walk_minutes"],
        "streets": tuple(exact["streets"]),
        "width_m": row["width_m"],
        "anchors": tuple(exact["anchors"]),
        "parts": row["parts"],
        "priority": row["priority"],
        "starts_at": datetime.fromisoformat(start) if start else None,
        "ends_at": datetime.fromisoformat(end) if end else None,
        "visibility": Visibility(row["visibility"]),
        "terms": agreement_file.terms_from_json(terms) if terms is not None else None,
    }
