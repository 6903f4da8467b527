"""CSV in UTF-8 with the outlines as well-known text, and their `srid`, which a CSV cannot say."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import shapely

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.formats.geojson import plain
from gisapp.io.patrol.zones import COLUMNS, DECIMALS, Outgoing
from gisapp.io.safe_files import safe_cell


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.csv`."""
    return {"zones.csv": csv_text(content.zones).encode()}


def csv_text(zones: Sequence[Outgoing]) -> str:
    """Rows with the outline as WKT and its `srid`; no cell starts a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, "srid", "wkt"])
    for zone in zones:
        cells = [_cell(zone.attributes[column]) for column in COLUMNS]
        wkt = shapely.to_wkt(zone.shape, rounding_precision=DECIMALS, trim=True)
        writer.writerow([*cells, 4326, wkt])
    return text.getvalue()


def _cell(value: str | float | int | date | None) -> str | float | int | None:
    return safe_cell(value) if isinstance(value, str) else plain(value)
