"""The jobs of `bench_peers` done by gisapp: `python -m benchmarks.peer_gisapp FOLDER`.

Prints one JSON object of seconds a job, by the names that `peer_qgis` uses.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from PySide6.QtCore import QSettings

from benchmarks.bench_pan import frames, settle
from gisapp import journeys
from gisapp.analysis.counting import count_events
from gisapp.analysis.points.index import PointIndex
from gisapp.io.project import project_file
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.look import Look, Scene
from gisapp.render.scene import render_image
from gisapp.render.view import MapView
from gisapp.ui import app as program
from gisapp.ui.settings import Settings

WIDTH, HEIGHT = 1280, 800
LOOK = Look(day=date(2024, 6, 1), time=None, audience=Audience.POLICE)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def view_of(folder: Path) -> MapView:
    west, south, east, north = json.loads((folder / "extent.json").read_text())
    resolution = max((east - west) / WIDTH, (north - south) / HEIGHT)
    return MapView((west + east) / 2, (south + north) / 2, resolution, WIDTH, HEIGHT)


def pan(application: program.QApplication, project: Project) -> float:
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        store = QSettings(f"{home}/bench.ini", QSettings.Format.IniFormat)
        window = program.make_window(application, None, Settings(store))
        window.resize(WIDTH, HEIGHT)
        window.show()
        window.session.open(program.Document(project))
        settle(application, window.canvas)
        took = frames(window.canvas)
        settle(application, window.canvas)
        window.close()
    return statistics.median(took) / 1000


def three_months(layer: Layer) -> np.ndarray:
    times = layer.table["stopped_at"]
    first, last = (pa.scalar(datetime(2021, month, 1, tzinfo=UTC), times.type) for month in (3, 6))
    inside = pc.and_(pc.greater_equal(times, first), pc.less(times, last))
    return np.asarray(inside.to_numpy(), dtype=bool)


def main() -> None:
    folder = Path(sys.argv[1])
    application = program.make_application(["gisapp"])
    view, cache = view_of(folder), Cache()
    found: dict[str, float] = {}
    opened: list[Project] = []

    def first_picture() -> None:
        opened.append(project_file.load(folder / "project.gpkg"))
        render_image(Scene(opened[0], view, LOOK), cache)

    found["open and draw"] = timed(first_picture)
    project = opened[0]
    stops = project.layers_of(LayerKind.STOPS)[0]
    near = view.zoomed(1.04)
    redraws = [timed(lambda: render_image(Scene(project, near, LOOK), cache)) for _ in range(3)]
    found["redraw"] = statistics.median(redraws)
    found["pan frame"] = pan(application, project)

    def brush() -> None:
        look = replace(LOOK, rows={stops.id: three_months(stops)})
        render_image(Scene(project, view, look), cache)

    found["limit to three months and redraw"] = timed(brush)
    index = prepared.index_of(stops.geometry, cache, Progress())
    points = stops.geometry
    found["make an index of the stops"] = timed(lambda: PointIndex.build(points.lon, points.lat))
    found["count in zones"] = timed(lambda: count_events(project, stops, index=index))
    zone = next(iter(project.zones.values()))
    moved = edits.rename_zone(zone.id, "Moved").apply(project)
    path = folder / "project.gpkg"
    found["save a zone that was moved"] = timed(lambda: project_file.save(moved, path, project))
    csv = folder / "stops.csv"

    def read() -> None:
        work = journeys.import_task([csv], LayerKind.STOPS).work
        layer = work(Progress()).layer
        render_image(Scene(Project(layers=(layer,)), view, LOOK), cache)

    found["read a CSV and draw"] = timed(read)
    found["most memory (MB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
