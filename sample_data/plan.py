"""The zones of the invented city, as its partners settled on them."""

from __future__ import annotations

import csv
import json
from typing import Any

import shapely
from shapely.geometry import shape as to_shape

from gisapp.layers.geodesy import parse_length
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone, circle_zone
from sample_data.make_city import CityFiles


def planned_zones(files: CityFiles) -> tuple[Zone, ...]:
    """Seven circles, one footprint and one drawn area, in the order of the plan.

    Each names its agreement by the id in the agreement's file; circles are metres on the ground.
    """
    plan = json.loads(files.zones.read_text("utf-8"))
    with files.services.open(encoding="utf-8", newline="") as rows:
        places = {
            row["name"]: (float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(rows)
        }
    return tuple(_zone(number, entry, places, files) for number, entry in enumerate(plan, 1))


def _zone(
    number: int, entry: dict[str, Any], places: dict[str, tuple[float, float]], files: CityFiles
) -> Zone:
    common = {
        "service": entry["service"],
        "agreement_id": entry["agreement"],
        "id": f"harbourton-zone-{number}",
    }
    if entry["shape"] == "circle":
        lon, lat = places[entry["service"]]
        return circle_zone(
            entry["name"],
            lon,
            lat,
            parse_length(entry["radius"]),
            entry["basis_text"],
            radius_text=entry["radius"],
            **common,
        )
    footprint = entry["shape"] == "footprint"
    outline = _premises(files, entry["service"]) if footprint else to_shape(entry["geometry"])
    basis = Basis.FOOTPRINT if footprint else Basis.POLYGON
    return Zone(entry["name"], outline, basis, entry["basis_text"], **common)


def _premises(files: CityFiles, service: str) -> shapely.Polygon:
    features = json.loads(files.premises.read_text("utf-8"))["features"]
    outline = next(f["geometry"] for f in features if f["properties"]["name"] == service)
    return shapely.Polygon(outline["coordinates"][0])
