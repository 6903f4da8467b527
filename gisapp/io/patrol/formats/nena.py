"""A GeoPackage 1.4 layer with the field names that all layers of NENA-STA-006.3-2026 share.

It is no service boundary and must never become one: it has a name of its own, and no ServiceURN
or ServiceURI, by which 9-1-1 systems decide which agency gets a call.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.gdal import fields_of, outlines_of, write_layer
from gisapp.io.patrol.formats.geopackage import add_style, changing, set_moments
from gisapp.io.patrol.formats.validity import span
from gisapp.io.patrol.zones import Outgoing

#: The layer, and the token for it in an identifier; neither is one of NENA's.
LAYER = "NoEnforcementAreaPolygon"
#: What stands for the domain of an agency that nobody named: it can never be one (RFC 2606).
_NO_AGENCY = "agency.invalid"
_NAME_LENGTH = 60
#: Types of the shared fields as the template of the standard has them.
_TYPES = {
    "DiscrpAgID": "TEXT(100) NOT NULL",
    "DateUpdate": "DATETIME NOT NULL",
    "NGUID": "TEXT(254) NOT NULL",
    "Agency_ID": "TEXT(100) NOT NULL",
    "DsplayName": f"TEXT({_NAME_LENGTH}) NOT NULL",
}
_MOMENTS = ("DateUpdate", "Effective", "Expire")
_UTC = 100  # what GDAL calls it


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones-nena.gpkg`: the shared fields first, then all columns as in the other files."""
    path = folder / "zones-nena.gpkg"
    zones = content.zones
    count = len(zones)
    write_layer(
        path,
        "GPKG",
        outlines_of(zones),
        _shared(content) | fields_of(zones),
        layer=LAYER,
        dataset_options={"VERSION": "1.4"},
        layer_options={
            "IDENTIFIER": "No-enforcement areas; not a service boundary",
            "DATETIME_PRECISION": "MILLISECOND",
        },
        gdal_tz_offsets={name: np.full(count, _UTC, dtype=np.int32) for name in _MOMENTS},
    )
    with changing(path) as connection:
        _set_types(connection)
        add_style(connection, LAYER, content.stamp, label="DsplayName")
        set_moments(connection, content.stamp)
    return {path.name: path.read_bytes()}


def losses(content: Content) -> tuple[Loss, ...]:
    """Names that are cut, and an agency that nobody named."""
    found = [
        Loss("DsplayName", name, name[:_NAME_LENGTH])
        for name in (str(zone.attributes["name"]) for zone in content.zones)
        if len(name) > _NAME_LENGTH
    ]
    if not content.note.agency:
        found.append(Loss("DiscrpAgID and Agency_ID", "no domain of an agency", _NO_AGENCY))
    return tuple(found)


def _shared(content: Content) -> dict[str, np.ndarray[Any, Any]]:
    """The fields that NENA's layers have in common, in their order there."""
    agency, zones = content.note.agency or _NO_AGENCY, content.zones
    spans = [span(zone) for zone in zones]
    names = [str(zone.attributes["name"])[:_NAME_LENGTH] for zone in zones]
    return {
        "DiscrpAgID": np.array([agency] * len(zones), dtype=object),
        "DateUpdate": _moments([content.stamp] * len(zones)),
        "Effective": _moments([held.start for held in spans]),
        "Expire": _moments([held.end for held in spans]),
        "NGUID": np.array([_identifier(zone, agency) for zone in zones], dtype=object),
        "Agency_ID": np.array([agency] * len(zones), dtype=object),
        "DsplayName": np.array(names, dtype=object),
    }


def _moments(values: Sequence[datetime | None]) -> np.ndarray[Any, Any]:
    plain = [at.astimezone(UTC).replace(tzinfo=None) if at else None for at in values]
    return np.array(plain, dtype="datetime64[ms]")


def _identifier(zone: Outgoing, agency: str) -> str:
    """`urn:emergency:uid:gis:<layer>:<local id>:<agency>`, whole within 254 characters."""
    local = re.sub(r"[^A-Za-z0-9._-]", "_", str(zone.attributes["zone_id"]))[:60]
    return f"urn:emergency:uid:gis:{LAYER}:{local}:{agency}"


def _set_types(connection: sqlite3.Connection) -> None:
    """Give the shared fields their lengths, as the way to do it without another table is.

    Rows are not touched by it; see "Making Other Kinds Of Table Schema Changes" in SQLite's
    documentation of ALTER TABLE.
    """
    found = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (LAYER,))
    sql = str(found.fetchone()[0])
    for name, kind in _TYPES.items():
        plain = kind.split("(")[0].split()[0]
        sql = sql.replace(f'"{name}" {plain}', f'"{name}" {kind}', 1)
    version = connection.execute("PRAGMA schema_version").fetchone()[0]
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, LAYER))
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = OFF")
