"""Time and memory of imports: `python -m benchmarks.bench_import`.

Targets: nine months of London stops (115,510 rows) in at most 3 s, 13,560 streets in at most 1 s;
a million rows in 2 s and ten million in 15 s, until they are indexed and drawn. Each case runs in a
process of its own. What the window loads behind its first frame is there, as for everybody who
opens a file some seconds after the start; with `cold` as argument it is not.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.real_data import DATA
from gisapp.io.reading.importing import probe, propose, read_layer
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.headless import drawing
from gisapp.render.look import Look
from gisapp.render.scene import Cache, Scene, render_image
from gisapp.render.view import MapView
from gisapp.ui.warmth import Warmth

ROWS = (1_000_000, 10_000_000)


def many(folder: Path, rows: int) -> Path:
    """A table of made-up stops: a number, a time, a place and six columns of words."""
    chance = np.random.default_rng(7)
    seconds = chance.integers(0, 5 * 365 * 86_400, rows).astype("timedelta64[s]")

    def words(what: str, count: int) -> pa.Array:
        numbers = pa.array(chance.integers(0, count, rows, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(
            numbers, pa.array([f"{what} {number}" for number in range(count)])
        ).cast(pa.string())

    table = pa.table(
        {
            "id": np.arange(rows),
            "time": pa.array(np.datetime64("2018-01-01T00:00:00") + seconds).cast(pa.string()),
            "lat": np.round(chance.normal(51.5, 0.1, rows), 6),
            "lon": np.round(chance.normal(-0.1, 0.1, rows), 6),
            "type": words("Person search", 3),
            "gender": words("Gender", 3),
            "age range": words("Age", 6),
            "ethnicity": words("Self-defined ethnicity", 18),
            "object of search": words("Controlled drugs", 12),
            "outcome": words("No further action disposal", 9),
        }
    )
    path = folder / f"{rows}.csv"
    pacsv.write_csv(table, path)
    return path


def import_once(path: Path, kind: LayerKind) -> tuple[int, list[float]]:
    """Rows added, and seconds to probe, to propose, to read, and to index and draw."""
    moments = [time.perf_counter()]
    source = probe([path])
    moments.append(time.perf_counter())
    plan = propose(source, kind)
    moments.append(time.perf_counter())
    layer = read_layer(source, plan).layer
    moments.append(time.perf_counter())
    draw(layer)
    moments.append(time.perf_counter())
    return len(layer), np.diff(moments).tolist()


def draw(layer: Layer) -> None:
    look = Look(day=date(2026, 6, 1), time=None, audience=Audience.POLICE)
    view = MapView.fit(layer.bounds, 1280, 800)
    with drawing():
        render_image(Scene(Project(layers=(layer,)), view, look), Cache())


def warm() -> None:
    """Load what the window loads behind its first frame."""
    warmth = Warmth()
    warmth.begin()
    warmth.go_on()
    while warmth.busy:
        time.sleep(0.05)


def measure(name: str, path: Path, kind: LayerKind, cold: bool) -> None:
    with drawing():
        if not cold:
            warm()
        begun = time.process_time()
        _, first = import_once(path, kind)
        between = time.process_time()
        rows, again = import_once(path, kind)
        spent = between - begun, time.process_time() - between
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    probing, proposing, reading, drawing_it = again
    print(
        f"{name:28} {rows:>10,} rows  first {sum(first):5.2f} s  again {sum(again):5.2f} s "
        f"(probe {probing:.2f}, propose {proposing:.2f}, read {reading:.2f}, "
        f"picture {drawing_it:.2f}), processor {spent[0]:.2f} and {spent[1]:.2f} s  "
        f"peak {peak:,.0f} MB, file {path.stat().st_size / 1e6:,.0f} MB"
        if path.is_file()
        else f"{name:28} {rows:>10,} rows  first {sum(first):5.2f} s  again {sum(again):5.2f} s  "
        f"peak {peak:,.0f} MB"
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
            *(
                (f"{rows:,} stops, CSV", partial(many, Path(folder), rows), LayerKind.STOPS)
                for rows in ROWS
            ),
        ]
        for name, make, kind in cases:
            path = make()
            if not path.exists():
                print(f"{name:28} not measured: {path.name} is not there", file=sys.stderr)
                continue
            process = multiprocessing.get_context("spawn").Process(
                target=measure, args=(name, path, kind, "cold" in sys.argv)
            )
            process.start()
            process.join()


if __name__ == "__main__":
    main()
