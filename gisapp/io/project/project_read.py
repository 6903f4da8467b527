"""Reads a project out of an open GeoPackage."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa

from gisapp.analysis.points.known_indexes import keep_index
from gisapp.errors import ProjectFileError
from gisapp.io.agreements import agreement_file
from gisapp.io.project import (
    gpkg_columns,
    gpkg_geometry,
    gpkg_schema,
    gpkg_small,
    project_cache,
    project_json,
    project_record,
    project_zones,
)
from gisapp.io.project.gpkg_columns import Column
from gisapp.io.project.gpkg_schema import quoted
from gisapp.io.project.project_damage import UNREADABLE, damaged
from gisapp.io.tiles.files import found
from gisapp.layers.agreement import Agreement
from gisapp.layers.audience import Sensitivity
from gisapp.layers.base_map import BaseMap
from gisapp.layers.layer import Geometry, Layer, Points, Shapes
from gisapp.layers.project import Hotspots, Project, SavedView
from gisapp.layers.scenario import OverlapRule
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

_BATCH = 65_536

#: Opens another project file beside the one being read, for as long as it is asked.
Opener = Callable[[Path], AbstractContextManager[sqlite3.Connection]]


def read(connection: sqlite3.Connection, path: Path, opener: Opener, progress: Progress) -> Project:
    """The project in an open file of the present format; ProjectFileError where it is damaged.

    Small tables are read through the connection, rows of layers through GDAL's Arrow stream, or
    mapped from the cache beside the file. `opener` opens the file in which a recovery copy left
    the rows of large layers.
    """
    connection.row_factory = sqlite3.Row
    file = _File(connection, path, opener)
    keys = dict(connection.execute("SELECT key, value FROM gisapp_project").fetchall())
    agreements, former = _read_agreements(connection)
    try:
        return Project(
            title=str(keys["title"]),
            timezone=_timezone(keys["timezone"]),
            layers=_read_layers(file, progress),
            zones=project_zones.read_zones(connection),
            agreements=agreements,
            former=former,
            hotspots=_read_hotspots(connection),
            views=_read_views(connection),
            zones_visible=keys["zones_visible"] == "1",
            breaches=project_record.read_breaches(connection),
            scenarios=project_record.read_scenarios(connection),
            overlap_rule=_overlap_rule(keys.get("overlap_rule", OverlapRule.UNION)),
            settlements=project_record.read_settlements(connection),
            exports=project_record.read_exports(connection, str(keys.get("export_log", ""))),
            base_map=_base_map(keys.get("base_map", "null"), path.parent),
            id=str(keys["id"]),
        )
    except KeyError as error:
        raise damaged(gpkg_schema.PROJECT, f"{error} is missing") from error


def read_timezone(connection: sqlite3.Connection) -> str:
    """The time zone of the project alone; ProjectFileError where it is damaged."""
    kept = connection.execute("SELECT value FROM gisapp_project WHERE key = 'timezone'").fetchone()
    if kept is None:
        raise damaged(gpkg_schema.PROJECT, "'timezone' is missing")
    return _timezone(kept[0])


def _timezone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise damaged(gpkg_schema.PROJECT, f"“{str(name)[:40]}” is no time zone") from error


def _overlap_rule(text: str) -> OverlapRule:
    try:
        return OverlapRule(text)
    except ValueError as error:
        raise damaged(gpkg_schema.PROJECT, "its rule for overlaps cannot be read") from error


def _base_map(text: str, folder: Path) -> BaseMap | None:
    try:
        return found(project_json.base_map_from(text), folder)
    except UNREADABLE as error:
        raise damaged(gpkg_schema.PROJECT, "its base map cannot be read") from error


# Layers


@dataclass(frozen=True, slots=True)
class _File:
    """An open project file, and how to open another beside it."""

    connection: sqlite3.Connection
    path: Path
    opener: Opener


def _read_layers(file: _File, progress: Progress) -> tuple[Layer, ...]:
    rows = file.connection.execute("SELECT * FROM gisapp_layers ORDER BY position").fetchall()
    for row in rows:  # all first, for GDAL warns of a missing one while it reads another
        if _elsewhere(row) is not None:
            continue
        if not isinstance(row["table_name"], str):
            raise damaged("gisapp_layers", "the name of a table is no text")
        _columns_of(file.connection, row["table_name"])
    layers = []
    for number, row in enumerate(rows):
        share = progress.part(number / len(rows), (number + 1) / len(rows))
        share.report(0.0, f"Opening {row['name']}")
        layers.append(_read_layer(file, row, share))
    return tuple(layers)


def _elsewhere(row: sqlite3.Row) -> str | None:
    """The name of the file beside this one that holds the rows of a layer; None if this does."""
    name = row["rows_in"] if "rows_in" in row.keys() else None  # noqa: SIM118 (a Row is no dict)
    named = isinstance(name, str) and name and Path(name).name == name
    if name is not None and not named:
        raise damaged(gpkg_schema.LAYERS, f"the rows of “{row['name']}” are nowhere")
    return name


def _columns_of(connection: sqlite3.Connection, name: str) -> set[str]:
    """The columns of a table; ProjectFileError where it or its places are missing."""
    info = connection.execute(f"PRAGMA table_info({quoted(name)})")
    names = {str(row["name"]) for row in info}
    if "geom" not in names:
        raise damaged(name, "its places are missing" if names else "it is missing")
    return names


def _read_layer(file: _File, row: sqlite3.Row, progress: Progress) -> Layer:
    try:
        plan = project_json.columns_from(row["columns"])
        schema = pa.ipc.read_schema(pa.py_buffer(row["schema"]))
        described: dict[str, Any] = {
            "kind": LayerKind(row["kind"]),
            "fields": project_json.fields_from(row["fields"]),
            "style": project_json.style_from(row["style"]),
            "sensitivity": Sensitivity[row["sensitivity"].upper()],
            "provenance": project_json.provenance_from(row["provenance"]),
        }
    except (*UNREADABLE, pa.ArrowException) as error:
        raise damaged(gpkg_schema.LAYERS, f"“{row['name']}” cannot be read") from error
    other = _elsewhere(row)
    if other is None:
        table, geometry = _rows(file, row, plan, schema, progress)
    else:
        table, geometry = _rows_elsewhere(file, row, other, progress)
    return Layer(
        name=row["name"],
        table=table,
        geometry=geometry,
        visible=bool(row["visible"]),
        id=row["layer_id"],
        **described,
    )


def _rows(
    file: _File,
    row: sqlite3.Row,
    plan: tuple[Column, ...],
    schema: pa.Schema,
    progress: Progress,
) -> tuple[pa.Table, Geometry]:
    """The table and the places of a layer: out of the cache, if it holds these very rows."""
    name, layer_id = row["table_name"], row["layer_id"]
    points = row["geometry"] == "points"
    if points:
        kept = project_cache.kept_rows(file.connection, file.path, layer_id, name, schema)
        if kept is not None:
            keep_index(kept.points, kept.index)
            return kept.table, kept.points
    stored = _stored_rows(file.connection, file.path, name, plan, progress)
    geometry = _geometry(stored, name, points=points)
    copies = _exact_copies(file.connection, layer_id)
    return _exact_table(stored, schema, plan, copies, name), geometry


def _rows_elsewhere(
    file: _File, row: sqlite3.Row, other: str, progress: Progress
) -> tuple[pa.Table, Geometry]:
    """The rows of a layer that a recovery copy left in the project file.

    They are taken as they are there now: whoever changed them since did so on purpose.
    """
    with file.opener(file.path.with_name(other)) as connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT * FROM gisapp_layers WHERE layer_id = ?"
        there = connection.execute(query, (row["layer_id"],)).fetchone()
        if there is None or _elsewhere(there) is not None:
            raise ProjectFileError(
                f"“{file.path.name}” needs the rows of “{row['name']}”, which are not in “{other}” "
                "any more.",
                f"Put an earlier “{other}” back in its place.",
            )
        layer = _read_layer(
            _File(connection, file.path.with_name(other), file.opener), there, progress
        )
    return layer.table, layer.geometry


def _stored_rows(
    connection: sqlite3.Connection,
    path: Path,
    name: str,
    plan: tuple[Column, ...],
    progress: Progress,
) -> pa.Table:
    """All rows of a table as GDAL reads them, in the order in which they were written."""
    there = _columns_of(connection, name)
    lost = [column.name for column in plan if column.name not in there]
    if lost:
        raise damaged(name, f"the column “{lost[0]}” is missing")
    wrong = gpkg_columns.wrong_values(plan) or "0"
    query = f"SELECT count(*), total({wrong}) FROM {quoted(name)}"
    count, mistakes = connection.execute(query).fetchone()
    if mistakes:
        raise damaged(name, f"{int(mistakes):,} rows hold values of another type")
    stored = (
        gpkg_small.stored_rows(connection, name, plan) if count <= gpkg_small.FEW_ROWS else None
    )
    if stored is None:
        stored = _arrow(path, name, count, progress)
    if stored.num_rows != count:
        raise damaged(name, f"{stored.num_rows:,} of {count:,} rows can be read")
    return stored


def _arrow(path: Path, name: str, count: int, progress: Progress) -> pa.Table:
    import pyogrio.errors
    import pyogrio.raw

    # pyogrio takes “!” in a path for a file inside an archive, but not in a path of GDAL's own.
    source = f"/vsisubfile/0,{path}" if "!" in str(path) else path
    batches = []
    done = 0
    try:
        with pyogrio.raw.open_arrow(source, layer=name, batch_size=_BATCH, use_pyarrow=True) as (
            _,
            reader,
        ):
            for batch in reader:
                batches.append(batch)
                done += batch.num_rows
                progress.report(min(done / max(count, 1), 1.0))
            return pa.Table.from_batches(batches, reader.schema)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pa.ArrowException,
        OSError,
        RuntimeError,
    ) as error:
        raise damaged(name, "its rows cannot be read") from error


def _geometry(stored: pa.Table, name: str, *, points: bool) -> Geometry:
    column = stored.column("geom")
    if points:
        parts = [gpkg_geometry.points_from_wkb(chunk, name) for chunk in column.chunks]
        empty = np.empty(0)
        return Points(
            np.concatenate([empty, *(part.lon for part in parts)]),
            np.concatenate([empty, *(part.lat for part in parts)]),
        )
    shapes = [gpkg_geometry.shapes_from_wkb(chunk, name) for chunk in column.chunks]
    return Shapes(np.concatenate([np.empty(0, dtype=object), *shapes]))


def _exact_copies(connection: sqlite3.Connection, layer_id: str) -> dict[int, bytes]:
    return dict(
        connection.execute(
            "SELECT position, data FROM gisapp_columns WHERE layer_id = ?", (layer_id,)
        ).fetchall()
    )


def _exact_table(
    stored: pa.Table,
    schema: pa.Schema,
    plan: tuple[Column, ...],
    copies: dict[int, bytes],
    name: str,
) -> pa.Table:
    """The table of a layer with the very types it was saved with."""
    columns = []
    for number, (field, column) in enumerate(zip(schema, plan, strict=True)):
        try:
            if column.exact:
                values = gpkg_columns.from_stored(stored.column(column.name), field.type)
            else:
                values = gpkg_columns.from_exact_copy(copies[number])
            if len(values) != stored.num_rows:
                raise ValueError("rows were added or removed")
            values.validate(full=True)
        except (KeyError, ValueError, pa.ArrowException) as error:
            raise damaged(name, f"the column “{column.name}” cannot be read") from error
        columns.append(values)
    if not columns:
        return pa.table({"": pa.nulls(stored.num_rows)}).select([])
    return pa.Table.from_arrays(columns, schema=schema)


# Agreements


def _read_agreements(
    connection: sqlite3.Connection,
) -> tuple[dict[str, Agreement], tuple[Agreement, ...]]:
    current: dict[str, Agreement] = {}
    former = []
    for row in connection.execute("SELECT title, is_current, json FROM agreements ORDER BY fid"):
        try:
            agreement = agreement_file.parse_kept(row["json"])
        except UNREADABLE as error:
            raise damaged(gpkg_schema.AGREEMENTS, f"“{row['title']}” cannot be read") from error
        if row["is_current"]:
            current[agreement.id] = agreement
        else:
            former.append(agreement)
    return current, tuple(former)


# Analysis and views


def _read_hotspots(connection: sqlite3.Connection) -> tuple[Hotspots, ...]:
    rows = connection.execute("SELECT * FROM gisapp_hotspots ORDER BY fid")
    return tuple(
        Hotspots(
            layer_id=row["layer_id"],
            method=row["method"],
            cell_m=row["cell_m"],
            bandwidth_m=row["bandwidth_m"],
            visible=bool(row["visible"]),
            opacity=row["opacity"],
            id=row["hotspots_id"],
        )
        for row in rows
    )


def _read_views(connection: sqlite3.Connection) -> tuple[SavedView, ...]:
    rows = connection.execute("SELECT * FROM gisapp_views ORDER BY fid")
    return tuple(
        SavedView(row["name"], (row["west"], row["south"], row["east"], row["north"]))
        for row in rows
    )
