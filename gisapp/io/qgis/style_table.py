"""The table `layer_styles` of a project file, from which QGIS takes the look of a layer by itself.

It is made and registered as QGIS does it. A row is written again only where the look, the rows or
the name of its layer changed.
"""

from __future__ import annotations

import sqlite3

from gisapp.io.project import gpkg_columns, gpkg_schema
from gisapp.io.project.gpkg_schema import Content
from gisapp.io.qgis import style as qgis_style
from gisapp.io.qgis.style import QgisStyle
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project

TABLE = "layer_styles"
#: What our styles are called among those that a table may have.
_OURS = "gisapp"

#: As QGIS makes it.
MADE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""


def write_styles(connection: sqlite3.Connection, project: Project, saved: Project) -> None:
    """Bring the styles in the file from those of `saved` to those of `project`.

    The layers' tables must be there already. A file of an older gisapp gets the table now.
    """
    if _make_table(connection):
        _put(connection, gpkg_schema.ZONES, qgis_style.zones_style())
        saved = Project()
    elif project.layers is saved.layers:
        return
    tables = dict(connection.execute("SELECT layer_id, table_name FROM gisapp_layers"))
    before = {layer.id: layer for layer in saved.layers}
    changed = [layer for layer in project.layers if _differs(before.get(layer.id), layer)]
    gone = _forget(connection, {gpkg_schema.ZONES, *tables.values()})
    for layer in changed:
        if tables[layer.id] is None:  # a recovery copy that leaves the rows in the project file
            continue
        names = gpkg_columns.stored_names(layer.table)
        _put(connection, tables[layer.id], qgis_style.layer_style(layer, names))
    if changed or gone:
        gpkg_schema.register(connection, Content(TABLE, TABLE, features=False))


def _differs(old: Layer | None, new: Layer) -> bool:
    """Whether the style of a layer is to be written; of its name because its table follows it."""
    return (
        old is None
        or old.style != new.style
        or old.table is not new.table
        or old.geometry is not new.geometry
        or old.fields != new.fields
        or old.kind is not new.kind
        or old.name != new.name
    )


def _make_table(connection: sqlite3.Connection) -> bool:
    """Make the table where the file has none; returns whether it was made."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (TABLE,)).fetchone()
    if found is None:
        connection.execute(MADE)
        gpkg_schema.register(connection, Content(TABLE, TABLE, features=False))
    return found is None


def _forget(connection: sqlite3.Connection, tables: set[str]) -> bool:
    """Take out the styles of tables that are no more."""
    rows = connection.execute(f"SELECT DISTINCT f_table_name FROM {TABLE}")
    gone = [name for name in rows.fetchall() if name[0] not in tables]
    connection.executemany(f"DELETE FROM {TABLE} WHERE f_table_name = ?", gone)
    return bool(gone)


def _put(connection: sqlite3.Connection, table: str, style: QgisStyle) -> None:
    connection.execute(
        f"DELETE FROM {TABLE} WHERE f_table_name = ? AND styleName = ?", (table, _OURS)
    )
    columns = (
        "f_table_catalog",
        "f_table_schema",
        "f_table_name",
        "f_geometry_column",
        "styleName",
        "styleQML",
        "styleSLD",
        "useAsDefault",
        "description",
        "owner",
    )
    row = ("", "", table, "geom", _OURS, style.qml, "", 1, style.notes, "")
    gpkg_schema.insert(connection, TABLE, columns, [row])
