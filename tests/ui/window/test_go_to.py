"""Going to a place by its name or its coordinates, with keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.layers import edits, geodesy
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.go_to import GoToBar
from gisapp.ui.status_bar import StatusBar


@pytest.fixture
def bar(window: MainWindow) -> GoToBar:
    window.actions_set.qt["view.goto"].trigger()
    bar = window.navigation.bar
    assert bar.isVisible()
    return bar


def typed(bar: GoToBar, text: str, qtbot: QtBot) -> list[str]:
    """What the list says after these words."""
    bar.edit.clear()
    QTest.keyClicks(bar.edit, text)
    qtbot.waitUntil(lambda: bar._answered == text, timeout=5_000)
    return [bar.list.item(row).text() for row in range(bar.list.count())]


def middle(window: MainWindow) -> tuple[float, float]:
    view = window.canvas.view
    return view.to_map(view.width / 2, view.height / 2)


def test_a_name_is_found_while_it_is_typed(window: MainWindow, bar: GoToBar, qtbot: QtBot) -> None:
    found = typed(bar, "pharm", qtbot)
    assert sum("Service" in line for line in found) == 3
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert not bar.isVisible()
    assert window.canvas.marker.place == pytest.approx(middle(window), abs=1e-6)
    assert "Pharmacy" in window.canvas.marker.name


def test_arrows_choose_among_what_fits(window: MainWindow, bar: GoToBar, qtbot: QtBot) -> None:
    found = typed(bar, "corner ph", qtbot)
    assert len(found) >= 2, "the service and the zone round it"
    QTest.keyClick(bar.edit, Qt.Key.Key_Down)
    assert bar.list.currentRow() == 1
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert middle(window) == pytest.approx((-84.500, 39.110), abs=1e-5)


def test_coordinates_of_both_orders_are_offered(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    found = typed(bar, "-84.5, 39.11", qtbot)
    assert "longitude, latitude" in found[0], "this one lies in the project"
    assert len(found) == 2
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert middle(window) == pytest.approx((-84.5, 39.11), abs=1e-6)


def test_enter_waits_for_the_answer(window: MainWindow, bar: GoToBar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.edit, "39.11 N 84.5 W")
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert middle(window) == pytest.approx((-84.5, 39.11), abs=1e-6)


def test_plain_numbers_are_read_in_the_grid_of_the_layers(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    assert "Name their grid" in typed(bar, "1400000 410000", qtbot)[0]
    named = typed(bar, "EPSG:27700 530000 180000", qtbot)
    assert named[0].startswith("51.50")
    services = window.session.project.layer_named("Services")
    came_in = replace(services, provenance=replace(services.provenance, crs="EPSG:27700"))
    window.session.perform(edits.Edit("x", lambda project: project.with_layer(came_in)))
    assert "EPSG:27700" in typed(bar, "530000, 180000", qtbot)[0]


def test_what_fits_nothing_is_said(window: MainWindow, bar: GoToBar, qtbot: QtBot) -> None:
    before = window.canvas.view
    (said,) = typed(bar, "Atlantis", qtbot)
    assert said.startswith("Nothing here is called “Atlantis”")
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert bar.isVisible()
    assert window.canvas.view == before
    QTest.keyClick(bar.edit, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_no_event_and_nothing_hidden_is_found(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    assert "Nothing" in typed(bar, "fentanyl", qtbot)[0]
    assert "Nothing" in typed(bar, "10000", qtbot)[0]
    services = window.session.project.layer_named("Services")
    window.session.perform(edits.set_sensitivity(services.id, Sensitivity.RESTRICTED))
    window.session.set_look(audience=Audience.PUBLIC)
    assert not any("Service" in line for line in typed(bar, "pharmacy", qtbot))


def test_the_marker_is_drawn_and_goes(window: MainWindow, bar: GoToBar, qtbot: QtBot) -> None:
    typed(bar, "39.11, -84.5", qtbot)
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.canvas.busy)
    marked = window.canvas.grab().toImage()
    window.canvas.marker.hide()
    assert window.canvas.grab().toImage() != marked
    assert window.canvas.marker.place is None
    assert np.isfinite(window.canvas.view.x)


def test_it_says_that_it_looks_until_there_is_an_answer(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    bar.edit.clear()
    bar._ask("")
    QTest.keyClicks(bar.edit, "p")
    assert [bar.list.item(row).text() for row in range(bar.list.count())] == ["Looking…"]
    assert bar.list.isVisible()
    found = typed(bar, "ph", qtbot)
    assert found and "Looking…" not in found


def test_a_position_with_letters_is_read_as_they_say(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    (found,) = typed(bar, "39.104 N 84.512 W", qtbot)
    assert found.endswith("Read as its letters say")


def test_a_pointer_on_the_bar_is_at_no_place_of_the_map(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    for place in (QPoint(309, 259), QPoint(300, 250)):
        QTest.mouseMove(window.canvas, place)
    status = window.statusBar()
    assert isinstance(status, StatusBar) and status.place.text()
    at = QPointF(20, 20)
    QApplication.sendEvent(bar, QEnterEvent(at, at, QPointF(bar.mapToGlobal(at))))
    assert status.place.text() == ""
    typed(bar, "corner ph", qtbot)
    first = bar.list.visualItemRect(bar.list.item(0)).center()
    QTest.mouseClick(bar.list.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert not bar.isVisible() and status.place.text() == ""


def test_the_status_bar_says_where_the_pointer_is_after_the_jump(
    window: MainWindow, bar: GoToBar, qtbot: QtBot
) -> None:
    canvas, at = window.canvas, QPoint(300, 250)
    for place in (at + QPoint(9, 9), at):  # to where it is already no move is told of
        QTest.mouseMove(canvas, place)
    status = window.statusBar()
    assert isinstance(status, StatusBar)
    before = status.place.text()
    assert before == geodesy.position_in_words(*canvas.place_at(QPointF(at)))
    typed(bar, "corner ph", qtbot)
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert status.place.text() == geodesy.position_in_words(*canvas.place_at(QPointF(at)))
    assert status.place.text() != before
    window.commands.zoom_to_zones(tuple(window.session.project.zones)[:1])
    assert status.place.text() == geodesy.position_in_words(*canvas.place_at(QPointF(at)))
