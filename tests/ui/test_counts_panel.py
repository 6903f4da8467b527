"""Counting in the window: figures, by zone, for each audience, following the project."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gisapp.analysis.counting import count_events
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Visibility
from gisapp.ui.layers.counts_panel import CountsPanel
from gisapp.ui.table.row_filter import Part


def figures(panel: CountsPanel) -> dict[str, str]:
    table = panel.figures
    return {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}


@pytest.fixture
def events(session):
    return next(layer for layer in session.project.layers if layer.is_events)


@pytest.fixture
def panel(qtbot, session, events, idle):
    panel = CountsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_layer(events.id)
    idle(session)
    qtbot.waitUntil(lambda: panel.figures.rowCount() > 0)
    return panel


def test_the_figures_are_those_of_the_command_line(panel, session, events):
    counts = count_events(session.project, events, ring_m=200)
    shown = figures(panel)
    assert shown["Inside a zone"] == f"{counts.inside:,}"
    assert shown["Within 200 m of one"] == f"{counts.ring:,}"
    assert shown["Together"] == f"{len(events):,}"
    assert panel.by_zone.rowCount() == len(session.project.zones)


def test_choosing_a_zone_selects_it_on_the_map(panel, session, qtbot):
    place = panel.by_zone.visualItemRect(panel.by_zone.item(0, 0)).center()
    qtbot.mouseClick(panel.by_zone.viewport(), Qt.MouseButton.LeftButton, pos=place)
    [zone_id] = session.selection.zone_ids
    assert session.project.zones[zone_id].name == panel.by_zone.item(0, 0).text()


def test_counts_follow_an_edit(panel, session, qtbot):
    session.perform(edits.remove_zones(tuple(session.project.zones)))
    qtbot.waitUntil(lambda: panel.stack.currentWidget() is panel.empty)
    session.document.undo()
    qtbot.waitUntil(lambda: panel.stack.currentWidget() is panel.filled)


def test_a_ring_without_unit_is_explained_beside_the_field(panel, qtbot):
    panel.ring.selectAll()
    qtbot.keyClicks(panel.ring, "200")
    qtbot.keyClick(panel.ring, Qt.Key.Key_Return)
    assert "not a length" in panel.problem.text()


def test_partners_see_no_small_count(panel, session, qtbot, idle):
    session.set_look(audience=Audience.PARTNERS)
    idle(session)
    qtbot.waitUntil(lambda: not session.runner.busy)
    for table in (panel.figures, panel.by_zone):
        for row in range(table.rowCount()):
            text = table.item(row, 1).text().replace(",", "")
            assert text == "left out" or int(text) == 0 or int(text) >= 11


def test_a_zone_that_is_not_for_them_is_not_among_those_of_partners(panel, session, qtbot, idle):
    zone = next(iter(session.project.zones.values()))
    hidden = replace(zone, id="hidden", name="Hidden place", visibility=Visibility.POLICE_ONLY)
    session.perform(edits.add_zones([hidden]))

    def names():
        return [panel.by_zone.item(row, 0).text() for row in range(panel.by_zone.rowCount())]

    qtbot.waitUntil(lambda: "Hidden place" in names())
    session.set_look(audience=Audience.PARTNERS)
    qtbot.waitUntil(lambda: len(names()) == len(session.project.zones) - 1)
    assert "Hidden place" not in names()


def test_a_filter_is_counted_and_said(panel, session, events, qtbot, idle):
    mask = np.arange(len(events)) < 50
    session.filters.set(events.id, Part.TABLE, mask, "the first fifty")
    idle(session)
    qtbot.waitUntil(lambda: figures(panel)["Together"] == "50")
    assert "filter" in panel.note.text()


def test_nothing_to_count_says_what_to_do(qtbot, open_session):
    panel = CountsPanel(open_session(Project()))
    qtbot.addWidget(panel)
    panel.show()
    panel.refresh()
    assert panel.stack.currentWidget() is panel.empty
    assert "import stops or overdoses" in panel.empty.label.text()
