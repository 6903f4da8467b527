"""The divided map: drag, arrow keys, both sides move as one, and it goes away again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.document import Document
from gisapp.layers import scenario_edits, zoning
from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario
from gisapp.ui.main_window import MainWindow
from gisapp.ui.scenarios.swipe_map import LEFT_LABEL, Swipe
from tests.ui import made

LEFT = Qt.MouseButton.LeftButton


def wide_scenario() -> Scenario:
    zones = zoning.circles_round(made.services(), 900, "for comparison")
    return Scenario("900 m", {zone.id: zone for zone in zones})


@pytest.fixture
def swipe(window: MainWindow, qtbot: QtBot) -> Swipe:
    scenario = wide_scenario()
    window.session.perform(scenario_edits.save_scenario(scenario))
    swipe = Swipe(window.canvas, scenario.id)
    settle(window, swipe, qtbot)
    return swipe


def settle(window: MainWindow, swipe: Swipe, qtbot: QtBot) -> None:
    def sharp() -> bool:
        still = not (window.canvas.busy or swipe.busy)
        return still and swipe.images.is_sharp_at(window.canvas.view)

    qtbot.waitUntil(sharp, timeout=10_000)


def picture(window: MainWindow) -> QImage:
    return window.canvas.grab().toImage()


def differing(a: QImage, b: QImage) -> list[int]:
    """The columns of pixels in which two pictures differ."""
    across, down = range(0, a.width(), 6), range(60, a.height() - 120, 6)
    return [x for x in across if any(a.pixel(x, y) != b.pixel(x, y) for y in down)]


def test_the_scenario_is_on_the_right_of_the_handle_alone(
    window: MainWindow, swipe: Swipe, qtbot: QtBot
) -> None:
    middle = swipe.handle.middle
    assert swipe.labels == (LEFT_LABEL, "Scenario: 900 m")
    divided = picture(window)
    swipe.end()
    plain = picture(window)
    columns = differing(divided, plain)
    assert [x for x in columns if x > middle + 14]
    assert not [x for x in columns if x < middle - 14]


def test_it_is_dragged_with_the_mouse_and_moved_with_keys(window: MainWindow, swipe: Swipe) -> None:
    handle = swipe.handle
    before, zones = handle.middle, window.canvas.view
    at = QPoint(handle.width() // 2, 200)
    QTest.mousePress(handle, LEFT, pos=at)
    QTest.mouseMove(handle, at - QPoint(120, 0))
    QTest.mouseRelease(handle, LEFT, pos=handle.rect().center())
    assert handle.middle == before - 120
    assert window.canvas.view == zones
    assert handle.hasFocus()
    QTest.keyClick(handle, Qt.Key.Key_Right)
    assert handle.middle == before - 96
    QTest.keyClick(handle, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert handle.middle == before - 97
    QTest.keyClick(handle, Qt.Key.Key_Home)
    assert handle.middle == 0
    QTest.keyClick(handle, Qt.Key.Key_End)
    assert handle.middle == window.canvas.width()


def test_both_sides_move_with_the_map(window: MainWindow, swipe: Swipe, qtbot: QtBot) -> None:
    canvas = window.canvas
    at = QPoint(canvas.width() - 80, 150)
    place = canvas.place_at(QPointF(at))
    QTest.mousePress(canvas, LEFT, pos=at)
    QTest.mouseMove(canvas, at + QPoint(-60, 30))
    assert canvas.place_at(QPointF(at + QPoint(-60, 30))) == pytest.approx(place, abs=1e-9)
    assert swipe.images.serves(canvas.view)
    QTest.mouseRelease(canvas, LEFT, pos=at + QPoint(-60, 30))
    settle(window, swipe, qtbot)
    shown = swipe.images.shown
    assert shown is not None
    assert {zone.radius_m for zone in shown.project.zones.values()} == {900}


def test_it_follows_the_size_of_the_map(window: MainWindow, swipe: Swipe, qtbot: QtBot) -> None:
    window.bottom_dock.hide()
    window.right_dock.hide()
    settle(window, swipe, qtbot)
    canvas = window.canvas
    assert swipe.handle.height() == canvas.height()
    assert swipe.handle.middle == round(canvas.width() / 2)
    assert swipe.close_button.geometry().right() < canvas.width()


def test_escape_on_handle_or_map_and_the_button_end_it(
    window: MainWindow, swipe: Swipe, qtbot: QtBot
) -> None:
    canvas = window.canvas
    QTest.keyClick(swipe.handle, Qt.Key.Key_Escape)
    assert canvas.swipe is None
    second = Swipe(canvas, swipe.scenario_id)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.swipe is None
    assert second.handle.isHidden()
    third = Swipe(canvas, swipe.scenario_id)
    QTest.mouseClick(third.close_button, LEFT)
    assert canvas.swipe is None
    canvas.pan_by(10, 0)
    qtbot.waitUntil(lambda: not canvas.busy, timeout=10_000)


def test_another_scenario_takes_its_place(window: MainWindow, swipe: Swipe) -> None:
    other = replace(wide_scenario(), name="Other")
    window.session.perform(scenario_edits.save_scenario(other))
    second = Swipe(window.canvas, other.id)
    assert window.canvas.swipe is second
    assert swipe.handle.isHidden()


def test_it_follows_the_scenario_and_ends_when_that_is_gone(
    window: MainWindow, swipe: Swipe
) -> None:
    scenario = window.session.project.scenarios[0]
    window.session.perform(scenario_edits.save_scenario(replace(scenario, name="Wide")))
    assert swipe.labels[1] == "Scenario: Wide"
    window.session.perform(scenario_edits.remove_scenario(scenario.id))
    assert window.canvas.swipe is None


def test_it_ends_with_the_project(window: MainWindow, swipe: Swipe) -> None:
    window.session.open(Document(Project()))
    assert window.canvas.swipe is None


def test_closing_the_window_while_it_is_divided_leaves_nothing(
    window: MainWindow, swipe: Swipe
) -> None:
    assert window.canvas.swipe is swipe
