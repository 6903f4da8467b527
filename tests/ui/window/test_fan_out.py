"""Many rows on one place, fanned out with real clicks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.painters.clusters import clusters_in, discs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map import fan_out
from gisapp.ui.map.tools import IdentifyTool
from gisapp.ui.session import Selection
from gisapp.ui.status_bar import StatusBar

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LON, LAT = -93.265, 44.975


def stops(on_one_place: int) -> Layer:
    """A stack, and two stops by themselves 300 m away on either side."""
    lon = np.array([LON - 0.004, *[LON] * on_one_place, LON + 0.004])
    table = pa.table({"case": np.arange(len(lon))})
    return new_layer("Stops", LayerKind.STOPS, table, Points(lon, np.full(len(lon), LAT)))


@pytest.fixture
def stacked(
    open_window: Callable[[Project | None], MainWindow],
) -> Callable[..., tuple[MainWindow, IdentifyTool, QPoint]]:
    """A window on a stack, the identify tool in hand, and the pixel of the stack."""

    def start(count: int, **style: object) -> tuple[MainWindow, IdentifyTool, QPoint]:
        layer = stops(count)
        layer = layer.restyled(replace(layer.style, **style))
        window = open_window(Project(timezone="America/Chicago").with_layer(layer))
        identify = window.tools["tool.identify"]
        assert isinstance(identify, IdentifyTool)
        window.canvas.set_tool(identify)
        return window, identify, pixel(window)

    return start


def largest(window: MainWindow) -> QPoint:
    """The middle of the cluster that holds most."""
    session, view = window.session, window.canvas.view
    layer = session.project.layers[0]
    found = clusters_in(layer, view, None, session.cache, Progress())
    disc = max(discs(view, found, layer.style), key=lambda one: one.count)
    return QPointF(disc.x, disc.y).toPoint()


def pixel(window: MainWindow) -> QPoint:
    x, y = window.canvas.view.to_screen(np.array([LON]), np.array([LAT]))
    return QPointF(float(x[0]), float(y[0])).toPoint()


def test_a_click_fans_a_stack_out_and_each_leg_is_a_row(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]],
) -> None:
    window, identify, at = stacked(9)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    assert identify.fan.is_open
    assert [row for _, row in identify.fan.legs] == list(range(1, 10))
    for foot, row in identify.fan.legs:
        QTest.mouseClick(window.canvas, LEFT, NONE, foot.toPoint())
        assert window.session.selection.rows.tolist() == [row]
        assert identify.fan.is_open
    before = window.canvas.grab().toImage()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not identify.fan.is_open
    assert window.canvas.tool is identify
    assert window.canvas.grab().toImage() != before


def test_very_many_get_some_legs_and_words_about_the_others(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]],
) -> None:
    window, identify, at = stacked(1_264)
    said: list[str] = []
    window.canvas.hint_changed.connect(said.append)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    assert len(identify.fan.legs) == fan_out.LEGS
    assert "1,264 stops at one place, 60 of them here, all in the table" in said[-1]
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert said[-1] == ""


def test_moving_the_map_or_clicking_beside_folds_it(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]], qtbot: QtBot
) -> None:
    window, identify, at = stacked(5)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    window.canvas.pan_by(40, 0)
    assert not identify.fan.is_open
    at = pixel(window)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    assert identify.fan.is_open
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(20, 20))
    assert not identify.fan.is_open
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)


def test_it_ends_when_others_look_and_never_opens_for_them(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]], qtbot: QtBot
) -> None:
    window, identify, at = stacked(5)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    assert identify.fan.is_open
    window.session.set_look(audience=Audience.PARTNERS)
    assert not identify.fan.is_open
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    assert not identify.fan.is_open
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)


def test_it_ends_when_its_layer_goes(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]], qtbot: QtBot
) -> None:
    window, identify, at = stacked(5)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    window.session.perform(edits.remove_layer(window.session.project.layers[0].id))
    assert not identify.fan.is_open
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)


def test_from_far_away_one_is_told_to_come_closer(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]], qtbot: QtBot
) -> None:
    window, identify, _ = stacked(5)
    window.canvas.zoom_by(1 / 32, QPointF(pixel(window)))
    QTest.mouseClick(window.canvas, LEFT, NONE, pixel(window))
    assert not identify.fan.is_open
    assert "come closer" in window.canvas.hint
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)


def test_a_click_on_a_cluster_comes_closer_until_a_stack_is_left(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]], qtbot: QtBot
) -> None:
    window, identify, _ = stacked(5, points=PointDrawing.CLUSTERS)
    window.canvas.zoom_by(1 / 64, QPointF(pixel(window)))
    before = window.canvas.view.resolution
    QTest.mouseClick(window.canvas, LEFT, NONE, largest(window))
    assert "stops close together" in window.canvas.hint
    assert window.canvas.view.resolution < before
    assert not identify.fan.is_open
    for _ in range(6):
        if identify.fan.is_open:
            break
        QTest.mouseClick(window.canvas, LEFT, NONE, largest(window))
    assert [row for _, row in identify.fan.legs] == [1, 2, 3, 4, 5]
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)


@pytest.mark.parametrize("count", [2, 14, 15, 60])
def test_feet_stand_apart(count: int) -> None:
    places = np.array([(foot.x(), foot.y()) for foot in fan_out.feet(count)])
    away = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert away.min() > 13
    assert np.hypot(*places.T).min() > 30


@pytest.mark.parametrize("count", [3, 14, 45, 80])
@pytest.mark.parametrize("corner", [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 1)])
def test_a_fan_at_the_edge_of_the_map_stands_inside_and_beside_the_scale_bar(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]],
    count: int,
    corner: tuple[float, float],
) -> None:
    window, identify, at = stacked(count)
    canvas = window.canvas
    wanted = QPointF(6 + corner[0] * (canvas.width() - 12), 6 + corner[1] * (canvas.height() - 12))
    window.session.set_view(canvas.view.panned(wanted.x() - at.x(), wanted.y() - at.y()))
    QTest.mouseClick(canvas, LEFT, NONE, pixel(window))
    assert identify.fan.is_open
    feet = [foot for foot, _ in identify.fan.legs]
    assert len(feet) == min(count, fan_out.LEGS)
    assert all(6 < foot.x() < canvas.width() - 6 for foot in feet)
    assert all(30 < foot.y() < canvas.height() - 50 for foot in feet)
    foot, row = identify.fan.legs[-1]
    QTest.mouseClick(canvas, LEFT, NONE, foot.toPoint())
    assert window.session.selection.rows.tolist() == [row]


def test_what_was_said_of_a_hexagon_goes_with_the_selection(
    stacked: Callable[..., tuple[MainWindow, IdentifyTool, QPoint]],
) -> None:
    window, _, at = stacked(9, points=PointDrawing.HEXAGONS)
    QTest.mouseClick(window.canvas, LEFT, NONE, at)
    assert window.canvas.hint == "9 stops in this hexagon"
    assert window.session.selection.rows.tolist() == list(range(1, 10))
    layer = window.session.project.layers[0]
    window.session.select(Selection((), layer.id, np.array([0])))
    assert "hexagon" not in window.canvas.hint
    bar = window.statusBar()
    assert isinstance(bar, StatusBar)
    assert "hexagon" not in bar.hint.text()
