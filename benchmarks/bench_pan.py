"""How long one frame takes while the map is dragged and flicked, and a sharp image after it.

    python -m benchmarks.bench_pan [STOPS …]

The map holds a made-up city of 1 M and of 10 M stops, 2,000 zones and 13,560 streets. A frame is
what the window does for one movement of the mouse, while the worker draws sharp images of where
the map has come to. Between the frames a heart beats on the main thread: the longest gap is how
long the window could not answer.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks import made_up
from benchmarks.heartbeat import Heartbeat
from gisapp.ui import app as program
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.settings import Settings
from gisapp.ui.warmth import Warmth

#: Stops, and the median, the worst frame and the sharp image that issue 3 allows, in milliseconds.
REACH = {1_000_000: (16.0, 50.0, 60.0), 10_000_000: (25.0, 80.0, 120.0)}
_LEFT = Qt.MouseButton.LeftButton
#: Movements of the mouse a drag, and the pause between two, in seconds.
_STEPS, _PAUSE = 120, 0.008


@dataclass(frozen=True, slots=True)
class Drag:
    """Frames of one drag and the time until the map was sharp after it, in milliseconds."""

    frames: tuple[float, ...]
    sharp: float


def frames(canvas: MapCanvas, count: int = _STEPS, far: int = 300) -> list[float]:
    """Milliseconds of each frame of a drag of `far` pixels to and fro.

    Between the movements of the mouse the window answers, as it does to a person.
    """
    took = []
    at = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, _LEFT, pos=at)
    for step in range(1, count + 1):
        way = far * (1 - abs(2 * step / count - 1))
        begun = time.perf_counter()
        QTest.mouseMove(canvas, at + QPoint(round(way), round(way / 3)))
        canvas.repaint()
        took.append((time.perf_counter() - begun) * 1000)
        until = time.perf_counter() + _PAUSE
        while time.perf_counter() < until:
            QApplication.processEvents()
    QTest.mouseRelease(canvas, _LEFT, pos=at)
    return took


def drag(application: QApplication, canvas: MapCanvas, far: int) -> Drag:
    """One drag, and how long the map took to be sharp after it."""
    took = frames(canvas, far=far)
    begun = time.perf_counter()
    settle(application, canvas)
    return Drag(tuple(took), (time.perf_counter() - begun) * 1000)


def settle(application: QApplication, canvas: MapCanvas) -> None:
    """Let the map come to rest and be sharp."""
    until = time.perf_counter() + 60
    application.processEvents()
    while canvas.busy and time.perf_counter() < until:
        application.processEvents()
        time.sleep(0.001)


def measured(application: QApplication, window: MainWindow, stops: int) -> bool:
    """Open a city, drag it near and far, and say how it went; returns whether all was reached."""
    window.session.open(program.Document(made_up.project(stops)))
    canvas = window.canvas
    settle(application, canvas)
    canvas.glides = False  # A drag alone is timed; a glide has frames like it.
    heart = Heartbeat()
    heart.start()
    drags: list[Drag] = []
    for zoom in (1, 4, 16):
        canvas.zoom_to_all()
        canvas.zoom_by(zoom)
        settle(application, canvas)
        with heart.phase(f"{stops:,} stops, {zoom} times as near"):
            drags += [
                drag(application, canvas, far) for far in (150, canvas.width(), canvas.width())
            ]
    heart.stop()
    took = sorted(frame for one in drags for frame in one.frames)
    sharp = sorted(one.sharp for one in drags)
    middle, worst, soon = statistics.median(took), took[-1], statistics.median(sharp)
    limits = REACH.get(stops, (25.0, 80.0, 120.0))
    print(
        f"{stops:>10,} stops: median {middle:.1f} ms, 99 % within "
        f"{took[int(len(took) * 0.99)]:.1f} ms, longest {worst:.1f} ms (reach {limits[0]:.0f} "
        f"and {limits[1]:.0f} ms); sharp after {sharp[0]:.0f} to "
        f"{sharp[-1]:.0f} ms, median {soon:.0f} (reach {limits[2]:.0f} ms); "
        f"heart {heart.longest:.0f} ms; memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    print(heart.report())
    return middle <= limits[0] and worst <= limits[1] and soon <= limits[2]


def main(numbers: list[str]) -> int:
    application = program.make_application(["gisapp"])
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        store = QSettings(f"{home}/bench.ini", QSettings.Format.IniFormat)
        window = program.make_window(application, None, Settings(store))
        window.resize(1280, 800)
        window.show()
        # As in the program itself: the libraries are there before anybody has opened anything.
        warmth = Warmth(window)
        warmth.begin()
        warmth.go_on()
        while warmth.busy:
            application.processEvents()
            time.sleep(0.01)
        reached = [measured(application, window, int(number)) for number in numbers or REACH]
        window.session.document.mark_saved()
        window.close()
    return 0 if all(reached) else 1


if __name__ == "__main__":
    if main(sys.argv[1:]):
        sys.exit(1)
