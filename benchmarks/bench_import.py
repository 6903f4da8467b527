"""Time and memory of imports: `python -m benchmarks.bench_import`.

Targets: nine months of London stops (115,510 rows) in at most 3 s, a million rows in about 2 s,
13,560 streets in at most 1 s. Each case runs in a process of its own, libraries loaded once before.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gisapp.io.importing import probe, propose, read_layer
from gisapp.layers.vocabulary import LayerKind

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ROWS = 1_000_000


def million(folder: Path) -> Path:
    """A table of a million stops, each time and place its own."""
    chance = np.random.default_rng(7)
    start = np.datetime64("2018-01-01T00:00:00")
    times = start + np.arange(ROWS).astype("timedelta64[s]") * 31
    lat, lon = chance.normal(51.5, 0.1, ROWS), chance.normal(-0.1, 0.1, ROWS)
    groups = chance.choice(["White", "Black", "Asian", "Other"], ROWS)
    path = folder / "million.csv"
    with path.open("w") as file:
        file.write("id,date,lat,lon,race,object\n")
        for i in range(ROWS):
            file.write(f"{i},{times[i]},{lat[i]:.6f},{lon[i]:.6f},{groups[i]},Controlled drugs\n")
    return path


def import_once(path: Path, kind: LayerKind) -> tuple[int, float, float, float]:
    """Rows added, and seconds to probe, to propose and to read."""
    moments = [time.perf_counter()]
    source = probe([path])
    moments.append(time.perf_counter())
    plan = propose(source, kind)
    moments.append(time.perf_counter())
    added = read_layer(source, plan).report.added
    moments.append(time.perf_counter())
    probing, proposing, reading = np.diff(moments)
    return added, float(probing), float(proposing), float(reading)


def measure(name: str, path: Path, kind: LayerKind) -> None:
    first = import_once(path, kind)
    second = import_once(path, kind)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:28} {second[0]:>9,} rows  first {sum(first[1:]):5.2f} s  "
        f"again {sum(second[1:]):5.2f} s (probe {second[1]:.2f}, propose {second[2]:.2f}, "
        f"read {second[3]:.2f})  peak {peak:,.0f} MB"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cases: list[tuple[str, Callable[[], Path], LayerKind]] = [
            ("London stops, 9 files", lambda: DATA / "london/met_stop_and_search", LayerKind.STOPS),
            ("Streets, shapefile", lambda: DATA / "cincinnati/roads_tiger2014", LayerKind.STREETS),
            (
                "Boroughs, GeoJSON",
                lambda: DATA / "london/boroughs_lnd.geojson",
                LayerKind.BOUNDARIES,
            ),
            ("A million stops, CSV", lambda: million(Path(folder)), LayerKind.STOPS),
        ]
        for name, make, kind in cases:
            path = make()
            if not path.exists():
                print(f"{name:28} not measured: {path.name} is not there", file=sys.stderr)
                continue
            process = multiprocessing.get_context("spawn").Process(
                target=measure, args=(name, path, kind)
            )
            process.start()
            process.join()


if __name__ == "__main__":
    main()
