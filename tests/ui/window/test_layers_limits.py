"""The layers panel says what limits a layer, and what is missing in as much room as there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gisapp.analysis.classes.making import categories_of, with_classes
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.legend_classes import scale_words
from gisapp.ui import theme
from gisapp.ui.layers.delegate import COUNT, FILTER
from gisapp.ui.layers.menu import filter_menu
from gisapp.ui.main_window import MainWindow
from gisapp.ui.table.conditions import Condition, Operator
from gisapp.ui.table.row_filter import Part
from tests.ui import made


@pytest.fixture
def window(open_window: Callable[[Project | None], MainWindow]) -> MainWindow:
    return open_window(made.project())


def overdoses(window: MainWindow) -> Layer:
    return window.session.project.layer_named("Overdoses 2025")


def row(window: MainWindow) -> QTreeWidgetItem:
    item = window.layers.tree.item_of(overdoses(window).id)
    assert item is not None
    return item


def test_a_filter_is_seen_beside_the_count_and_taken_off_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    session, layer, tree = window.session, overdoses(window), window.layers.tree
    session.set_current_layer(layer.id)
    bar = window.table.filter.bar
    bar.show_table(layer.table, [Condition("substance", Operator.IS, "heroin")])
    bar.apply_now()
    qtbot.waitUntil(lambda: session.filters.fields(layer.id) is not None)
    left = int(session.filters.fields(layer.id).sum())
    assert row(window).data(0, COUNT) == str(left)
    assert f"A filter leaves {left} of 600: substance is heroin" in row(window).toolTip(0)
    rect = tree.visualItemRect(row(window))
    found = {
        tree._menu_at(row(window), QPoint(x, rect.center().y()))
        for x in range(rect.left(), rect.right())
    }
    assert filter_menu in found
    menu = QMenu(tree)
    filter_menu(menu, window.commands, layer)
    menu.actions()[0].trigger()
    assert layer.id not in session.look.rows
    assert row(window).data(0, COUNT) == "600" and row(window).data(0, FILTER) is None
    assert not bar.rows and window.table.filter.text == ""


def test_only_a_filter_makes_the_rows_anew_not_a_span_of_time(window: MainWindow) -> None:
    session, layer = window.session, overdoses(window)
    session.filters.set(layer.id, Part.TABLE, np.arange(600) < 90, "the first")
    item = row(window)
    window.time.view.set_span((1, 4))
    assert row(window) is item
    session.filters.set(layer.id, Part.CHOSEN, np.arange(600) < 40, "40 rows")
    assert "A filter leaves 40 of 600" in row(window).toolTip(0), "and these in the chosen time"
    assert row(window).data(0, COUNT) == str(int(session.look.mask_of(layer.id).sum()))


def test_where_a_filter_leaves_nothing_the_time_is_not_blamed(window: MainWindow) -> None:
    session, layer = window.session, overdoses(window)
    session.set_current_layer(layer.id)
    window.time.view.set_span((1, 4))
    session.filters.set(layer.id, Part.TABLE, np.zeros(600, bool), "substance is ink")
    words = "The filter leaves none, in the chosen time or any other."
    assert words in held(window) and "0 of 0" not in held(window)
    tip = row(window).toolTip(0)
    assert words in tip and "0 of 0" not in tip and "0 of 600: substance is ink" in tip
    assert row(window).data(0, COUNT) == "0"
    session.filters.lift_fields(layer.id)
    assert "of 600 in the chosen time" in held(window)


def test_for_others_a_filter_is_seen_without_its_count(window: MainWindow) -> None:
    session, layer = window.session, overdoses(window)
    session.set_look(audience=Audience.PARTNERS)
    session.filters.set(layer.id, Part.TABLE, np.arange(600) < 300, "the first")
    assert row(window).data(0, COUNT) == "600" and row(window).data(0, FILTER) is not None
    assert "300" not in row(window).toolTip(0)


def test_a_span_of_time_is_seen_beside_the_count_and_taken_off_there(window: MainWindow) -> None:
    session, layer = window.session, overdoses(window)
    session.set_current_layer(layer.id)
    item = row(window)
    window.time.view.set_span((1, 4))
    left = int(session.look.mask_of(layer.id).sum())
    assert 0 < left < 600
    assert row(window) is item and item.data(0, COUNT) == str(left)
    assert item.data(0, FILTER) is not None
    assert f"{left} of 600 in the chosen time: " in item.toolTip(0)
    assert f"{left} of 600 in the chosen time" in held(window)
    page = window.inspector.page
    window.time.view.set_span((1, 2))
    fewer = int(session.look.mask_of(layer.id).sum())
    assert f"{fewer} of 600 in the chosen time" in held(window)
    assert window.inspector.page is page, "a step of a film makes no page anew"
    session.filters.set(layer.id, Part.TABLE, np.arange(600) < 412, "the first")
    both = int(session.look.mask_of(layer.id).sum())
    assert row(window).data(0, COUNT) == str(both)
    assert f"{both} of 412 in the chosen time" in row(window).toolTip(0)
    assert f"{both} of 412 in the chosen time" in held(window)
    menu = QMenu(window.layers.tree)
    filter_menu(menu, window.commands, layer)
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Take the filter off", "Show all times", "Attribute table"]
    menu.actions()[1].trigger()
    assert layer.id not in session.look.spans and layer.id not in window.time.spans
    assert window.time.view.span is None
    assert row(window).data(0, COUNT) == "412"
    session.filters.lift_fields(layer.id)
    assert row(window).data(0, FILTER) is None and row(window).data(0, COUNT) == "600"
    assert "chosen time" not in shown(window)


def test_the_first_step_of_a_film_makes_no_row_anew(window: MainWindow) -> None:
    item, layer = row(window), overdoses(window)
    window.session.set_current_layer(layer.id)
    window.time.player.slider.setValue(2)
    walked = window.time.player.walk.at(2)
    assert row(window) is item
    assert item.data(0, COUNT) == str(window.time.player.bars.count(walked))


def test_for_others_a_span_is_seen_without_its_count(window: MainWindow) -> None:
    session, layer = window.session, overdoses(window)
    session.set_look(audience=Audience.PARTNERS)
    session.set_current_layer(layer.id)
    window.time.view.set_span((1, 3))
    left = int(session.look.mask_of(layer.id).sum())
    assert row(window).data(0, COUNT) == "600" and row(window).data(0, FILTER) is not None
    assert str(left) not in row(window).toolTip(0) and str(left) not in held(window)
    assert "Only times of 1 February 2025 to " in row(window).toolTip(0)
    assert "Only times of " in held(window)
    session.set_look(audience=Audience.PATROL)
    assert "Only times of " not in row(window).toolTip(0) + shown(window)


def test_services_are_no_people_and_are_counted_for_all(
    open_window: Callable[[Project | None], MainWindow],
) -> None:
    project = made.project()
    (layer,) = project.layers_of(LayerKind.SERVICES)
    layer = replace(layer, provenance=replace(layer.provenance, read=len(layer)))
    window = open_window(project.with_layer(layer))
    session = window.session
    for audience in (Audience.PARTNERS, Audience.PUBLIC):
        session.set_look(audience=audience)
        item = window.layers.tree.item_of(layer.id)
        assert item is not None and item.data(0, COUNT) == str(len(layer))
    session.set_current_layer(layer.id)
    assert f"Rows read\n{len(layer)}" in shown(window)
    session.perform(edits.mark_confidential(layer.id, [0, 1], True))
    item = window.layers.tree.item_of(layer.id)
    assert item is not None and item.data(0, COUNT) == str(len(layer) - 2)
    assert str(len(layer)) not in re.findall(r"\d+", f"{item.toolTip(0)} {shown(window)}")


def test_a_layer_that_the_scale_hides_is_grey_and_says_why(window: MainWindow) -> None:
    session, layer = window.session, overdoses(window)
    grey = theme.color(theme.current().disabled).name()
    assert row(window).foreground(0).color().name() != grey
    style = replace(layer.style, farthest=session.view.scale * 0.9)
    session.perform(edits.restyle_layer(layer.id, style))
    assert row(window).foreground(0).color().name() == grey
    assert "Not drawn at the present scale, 1 : " in row(window).toolTip(0)
    session.set_view(replace(session.view, resolution=session.view.resolution / 2))
    assert row(window).foreground(0).color().name() != grey


def below(item: QTreeWidgetItem) -> list[str]:
    texts = [item.child(number).text(0) for number in range(item.childCount())]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def test_below_a_layer_that_the_scale_hides_stands_why_and_no_legend(
    window: MainWindow, qtbot: QtBot
) -> None:
    session, layer, tree = window.session, overdoses(window), window.layers.tree
    tree.setCurrentItem(row(window))  # in the colours of the current row grey is not seen
    made_of = with_classes(layer, categories_of(layer, "substance"))
    session.perform(edits.restyle_layer(layer.id, made_of))
    qtbot.waitUntil(lambda: "heroin" in below(row(window)), timeout=10_000)
    shown = below(row(window))
    limit = session.view.scale * 1.5
    session.perform(edits.restyle_layer(layer.id, replace(made_of, farthest=limit)))
    assert row(window).checkState(0) is Qt.CheckState.Checked
    window.canvas.zoom_by(0.5)
    why = f"Not drawn now. {scale_words(overdoses(window).style)}"
    assert below(row(window)) == [why]
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=10_000)
    assert below(row(window)) == [why]
    window.canvas.zoom_by(2)
    qtbot.waitUntil(lambda: below(row(window)) == shown, timeout=10_000)
    window.canvas.zoom_by(0.5)
    session.perform(edits.show_layer(layer.id, False))
    # A layer that is not ticked is hidden for that alone.
    qtbot.waitUntil(lambda: not below(row(window)), timeout=10_000)


def test_what_is_missing_leaves_room_for_the_legend(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    layer = made.overdoses()
    window = open_window(Project(title="One layer", layers=(layer,)))
    panel = window.layers
    assert panel.first_button.isVisible() and not panel.links.isVisible()
    window.resize(1280, 560)
    window.bottom.set_folded(False)
    qtbot.waitUntil(panel.links.isVisible)
    assert not panel.first_button.isVisible() and not panel.missing_text.isVisible()
    assert "No services yet" in panel.links.text()
    rest = panel.links.height() + panel.base_map.height()
    qtbot.waitUntil(lambda: panel.height() - panel.tree.height() - rest <= 6)
    asked = []
    panel._ways = [(text, lambda text=text: asked.append(text)) for text, _ in panel._ways]
    panel.links.linkActivated.emit("1")
    assert asked == ["Open the sample city"]
    window.resize(1280, 900)
    window.bottom.set_folded(True)
    qtbot.waitUntil(panel.first_button.isVisible)


def shown(window: MainWindow) -> str:
    """The same, of the lines that are to be seen."""
    labels = window.inspector.page.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if not label.isHidden())


def held(window: MainWindow) -> str:
    """What the inspector says of the current layer, line by line."""
    labels = window.inspector.page.findChildren(QLabel)
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


def test_the_inspector_says_what_a_filter_leaves(window: MainWindow, qtbot: QtBot) -> None:
    session, layer = window.session, overdoses(window)
    session.set_current_layer(layer.id)
    assert "600 overdoses" in held(window)
    assert "ilter" not in held(window)
    mask = np.arange(len(layer)) < 412
    session.filters.set(layer.id, Part.TABLE, mask, "substance is heroin")
    assert "412 of 600 overdoses: substance is heroin" in held(window)
    session.filters.lift_fields(layer.id)
    assert "ilter" not in held(window)
    session.set_look(audience=Audience.PARTNERS)
    session.filters.set(layer.id, Part.TABLE, mask, "substance is heroin")
    assert "412" not in held(window)
    assert "substance is heroin" in held(window)
    session.set_look(audience=Audience.PATROL)
    assert "heroin" not in held(window)


def test_a_click_is_about_the_rows_as_they_are_now(window: MainWindow) -> None:
    session, tree = window.session, window.layers.tree
    tree.catch_up()
    below = session.project.layers[0]
    at = tree.visualItemRect(tree.item_of(below.id)).center()
    session.perform(edits.remove_layer(below.id))
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    kept = {None, *(layer.id for layer in session.project.layers)}
    assert session.current_layer_id in kept
    assert tree.item_of(below.id) is None


def test_a_layer_made_current_is_so_in_the_list_once_it_is_there(window: MainWindow) -> None:
    session, tree, layer = window.session, window.layers.tree, overdoses(window)
    session.set_current_layer(layer.id)
    tree.catch_up()
    assert tree.layer_at(tree.currentItem()) == layer
    session.perform(edits.rename_layer(layer.id, "Calls"))
    tree.catch_up()
    current = tree.layer_at(tree.currentItem())
    assert current is not None and current.name == "Calls"
