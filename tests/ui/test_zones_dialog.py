"""Zones from a layer: from what, how, how far, why, and what they amount to."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import Qt

from gisapp.analysis.zones.order import Shape, ZoneOrder, shapes_of
from gisapp.layers import edits, zoning
from gisapp.layers.layer import Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind, ServiceType, Visibility
from gisapp.ui.session import Selection
from gisapp.ui.widgets.forms import choose
from gisapp.ui.zones.dialog import ZonesDialog
from gisapp.ui.zones.plan import in_words, kinds_counted, rows_with_zones, service_layers
from gisapp.ui.zones.source_rows import ZONED
from tests.ui import made


@pytest.fixture
def dialog(qtbot, session):
    dialog = ZonesDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def say(qtbot, field, text):
    field.clear()
    qtbot.keyClicks(field, text)


def many_services():
    services = made.services()
    many = services.table.take(np.arange(300) % len(services))
    rng = np.random.default_rng(1)
    places = Points(rng.uniform(-84.6, -84.4, 300), rng.uniform(39.1, 39.2, 300))
    return replace(services, table=many, geometry=places)


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


def test_zones_round_very_many_services_are_drawn_behind_the_window(open_session, qtbot, idle):
    session = open_session(Project(title="Many", layers=(many_services(),)))
    dialog = ZonesDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    say(qtbot, dialog.radius, "200 m")
    say(qtbot, dialog.basis, "settled by the partners")
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    assert not session.project.zones and not dialog.draw.isEnabled()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert len(session.project.zones) == 300
    idle(session)


def test_another_radius_gives_up_what_is_being_drawn(open_session, qtbot, idle):
    session = open_session(Project(title="Many", layers=(many_services(),)))
    dialog = ZonesDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    say(qtbot, dialog.radius, "200 m")
    say(qtbot, dialog.basis, "settled by the partners")
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    say(qtbot, dialog.radius, "350 m")
    qtbot.waitUntil(lambda: "300 zones" in dialog.count.text())
    idle(session)
    assert not session.project.zones and dialog.isVisible()
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert {zone.radius_m for zone in session.project.zones.values()} == {350.0}


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
    dialog.finish()
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
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.layer.name == "Premises"
    assert not dialog.radius.isVisible()
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    assert [zone.basis for zone in dialog.zones] == [Basis.FOOTPRINT] * 2
    assert dialog.zones[0].shape.equals(made.premises().geometry.geoms[0])


def test_without_services_it_says_what_to_do(qtbot, empty_session):
    dialog = ZonesDialog(empty_session)
    dialog.finish()
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
    dialog.finish()
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


# Every basis


def with_layers(open_session, *layers):
    project = made.project()
    return open_session(replace(project, layers=(*layers, *project.layers)))


def shown_dialog(qtbot, session, layer_id=None):
    dialog = ZonesDialog(session, layer_id)
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def town():
    """Streets past the six services, each with a vertex beside one."""
    places = made.services().geometry
    lines = np.empty(2, dtype=object)
    lines[0] = shapely.LineString(np.column_stack([places.lon, places.lat]))
    lines[1] = shapely.LineString([(-84.512, 39.104), (-84.512, 39.110)])
    table = pa.table({"name": ["Harbour Street", "Vine Street"], "class": ["S1400"] * 2})
    fields = {"name": "name", "road_class": "class"}
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), fields)


def test_a_walk_is_previewed_and_drawn_off_this_thread(qtbot, open_session):
    session = with_layers(open_session, town())
    before = len(session.project.zones)
    dialog = shown_dialog(qtbot, session)
    choose(dialog.shape_box, Shape.WALK)
    assert dialog.terms.width.text() == "30m" and dialog.terms.width.isVisible()
    say(qtbot, dialog.radius, "5 min")
    assert dialog.terms.pace.isVisible(), "a time on foot states its pace"
    say(qtbot, dialog.basis, "agreed in May")
    qtbot.waitUntil(lambda: dialog.count.text().startswith("6 zones"), timeout=5000)
    assert dialog.remarks.text() == "All within 0 m of a street."
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.zones) == 6, timeout=5000)
    assert {zone.basis for zone in dialog.zones} == {Basis.WALK}
    assert all("80 m a minute" in zone.basis_text for zone in dialog.zones)
    assert not dialog.isVisible()
    session.document.undo()
    assert len(session.project.zones) == before


def test_a_hull_asks_for_no_width(qtbot, open_session):
    dialog = shown_dialog(qtbot, with_layers(open_session, town()))
    choose(dialog.shape_box, Shape.WALK)
    dialog.terms.outline_box.setCurrentText("One outline about them")
    assert not dialog.terms.width.isVisible()
    say(qtbot, dialog.radius, "400m")
    assert not dialog.terms.pace.isVisible()
    assert dialog.order.hull


def test_without_streets_a_walk_says_what_to_import(dialog, qtbot):
    choose(dialog.shape_box, Shape.WALK)
    say(qtbot, dialog.radius, "5 min")
    assert "Import a layer of streets" in dialog.terms.rows["streets"].error
    assert not dialog.draw.isEnabled()


def test_blocks_ask_how_long_one_is(dialog, qtbot):
    assert not dialog.terms.block.isVisible()
    say(qtbot, dialog.radius, "2 blocks")
    assert dialog.terms.block.isVisible()
    say(qtbot, dialog.basis, "the study")
    assert not dialog.draw.isEnabled()
    say(qtbot, dialog.terms.block, "264ft")
    assert "needs its basis" in dialog.terms.rows["block"].error
    say(qtbot, dialog.terms.block_basis, "measured")
    assert dialog.draw.isEnabled()
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    assert dialog.zones[0].radius_text == "2 blocks"
    assert dialog.zones[0].radius_m == pytest.approx(160.9344)


def test_a_radius_from_the_edge_of_another_layer(qtbot, open_session):
    session = with_layers(open_session, made.premises())
    dialog = shown_dialog(qtbot, session, session.project.layers_of(LayerKind.SERVICES)[1].id)
    assert not dialog.terms.premises_box.isVisible()
    dialog.terms.measured_box.setCurrentText("The edge of the parcel")
    assert dialog.terms.premises_box.isVisible()
    say(qtbot, dialog.radius, "1000ft")
    say(qtbot, dialog.basis, "the act")
    qtbot.waitUntil(lambda: "No zone for" in dialog.remarks.text())
    assert "in no area of “Premises”" in dialog.remarks.text()
    assert dialog.draw.text() == "Draw 2 zones", "as many as there will be"


def test_streets_are_found_by_typing_and_drawn_in_part(qtbot, open_session):
    streets = town()
    dialog = shown_dialog(qtbot, with_layers(open_session, streets), streets.id)
    assert Shape(dialog.shape_box.currentData()) is Shape.STREETS
    assert not dialog.which_box.isVisible() and not dialog.picker.part.isVisible()
    say(qtbot, dialog.search, "vin")
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert dialog.picker.part.isVisible()
    say(qtbot, dialog.picker.part, "Harbour Street to Nowhere")
    qtbot.waitUntil(lambda: "no street “Nowhere”" in dialog.count.text())
    assert not dialog.draw.isEnabled()
    say(qtbot, dialog.picker.part, "")
    dialog.picker.part.textEdited.emit("")
    say(qtbot, dialog.basis, "the order names it")
    qtbot.waitUntil(lambda: dialog.count.text().startswith("1 zone"))
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.zones) == 1)
    assert dialog.zones[0].streets == ("Vine Street",)


def test_scenes_are_those_of_the_selection_and_only_police_see_them(qtbot, session):
    events = session.project.layers_of(LayerKind.OVERDOSES)[0]
    dialog = shown_dialog(qtbot, session, events.id)
    assert "Select the incidents first" in dialog.services_row.error
    dialog.reject()
    session.select(Selection(layer_id=events.id, rows=np.array([0, 1])))
    dialog = shown_dialog(qtbot, session, events.id)
    say(qtbot, dialog.radius, "50m")
    say(qtbot, dialog.terms.lasting, "soon")
    assert "not a span of time" in dialog.terms.rows["lasting"].error
    say(qtbot, dialog.terms.lasting, "6h")
    say(qtbot, dialog.basis, "the act of 2017")
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    assert len(dialog.zones) == 2
    assert {zone.visibility for zone in dialog.zones} == {Visibility.POLICE_ONLY}


def test_a_jurisdiction_is_one_zone(qtbot, open_session):
    wards = replace(made.premises(), kind=LayerKind.BOUNDARIES)
    dialog = shown_dialog(qtbot, with_layers(open_session, wards), wards.id)
    choose(dialog.shape_box, Shape.JURISDICTION)
    assert dialog.draw.text() == "Draw 1 zone" and dialog.draw.isEnabled()
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.zones) == 1)
    assert dialog.zones[0].basis is Basis.JURISDICTION


def test_closing_while_it_walks_draws_nothing(qtbot, open_session, idle):
    session = with_layers(open_session, town())
    before = len(session.project.zones)
    dialog = shown_dialog(qtbot, session)
    choose(dialog.shape_box, Shape.WALK)
    say(qtbot, dialog.radius, "5 min")
    say(qtbot, dialog.basis, "agreed")
    qtbot.mouseClick(dialog.draw, Qt.MouseButton.LeftButton)
    dialog.reject()
    idle(session)
    assert len(session.project.zones) == before


def test_the_sites_that_have_a_zone_now_are_a_choice(dialog, session):
    places = [dialog.which_box.itemText(i) for i in range(dialog.which_box.count())]
    assert places[:2] == ["All 6 services", "Those with a zone now (4)"]
    assert dialog.which_box.currentIndex() == 0
    choose(dialog.which_box, ZONED)
    assert dialog.rows.tolist() == [0, 1, 2, 3]


def test_of_services_of_one_name_those_in_a_zone_are_meant():
    layer = made.services()
    names = pa.array(["Chain Pharmacy"] * 3 + ["Bridge Clinic", "", "East Pharmacy"])
    layer = replace(layer, table=layer.table.set_column(0, "name", names))
    zones = zoning.circles_round(layer, 100, "agreed", rows=np.array([2, 4, 5]))
    assert rows_with_zones(layer, zones).tolist() == [2, 4, 5]
    moved = [replace(zones[2], shape=zones[0].shape)]
    assert rows_with_zones(layer, moved).tolist() == [5], "known by its name though it moved"
    assert not len(rows_with_zones(made.overdoses(), zones))


def test_tab_goes_through_the_fields_before_the_buttons(session, qtbot):
    dialog = ZonesDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    chain, widget = [], dialog.layer_box.nextInFocusChain()
    while widget is not dialog.layer_box:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    order = [chain.index(one) for one in (dialog.radius, dialog.basis, dialog.draw)]
    assert order == sorted(order)
