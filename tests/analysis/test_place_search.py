"""Names are found where the audience may see them, and never those of events."""

from __future__ import annotations

from dataclasses import replace

from gisapp.analysis.look_ups.place_search import places_named
from gisapp.layers.audience import Audience, Sensitivity
from tests.ui import made


def test_all_words_count_and_beginnings_come_first() -> None:
    project = made.project()
    found = places_named(project, Audience.POLICE, "pharmacy")
    assert {place.name for place in found} >= {"Northside Pharmacy", "Corner Pharmacy"}
    (only, *_) = places_named(project, Audience.POLICE, "pharm EAST")
    assert only.name == "East Pharmacy"
    assert places_named(project, Audience.POLICE, "  ") == ()


def test_no_event_is_found_even_where_it_has_a_name() -> None:
    project = made.project()
    events = project.layer_named("Overdoses 2025")
    named = replace(events, fields={**events.fields, "name": "substance"})
    assert places_named(project.with_layer(named), Audience.POLICE, "fentanyl") == ()


def test_a_layer_that_is_not_for_this_audience_is_not_searched() -> None:
    project = made.project()
    services = replace(project.layer_named("Services"), sensitivity=Sensitivity.RESTRICTED)
    project = replace(project.with_layer(services), zones={})
    assert places_named(project, Audience.POLICE, "corner")
    assert places_named(project, Audience.PARTNERS, "corner") == ()
