"""The overview map shows where one is, and takes one elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.look import Scene
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.overview_map import HEIGHT, WIDTH, OverviewMap

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def overview(window: MainWindow, qtbot: QtBot) -> OverviewMap:
    window.actions_set.qt["view.overview"].trigger()
    overview = window.navigation.overview
    qtbot.waitUntil(lambda: overview.ready, timeout=5_000)
    return overview


def test_a_click_brings_the_map_there(window: MainWindow, overview: OverviewMap) -> None:
    window.canvas.zoom_by(8)
    before = overview.seen
    at = QPoint(20, 20)
    assert not before.contains(QPointF(at))
    QTest.mouseClick(overview, LEFT, NONE, at)
    assert (overview.seen.center() - QPointF(at)).manhattanLength() < 1
    assert window.canvas.view.resolution == pytest.approx(window.session.view.resolution)


def test_the_rectangle_is_dragged(window: MainWindow, overview: OverviewMap, qtbot: QtBot) -> None:
    window.canvas.zoom_by(4)
    start = overview.seen.center()
    QTest.mousePress(overview, LEFT, NONE, start.toPoint())
    QTest.mouseMove(overview, start.toPoint() + QPoint(30, 10))
    QTest.mouseRelease(overview, LEFT, NONE, start.toPoint() + QPoint(30, 10))
    way = overview.seen.center() - start
    assert (way.x(), way.y()) == pytest.approx((30, 10), abs=0.01)
    qtbot.waitUntil(lambda: not window.canvas.busy)


def test_it_is_not_drawn_anew_when_the_map_moves(
    window: MainWindow, overview: OverviewMap, qtbot: QtBot
) -> None:
    before = overview._image
    window.canvas.pan_by(100, 50)
    qtbot.waitUntil(lambda: not window.canvas.busy)
    assert overview._image is before


def test_its_picture_goes_with_the_audience(
    window: MainWindow, overview: OverviewMap, qtbot: QtBot
) -> None:
    before = overview._image
    window.session.set_look(audience=Audience.PUBLIC)
    assert overview._image is None
    qtbot.waitUntil(lambda: overview.ready, timeout=5_000)
    assert overview._image is not None
    assert overview._image[0] != before[0]


def test_it_covers_neither_scale_bar_nor_restriction(
    window: MainWindow, overview: OverviewMap
) -> None:
    box = overview.geometry()
    assert box.size().toTuple() == (WIDTH, HEIGHT)
    assert box.bottom() < window.canvas.height() - 45
    assert box.top() > 40


def test_on_a_low_map_it_is_smaller(
    window: MainWindow, overview: OverviewMap, qtbot: QtBot
) -> None:
    window.bottom.set_folded(False)
    window.resizeDocks([window.bottom_dock], [420], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: window.canvas.height() < 380)
    qtbot.waitUntil(lambda: overview.ready, timeout=5_000)
    box = overview.geometry()
    assert overview.isVisible() and box.height() < HEIGHT
    assert box.bottom() < window.canvas.height() - 45 and box.top() > 40
    assert overview._image is not None and overview._image[0].size() == box.size()
    assert overview.seen.center().x() == pytest.approx(box.width() / 2, abs=3)


def test_where_there_is_no_room_for_it_that_is_said(
    window: MainWindow, overview: OverviewMap, qtbot: QtBot
) -> None:
    window.actions_set.qt["view.overview"].trigger()
    window.canvas.setFixedHeight(180)
    qtbot.waitUntil(lambda: window.canvas.height() == 180)
    window.actions_set.qt["view.overview"].trigger()
    assert not overview.isVisible()
    assert "as soon as the map has more room" in window.notices.text.text()
    window.canvas.setMaximumHeight(900)
    window.canvas.setMinimumHeight(400)
    qtbot.waitUntil(overview.isVisible)


def test_it_is_remembered(window: MainWindow, overview: OverviewMap) -> None:
    assert window.navigation.options.overview
    window.actions_set.qt["view.overview"].trigger()
    assert not overview.isVisible()
    assert not window.navigation.options.overview


def test_services_are_small_on_it(window: MainWindow, overview: OverviewMap) -> None:
    project = window.session.project
    (layer,) = project.layers_of(LayerKind.SERVICES)
    large = SymbolClass("Large", Category("x"), size=40.0)
    style = replace(layer.style, symbology=Symbology((large,), "kind"))
    window.session.perform(edits.restyle_layer(layer.id, style))
    asked: list[Scene] = []
    overview._renderer.request = lambda scene, *_, **__: asked.append(scene)
    overview._request()
    (small,) = asked[0].project.layers_of(LayerKind.SERVICES)
    assert small.style.size < layer.style.size / 2
    assert small.style.symbology.classes[0].size < 20
    assert window.session.project.layer(layer.id).style == style
