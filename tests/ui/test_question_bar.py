"""Day, time and audience in the tool bar."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.ui.question_bar import QuestionBar
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import ClockField


def test_half_hours_are_chosen_with_keys(qtbot: QtBot, session: Session) -> None:
    bar = QuestionBar(session)
    qtbot.addWidget(bar)
    bar.show()
    assert bar.time.currentText() == "All day"
    bar.time.setFocus()
    QTest.keyClicks(bar.time, "07:3")
    QTest.keyClick(bar.time, Qt.Key.Key_Down)
    QTest.keyClick(bar.time, Qt.Key.Key_Up)
    assert session.look.time == time(7, 30)


def test_any_time_that_is_asked_is_shown_as_it_is(qtbot: QtBot, session: Session) -> None:
    bar = QuestionBar(session)
    qtbot.addWidget(bar)
    for asked, shown in ((time(3, 30), "03:30"), (time(23, 59), "23:59"), (time(3, 42), "03:42")):
        session.set_look(time=asked)
        assert bar.time.currentText() == shown and bar.time.currentData() == asked
    times = [bar.time.itemData(place) for place in range(1, bar.time.count())]
    assert times == sorted(times)
    session.set_look(time=None)
    assert bar.time.currentText() == "All day"


def test_what_is_wrong_with_a_time_is_said_once(qtbot: QtBot) -> None:
    field = ClockField("Start", time(8))
    qtbot.addWidget(field)
    field.setText("late")
    assert field.problem() == "“late” is not a time of day. Write it such as 19:00 or 7 pm."
