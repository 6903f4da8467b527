"""Ways to the style editor, which stays beside the map and goes with the window."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from gisapp.layers import edits
from gisapp.layers.style import GREEN
from gisapp.ui.styles.dialog import program_keys
from tests.ui import made

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def services(window):
    return next(layer for layer in window.session.project.layers if layer.name == "Services")


def test_two_clicks_on_the_picture_open_the_style(open_window):
    window = open_window(made.project())
    key = services(window).id
    tree = window.layers.tree
    # The first of two clicks opens the menu of colours, the second reaches the menu.
    menu = QMenu(tree)
    tree._offer_style(menu, key)
    assert "Style…" in [action.text() for action in menu.actions()]
    place = QPointF(3, 3)
    left = Qt.MouseButton.LeftButton
    kind = QEvent.Type.MouseButtonDblClick
    event = QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(menu, event)
    dialog = window.commands._style
    assert dialog is not None and dialog.isVisible() and not dialog.isModal()
    assert dialog.layer_id == key


def test_the_inspector_has_the_colour_and_the_way_to_the_rest(open_window):
    window = open_window(made.project())
    layer = services(window)
    window.session.set_current_layer(layer.id)
    page = window.inspector.page
    color = next(b for b in page.findChildren(QPushButton) if b.text() == "Blue")
    color.chosen.emit(GREEN, "")
    assert services(window).style.color == GREEN
    page = window.inspector.page
    style = next(b for b in page.findChildren(QPushButton) if b.text() == "Style…")
    QTest.mouseClick(style, Qt.MouseButton.LeftButton)
    assert window.commands._style.layer_id == layer.id


def test_one_editor_follows_to_another_layer_and_closes_with_the_window(open_window):
    window = open_window(made.project())
    first, second = (layer.id for layer in window.session.project.layers[:2])
    window.commands.show_style(first)
    dialog = window.commands._style
    window.commands.show_style(second)
    assert window.commands._style is dialog and dialog.layer_id == second
    window.close()
    assert not dialog.isVisible()
    assert window.commands._style is None


def test_the_keys_of_the_program_work_while_the_editor_has_the_focus(open_window, tmp_path, qtbot):
    window = open_window(made.project())
    session, files = window.session, window.commands.files
    layer = services(window)
    path = tmp_path / "kept.gpkg"
    files.save_to(path)
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: session.document.is_saved)
    window.commands.show_style(layer.id)
    dialog = window.commands._style
    qtbot.waitUntil(dialog.isActiveWindow)
    looks = layer.style
    session.perform(edits.restyle_layer(layer.id, replace(looks, color=GREEN)))
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert services(window).style == looks
    QTest.keyClick(dialog, Qt.Key.Key_Z, CTRL_SHIFT)
    assert services(window).style.color == GREEN
    assert not session.document.is_saved
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: session.document.is_saved)


def test_letters_and_delete_are_for_the_fields_of_the_editor(open_window):
    window = open_window(made.project())
    keys = {one.shortcut().toString() for one in program_keys(window)}
    assert {"Ctrl+S", "Ctrl+Z", "Ctrl+E", "F1"} <= keys
    assert not keys & {"Q", "I", "Del", "Space"}
