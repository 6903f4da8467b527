"""GPX 1.1: the edge of each zone as a closed track, for GPS units and body cameras.

GDAL writes it. Services are left out: a waypoint at one could tell where a confidential site is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.gdal import write_layer
from gisapp.io.patrol.words import in_words
from gisapp.io.xml_text import characters


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.gpx`: a track a zone, with a segment for each edge of it, those of holes too."""
    path = folder / "zones.gpx"
    names = [characters(str(zone.attributes["name"])) for zone in content.zones]
    words = [characters("\n".join(in_words(zone))) for zone in content.zones]
    write_layer(
        path,
        "GPX",
        [shapely.MultiLineString(_edges(zone.shape)) for zone in content.zones],
        {
            "name": np.array(names, dtype=object),
            "desc": np.array(words, dtype=object),
            "src": np.array([str(zone.attributes["zone_id"]) for zone in content.zones], object),
            "type": np.array(["zone"] * len(names), dtype=object),
        },
        layer="tracks",
        geometry_type="MultiLineString",
        dataset_options={"GPX_USE_EXTENSIONS": "NO"},
    )
    return {path.name: path.read_bytes()}


def losses(content: Content) -> tuple[Loss, ...]:
    return (
        Loss("outlines", "areas", "closed tracks; GPX has no areas"),
        Loss("all columns", "a column each", "lines of the description"),
    )


def _edges(shape: BaseGeometry) -> list[shapely.LineString]:
    return [
        shapely.LineString(ring.coords)
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
