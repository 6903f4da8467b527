"""How long counting and drawing from the point index take; memory of the index beside.

    python -m benchmarks.bench_counting [--large]

The points are invented: clusters as of a city, a tenth of them spread evenly. `--large` adds
10 million points.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.analysis.counting import count_events
from gisapp.analysis.points.index import PointIndex
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Party, Status
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, PartyRole
from gisapp.layers.zone import circle_zone

Floats = NDArray[np.float64]
WEST, SOUTH, WIDTH, HEIGHT = -0.5, 51.3, 0.8, 0.4


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The quickest of some runs, which the other programs of the machine disturb least."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def city(count: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(count)
    centres = rng.random((300, 2)) * [WIDTH, HEIGHT]
    which = rng.integers(0, len(centres), count)
    lon = WEST + centres[which, 0] + rng.normal(0, 0.01, count)
    lat = SOUTH + centres[which, 1] + rng.normal(0, 0.006, count)
    even = rng.random(count) < 0.1
    lon[even] = WEST + rng.random(even.sum()) * WIDTH
    lat[even] = SOUTH + rng.random(even.sum()) * HEIGHT
    return lon, lat


def stops(lon: Floats, lat: Floats) -> Layer:
    """Stops of a year, on points given in degrees."""
    seconds = np.random.default_rng(1).integers(0, 365 * 86_400, len(lon))
    when = np.datetime64("2018-01-01T00:00:00") + seconds.astype("timedelta64[s]")
    times = pa.array(when.astype("datetime64[us]")).cast(pa.timestamp("us", tz="Europe/London"))
    table = pa.table({"time": times})
    return new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat), {"time": "time"})


def zones(count: int) -> Project:
    """Circles of 100, 200 and 300 m, half of them under an agreement of half a year."""
    rng = np.random.default_rng(2)
    terms = Agreement(
        "Half a year",
        Status.AGREED,
        (Party("Police", PartyRole.POLICE, signed_on=date(2018, 1, 1)),),
        date(2018, 4, 1),
        date(2018, 9, 30),
        timezone="Europe/London",
        id="terms",
    )
    made = [
        circle_zone(
            f"Zone {k}",
            WEST + rng.random() * WIDTH,
            SOUTH + rng.random() * HEIGHT,
            100.0 * (k % 3 + 1),
            "benchmark",
            id=str(k),
            agreement_id="terms" if k % 2 else None,
        )
        for k in range(count)
    ]
    return Project(timezone="Europe/London").with_zones(made).with_agreement(terms)


def say(what: str, points: int, taken: float, remark: str = "") -> None:
    print(f"| {what} | {points:,} | {taken:,.1f} | {remark} |")


def counting(project: Project, lon: Floats, lat: Floats) -> None:
    layer, count = stops(lon, lat), len(lon)
    index = PointIndex.build(lon, lat)
    inside = count_events(project, layer, index=index).inside
    remark = f"{inside:,} inside, at their own times"
    taken = milliseconds(lambda: count_events(project, layer, index=index))
    say(f"count in {len(project.zones):,} zones, index there", count, taken, remark)
    taken = milliseconds(lambda: count_events(project, layer))
    say(f"count in {len(project.zones):,} zones, index built within", count, taken)
    taken = milliseconds(lambda: count_events(project, layer, index=index, ring_m=200.0))
    say(f"count in {len(project.zones):,} zones and rings of 200 m", count, taken)
    if count <= 1_000_000:
        shapes = [zone.shape for zone in project.zones.values()]

        def by_tree() -> None:
            shapely.STRtree(shapely.points(lon, lat)).query(shapes, predicate="intersects")

        taken = milliseconds(by_tree, 1)
        say("the same by STRtree, tree built within, dates not judged", count, taken)
        tree = shapely.STRtree(shapely.points(lon, lat))
        tree.query(shapes, predicate="intersects")
        taken = milliseconds(lambda: tree.query(shapes, predicate="intersects"))
        say("the same by STRtree, tree there, dates not judged", count, taken)


def index_itself(lon: Floats, lat: Floats) -> None:
    count = len(lon)
    index = PointIndex.build(lon, lat)
    taken = milliseconds(lambda: PointIndex.build(lon, lat), 3)
    say("build the index", count, taken, f"{index.nbytes / 2**20:,.1f} MB")
    whole = (WEST - 0.05, SOUTH - 0.03, WEST + WIDTH + 0.05, SOUTH + HEIGHT + 0.03)
    say(
        "raster 1280 × 800, all in view",
        count,
        milliseconds(lambda: index.binned(whole, 1280, 800)),
    )
    mask = np.arange(count) % 2 == 0
    taken = milliseconds(lambda: index.binned(whole, 1280, 800, mask))
    say("the same, half of the rows filtered", count, taken)
    part = (WEST + 0.3, SOUTH + 0.15, WEST + 0.4, SOUTH + 0.2)
    taken = milliseconds(lambda: index.binned(part, 1280, 800))
    say("raster 1280 × 800, a part", count, taken, f"{len(index.rows_in(part)):,} in view")
    disc = geodesy.circle(WEST + 0.35, SOUTH + 0.2, 200.0)
    say("recount one zone of 200 m", count, milliseconds(lambda: index.count_inside(disc)))
    area = geodesy.circle(WEST + 0.4, SOUTH + 0.2, 10_000.0)
    found = index.count_inside(area)
    taken = milliseconds(lambda: index.count_inside(area))
    say("count in an area of 10 km radius", count, taken, f"{found:,} inside")


def main() -> None:
    sizes = [115_510, 1_000_000]
    if "--large" in sys.argv:
        sizes.append(10_000_000)
    project = zones(2000)
    print("| what | points | ms | |\n|---|---|---|---|")
    for size in sizes:
        lon, lat = city(size)
        index_itself(lon, lat)
        counting(project, lon, lat)


if __name__ == "__main__":
    main()
