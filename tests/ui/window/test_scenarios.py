"""The dialog of scenarios: keep, draw, rename, compare, save, show on the map, adopt."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gisapp.layers import scenario_edits, zoning
from gisapp.layers.audience import Audience
from gisapp.layers.scenario import Scenario
from gisapp.ui.main_window import MainWindow
from gisapp.ui.scenarios.dialog import ScenarioDialog
from gisapp.ui.scenarios.names import free_name, name_for, same_zones
from gisapp.ui.scenarios.swipe_map import Swipe
from gisapp.ui.widgets.forms import choose
from tests.ui import made

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> ScenarioDialog:
    window.actions_set.qt["zones.scenarios"].trigger()
    dialog = window.commands._dialog
    assert isinstance(dialog, ScenarioDialog)
    compared(dialog, qtbot)
    return dialog


def compared(dialog: ScenarioDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.compare.table is not None, timeout=5_000)


def wide(name: str = "900 m") -> Scenario:
    zones = zoning.circles_round(made.services(), 900, "for comparison")
    return Scenario(name, {zone.id: zone for zone in zones})


def names(window: MainWindow) -> list[str]:
    return [scenario.name for scenario in window.session.project.scenarios]


def type_name(dialog: ScenarioDialog, text: str, qtbot: QtBot) -> None:
    """Type into the field that is open in the list."""
    table = dialog.list.table
    (field,) = table.findChildren(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not table.findChildren(QLineEdit))


def test_present_zones_are_kept_and_named_at_once(
    window: MainWindow, dialog: ScenarioDialog, qtbot: QtBot
) -> None:
    present = window.session.project.zones
    QTest.mouseClick(dialog.keep, LEFT)
    assert names(window) == ["4 zones"]
    type_name(dialog, "As proposed", qtbot)
    assert names(window) == ["As proposed"]
    (scenario,) = window.session.project.scenarios
    assert same_zones(scenario.zones, present)
    assert not dialog.adopt.isEnabled(), "they are the present ones"
    compared(dialog, qtbot)
    assert dialog.compare.table is not None
    assert dialog.compare.table.columns == ("Zones of the project", "As proposed")


def test_a_new_one_is_drawn_with_other_terms(
    window: MainWindow, dialog: ScenarioDialog, qtbot: QtBot
) -> None:
    before = window.session.project.zones
    QTest.mouseClick(dialog.draw, LEFT)
    zones = dialog._zones_dialog
    assert zones is not None
    qtbot.waitUntil(zones.isVisible)
    zones.radius.setText("400 m")
    zones.radius.textEdited.emit("400 m")
    zones.basis.setText("for comparison")
    zones.basis.textEdited.emit("for comparison")
    qtbot.waitUntil(zones.draw.isEnabled)
    QTest.mouseClick(zones.draw, LEFT)
    assert names(window) == ["400 m"]
    (scenario,) = window.session.project.scenarios
    drawn = list(scenario.zones.values())
    assert [zone.radius_m for zone in drawn] == [400] * 4, "the same sites, other terms"
    assert drawn[0].name == "Harbour Street Exchange", "names of the project's zones are free"
    assert window.session.project.zones is before
    compared(dialog, qtbot)


def test_duplicate_rename_remove_and_ticks(
    window: MainWindow, dialog: ScenarioDialog, qtbot: QtBot
) -> None:
    window.session.perform(scenario_edits.save_scenario(wide()))
    QTest.mouseClick(dialog.copy, LEFT)
    type_name(dialog, "900 m", qtbot)
    assert names(window) == ["900 m", "900 m copy"], "no two of one name"
    QTest.mouseClick(dialog.rename, LEFT)
    type_name(dialog, "Wide", qtbot)
    assert names(window) == ["900 m", "Wide"]
    item = dialog.list.table.item(0, 0)
    assert item is not None
    item.setCheckState(Qt.CheckState.Unchecked)
    compared(dialog, qtbot)
    assert dialog.compare.table is not None
    assert dialog.compare.table.columns[1:] == ("Wide",)
    QTest.keyClick(dialog.list.table, Qt.Key.Key_Delete)
    assert names(window) == ["900 m"]
    window.session.document.undo()
    assert names(window) == ["900 m", "Wide"]


def test_adopting_is_one_step_and_keeps_what_was(
    window: MainWindow, dialog: ScenarioDialog
) -> None:
    before = window.session.project.zones
    scenario = wide()
    window.session.perform(scenario_edits.save_scenario(scenario))
    QTest.mouseClick(dialog.adopt, LEFT)
    after = window.session.project
    assert same_zones(after.zones, scenario.zones)
    assert names(window) == ["900 m", "4 zones"]
    assert same_zones(after.scenarios[1].zones, before)
    dialog.list.choose(after.scenarios[1].id)
    QTest.mouseClick(dialog.adopt, LEFT)
    assert same_zones(window.session.project.zones, before)
    assert names(window) == ["900 m", "4 zones"], "what is kept already is not kept twice"
    window.session.document.undo()
    window.session.document.undo()
    assert window.session.project.zones is before
    assert names(window) == ["900 m"]


def test_the_table_is_for_an_audience_and_leaves_as_it_is_shown(
    window: MainWindow, dialog: ScenarioDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    window.session.perform(scenario_edits.save_scenario(wide()))
    choose(dialog.compare.audience_box, Audience.PUBLIC.value)
    assert not dialog.compare.save_button.isEnabled()
    compared(dialog, qtbot)
    path = tmp_path / "table.csv"
    dialog.compare.save(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert ["For: Public"] in rows
    (inside,) = (row for row in rows if row[0] == "Inside: Overdoses 2025")
    cells = dialog.compare.cells
    shown = [
        [item.text() if (item := cells.item(row, column)) else "" for column in range(3)]
        for row in range(cells.rowCount())
    ]
    assert inside in shown
    assert "left out" in inside
    QTest.mouseClick(dialog.compare.copy_button, LEFT)
    assert "Inside: Overdoses 2025\t" in QGuiApplication.clipboard().text()


def test_no_more_open_audience_than_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.session.set_look(audience=Audience.PUBLIC)
    dialog = ScenarioDialog(window.session, window)
    box = dialog.compare.audience_box
    assert [box.itemText(row) for row in range(box.count())] == ["Public"]
    dialog.reject()
    dialog.deleteLater()


def test_as_if_in_force_by_choice(window: MainWindow, dialog: ScenarioDialog, qtbot: QtBot) -> None:
    choose(dialog.compare.judged_box, "now")
    compared(dialog, qtbot)
    assert "as if the terms of 4 June 2025" in dialog.compare.note.text()


def test_one_is_shown_on_the_map(window: MainWindow, dialog: ScenarioDialog, qtbot: QtBot) -> None:
    window.session.perform(scenario_edits.save_scenario(wide()))
    QTest.mouseClick(dialog.show_button, LEFT)
    assert not dialog.isVisible()
    swipe = window.canvas.swipe
    assert isinstance(swipe, Swipe)
    assert swipe.labels[1] == "Scenario: 900 m"
    qtbot.waitUntil(lambda: not (window.canvas.busy or swipe.busy), timeout=10_000)


def test_names() -> None:
    zones = list(wide().zones.values())
    assert name_for(zones) == "900 m"
    assert name_for([]) == "No zones"
    assert name_for([*zones, *made.project().zones.values()]) == "10 zones"
    assert free_name("900 M", [wide(), wide("900 m (2)")]) == "900 M (3)"
