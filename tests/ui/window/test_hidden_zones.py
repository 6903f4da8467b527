"""What an audience may not see is in no list of the window, and no tool takes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gisapp.analysis.zones.table import zones_where
from gisapp.layers import checks, edits
from gisapp.layers.audience import Audience
from gisapp.layers.issue import Code, Issue, Severity
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import Visibility
from gisapp.ui.exports.package_dialog import ExportPackageDialog
from gisapp.ui.inspector.parts import NameEdit
from gisapp.ui.layers.delegate import COUNT
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from gisapp.ui.table.source import ZONES


@pytest.fixture(params=["the zone", "its agreement"])
def hidden(window: MainWindow, request: pytest.FixtureRequest) -> str:
    """The id of a zone that only police may see, by itself or by its agreement."""
    session = window.session
    zone = next(one for one in session.project.zones.values() if one.agreement_id)
    if request.param == "the zone":
        zone = replace(zone, visibility=Visibility.POLICE_ONLY)
        session.perform(edits.change_zones("Hide", (zone,)))
    else:
        agreement = session.project.agreements[zone.agreement_id or ""]
        agreement = replace(agreement, visibility=Visibility.POLICE_ONLY)
        session.perform(edits.correct_agreement(agreement))
    return zone.id


def seen_count(window: MainWindow) -> int:
    """How many zones the window shows, by themselves and by their agreement."""
    project, audience = window.session.project, window.session.look.audience
    return len(seen_by(project, audience, exported=False).zones)


def listed(window: MainWindow) -> list[str]:
    return [row.key for row in window.inspector.overview.zones.zones.rows]


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS])
def test_the_list_of_zones_is_for_the_audience(
    window: MainWindow, hidden: str, audience: Audience
) -> None:
    window.session.select(Selection())
    assert hidden in listed(window)
    window.session.set_look(audience=audience)
    assert hidden not in listed(window)
    window.session.set_look(audience=Audience.POLICE)
    assert hidden in listed(window)


def test_agreements_are_listed_for_the_audience(window: MainWindow, hidden: str) -> None:
    project = window.session.project
    agreement = project.agreements[project.zones[hidden].agreement_id or ""]
    window.session.select(Selection())
    window.session.set_look(audience=Audience.PARTNERS)
    overview = window.inspector.overview
    shown = {overview.agreements.item(row).text() for row in range(overview.agreements.count())}
    assert (agreement.title in shown) is (agreement.visibility is Visibility.PUBLIC)


def test_all_zones_are_all_that_the_audience_sees(window: MainWindow, hidden: str) -> None:
    window.session.set_look(audience=Audience.PARTNERS)
    window.actions_set.qt["zones.select-all"].trigger()
    assert window.session.selection.zone_ids
    assert hidden not in window.session.selection.zone_ids


def test_the_table_lists_no_hidden_zone(window: MainWindow, hidden: str, qtbot: QtBot) -> None:
    panel, project = window.table, window.session.project
    window.commands.show_table(None)
    panel.show_layer(ZONES)
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(project.zones))
    window.session.set_look(audience=Audience.PUBLIC)
    qtbot.waitUntil(lambda: panel.model.rowCount() == seen_count(window))


def test_a_condition_finds_no_hidden_zone(window: MainWindow, hidden: str) -> None:
    project, day = window.session.project, window.session.look.day
    assert hidden in zones_where(project, "area_m2 > 0", day, Audience.POLICE)
    assert hidden not in zones_where(project, "area_m2 > 0", day, Audience.PARTNERS)


def test_a_zone_selected_before_is_neither_described_nor_drawn(
    window: MainWindow, hidden: str
) -> None:
    window.commands.select_zones((hidden,))
    assert window.canvas.selection._outlines.x.size
    window.session.set_look(audience=Audience.PUBLIC)
    name = window.session.project.zones[hidden].name
    assert not window.session.selection.zone_ids
    assert name not in [one.text() for one in window.inspector.page.findChildren(NameEdit)]
    assert not window.canvas.selection._outlines.x.size, "the halo is its outline too"


def test_the_list_of_layers_counts_no_hidden_zone(window: MainWindow, hidden: str) -> None:
    count = len(window.session.project.zones)
    row = window.layers.tree.topLevelItem(0)
    assert row is not None and row.data(0, COUNT) == str(count)
    window.session.set_look(audience=Audience.PARTNERS)
    window.layers.tree.catch_up()
    row = window.layers.tree.topLevelItem(0)
    assert row is not None and row.data(0, COUNT) == str(seen_count(window)) != str(count)


def test_problems_name_no_hidden_zone(window: MainWindow, hidden: str) -> None:
    project = window.session.project
    issue = Issue(Severity.WARNING, next(iter(Code)), "About it.", zone_ids=(hidden,))
    assert checks.issues_seen_by(project, (issue,), Audience.POLICE)
    assert not checks.issues_seen_by(project, (issue,), Audience.PARTNERS)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS])
def test_the_list_of_a_package_names_no_hidden_zone(
    window: MainWindow, hidden: str, audience: Audience, qtbot: QtBot
) -> None:
    name = window.session.project.zones[hidden].name
    window.session.set_look(audience=audience)
    dialog = ExportPackageDialog(window.session, window)
    dialog.finish()
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: len(dialog.zones.going.rows) + len(dialog.zones.staying.rows) > 0)
    cells = [
        text
        for table in (dialog.zones.going, dialog.zones.staying)
        for row in table.rows
        for text in row
    ]
    assert name not in cells
    assert any("not shown to this audience" in text for text in cells)


def test_the_layers_are_listed_anew_only_when_they_say_something_else(window: MainWindow) -> None:
    tree, session = window.layers.tree, window.session
    tree.catch_up()
    before = tree.topLevelItem(0)
    zone = next(iter(session.project.zones.values()))
    session.perform(edits.change_zones("Note", (replace(zone, note="By the door"),)))
    tree.catch_up()
    assert tree.topLevelItem(0) is before
    session.perform(edits.remove_zones((zone.id,)))
    tree.catch_up()
    top = tree.topLevelItem(0)
    assert top is not before
    assert top is not None
    assert top.data(0, COUNT) == f"{len(session.project.zones):,}"


def test_the_same_problems_are_sifted_once_for_an_audience(
    window: MainWindow, qtbot: QtBot
) -> None:
    watch = window.problems.watch
    qtbot.waitUntil(lambda: watch.is_current)
    found = watch.issues
    assert watch.issues is found
    window.session.set_look(audience=Audience.PUBLIC)
    fewer = watch.issues
    assert fewer is watch.issues
    assert watch.problems is not None
    assert fewer == checks.issues_seen_by(watch.problems.project, found, Audience.PUBLIC)
