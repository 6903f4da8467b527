"""The frame of a GeoPackage 1.3 (OGC 12-128r17) and the tables that gisapp adds to it."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gisapp.layers.layer import Bounds

#: Raised when an older gisapp could not read what a newer one writes; see docs/project-file.md.
FORMAT_VERSION = 3

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10300  # GeoPackage 1.3.0

ZONES = "zones"
AGREEMENTS = "agreements"
PROJECT = "gisapp_project"
LAYERS = "gisapp_layers"
COLUMNS = "gisapp_columns"
HOTSPOTS = "gisapp_hotspots"
VIEWS = "gisapp_views"
BREACHES = "gisapp_breaches"
SCENARIOS = "gisapp_scenarios"
SCENARIO_ZONES = "gisapp_scenario_zones"
SETTLEMENTS = "gisapp_settlements"
EXPORTS = "gisapp_exports"

_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_FRAME = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
"""

_OWN = """
CREATE TABLE zones (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  name TEXT,
  status TEXT,
  agreement TEXT,
  basis TEXT,
  basis_text TEXT,
  radius_m DOUBLE,
  radius_text TEXT,
  service TEXT,
  polarity TEXT,
  note TEXT,
  centre_lon DOUBLE,
  centre_lat DOUBLE,
  one_part BOOLEAN,
  agreement_id TEXT,
  zone_id TEXT UNIQUE,
  position INTEGER,
  measured_from TEXT,
  walk_minutes DOUBLE,
  streets TEXT,
  width_m DOUBLE,
  anchors TEXT,
  parts TEXT,
  priority INTEGER,
  starts_at DATETIME,
  ends_at DATETIME,
  visibility TEXT,
  own_terms BOOLEAN,
  json TEXT,
  suspended TEXT,
  hours TEXT
);
CREATE TABLE agreements (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  title TEXT,
  status TEXT,
  version INTEGER,
  is_current BOOLEAN,
  effective DATE,
  expires DATE,
  parties TEXT,
  suspended TEXT,
  persons TEXT,
  exceptions TEXT,
  hours TEXT,
  timezone TEXT,
  referral_contact TEXT,
  agreement_id TEXT,
  json TEXT,
  formality TEXT,
  legal_basis TEXT,
  offences TEXT,
  thresholds TEXT,
  covers_transit TEXT,
  units_bound TEXT,
  units_not_bound TEXT,
  if_seized TEXT,
  recording TEXT,
  next_review DATE,
  visibility TEXT
);
CREATE TABLE gisapp_project (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT UNIQUE,
  value TEXT
);
CREATE TABLE gisapp_layers (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  layer_id TEXT UNIQUE,
  position INTEGER,
  table_name TEXT,
  name TEXT,
  kind TEXT,
  geometry TEXT,
  sensitivity TEXT,
  visible BOOLEAN,
  fields TEXT,
  style TEXT,
  provenance TEXT,
  columns TEXT,
  schema BLOB,
  rows_id TEXT,
  rows_in TEXT
);
CREATE TABLE gisapp_columns (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  layer_id TEXT,
  position INTEGER,
  data BLOB
);
CREATE TABLE gisapp_hotspots (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  hotspots_id TEXT,
  layer_id TEXT,
  method TEXT,
  cell_m DOUBLE,
  bandwidth_m DOUBLE,
  visible BOOLEAN,
  opacity DOUBLE
);
CREATE TABLE gisapp_views (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT,
  west DOUBLE,
  south DOUBLE,
  east DOUBLE,
  north DOUBLE
);
CREATE TABLE gisapp_breaches (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  breach_id TEXT UNIQUE,
  zone_id TEXT,
  at TEXT,
  source TEXT,
  activity TEXT,
  unit TEXT,
  outcome TEXT,
  position INTEGER
);
CREATE TABLE gisapp_scenarios (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  scenario_id TEXT UNIQUE,
  name TEXT,
  note TEXT,
  position INTEGER
);
CREATE TABLE gisapp_scenario_zones (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  scenario_id TEXT,
  name TEXT,
  basis TEXT,
  basis_text TEXT,
  radius_m DOUBLE,
  radius_text TEXT,
  service TEXT,
  polarity TEXT,
  note TEXT,
  centre_lon DOUBLE,
  centre_lat DOUBLE,
  one_part BOOLEAN,
  agreement_id TEXT,
  zone_id TEXT,
  position INTEGER,
  measured_from TEXT,
  walk_minutes DOUBLE,
  streets TEXT,
  width_m DOUBLE,
  anchors TEXT,
  parts TEXT,
  priority INTEGER,
  starts_at DATETIME,
  ends_at DATETIME,
  visibility TEXT,
  own_terms BOOLEAN,
  json TEXT
);
CREATE TABLE gisapp_settlements (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  zone_id TEXT,
  other_zone_id TEXT,
  settled TEXT,
  settled_on DATE,
  who TEXT,
  why TEXT
);
CREATE TABLE gisapp_exports (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  number INTEGER,
  at TEXT,
  who TEXT,
  what TEXT,
  file TEXT,
  sha256 TEXT,
  audience TEXT,
  recipient TEXT,
  note TEXT,
  former TEXT
);
"""

