"""A narrow window: what is asked of the map stays in the tool bar, and nothing is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gisapp.layers.project import Project
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.main_window import MainWindow


def more(window: MainWindow) -> QToolButton:
    button = window.tool_bar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert isinstance(button, QToolButton)
    return button


def resized(window: MainWindow, qtbot: QtBot, width: int) -> None:
    window.resize(width, 700)
    qtbot.waitUntil(lambda: window.tool_bar.width() == width)
    QTest.qWait(0)


def whole(window: MainWindow, part: QWidget) -> bool:
    bar = window.tool_bar
    return part.isVisible() and bar.rect().contains(part.rect().translated(part.pos()))


def test_at_1024_pixels_day_time_audience_and_export_are_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    resized(window, qtbot, 1024)
    (export,) = [
        one for one in window.tool_bar.findChildren(QToolButton) if one.accessibleName() == "Export"
    ]
    assert whole(window, window.questions) and whole(window, export)
    assert not more(window).isVisible()
    menus = {one.text(): one.menu().actions() for one in window.menuBar().actions()}
    reachable = {one for entries in menus.values() for one in entries}
    left_out = [
        window.actions_set.qt[key] for key in ("view.in", "view.out", "view.current", "view.all")
    ]
    shown = set(window.tool_bar.actions())
    assert all(one in shown or (one in reachable and one.isVisible()) for one in left_out)


def test_what_gave_way_comes_back_in_its_order(window: MainWindow, qtbot: QtBot) -> None:
    resized(window, qtbot, 1280)
    before = [one.text() for one in window.tool_bar.actions()]
    for width in (1024, 760, 1100, 900, 1280):
        resized(window, qtbot, width)
    assert [one.text() for one in window.tool_bar.actions()] == before
    assert window.questions.has_symbols
    for action in window.tool_bar.actions():
        button = window.tool_bar.widgetForAction(action)
        if isinstance(button, QToolButton):
            assert button.accessibleName() and button.focusPolicy() is Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("width", [640, 700, 800, 900, 1000, 1100, 1200])
def test_what_has_no_room_is_behind_a_button_that_is_seen(
    window: MainWindow, qtbot: QtBot, width: int
) -> None:
    resized(window, qtbot, width)
    button = more(window)
    hidden = [
        part
        for action in window.tool_bar.actions()
        if action.isVisible() and not action.isSeparator()
        for part in (window.tool_bar.widgetForAction(action),)
        if not part.isVisible()
    ]
    assert bool(hidden) == button.isVisible()
    if button.isVisible():
        assert button.size().width() >= 18 and button.geometry().right() < width
        assert button.accessibleName() == "More tools"
        picture = button.grab().toImage()
        tones = {picture.pixelColor(x, 16).lightness() for x in range(picture.width())}
        assert max(tones) - min(tones) > 100, "arrows are told from their ground"


def test_a_dialog_is_no_wider_than_there_is_room_for(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    resized(window, qtbot, 1024)
    path = tmp_path / "sites.csv"
    path.write_text("name,longitude,latitude\nA,-84.51,39.10\n", encoding="utf-8")
    dialog = ImportDialog(window.session, [path], None, window)
    dialog.show()
    qtbot.waitUntil(dialog.add.isEnabled)
    assert dialog.width() <= 1024
    right = dialog.add.mapTo(dialog, dialog.add.rect().topRight())
    assert right.x() < 1024
    dialog.reject()
    dialog.deleteLater()


def test_a_window_that_opens_narrow_has_no_gap_in_its_tool_bar(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    window = open_window(None)
    for width in (1024, 1023, 760, 761, 1024):
        resized(window, qtbot, width)
        bar = window.tool_bar
        parts = [bar.widgetForAction(one) for one in bar.actions()]
        shown = sorted(
            (one.geometry().left(), one.geometry().right()) for one in parts if one.isVisible()
        )
        gaps = [after[0] - before[1] for before, after in pairwise(shown)]
        assert max(gaps) <= 12, width


def test_lines_of_the_welcome_page_stay_within_their_buttons(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    window = open_window(None)
    resized(window, qtbot, 1024)
    for button in window.findChildren(QPushButton):
        if not (button.property("big") and button.isVisible()):
            continue
        for words in button.findChildren(QLabel):
            assert words.geometry().right() <= button.width() - 8, words.text()
            assert words.sizeHint().width() <= words.width(), words.text()
