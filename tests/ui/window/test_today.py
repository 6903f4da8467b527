"""Which day the map is of: today by the clocks of the project, or the one that was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.io.project import project_file
from gisapp.layers import edits
from gisapp.layers.project import Project
from gisapp.ui.agreements.versions_caption import DayCaption
from gisapp.ui.main_window import MainWindow
from gisapp.ui.today import Today
from tests.ui import made

#: Late in the evening in Chicago, and early on the next day where the machine is.
LATE = datetime(2026, 11, 24, 2, 57, tzinfo=UTC)
THERE, HERE = date(2026, 11, 23), date(2026, 11, 24)

Open = Callable[[Project | None], MainWindow]


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.ui.window.conftest.noon", lambda: LATE)


def project_in(zone: str) -> Project:
    return replace(made.project(), timezone=zone)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "chicago.gpkg"
    project_file.save(project_in("America/Chicago"), path)
    return path


def back_to_today(window: MainWindow) -> None:
    [caption] = window.findChildren(DayCaption)
    assert caption.isVisible()
    QTest.mouseClick(caption.back, Qt.MouseButton.LeftButton)
    assert not caption.isVisible()


def test_back_to_today_is_today_in_the_zone_of_the_project(open_window: Open) -> None:
    window = open_window(project_in("America/Chicago"))
    back_to_today(window)
    assert window.session.look.day == THERE


def test_a_project_that_is_opened_is_seen_as_of_today_there(
    open_window: Open, qtbot: QtBot, file: Path
) -> None:
    window = open_window(project_in("Europe/London"))
    back_to_today(window)
    assert window.session.look.day == HERE
    window.files.open(file)
    qtbot.waitUntil(lambda: window.session.project.timezone == "America/Chicago")
    assert window.session.look.day == THERE
    assert window.questions.day.date().toPython() == THERE
    [caption] = window.findChildren(DayCaption)
    assert not caption.isVisible(), "it is of today"


def test_a_day_that_was_chosen_stays(open_window: Open, qtbot: QtBot, file: Path) -> None:
    window = open_window(project_in("Europe/London"))
    chosen = window.session.look.day
    window.files.open(file)
    qtbot.waitUntil(lambda: window.session.project.timezone == "America/Chicago")
    assert window.session.look.day == chosen


def test_another_zone_of_the_project_is_another_today(open_window: Open) -> None:
    window = open_window(project_in("Europe/London"))
    back_to_today(window)
    days = []
    window.session.reader_changed.connect(lambda: days.append(window.session.look.day))
    window.session.perform(edits.set_timezone("America/Chicago"))
    window.commands.undo()
    window.session.perform(edits.set_timezone("Europe/Berlin"))
    assert days == [THERE, HERE]


def test_where_there_is_no_project_yet_the_machine_says_which_day_it_is() -> None:
    assert Today(lambda: LATE, Project()).day(Project(timezone="America/Chicago")) == HERE
    assert Today(lambda: LATE, Project()).day(project_in("America/Chicago")) == THERE
