"""Time and memory of saving and opening projects: `python benchmarks/bench_project_file.py`.

Wanted on 2 cores: 115,510 rows of 15 columns saved in 1.5 s and opened in 0.5 s.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from gisapp.io.project import project_file, recovery
from gisapp.layers import edits
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone


def stops(rows: int, texts: int) -> Layer:
    """Points with as many columns of text, and four of other types."""
    rng = np.random.default_rng(1)
    words = np.array([*(f"Some value {number}" for number in range(40)), None], dtype=object)
    columns = {f"text {n}": pa.array(words[rng.integers(0, 41, rows)]) for n in range(texts)}
    seconds = pa.array(rng.integers(1_500_000_000, 1_600_000_000, rows) * 1_000_000)
    columns["found"] = pa.array(rng.random(rows) > 0.5)
    columns["age"] = pa.array(rng.integers(0, 99, rows))
    columns["score"] = pa.array(rng.random(rows))
    columns["time"] = seconds.cast(pa.timestamp("us")).cast(pa.timestamp("us", "Europe/London"))
    places = Points(rng.random(rows) / 2 - 0.4, 51.3 + rng.random(rows) / 3)
    return new_layer("Stops", LayerKind.STOPS, pa.table(columns), places, {"time": "time"})


def timed(what: str, work: Callable[[], object]) -> object:
    start = time.perf_counter()
    result = work()
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what:<42}{taken * 1000:9,.0f} ms   peak {peak:6,.0f} MB")
    return result


def measure(name: str, project: Project, folder: Path) -> None:
    path = folder / f"{name}.gpkg"
    print(name)
    timed("save a new file", lambda: project_file.save(project, path))
    print(f"  {path.stat().st_size / 1e6:,.1f} MB")
    zone = next(iter(project.zones.values()))
    moved = edits.rename_zone(zone.id, "Moved").apply(project)
    timed("save after a change of one zone", lambda: project_file.save(moved, path, project))
    timed("open, the first time", lambda: project_file.load(path))
    timed("open, again", lambda: project_file.load(path))
    copy = recovery.recovery_path(path, folder)
    changed = edits.rename_zone(zone.id, "Changed").apply(moved)
    timed(
        "first recovery copy",
        lambda: recovery.write(changed, copy, saved=moved, saved_path=path),
    )
    again = edits.rename_zone(zone.id, "Changed again").apply(changed)
    timed("next recovery copy", lambda: recovery.write(again, copy, last=changed))


def main() -> None:
    rng = np.random.default_rng(2)
    places = zip(rng.random(2000) / 2 - 0.4, 51.3 + rng.random(2000) / 3, strict=True)
    zones = [circle_zone(f"Zone {n}", lon, lat, 200, "x") for n, (lon, lat) in enumerate(places)]
    with tempfile.TemporaryDirectory() as name:
        for rows, texts in ((115_510, 11), (1_000_000, 2)):
            project = Project(layers=(stops(rows, texts),)).with_zones(zones)
            measure(f"{rows:,} stops, {texts + 4} columns, 2,000 zones", project, Path(name))


if __name__ == "__main__":
    main()
