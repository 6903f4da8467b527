"""What is put off until the first frame is painted: there when asked for, and there soon after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.io.project import project_file
from gisapp.layers.project import Project
from gisapp.ui import app as program
from gisapp.ui.main_window import MainWindow
from gisapp.ui.settings import Settings
from gisapp.ui.widgets.fields import TimezoneField
from tests.ui import made
from tests.ui.conftest import DAY

Unshown = Callable[[Project | None], MainWindow]


@pytest.fixture
def unshown(qtbot: QtBot, settings: Settings, no_leaked_widgets: None) -> Iterator[Unshown]:
    """`unshown(project)` makes a window that nobody has seen yet."""
    windows: list[MainWindow] = []

    def make(project: Project | None = None) -> MainWindow:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        windows.append(program.make_window(application, project, settings))
        windows[-1].resize(1280, 800)
        return windows[-1]

    yield make
    for window in windows:
        window.session.document.mark_saved()
        window.close()
        window.deleteLater()


def pages_made(window: MainWindow) -> list[str]:
    """The classes of the pages below the map; `QWidget` stands in for one that is not made."""
    pages = window.bottom.pages
    return [type(pages.widget(at)).__name__ for at in range(pages.count())]


def show(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.first_painted):
        window.show()


def all_made(window: MainWindow) -> bool:
    return "QWidget" not in pages_made(window)


def test_folded_pages_are_made_after_the_first_frame(qtbot: QtBot, unshown: Unshown) -> None:
    window = unshown(None)
    assert window.bottom.folded
    made_before: list[list[str]] = []
    window.first_painted.connect(lambda: made_before.append(pages_made(window)))
    show(qtbot, window)
    assert set(made_before[0]) == {"QWidget"}
    qtbot.waitUntil(lambda: all_made(window))
    assert pages_made(window)[:2] == ["TablePanel", "TimePanel"]
    assert window.bottom.tabs.currentIndex() == window.bottom.pages.currentIndex() == 1


def test_it_is_told_once_that_all_pages_are_made(qtbot: QtBot, unshown: Unshown) -> None:
    window = unshown(None)
    told: list[bool] = []
    window.pages_made.connect(lambda: told.append(all_made(window)))
    show(qtbot, window)
    qtbot.waitUntil(lambda: bool(told))
    for _ in range(3):
        QApplication.processEvents()
    assert told == [True]


def test_a_page_left_open_is_there_in_the_first_frame(
    qtbot: QtBot, unshown: Unshown, settings: Settings
) -> None:
    settings.keep_layout("folded", QByteArray(b"0"))
    window = unshown(made.project())
    seen: list[bool] = []
    window.first_painted.connect(lambda: seen.append("TimePanel" in pages_made(window)))
    show(qtbot, window)
    assert seen == [True]
    assert window.time.isVisible()
    height = window.bottom_dock.height()
    qtbot.waitUntil(lambda: all_made(window))
    assert window.bottom_dock.height() == height


@pytest.mark.parametrize(
    ("action", "page"),
    [
        ("layer.table", "table"),
        ("analysis.hotspots", "hotspots"),
        ("analysis.counts", "counts"),
        ("zones.problems", "problems"),
    ],
)
def test_an_action_makes_the_page_it_needs(
    qtbot: QtBot, unshown: Unshown, action: str, page: str
) -> None:
    window = unshown(made.project())
    window.session.set_current_layer(window.session.project.layers[0].id)
    window.actions_set.qt[action].trigger()
    show(qtbot, window)
    assert getattr(window, page).isVisible()
    assert not window.bottom.folded


def test_a_tab_makes_its_page(qtbot: QtBot, unshown: Unshown) -> None:
    window = unshown(made.project())
    window.show()
    tabs = window.bottom.tabs
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(3).center())
    assert window.bottom.pages.currentWidget() is window.counts
    assert window.counts.isVisible()


def test_a_page_made_late_knows_what_was_chosen_before(qtbot: QtBot, unshown: Unshown) -> None:
    window = unshown(made.project())
    layers = [one.id for one in window.session.project.layers]
    window.session.set_current_layer(layers[1])
    show(qtbot, window)
    qtbot.waitUntil(lambda: all_made(window))
    assert window.table.layer_box.currentData() == layers[1]


def test_problems_are_counted_on_a_tab_that_nobody_opened(
    qtbot: QtBot, unshown: Unshown, tmp_path: Path
) -> None:
    path = tmp_path / "made.gpkg"
    project_file.save(made.project(), path)
    window = unshown(None)
    window.session.set_look(day=DAY)
    window.show()
    window.files.open(path)
    qtbot.waitUntil(lambda: bool(window.session.project.zones), timeout=10_000)
    qtbot.waitUntil(lambda: window.bottom.tabs.tabText(4) != "Problems", timeout=10_000)
    assert window.table.model.rowCount() > 0


def test_keys_of_drawing_work_in_the_first_frame(qtbot: QtBot, unshown: Unshown) -> None:
    window = unshown(made.project())
    show(qtbot, window)
    for key, tool in ((Qt.Key.Key_D, "zones.draw"), (Qt.Key.Key_C, "zones.circle")):
        QTest.keyClick(window.canvas, key)
        assert window.canvas.tool is window.tools[tool]


def test_time_zones_are_offered_once_somebody_is_about_to_choose(qtbot: QtBot) -> None:
    field = TimezoneField()
    qtbot.addWidget(field)
    changes: list[str] = []
    field.set_timezone("Europe/Lisbon")
    field.currentTextChanged.connect(changes.append)
    assert not field.count()
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusIn))
    assert field.count() > 300
    assert field.timezone == "Europe/Lisbon" == field.itemText(field.currentIndex())
    assert not changes
