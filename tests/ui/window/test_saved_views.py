"""Saved views: gone to, renamed, ordered and removed, each with a step back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.project import SavedView
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.saved_views import SavedViewsDialog

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(window: MainWindow) -> SavedViewsDialog:
    for name in ("Old town", "R&D", "Hill"):
        window.session.perform(edits.save_view(SavedView(name, (-84.5, 39.1, -84.4, 39.2))))
    window.actions_set.qt["view.views"].trigger()
    (dialog,) = window.findChildren(SavedViewsDialog)
    return dialog


def names(window: MainWindow) -> list[str]:
    return [view.name for view in window.session.project.views]


def test_views_are_put_in_order_with_keys(window: MainWindow, dialog: SavedViewsDialog) -> None:
    dialog.list.setCurrentRow(2)
    QTest.keyClick(dialog.list, Qt.Key.Key_Up, CONTROL)
    assert names(window) == ["Old town", "Hill", "R&D"]
    assert dialog.chosen is not None
    assert dialog.chosen.name == "Hill"
    window.commands.undo()
    assert names(window) == ["Old town", "R&D", "Hill"]
    dialog.reject()


def test_a_view_is_renamed_in_its_place(
    window: MainWindow, dialog: SavedViewsDialog, qtbot: QtBot
) -> None:
    dialog.list.setCurrentRow(1)
    dialog.rename.click()
    editor = dialog.list.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Quay")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(window) == ["Old town", "Quay", "Hill"])
    dialog.list.item(0).setText("Hill")
    qtbot.waitUntil(lambda: dialog.list.item(0).text() == "Old town")
    assert names(window) == ["Old town", "Quay", "Hill"], "two views of one name are refused"
    dialog.reject()


def test_a_view_is_removed_and_comes_back(window: MainWindow, dialog: SavedViewsDialog) -> None:
    dialog.list.setCurrentRow(1)
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert names(window) == ["Old town", "Hill"]
    window.commands.undo()
    assert names(window) == ["Old town", "R&D", "Hill"]
    dialog.reject()


def test_going_back_keeps_the_scale(window: MainWindow) -> None:
    canvas, session = window.canvas, window.session
    canvas.zoom_by(40)
    near = canvas.view
    assert near.resolution < 0.5
    session.perform(edits.save_view(SavedView("Door", near.bounds)))
    canvas.zoom_to_all()
    (key,) = (one for one in window.findChildren(QShortcut) if one.key() == QKeySequence("Alt+1"))
    key.activated.emit()
    assert canvas.view.resolution == pytest.approx(near.resolution)
    assert (canvas.view.x, canvas.view.y) == pytest.approx((near.x, near.y))


def test_the_menu_lists_the_views(window: MainWindow) -> None:
    window.session.perform(edits.save_view(SavedView("R&D", (-84.5, 39.1, -84.4, 39.2))))
    menus = [a.menu() for a in window.actions_set.menus["View"].actions()]
    (menu,) = (m for m in menus if m is not None and m.title() == "Saved views")
    menu.aboutToShow.emit()
    entry = menu.actions()[0]
    assert entry.text() == "R&&D\tAlt+1"
    before = window.canvas.view
    entry.trigger()
    assert window.canvas.view != before
