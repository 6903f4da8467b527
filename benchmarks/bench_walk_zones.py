"""How long walks along the streets take: a real county's roads if they are there, and a made grid.

    python -m benchmarks.bench_walk_zones [FOLDER]

FOLDER holds `roads_tiger2014` and `naloxone_distribution_sites.csv` of Cincinnati.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import shapely

from benchmarks.real_data import DATA
from gisapp import journeys
from gisapp.analysis.streets.network import street_network
from gisapp.analysis.streets.walk_zones import walk_zones
from gisapp.layers import geodesy, reach
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

R = TypeVar("R")
_CITY = DATA / "cincinnati"


def timed(what: str, work: Callable[[], R]) -> R:
    start = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - start:.2f} s")
    return result


def made_city(blocks: int = 150, sites: int = 143) -> tuple[Layer, Layer]:
    """A grid of streets every 100 m, and services spread over it."""
    east, north = geodesy.degrees_of(100, 47.0)
    steps = np.arange(blocks + 1)
    lon, lat = 8.0 + steps * east, 47.0 + steps * north
    along = [shapely.LineString(np.column_stack([lon, np.full_like(lon, y)])) for y in lat]
    up = [shapely.LineString(np.column_stack([np.full_like(lat, x), lat])) for x in lon]
    lines = np.array(along + up, dtype=object)
    names = pa.table({"name": [f"Street {number}" for number in range(len(lines))]})
    streets = new_layer("Streets", LayerKind.STREETS, names, Shapes(lines), {"name": "name"})
    random = np.random.default_rng(4)
    places = Points(random.uniform(lon[5], lon[-5], sites), random.uniform(lat[5], lat[-5], sites))
    table = pa.table({"name": [f"Site {number}" for number in range(sites)]})
    return streets, new_layer("Sites", LayerKind.SERVICES, table, places, {"name": "name"})


def real_city(folder: Path) -> tuple[Layer, Layer]:
    def read(path: Path, kind: LayerKind) -> Layer:
        return journeys.import_task([path], kind).work(Progress()).layer

    roads = folder / "roads_tiger2014" / "tl_2014_39061_roads.shp"
    sites = folder / "naloxone_distribution_sites.csv"
    return read(roads, LayerKind.STREETS), read(sites, LayerKind.SERVICES)


def measure(what: str, streets: Layer, sites: Layer) -> None:
    network = timed(f"{what}: network of {len(streets):,} streets", lambda: street_network(streets))
    for minutes in (5, 10):
        walk = reach.walk(f"{minutes} min")
        for width, shape in ((30.0, "streets 30 m wide"), (None, "hulls")):
            timed(
                f"{what}: {len(sites)} walks of {minutes} minutes, {shape}",
                lambda walk=walk, width=width: walk_zones(
                    sites, network, walk, "a measurement", width_m=width
                ),
            )


if __name__ == "__main__":
    measure("grid", *made_city())
    city = Path(sys.argv[1]) if len(sys.argv) > 1 else _CITY
    if city.is_dir():
        measure("Cincinnati", *real_city(city))
