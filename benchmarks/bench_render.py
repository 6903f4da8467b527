"""How long a full sharp redraw takes once caches are warm, and the preparation before it.

    python -m benchmarks.bench_render

An invented city of the size of the real ones: 115,510 stops on 16,000 places, 143 zones of
1,000 ft and 13,560 streets of 12 vertices, at 1280 x 800.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from datetime import date

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers.agreement import Agreement, Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points, Shapes, new_layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind, PartyRole
from gisapp.layers.zone import circle_zone

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gisapp.render.headless import drawing
from gisapp.render.look import Look
from gisapp.render.scene import Cache, Scene, render_image
from gisapp.render.view import MapView

WEST, SOUTH, WIDTH, HEIGHT = -84.8, 39.0, 0.55, 0.3
STOPS, PLACES, ZONES, STREETS = 115_510, 16_000, 143, 13_560


def city() -> Project:
    rng = np.random.default_rng(1)
    spots = rng.normal(0.5, 0.16, (PLACES, 2)) * [WIDTH, HEIGHT] + [WEST, SOUTH]
    chosen = spots[rng.integers(0, PLACES, STOPS)]
    table = pa.table({"id": np.arange(STOPS)})
    places = Points(chosen[:, 0].copy(), chosen[:, 1].copy())
    stops = new_layer("Stops", LayerKind.STOPS, table, places)
    pact = Agreement(
        "Pact",
        Status.AGREED,
        (Party("Police", PartyRole.POLICE, "A", date(2025, 1, 1)),),
        effective=date(2025, 1, 1),
    )
    zones = []
    for number in range(ZONES):
        lon, lat = spots[number]
        zones.append(
            circle_zone(f"Zone {number}", lon, lat, 304.8, "invented", agreement_id=pact.id)
        )
    project = Project(layers=(streets(rng), stops)).with_agreement(pact)
    return project.with_zones(zones)


def streets(rng: np.random.Generator):
    start = rng.uniform([WEST, SOUTH], [WEST + WIDTH, SOUTH + HEIGHT], (STREETS, 1, 2))
    steps = rng.normal(0, 0.0004, (STREETS, 12, 2)) + rng.normal(0, 0.0004, (STREETS, 1, 2))
    lines = shapely.linestrings(start + np.cumsum(steps, axis=1))
    classes = np.where(np.arange(STREETS) % 40 == 0, "S1200", "S1400")
    table = pa.table({"class": classes})
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), {"road_class": "class"})


def timed(scene: Scene, cache: Cache, times: int = 9) -> tuple[float, float]:
    """The first redraw and the median of the later ones, in milliseconds."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        render_image(scene, cache)
        took.append((time.perf_counter() - start) * 1000)
    return took[0], statistics.median(took[1:])


def longest_gap(scene: Scene) -> float:
    """How long the main thread was held up while a worker drew with cold caches, in ms."""
    worker = threading.Thread(target=render_image, args=(scene, Cache()))
    worker.start()
    longest, last = 0.0, time.perf_counter()
    while worker.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    worker.join()
    return longest * 1000


def main() -> None:
    project, look = city(), Look(date(2025, 6, 1), None, Audience.POLICE)
    stops = project.layers[1]
    whole = MapView.fit((WEST, SOUTH, WEST + WIDTH, SOUTH + HEIGHT), 1280, 800)
    with drawing():
        for name, view in (
            ("the whole city", whole),
            ("half of it", whole.zoomed(2)),
            ("a district", whole.zoomed(8)),
            ("a street", whole.zoomed(64)),
            ("the whole city, 2 device pixels a pixel", whole.resized(1280, 800, 2.0)),
        ):
            first, later = timed(Scene(project, view, look), Cache())
            print(f"{name}: first {first:.0f} ms, then {later:.0f} ms")
        public = Look(date(2025, 6, 1), None, Audience.PUBLIC)
        print(f"for the public: {timed(Scene(project, whole, public), Cache())[1]:.0f} ms")
        for method in ("kde", "gistar"):
            spots = Hotspots(stops.id, method, 150, 400)
            hot = Project(layers=project.layers, hotspots=(spots,))
            print(f"with {method}: {timed(Scene(hot, whole, look), Cache())[1]:.0f} ms")
        gap = longest_gap(Scene(project, whole, look))
        print(f"main thread held up by a worker with cold caches: at most {gap:.0f} ms")


if __name__ == "__main__":
    main()
