"""A window on the made project, and a check that nothing of it stays behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.layers.project import Project
from gisapp.ui import app as program
from gisapp.ui.main_window import MainWindow
from gisapp.ui.project.questions import Answer
from gisapp.ui.settings import Settings
from tests.ui import made
from tests.ui.conftest import DAY, TODAY


def noon() -> datetime:
    """What the window takes for now."""
    return datetime.combine(TODAY, time(12), UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def ticking(window: MainWindow) -> list[QTimer]:
    """The timers of a window that have not run out."""
    return [timer for timer in window.findChildren(QTimer) if timer.isActive()]


@pytest.fixture
def open_window(
    qtbot: QtBot, settings: Settings, no_leaked_widgets: None
) -> Iterator[Callable[[Project | None], MainWindow]]:
    """`open_window(project)` shows a window; at the end it is closed, and nothing may be left."""
    windows: list[MainWindow] = []
    threads = set(threading.enumerate())

    def start(project: Project | None = None) -> MainWindow:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        window = program.make_window(application, project, settings, noon)
        window.session.set_look(day=DAY)
        window.files.ask_unsaved = lambda: Answer.DISCARD
        window.resize(1280, 800)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.bottom.next_page is None, timeout=10_000)
        qtbot.waitUntil(lambda: not window.canvas.busy, timeout=10_000)
        window.layers.tree.catch_up()
        return window

    yield start
    for window in windows:
        window.session.document.mark_saved()
        window.close()
        # What waits a moment for more changes may run out; what ticks on may not.
        qtbot.waitUntil(lambda window=window: not ticking(window), timeout=1_000)
        window.deleteLater()
    QApplication.processEvents()
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in threads and thread.name.startswith("gisapp")
    ]
    assert not left, f"threads left: {left}"


@pytest.fixture
def window(open_window: Callable[[Project | None], MainWindow]) -> MainWindow:
    """The made project in a window of 1280 by 800."""
    return open_window(made.project())
