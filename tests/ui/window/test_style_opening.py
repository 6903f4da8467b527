"""Ways to the style editor, which stays beside the map and goes with the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from gisapp.layers.style import GREEN
from tests.ui import made


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
