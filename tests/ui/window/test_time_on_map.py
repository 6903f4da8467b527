"""The map follows a window of time, and says which span the picture shows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.forms import choose
from gisapp.ui.main_window import MainWindow
from gisapp.ui.time_panel import TimePanel


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
    pictures: list[int] = []
    window.canvas.drawn.connect(lambda: pictures.append(1))
    bars = len(panel.view.histogram or ())
    for step in range(200):
        panel.view.set_span((step % (bars - 3), step % (bars - 3) + 2))
        if len(pictures) > 2:
            break
        qtbot.wait(1)
    assert len(pictures) > 2, "each step asks anew before the last was drawn"


def test_the_caption_lets_the_mouse_through(window: MainWindow) -> None:
    assert window.canvas.caption.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
