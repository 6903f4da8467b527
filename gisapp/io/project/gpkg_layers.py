"""Writes the layers of a project into an open GeoPackage: one feature table for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from gisapp.errors import ProjectFileError
from gisapp.io.project import gpkg_columns, gpkg_geometry, gpkg_rows, gpkg_schema, project_json
from gisapp.io.project.gpkg_rows import Elsewhere
from gisapp.io.project.gpkg_schema import Content, quoted
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.progress import Progress

_BATCH = 5_000
#: After so many rows a worker lets the window go first.
_STEP = 100

#: SQLite's own limit is 2,000 columns; two are ours.
_MOST_COLUMNS = 1_998


def write_layers(
    connection: sqlite3.Connection,
    project: Project,
    saved: Project,
    elsewhere: Elsewhere | None,
    progress: Progress,
) -> None:
    """Bring the layers in the file from those of `saved` to those of `project`.

    Rows are written only where the table or the places are not the same object, and not where
    they stay in the file `elsewhere`.
    """
    if project.layers is not saved.layers or gpkg_rows.lost(connection, elsewhere):
        _write_differing(connection, project, saved, elsewhere, progress)
    for layer in project.layers:
        if gpkg_rows.has_many(layer):
            gpkg_rows.name_rows(connection, layer.id)


def _write_differing(
    connection: sqlite3.Connection,
    project: Project,
    saved: Project,
    elsewhere: Elsewhere | None,
    progress: Progress,
) -> None:
    before = {layer.id: (place, layer) for place, layer in enumerate(saved.layers)}
    tables = dict(connection.execute("SELECT layer_id, table_name FROM gisapp_layers"))
    for gone in before.keys() - {layer.id for layer in project.layers}:
        _forget_layer(connection, gone, tables.pop(gone))
    lost = gpkg_rows.lost(connection, elsewhere)
    _free_identifiers(connection, project, before, tables)
    total = sum(len(layer) for layer in project.layers) or 1
    done = 0
    for place, layer in enumerate(project.layers):
        old = before.get(layer.id)
        share = progress.part(done / total, (done + len(layer)) / total)
        done += len(layer)
        stays = old is not None and layer.id not in lost
        if old is not None and stays and old[1] is layer and old[0] == place:
            continue
        if old is not None and stays and _same_rows(old[1], layer):
            table = tables[layer.id]
            if table is not None:
                table = _rename_table(connection, layer, table)
            _describe_layer(connection, layer, place, table)
            continue
        if old is not None:
            _forget_layer(connection, layer.id, tables[layer.id])
        if elsewhere is not None and elsewhere.holds(layer):
            _describe_layer(connection, layer, place, None, ())
            gpkg_rows.refer(connection, layer.id, elsewhere)
            continue
        _write_layer(connection, layer, place, share)


def _same_rows(old: Layer, new: Layer) -> bool:
    return old.table is new.table and old.geometry is new.geometry


def _forget_layer(connection: sqlite3.Connection, layer_id: str, table: str | None) -> None:
    if table is not None:
        gpkg_schema.drop_features(connection, table)
    for own in (gpkg_schema.LAYERS, gpkg_schema.COLUMNS):
        connection.execute(f"DELETE FROM {own} WHERE layer_id = ?", (layer_id,))


def _free_identifiers(
    connection: sqlite3.Connection,
    project: Project,
    before: Mapping[str, tuple[int, Layer]],
    tables: Mapping[str, str | None],
) -> None:
    """Give up the names of renamed layers first, so that two can swap theirs."""
    for layer in project.layers:
        if layer.id in before and before[layer.id][1].name != layer.name:
            connection.execute(
                "UPDATE gpkg_contents SET identifier = NULL WHERE table_name = ?",
                (tables[layer.id],),
            )


def _table_names(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_schema")]


def _identifier(connection: sqlite3.Connection, wanted: str, table: str) -> str:
    taken = connection.execute(
        "SELECT identifier FROM gpkg_contents WHERE table_name <> ?", (table,)
    )
    return gpkg_schema.free_identifier(wanted, (name for (name,) in taken))


def _rename_table(connection: sqlite3.Connection, layer: Layer, table: str) -> str:
    """Let the table of a layer follow its name; returns the table's name."""
    others = [name for name in _table_names(connection) if name != table]
    new = gpkg_schema.free_name(layer.name, others)
    if new.casefold() != table.casefold():
        gpkg_schema.rename_features(connection, table, new)
        table = new
    connection.execute(
        "UPDATE gpkg_contents SET identifier = ? WHERE table_name = ?",
        (_identifier(connection, layer.name, table), table),
    )
    return table


