"""Writes what differs between two states of a project into an open GeoPackage."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gisapp import __version__
from gisapp.io import agreement_file, gpkg_geometry, gpkg_layers, gpkg_schema, project_json
from gisapp.io.gpkg_rows import Elsewhere
from gisapp.io.gpkg_schema import Content
from gisapp.io.qgis_style_table import write_styles
from gisapp.io.tile_files import beside
from gisapp.layers.agreement import Agreement
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone
from gisapp.progress import Progress


def write(
    connection: sqlite3.Connection,
    project: Project,
    saved: Project | None,
    state: str,
    progress: Progress,
    elsewhere: Elsewhere | None = None,
) -> None:
    """Bring the file from `saved` (None: an empty file) to `project`, inside a transaction.

    Values are compared by identity: what is the same object in both is not touched. Rows that
    the file `elsewhere` holds stay there.
    """
    if saved is None:
        gpkg_schema.create_frame(connection)
        saved = Project()
    gpkg_layers.write_layers(connection, project, saved, elsewhere, progress)
    _write_agreements(connection, project, saved)
    _write_zones(connection, project, saved)
    write_styles(connection, project, saved)
    _write_hotspots(connection, project, saved)
    _write_views(connection, project, saved)
    _write_keys(connection, project, state)


def _write_keys(connection: sqlite3.Connection, project: Project, state: str) -> None:
    keys = {
        "format_version": str(gpkg_schema.FORMAT_VERSION),
        "written_by": f"gisapp {__version__}",
        "written_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "state": state,
        "id": project.id,
        "title": project.title,
        "timezone": project.timezone,
        "zones_visible": "1" if project.zones_visible else "0",
        "base_map": project_json.base_map_text(beside(project.base_map, _folder(connection))),
    }
    connection.executemany(
        "INSERT INTO gisapp_project (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        keys.items(),
    )


def _folder(connection: sqlite3.Connection) -> Path:
    """The folder of the open file; files beside it are named by their way from there."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2]).parent


# Agreements and zones


def _write_agreements(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    if project.agreements is saved.agreements and project.former is saved.former:
        return
    connection.execute("DELETE FROM agreements")
    rows = [_agreement_row(agreement, current=False) for agreement in project.former]
    rows += [_agreement_row(agreement, current=True) for agreement in project.agreements.values()]
    for row in rows:
        gpkg_schema.insert(connection, gpkg_schema.AGREEMENTS, tuple(row), [tuple(row.values())])
    table = gpkg_schema.AGREEMENTS
    gpkg_schema.register(connection, Content(table, table, features=False))


def _agreement_row(agreement: Agreement, *, current: bool) -> dict[str, Any]:
    """Columns to be read in other programs, and the whole as JSON, which is what gisapp reads."""
    parties = (
        f"{party.organisation} ({party.role.value}, "
        + (f"signed {party.signed_on})" if party.signed_on else "not signed)")
        for party in agreement.parties
    )
    return {
        "title": agreement.title,
        "status": agreement.status.value,
        "version": agreement.version,
        "is_current": int(current),
        "effective": agreement.effective.isoformat() if agreement.effective else None,
        "expires": agreement.expires.isoformat() if agreement.expires else None,
        "parties": "; ".join(parties),
        "suspended": "; ".join(activity.label for activity in agreement.suspended),
        "persons": agreement.persons,
        "exceptions": "; ".join(exemption.label for exemption in agreement.exceptions),
        "hours": agreement.hours_in_words(),
        "timezone": agreement.timezone,
        "referral_contact": agreement.referral_contact,
        "agreement_id": agreement.id,
        "json": project_json.to_text(agreement_file.to_json(agreement)),
    }


def _write_zones(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
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
        gpkg_schema.upsert(
            connection, gpkg_schema.ZONES, "zone_id", _zone_row(project, zone, place)
        )
        changed = True
    if changed:
        shapes = np.array([zone.shape for zone in project.zones.values()], dtype=object)
        bounds = tuple(map(float, shapely.total_bounds(shapes))) if len(shapes) else None
        table = gpkg_schema.ZONES
        gpkg_schema.register(connection, Content(table, table, bounds))  # type: ignore[arg-type]


def _zone_row(project: Project, zone: Zone, place: int) -> dict[str, Any]:
    agreement = project.agreement_of(zone)
    outline = np.array([shapely.multipolygons(shapely.get_parts(shapely.force_2d(zone.shape)))])
    one_part = isinstance(zone.shape, shapely.Polygon)
    lon, lat = zone.centre or (None, None)
    return {
        "geom": gpkg_geometry.shape_blobs(outline)[0],
        "name": zone.name,
        "status": agreement.status.value if agreement else "no agreement",
        "agreement": agreement.title if agreement else None,
        "basis": zone.basis.value,
        "basis_text": zone.basis_text,
        "radius_m": zone.radius_m,
        "radius_text": zone.radius_text,
        "service": zone.service,
        "polarity": zone.polarity.value,
        "note": zone.note,
        "centre_lon": lon,
        "centre_lat": lat,
        "one_part": int(one_part),
        "agreement_id": zone.agreement_id,
        "zone_id": zone.id,
        "position": place,
    }


# Analysis and views


def _write_hotspots(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    if project.hotspots is saved.hotspots:
        return
    connection.execute("DELETE FROM gisapp_hotspots")
    names = (
        "layer_id",
        "method",
        "cell_m",
        "bandwidth_m",
        "visible",
        "opacity",
        "hotspots_id",
    )
    rows = map(astuple, project.hotspots)
    gpkg_schema.insert(connection, gpkg_schema.HOTSPOTS, names, rows)


def _write_views(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    if project.views is saved.views:
        return
    connection.execute("DELETE FROM gisapp_views")
    rows = ((view.name, *view.bounds) for view in project.views)
    gpkg_schema.insert(
        connection, gpkg_schema.VIEWS, ("name", "west", "south", "east", "north"), rows
    )
