"""With the tool that moves the map a click reads what lies there, and a drag reads nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.tools import PanTool
from gisapp.ui.session import Selection
from tests.ui.window.test_fan_out import pixel as pixel_of_stack
from tests.ui.window.test_fan_out import stops
from tests.ui.window.test_map_gestures import LEFT, NONE, drag, pixel


def pan_of(window: MainWindow) -> PanTool:
    tool = window.canvas.tool
    assert isinstance(tool, PanTool)
    return tool


def zone_of(window: MainWindow, service: str) -> str:
    zones = window.session.project.zones.values()
    (found,) = (zone.id for zone in zones if zone.service == service)
    return found


def beside_the_pharmacy(window: MainWindow) -> QPoint:
    """A pixel of the zone round the corner pharmacy that is not of the pharmacy."""
    return pixel(window.canvas, -84.500, 39.1109)


def test_a_click_shows_the_zone_in_the_inspector(window: MainWindow) -> None:
    window.commands.zoom_to_zones((zone_of(window, "Corner Pharmacy"),))
    QTest.mouseClick(window.canvas, LEFT, NONE, beside_the_pharmacy(window))
    assert window.session.selection.zone_ids == (zone_of(window, "Corner Pharmacy"),)
    name = window.inspector.page.findChild(QLineEdit, "name")
    assert name is not None and "Corner Pharmacy" in name.text()
    assert window.canvas.tool is window.tools["tool.pan"]


def test_clicks_go_down_through_what_lies_there_and_one_beside_clears(window: MainWindow) -> None:
    canvas, session = window.canvas, window.session
    at = pixel(canvas, -84.500, 39.110)
    QTest.mouseClick(canvas, LEFT, NONE, at)
    assert session.selection.layer_id == session.project.layer_named("Services").id
    assert list(session.selection.rows) == [2] and "click again for the next" in canvas.hint
    QTest.mouseClick(canvas, LEFT, NONE, at)
    assert session.selection.zone_ids == (zone_of(window, "Corner Pharmacy"),)
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(8, canvas.height() - 8))
    assert session.selection.is_empty and canvas.hint == ""


def test_words_about_a_place_go_when_the_pointer_leaves_it(window: MainWindow) -> None:
    canvas, at = window.canvas, pixel(window.canvas, -84.500, 39.110)
    QTest.mouseClick(canvas, LEFT, NONE, at)
    said = canvas.hint
    QTest.mouseMove(canvas, at + QPoint(3, 3))
    assert said and canvas.hint == said
    QTest.mouseMove(canvas, at + QPoint(60, 0))
    assert canvas.hint == ""
    assert "lick" in window.statusBar().hint.text(), "and the tool says what it does"


def test_a_drag_moves_the_map_and_selects_nothing(window: MainWindow) -> None:
    canvas, session = window.canvas, window.session
    at, before = pixel(canvas, -84.500, 39.110), session.view
    drag(canvas, at, at + QPoint(40, 10))
    assert session.selection.is_empty and session.view != before
    chosen = Selection((zone_of(window, "Corner Pharmacy"),))
    session.select(chosen)
    drag(canvas, QPoint(20, 20), QPoint(60, 60))
    assert session.selection is chosen, "and nothing is cleared by one"


def test_a_hand_that_trembles_clicks_and_moves_nothing(window: MainWindow) -> None:
    canvas, session = window.canvas, window.session
    at, before = pixel(canvas, -84.500, 39.110), session.view
    drag(canvas, at, at + QPoint(2, 1))
    assert session.view == before and list(session.selection.rows) == [2]


def test_two_clicks_come_closer_and_leave_selected_what_was(window: MainWindow) -> None:
    canvas, session = window.canvas, window.session
    chosen = Selection((zone_of(window, "Northside Pharmacy"),))
    session.select(chosen)
    at, before = pixel(canvas, -84.500, 39.110), session.view.resolution
    place = canvas.place_at(QPointF(at))
    QTest.mouseClick(canvas, LEFT, NONE, at)
    QTest.mouseDClick(canvas, LEFT, NONE, at)
    assert session.view.resolution == pytest.approx(before / 2)
    assert canvas.place_at(QPointF(at)) == pytest.approx(place, abs=1e-9)
    assert session.selection is chosen


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton])
def test_other_buttons_read_nothing(window: MainWindow, button: Qt.MouseButton) -> None:
    at = pixel(window.canvas, -84.500, 39.110)
    QTest.mouseClick(window.canvas, button, NONE, at)
    assert window.session.selection.is_empty


def test_a_stack_is_fanned_out_and_folded_with_escape_or_a_drag(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    window = open_window(Project(timezone="America/Chicago").with_layer(stops(9)))
    canvas, fan = window.canvas, pan_of(window).fan
    QTest.mouseClick(canvas, LEFT, NONE, pixel_of_stack(window))
    assert [row for _, row in fan.legs] == list(range(1, 10))
    for foot, row in fan.legs:
        QTest.mouseClick(canvas, LEFT, NONE, foot.toPoint())
        assert window.session.selection.rows.tolist() == [row] and fan.is_open
    assert "Esc" in window.statusBar().hint.text()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not fan.is_open and window.session.selection.rows.tolist() == [9]
    QTest.mouseClick(canvas, LEFT, NONE, pixel_of_stack(window))
    assert fan.is_open
    drag(canvas, QPoint(20, 20), QPoint(60, 60))
    assert not fan.is_open and len(window.session.selection.rows) == 9
    QTest.mouseClick(canvas, LEFT, NONE, pixel_of_stack(window))
    window.use_tool("tool.measure")
    assert not fan.is_open
    qtbot.waitUntil(lambda: not canvas.busy, timeout=5_000)


def test_for_others_no_single_event_is_read(window: MainWindow) -> None:
    session = window.session
    events = session.project.layer_named("Overdoses 2025")
    session.set_look(audience=Audience.PUBLIC)
    for row in np.arange(20):
        at = pixel(window.canvas, events.geometry.lon[row], events.geometry.lat[row])
        QTest.mouseClick(window.canvas, LEFT, NONE, at)
        assert session.selection.layer_id != events.id
