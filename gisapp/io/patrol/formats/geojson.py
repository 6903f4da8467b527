"""GeoJSON after RFC 7946."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.layer import Bounds


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.geojson`."""
    return {"zones.geojson": geojson(content.zones).encode()}


def losses(content: Content) -> tuple[Loss, ...]:
    """Areas with more corners or rings than Amazon Location Service takes.

    Nothing is left out of the file: this is said where zones go to that service.
    """
    found = []
    for zone in content.zones:
        parts = shapely.get_parts(zone.shape)
        corners = max(int(count) for count in shapely.get_num_coordinates(parts))
        rings = max(1 + len(part.interiors) for part in parts)
        for held, most, kind in ((corners, 1000, "corners"), (rings, 250, "rings")):
            if held > most:
                taken = f"all in the file; Amazon Location takes {most:,} of an area at most"
                name = str(zone.attributes["name"])
                found.append(Loss(name, f"{held:,} {kind} in an area", taken))
    return tuple(found)


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
        "properties": {key: plain(value) for key, value in zone.attributes.items()},
    }


def _rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    rings = [polygon.exterior, *polygon.interiors]
    return [shapely.get_coordinates(ring).tolist() for ring in rings]


def plain(value: str | float | int | date | None) -> str | float | int | None:
    """A value as JSON has it: days as 2026-03-31."""
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
