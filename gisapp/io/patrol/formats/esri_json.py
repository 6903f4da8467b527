"""Esri JSON: a FeatureSet of the ArcGIS REST API ("Common data types").

Written here, as GDAL only reads it. Exterior rings run clockwise and holes the other way; days are
milliseconds since 1970 at 00:00 UTC.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import shapely

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.zones import COLUMNS, DAYS, NUMBERS, WHOLE, Outgoing

#: The number of a row, which ArcGIS wants of a feature class.
_ROW = "OBJECTID"


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.esri.json`."""
    rows = ",\n".join(
        json.dumps(_feature(number, zone), ensure_ascii=False)
        for number, zone in enumerate(content.zones, 1)
    )
    head = {
        "objectIdFieldName": _ROW,
        "displayFieldName": "name",
        "fieldAliases": {_ROW: _ROW} | {column: column for column in COLUMNS},
        "geometryType": "esriGeometryPolygon",
        "hasZ": False,
        "hasM": False,
        "spatialReference": {"wkid": 4326, "latestWkid": 4326},
        "fields": [_row_field(), *(_field(content, column) for column in COLUMNS)],
    }
    # One feature a line: small enough to be read, and two packages can be compared by eye.
    opened = json.dumps(head, ensure_ascii=False).removesuffix("}")
    return {"zones.esri.json": f'{opened}, "features": [\n{rows}\n]}}\n'.encode()}


def losses(content: Content) -> tuple[Loss, ...]:
    """Days, which Esri JSON has as moments."""
    return tuple(
        Loss(f"column {column}", "a day", "that day at 00:00 UTC, in milliseconds since 1970")
        for column in sorted(DAYS)
    )


def _row_field() -> dict[str, Any]:
    return {"name": _ROW, "type": "esriFieldTypeOID", "alias": _ROW}


def _field(content: Content, column: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column, "type": _type(column), "alias": column}
    if field["type"] == "esriFieldTypeString":
        # ArcGIS makes columns so wide: at least as wide as what is in them.
        field["length"] = max([254, *(len(str(one.attributes[column])) for one in content.zones)])
    elif field["type"] == "esriFieldTypeDate":
        field["length"] = 8
    return field


def _type(column: str) -> str:
    if column in DAYS:
        return "esriFieldTypeDate"
    if column in NUMBERS:
        return "esriFieldTypeDouble"
    return "esriFieldTypeInteger" if column in WHOLE else "esriFieldTypeString"


def _feature(number: int, zone: Outgoing) -> dict[str, Any]:
    values = {column: _value(value) for column, value in zone.attributes.items()}
    shape = shapely.orient_polygons(zone.shape, exterior_cw=True)
    rings = [
        shapely.get_coordinates(ring).tolist()
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    return {"attributes": {_ROW: number} | values, "geometry": {"rings": rings}}


def _value(value: str | float | int | date | None) -> str | float | int | None:
    if isinstance(value, date):
        return round(datetime.combine(value, time(), UTC).timestamp() * 1000)
    return value
