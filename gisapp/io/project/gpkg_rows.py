"""Which rows a table of the project file holds, told without reading them.

The rows of a layer get a random name when they are written. Triggers take it away as soon as
anything changes, adds or removes a row, whichever program does it. As long as the name stands,
what gisapp keeps elsewhere of these rows (the cache beside the project, the recovery copy that
leaves them where they are) is still true.
"""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from gisapp.io.project.gpkg_schema import LAYERS, quoted
from gisapp.layers.layer import Layer, Points

#: Layers of at least so many points are told apart by a name; others are read quickly anyway.
MANY_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A project file beside the one being written, in which rows can stay.

    `names` are those of the rows that it holds, by layer; `layers` those layers of which we know
    that it holds these very rows.
    """

    file: str
    names: Mapping[str, str]
    layers: Mapping[str, Layer]

    def holds(self, layer: Layer) -> bool:
        """Whether the rows of a layer can stay there."""
        there = self.layers.get(layer.id)
        return (
            there is not None
            and layer.id in self.names
            and there.table is layer.table
            and there.geometry is layer.geometry
        )


_CHANGES = ("insert", "update", "delete")


def has_many(layer: Layer) -> bool:
    """Whether the rows of a layer are so many points that they are named."""
    return isinstance(layer.geometry, Points) and len(layer) >= MANY_ROWS


def name_rows(connection: sqlite3.Connection, layer_id: str) -> None:
    """Give the rows of a layer a name of their own and guard it, unless they have one."""
    query = f"SELECT table_name FROM {LAYERS} WHERE layer_id = ?"
    table = connection.execute(query, (layer_id,)).fetchone()[0]
    if table is None or rows_id(connection, layer_id, table) is not None:
        return
    query = f"UPDATE {LAYERS} SET rows_id = ? WHERE layer_id = ?"
    connection.execute(query, (uuid.uuid4().hex, layer_id))
    for change, trigger in _triggers(layer_id).items():
        connection.execute(f"DROP TRIGGER IF EXISTS {quoted(trigger)}")
        connection.execute(
            f"CREATE TRIGGER {quoted(trigger)} AFTER {change.upper()} ON {quoted(table)} "
            f"WHEN (SELECT rows_id FROM {LAYERS} WHERE layer_id = {_text(layer_id)}) IS NOT NULL "
            f"BEGIN UPDATE {LAYERS} SET rows_id = NULL WHERE layer_id = {_text(layer_id)}; END"
        )


def rows_id(connection: sqlite3.Connection, layer_id: str, table: str) -> str | None:
    """The name of the rows of a layer; None where they have none or nothing guards it."""
    if not _has_columns(connection):
        return None
    query = f"SELECT rows_id FROM {LAYERS} WHERE layer_id = ?"
    found = connection.execute(query, (layer_id,)).fetchone()
    name = found[0] if found else None
    if not isinstance(name, str) or not _is_name(name):
        return None
    guards = connection.execute(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? "
        "AND name IN (?, ?, ?)",
        (table, *_triggers(layer_id).values()),
    ).fetchone()
    return name if guards[0] == len(_CHANGES) else None


def seal(connection: sqlite3.Connection, layer_id: str, table: str) -> tuple[str, str] | None:
    """The name of a layer's rows, and a digest of all that their meaning hangs on.

    That is when the table was last changed, how many rows and which columns it has, and how
    gisapp reads them. None where the rows have no name.
    """
    name = rows_id(connection, layer_id, table)
    if name is None:
        return None
    facts = [
        name,
        *_all(connection, "SELECT last_change FROM gpkg_contents WHERE table_name = ?", table),
        *_all(connection, f"SELECT max(fid) FROM {quoted(table)}"),
        *_all(connection, f"PRAGMA table_info({quoted(table)})"),
        *_all(
            connection,
            f'SELECT geometry, columns, "schema" FROM {LAYERS} WHERE layer_id = ?',
            layer_id,
        ),
    ]
    return name, hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


# Rows that stay in another file


def refer(connection: sqlite3.Connection, layer_id: str, elsewhere: Elsewhere) -> None:
    """Note that the rows of a layer are in the other file, and which they are."""
    connection.execute(
        f"UPDATE {LAYERS} SET rows_id = ?, rows_in = ? WHERE layer_id = ?",
        (elsewhere.names[layer_id], elsewhere.file, layer_id),
    )


def lost(connection: sqlite3.Connection, elsewhere: Elsewhere | None) -> set[str]:
    """Layers whose rows are in another file, but not any more as they were noted."""
    rows = connection.execute(
        f"SELECT layer_id, rows_id, rows_in FROM {LAYERS} WHERE rows_in IS NOT NULL"
    )
    return {
        layer_id
        for layer_id, name, file in rows.fetchall()
        if elsewhere is None or file != elsewhere.file or elsewhere.names.get(layer_id) != name
    }


def _all(connection: sqlite3.Connection, query: str, *values: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(query, values).fetchall()]


def _triggers(layer_id: str) -> dict[str, str]:
    return {change: f"gisapp_{layer_id}_{change}" for change in _CHANGES}


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _is_name(name: str) -> bool:
    """Whether it is one of ours: it becomes the name of a file, and the project may be foreign."""
    return len(name) == 32 and set(name) <= set("0123456789abcdef")


def _has_columns(connection: sqlite3.Connection) -> bool:
    """Whether the file has a place for names; those of older versions have not."""
    names = {row[1] for row in connection.execute(f"PRAGMA table_info({LAYERS})")}
    return {"rows_id", "rows_in"} <= names


def all_names(connection: sqlite3.Connection) -> dict[str, str]:
    """The name of the rows of each layer that has one and holds its rows in this file."""
    if not _has_columns(connection):
        return {}
    rows = connection.execute(f"SELECT layer_id, table_name FROM {LAYERS} WHERE rows_in IS NULL")
    found = ((layer_id, rows_id(connection, layer_id, table)) for layer_id, table in rows)
    return {layer_id: name for layer_id, name in found if name is not None}
