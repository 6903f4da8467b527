"""Reshaping a zone with the mouse: nothing changes before one says so, then one step does."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.geodesy import circle
from gisapp.layers.vocabulary import Basis
from gisapp.layers.zone import Zone, circle_zone
from gisapp.ui.drawing.reshape_tool import ReshapeTool
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def begin(window: MainWindow, zone: Zone | None = None) -> Zone:
    """Add a square zone of 200 pixels, select it and take up the tool."""
    if zone is None:
        west, north = window.canvas.place_at(QPoint(200, 100).toPointF())
        east, south = window.canvas.place_at(QPoint(400, 300).toPointF())
        zone = Zone("Square", shapely.box(west, south, east, north), basis_text="agreed")
    window.session.perform(edits.add_zones([zone]))
    window.session.select(Selection((zone.id,)))
    button = next(
        one
        for one in window.inspector.page.findChildren(QAbstractButton)
        if one.text().strip() == "Reshape"
    )
    button.click()
    assert window.canvas.tool is tool(window)
    return zone


def tool(window: MainWindow) -> ReshapeTool:
    found = window.tools["zones.reshape"]
    assert isinstance(found, ReshapeTool)
    return found


def drag(
    window: MainWindow, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE
) -> None:
    QTest.mousePress(window.canvas, LEFT, modifier, start)
    QTest.mouseMove(window.canvas, (start + end) / 2)
    QTest.mouseMove(window.canvas, end)
    QTest.mouseRelease(window.canvas, LEFT, modifier, end)


def pixels(window: MainWindow, zone_id: str) -> set[tuple[int, int]]:
    shape = window.session.project.zones[zone_id].shape
    corners = shapely.get_coordinates(shape)[:-1]
    x, y = window.canvas.view.to_screen(corners[:, 0], corners[:, 1])
    return {(round(a), round(b)) for a, b in zip(x, y, strict=True)}


def test_a_dragged_corner_is_kept_with_enter_as_one_step(window: MainWindow) -> None:
    zone = begin(window)
    drag(window, QPoint(400, 100), QPoint(450, 60))
    assert window.session.project.zones[zone.id] is zone, "not before one says so"
    assert "Enter keeps it" in window.canvas.hint
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert pixels(window, zone.id) == {(200, 100), (450, 60), (400, 300), (200, 300)}
    assert window.canvas.tool is window.tools["tool.pan"]
    assert window.session.document.undo_label == "Reshape zone Square"
    window.commands.undo()
    assert window.session.project.zones[zone.id] is zone


def test_escape_leaves_all_as_it_was_and_says_nothing(window: MainWindow, qtbot: QtBot) -> None:
    zone = begin(window)
    drag(window, QPoint(400, 100), QPoint(450, 60))
    with qtbot.assertNotEmitted(window.session.noticed):
        QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.session.project.zones[zone.id] is zone
    assert window.canvas.tool is window.tools["tool.pan"]
    assert window.canvas.hint == ""


@pytest.mark.parametrize("way", ["double click", "control"])
def test_a_corner_is_made_on_an_edge_and_dragged(window: MainWindow, way: str) -> None:
    zone = begin(window)
    if way == "control":
        drag(window, QPoint(300, 102), QPoint(300, 40), CONTROL)
    else:
        QTest.mouseDClick(window.canvas, LEFT, NONE, QPoint(300, 102))
        QTest.mouseRelease(window.canvas, LEFT, NONE, QPoint(300, 102))
        drag(window, QPoint(300, 100), QPoint(300, 40))
    QTest.keyClick(window.canvas, Qt.Key.Key_Enter)
    assert (300, 40) in pixels(window, zone.id)
    assert len(pixels(window, zone.id)) == 5


def test_delete_takes_the_chosen_corner_and_never_the_zone(window: MainWindow) -> None:
    zone = begin(window)
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(200, 300))
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert "Click a corner first" in window.canvas.hint
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(400, 300))
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert "at least three corners" in window.canvas.hint
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert len(pixels(window, zone.id)) == 3


def test_a_corner_that_would_make_it_cross_itself_goes_back(window: MainWindow) -> None:
    zone = begin(window)
    canvas, corner = window.canvas, QPoint(200, 100)
    QTest.mousePress(canvas, LEFT, NONE, corner)
    QTest.mouseMove(canvas, QPoint(210, 120))
    QTest.mouseMove(canvas, QPoint(300, 380))
    assert "crosses itself" in canvas.hint
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(300, 380))
    assert "went back" in canvas.hint
    assert canvas.tool is tool(window)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert (210, 120) in pixels(window, zone.id), "where it was sound last"
    assert window.session.project.zones[zone.id].shape.is_valid


def test_all_of_it_with_keys(window: MainWindow) -> None:
    zone = begin(window)
    canvas = window.canvas
    view = canvas.view
    QTest.keyClicks(canvas, "]")
    first = tool(window).chosen
    QTest.keyClicks(canvas, "]")
    QTest.keyClicks(canvas, "[")
    assert tool(window).chosen == first
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.view == view, "the arrows move the corner, not the map"
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    QTest.keyClick(canvas, Qt.Key.Key_Left, CONTROL)
    assert canvas.view != view, "with Ctrl they move the map"
    canvas.session.set_view(view)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    moved = {(200, 100), (400, 100), (400, 300), (200, 300)} - pixels(window, zone.id)
    assert len(moved) == 1
    (was,) = moved
    assert (was[0] + 1, was[1] + 10) in pixels(window, zone.id)
    assert len(pixels(window, zone.id)) == 5
    window.commands.undo()
    assert window.session.project.zones[zone.id] is zone


def test_the_chosen_corner_is_put_where_one_types(window: MainWindow) -> None:
    zone = begin(window)
    lon, lat = window.canvas.place_at(QPoint(230, 80).toPointF())
    bar = window.desk.bar
    assert bar.isVisible()
    QTest.keyClicks(bar.edit, f"{lat:.7f} {lon:.7f}")
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert "Choose a corner first" in bar.error.text()
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(200, 100))
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert bar.edit.text() == "", bar.error.text()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert (230, 80) in pixels(window, zone.id)


def test_a_reshaped_circle_says_that_it_is_one_no_more(window: MainWindow, qtbot: QtBot) -> None:
    lon, lat = window.canvas.place_at(QPoint(300, 200).toPointF())
    zone = begin(window, circle_zone("Round", lon, lat, 400, "agreed", radius_text="400 m"))
    corner = shapely.get_coordinates(circle(lon, lat, 400))[0]
    x, y = window.canvas.view.to_screen(np.array([corner[0]]), np.array([corner[1]]))
    start = QPoint(round(float(x[0])), round(float(y[0])))
    drag(window, start, start + QPoint(30, 0))
    with qtbot.waitSignal(window.session.noticed) as told:
        QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert told.args[0].text == "Reshaped “Round”. It is a drawn area now, no longer a circle."
    after = window.session.project.zones[zone.id]
    assert (after.basis, after.radius_m) == (Basis.POLYGON, None)
    assert after.basis_text == "agreed; reshaped by hand from a circle of 400 m"


def test_taking_up_another_tool_keeps_nothing_but_offers_to(
    window: MainWindow, qtbot: QtBot
) -> None:
    zone = begin(window)
    drag(window, QPoint(400, 100), QPoint(450, 60))
    with qtbot.waitSignal(window.session.noticed) as told:
        window.use_tool("tool.identify")
    assert window.session.project.zones[zone.id] is zone
    assert told.args[0].action == "Keep it"
    told.args[0].run()
    assert (450, 60) in pixels(window, zone.id)


def test_dragging_elsewhere_moves_the_map(window: MainWindow) -> None:
    zone = begin(window)
    before = window.canvas.view
    drag(window, QPoint(300, 200), QPoint(340, 200))
    assert window.canvas.view.x < before.x
    assert window.session.project.zones[zone.id] is zone


def test_without_one_zone_selected_it_cannot_be_taken_up(window: MainWindow) -> None:
    window.session.select(Selection())
    action = window.actions_set.qt["zones.reshape"]
    assert not action.isEnabled()


def test_a_zone_that_is_undone_meanwhile_ends_the_tool_quietly(window: MainWindow) -> None:
    zone = begin(window)
    drag(window, QPoint(400, 100), QPoint(450, 60))
    window.commands.undo()
    assert zone.id not in window.session.project.zones
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert zone.id not in window.session.project.zones