#: The tables that a file of each format has, besides those of the formats before it.
_TABLES_SINCE = {
    1: (ZONES, AGREEMENTS, PROJECT, LAYERS, COLUMNS, HOTSPOTS, VIEWS),
    2: (BREACHES, SCENARIOS, SCENARIO_ZONES, SETTLEMENTS),
    3: (EXPORTS,),
}
OWN_TABLES = tuple(name for names in _TABLES_SINCE.values() for name in names)
_WITH_PLACES = (ZONES, SCENARIO_ZONES)
_DESCRIPTIONS = {
    ZONES: "Zones of the project",
    AGREEMENTS: "Agreements and their former versions",
    BREACHES: "Possible breaches, for review; not to be passed on",
    SCENARIOS: "Alternatives to the zones of the project",
    SCENARIO_ZONES: "Zones of the alternatives",
    SETTLEMENTS: "What was decided where zones of opposite sign overlap",
    EXPORTS: "What has left the program; each line carries the hash of the one before",
}


@dataclass(frozen=True, slots=True)
class Content:
    """A row of gpkg_contents: a table, its name for people, its extent in degrees."""

    table: str
    identifier: str
    bounds: Bounds | None = None
    features: bool = True


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def create_frame(connection: sqlite3.Connection) -> None:
    """Make an empty GeoPackage with gisapp's own tables, registered for other programs."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in (_FRAME + _OWN).split(";"):
        if statement.strip():
            connection.execute(statement)
    undefined = "undefined"
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined Cartesian SRS", -1, "NONE", -1, undefined, "undefined Cartesian"),
            ("Undefined geographic SRS", 0, "NONE", 0, undefined, "undefined geographic"),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84_WKT, "longitude and latitude"),
        ],
    )
    for table in OWN_TABLES:
        _register_own(connection, table)


def tables_of(version: int) -> tuple[str, ...]:
    """The tables that a file of a format must have."""
    return tuple(
        name for since, names in _TABLES_SINCE.items() if since <= version for name in names
    )


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Add the tables and columns that a file of an older gisapp lacks; its rows stay as they are.

    What a row does not say in a new column is as it was before there was that column.
    """
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    for table, (statement, columns) in _own_tables().items():
        if table not in there:
            connection.execute(statement)
            _register_own(connection, table)
            continue
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for name, kind in columns.items():
            if name not in known:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


@lru_cache(maxsize=1)
def _own_tables() -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """The statement that makes each of gisapp's own tables, and its columns with their types."""
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(_OWN)
        return {
            table: (
                empty.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[
                    0
                ],
                {row[1]: row[2] for row in empty.execute(f"PRAGMA table_info({table})")},
            )
            for table in OWN_TABLES
        }


def _register_own(connection: sqlite3.Connection, table: str) -> None:
    register(connection, Content(table, table, features=table in _WITH_PLACES))
    if table in _WITH_PLACES:
        register_geometry(connection, table, "MULTIPOLYGON")


def register(connection: sqlite3.Connection, content: Content) -> None:
    """Enter a table into gpkg_contents, or renew its entry with the present time."""
    west, south, east, north = content.bounds or (None, None, None, None)
    connection.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (content.table,))
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, "
        "max_x, max_y, srs_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            content.table,
            "features" if content.features else "attributes",
            content.identifier,
            _DESCRIPTIONS.get(content.table, ""),
            west,
            south,
            east,
            north,
            4326 if content.features else None,
        ),
    )


def register_geometry(connection: sqlite3.Connection, table: str, kind: str) -> None:
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", (table, kind)
    )


def drop_features(connection: sqlite3.Connection, table: str) -> None:
    """Take a feature table out of the file."""
    connection.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = ?", (table,))
    connection.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (table,))
    connection.execute(f"DROP TABLE {quoted(table)}")


def rename_features(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Give a feature table another name; no row of it is written."""
    connection.execute(f"ALTER TABLE {quoted(old)} RENAME TO {quoted(new)}")
    for register_table in ("gpkg_contents", "gpkg_geometry_columns"):
        connection.execute(
            f"UPDATE {register_table} SET table_name = ? WHERE table_name = ?", (new, old)
        )


def insert(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Any]
) -> None:
    """Insert rows given as tuples in the order of the columns."""
    names = ", ".join(quoted(column) for column in columns)
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", rows)


def upsert(connection: sqlite3.Connection, table: str, key: str, values: Mapping[str, Any]) -> None:
    """Insert a row, or renew these values of the row with its key."""
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    renewed = ", ".join(f"{name} = excluded.{name}" for name in values if name != key)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) "
        f"ON CONFLICT ({key}) DO UPDATE SET {renewed}",
        tuple(values.values()),
    )


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name for a table that reads like the layer's and is not taken (SQLite ignores case)."""
    # Letters with their marks and digits of every script stay as they are.
    plain = (char if unicodedata.category(char)[0] in "LMN" else "_" for char in wanted)
    words = "".join(plain).split("_")
    base = "_".join(word for word in words if word)[:60] or "layer"
    if base.casefold().startswith(("gpkg_", "sqlite_", "rtree_", "gisapp_")):
        base = f"layer_{base}"
    used = {name.casefold() for name in taken}
    name, number = base, 2
    while name.casefold() in used:
        name, number = f"{base}_{number}", number + 1
    return name


def free_identifier(wanted: str, taken: Iterable[str]) -> str:
    """The layer's name, with a number behind it where another table is called the same."""
    used = set(taken)
    name, number = wanted, 2
    while name in used:
        name, number = f"{wanted} ({number})", number + 1
    return name
