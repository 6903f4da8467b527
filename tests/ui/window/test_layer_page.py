"""A click on a layer in the list shows its page, whatever is selected on the map."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionViewItem

from gisapp.layers.layer import Layer
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection

LEFT = Qt.MouseButton.LeftButton


def services(window: MainWindow) -> Layer:
    return window.session.project.layer_named("Services")


def click_row(window: MainWindow, layer: Layer) -> None:
    tree = window.layers.tree
    item = tree.item_of(layer.id)
    assert item is not None
    rect = tree.visualItemRect(item)
    name = QPoint(rect.left() + 70, rect.center().y())
    assert tree._menu_at(item, name) is None
    QTest.mouseClick(tree.viewport(), LEFT, pos=name)


def shows_layer(window: MainWindow) -> bool:
    """Whether the page has the way to the style of a layer."""
    buttons = window.inspector.page.findChildren(QPushButton)
    return any(button.text() == "Style…" for button in buttons)


@pytest.mark.parametrize("name", ["Services", "Overdoses 2025"])
def test_a_click_on_a_row_shows_its_layer_while_rows_are_selected(
    window: MainWindow, name: str
) -> None:
    session = window.session
    click_row(window, services(window))
    assert shows_layer(window)
    chosen = Selection((), services(window).id, np.array([2]))
    session.select(chosen)
    assert not shows_layer(window)
    layer = session.project.layer_named(name)
    click_row(window, layer)
    assert shows_layer(window) and session.current_layer_id == layer.id
    assert session.selection is chosen, "it stays on the map"
    session.select(Selection((), services(window).id, np.array([3])))
    assert not shows_layer(window), "what is selected next is shown"


def test_a_click_on_the_current_row_shows_its_layer_again_after_the_overview(
    window: MainWindow,
) -> None:
    click_row(window, services(window))
    QTest.mouseClick(window.inspector.back, LEFT)
    assert window.inspector.page is window.inspector.overview
    click_row(window, services(window))
    assert shows_layer(window)


def test_the_way_back_leads_from_the_page_of_a_layer_to_the_overview(window: MainWindow) -> None:
    window.session.select(Selection((), services(window).id, np.array([2])))
    click_row(window, services(window))
    QTest.mouseClick(window.inspector.back, LEFT)
    assert window.inspector.page is window.inspector.overview


def test_keys_in_the_list_show_the_layer_as_well(window: MainWindow) -> None:
    tree = window.layers.tree
    click_row(window, services(window))
    window.session.select(Selection((), services(window).id, np.array([2])))
    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert shows_layer(window)


def test_a_tick_is_no_wish_to_see_the_layer(window: MainWindow) -> None:
    tree, session = window.layers.tree, window.session
    session.select(Selection((), services(window).id, np.array([2])))
    item = tree.item_of(services(window).id)
    option = QStyleOptionViewItem()
    tree.initViewItemOption(option)
    option.rect = tree.visualItemRect(item)
    tree.rows.initStyleOption(option, tree.indexFromItem(item))
    part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
    box = tree.style().subElementRect(part, option, tree)
    QTest.mouseClick(tree.viewport(), LEFT, pos=box.center())
    assert not services(window).visible
    assert not shows_layer(window)
