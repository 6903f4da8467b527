"""A map that is let go glides on; images are there wherever it comes; a worker draws them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.layers.audience import Audience
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.glide import LONGEST_S, Swing, way_after
from gisapp.ui.map.surface import MapSurface

LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
NONE = Qt.KeyboardModifier.NoModifier


def send(canvas: MapSurface, kind: QMouseEvent.Type, at: QPoint, when: int) -> None:
    """A mouse event at a moment of its own, as a real mouse sends them."""
    button = NO_BUTTON if kind is QMouseEvent.Type.MouseMove else LEFT
    down = NO_BUTTON if kind is QMouseEvent.Type.MouseButtonRelease else LEFT
    where = QPointF(canvas.mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), where, button, down, NONE)
    event.setTimestamp(when)
    QApplication.sendEvent(canvas, event)


def flick(canvas: MapSurface, *, waits: int = 5, pixels: int = 20) -> None:
    """Ten steps of a drag to the right, 10 ms each, and let go after `waits` more."""
    at = QPoint(300, 300)
    send(canvas, QMouseEvent.Type.MouseButtonPress, at, 1000)
    for step in range(1, 11):
        send(canvas, QMouseEvent.Type.MouseMove, at + QPoint(step * pixels, 0), 1000 + 10 * step)
    end = at + QPoint(10 * pixels, 0)
    send(canvas, QMouseEvent.Type.MouseButtonRelease, end, 1100 + waits)


def test_a_flick_glides_on_slows_down_and_ends_sharp(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    flick(canvas)
    let_go = canvas.view
    assert canvas.glide.active
    assert canvas.busy
    qtbot.waitUntil(lambda: not canvas.glide.active, timeout=2_000)
    gone = (let_go.x - canvas.view.x) / canvas.view.resolution
    assert gone == pytest.approx(2000 * way_after(LONGEST_S), rel=0.01)
    qtbot.waitUntil(lambda: not canvas.busy)
    assert canvas.images.is_sharp_at(canvas.view)


def test_a_mouse_that_was_halted_leaves_the_map_where_it_is(window: MainWindow) -> None:
    flick(window.canvas, waits=200)
    assert not window.canvas.glide.active


def test_a_slow_drag_does_not_glide(window: MainWindow) -> None:
    flick(window.canvas, pixels=1)
    assert not window.canvas.glide.active


@pytest.mark.parametrize("by", ["press", "key", "wheel"])
def test_a_glide_stops_at_once(window: MainWindow, by: str) -> None:
    canvas = window.canvas
    flick(canvas)
    assert canvas.glide.active
    if by == "press":
        QTest.mousePress(canvas, LEFT, pos=QPoint(100, 100))
    elif by == "key":
        QTest.keyClick(canvas, Qt.Key.Key_Shift)
    else:
        wheel(canvas, 120)
    assert not canvas.glide.active
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(100, 100))


def test_who_wants_no_glide_has_none(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window.canvas.glides = False
    flick(window.canvas)
    assert not window.canvas.glide.active
    window.canvas.glides = True
    monkeypatch.setattr("gisapp.ui.map.surface.system_moves_things", lambda _: False)
    flick(window.canvas)
    assert not window.canvas.glide.active


def test_the_speed_is_that_of_the_last_moments() -> None:
    swing = Swing()
    swing.begin(QPointF(0, 0), 0)
    for when in range(10, 500, 10):
        swing.follow(QPointF(when, 0), when)
    assert swing.speed(500).x() == pytest.approx(1000)
    for when in range(500, 700, 10):
        swing.follow(QPointF(500, 0), when)
    assert swing.speed(700).isNull(), "it rested before it was let go"


def wheel(canvas: MapCanvas, angle: int, pixels: int = 0) -> None:
    at = QPointF(200, 150)
    phase = Qt.ScrollPhase.ScrollUpdate if pixels else Qt.ScrollPhase.NoScrollPhase
    deltas = QPoint(0, pixels), QPoint(0, angle)
    where = QPointF(canvas.mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, where, *deltas, NO_BUTTON, NONE, phase, False)
    QApplication.sendEvent(canvas, event)


def test_small_turns_of_a_wheel_zoom_as_far_as_one_large(window: MainWindow) -> None:
    canvas = window.canvas
    before = canvas.view
    for _ in range(8):
        wheel(canvas, 15)
    small = canvas.view
    window.session.set_view(before)
    wheel(canvas, 120)
    assert small.resolution == pytest.approx(canvas.view.resolution)
    assert small.x == pytest.approx(canvas.view.x)


def test_a_touch_pad_zooms_by_its_pixels(window: MainWindow) -> None:
    before = window.canvas.view.resolution
    wheel(window.canvas, 120, pixels=6)
    assert before / 1.05 < window.canvas.view.resolution < before


def picture(canvas: MapCanvas) -> np.ndarray:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4).copy()


def test_beyond_the_sharp_image_is_a_coarse_one(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    canvas.zoom_by(3)
    qtbot.waitUntil(lambda: not canvas.busy and canvas.images.complete, timeout=10_000)
    send(canvas, QMouseEvent.Type.MouseButtonPress, QPoint(10, 300), 1000)
    send(canvas, QMouseEvent.Type.MouseMove, QPoint(canvas.width() - 10, 300), 1010)
    came_in = picture(canvas)[:, : canvas.width() // 2]
    canvas.images.forget_coarse()
    assert (came_in != picture(canvas)[:, : canvas.width() // 2]).any()
    send(canvas, QMouseEvent.Type.MouseButtonRelease, QPoint(canvas.width() - 10, 300), 2000)


def test_nothing_of_another_audience_comes_up_from_behind(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    qtbot.waitUntil(lambda: not canvas.busy and canvas.images.complete, timeout=10_000)
    assert canvas.images._coarse is not None
    window.session.set_look(audience=Audience.PUBLIC)
    assert canvas.images._coarse is None
    qtbot.waitUntil(lambda: not canvas.busy and canvas.images.complete, timeout=10_000)
    assert canvas.images._coarse[1].look.audience is Audience.PUBLIC


def test_a_drag_within_the_image_asks_for_no_other(window: MainWindow, qtbot: QtBot) -> None:
    canvas, drawn = window.canvas, []
    canvas.drawn.connect(lambda: drawn.append(1))
    at = QPoint(300, 300)
    QTest.mousePress(canvas, LEFT, pos=at)
    for step in range(30):
        QTest.mouseMove(canvas, at + QPoint(step, step // 2))
        QApplication.processEvents()
    assert not drawn
    QTest.mouseRelease(canvas, LEFT, pos=at)
    qtbot.waitUntil(lambda: bool(drawn))
