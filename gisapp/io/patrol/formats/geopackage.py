"""GeoPackage 1.3, for receivers old and new."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.errors import ExportError
from gisapp.io.patrol.content import Content
from gisapp.io.patrol.zones import COLUMNS, DAYS, NUMBERS, WHOLE, Outgoing


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.gpkg`."""
    path = folder / "zones.gpkg"
    write_geopackage(content.zones, path, content.stamp)
    return {path.name: path.read_bytes()}


def write_geopackage(zones: Sequence[Outgoing], path: Path, at: datetime) -> None:
    """A GeoPackage 1.3 with one table `zones`; the same zones give the same bytes."""
    import pyogrio.errors
    import pyogrio.raw

    outlines = [_multipolygon(zone.shape) for zone in zones]
    shapes = shapely.to_wkb(outlines, flavor="iso")
    try:
        pyogrio.raw.write(
            path,
            geometry=np.asarray(shapes, dtype=object),
            field_data=[_column(zones, column) for column in COLUMNS],
            fields=list(COLUMNS),
            layer="zones",
            driver="GPKG",
            geometry_type="MultiPolygon",
            crs="EPSG:4326",
            dataset_options={"VERSION": "1.3"},
            layer_options={"IDENTIFIER": "Zones in force"},
        )
        with closing(sqlite3.connect(path)) as connection, connection:
            stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            connection.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise ExportError(
            "The GeoPackage of this package could not be written.",
            "Make room on the disk of the temporary folder, and try again.",
        ) from error


def _multipolygon(shape: BaseGeometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(list(shapely.get_parts(shape)))


def _column(zones: Sequence[Outgoing], column: str) -> np.ndarray[Any, Any]:
    values = [zone.attributes[column] for zone in zones]
    if column in DAYS:
        return np.array(values, dtype="datetime64[D]")
    if column in NUMBERS:
        return np.array(values, dtype=np.float64)
    if column in WHOLE:
        return np.array(values, dtype=np.int32)
    return np.array(values, dtype=object)
