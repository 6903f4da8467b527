"""Moving the map and drawing on it with real mouse and key events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import Basis
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.canvas import MapCanvas

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def drag(
    canvas: MapCanvas, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE
) -> None:
    QTest.mousePress(canvas, LEFT, modifiers, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, modifiers, end)


def wheel(canvas: MapCanvas, at: QPoint, delta: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def pixel(canvas: MapCanvas, lon: float, lat: float) -> QPoint:
    x, y = canvas.view.to_screen(np.array([lon]), np.array([lat]))
    return QPoint(round(x[0]), round(y[0]))


def test_dragging_moves_the_place_with_the_mouse(window: MainWindow) -> None:
    canvas = window.canvas
    start, end = QPoint(300, 300), QPoint(420, 250)
    place = canvas.place_at(QPointF(start))
    drag(canvas, start, end)
    assert canvas.place_at(QPointF(end)) == pytest.approx(place, abs=1e-9)


def test_the_wheel_keeps_the_place_under_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    canvas, at = window.canvas, QPoint(200, 150)
    place, before = canvas.place_at(QPointF(at)), canvas.view.resolution
    wheel(canvas, at, 120)
    assert canvas.view.resolution < before
    assert canvas.place_at(QPointF(at)) == pytest.approx(place, abs=1e-9)
    qtbot.waitUntil(lambda: not canvas.busy)


def test_a_sharp_image_follows_a_gesture(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.canvas.drawn):
        drag(window.canvas, QPoint(300, 300), QPoint(500, 400))


def test_keys_move_and_zoom(window: MainWindow) -> None:
    canvas = window.canvas
    before = canvas.view
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x > before.x
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.resolution < before.resolution
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.view.resolution == pytest.approx(
        canvas.view.shown(window.session.project.bounds).resolution
    )


def test_resizing_keeps_the_centre(window: MainWindow) -> None:
    x, y, resolution = window.canvas.view.x, window.canvas.view.y, window.canvas.view.resolution
    window.resize(1100, 700)
    QApplication.processEvents()
    view = window.canvas.view
    assert (view.x, view.y, view.resolution) == (x, y, resolution)
    assert (view.width, view.height) == (window.canvas.width(), window.canvas.height())


def test_space_moves_the_map_with_any_tool(window: MainWindow) -> None:
    canvas = window.canvas
    window.use_tool("zones.draw")
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    before = canvas.view
    drag(canvas, QPoint(300, 300), QPoint(350, 300))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.view.x < before.x
    assert window.tools["zones.draw"].sketch.is_empty


CORNERS = (QPoint(200, 200), QPoint(330, 210), QPoint(320, 330), QPoint(210, 320))


def draw_outline(window: MainWindow) -> None:
    window.use_tool("zones.draw")
    for corner in CORNERS:
        QTest.mouseMove(window.canvas, corner)
        QTest.mouseClick(window.canvas, LEFT, NONE, corner)
    QTest.mouseDClick(window.canvas, LEFT, NONE, CORNERS[-1])


def test_a_drawn_outline_becomes_a_zone_in_one_step(window: MainWindow) -> None:
    before = set(window.session.project.zones)
    draw_outline(window)
    assert window.card.isVisible()
    window.card.name_edit.setText("Market square")
    QTest.keyClick(window.card.name_edit, Qt.Key.Key_Return)
    project = window.session.project
    (new,) = set(project.zones) - before
    zone = project.zones[new]
    assert (zone.name, zone.basis) == ("Market square", Basis.POLYGON)
    assert len(zone.shape.exterior.coords) == 5
    assert window.session.selection.zone_ids == (new,)
    assert window.canvas.tool is window.tools["tool.pan"]
    window.commands.undo()
    assert set(window.session.project.zones) == before


def test_escape_leaves_nothing_of_a_sketch(window: MainWindow) -> None:
    zones = window.session.project.zones
    draw_outline(window)
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.card.isVisible()
    assert window.tools["zones.draw"].sketch.is_empty
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.canvas.tool is window.tools["tool.pan"]
    assert window.canvas.hint == ""
    assert window.session.project.zones is zones
    assert window.session.document.undo_label is None


def test_an_outline_that_crosses_itself_is_not_finished(window: MainWindow) -> None:
    window.use_tool("zones.draw")
    for corner in (QPoint(200, 200), QPoint(300, 300), QPoint(300, 200), QPoint(200, 300)):
        QTest.mouseClick(window.canvas, LEFT, NONE, corner)
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert not window.card.isVisible()
    assert "crosses itself" in window.canvas.hint


def test_backspace_takes_the_last_corner_back(window: MainWindow) -> None:
    window.use_tool("zones.draw")
    for corner in CORNERS:
        QTest.mouseClick(window.canvas, LEFT, NONE, corner)
    QTest.keyClick(window.canvas, Qt.Key.Key_Backspace)
    assert len(window.tools["zones.draw"].sketch.corners) == 3


def test_a_circle_gets_exactly_the_radius_that_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    before = set(window.session.project.zones)
    window.use_tool("zones.circle")
    centre = QPoint(300, 300)
    lon, lat = window.canvas.place_at(QPointF(centre))
    QTest.mouseClick(window.canvas, LEFT, NONE, centre)
    QTest.mouseMove(window.canvas, QPoint(360, 300))
    assert window.card.radius_edit.text().endswith(" m")
    window.card.radius_edit.clear()
    QTest.keyClicks(window.card.radius_edit, "500ft")
    assert not window.card.add_button.isEnabled(), "a circle needs its basis"
    QTest.keyClicks(window.card.basis_edit, "settled on 3 March")
    qtbot.mouseClick(window.card.add_button, LEFT)
    (new,) = set(window.session.project.zones) - before
    zone = window.session.project.zones[new]
    assert zone.radius_m == pytest.approx(152.4)
    assert zone.radius_text == "500ft"
    assert zone.centre == pytest.approx((lon, lat))
    west, _, east, _ = zone.shape.bounds
    assert geodesy.distance_m(west, lat, east, lat) == pytest.approx(304.8, abs=0.01)


def test_identify_goes_down_through_what_lies_there(window: MainWindow) -> None:
    canvas, session = window.canvas, window.session
    window.use_tool("tool.identify")
    at = pixel(canvas, -84.500, 39.110)
    QTest.mouseClick(canvas, LEFT, NONE, at)
    assert session.selection.layer_id == session.project.layer_named("Services").id
    assert list(session.selection.rows) == [2]
    QTest.mouseClick(canvas, LEFT, NONE, at)
    (zone_id,) = session.selection.zone_ids
    assert session.project.zones[zone_id].service == "Corner Pharmacy"


def test_identify_tells_partners_no_single_event(window: MainWindow) -> None:
    session = window.session
    events = session.project.layer_named("Overdoses 2025")
    session.set_look(audience=Audience.PUBLIC)
    window.use_tool("tool.identify")
    for row in range(20):
        at = pixel(window.canvas, events.geometry.lon[row], events.geometry.lat[row])
        QTest.mouseClick(window.canvas, LEFT, NONE, at)
        assert session.selection.layer_id != events.id


def test_select_takes_a_click_a_box_and_shift(window: MainWindow) -> None:
    session, canvas = window.session, window.canvas
    session.set_current_layer(None)
    window.use_tool("tool.select")
    drag(canvas, QPoint(2, 2), QPoint(canvas.width() - 3, canvas.height() - 3))
    assert set(session.selection.zone_ids) == set(session.project.zones)
    first, second = list(session.project.zones.values())[1:3]
    session.set_current_layer(None)
    window.commands.zoom_to_zones((first.id, second.id))
    place = first.shape.representative_point()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert session.selection.is_empty
    window.use_tool("tool.select")
    edge = pixel(canvas, place.x, place.y + 0.0009)
    QTest.mouseClick(canvas, LEFT, NONE, edge)
    assert first.id in session.selection.zone_ids
    QTest.mouseClick(canvas, LEFT, SHIFT, edge)
    assert first.id not in session.selection.zone_ids


def test_measuring_says_metres_on_the_ground(window: MainWindow) -> None:
    window.use_tool("tool.measure")
    start, end = QPoint(200, 300), QPoint(400, 300)
    QTest.mouseClick(window.canvas, LEFT, NONE, start)
    QTest.mouseClick(window.canvas, LEFT, NONE, end)
    places = [window.canvas.place_at(QPointF(at)) for at in (start, end)]
    metres = geodesy.distance_m(*places[0], *places[1])
    assert geodesy.in_words(metres) in window.canvas.hint
    assert window.statusBar().hint.text() == window.canvas.hint
    window.use_tool("tool.pan")
    assert window.tools["tool.measure"].sketch.is_empty


def test_zoom_box_brings_the_box_into_view(window: MainWindow) -> None:
    window.use_tool("tool.zoom")
    centre = window.canvas.place_at(QPointF(250, 250))
    drag(window.canvas, QPoint(200, 200), QPoint(300, 300))
    view = window.canvas.view
    assert view.to_map(view.width / 2, view.height / 2) == pytest.approx(centre, abs=1e-6)
