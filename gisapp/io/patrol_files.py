"""The files of a patrol package: the same zones as GeoJSON, GeoPackage and CSV, and a README."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import textwrap
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.errors import ExportError
from gisapp.io.patrol_zones import COLUMNS, DECIMALS, Outgoing, clean
from gisapp.io.safe_files import safe_cell
from gisapp.layers.agreement import day_in_words
from gisapp.layers.layer import Bounds
from gisapp.layers.project import Project

# GeoJSON


def geojson(zones: Sequence[Outgoing]) -> str:
    """A FeatureCollection after RFC 7946: longitude first, no `crs`, a `bbox` throughout."""
    features = ",\n".join(json.dumps(_feature(zone), ensure_ascii=False) for zone in zones)
    box = json.dumps(bbox([zone.shape for zone in zones]))
    # One feature a line: small enough to be read, and two packages can be compared by eye.
    return f'{{"type": "FeatureCollection", "bbox": {box}, "features": [\n{features}\n]}}\n'


def _feature(zone: Outgoing) -> dict[str, Any]:
    polygons = [_rings(part) for part in shapely.get_parts(zone.shape)]
    several = isinstance(zone.shape, shapely.MultiPolygon)
    return {
        "type": "Feature",
        "id": zone.attributes["zone_id"],
        "bbox": bbox([zone.shape]),
        "geometry": {
            "type": "MultiPolygon" if several else "Polygon",
            "coordinates": polygons if several else polygons[0],
        },
        "properties": {key: _plain(value) for key, value in zone.attributes.items()},
    }


def _rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    rings = [polygon.exterior, *polygon.interiors]
    return [shapely.get_coordinates(ring).tolist() for ring in rings]


def _plain(value: str | float | int | date | None) -> str | float | int | None:
    return value.isoformat() if isinstance(value, date) else value


def bbox(shapes: Sequence[BaseGeometry]) -> Bounds:
    """West, south, east, north of areas; west is more than east across the antimeridian.

    Of all boxes that hold the areas this is the narrowest (RFC 7946, section 5.2).
    """
    bounds = shapely.bounds(shapely.get_parts(np.array(shapes, dtype=object)))
    spans = bounds[np.argsort(bounds[:, 0])]
    reach = np.maximum.accumulate(spans[:, 2])
    # Empty spans between areas, and the one across the antimeridian from the last to the first.
    gaps = spans[1:, 0] - reach[:-1]
    round_the_back = spans[0, 0] + 360 - reach[-1]
    south, north = float(bounds[:, 1].min()), float(bounds[:, 3].max())
    if not len(gaps) or gaps.max() <= round_the_back:
        return float(spans[0, 0]), south, float(reach[-1]), north
    widest = int(gaps.argmax())
    return float(spans[widest + 1, 0]), south, float(reach[widest]), north


# CSV


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
    return safe_cell(value) if isinstance(value, str) else _plain(value)


# GeoPackage


def write_geopackage(zones: Sequence[Outgoing], path: Path, exported_at: datetime) -> None:
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
            at = exported_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            connection.execute("UPDATE gpkg_contents SET last_change = ?", (at,))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise ExportError(
            "The GeoPackage of this package could not be written.",
            "Make room on the disk of the temporary folder, and try again.",
        ) from error


def _multipolygon(shape: BaseGeometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(list(shapely.get_parts(shape)))


def _column(zones: Sequence[Outgoing], column: str) -> np.ndarray[Any, Any]:
    values = [zone.attributes[column] for zone in zones]
    if column in ("valid_from", "valid_to"):
        return np.array(values, dtype="datetime64[D]")
    if column in ("radius_m", "area_m2"):
        return np.array(values, dtype=np.float64)
    if column == "version":
        return np.array(values, dtype=np.int32)
    return np.array(values, dtype=object)


# README


def readme(project: Project, zones: Sequence[Outgoing], day: date, exported_at: datetime) -> str:
    """What the package is, for whoever loads it into a system, with each zone in words."""
    parts = [
        f"ZONES IN FORCE ON {day_in_words(day).upper()}",
        "",
        f"Project: {clean(project.title)}",
        f"Day: {day.isoformat()} ({project.timezone})",
        f"Exported: {exported_at:%Y-%m-%d %H:%M:%S} UTC",
        f"Zones: {len(zones):,}",
        "",
        _INTRODUCTION,
        "COLUMNS",
        "",
        *(f"  {column:<16}  {meaning}" for column, meaning in COLUMNS.items()),
        "  srid, wkt         in zones.csv: 4326, and the outline as well-known text",
        "",
        "ZONES",
        "",
    ]
    for zone in zones:
        parts += [*_in_words(zone), ""]
    return "\n".join(parts)


_INTRODUCTION = """\
In these zones officers do not do certain things, as police and partners have agreed. This
package tells where, from when to when, at what hours and with what exceptions.

It is NOT a 9-1-1 routing boundary: never load it as a service boundary that decides which
agency gets a call. It is no record of any person or incident, and holds none.

It holds what was in force on the day above. Replace it when a newer package comes, and do not
use a zone after its last day.

FILES

  zones.geojson   GeoJSON after RFC 7946
  zones.gpkg      GeoPackage 1.3, table "zones"
  zones.csv       UTF-8, outlines as well-known text; text that a spreadsheet would take
                  for a formula has an apostrophe in front
  manifest.json   the list of zones, and the SHA-256 of each file: where one differs, the
                  file was changed after it was exported

Coordinates are longitude and latitude in degrees on WGS 84 (EPSG:4326), longitude first, to 7
decimals (1 cm). Areas across the 180th meridian are cut there. A circle is drawn with many
corners; radius_m is the exact one.

A zone holds from the start of its first day to the end of its last day, at its hours, in its own
time zone. Where hours end at or before they start, as in Fr-Sa 19:00-07:00, they end on the next
day. hours_code is written as OpenStreetMap writes opening_hours; where it says unknown, read hours.

The scene of an event holds from starts_at until before ends_at, and at no other time. A zone may
have terms of its own: its row holds what is meant there.

This is version 2 of the package. Version 1 had fewer columns; those that it had mean the same.
"""


def _in_words(zone: Outgoing) -> list[str]:
    value = zone.attributes
    end = value["valid_to"]
    until = f" to {day_in_words(end)}" if isinstance(end, date) else ", with no end set"
    start = value["valid_from"]
    since = day_in_words(start) if isinstance(start, date) else ""
    lines = [
        f"{value['name']}  ({value['zone_id']})",
        f"  Agreement: {value['agreement']}, version {value['version']}",
        f"  Signed by: {value['parties']}",
        f"  In force: {since}{until} ({value['timezone']})",
        f"  Hours: {value['hours']}",
        f"  Not done here: {value['suspended_words'] or 'see the agreement'}",
    ]
    further = {
        "From": "starts_at",
        "Until": "ends_at",
        "For whom": "persons",
        "On the way to and from": "covers_transit",
        "Offences": "offences",
        "Counts as personal": "thresholds",
        "Does not bind in case of": "exceptions",
        "Units bound": "units_bound",
        "Units not bound": "units_not_bound",
        "What was taken all the same": "if_seized",
        "Recorded instead": "recording",
        "Call to refer people": "referral_contact",
        "Outline": "basis_text",
    }
    lines += [f"  {label}: {value[key]}" for label, key in further.items() if value[key]]
    return [part for line in lines for part in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    """A line of the README cut where it can be read."""
    return textwrap.wrap(
        line, 96, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
