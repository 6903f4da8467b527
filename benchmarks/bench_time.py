"""Ten million stops in the window: a time brush, bars, a query, a sort, the table opened.

While each runs, a timer of 5 ms notes the largest gap in the main thread.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyarrow as pa
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gisapp.analysis.points.time_bars import TimeBars
from gisapp.document import Document
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.look import Look
from gisapp.ui.session import Session

_REASONS = ("drugs", "weapons", "stolen goods", "articles for criminal damage", "fireworks")


def layer(rows: int) -> Layer:
    """Made-up stops over eight years in London, in chunks of a million rows."""
    chance = np.random.default_rng(3)
    seconds = chance.integers(0, 8 * 365 * 86_400, rows) + 1_420_070_400
    reasons = np.array(_REASONS)
    parts = []
    for start in range(0, rows, 1_000_000):
        some = seconds[start : start + 1_000_000]
        count = len(some)
        parts.append(
            pa.table(
                {
                    "time": pa.array(some * 1_000_000).cast(pa.timestamp("us", "Europe/London")),
                    "reason": pa.array(reasons[chance.integers(0, len(reasons), count)]),
                    "age": pa.array(chance.integers(10, 80, count), pa.int32()),
                    "metres": pa.array(chance.gamma(2, 300, count)),
                    "case": pa.array(np.arange(start, start + count)),
                }
            )
        )
    centres = chance.normal(0, [[0.12], [0.07]], (2, 400))
    near = chance.integers(0, 400, rows)
    lon = -0.12 + centres[0][near] + chance.normal(0, 0.01, rows)
    lat = 51.5 + centres[1][near] + chance.normal(0, 0.006, rows)
    table = pa.concat_tables(parts)
    return new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat), {"time": "time"})


class Heartbeat:
    """The largest gap between two beats of a timer in the main thread."""

    def __init__(self) -> None:
        self._clock = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self.largest = 0.0
        self._timer.start(5)

    def begin(self) -> None:
        self.largest = 0.0
        self._clock.start()

    def _beat(self) -> None:
        if self._clock.isValid():
            self.largest = max(self.largest, self._clock.nsecsElapsed() / 1e6)
            self._clock.restart()


def resident() -> float:
    """Memory of this process in MB."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Bench:
    """Says how long each job took until it was done, and what it did to the main thread."""

    def __init__(self) -> None:
        self.app = QApplication.instance() or QApplication(sys.argv[:1])
        self.beat = Heartbeat()

    def until(self, done: Callable[[], bool], longest: float = 60.0) -> None:
        end = time.perf_counter() + longest
        while not done():
            self.app.processEvents()
            if time.perf_counter() > end:
                raise TimeoutError
            time.sleep(0.0005)

    def run(self, name: str, act: Callable[[], None], done: Callable[[], bool]) -> float:
        for _ in range(5):
            self.app.processEvents()
        before = resident()
        self.beat.begin()
        start = time.perf_counter()
        act()
        self.until(done)
        took = (time.perf_counter() - start) * 1000
        for _ in range(5):
            self.app.processEvents()
            time.sleep(0.005)
        print(
            f"{name:<52} {took:8.1f} ms   largest gap {self.beat.largest:6.1f} ms   "
            f"{resident() - before:+7.1f} MB",
            flush=True,
        )
        return took


def numbers(layer: Layer) -> None:
    """The parts on their own, without a window."""
    start = time.perf_counter()
    bars = TimeBars.of(layer)
    assert bars is not None
    took = (time.perf_counter() - start) * 1000
    print(f"{'bars made':<52} {took:8.1f} ms   {bars.nbytes / 1e6:.0f} MB")
    for name, job in (
        ("mask of a span", lambda: bars.mask((100, 400))),
        ("week of a span", lambda: bars.weekday_hours((100, 400))),
    ):
        times = []
        for _ in range(7):
            start = time.perf_counter()
            job()
            times.append((time.perf_counter() - start) * 1000)
        print(f"{name:<52} {min(times):8.1f} ms")


def window(layer: Layer, bench: Bench) -> None:
    """The panels, driven as a user does."""
    from gisapp.ui.map.canvas import MapCanvas
    from gisapp.ui.table.panel import TablePanel
    from gisapp.ui.times.panel import TimePanel

    session = Session(
        Document(Project()), Look(day=date(2025, 6, 4), time=None, audience=Audience.POLICE)
    )
    canvas, panel, table = MapCanvas(session), TimePanel(session), TablePanel(session)
    canvas.resize(1280, 560)
    canvas.show()
    session.open(Document(Project(layers=(layer,))), None)
    session.set_current_layer(layer.id)
    bench.until(lambda: not canvas.busy and not session.runner.busy)
    panel.resize(1280, 220)
    bench.run("time panel opened", panel.show, lambda: panel.view.histogram is not None)
    frames: list[float] = []
    canvas.drawn.connect(lambda: frames.append(time.perf_counter()))
    steps = []
    for first in range(4, 34, 3):
        frames.clear()
        steps.append(
            bench.run(
                f"brush step {first}",
                partial(panel.view.set_span, (first, first + 6)),
                lambda: bool(frames),
            )
        )
    print(f"{'brush step, best / median':<52} {min(steps):8.1f} / {np.median(steps):.1f} ms")
    panel.view.set_span(None)
    bench.until(lambda: not canvas.busy and not session.runner.busy)
    panel.hide()
    _table(layer, bench, session, table)
    canvas.shutdown()
    session.close()


def _table(layer: Layer, bench: Bench, session: Session, table: object) -> None:
    from gisapp.ui.table.panel import TablePanel

    assert isinstance(table, TablePanel)
    table.resize(1280, 260)

    def listed() -> bool:
        return table.model.rowCount() == len(layer) and not session.runner.busy

    bench.run("table opened", table.show, listed)
    bench.run("table scrolled to its end", table.view.scrollToBottom, lambda: True)
    for name in ("age", "time", "reason", "metres", "case"):
        column = layer.table.column_names.index(name)
        bench.run(
            f"sorted by {name}",
            partial(table.sort_by, column),
            lambda: not isinstance(table.model.rows, range) and not session.runner.busy,
        )
        for _ in range(2):
            table.sort_by(column)
        bench.until(lambda: isinstance(table.model.rows, range) and not session.runner.busy)
    bench.run("all rows selected", table.view.selectAll, lambda: not session.runner.busy)


def main() -> None:
    rows = int(os.environ.get("GISAPP_BENCH_ROWS", "10000000"))
    made = layer(rows)
    numbers(made)
    window(made, Bench())


if __name__ == "__main__":
    main()
