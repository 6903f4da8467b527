"""The map follows a window of time, and says which span the picture shows."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.main_window import MainWindow
from gisapp.ui.times.panel import TimePanel
from gisapp.ui.widgets.forms import choose


def test_while_it_plays_the_map_follows_and_says_what_it_shows(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = window.findChild(TimePanel)
    assert panel is not None
    canvas, player = window.canvas, panel.player
    choose(player.speed_box, 16)
    drawn: list[str] = []
    canvas.drawn.connect(lambda: drawn.append(canvas.caption.text))
    player.slider.setFocus()
    player.toggle()
    qtbot.waitUntil(lambda: not player.playing, timeout=8000)
    qtbot.waitUntil(lambda: not canvas.busy, timeout=8000)
    layer = window.session.project.layers_of(LayerKind.OVERDOSES)[0]
    shown = canvas.images.shown
    assert shown is not None
    span = shown.look.span_of(layer)
    assert span is not None
    assert span.span == panel.spans[layer.id], "the newest window is drawn in the end"
    assert canvas.caption.isVisible()
    assert canvas.caption.text in panel.words.text()
    assert len(set(drawn)) > 3, "and many of those on the way"
    panel.view.set_span(None)
    qtbot.waitUntil(lambda: not canvas.caption.isVisible(), timeout=3000)


def test_a_brush_that_never_rests_is_followed_all_the_same(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = window.findChild(TimePanel)
    assert panel is not None
    places = itertools.cycle(range(len(panel.view.histogram or ()) - 3))

    def step() -> None:
        first = next(places)
        panel.view.set_span((first, first + 2))

    hand = QTimer(interval=1)
    hand.timeout.connect(step)
    hand.start()
    for _ in range(3):  # Each step asks anew before the last was drawn.
        qtbot.waitSignal(window.canvas.drawn, timeout=10_000).wait()
    hand.stop()


def test_the_caption_lets_the_mouse_through(window: MainWindow) -> None:
    assert window.canvas.caption.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
