"""Names in the layers panel: whole, on further lines where one has no room for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem, QTreeWidgetItem, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot

from gisapp.layers.project import Project
from gisapp.ui.layers.tree import LayersTree
from gisapp.ui.main_window import MainWindow
from gisapp.ui.widgets.elided import wrapped
from tests.ui import made

LONG = "Overdose calls of the county, all districts"


@pytest.fixture
def tree(open_window: Callable[[Project | None], MainWindow], qtbot: QtBot) -> LayersTree:
    project = made.project()
    layers = tuple(
        replace(one, name=f"{LONG} {number}") for number, one in enumerate(project.layers)
    )
    window = open_window(replace(project, layers=layers))
    qtbot.waitUntil(lambda: bool(window.session.legend))
    QTest.qWait(0)
    return window.layers.tree


def items(tree: LayersTree) -> Iterator[QTreeWidgetItem]:
    walk = QTreeWidgetItemIterator(tree)
    while walk.value() is not None:
        yield walk.value()
        walk += 1


def lines(tree: LayersTree, item: QTreeWidgetItem) -> list[str]:
    option = QStyleOptionViewItem()
    tree.initViewItemOption(option)
    index = tree.indexFromItem(item)
    tree.rows.initStyleOption(option, index)
    option.rect = tree.visualItemRect(item)
    return tree.rows._lines(option, index, tree.rows.places(option, index).begin)


def test_every_name_is_whole_on_as_many_lines_as_it_needs(tree: LayersTree) -> None:
    for item in items(tree):
        told = lines(tree, item)
        assert " ".join(told) == item.text(0)
        high = tree.visualItemRect(item).height()
        assert high >= len(told) * tree.fontMetrics().lineSpacing()
        if item.parent() is None and LONG in item.text(0):
            assert len(told) > 1
            assert LONG in item.toolTip(0).replace("\u200b", "")


def test_a_wider_panel_needs_fewer_lines(tree: LayersTree, qtbot: QtBot) -> None:
    named = [item for item in items(tree) if LONG in item.text(0)]
    before = [tree.visualItemRect(item).height() for item in named]
    window = tree.window()
    window.resize(1900, 1000)
    window.resizeDocks([window.left_dock], [480], Qt.Orientation.Horizontal)
    qtbot.waitUntil(
        lambda: all(
            tree.visualItemRect(item).height() < former
            for item, former in zip(named, before, strict=True)
        )
    )


@given(text=st.text(alphabet="abc dé\u00a0", min_size=1, max_size=60), room=st.integers(20, 400))
def test_no_word_is_lost_where_there_is_room(text: str, room: int) -> None:
    metrics = QFontMetrics(QFont())
    told = wrapped(text, metrics, room)
    assert 1 <= len(told) <= 3
    assert all(metrics.horizontalAdvance(line) <= room for line in told)
    if not any("…" in line for line in told):
        assert " ".join(told).split() == text.split()
