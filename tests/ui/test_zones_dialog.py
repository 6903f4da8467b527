"""Circles round services: who they go round, how far, why, and what they amount to."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gisapp.layers import edits, zoning
from gisapp.layers.vocabulary import Basis, ServiceType
from gisapp.ui.session import Selection
from gisapp.analysis.zone_order import Shape, ZoneOrder, shapes_of
from gisapp.ui.zone_plan import in_words, kinds_counted, service_layers
from gisapp.ui.zones_dialog import ZonesDialog
from tests.ui import made


@pytest.fixture
def dialog(qtbot, session):
    dialog = ZonesDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def say(qtbot, field, text):
    field.clear()
    qtbot.keyClicks(field, text)


def test_zones_are_drawn_in_one_step_that_can_be_undone(dialog, session, qtbot):
    before = len(session.project.zones)
    say(qtbot, dialog.radius, "500ft")
    say(qtbot, dialog.basis, "settled by the partners")
    qtbot.waitUntil(lambda: "6 zones" in dialog.count.text())
    assert dialog.draw.text() == "Draw 6 zones"
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    drawn = list(session.project.zones.values())[before:]
    assert len(drawn) == 6
    assert {zone.radius_text for zone in drawn} == {"500ft"}
    assert drawn[0].radius_m == pytest.approx(152.4)
    assert drawn[0].area_m2 == pytest.approx(math.pi * 152.4**2, rel=0.001)
    assert all(zone.basis_text == "settled by the partners" for zone in drawn)
    assert len({zone.name for zone in session.project.zones.values()}) == before + 6
    session.document.undo()
    assert len(session.project.zones) == before


def test_the_preview_says_what_the_zones_amount_to(dialog, qtbot):
    say(qtbot, dialog.radius, "200 m")
    qtbot.waitUntil(lambda: dialog.count.text() == "6 zones, 679,743 m², 1 overlap among them")


def test_a_radius_without_unit_is_refused_beside_the_field(dialog, qtbot):
    say(qtbot, dialog.radius, "500")
    assert "not a length" in dialog.radius_row.error
    assert not dialog.draw.isEnabled()


def test_a_circle_needs_its_basis_in_words(dialog, qtbot):
    say(qtbot, dialog.radius, "500ft")
    assert not dialog.draw.isEnabled()
    say(qtbot, dialog.basis, " ")
    assert "who settled on this radius" in dialog.basis_row.error
    say(qtbot, dialog.basis, "the meeting of 6 March")
    assert dialog.draw.isEnabled()


def test_services_of_a_kind_or_ticked_in_a_list_are_taken(dialog, qtbot):
    dialog.which_box.setCurrentText("Naloxone distribution (3)")
    assert dialog.rows.tolist() == [1, 2, 5]
    dialog.which_box.setCurrentText("Those ticked in a list")
    assert dialog.list.isVisible()
    assert "at least one" in dialog.services_row.error
    say(qtbot, dialog.search, "mill")
    shown = [dialog.list.item(place).text() for place in range(dialog.list.count())]
    assert shown == ["Mill Lane Drop-in"]
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.search.clear()
    assert dialog.rows.tolist() == [4], "what was ticked stays, whatever is looked for"
    assert dialog.draw.text() == "Draw 1 zone"


def test_the_selection_is_taken_when_there_is_one(qtbot, session):
    layer = session.project.layers[0]
    session.select(Selection(layer_id=layer.id, rows=np.array([0, 3])))
    dialog = ZonesDialog(session)
    qtbot.addWidget(dialog)
    assert dialog.which_box.currentText() == "The selection (2)"
    assert dialog.rows.tolist() == [0, 3]


def test_an_agreement_brings_the_basis_of_its_radius(dialog, session, qtbot):
    agreement = next(iter(session.project.agreements.values()))
    dialog.agreement_box.setCurrentIndex(1)
    assert dialog.basis.text() == agreement.radius_basis
    say(qtbot, dialog.radius, "150m")
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    assert all(zone.agreement_id == agreement.id for zone in dialog.zones)


def test_footprints_are_the_premises_and_ask_for_no_radius(qtbot, open_session):
    project = made.project()
    session = open_session(replace(project, layers=(*project.layers, made.premises())))
    dialog = ZonesDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.layer.name == "Premises"
    assert not dialog.radius.isVisible()
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    assert [zone.basis for zone in dialog.zones] == [Basis.FOOTPRINT] * 2
    assert dialog.zones[0].shape.equals(made.premises().geometry.geoms[0])


def test_without_services_it_says_what_to_do(qtbot, empty_session):
    dialog = ZonesDialog(empty_session)
    qtbot.addWidget(dialog)
    assert not dialog.draw.isEnabled()


def test_kinds_are_counted_from_what_the_list_says():
    counted = dict(kinds_counted(made.services()))
    assert counted[ServiceType.NALOXONE] == 3
    assert counted[ServiceType.NEEDLE_SYRINGE] == 2


def test_services_come_first_and_of_events_only_scenes_are_drawn():
    layers = service_layers(made.project())
    assert [layer.name for layer in layers] == ["Services", "Overdoses 2025"]
    assert shapes_of(layers[1]) == (Shape.SCENE,)


def test_a_summary_reads_as_a_sentence():
    order = ZoneOrder(made.services(), np.array([0]), Shape.CIRCLE, "200m", "x")
    assert in_words(zoning.summary(order.drawn(()).zones)).startswith("1 zone, 125,")
    both = replace(order, rows=np.array([0, 1]), radius="1m")
    assert in_words(zoning.summary(both.drawn(()).zones)).endswith("no overlaps among them")


def test_the_basis_follows_the_agreement_until_one_types_it(qtbot, session):
    other = replace(
        made.agreement(), id="other", title="Other agreement", radius_basis="settled in May"
    )
    session.perform(edits.record_agreement(other))
    dialog = ZonesDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.agreement_box
    choices = {box.itemText(place).split(" (")[0]: place for place in range(box.count())}
    box.setCurrentIndex(choices["Harbour Street agreement"])
    assert dialog.basis.text() == "agreed at the meeting of 10 December 2024"
    box.setCurrentIndex(choices["Other agreement"])
    assert dialog.basis.text() == "settled in May", "not that of the agreement passed on the way"
    box.setCurrentIndex(0)
    assert dialog.basis.text() == ""
    say(qtbot, dialog.basis, "typed by hand")
    box.setCurrentIndex(choices["Other agreement"])
    assert dialog.basis.text() == "typed by hand"
