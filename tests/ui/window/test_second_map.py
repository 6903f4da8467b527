"""Two maps side by side: one place, two days or audiences, and one movement."""

from __future__ import annotations

import sys
from datetime import date
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gisapp.layers.audience import Audience, Sensitivity, Showing, showing
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.pair import SecondHeader
from gisapp.ui.map.second_look import no_more_open_than
from gisapp.ui.map.second_map import SecondMap

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def second(window: MainWindow, qtbot: QtBot) -> SecondMap:
    window.actions_set.qt["view.second"].trigger()
    second = window.pair.second
    assert second is not None
    qtbot.waitUntil(lambda: second.width() > 100 and not second.busy, timeout=10_000)
    return second


def header(window: MainWindow) -> SecondHeader:
    (header,) = window.findChildren(SecondHeader)
    return header


def test_both_maps_show_one_place_and_move_together(
    window: MainWindow, second: SecondMap, qtbot: QtBot
) -> None:
    first = window.canvas
    for map_, other in ((first, second), (second, first)):
        at = QPoint(150, 150)
        place = map_.place_at(QPointF(at))
        QTest.mousePress(map_, LEFT, pos=at)
        QTest.mouseMove(map_, at + QPoint(60, 30))
        assert map_.place_at(QPointF(at + QPoint(60, 30))) == pytest.approx(place, abs=1e-9)
        QTest.mouseRelease(map_, LEFT, pos=at + QPoint(60, 30))
        assert (map_.view.x, map_.view.y) == pytest.approx((other.view.x, other.view.y))
        map_.zoom_by(2, QPointF(30, 40))
        assert map_.view.resolution == other.view.resolution
    qtbot.waitUntil(lambda: not (first.busy or second.busy), timeout=10_000)
    assert second.images.is_sharp_at(second.view)


def test_the_second_has_its_own_day_and_says_so(window: MainWindow, second: SecondMap) -> None:
    first = window.session.look
    second.set_second(day=date(2024, 3, 1))
    assert second.look.day == date(2024, 3, 1)
    assert window.session.look is first
    assert header(window).title.text() == "Second map: 1 March 2024, police analysts"
    assert window.pair.header.title.text().startswith("First map: 4 June 2025")
    assert "Exports" in window.pair.header.note.text()


@pytest.mark.parametrize("wide", [1280, 1920])
def test_its_boxes_are_as_wide_as_their_longest_words(
    window: MainWindow, second: SecondMap, qtbot: QtBot, wide: int
) -> None:
    window.resize(wide, 1000)
    qtbot.waitUntil(lambda: window.width() == wide)
    boxes = header(window).audience, header(window).time
    for box in boxes:
        assert box.sizeHint().width() <= box.width() <= box.sizeHint().width() + 8
        words = max(box.fontMetrics().horizontalAdvance(box.itemText(i)) for i in range(2))
        assert box.width() > words + 16
    assert header(window).layers.geometry().right() < header(window).width()


def test_news_stand_over_the_first_map_alone(
    window: MainWindow, second: SecondMap, qtbot: QtBot
) -> None:
    window.session.tell("Something happened that is told in some words.")
    bar, canvas = window.notices, window.canvas

    def inside() -> bool:
        left = canvas.mapTo(window.centre, QPoint()).x()
        return left + 45 < bar.x() and bar.geometry().right() < left + canvas.width() - 45

    qtbot.waitUntil(lambda: bar.isVisible() and inside())
    window.pair.set_second(False)
    qtbot.waitUntil(lambda: bar.width() > canvas.width() / 2 and inside())


def test_layers_are_hidden_there_alone(window: MainWindow, second: SecondMap) -> None:
    before = window.session.project
    menu = QMenu()
    header(window).fill(menu)
    (entry,) = (action for action in menu.actions() if action.text() == "Services")
    entry.setChecked(False)
    (zones,) = (action for action in menu.actions() if action.text() == "Zones")
    zones.setChecked(False)
    menu.deleteLater()
    assert not second.project.layer_named("Services").visible
    assert not second.project.zones_visible
    assert window.session.project is before
    assert window.session.document.undo_label is None


def test_the_second_is_never_more_open_than_the_first(
    window: MainWindow, second: SecondMap
) -> None:
    window.session.set_look(audience=Audience.PARTNERS)
    assert second.look.audience is Audience.PARTNERS
    box = header(window).audience
    shown = {Audience(box.itemData(index)) for index in range(box.count())}
    assert shown == {Audience.PUBLIC, Audience.PARTNERS}
    window.session.set_look(audience=Audience.POLICE)
    assert second.look.audience is Audience.PARTNERS, "it opens no further by itself"


@pytest.mark.parametrize("first", list(Audience))
def test_no_more_open_means_nothing_more_is_seen(first: Audience) -> None:
    order = [Showing.NOTHING, Showing.SUPPRESSED, Showing.COUNTS, Showing.EACH]
    for audience in no_more_open_than(first):
        for kind, reach in product(LayerKind, Sensitivity):
            mine = showing(kind, reach, audience, exported=False)
            theirs = showing(kind, reach, first, exported=False)
            assert order.index(mine) <= order.index(theirs)
    assert first in no_more_open_than(first)


def test_the_pointer_is_mirrored(window: MainWindow, second: SecondMap) -> None:
    first = window.canvas
    QTest.mouseMove(first, QPoint(100, 120))
    assert second._mirrored == pytest.approx(first.place_at(QPointF(100, 120)))
    QTest.mouseMove(second, QPoint(90, 80))
    assert first._mirrored == pytest.approx(second.place_at(QPointF(90, 80)))


def test_it_is_put_away_again(window: MainWindow, second: SecondMap, qtbot: QtBot) -> None:
    header(window).close_button.click()
    assert window.pair.second is None
    assert not window.pair.header.isVisible()
    assert not window.actions_set.qt["view.second"].isChecked()
    window.canvas.pan_by(10, 0)
    qtbot.waitUntil(lambda: not window.canvas.busy)


def test_what_is_put_away_follows_nothing_any_more(
    window: MainWindow, second: SecondMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *what: failed.append(what))
    window.pair.set_second(False)
    for audience in (Audience.PUBLIC, Audience.POLICE):  # before it is deleted
        window.session.set_look(audience=audience)
    assert not failed


def test_it_stays_when_the_map_is_alone(window: MainWindow, second: SecondMap) -> None:
    window.commands.map_alone()
    assert second.isVisible()
    assert window.canvas.alone
    window.commands.map_alone()
    assert second.isVisible()
