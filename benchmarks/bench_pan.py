"""How long one frame takes while the map is dragged, and a sharp image after it.

    python -m benchmarks.bench_pan

The map holds as much as London's: 115,510 stops, 143 zones and 13,560 streets, made at random
with a fixed seed. A frame is what the window does for one movement of the mouse.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyarrow as pa
import shapely
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest

from gisapp.layers import geodesy
from gisapp.layers.layer import Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone
from gisapp.ui import app as program
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.settings import Settings

LIMIT_MS = 33.0
STOPS, ZONES, STREETS = 115_510, 143, 13_560


def project() -> Project:
    """A made city of the size of London's data."""
    random = np.random.default_rng(1)
    lon, lat = random.normal(-0.1, 0.08, STOPS), random.normal(51.5, 0.05, STOPS)
    stops = new_layer("Stops", LayerKind.STOPS, pa.table({"n": np.arange(STOPS)}), Points(lon, lat))
    start = np.column_stack(
        [random.normal(-0.1, 0.08, STREETS), random.normal(51.5, 0.05, STREETS)]
    )
    steps = random.normal(0, 0.0008, (STREETS, 6, 2)).cumsum(axis=1)
    lines = shapely.linestrings(start[:, None, :] + steps)
    streets = new_layer(
        "Streets",
        LayerKind.STREETS,
        pa.table({"n": np.arange(STREETS)}),
        Shapes(np.asarray(lines, dtype=object)),
    )
    zones = [
        circle_zone(f"Zone {n}", float(lon[n]), float(lat[n]), geodesy.parse_length("200m"), "made")
        for n in range(ZONES)
    ]
    return Project(layers=(streets, stops), zones={zone.id: zone for zone in zones})


def frames(canvas: MapCanvas, count: int = 120) -> list[float]:
    """Milliseconds of each frame of one drag."""
    took = []
    at = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    for step in range(count):
        begun = time.perf_counter()
        QTest.mouseMove(canvas, at + QPoint(step * 3 - 60, step % 40))
        canvas.repaint()
        took.append((time.perf_counter() - begun) * 1000)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at)
    return took


def main() -> int:
    application = program.make_application(["gisapp"])
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        store = QSettings(f"{home}/bench.ini", QSettings.Format.IniFormat)
        window = program.make_window(application, None, Settings(store))
        window.resize(1280, 800)
        window.show()
        window.session.open(program.Document(project()))
        canvas = window.canvas
        settle(application, canvas)
        took = sorted(frames(canvas))
        begun = time.perf_counter()
        settle(application, canvas)
        sharp = (time.perf_counter() - begun) * 1000
        window.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worst = took[int(len(took) * 0.95)]
    print(
        f"drag frame: median {statistics.median(took):.1f} ms, 95 % within {worst:.1f} ms, longest "
        f"{took[-1]:.1f} ms (limit {LIMIT_MS:.0f} ms); sharp again after {sharp:.0f} ms; "
        f"memory {memory:.0f} MB"
    )
    return 0 if worst <= LIMIT_MS else 1


def settle(application: program.QApplication, canvas: MapCanvas) -> None:
    """Let the window come to rest."""
    until = time.perf_counter() + 20
    application.processEvents()
    while canvas.busy and time.perf_counter() < until:
        application.processEvents()
        time.sleep(0.001)


if __name__ == "__main__":
    if main():
        sys.exit(1)
