"""Make the invented city of Harbourton: `python -m sample_data.make_city [FOLDER]`.

The same seed gives the same bytes, so the files beside this script can be checked against it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_data import deployments, events, ground, services

SEED = 20240101
STOPS, OVERDOSES = 20_000, 1_500
#: Where the city lies once gisapp is installed.
FOLDER = Path(__file__).resolve().parent / "city"


@dataclass(frozen=True, slots=True)
class CityFiles:
    """Where each file of a city is. `zones` is the plan of zones that `sample_data.plan` reads."""

    folder: Path

    @property
    def services(self) -> Path:
        return self.folder / "services.csv"

    @property
    def stops(self) -> Path:
        return self.folder / "stops.csv.gz"

    @property
    def overdoses(self) -> Path:
        return self.folder / "overdoses.csv"

    @property
    def deployments(self) -> Path:
        return self.folder / "deployments.geojson"

    @property
    def districts(self) -> Path:
        return self.folder / "districts.geojson"

    @property
    def streets(self) -> Path:
        return self.folder / "streets.geojson"

    @property
    def river(self) -> Path:
        return self.folder / "river.geojson"

    @property
    def premises(self) -> Path:
        return self.folder / "premises.geojson"

    @property
    def zones(self) -> Path:
        return self.folder / "zones_plan.json"

    @property
    def agreements(self) -> tuple[Path, ...]:
        """The three agreements, in the order of their names."""
        return tuple(sorted((self.folder / "agreements").glob("*.json")))


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    """Degrees, with rings counter-clockwise as RFC 7946 wants them."""
    moved = ground.shape_to_degrees(shape)
    return shapely.orient_polygons(moved) if shapely.get_dimensions(moved) == 2 else moved


def _geojson(features: Iterable[tuple[Mapping[str, Any], BaseGeometry]]) -> str:
    """One feature a line, so that a change shows as a change of lines."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": dict(properties), "geometry": _geometry(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, shape in features
    ]
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def _geometry(shape: BaseGeometry) -> dict[str, Any]:
    moved = _rounded(shape)
    if isinstance(moved, shapely.Polygon):
        rings = [moved.exterior, *moved.interiors]
        return {"type": "Polygon", "coordinates": [_pairs(ring) for ring in rings]}
    return {"type": "LineString", "coordinates": _pairs(moved)}


def _pairs(line: BaseGeometry) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in shapely.get_coordinates(line)]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _events_csv(id_name: str, prefix: str, made: events.Events) -> str:
    degrees = ground.to_degrees(made.xy)
    times = np.datetime_as_string(made.times, unit="m")
    header = [id_name, "date_time", *made.columns, "longitude", "latitude"]
    rows = zip(
        (f"{prefix}{number:05d}" for number in range(1, len(times) + 1)),
        (str(time).replace("T", " ") for time in times),
        *made.columns.values(),
        (f"{lon:.6f}" for lon in degrees[:, 0]),
        (f"{lat:.6f}" for lat in degrees[:, 1]),
        strict=True,
    )
    return _csv(header, rows)


def _services_csv(found: Sequence[services.Service]) -> str:
    header = [
        "name",
        "service_type",
        "address",
        "opening_hours",
        "contact",
        "longitude",
        "latitude",
    ]
    places = ground.to_degrees(np.array([service.at for service in found]))
    return _csv(
        header,
        (
            (s.name, s.kind, s.address, s.opening_hours, s.contact, f"{lon:.6f}", f"{lat:.6f}")
            for s, (lon, lat) in zip(found, places, strict=True)
        ),
    )


def _zones_plan(found: Sequence[services.Service]) -> list[dict[str, Any]]:
    """What is to be drawn: seven circles, one footprint, one drawn area."""
    papers = {paper["id"]: paper for paper in services.agreements().values()}
    plan: list[dict[str, Any]] = [
        {
            "name": name,
            "shape": "circle",
            "service": name,
            "radius": f"{services.RADIUS_M:.0f} m",
            "basis_text": papers[agreement]["radius_basis"],
            "agreement": agreement,
        }
        for agreement, names in services.CIRCLES.items()
        for name in names
    ]
    plan.append(
        {
            "name": "Harbour House",
            "shape": "footprint",
            "service": "Harbour House",
            "basis_text": "Outline of the premises in the plan signed on 12 December 2023",
            "agreement": "harbourton-harbour-house",
        }
    )
    plan.append(
        {
            "name": "Market Square",
            "shape": "polygon",
            "service": "Market Drug Checking",
            "basis_text": "Drawn at the partnership meeting of 14 November 2023",
            "agreement": "harbourton-opening-hours",
            "geometry": _geometry(shapely.Polygon(services.MARKET_SQUARE)),
        }
    )
    return plan


def _texts(seed: int) -> dict[str, str]:
    """Every text file of the city by its name in the folder."""
    plan = ground.make(np.random.default_rng(seed))
    found = services.services(plan)
    house = next(service for service in found if service.name == "Harbour House")
    stops = events.stops(np.random.default_rng(seed + 1), plan, found, STOPS)
    overdoses = events.overdoses(np.random.default_rng(seed + 2), plan, OVERDOSES)
    planned = deployments.deployments(found)
    texts = {
        "services.csv": _services_csv(found),
        "stops.csv": _events_csv("stop_id", "S", stops),
        "overdoses.csv": _events_csv("call_id", "C", overdoses),
        "streets.geojson": _geojson(
            (
                {"name": s.name, "road_class": s.road_class, "bridge": s.bridge},
                shapely.LineString(s.line),
            )
            for s in plan.streets
        ),
        "river.geojson": _geojson([({"name": "River Harrow"}, plan.river)]),
        "districts.geojson": _geojson(({"name": name}, area) for name, area in plan.districts),
        "premises.geojson": _geojson([({"name": house.name}, services.premises(house.at))]),
        "deployments.geojson": _geojson(
            (
                {
                    "name": d.name,
                    "unit": d.unit,
                    "start": d.start,
                    "end": d.end,
                    "purpose": d.purpose,
                },
                deployments.area_of(d),
            )
            for d in planned
        ),
        "zones_plan.json": _json(_zones_plan(found)),
    }
    for name, paper in services.agreements().items():
        texts[f"agreements/{name}"] = _json(paper)
    return texts


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def write(folder: Path, seed: int = SEED) -> CityFiles:
    """Write the city into a folder, which is made if it is missing; returns where its files are.

    OSError when the folder cannot be written to.
    """
    (folder / "agreements").mkdir(parents=True, exist_ok=True)
    for name, text in _texts(seed).items():
        data = text.encode()
        if name == "stops.csv":
            name, data = "stops.csv.gz", gzip.compress(data, 9, mtime=0)
        (folder / name).write_bytes(data)
    return CityFiles(folder)


def city_files() -> CityFiles:
    """The city as it was installed with gisapp."""
    return CityFiles(FOLDER)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
