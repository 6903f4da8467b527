"""How long the window is kept from answering, through every journey of it.

    python -m benchmarks.bench_heartbeat [NUMBER OF STOPS]

The window does what a user has it do, with so many stops (a million unless told otherwise), 2,000
zones and 13,560 streets. A timer of the window's own thread tells the longest gap between two turns
of its event loop, and what the thread was doing then.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from benchmarks import made_up
from benchmarks.heartbeat import Heartbeat
from benchmarks.heartbeat_journeys import (
    files_asked_about,
    pointed_at,
    rows_and_times,
    windows_shown,
    zones_round_all,
)
from benchmarks.real_data import DATA
from gisapp import journeys
from gisapp.io.project import project_file
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.geodesy import circle
from gisapp.layers.project import Hotspots
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.export import export_map_task
from gisapp.ui import app as program
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from gisapp.ui.settings import Settings
from gisapp.ui.warmth import Warmth

LIMIT_MS = 50.0
LONDON = DATA / "london"


class Journey:
    """Steps in one window, each noted by the heartbeat."""

    def __init__(self, window: MainWindow, pulse: Heartbeat) -> None:
        self.window, self.pulse = window, pulse
        self.session = window.session

    def step(self, name: str, act: Callable[[], object]) -> None:
        """Do one thing and let the window come to rest; what it took is noted under the name."""
        with self.pulse.phase(name):
            act()
            self.rest()

    def rest(self, least: float = 0.25, most: float = 240.0) -> None:
        """Turn the event loop until nothing is on its way any more."""
        begun = time.perf_counter()
        quiet = begun
        while True:
            program.QApplication.processEvents()
            time.sleep(0.0005)
            now = time.perf_counter()
            if self.window.canvas.busy or self.session.runner.busy:
                quiet = now
            if now - quiet > least or now - begun > most:
                return

    def drag(self, frames: int = 60) -> None:
        canvas = self.window.canvas
        at = QPoint(canvas.width() // 2, canvas.height() // 2)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
        for number in range(frames):
            QTest.mouseMove(canvas, at + QPoint(number * 5, number % 30))
            program.QApplication.processEvents()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at)

    def wheel(self, steps: int) -> None:
        for _ in range(abs(steps)):
            self.window.canvas.zoom_by(1.4 if steps > 0 else 1 / 1.4, QPointF(500, 300))
            program.QApplication.processEvents()


def travel(journey: Journey, warmth: Warmth, folder: Path, count: int) -> None:
    """Every journey of the window, one after the other."""
    window, session = journey.window, journey.session
    path = folder / "made-up.gpkg"

    def load() -> None:
        while warmth.busy:
            journey.rest(0.0, 0.1)

    journey.step("pages and libraries load behind the first picture", load)
    journey.step("open the sample city", window.commands.open_sample)
    if LONDON.is_dir():
        files = sorted((LONDON / "met_stop_and_search").glob("*.csv.gz"))
        task = journeys.import_task(files, LayerKind.STOPS)
        journey.step("import London's stops", lambda: session.start(task))
    journey.step(f"open a project of {count:,} stops", lambda: window.files.open(path))
    layer = next(one for one in session.project.layers if one.kind is LayerKind.STOPS)
    journey.step("drag the map", journey.drag)
    journey.step("zoom in", lambda: journey.wheel(10))
    journey.step("drag near", journey.drag)
    journey.step("zoom out", lambda: journey.wheel(-14))
    for page in range(window.bottom.tabs.count()):
        name = window.bottom.tabs.tabText(page)

        def turn(page: int = page) -> None:
            window.bottom.tabs.setCurrentIndex(page)

        journey.step(f"open the tab {name}", turn)
    journey.step("show the table of stops", lambda: window.commands.show_table(layer.id))
    journey.step("sort the table", lambda: window.table.sort_by(1))
    journey.step("hotspots", lambda: session.perform(edits.set_hotspots(Hotspots(layer.id))))
    for audience in (Audience.PARTNERS, Audience.POLICE):
        journey.step(
            f"look as {audience.label.lower()}",
            lambda audience=audience: session.set_look(audience=audience),
        )
    zone = next(iter(session.project.zones.values()))
    assert zone.centre is not None
    larger = circle(*zone.centre, 350.0)
    journey.step("reshape a zone", lambda: session.perform(edits.reshape_zone(zone.id, larger)))
    every = tuple(session.project.zones)
    journey.step("select all zones", lambda: session.select(Selection(zone_ids=every)))
    journey.step("select nothing", lambda: session.select(Selection()))
    journey.step("undo", window.commands.undo)
    journey.step("redo", window.commands.redo)
    windows_shown(journey)
    if LONDON.is_dir():
        files = sorted((LONDON / "met_stop_and_search").glob("*.csv.gz"))
        files_asked_about(journey, files, layer)
    rows_and_times(journey, layer)
    pointed_at(journey)
    zones_round_all(journey)
    journey.step("save", window.files.save)
    for ending in ("pdf", "png", "html"):
        out = folder / f"map.{ending}"
        task = export_map_task(session.project, session.view, session.look, out, title="Made up")
        journey.step(f"export {ending.upper()}", lambda task=task: session.start(task))


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = name
        project_file.save(made_up.project(count), folder / "made-up.gpkg")
        application = program.make_application(["gisapp"])
        store = QSettings(f"{name}/bench.ini", QSettings.Format.IniFormat)
        warmth = Warmth(application)
        window = program.make_window(application, None, Settings(store), warmth=warmth)
        window.resize(1280, 800)
        pulse = Heartbeat(LIMIT_MS)
        painted: list[bool] = []
        window.first_painted.connect(lambda: painted.append(True))
        window.show()
        while not painted:
            application.processEvents()
        journey = Journey(window, pulse)
        pulse.start()
        travel(journey, warmth, folder, count)
        pulse.stop()
        window.close()
    print(pulse.report())
    print(f"longest {pulse.longest:.0f} ms (limit {LIMIT_MS:.0f} ms)")
    return 0 if pulse.longest <= LIMIT_MS else 1


if __name__ == "__main__":
    if main():
        sys.exit(1)
