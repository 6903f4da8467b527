"""Writing the HTML map of a project the size of a real city, and how large it becomes."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from gisapp.io.html.map_file import write_html
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone

STREETS, STOPS, ZONES = 13_560, 115_510, 143


def streets(rng: np.random.Generator) -> Layer:
    starts = rng.random((STREETS, 1, 2)) * [0.3, 0.2] + [-0.3, 51.4]
    lines = shapely.linestrings(starts + np.cumsum(rng.normal(0, 4e-4, (STREETS, 5, 2)), axis=1))
    table = pa.table({"road_class": ["residential"] * STREETS})
    return new_layer(
        "Streets", LayerKind.STREETS, table, Shapes(lines), {"road_class": "road_class"}
    )


def stops(rng: np.random.Generator) -> Layer:
    place = Points(rng.normal(-0.15, 0.05, STOPS), rng.normal(51.5, 0.03, STOPS))
    return new_layer("Stops", LayerKind.STOPS, pa.table({"row": np.arange(STOPS)}), place)


def project(rng: np.random.Generator) -> Project:
    events = stops(rng)
    centres = rng.random((ZONES, 2)) * [0.3, 0.2] + [-0.3, 51.4]
    zones = [
        circle_zone(f"Zone {number}", float(lon), float(lat), 200, "settled", id=str(number))
        for number, (lon, lat) in enumerate(centres)
    ]
    hotspots = (Hotspots(events.id, "kde", 150, 400),)
    return Project("City", layers=(streets(rng), events), hotspots=hotspots).with_zones(zones)


def main() -> None:
    made = project(np.random.default_rng(1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "map.html")
        for audience in (Audience.PARTNERS, Audience.POLICE):
            start = time.perf_counter()
            write_html(
                made,
                None,
                path,
                title="A city",
                day=date(2026, 3, 24),
                audience=audience,
                generated_at=datetime(2026, 3, 20, tzinfo=UTC),
            )
            took = time.perf_counter() - start
            size = path.stat().st_size / 1e6
            print(f"{audience.label}: {took:.2f} s, {size:.2f} MB (at most 1.5)")


if __name__ == "__main__":
    main()
