"""Light and dark: the whole window follows, and what was hidden meanwhile as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QWidget
from pytestqt.qtbot import QtBot

from gisapp.layers.project import Project
from gisapp.ui import dialogs, theme
from gisapp.ui.help_dialogs import AboutDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.saved_views import SavedViewsDialog
from tests.ui import made
from tests.ui.window.opened import opened

#: Pages below the map, with lists, fields, tables and sliders in them.
PAGES = ("Table", "Time", "Hotspots", "Counts", "Problems", "Deployments")


@pytest.fixture(autouse=True)
def light_again() -> Iterator[None]:
    yield
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, dark=False)


def painted(window: MainWindow) -> bool:
    """Whether the window is painted again, and what is docked round the map as well."""
    return all(one.updatesEnabled() for one in (window, *window.findChildren(QDockWidget)))


def turn(window: MainWindow, scheme: str, qtbot: QtBot) -> None:
    dark = scheme == "dark"
    window.scheme_asked.emit(scheme)
    qtbot.waitUntil(lambda: window.session.look.dark is dark and painted(window))


def page(window: MainWindow, name: str, qtbot: QtBot) -> QImage:
    """A page below the map as it looks when its tab is opened."""
    tabs = window.bottom.tabs
    number = next(n for n in range(tabs.count()) if tabs.tabText(n).startswith(name))
    tabs.setCurrentIndex(number)
    window.bottom.set_folded(False)
    qtbot.waitUntil(lambda: not window.session.runner.busy and not window.canvas.busy)
    qtbot.waitUntil(lambda: "Problems 1" in {tabs.tabText(n) for n in range(tabs.count())})
    window.canvas.setFocus()
    QApplication.processEvents()
    return window.bottom.grab().toImage()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_hidden_when_the_window_turns_dark_looks_as_one_that_never_was_light(
    name: str, open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    turned = open_window(made.project())
    light = page(turned, name, qtbot)
    page(turned, "Counts" if name == "Table" else "Table", qtbot)
    turn(turned, "dark", qtbot)
    dark = page(turned, name, qtbot)
    assert dark != light
    born_dark = open_window(made.project())
    assert page(born_dark, name, qtbot) == dark
    turn(turned, "light", qtbot)
    assert page(turned, name, qtbot) == light


def test_turning_again_while_it_turns_leaves_nothing_bare(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    window = open_window(made.project())
    light = page(window, "Table", qtbot)
    window.scheme_asked.emit("dark")
    QApplication.processEvents()
    window.scheme_asked.emit("light")
    qtbot.waitUntil(lambda: painted(window))
    assert page(window, "Table", qtbot) == light
    bare = [
        widget
        for widget in QApplication.allWidgets()
        if widget.isVisible() and not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
    ]
    assert bare == []


def test_what_goes_wrong_while_it_turns_leaves_nothing_unpainted(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise RuntimeError("on purpose")

    with monkeypatch.context() as broken, qtbot.captureExceptions() as caught:
        broken.setattr(theme, "style_sheet", fail)
        window.scheme_asked.emit("dark")
        qtbot.waitUntil(lambda: bool(caught))
    assert painted(window)
    styled = Qt.WidgetAttribute.WA_SetStyle
    assert not any(one.testAttribute(styled) for one in QApplication.allWidgets())
    turn(window, "light", qtbot)


def test_a_change_asked_for_within_a_change_follows_it(window: MainWindow, qtbot: QtBot) -> None:
    told: list[bool] = []

    def back(_: object) -> None:
        told.append(window.session.look.dark)
        if len(told) == 1:
            window.scheme_asked.emit("light")

    window.session.look_changed.connect(lambda: back(None))
    window.scheme_asked.emit("dark")
    qtbot.waitUntil(lambda: told == [True, False] and painted(window))


class Counting(QWidget):
    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


def test_what_was_to_be_painted_when_it_turned_is_painted_then_and_later(
    window: MainWindow, qtbot: QtBot
) -> None:
    """Qt takes what stays unpainted while nothing may be for what will be painted anyhow."""
    window.commands.show_about()
    dialog = opened(AboutDialog)
    shown = Counting()
    shown.setMinimumSize(40, 20)
    dialog.body.addWidget(shown)
    qtbot.waitUntil(lambda: shown.painted > 0)
    shown.update()
    turn(window, "dark", qtbot)
    before = shown.painted
    shown.update()
    qtbot.waitUntil(lambda: shown.painted > before)
    dialog.reject()


def test_what_is_closed_while_it_turns_is_left_out(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.show_about()
    dialog = opened(AboutDialog)
    window.scheme_asked.emit("dark")
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(dialog)
    qtbot.waitUntil(lambda: window.session.look.dark and painted(window))


def test_a_dialog_opened_later_is_dark_too(window: MainWindow, qtbot: QtBot) -> None:
    turn(window, "dark", qtbot)
    dialog: QDialog = dialogs.make("AgreementsDialog", window.session, window)
    ground = dialog.grab().toImage().pixelColor(2, 2)
    dialog.deleteLater()
    assert ground.name().upper() == theme.tokens(dark=True).window.upper()


def test_an_open_dialog_keeps_its_size(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.ask_view("views")
    dialog = opened(SavedViewsDialog)
    before = dialog.size()
    for scheme in ("dark", "light"):
        turn(window, scheme, qtbot)
        qtbot.waitUntil(lambda: dialog.size() == before)
        QApplication.processEvents()
        assert dialog.size() == before
    dialog.close()
