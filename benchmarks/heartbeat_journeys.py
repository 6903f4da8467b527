"""What a user does in the window beside looking round: filters, draws, plays, asks, prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gisapp.layers.layer import Layer
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.styles.dialog import StyleDialog
from gisapp.ui.times.panel import TimePanel
from gisapp.ui.zones.dialog import ZonesDialog

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
#: Actions that open a dialog, a panel or a bar over the window, or another map beside it.
DIALOGS = (
    "zones.services",
    "zones.agreement",
    "zones.agreements",
    "zones.scenarios",
    "zones.breaches",
    "zones.applies",
    "zones.due",
    "file.export-map",
    "file.export-package",
    "file.export-log",
    "file.brief",
    "file.order",
    "view.goto",
    "help.keys",
    "help.about",
)
#: Actions that turn something on, and off when they are asked again.
TOGGLES = ("view.second", "view.alone", "view.overview")


class Stepping(Protocol):
    """What notes the steps of a journey; `bench_heartbeat.Journey` is one."""

    window: MainWindow

    def step(self, name: str, act: Callable[[], object]) -> None: ...


def windows_shown(journey: Stepping) -> None:
    """Open every dialog and close it again; light and dark, maps beside each other, full screen."""
    window = journey.window
    for scheme in ("dark", "light"):
        journey.step(f"turn {scheme}", lambda scheme=scheme: window.scheme_asked.emit(scheme))
    actions = window.actions_set.qt
    for name in TOGGLES:
        journey.step(f"{name} on", actions[name].trigger)
        journey.step(f"{name} off", actions[name].trigger)
    for name in DIALOGS:
        if actions[name].isEnabled():
            journey.step(f"open {name}", actions[name].trigger)
            journey.step(f"close {name}", lambda: _close_all(window))


def files_asked_about(journey: Stepping, files: Sequence[Path], layer: Layer) -> None:
    """Import files through the dialog, to its report; look at the style of a layer."""
    window, runner = journey.window, journey.window.session.runner

    def dialog() -> ImportDialog:
        found = QApplication.activeModalWidget()
        assert isinstance(found, ImportDialog)
        return found

    journey.step("ask about files", lambda: window.commands.import_files(files))
    _wait(0.6)
    assert dialog().add.isEnabled() and not runner.busy
    journey.step("add their rows", lambda: dialog().add.click())
    journey.step("read the report", lambda: dialog().accept())
    journey.step("take them back", window.commands.undo)
    journey.step("open the style editor", lambda: window.commands.show_style(layer.id))
    style = next(one for one in QApplication.topLevelWidgets() if isinstance(one, StyleDialog))
    for number in range(1, style.tabs.count()):
        name = style.tabs.tabText(number)
        journey.step(f"turn to {name}", lambda number=number: style.tabs.setCurrentIndex(number))
    journey.step("close the style editor", lambda: _close_all(window))


def _wait(seconds: float) -> None:
    """Turn the event loop; unlike `QTest.qWait` this lets other threads run Python meanwhile."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QApplication.processEvents()
        time.sleep(0.0005)


def _type(field: QWidget, text: str) -> None:
    """One key in a turn of the loop, as keys come from a keyboard."""
    for key in text:
        QTest.keyClick(field, key)
        QApplication.processEvents()


def _close_all(window: MainWindow) -> None:
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible():
            other.close()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)


def rows_and_times(journey: Stepping, layer: Layer) -> None:
    """Filter by text, brush over the bars, let the window of time walk."""
    window, session = journey.window, journey.window.session
    table = window.table
    query = table.filter.query

    def ask(text: str) -> None:
        query.line.setFocus()
        query.line.selectAll()
        _type(query.line, text)
        QTest.keyClick(query.line, Qt.Key.Key_Return)

    journey.step("filter by a query", lambda: ask("age > 30 and activity == 'search'"))
    journey.step("filter by nothing", lambda: ask(" "))
    panel = window.bottom.page("Time")
    assert isinstance(panel, TimePanel)
    journey.step("open the times", lambda: window.bottom.show_page(panel))

    def brush() -> None:
        for last in range(4, 14):
            panel.view.set_span((2, last))
            QApplication.processEvents()

    journey.step("brush over the bars", brush)

    def play() -> None:
        QTest.mouseClick(panel.player.play, LEFT)
        _wait(1.5)
        QTest.mouseClick(panel.player.play, LEFT)

    journey.step("play", play)
    journey.step("show all times", lambda: panel.view.set_span(None))
    journey.step("fold the panel", lambda: window.bottom.set_folded(True))
    assert session.project.layer(layer.id) is not None


def pointed_at(journey: Stepping) -> None:
    """Hover, identify, select in a box, and draw a circle whose card is answered."""
    window = journey.window
    canvas: QWidget = window.canvas
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)

    def hover() -> None:
        window.use_tool("tool.identify")
        for number in range(40):
            QTest.mouseMove(canvas, middle + QPoint(number * 4, number * 2))
            QApplication.processEvents()

    def drag(tool: str) -> None:
        window.use_tool(tool)
        QTest.mousePress(canvas, LEFT, NONE, middle - QPoint(80, 80))
        for number in range(20):
            QTest.mouseMove(canvas, middle + QPoint(number * 4, number * 4))
            QApplication.processEvents()
        QTest.mouseRelease(canvas, LEFT, NONE, middle + QPoint(80, 80))

    journey.step("hover", hover)
    journey.step("identify", lambda: QTest.mouseClick(canvas, LEFT, NONE, middle))
    journey.step("select in a box", lambda: drag("tool.select"))

    def circle() -> None:
        window.use_tool("zones.circle")
        QTest.mouseClick(canvas, LEFT, NONE, middle)

    def name() -> None:
        _type(window.card.radius_edit, "200 m")
        _type(window.card.basis_edit, "made up")
        QApplication.processEvents()
        QTest.keyClick(window.card.basis_edit, Qt.Key.Key_Return)

    before = len(window.session.project.zones)
    journey.step("draw a circle", circle)
    journey.step("name it", name)
    assert len(window.session.project.zones) == before + 1
    journey.step("take it back", window.commands.undo)
    journey.step("pan again", lambda: window.use_tool("tool.pan"))


def zones_round_all(journey: Stepping) -> None:
    """Zones round every service, from the dialog to the map, and back."""
    window = journey.window

    def dialog() -> ZonesDialog:
        found = QApplication.activeModalWidget()
        assert isinstance(found, ZonesDialog)
        return found

    def fill() -> None:
        _type(dialog().radius, "150 m")
        _type(dialog().basis, "made up")

    journey.step("ask for zones round services", lambda: window.commands.zones_round_services(None))
    journey.step("say how far", fill)
    before = len(window.session.project.zones)
    journey.step("draw them", lambda: QTest.mouseClick(dialog().draw, LEFT))
    assert len(window.session.project.zones) > before
    journey.step("take them back", window.commands.undo)
