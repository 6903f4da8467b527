"""Writes what differs between two states of a project into an open GeoPackage."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gisapp import __version__
from gisapp.io.agreements import agreement_file
from gisapp.io.project import gpkg_layers, gpkg_schema, project_json, project_record, project_zones
from gisapp.io.project.gpkg_rows import Elsewhere
from gisapp.io.project.gpkg_schema import Content
from gisapp.io.qgis.style_table import write_styles
from gisapp.io.tiles.files import beside
from gisapp.layers import terms_words
from gisapp.layers.agreement import Agreement
from gisapp.layers.project import Project
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
    else:
        gpkg_schema.bring_up_to_date(connection)
    gpkg_layers.write_layers(connection, project, saved, elsewhere, progress)
    _write_agreements(connection, project, saved)
    project_zones.write_zones(connection, project, saved, progress)
    write_styles(connection, project, saved)
    _write_hotspots(connection, project, saved)
    _write_views(connection, project, saved)
    project_record.write_record(connection, project, saved)
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
        "overlap_rule": project.overlap_rule.value,
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
        "suspended": terms_words.suspended(agreement),
        "persons": terms_words.persons(agreement),
        "exceptions": terms_words.exceptions(agreement),
        "hours": agreement.hours_in_words(),
        "timezone": agreement.timezone,
        "referral_contact": agreement.referral_contact,
        "agreement_id": agreement.id,
        "json": project_json.to_text(agreement_file.to_json(agreement)),
        "formality": agreement.formality.label if agreement.formality else None,
        "legal_basis": "; ".join(basis.in_words() for basis in agreement.legal_basis),
        "offences": terms_words.offences(agreement),
        "thresholds": terms_words.thresholds(agreement),
        "covers_transit": agreement.covers_transit.label if agreement.covers_transit else None,
        "units_bound": agreement.units_bound,
        "units_not_bound": agreement.units_not_bound,
        "if_seized": agreement.if_seized.label if agreement.if_seized else None,
        "recording": agreement.recording,
        "next_review": agreement.next_review.isoformat() if agreement.next_review else None,
        "visibility": agreement.visibility.value,
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
