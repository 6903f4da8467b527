"""Rows of small tables, read through SQLite itself.

GDAL reads millions of rows quicker, but loading it takes most of a second, which is longer than a
few thousand rows take. Only what gisapp writes is read here; whatever looks otherwise is left to
GDAL, which knows every way in which another program may have written it.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import pyarrow as pa

from gisapp.errors import ProjectFileError
from gisapp.io.project import gpkg_geometry
from gisapp.io.project.gpkg_columns import Column
from gisapp.io.project.gpkg_schema import quoted
from gisapp.progress import breathe

#: Tables of up to so many rows are read here.
FEW_ROWS = 20_000
_TOGETHER = 500

_TYPES = {
    "BOOLEAN": pa.bool_(),
    "MEDIUMINT": pa.int64(),
    "INTEGER": pa.int64(),
    "DOUBLE": pa.float64(),
    "TEXT": pa.string(),
    "BLOB": pa.binary(),
    "DATETIME": pa.timestamp("ms", "UTC"),
    "DATE": pa.date32(),
}


def stored_rows(
    connection: sqlite3.Connection, table: str, plan: tuple[Column, ...]
) -> pa.Table | None:
    """`geom` as WKB and the exact columns of a table; None where GDAL has to read it."""
    exact = [column for column in plan if column.exact]
    names = ["geom", *(column.name for column in exact)]
    query = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table)} ORDER BY fid"
    try:
        rows: list[tuple[Any, ...]] = []
        reading = connection.execute(query)
        # SQLite lets go of Python at each row and has it again before anybody else is awake.
        while some := reading.fetchmany(_TOGETHER):
            rows += map(tuple, some)
            breathe()
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        bodies = gpkg_geometry.wkb_of_blobs(list(columns[0]), table)
        arrays = [pa.array(bodies.tolist(), pa.binary())]
        for column, values in zip(exact, columns[1:], strict=True):
            arrays.append(_array(values, column.sql_type))
    except (sqlite3.OperationalError, ProjectFileError, KeyError, pa.ArrowException, TypeError):
        return None
    return pa.table(arrays, names=names)


def _array(values: tuple[Any, ...], sql_type: str) -> pa.Array:
    kind = _TYPES[sql_type]
    if sql_type == "BOOLEAN":
        return pa.array([None if value is None else bool(value) for value in values], kind)
    if sql_type in ("DATETIME", "DATE"):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)
