"""The map on the wall of a meeting: it says for whom it is, when, and what it shows."""

from __future__ import annotations

from datetime import time

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.render.furniture import sources
from gisapp.render.look import Box
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.furniture import frame_words_box, restricted_layers
from gisapp.ui.map.meeting_overlay import meeting_boxes


def picture(window: MainWindow) -> np.ndarray:
    image = window.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4).copy()


def still(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.canvas.busy and bool(window.session.legend), timeout=10_000)


def test_the_map_alone_carries_audience_day_and_legend(window: MainWindow, qtbot: QtBot) -> None:
    still(window, qtbot)
    window.commands.map_alone()
    window.showNormal()  # The screen of the tests is too small for a legend.
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.canvas.width() > 1200, timeout=5_000)
    still(window, qtbot)
    with_legend = picture(window)
    qtbot.keyClick(window.canvas, Qt.Key.Key_L)
    without = picture(window)
    columns = np.flatnonzero((with_legend != without).any(axis=(0, 2)))
    assert columns.min() > with_legend.shape[1] / 2, "the legend stands at the right"
    window.canvas.alone = False
    bare = picture(window)
    rows = np.flatnonzero((without != bare).any(axis=(1, 2)))
    assert rows.max() < 60, "the audience and the day stand at the top"
    window.canvas.alone = True
    window.commands.map_alone()
    assert not window.canvas.alone


def test_escape_ends_the_tool_then_the_map_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.map_alone()
    window.use_tool("tool.measure")
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=window.canvas.rect().center())
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.canvas.alone
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.canvas.tool is window.tools["tool.pan"]
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.canvas.alone
    assert window.menuBar().isVisible()


def test_space_and_arrows_drive_the_player_with_the_map_alone(
    window: MainWindow, qtbot: QtBot
) -> None:
    still(window, qtbot)
    player, canvas, key = window.time.player, window.canvas, Qt.Key

    def middle() -> tuple[float, float]:
        return window.session.view.x, window.session.view.y

    before = middle()
    qtbot.keyClick(canvas, key.Key_Right)
    assert middle() != before, "beside the panels arrows move the map"
    window.commands.map_alone()
    before = middle()
    qtbot.keyClick(canvas, key.Key_Left)
    assert middle() != before, "and while all times are shown"
    canvas.cross.hide()
    before = middle()
    qtbot.keyClick(canvas, key.Key_Space)
    assert player.playing and canvas.caption.playing is True
    qtbot.waitUntil(canvas.caption.isVisible, timeout=5_000)
    assert canvas.caption.accessibleName() == "Span of time on the map, playing"
    qtbot.keyClick(canvas, key.Key_Space)
    assert not player.playing and canvas.caption.playing is False
    place = player.slider.value()
    qtbot.keyClick(canvas, key.Key_Right)
    qtbot.keyClick(canvas, key.Key_Right)
    assert player.slider.value() == place + 2
    qtbot.keyClick(canvas, key.Key_Left)
    assert player.slider.value() == place + 1
    assert middle() == before
    qtbot.keyClick(canvas, key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert middle() != before
    qtbot.keyClick(canvas, key.Key_Space)
    player.slider.setValue(player.slider.maximum())
    qtbot.waitUntil(lambda: not player.playing, timeout=5_000)
    assert canvas.caption.playing is False
    window.commands.map_alone()
    assert canvas.caption.playing is None, "its controls are seen again"


def test_sources_name_no_file_that_the_audience_may_not_see(window: MainWindow) -> None:
    project, session = window.session.project, window.session
    for audience in Audience:
        session.set_look(audience=audience)
        named = set(sources(project, session.look, events=False))
        for layer in project.layers:
            hidden = session.look.showing(layer).value == "nothing" or layer.is_events
            if hidden:
                assert not named & set(layer.provenance.sources)


def test_zones_outside_their_hours_are_told_apart_in_the_list(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = window.session

    def said() -> set[str]:
        return {row.stands for row in window.inspector.overview.zones.zones.rows}

    session.set_look(time=None)
    before = said()
    for hour in range(24):
        session.set_look(time=time(hour))
        if any("not at" in words for words in said()):
            break
    outside = any(zone_hours for zone_hours in _hours(window))
    assert any("not at" in words for words in said()) is outside
    assert not any("not at" in words for words in before)


def _hours(window: MainWindow) -> list[bool]:
    return [bool(agreement.hours) for agreement in window.session.project.agreements.values()]


def test_what_was_read_on_the_map_is_not_left_for_the_next_audience(
    window: MainWindow, qtbot: QtBot
) -> None:
    still(window, qtbot)
    window.canvas.set_tool(window.tools["tool.identify"])
    at_rest = window.canvas.hint
    window.canvas.set_hint("1 overdose · 3 more here, click again for the next")
    window.session.set_look(audience=Audience.PUBLIC)
    assert window.canvas.hint == at_rest


def test_a_view_is_kept_under_its_name(window: MainWindow, qtbot: QtBot) -> None:
    still(window, qtbot)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        dialog.setTextValue("Old town")
        dialog.accept()

    QTimer.singleShot(0, answer)
    window.commands.save_view()
    assert [view.name for view in window.session.project.views] == ["Old town"]
    window.commands.undo()
    assert not window.session.project.views


def test_beside_a_second_map_the_words_stand_clear_and_the_legend_is_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    still(window, qtbot)
    canvas, session = window.canvas, window.session
    key = session.project.layer_named("Overdoses 2025").id
    session.perform(edits.rename_layer(key, "Overdoses as the ambulance service told of them"))
    window.navigation.pair.set_second(True)
    window.commands.map_alone()
    window.showNormal()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: 600 < canvas.width() < 700, timeout=5_000)
    still(window, qtbot)
    project, look = session.project, session.look
    frame = frame_words_box(restricted_layers(project, look))
    asked = canvas.view, project, look, session.legend, canvas.cards()
    boxes = meeting_boxes(*asked, with_legend=True)
    assert len(boxes) == 2, "the legend has room"
    over = [frame, *boxes, *canvas.cards()]
    assert len(canvas.cards()) == 1, "and what says of which day the map is"
    for number, one in enumerate(over):
        assert one[0] >= 0 and one[2] <= canvas.width()
        for other in over[number + 1 :]:
            assert not meet(one, other)
    with_legend = picture(window)
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    changed = np.argwhere((with_legend != picture(window)).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    box = boxes[1]
    assert box[0] - 1 <= left and right <= box[2] and box[1] - 1 <= top and bottom <= box[3]
    assert right - left < canvas.width() * 0.4, "most of the map is the map's"


def meet(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
