"""What a file of GeoParquet says of its column of places: encoding, reference system, corners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from gisapp.errors import CrsError, DataError
from gisapp.io.reading import reference_systems
from gisapp.io.reading.reference_systems import WGS84

_ENCODINGS = ("WKB", "point")
_LONGITUDE_FIRST = (("OGC", "CRS84"), ("EPSG", "4326"))


def said_of(schema: pa.Schema, path: Path) -> dict[str, Any]:
    """What the file says of its column of places, with the column's name.

    DataError naming the file where it says nothing of use, or holds no points.
    """
    raw = (schema.metadata or {}).get(b"geo")
    if raw is None:
        raise DataError(
            f"{path.name} is Parquet, but does not say where its places are.",
            "Write it as GeoParquet (geopandas, GDAL and DuckDB do).",
        )
    try:
        geo = json.loads(raw)
        name = geo["primary_column"]
        place = dict(geo["columns"][name])
        encoding = str(place["encoding"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path.name} does not say in a readable way where its places are.", "Write it again."
        ) from error
    if name not in schema.names:
        raise DataError(f"{path.name} has no column “{name}” of places.", "Write it again.")
    if encoding not in _ENCODINGS:
        raise DataError(
            f"{path.name} holds places as “{encoding}”, and only points can be judged.",
            "Write points as WKB or as native points.",
        )
    return {**place, "name": name, "encoding": encoding}


def kind_of(place: Mapping[str, Any]) -> tuple[str, ...]:
    """What has to be the same in all files of a folder."""
    system = json.dumps(place.get("crs", ""), sort_keys=True)
    return (place["name"], place["encoding"], system, str(corners(place)))


def corners(place: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The columns with the west, south, east and north of each row, where the file names them."""
    name = place["name"]
    if place["encoding"] == "point":
        return (f"{name}.x", f"{name}.y", f"{name}.x", f"{name}.y")
    try:
        box = place["covering"]["bbox"]
        return tuple(".".join(box[side]) for side in ("xmin", "ymin", "xmax", "ymax"))
    except (KeyError, TypeError):
        return None


def system(told: str | None, place: Mapping[str, Any], path: Path) -> str:
    """The reference system as a code or PROJJSON; without a word it is WGS 84, as the form says.

    What is `told` goes before what the file declares. CrsError where nobody says it, or nothing can
    use it.
    """
    declared = place.get("crs", WGS84)
    if told is not None:
        text = told
    elif declared is None:
        raise CrsError(
            f"{path.name} does not say what its coordinates are measured in.",
            "Name it with --crs, such as --crs EPSG:27700.",
        )
    elif isinstance(declared, str):
        text = declared
    else:
        code = declared.get("id") or {}
        plain = (str(code.get("authority")), str(code.get("code"))) in _LONGITUDE_FIRST
        text = WGS84 if plain else json.dumps(declared)
    unusable = reference_systems.trouble(text)
    if unusable is not None:
        raise unusable
    return WGS84 if reference_systems.label(text) in (WGS84, "OGC:CRS84") else text