def _write_layer(
    connection: sqlite3.Connection, layer: Layer, place: int, progress: Progress
) -> None:
    """Make the table of a layer and fill it."""
    if layer.table.num_columns > _MOST_COLUMNS:
        raise ProjectFileError(
            f"“{layer.name}” has {layer.table.num_columns:,} columns; a project file holds "
            f"{_MOST_COLUMNS:,} at most.",
            "Take the columns that you do not need out of its file, and import it again.",
        )
    plan = gpkg_columns.plan_columns(layer.table)
    table = gpkg_schema.free_name(layer.name, _table_names(connection))
    places = layer.geometry
    kind = "POINT" if isinstance(places, Points) else gpkg_geometry.geometry_type(places.geoms)
    columns = [
        "fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
        f"geom {kind}",
        *(f"{quoted(column.name)} {column.sql_type}" for column in plan),
    ]
    connection.execute(f"CREATE TABLE {quoted(table)} ({', '.join(columns)})")
    names = ["fid", "geom", *(column.name for column in plan)]
    gpkg_schema.insert(connection, table, names, _rows(layer, plan, progress))
    identifier = _identifier(connection, layer.name, table)
    gpkg_schema.register(connection, Content(table, identifier, layer.bounds))
    gpkg_schema.register_geometry(connection, table, kind)
    _describe_layer(connection, layer, place, table, plan)
    copies = (
        (layer.id, number, gpkg_columns.exact_copy(layer.table.column(number)))
        for number, column in enumerate(plan)
        if not column.exact
    )
    gpkg_schema.insert(connection, gpkg_schema.COLUMNS, ("layer_id", "position", "data"), copies)


def _rows(
    layer: Layer, plan: tuple[gpkg_columns.Column, ...], progress: Progress
) -> Iterator[tuple[Any, ...]]:
    """Rows for SQLite, a batch of columns made at a time."""
    for start in range(0, len(layer), _BATCH):
        progress.report(start / len(layer), f"Saving {layer.name}")
        stop = min(start + _BATCH, len(layer))
        if isinstance(layer.geometry, Points):
            lon, lat = layer.geometry.lon[start:stop], layer.geometry.lat[start:stop]
            blobs = gpkg_geometry.point_blobs(lon, lat)
        else:
            blobs = gpkg_geometry.shape_blobs(layer.geometry.geoms[start:stop])
        values = gpkg_columns.to_rows(layer.table.slice(start, stop - start), plan)
        for row in zip(range(start + 1, stop + 1), blobs, *values, strict=True):
            if row[0] % _STEP == 0:
                progress.check()
            yield row


def _describe_layer(
    connection: sqlite3.Connection,
    layer: Layer,
    place: int,
    table: str | None,
    plan: tuple[gpkg_columns.Column, ...] | None = None,
) -> None:
    """Write everything of a layer but its rows; without a plan its columns stay as they are.

    Without a table its rows are elsewhere.
    """
    values: dict[str, Any] = {
        "layer_id": layer.id,
        "position": place,
        "table_name": table,
        "name": layer.name,
        "kind": layer.kind.value,
        "geometry": "points" if isinstance(layer.geometry, Points) else "shapes",
        "sensitivity": layer.sensitivity.name.lower(),
        "visible": int(layer.visible),
        "fields": project_json.fields_text(layer.fields),
        "style": project_json.style_text(layer.style),
        "provenance": project_json.provenance_text(layer.provenance),
    }
    if plan is not None:
        values["columns"] = project_json.columns_text(plan)
        values["schema"] = layer.table.schema.serialize().to_pybytes()
    gpkg_schema.upsert(connection, gpkg_schema.LAYERS, "layer_id", values)
