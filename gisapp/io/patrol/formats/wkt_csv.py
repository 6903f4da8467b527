"""CSV in UTF-8 with the outlines as well-known text and their `srid`, and what a CSV cannot say.

Beside it lie the types of its columns (`.csvt`) and its reference system (`.prj`, as ESRI's WKT),
where GDAL, QGIS and ArcGIS look for them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import shapely

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.geojson import plain
from gisapp.io.patrol.zones import COLUMNS, DAYS, DECIMALS, NUMBERS, WHOLE, Outgoing
from gisapp.io.safe_files import safe_cell

_HEAD = (*COLUMNS, "srid", "wkt")
_WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.csv` with `zones.csvt` and `zones.prj`."""
    return {
        "zones.csv": csv_text(content.zones).encode(),
        "zones.csvt": (",".join(f'"{_type(column)}"' for column in _HEAD) + "\n").encode(),
        "zones.prj": _WGS84.encode(),
    }


def losses(content: Content) -> tuple[Loss, ...]:
    """Texts that a spreadsheet would take for a formula."""
    return tuple(
        Loss(f"{column} of “{zone.attributes['name']}”", value, safe_cell(value))
        for zone in content.zones
        for column, value in zone.attributes.items()
        if isinstance(value, str) and safe_cell(value) != value
    )


def _type(column: str) -> str:
    if column in DAYS:
        return "Date"
    if column in NUMBERS:
        return "Real"
    if column in WHOLE or column == "srid":
        return "Integer"
    return "WKT" if column == "wkt" else "String"


def csv_text(zones: Sequence[Outgoing]) -> str:
    """Rows with the outline as WKT and its `srid`; no cell starts a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for zone in zones:
        cells = [_cell(zone.attributes[column]) for column in COLUMNS]
        wkt = shapely.to_wkt(zone.shape, rounding_precision=DECIMALS, trim=True)
        writer.writerow([*cells, 4326, wkt])
    return text.getvalue()


def _cell(value: str | float | int | date | None) -> str | float | int | None:
    return safe_cell(value) if isinstance(value, str) else plain(value)
