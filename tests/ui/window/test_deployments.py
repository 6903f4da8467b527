"""The panel of deployments and the tool that draws one, with real mouse and key events."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.deployment_edits import DRAWN_NAME
from gisapp.layers.layer import Layer, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.deployments import export as deployment_export
from gisapp.ui.deployments.panel import NONE_YET, DeploymentPanel
from gisapp.ui.deployments.tool import DeploymentTool
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from tests.ui import made

Open = Callable[[Project | None], MainWindow]
NIGHT = datetime(2025, 6, 6, 22, tzinfo=made.NEW_YORK)  # a Friday, when the agreement holds


def plan(count: int = 3, start: datetime = NIGHT) -> Layer:
    """The first box lies half in the first zone, the others north of it; the last has no end."""
    west, south = -84.512, 39.1025
    shapes = np.array(
        [
            shapely.box(west, south + row * 0.02, west + 0.003, south + row * 0.02 + 0.003)
            for row in range(count)
        ],
        dtype=object,
    )
    moment = pa.timestamp("us", "America/New_York")
    ends = [start + timedelta(hours=4)] * (count - 1) + [None]
    table = pa.table(
        {
            "name": [f"Box {row + 1}" for row in range(count)],
            "unit": ["Unit 7"] * count,
            "start": pa.array([start] * count, moment),
            "end": pa.array(ends, moment),
        }
    )
    fields = {name: name for name in table.column_names}
    return new_layer("Next week", LayerKind.DEPLOYMENTS, table, Shapes(shapes), fields)


def with_plan(*layers: Layer) -> Project:
    project = made.project()
    for layer in layers:
        project = project.with_layer(layer)
    return project


def opened(window: MainWindow, qtbot: QtBot) -> DeploymentPanel:
    """The panel below the map, once it has checked."""
    window.actions_set.qt["analysis.deployments"].trigger()
    panel = window.deployments
    settled(panel, qtbot)
    return panel


def settled(panel: DeploymentPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.watch.is_current, timeout=5_000)


def titles(panel: DeploymentPanel) -> list[tuple[str, str]]:
    tree = panel.list
    items = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return [(item.text(0), item.text(3)) for item in items if item is not None]


def test_without_deployments_the_panel_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    panel = opened(window, qtbot)
    assert panel.stack.currentWidget() is panel.empty
    assert panel.empty.label.text() == NONE_YET
    assert not panel.export_button.isEnabled()


def test_a_panel_made_before_the_plan_was_there_says_that_it_looks(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(made.project())
    panel = window.deployments
    window.session.perform(edits.add_layer(plan()))
    window.actions_set.qt["analysis.deployments"].trigger()
    assert panel.empty.label.text() == "Checking the deployments…"
    assert panel.layer_box.currentText() == "Next week"
    settled(panel, qtbot)
    assert len(titles(panel)) == 3


def test_the_list_says_what_each_meets_and_follows_every_change(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(with_plan(plan()))
    panel = opened(window, qtbot)
    assert titles(panel) == [("Box 1", "2 zones"), ("Box 3", "Not checked"), ("Box 2", "None")]
    assert panel.headline.text().startswith("1 of 2 checked deployments meets a zone")
    panel.list.setCurrentItem(panel.list.topLevelItem(0))
    text = panel.details.toPlainText()
    assert "Not done there: Search for drugs; Arrest for personal possession" in text
    assert "Binds every unit" in text
    session = window.session
    met = [zone.id for zone in session.project.zones.values() if zone.agreement_id]
    session.perform(edits.remove_zones(met))
    assert "Checking again" in panel.headline.text()
    settled(panel, qtbot)
    assert titles(panel)[0] == ("Box 3", "Not checked")
    session.document.undo()
    settled(panel, qtbot)
    assert titles(panel)[0] == ("Box 1", "2 zones")


def test_the_headline_is_read_to_its_end_in_a_small_window(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(with_plan(plan()))
    window.resize(1280, 800)
    label = opened(window, qtbot).headline
    said = "None of 8 checked deployments meets a zone in force at its hours; 1 not checked."
    label.setText(said)
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    assert label.heightForWidth(label.width()) < 3 * label.fontMetrics().height()
    assert window.width() == 1280


def test_a_click_selects_on_the_map_and_enter_zooms(open_window: Open, qtbot: QtBot) -> None:
    layer = plan()
    window = open_window(with_plan(layer))
    panel = opened(window, qtbot)
    item = panel.list.topLevelItem(0)
    assert item is not None
    where = panel.list.visualItemRect(item).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    selection = window.session.selection
    assert (selection.layer_id, selection.rows.tolist()) == (layer.id, [0])
    before = window.session.view.resolution
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.view.resolution < before)
    child = item.child(0)
    panel.list.setCurrentItem(child)
    panel.list.itemClicked.emit(child, 0)
    (zone,) = window.session.selection.zone_ids
    assert window.session.project.zones[zone].name == child.text(0)


def test_what_is_selected_on_the_map_is_selected_in_the_list(
    open_window: Open, qtbot: QtBot
) -> None:
    layer = plan()
    window = open_window(with_plan(layer))
    panel = opened(window, qtbot)
    window.session.select(Selection(layer_id=layer.id, rows=np.array([1])))
    assert panel.chosen is not None
    assert panel.chosen.name == "Box 2"
    assert panel.details.toPlainText().startswith("Box 2")


def test_the_proposal_is_one_step_and_meets_nothing(open_window: Open, qtbot: QtBot) -> None:
    layer = plan()
    window = open_window(with_plan(layer))
    panel = opened(window, qtbot)
    QTest.mouseClick(panel.propose_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.layer_box.currentText() == "Next week, proposed", timeout=5_000)
    settled(panel, qtbot)
    project = window.session.project
    assert project.layer(layer.id).geometry is layer.geometry
    assert panel.headline.text().endswith("; 1 not checked.")
    assert not panel.propose_button.isEnabled()
    window.session.document.undo()
    settled(panel, qtbot)
    assert panel.layer_box.currentText() == "Next week"
    assert window.session.document.undo_label is None


def test_nothing_is_handed_on_while_the_plan_is_checked_again(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(with_plan(plan()))
    panel = opened(window, qtbot)
    buttons = (panel.copy_button, panel.export_button, panel.propose_button)
    assert all(button.isEnabled() for button in buttons)
    [zone] = list(window.session.project.zones.values())[:1]
    window.session.perform(edits.remove_zones([zone.id]))
    assert not any(button.isEnabled() for button in buttons)
    settled(panel, qtbot)
    assert panel.copy_button.isEnabled()


def test_filters_and_an_audience_that_may_not_see_deployments(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(with_plan(plan()))
    panel = opened(window, qtbot)
    panel.filter_box.setCurrentIndex(1)
    assert titles(panel) == [("Box 1", "2 zones")]
    panel.filter_box.setCurrentIndex(3)
    assert panel.empty.label.text() == "None of the deployments is of this kind."
    window.session.set_look(audience=Audience.PARTNERS)
    settled(panel, qtbot)
    assert "for the police alone" in panel.empty.label.text()
    assert panel.headline.text() == ""
    assert "Box" not in panel.details.toPlainText()
    assert not panel.copy_button.isEnabled()


def test_a_crowd_of_deployments_stays_in_order(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(with_plan(plan(400)))
    width = window.width()
    panel = opened(window, qtbot)
    assert len(titles(panel)) == 400
    assert titles(panel)[0] == ("Box 1", "2 zones")
    assert window.width() == width


def test_a_layer_without_hours_says_why_nothing_is_checked(open_window: Open, qtbot: QtBot) -> None:
    layer = plan()
    window = open_window(with_plan(replace(layer, fields={"name": "name"})))
    panel = opened(window, qtbot)
    assert "has no start of its deployments" in panel.empty.label.text()


def test_the_summary_is_copied_and_files_are_written_and_logged(
    open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(with_plan(plan()))
    panel = opened(window, qtbot)
    QTest.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("Deployments: Next week")
    path = tmp_path / "plan.csv"
    monkeypatch.setattr(deployment_export, "ask_save", lambda *_: path)
    QTest.mouseClick(panel.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.session.project.exports.lines), timeout=5_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["deployment"] for row in csv.DictReader(file)][-1] == "Box 3"
    (line,) = window.session.project.exports.lines
    assert (line.what, line.file) == ("deployments", "plan.csv")


def test_an_area_is_drawn_and_given_a_unit_and_hours_over_midnight(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(with_plan(plan()))
    window.actions_set.qt["deploy.draw"].trigger()
    tool = window.tools["deploy.draw"]
    assert isinstance(tool, DeploymentTool)
    canvas = window.canvas
    for x, y in ((300, 200), (420, 200), (420, 300), (300, 300)):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    card = tool.card
    qtbot.waitUntil(card.isVisible)
    assert card.name_edit.text() == "Deployment 1"
    assert card.unit_box.findText("Unit 7") >= 0
    card.name_edit.selectAll()
    QTest.keyClicks(card.name_edit, "Quay patrol")
    card.unit_box.setEditText("Dog unit")
    card.day.set_day(NIGHT.date())
    assert "Ends the next day" in card.hours_row.said
    card.start.clear()
    assert not card.add_button.isEnabled()
    QTest.keyClicks(card.start, "10 pm")
    QTest.keyClick(card.start, Qt.Key.Key_Return)
    layer = window.session.project.layer_named(DRAWN_NAME)
    assert layer.texts("name") == ["Quay patrol"]
    assert layer.texts("unit") == ["Dog unit"]
    start, end = layer.column("start"), layer.column("end")
    assert start is not None and end is not None
    assert start[0].as_py().isoformat() == "2025-06-06T22:00:00-04:00"
    assert end[0].as_py().isoformat() == "2025-06-07T02:00:00-04:00"
    assert not card.isVisible()
    assert window.session.document.undo_label == "Add deployment Quay patrol"
    window.session.document.undo()
    assert all(each.name != DRAWN_NAME for each in window.session.project.layers)


def test_a_second_drawn_deployment_joins_the_first_and_escape_gives_up(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(made.project())
    for number in (1, 2):
        window.actions_set.qt["deploy.draw"].trigger()
        tool = window.tools["deploy.draw"]
        assert isinstance(tool, DeploymentTool)
        for x, y in ((300, 200), (420, 200 + 10 * number), (420, 300)):
            QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        QTest.keyClick(window.canvas, Qt.Key.Key_Return)
        QTest.keyClick(tool.card.purpose_edit, Qt.Key.Key_Return)
    layer = window.session.project.layer_named(DRAWN_NAME)
    assert layer.texts("name") == ["Deployment 1", "Deployment 2"]
    window.actions_set.qt["deploy.draw"].trigger()
    for x, y in ((300, 200), (420, 210), (420, 300)):
        QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    QTest.keyClick(tool.card, Qt.Key.Key_Escape)
    assert not tool.card.isVisible()
    assert len(window.session.project.layer_named(DRAWN_NAME)) == 2


@pytest.mark.parametrize("left", [40, 300, 560])
def test_the_card_of_a_deployment_does_not_cover_its_area(
    open_window: Open, qtbot: QtBot, left: int
) -> None:
    window = open_window(made.project())
    window.actions_set.qt["deploy.draw"].trigger()
    tool = window.tools["deploy.draw"]
    assert isinstance(tool, DeploymentTool)
    area = QRect(left, 120, 100, 100)
    for corner in (area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft()):
        QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=corner)
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(tool.card.isVisible)
    assert not tool.card.geometry().intersects(area)
    assert window.canvas.rect().contains(tool.card.geometry())
