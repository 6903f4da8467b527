"""GeoPackage 1.3 and 1.4 (OGC 12-128r17, r18) with the style by which QGIS draws the zones.

GDAL writes it; the moments in it are then set to the day, and the number of writes is taken from
it, so that the same gives the same bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.formats.gdal import fields_of, not_written, outlines_of, write_layer
from gisapp.io.patrol.formats.validity import utc
from gisapp.io.patrol.zones import Outgoing
from gisapp.io.qgis.style import zones_in_force_style
from gisapp.io.qgis.style_table import MADE

#: Where the header of SQLite counts writes, and at which write its version was noted; the two are
#: to agree (https://www.sqlite.org/fileformat2.html, "The Database Header").
_WRITES = (24, 92)
_ONE = (1).to_bytes(4, "big")
#: Of `layer_styles`, what QGIS fills in.
_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, 'geom', 'In force', ?, '', 1, ?, '', ?)
"""


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.gpkg`, of version 1.3."""
    path = folder / "zones.gpkg"
    write_geopackage(content.zones, path, content.stamp)
    return {path.name: path.read_bytes()}


def write_new(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones-1.4.gpkg`, of version 1.4."""
    path = folder / "zones-1.4.gpkg"
    write_geopackage(content.zones, path, content.stamp, version="1.4")
    return {path.name: path.read_bytes()}


def write_geopackage(
    zones: Sequence[Outgoing], path: Path, at: datetime, *, version: str = "1.3"
) -> None:
    """A GeoPackage with one table `zones`, dated with the moment `at`."""
    write_layer(
        path,
        "GPKG",
        outlines_of(zones),
        fields_of(zones),
        dataset_options={"VERSION": version},
        layer_options={"IDENTIFIER": "Zones in force"},
    )
    with changing(path) as connection:
        add_style(connection, "zones", at)
        set_moments(connection, at)


@contextmanager
def changing(path: Path) -> Iterator[sqlite3.Connection]:
    """A GeoPackage to change by SQL; ExportError where that does not work."""
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            yield connection
        _forget_writes(path)
    except (OSError, sqlite3.Error) as error:
        raise not_written(path.name) from error


def _forget_writes(path: Path) -> None:
    """Say that the file was written once: GDAL now and then needs one time more for the same."""
    with path.open("r+b") as file:
        for offset in _WRITES:
            file.seek(offset)
            file.write(_ONE)


def add_style(
    connection: sqlite3.Connection, table: str, at: datetime, label: str = "name"
) -> None:
    """Put the look of a zone in force beside a table, its names from the column `label`."""
    style = zones_in_force_style(label)
    connection.execute(MADE)
    connection.execute(_STYLE, (table, style.qml, style.notes, moment(at)))
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"
    )


def set_moments(connection: sqlite3.Connection, at: datetime) -> None:
    connection.execute("UPDATE gpkg_contents SET last_change = ?", (moment(at),))


def moment(at: datetime) -> str:
    """A moment as a GeoPackage has it: 2025-06-02T04:00:00.000Z."""
    return utc(at).removesuffix("Z") + ".000Z"
