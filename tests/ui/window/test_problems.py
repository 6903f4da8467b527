"""The list of problems: live, on the map, put right and settled by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gisapp.layers import edits, overlap_edits
from gisapp.layers.audience import Audience
from gisapp.layers.checks import Code, Issue, Severity
from gisapp.layers.layer import Points
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Settled
from gisapp.layers.vocabulary import Exemption, Polarity, Visibility
from gisapp.layers.zone import Zone, circle_zone
from gisapp.ui.main_window import MainWindow
from gisapp.ui.problems.panel import ProblemsPanel
from gisapp.ui.problems.settle import SettleDialog
from tests.ui import made

Open = Callable[[Project | None], MainWindow]


def calm() -> Project:
    """The made project without anything to complain about."""
    project = made.project()
    services, *others = project.layers
    places = services.geometry
    assert isinstance(places, Points)
    three = Points(places.lon[:3], places.lat[:3])
    kept = replace(services, table=services.table.slice(0, 3), geometry=three)
    (agreement,) = project.agreements.values()
    agreement = replace(agreement, exceptions=(Exemption.SUPPLY,))
    under = {key: zone for key, zone in project.zones.items() if zone.agreement_id}
    return replace(
        project, layers=(kept, *others), zones=under, agreements={agreement.id: agreement}
    )


def gate(project: Project) -> Zone:
    """A zone of opposite sign over the first zone."""
    first = next(iter(project.zones.values()))
    assert first.centre is not None
    lon, lat = first.centre
    shape = shapely.box(lon - 0.002, lat - 0.001, lon - 0.0005, lat + 0.001)
    return Zone(
        "School gate",
        shape,
        polarity=Polarity.EXCLUSION,
        agreement_id=first.agreement_id,
        id="gate",
    )


def crossed(project: Project) -> Zone:
    lon, lat = -84.49, 39.09
    ring = [(lon, lat), (lon + 0.004, lat + 0.004), (lon + 0.004, lat), (lon, lat + 0.004)]
    agreement_id = next(iter(project.agreements))
    return Zone("Crossed", shapely.Polygon(ring), id="crossed", agreement_id=agreement_id)


def ready(qtbot: QtBot, window: MainWindow) -> ProblemsPanel:
    """The panel, once it lists what there is now."""
    panel = window.problems
    qtbot.waitUntil(lambda: panel.watch.is_current, timeout=5000)
    panel.catch_up()
    return panel


def opened(qtbot: QtBot, window: MainWindow) -> ProblemsPanel:
    QTest.keyClick(
        window,
        Qt.Key.Key_P,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    panel = ready(qtbot, window)
    qtbot.waitUntil(panel.isVisible)
    return panel


def item_of(panel: ProblemsPanel, code: Code) -> QTreeWidgetItem:
    for number in range(panel.list.topLevelItemCount()):
        heading = panel.list.topLevelItem(number)
        assert heading is not None
        for row in range(heading.childCount()):
            item = heading.child(row)
            assert item is not None
            issue = item.data(0, Qt.ItemDataRole.UserRole)
            if isinstance(issue, Issue) and issue.code is code:
                return item
    raise AssertionError(f"{code} is not listed")


def click(panel: ProblemsPanel, code: Code) -> None:
    item = item_of(panel, code)
    panel.list.scrollToItem(item)
    where = panel.list.visualItemRect(item)
    at = QPoint(where.left() + 40, where.center().y())
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def tab_text(window: MainWindow) -> str:
    return window.bottom.tabs.tabText(window.bottom.pages.indexOf(window.problems))


def test_a_calm_project_has_none(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    panel = opened(qtbot, window)
    assert panel.stack.currentWidget() is panel.empty
    assert panel.empty.label.text() == "No problems found"
    assert tab_text(window) == "Problems"
    assert not window.canvas.problems.places


def test_the_list_follows_each_change(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    ready(qtbot, window)
    window.session.perform(edits.add_zones([crossed(window.session.project)]))
    panel = ready(qtbot, window)
    assert tab_text(window) == "Problems 1"
    assert item_of(panel, Code.SELF_CROSSING).text(2) == "Yes"
    window.session.document.undo()
    ready(qtbot, window)
    assert tab_text(window) == "Problems"


def test_signs_are_on_the_map_only_while_the_list_is_open(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    window.session.perform(edits.add_zones([crossed(window.session.project)]))
    ready(qtbot, window)
    assert not window.canvas.problems.places
    opened(qtbot, window)
    assert len(window.canvas.problems.places) == 1
    window.bottom.show_page(window.table)
    assert not window.canvas.problems.places


def test_enter_shows_the_place(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    window.session.perform(edits.add_zones([crossed(window.session.project)]))
    panel = opened(qtbot, window)
    click(panel, Code.SELF_CROSSING)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert window.session.selection.zone_ids == ("crossed",)
    west, south, east, north = window.session.view.bounds
    assert west < -84.49 < -84.486 < east < west + 0.1
    assert south < 39.09 < 39.094 < north
    assert window.canvas.marker.place == pytest.approx((-84.488, 39.092))


def test_a_fix_is_one_step_and_says_what_it_did(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    window.session.perform(edits.add_zones([crossed(window.session.project)]))
    panel = opened(qtbot, window)
    click(panel, Code.SELF_CROSSING)
    assert "2 parts" in panel.note.text()
    told: list[str] = []
    window.session.noticed.connect(lambda notice: told.append(notice.text))
    QTest.keyClick(panel.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.session.project.zone("crossed").shape.is_valid
    assert told[0].startswith("Repair outline. Take the outline apart")
    assert window.session.document.undo_label == "Repair outline"
    ready(qtbot, window)
    assert panel.empty.label.text() == "No problems found"
    window.session.document.undo()
    assert not window.session.project.zone("crossed").shape.is_valid


def test_several_are_fixed_as_one_step(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    zone = crossed(window.session.project)
    twin = replace(
        zone, id="other", name="Other", shape=shapely.transform(zone.shape, lambda xy: xy + 0.02)
    )
    window.session.perform(edits.add_zones([zone, twin]))
    panel = opened(qtbot, window)
    click(panel, Code.SELF_CROSSING)
    panel.list.selectAll()
    assert panel.fix_button.text() == "Fix 2"
    QTest.mouseClick(panel.fix_button, Qt.MouseButton.LeftButton)
    assert window.session.document.undo_label == "Fix 2 problems"
    assert all(z.shape.is_valid for z in window.session.project.zones.values())


def test_one_kind_is_listed_alone(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    project = window.session.project
    bare = circle_zone("No basis", -84.47, 39.12, 100, "", id="bare")
    window.session.perform(edits.add_zones([crossed(project), bare]))
    panel = opened(qtbot, window)
    assert {issue.code for issue in panel.shown} == {
        Code.SELF_CROSSING,
        Code.NO_BASIS,
        Code.NO_AGREEMENT,
    }
    panel.kinds.setCurrentIndex(panel.kinds.findData(Code.NO_BASIS.value))
    assert [issue.code for issue in panel.shown] == [Code.NO_BASIS]
    heading = panel.list.topLevelItem(0)
    assert heading is not None
    assert heading.text(0) == "1 error"


def test_an_overlap_is_settled_by_a_person(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    window.session.perform(edits.add_zones([gate(window.session.project)]))
    panel = opened(qtbot, window)
    click(panel, Code.OPPOSITE_OVERLAP)
    assert not panel.fix_button.isEnabled()
    QTest.mouseClick(panel.settle_button, Qt.MouseButton.LeftButton)
    dialog = window.commands._dialog
    assert isinstance(dialog, SettleDialog)
    # The program has no opinion: nothing is chosen, and nobody has said so yet.
    assert dialog.chosen is None
    assert not dialog.settle.isEnabled()
    QTest.mouseClick(dialog.choices[Settled.OPPOSITE_HOLDS], Qt.MouseButton.LeftButton)
    assert not dialog.settle.isEnabled()
    QTest.keyClicks(dialog.who, "Partnership board")
    QTest.keyClicks(dialog.why, "The school asked for it")
    QTest.mouseClick(dialog.settle, Qt.MouseButton.LeftButton)
    (settlement,) = window.session.project.settlements
    assert settlement.settled is Settled.OPPOSITE_HOLDS
    assert (settlement.who, settlement.why) == ("Partnership board", "The school asked for it")
    panel = ready(qtbot, window)
    notes = [issue for issue in panel.shown if issue.code is Code.OPPOSITE_OVERLAP]
    assert notes[0].severity is Severity.NOTE
    window.session.document.undo()
    assert not window.session.project.settlements


def test_escape_leaves_an_overlap_as_it_was(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    window.session.perform(edits.add_zones([gate(window.session.project)]))
    panel = opened(qtbot, window)
    click(panel, Code.OPPOSITE_OVERLAP)
    panel.settle()
    dialog = window.commands._dialog
    assert isinstance(dialog, SettleDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not window.session.project.settlements


def test_the_rule_for_overlaps_is_chosen_and_recorded(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    panel = opened(qtbot, window)
    panel.rule.setFocus()
    QTest.keyClick(panel.rule, Qt.Key.Key_Down)
    panel.rule.activated.emit(panel.rule.currentIndex())
    assert window.session.project.overlap_rule is OverlapRule.LONGER_LIST
    window.session.document.undo()
    assert panel.rule.currentData() == OverlapRule.UNION.value
    window.session.perform(overlap_edits.set_overlap_rule(OverlapRule.LONGER_LIST))
    assert panel.rule.currentData() == OverlapRule.LONGER_LIST.value


def test_others_read_only_of_what_they_see(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(calm())
    hidden = replace(crossed(window.session.project), visibility=Visibility.POLICE_ONLY)
    window.session.perform(edits.add_zones([hidden]))
    panel = opened(qtbot, window)
    assert [issue.code for issue in panel.shown] == [Code.SELF_CROSSING]
    window.session.set_look(audience=Audience.PARTNERS)
    assert not panel.shown
    panel.catch_up()
    assert tab_text(window) == "Problems"
