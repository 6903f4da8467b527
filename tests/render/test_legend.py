"""The legend lists what is there, in the order of the map, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from gisapp.analysis.classes.making import categories_of, with_classes
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.classes import class_labels, class_starts
from gisapp.layers.layer import Provenance
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import LegendEntry, PointDrawing, Style
from gisapp.layers.symbology import Rule, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.legend import legend
from gisapp.render.painters.zones import zones_by_look
from gisapp.render.swatches import swatch
from gisapp.render.view import MapView
from tests.render.conftest import agreement, look, pixels, points, scattered, town, zone_in


def test_zones_come_first_then_layers_from_top_to_bottom() -> None:
    sections = legend(town(), look())
    names = ["Zones", "Services", "Boxes", "Overdoses", "Boundary", "Streets"]
    assert [section.title for section in sections] == names


def test_only_standings_that_are_there_are_listed() -> None:
    project = zone_in(zone_in(Project(), agreement()), None)
    (section,) = legend(project, look())
    assert [(entry.label, entry.count) for entry in section.entries] == [
        ("In force", "1"),
        ("No agreement", "1"),
    ]
    assert section.subtitle == "2 zones"
    assert legend(replace(project, zones_visible=False), look()) == ()


def test_hidden_and_empty_layers_are_not_listed() -> None:
    hidden = replace(points(LayerKind.SERVICES, [0.0], [0.0]), visible=False)
    empty = points(LayerKind.STOPS, [], [])
    assert legend(Project(layers=(hidden, empty)), look()) == ()


def test_counts_are_words_and_tell_what_is_missing() -> None:
    layer = scattered(LayerKind.OVERDOSES, 6060)
    provenance = Provenance(read=6960, rejected=900, reasons={"no coordinates": 900})
    project = Project(layers=(replace(layer, provenance=provenance),))
    (section,) = legend(project, look())
    assert section.subtitle == "6,060 overdoses (900 more without a place)"


def test_a_filter_is_told_and_gives_no_small_count_away() -> None:
    layer = scattered(LayerKind.STOPS, 100)
    project = Project(layers=(layer,))
    few, most = np.arange(100) < 3, np.arange(100) < 95
    (police,) = legend(project, look(rows={layer.id: few}))
    assert police.subtitle == "3 of 100 stops"
    (public,) = legend(project, look(Audience.PUBLIC, rows={layer.id: few}))
    assert public.subtitle == "<11 of 100 stops"
    (public,) = legend(project, look(Audience.PUBLIC, rows={layer.id: most}))
    assert public.subtitle == "Part of 100 stops"


def test_cells_say_their_size_their_classes_and_what_is_left_out() -> None:
    layer = scattered(LayerKind.STOPS, 20_000)
    (section,) = legend(Project(layers=(layer,)), look(Audience.PUBLIC))
    (entry,) = section.entries
    assert entry.label == "Stops per cell of 250 m"
    assert entry.ramp[0][1].startswith("11")
    assert section.note == "Counts below 11 are left out."


def test_density_has_its_true_unit_and_values() -> None:
    layer = scattered(LayerKind.OVERDOSES, 2000)
    spots = Hotspots(layer.id, "kde", 100, 400)
    project = Project(layers=(replace(layer, visible=False),), hotspots=(spots,))
    (section,) = legend(project, look())
    assert section.title == "Density of overdoses"
    assert section.entries[0].label == "Overdoses per km²"
    labels = [label.replace(",", "") for _, label in section.entries[0].ramp]
    assert labels[-1].endswith(" or more")
    values = [float(label.removesuffix(" or more")) for label in labels]
    assert values == sorted(values)
    assert all(value == float(f"{value:.1g}") or value % 5 == 0 for value in values)
    assert section.id == spots.id


def test_gi_star_lists_the_classes_that_occur_and_names_the_correction() -> None:
    layer = scattered(LayerKind.OVERDOSES, 2000)
    spots = Hotspots(layer.id, "gistar", 400, 900)
    (section, _) = reversed(legend(Project(layers=(layer,), hotspots=(spots,)), look()))
    labels = [entry.label for entry in section.entries]
    assert labels[0] == "More than chance, 99 % sure"
    assert "Benjamini" in section.note


def test_hotspots_that_cannot_be_computed_say_why() -> None:
    layer = scattered(LayerKind.OVERDOSES, 50)
    spots = Hotspots(layer.id, "kde", 0.05, 400)
    sections = legend(Project(layers=(layer,), hotspots=(spots,)), look())
    assert sections[1].subtitle == "Not shown"
    assert "cells" in sections[1].note.casefold()


def test_with_a_view_only_what_lies_in_it_is_listed() -> None:
    elsewhere = MapView.fit((10.0, 50.0, 10.1, 50.1), 300, 300)
    assert legend(town(), look(), Cache(), elsewhere) == ()
    whole = MapView.fit(town().bounds, 300, 300)
    assert len(legend(town(), look(), Cache(), whole)) == 6


@pytest.mark.parametrize("top", [1, 2, 9, 10, 57, 900, 123_456])
@pytest.mark.parametrize("least", [1, 11])
def test_classes_rise_and_are_few(top: int, least: int) -> None:
    starts = class_starts(top, least)
    assert starts[0] == least
    assert list(starts) == sorted(set(starts))
    assert len(starts) <= 5
    assert len(class_labels(starts)) == len(starts)


@pytest.mark.parametrize("symbol", ["point", "service", "line", "area", "ramp"])
def test_every_symbol_has_a_picture(symbol: str) -> None:
    entry = LegendEntry("Other service", Style(), symbol, ramp=(("#FF0000", "1"),))
    image = swatch(entry, 16, 2.0)
    assert image.width() == 32
    assert pixels(image)[..., 3].any()


def test_zones_are_grouped_once_for_a_project_and_a_day() -> None:
    project = zone_in(zone_in(Project(), agreement()), None)
    groups = zones_by_look(project, look())
    assert zones_by_look(project, look(Audience.PUBLIC)) is groups
    before = replace(look(), day=date(2024, 1, 1))
    assert [label for label, _ in zones_by_look(project, before)] != [label for label, _ in groups]
    assert {label: len(zones) for (label, _), zones in groups.items()} == {
        "In force": 1,
        "No agreement": 1,
    }
    assert zones_by_look(replace(project, title="Other"), look()) is not groups


def test_where_classes_are_drawn_as_counts_the_legend_says_how_each_is_seen() -> None:
    layer = scattered(LayerKind.STOPS, 60_000)
    kind = pa.array(np.where(np.arange(60_000) % 3 == 0, "traffic", "other"))
    layer = replace(layer, table=layer.table.append_column("problem", kind))
    layer = layer.restyled(with_classes(layer, categories_of(layer, "problem")))
    far, close = (
        MapView.fit(layer.bounds, 300, 200),
        MapView.fit(layer.bounds, 300, 200).zoomed(400),
    )
    hints = [
        legend(Project(layers=(one,)), seen, view=view)[0].hint
        for one, view, seen in (
            (layer, far, look()),
            (layer, close, look()),
            (layer.restyled(replace(layer.style, symbology=None)), far, look()),
            (layer, far, look(exported=True)),
        )
    ]
    assert hints == ["Zoom in to see each in its colour", "", "", ""]
    for way in (PointDrawing.HEXAGONS, PointDrawing.CLUSTERS, PointDrawing.HEAT):
        drawn = layer.restyled(replace(layer.style, points=way))
        (section,) = legend(Project(layers=(drawn,)), look(), view=far)
        assert section.hint == "For each in its colour choose “Each place” under Style"


def _with_rules(*rules: tuple[str, str]) -> Project:
    layer = points(LayerKind.SERVICES, [0.0, 0.01, 0.02], [0.0, 0.0, 0.0])
    table = pa.table({"name": ["Quiet House", "Mill Lane", "Bridge"], "beds": [1, 2, 3]})
    classes = tuple(SymbolClass(label, Rule(where), "#AA0000") for label, where in rules)
    style = replace(layer.style, symbology=Symbology(classes))
    return Project(layers=(replace(layer, style=style, table=table),))


def test_a_class_that_is_empty_for_its_rule_is_told() -> None:
    rules = ("Many", "beds > 1"), ("None", "beds == 'three'"), ("More", "beds > 90")
    (section,) = legend(_with_rules(*rules), look())
    words = "No row is in “None”, for its rule cannot be told: “beds” holds numbers."
    assert section.note == words, "not of one that is plain and met by none"
    assert section.hint == words, "seen on screen as well"
    (section,) = legend(_with_rules(*rules), look(exported=True))
    assert section.note == words and section.hint == ""


def test_a_rule_that_other_classes_leave_nothing_is_no_unclear_one() -> None:
    rules = ("All", "beds > 0"), ("Two", "beds == 2"), ("Odd", "beds == 'x' or beds == 3")
    (section,) = legend(_with_rules(*rules), look())
    assert section.note == section.hint == ""


def test_no_note_on_classes_names_a_confidential_service() -> None:
    project = _with_rules(("Quiet House", "beds == 'Quiet House'"))
    (layer,) = project.layers
    project = edits.mark_confidential(layer.id, [0], True).apply(project)
    (section,) = legend(project, look())
    assert "Quiet House" in section.note
    for reader in (Audience.PUBLIC, Audience.PARTNERS):
        (section,) = legend(project, look(reader))
        assert "Quiet House" not in section.note + section.hint and section.note
    (section,) = legend(project, look(exported=True))
    assert "Quiet House" not in section.note and section.note
    broken = _with_rules(("Quiet House", "name = Quiet House"))
    broken = edits.mark_confidential(broken.layers[0].id, [0], True).apply(broken)
    (section,) = legend(broken, look(Audience.PUBLIC))
    assert "Quiet House" not in section.note and section.note
