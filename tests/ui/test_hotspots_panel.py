"""Hotspots: found, followed by their sliders, undone as one, explained, saved and removed."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt

from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.layers.hotspot_legend import legend_lines
from gisapp.ui.layers.hotspots_panel import HotspotsPanel
from gisapp.ui.widgets.metre_slider import MetreSlider


@pytest.fixture
def panel(qtbot, session):
    panel = HotspotsPanel(session)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    panel.show()
    return panel


@pytest.fixture
def found(panel, session, qtbot):
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.surface is not None, timeout=5000)
    return panel


def test_events_are_offered_before_services(panel, session):
    assert panel.layer.kind is LayerKind.OVERDOSES
    assert panel.start.isVisible()
    assert not panel.save.isVisible()


def test_found_hotspots_are_kept_in_the_project(found, session):
    (kept,) = session.project.hotspots
    assert (kept.method, kept.cell_m, kept.bandwidth_m) == ("kde", 150, 400)
    assert not found.start.isVisible()
    assert "Events per km² per year" in found.legend.accessibleDescription()
    assert "2025" in found.notes.text()


def test_a_drag_of_the_slider_is_one_step(found, session, qtbot):
    slider = found.bandwidth.slider
    slider.sliderPressed.emit()
    slider.setSliderDown(True)
    for place in (110, 120, 130):
        slider.setSliderPosition(place)
    slider.setSliderDown(False)
    assert session.project.hotspots[0].bandwidth_m > 800
    session.document.undo()
    assert session.project.hotspots[0].bandwidth_m == 400
    assert found.bandwidth.value == 400, "the panel follows undo"
    session.document.undo()
    assert session.project.hotspots == ()


def test_two_drags_are_two_steps(found, session):
    slider = found.cell.slider
    for place in (120, 140):
        slider.sliderPressed.emit()
        slider.setValue(place)
        slider.sliderReleased.emit()
    sizes = [session.project.hotspots[0].cell_m]
    for _ in range(2):
        session.document.undo()
        sizes.append(session.project.hotspots[0].cell_m)
    assert sizes[0] > sizes[1] > sizes[2] == 150


def test_a_typed_number_moves_the_slider(found, session, qtbot):
    found.cell.number.selectAll()
    qtbot.keyClicks(found.cell.number, "300")
    qtbot.keyClick(found.cell.number, Qt.Key.Key_Return)
    assert session.project.hotspots[0].cell_m == 300
    assert found.cell.slider.value() == pytest.approx(118, abs=1)


def test_gi_star_says_its_classes_and_its_limits(found, session, qtbot):
    found.method_box.setCurrentIndex(1)
    assert session.project.hotspots[0].method == "gistar"
    qtbot.waitUntil(lambda: found.surface.classes is not None, timeout=5000)
    lines = legend_lines(found.layer, found.surface, False, 0.75)
    assert any("More than chance" in words for _, words in lines)
    assert "false discovery rate" in found.notes.text()
    assert found.bandwidth_row.label.text() == "Distance"


def test_cells_are_saved_and_only_by_police(found, session, qtbot, tmp_path, idle):
    path = tmp_path / "cells.geojson"
    with qtbot.waitSignal(session.noticed) as told:
        found.save_cells(path)
    counts = counts_in(path)
    words = told.args[0].text
    assert words.startswith(f"Saved {len(counts)} cells to cells.geojson, with small counts")
    assert words.endswith("for police analysts only.")
    assert sum(counts) == 600, "every event, though few lie in a cell"
    assert min(count for count in counts if count) < 5
    session.set_look(audience=Audience.PARTNERS)
    qtbot.waitUntil(lambda: not found.save.isEnabled(), timeout=5000)
    session.set_look(audience=Audience.PATROL)
    assert "not shown to patrol systems" in found.empty.label.text()


def test_cells_for_others_have_no_small_counts(found, session, qtbot, tmp_path):
    session.set_look(audience=Audience.PARTNERS)
    with qtbot.waitSignal(session.noticed) as told:
        found.save_cells(tmp_path / "cells.geojson")
    assert told.args[0].text.endswith(", without small counts: for partners.")
    assert sum(counts_in(tmp_path / "cells.geojson")) < 600


def counts_in(path):
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [feature["properties"]["count"] or 0 for feature in features]


def test_removing_can_be_undone(found, session, qtbot):
    qtbot.mouseClick(found.remove, Qt.MouseButton.LeftButton)
    assert session.project.hotspots == ()
    assert found.start.isVisible()
    session.document.undo()
    assert not found.start.isVisible()


def test_without_points_it_says_what_to_do(qtbot, empty_session):
    panel = HotspotsPanel(empty_session)
    qtbot.addWidget(panel)
    assert "No layer of points yet" in panel.empty.label.text()


def test_showing_a_value_tells_nobody(qtbot):
    slider = MetreSlider("Cell size", 20, 2000)
    qtbot.addWidget(slider)
    told = []
    slider.changed.connect(lambda *what: told.append(what))
    slider.set_value(500)
    assert told == []
    assert slider.value == 500


def test_nothing_needs_scrolling_in_the_bottom_panel(found, qtbot):
    found.resize(1280, 160)
    area = found.stack.widget(0)
    for method in (0, 1):
        found.method_box.setCurrentIndex(method)
        qtbot.waitUntil(lambda m=method: (found.surface.classes is not None) == bool(m))
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0, timeout=2000)
    assert found.opacity.isVisible()


def test_a_hidden_panel_computes_nothing(found, session, qtbot):
    found.hide()
    session.set_look(time=None, dark=not session.look.dark)
    assert not found._later.isActive()
    found.show()
    assert found._later.isActive()
