"""“What applies here?”: asked by mouse and keys, at a place and a moment, for an audience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gisapp.cli.when import told_moment
from gisapp.layers.audience import Audience
from gisapp.layers.edits import Edit
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, Visibility
from gisapp.ui.main_window import MainWindow
from gisapp.ui.zones.what_applies_panel import WhatAppliesPanel
from tests.ui import made
from tests.ui.conftest import TODAY

HERE = (-84.512, 39.104)
#: A Friday on which the made agreement holds from 20:00 on.
FRIDAY = date(2025, 6, 6)


def town() -> Project:
    """The made project, with a list of services that says its hours."""
    table = pa.table(
        {
            "name": ["Night door", "Day house", "Ask first", "Shelter"],
            "hours": ["Mo-Su 18:00-06:00", "Mo-Fr 09:00-17:00", "by appointment", "24/7"],
            "phone": ["555-0101", "555-0102", "555-0103", "555-0104"],
            "hide": ["", "", "", "yes"],
        }
    )
    places = Points(np.array([-84.52, -84.53, -84.54, -84.56]), np.full(4, 39.11))
    fields = {"name": "name", "opening_hours": "hours", "contact": "phone", "confidential": "hide"}
    layer = new_layer("Doors", LayerKind.SERVICES, table, places, fields)
    plain = made.project()
    bare = [one for one in plain.layers if one.kind is not LayerKind.SERVICES]
    return replace(plain, layers=(*bare, layer))


@pytest.fixture
def window(open_window: Callable[[Project | None], MainWindow]) -> MainWindow:
    window = open_window(town())
    window.session.set_look(day=FRIDAY, time=time(21))
    return window


def panel_of(window: MainWindow) -> WhatAppliesPanel:
    panel = window.canvas.findChild(WhatAppliesPanel)
    assert panel is not None
    return panel


def answered(window: MainWindow, qtbot: QtBot) -> WhatAppliesPanel:
    panel = panel_of(window)
    qtbot.waitUntil(lambda: panel.answer is not None, timeout=5_000)
    return panel


def pixel(window: MainWindow, place: tuple[float, float] = HERE) -> QPoint:
    x, y = window.canvas.view.to_screen(np.array([place[0]]), np.array([place[1]]))
    return QPoint(round(float(x[0])), round(float(y[0])))


def asked(window: MainWindow, qtbot: QtBot) -> WhatAppliesPanel:
    window.commands.what_applies(HERE)
    return answered(window, qtbot)


def menu_at(window: MainWindow, at: QPoint, reason: QContextMenuEvent.Reason) -> QMenu:
    canvas = window.canvas
    QApplication.sendEvent(canvas, QContextMenuEvent(reason, at, canvas.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


#: The platform without a screen says of every popup what it cannot do with it.
_popups = pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")


@_popups
def test_a_right_click_asks_and_says_what_is_not_done_and_until_when(
    window: MainWindow, qtbot: QtBot
) -> None:
    menu = menu_at(window, pixel(window), QContextMenuEvent.Reason.Mouse)
    assert [action.text() for action in menu.actions()] == ["What applies here?"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    panel = answered(window, qtbot)
    assert panel.isVisible() and not panel.isWindow(), "it stands on the map and blocks nothing"
    text = panel.text.text()
    assert "Search for drugs" in text and "2025-06-07 04:00" in text
    assert window.canvas.marker.pinned == pytest.approx(HERE, abs=1e-3)
    assert panel.answer is not None and panel.answer.at.hour == 21, "as the map is looked at"


@_popups
def test_the_letter_and_the_menu_key_ask_at_the_cross(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.cross.shown
    middle = canvas.place_at(QPointF(canvas.width() / 2, canvas.height() / 2))
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    panel = answered(window, qtbot)
    assert canvas.marker.pinned == pytest.approx(middle, abs=1e-6)
    QTest.keyClick(panel.moment.edit, Qt.Key.Key_Escape)
    assert not panel.isVisible() and canvas.marker.pinned is None
    assert window.focusWidget() is canvas
    menu = menu_at(window, QPoint(3, 3), QContextMenuEvent.Reason.Keyboard)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    answered(window, qtbot)
    assert panel.isVisible()
    assert canvas.marker.pinned == pytest.approx(middle, abs=1e-6)
    QTest.keyClick(panel.close_button, Qt.Key.Key_Space)
    assert not panel.isVisible()


def test_on_a_low_map_answer_and_services_are_one_text_to_scroll(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = asked(window, qtbot)
    window.session.set_look(day=TODAY)
    window.resize(1280, 800)
    window.actions_set.qt["analysis.deployments"].trigger()
    qtbot.waitUntil(lambda: window.canvas.height() < 500)
    panel._arrange()
    assert panel.geometry().bottom() < window.canvas.height()
    assert panel.area.height() > panel.height() // 2, "the answer has most of the room"
    assert panel.services.verticalScrollBar().maximum() == 0
    bar = panel.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    last = panel.services.visualItemRect(panel.services.item(panel.services.count() - 1))
    below = panel.services.viewport().mapTo(panel.area.viewport(), last.bottomLeft())
    assert below.y() <= panel.area.viewport().height()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-11-06 01:30", "2026-11-06 01:30"),
        ("2026-11-06  01:30", "2026-11-06 01:30"),
        ("21:30", "2025-06-06 21:30"),
    ],
)
def test_a_moment_can_be_typed_over_the_whole(
    window: MainWindow, qtbot: QtBot, typed: str, read: str
) -> None:
    panel = asked(window, qtbot)
    QTest.keyClick(panel.moment.edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(panel.moment.edit, typed)
    answered(window, qtbot)
    assert panel.answer is not None and f"{panel.answer.at:%Y-%m-%d %H:%M}" == read
    QTest.keyClick(panel.moment.edit, Qt.Key.Key_Return)
    assert panel.moment.edit.text() == read.replace(" ", "  ")
    assert panel.moment.weekday.text() == "Friday" and not panel.moment.error.isVisible()


@pytest.mark.parametrize(("typed", "hour"), [("22", 22), ("22:00", 22), ("7 pm", 19)])
def test_of_a_newly_opened_panel_the_time_is_typed_over(
    window: MainWindow, qtbot: QtBot, typed: str, hour: int
) -> None:
    panel = asked(window, qtbot)
    QTest.keyClicks(panel.moment.edit, typed)
    QTest.keyClick(panel.moment.edit, Qt.Key.Key_Return)
    answered(window, qtbot)
    assert panel.answer is not None
    assert (panel.answer.at.date(), panel.answer.at.hour) == (FRIDAY, hour)


@pytest.mark.parametrize("typed", ["2026-02-30 10:00", "tomorrow", "99:99", "3/6/2026 10:00"])
def test_what_is_no_moment_is_refused_in_words_and_nothing_is_answered(
    window: MainWindow, qtbot: QtBot, typed: str
) -> None:
    panel = asked(window, qtbot)
    moment = panel.moment
    moment.edit.selectAll()
    QTest.keyClicks(moment.edit, typed)
    assert panel.answer is None and not panel.copy.isEnabled()
    QTest.keyClick(moment.edit, Qt.Key.Key_Return)
    assert moment.edit.text() == typed, "what was typed stands, to be mended"
    assert moment.error.isVisible() and f"“{typed}” is not a moment." in moment.error.text()
    assert moment.edit.accessibleDescription() == moment.error.text()
    assert panel.isVisible() and panel.answer is None
    at = QPoint(60, window.canvas.height() // 2)
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    assert panel.answer is None, "nor for another place"
    QTest.keyClick(moment.edit, Qt.Key.Key_PageUp)
    answered(window, qtbot)
    assert not moment.error.isVisible()
    assert panel.answer is not None and panel.answer.at.hour == 22
    assert panel.answer.at.date() == FRIDAY, "steps go on from what was asked last"


def test_a_pause_in_the_middle_of_no_moment_says_so_too(window: MainWindow, qtbot: QtBot) -> None:
    moment = asked(window, qtbot).moment
    moment.edit.selectAll()
    QTest.keyClicks(moment.edit, "tomorrow")
    assert not moment.error.isVisible(), "who types is not interrupted"
    moment._soon.setInterval(1)
    QTest.keyClicks(moment.edit, " ")
    qtbot.waitUntil(moment.error.isVisible)


def test_arrows_step_the_part_that_the_cursor_is_in(window: MainWindow, qtbot: QtBot) -> None:
    moment = asked(window, qtbot).moment
    for place, wanted in ((9, "2025-06-07  21:00"), (13, "2025-06-07  22:00")):
        moment.edit.setCursorPosition(place)
        QTest.keyClick(moment.edit, Qt.Key.Key_Up)
        assert moment.edit.text() == wanted
    moment.edit.setCursorPosition(17)
    QTest.keyClick(moment.edit, Qt.Key.Key_Down)
    assert moment.edit.text() == "2025-06-07  21:59"


def test_later_clicks_are_followed_and_drags_are_not(window: MainWindow, qtbot: QtBot) -> None:
    panel, canvas = asked(window, qtbot), window.canvas
    at = QPoint(60, canvas.height() // 2)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    there = canvas.place_at(QPointF(at))
    assert canvas.marker.pinned == pytest.approx(there, abs=1e-9)
    answered(window, qtbot)
    assert "No zone holds here then" in panel.text.text()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(canvas, at + QPoint(40, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 0))
    assert canvas.marker.pinned == pytest.approx(there, abs=1e-9)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert canvas.marker.pinned == pytest.approx(there, abs=1e-9), "the panel keeps its clicks"


def test_hours_are_stepped_by_keys_and_the_answer_follows(window: MainWindow, qtbot: QtBot) -> None:
    panel = asked(window, qtbot)
    for _ in range(2):
        QTest.keyClick(panel.moment.edit, Qt.Key.Key_PageDown)
    answered(window, qtbot)
    assert panel.answer is not None and panel.answer.at.hour == 19
    assert "outside its hours" in panel.text.text() and "next 2025-06-06 20:00" in panel.text.text()
    QTest.keyClick(panel.moment.later, Qt.Key.Key_Space)
    answered(window, qtbot)
    assert "Search for drugs" in panel.text.text()


def test_hours_that_clocks_leave_out_or_show_twice_are_said(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = asked(window, qtbot)
    moment = panel.moment
    moment._show(datetime(2025, 11, 2, 0, 30))  # noqa: DTZ001  as somebody types it
    hours = []
    for _ in range(3):
        before = moment.told.at
        QTest.keyClick(moment.edit, Qt.Key.Key_PageUp)
        assert moment.told.at.timestamp() - before.timestamp() == timedelta(hours=1).seconds
        hours.append((moment.told.at.hour, moment.note.text().partition("the ")[2][:6].strip()))
    assert hours == [
        (1, "first"),
        (1, "second"),
        (2, ""),
    ], "one o'clock comes twice"
    moment._show(datetime(2025, 3, 9, 2, 30))  # noqa: DTZ001
    told = told_moment("2025-03-09T02:30", window.session.project.tzinfo)
    assert (moment.told.at, moment.note.text()) == (told.at, told.note)
    assert told.note == (
        "There is no 02:30 on 2025-03-09 in America/New_York, for clocks go forward: the moment "
        "they do was taken, 2025-03-09T03:00:00-04:00."
    )


def test_services_are_listed_open_ones_first_and_shown_on_the_map(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = asked(window, qtbot)
    texts = [panel.services.item(row).text() for row in range(panel.services.count())]
    assert texts[0].startswith("Night door, ") and "555-0101" in texts[0]
    assert texts[1].startswith("Shelter, "), "analysts know of it on screen"
    assert "hours not known: call first" in texts[2]
    rect = panel.services.visualItemRect(panel.services.item(0))
    QTest.mouseClick(panel.services.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert window.canvas.marker.name == "Night door"
    assert panel.isVisible()


def test_an_audience_is_told_only_what_it_may_know(window: MainWindow, qtbot: QtBot) -> None:
    document = window.session.document
    zones = {
        key: replace(zone, visibility=Visibility.POLICE_ONLY)
        for key, zone in document.project.zones.items()
    }
    document.apply(Edit("Hide", lambda project: replace(project, zones=zones)))
    panel = asked(window, qtbot)
    assert "Search for drugs" in panel.text.text()
    window.session.set_look(audience=Audience.PUBLIC)
    assert "Search for drugs" not in panel.text.text(), "at once, before the new answer is there"
    answered(window, qtbot)
    assert "No zone holds here then" in panel.text.text()
    texts = [panel.services.item(row).text() for row in range(panel.services.count())]
    assert not any("Shelter" in text for text in texts)


def test_it_is_copied_as_text_and_follows_changes(window: MainWindow, qtbot: QtBot) -> None:
    panel = asked(window, qtbot)
    QTest.keyClick(panel.copy, Qt.Key.Key_Space)
    copied = QGuiApplication.clipboard().text()
    assert "not here: search for drugs" in copied and "Nearest service: Night door" in copied
    window.commands.remove_zones(tuple(window.session.project.zones))
    answered(window, qtbot)
    assert "No zone holds here then" in panel.text.text()


def test_a_link_leads_to_the_zone(window: MainWindow, qtbot: QtBot) -> None:
    panel = asked(window, qtbot)
    assert panel.answer is not None
    zone = panel.answer.holds[0].zone
    panel.text.linkActivated.emit(zone.id)
    assert window.session.selection.zone_ids == (zone.id,)


def test_nothing_of_it_is_loaded_before_it_is_asked_for(window: MainWindow) -> None:
    assert window.canvas.findChild(WhatAppliesPanel) is None
