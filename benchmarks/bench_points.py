"""Drawing and counting millions of points: every way of drawing, filters, recounts, memory.

    python -m benchmarks.bench_points [--large]

A made-up city (`made_up.py`) of 1 million stops, 13,560 streets and 2,000 zones at 1280 x 800,
the image 1.5 times as wide and high as the window draws it; `--large` does 10 million. Each
figure is the quickest of some runs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks import made_up
from gisapp.analysis.points import known_indexes
from gisapp.analysis.points.index import PointIndex
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gisapp.analysis.points.time_bars import RowSpan
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.headless import drawing
from gisapp.render.look import Look, Scene
from gisapp.render.scene import render_image
from gisapp.render.view import MapView


def quickest(work: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of the quickest run, which the other programs of the machine disturb least."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def say(what: str, taken: float, remark: str = "") -> None:
    print(f"| {what} | {taken:,.1f} | {remark} |", flush=True)


def stops_of(project: Project) -> Layer:
    return next(layer for layer in project.layers if layer.kind is LayerKind.STOPS)


def shown_as(project: Project, way: PointDrawing) -> Project:
    """The project with its stops drawn in a way."""
    stops = stops_of(project)
    drawn = stops.restyled(replace(stops.style, points=way))
    layers = tuple(drawn if layer is stops else layer for layer in project.layers)
    return replace(project, layers=layers)


def ways(project: Project, views: dict[str, MapView], look: Look, cache: Cache) -> None:
    alone = replace(project, layers=(stops_of(project),), zones={})
    for name, view in views.items():
        for way in PointDrawing:
            scene = Scene(shown_as(alone, way), view, look)
            render_image(scene, cache)
            say(f"stops as {way}, {name}", quickest(lambda s=scene: render_image(s, cache), 5))
        whole = Scene(project, view, look)
        render_image(whole, cache)
        say(f"all of the project, {name}", quickest(lambda s=whole: render_image(s, cache), 5))


def filters(project: Project, view: MapView, look: Look, cache: Cache) -> None:
    """One step of a time brush: the mask, and the stops and then the whole map drawn anew."""
    stops = stops_of(project)
    bars = prepared.time_bars_of(stops, cache, Progress())
    assert bars is not None
    last = len(bars.counts)
    steps = iter(range(1, 10_000))

    def brushed() -> Look:
        first = last // 4 + next(steps)
        span = RowSpan(bars, (first, first + last // 4))
        return replace(look, rows={stops.id: span})

    alone = replace(project, layers=(stops,), zones={})
    say("mask of a span of time", quickest(lambda: brushed().mask_of(stops.id)))
    for name, shown in (("stops alone", alone), ("all of the project", project)):
        render_image(Scene(shown, view, brushed()), cache)
        taken = quickest(lambda s=shown: render_image(Scene(s, view, brushed()), cache))
        say(f"a step of the time brush, {name}", taken)
    chosen = np.random.default_rng(5).random(len(stops)) < 0.5
    half = replace(look, rows={stops.id: chosen})
    any_half = Scene(alone, view, half)
    taken = quickest(lambda: render_image(any_half, cache))
    say("stops alone, half of them by any filter", taken)


def counting(stops: Layer, index: PointIndex) -> None:
    points = stops.geometry
    assert isinstance(points, Points)
    row = int(index.order[len(index) // 2])
    lon, lat = float(points.lon[row]), float(points.lat[row])
    mask = np.arange(len(stops)) % 2 == 0
    for radius in (200.0, 300.0, 1000.0):
        zone = geodesy.circle(lon, lat, radius)
        taken = quickest(lambda z=zone: index.count_inside(z), 30)
        say(f"recount one zone of {radius:.0f} m", taken, f"{index.count_inside(zone):,} inside")
        say("the same with a filter", quickest(lambda z=zone: index.count_inside(z, mask), 30))


def main() -> None:
    large = "--large" in sys.argv
    project = made_up.project(10_000_000 if large else 1_000_000)
    stops = stops_of(project)
    points = stops.geometry
    assert isinstance(points, Points)
    print(f"{len(stops):,} stops\n\n| what | ms | |\n|---|---|---|")
    start = time.perf_counter()
    index = known_indexes.index_of(points)
    memory = (index.nbytes + points.lon.nbytes + points.lat.nbytes) / len(index)
    say("sort into the index", (time.perf_counter() - start) * 1000)
    say("bytes a stop: places and index", memory)
    counting(stops, index)
    look = Look(date(2024, 6, 1), None, Audience.POLICE)
    whole = MapView.fit(stops.bounds, 1280, 800).resized(1920, 1200)
    with drawing():
        cache = Cache()
        filters(project, whole, look, cache)
        ways(project, {"the whole city": whole, "a district": whole.zoomed(8)}, look, cache)


if __name__ == "__main__":
    main()
