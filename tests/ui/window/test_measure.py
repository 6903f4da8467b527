"""Measuring an area with the mouse, on the ground and in the units that are wanted."""

from __future__ import annotations

import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gisapp.layers import geodesy
from gisapp.layers.units import Units
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.measure_tool import MeasureTool

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CORNERS = (QPoint(200, 200), QPoint(400, 210), QPoint(380, 330))


@pytest.fixture
def tool(window: MainWindow) -> MeasureTool:
    window.use_tool("tool.measure")
    tool = window.tools["tool.measure"]
    assert isinstance(tool, MeasureTool)
    return tool


def click(window: MainWindow, *places: QPoint) -> None:
    for place in places:
        QTest.mouseMove(window.canvas, place)
        QTest.mouseClick(window.canvas, LEFT, NONE, place)


def outline(window: MainWindow) -> shapely.Polygon:
    return shapely.Polygon([window.canvas.place_at(QPointF(at)) for at in CORNERS])


def test_the_first_corner_closes_an_area(window: MainWindow, tool: MeasureTool) -> None:
    click(window, *CORNERS, CORNERS[0] + QPoint(3, 2))
    assert tool.closed
    area, shape = window.canvas.hint, outline(window)
    assert f"Area {geodesy.area_in_words(geodesy.area_m2(shape))}" in area
    assert f"{geodesy.in_words(geodesy.length_m(shape))} round" in area
    click(window, QPoint(100, 100))
    assert not tool.closed
    assert len(tool.sketch.corners) == 1


def test_the_measure_is_said_while_the_mouse_moves(window: MainWindow, tool: MeasureTool) -> None:
    click(window, CORNERS[0])
    QTest.mouseMove(window.canvas, QPoint(300, 200))
    first = window.canvas.hint
    QTest.mouseMove(window.canvas, QPoint(320, 200))
    assert window.canvas.hint != first


def test_backspace_opens_the_area_then_takes_corners(window: MainWindow, tool: MeasureTool) -> None:
    click(window, *CORNERS, CORNERS[0])
    for left in (3, 2, 1, 0):
        QTest.keyClick(window.canvas, Qt.Key.Key_Backspace)
        assert len(tool.sketch.corners) == left
    assert not tool.closed
    assert window.canvas.hint == "Click to measure from here"


def test_an_area_that_crosses_itself_is_none(window: MainWindow, tool: MeasureTool) -> None:
    click(window, QPoint(200, 200), QPoint(300, 300), QPoint(300, 200), QPoint(200, 300))
    assert "crosses itself" in window.canvas.hint
    assert "area" not in window.canvas.hint


def test_units_are_chosen_in_the_menu_and_kept(window: MainWindow, tool: MeasureTool) -> None:
    click(window, *CORNERS[:2])
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    metres = geodesy.length_m(shapely.LineString(tool.sketch.corners))
    assert geodesy.in_words(metres) in window.canvas.hint
    window.navigation.units["us"].trigger()
    assert Units.US.length(metres) in window.canvas.hint
    assert window.navigation.options.units is Units.US
