"""Ways to the style editor, which stays beside the map and goes with the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from gisapp.layers import edits
from gisapp.layers.style import GREEN
from gisapp.ui.layers.menu import color_menu
from gisapp.ui.styles.dialog import program_keys
from tests.ui import made

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def services(window):
    return next(layer for layer in window.session.project.layers if layer.name == "Services")


_popups = pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")


def press(widget, at, when):
    """A press of the left button at a place of the screen, at a moment in milliseconds."""
    left = Qt.MouseButton.LeftButton
    kind, none = QEvent.Type.MouseButtonPress, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, widget.mapFromGlobal(at), at, left, left, none)
    event.setTimestamp(when)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def clicked(open_window):
    """A window, the menu that the picture of the services opens, and where it was clicked."""
    window = open_window(made.project())
    tree = window.layers.tree
    item = tree.item_of(services(window).id)
    middle = tree.visualItemRect(item).center()
    across = range(tree.viewport().width())
    found = [x for x in across if tree._menu_at(item, QPoint(x, middle.y())) is color_menu]
    place = QPoint(found[len(found) // 2], middle.y())
    at = QPointF(tree.viewport().mapToGlobal(place))
    press(tree.viewport(), at, 10_000)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Style…" in [action.text() for action in menu.actions()]
    return window, menu, at


@_popups
def test_two_clicks_on_the_picture_open_the_style(clicked):
    window, menu, at = clicked
    # The menu has the mouse: a second click comes to it as a press, mostly outside of it.
    press(menu, at + QPointF(1, 0), 10_000 + QApplication.doubleClickInterval() - 50)
    dialog = window.commands._style
    assert dialog is not None and dialog.isVisible() and not dialog.isModal()
    assert dialog.layer_id == services(window).id
    assert QApplication.activePopupWidget() is None


@_popups
@pytest.mark.parametrize(("away", "later"), [(QPointF(-40, 0), 100), (QPointF(-1, 0), 5_000)])
def test_a_click_elsewhere_or_later_closes_the_menu_alone(clicked, away, later):
    window, menu, at = clicked
    press(menu, at + away, 10_000 + later)
    assert window.commands._style is None
    assert QApplication.activePopupWidget() is None


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
