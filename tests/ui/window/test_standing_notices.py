"""A notice that stands: true for as long as it does, in the colours of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gisapp.ui import theme
from gisapp.ui.main_window import MainWindow


@pytest.fixture
def bright_again(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    theme.apply(qapp, False)


def shown_in(label: QLabel) -> QImage:
    return label.pixmap().toImage()


def test_its_symbol_follows_light_and_dark(
    window: MainWindow, bright_again: QApplication, qtbot: QtBot
) -> None:
    bar = window.notices
    window.session.tell("Something happened.", "info")
    light = shown_in(bar.symbol)
    theme.apply(bright_again, True)
    qtbot.waitUntil(lambda: shown_in(bar.symbol) != light)
    switched = shown_in(bar.symbol)
    window.session.tell("Something happened.", "info")
    assert shown_in(bar.symbol) == switched


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_that_only_the_map_is_shown_is_said_no_longer_than_it_is_so(
    window: MainWindow, key: Qt.Key
) -> None:
    window.toggle_map_alone()
    assert "Only the map" in window.notices.text.text() and window.notices.isVisible()
    QTest.keyClick(window.canvas, key)
    assert not window.canvas.alone
    assert window.notices.isHidden()


def test_other_news_stays_when_all_is_shown_again(window: MainWindow) -> None:
    window.toggle_map_alone()
    window.session.tell("Saved.", "done")
    window.toggle_map_alone()
    assert window.notices.text.text() == "Saved." and window.notices.isVisible()


def test_of_the_second_map_nothing_is_said_once_it_is_closed(window: MainWindow) -> None:
    second = window.actions_set.qt["view.second"]
    second.trigger()
    assert "The second map" in window.notices.text.text() and window.notices.isVisible()
    second.trigger()
    assert window.pair.second is None
    assert window.notices.isHidden()
