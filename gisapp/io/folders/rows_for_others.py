"""What of a GeoParquet file goes to others than police beside what was found: place and id alone.

Other columns may name persons, and nobody here knows what each of them holds. So do names of
folders and what a file says of itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from gisapp.errors import DataError


def id_column(schema: pa.Schema, named: str | None) -> str | None:
    """The column with the rows' own numbers: the one named, or one called id.

    DataError for a named column that is not there, or holds no numbers or texts.
    """
    called = [name for name in schema.names if name.strip().casefold() == "id"]
    column = named or next(iter(called), None)
    if column is None:
        return None
    if column not in schema.names:
        raise DataError(
            f"There is no column “{column}” of ids.", f"Columns: {', '.join(schema.names)}."
        )
    kind = schema.field(column).type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        if named is None:
            return None
        raise DataError(
            f"“{column}” holds lists or bytes, and none of that is a number of a row.",
            "Name another column with --map id=COLUMN, or leave it out.",
        )
    return column


def without_others(schema: pa.Schema, named: str | None) -> pa.Schema:
    """The columns of the place and of the id, with what GeoParquet says of the place."""
    geo = json.loads(schema.metadata[b"geo"])
    name = geo["primary_column"]
    place: dict[str, Any] = geo["columns"][name]
    kept = {name, id_column(schema, named), *_box_columns(place)}
    told = {
        "version": geo.get("version", "1.1.0"),
        "primary_column": name,
        "columns": {name: place},
    }
    fields = [field.remove_metadata() for field in schema if field.name in kept]
    return pa.schema(fields, {b"geo": json.dumps(told).encode()})


def _box_columns(place: Mapping[str, Any]) -> set[str]:
    """The columns with the corners of the box of each row, where there are any."""
    try:
        return {str(path[0]) for path in place["covering"]["bbox"].values()}
    except (KeyError, TypeError, AttributeError, IndexError):
        return set()
