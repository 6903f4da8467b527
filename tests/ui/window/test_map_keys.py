"""Drawing, reading and measuring with keys alone, at the cross in the middle of the map."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gisapp.layers import geodesy
from gisapp.ui.main_window import MainWindow

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def keys(window: MainWindow, *pressed: Qt.Key) -> None:
    for key in pressed:
        QTest.keyClick(window.canvas, key)


def middle(window: MainWindow) -> tuple[float, float]:
    canvas = window.canvas
    return canvas.place_at(QPointF(canvas.width() / 2, canvas.height() / 2))


def test_an_outline_is_drawn_with_keys(window: MainWindow) -> None:
    before = set(window.session.project.zones)
    window.use_tool("zones.draw")
    places = []
    for step in (Key.Key_Right, Key.Key_Down, Key.Key_Left):
        keys(window, step)
        places.append(middle(window))
        keys(window, Key.Key_Space)
    keys(window, Key.Key_Up, Key.Key_Space, Key.Key_Backspace)
    sketch = window.tools["zones.draw"].sketch
    assert np.allclose(sketch.corners, places)
    keys(window, Key.Key_Return)
    assert window.card.isVisible()
    window.card.name_edit.setText("By keys")
    QTest.keyClick(window.card.name_edit, Key.Key_Return)
    (new,) = set(window.session.project.zones) - before
    assert window.session.project.zones[new].name == "By keys"


def test_space_twice_in_one_place_ends_a_measurement(window: MainWindow) -> None:
    window.use_tool("tool.measure")
    keys(window, Key.Key_Right)
    start = middle(window)
    keys(window, Key.Key_Space, Key.Key_Right)
    end = middle(window)
    keys(window, Key.Key_Space, Key.Key_Space)
    assert geodesy.in_words(geodesy.distance_m(*start, *end)) in window.canvas.hint
    assert "start anew" in window.canvas.hint
    keys(window, Key.Key_Escape, Key.Key_Escape)
    assert window.canvas.tool is window.tools["tool.pan"]


def test_enter_reads_what_lies_under_the_cross_and_then_below_it(window: MainWindow) -> None:
    session = window.session
    window.use_tool("tool.identify")
    keys(window, Key.Key_Right)
    x, y = -84.500, 39.110
    px, py = window.canvas.view.to_screen(np.array([x]), np.array([y]))
    width, height = window.canvas.width(), window.canvas.height()
    session.set_view(session.view.panned(width / 2 - px[0], height / 2 - py[0]))
    keys(window, Key.Key_Return)
    assert session.selection.layer_id == session.project.layer_named("Services").id
    keys(window, Key.Key_Return)
    assert session.selection.zone_ids


def test_the_cross_comes_with_the_keys_and_goes_with_the_mouse(window: MainWindow) -> None:
    canvas = window.canvas
    window.use_tool("tool.select")
    shown = [canvas.cross.shown]
    keys(window, Key.Key_Up)
    shown.append(canvas.cross.shown)
    QTest.mouseMove(canvas, QPoint(50, 50))
    QTest.mouseMove(canvas, QPoint(60, 60))
    shown.append(canvas.cross.shown)
    assert shown == [False, True, False]


def test_shift_moves_the_map_by_small_steps(window: MainWindow) -> None:
    canvas = window.canvas
    start = canvas.view.x
    keys(window, Key.Key_Right)
    whole = canvas.view.x - start
    QTest.keyClick(canvas, Key.Key_Left, SHIFT)
    assert start + whole - canvas.view.x == pytest.approx(whole / 8)
