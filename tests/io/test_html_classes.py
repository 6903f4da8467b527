"""HTML maps follow the style of a layer: classes and their legend, blending, scales, signs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.analysis.classes.making import range_label
from gisapp.io.html import content as html_content
from gisapp.io.html.question import Question
from gisapp.io.html.services import glyph_paths
from gisapp.layers.audience import Audience, Sensitivity, Showing, showing
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import GREY, VERMILLION, Blend, Fill, Labels, Line, Style
from gisapp.layers.symbology import Category, Range, Rule, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind, ServiceType
from gisapp.layers.zone import circle_zone
from tests.io.test_html_map import BOUNDS, DAY, agreement, points, shapes, stops
from tools.write_glyph_paths import paths

RED, TEAL = "#AA0000", "#00AAAA"


def group_of(layer: Layer, project: Project | None = None, **more: Any) -> dict[str, Any]:
    asked = replace(project or Project(), layers=(layer,))
    question = Question(asked, BOUNDS, DAY, Audience.POLICE, **more)
    made = html_content.content(question, (), frozenset(), lambda: None)
    found: dict[str, Any] = json.loads(json.dumps(made))["groups"][0]
    return found


def classed(layer: Layer, *classes: SymbolClass, **more: Any) -> Layer:
    return layer.restyled(replace(layer.style, symbology=Symbology(classes, **more)))


def services() -> Layer:
    return points(
        "Services",
        LayerKind.SERVICES,
        [-3.30, -3.31, -3.32],
        [55.25, 55.26, 55.27],
        name=["One", "Two", "Three"],
        service_type=["drop-in centre", "housing", "housing"],
        ward=["East", "West", "East"],
    )


def labels_of(group: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["label"], entry.get("count", "")) for entry in group["legend"]]


def test_services_have_the_colour_of_their_class() -> None:
    layer = classed(
        services(),
        SymbolClass("Homes", Category("housing"), RED, size=20),
        column="service_type",
        others="Others",
    )
    group = group_of(layer)
    assert [item["color"] for item in group["items"]] == [layer.style.color, RED, RED]
    assert group["items"][1]["radius"] > group["items"][0]["radius"]
    assert labels_of(group) == [("Homes", "2"), ("Others", "1")]


def test_kinds_are_named_in_grey_where_colours_say_something_else() -> None:
    group = group_of(classed(services(), SymbolClass("East", Category("East"), RED), column="ward"))
    kinds = [entry for entry in group["legend"] if "glyph" in entry]
    assert {entry["color"] for entry in kinds} == {GREY}
    assert {entry["label"] for entry in kinds} == {"Drop-in centre", "Housing"}


def test_what_is_not_drawn_is_not_in_the_page() -> None:
    hidden = SymbolClass("Homes", Category("housing"), visible=False)
    group = group_of(classed(services(), hidden, column="service_type"))
    assert [item["name"] for item in group["items"]] == ["One"]
    assert group["count"] == "1"
    assert "Three" not in json.dumps(group)


def test_every_kind_has_the_figure_of_the_printed_map() -> None:
    assert dict(glyph_paths()) == paths(), "run tools/write_glyph_paths.py"
    assert set(glyph_paths()) == {kind.value for kind in ServiceType}
    assert set(group_of(services())["glyphs"]) == {"drop-in centre", "housing"}


def test_points_and_amounts() -> None:
    table = pa.table({"name": ["a", "b", "c"], "beds": [1, 5, None]})
    place = Points(np.array([-3.3, -3.3, -3.3]), np.array([55.25, 55.26, 55.27]))
    layer = new_layer("Places", LayerKind.OTHER, table, place, {"name": "name"})
    layer = classed(
        layer,
        SymbolClass("few", Range(0, 2, first=True), RED),
        SymbolClass("many", Range(2, 9), TEAL, size=9),
        column="beds",
    )
    group = group_of(layer)
    assert [item["class"] for item in group["items"]] == [0, 1, 2]
    assert [style["color"] for style in group["styles"]] == [RED, TEAL, layer.style.color]
    assert labels_of(group) == [("few", "1"), ("many", "1"), ("All others", "1")]


def test_amounts_begin_with_the_name_of_their_column_as_on_screen() -> None:
    table = pa.table({"name": ["a", "b"], "acres": [1, 20]})
    place = Points(np.array([-3.3, -3.3]), np.array([55.25, 55.26]))
    layer = new_layer("Parks", LayerKind.OTHER, table, place, {"name": "name"})
    limits = SymbolClass(range_label(0, 12, first=True), Range(0, 12, first=True), RED)
    named = SymbolClass("Large", Range(12, 40), TEAL)
    group = group_of(classed(layer, limits, named, column="acres"))
    assert labels_of(group) == [(f"acres: {limits.label}", "1"), ("Large", "1")]


def areas(**style: Any) -> Layer:
    boxes = [shapely.box(-3.32, 55.23, -3.30, 55.25), shapely.box(-3.30, 55.23, -3.28, 55.25)]
    layer = shapes("Areas", LayerKind.BOUNDARIES, boxes, name=["A", "B"], code=["1", "2"])
    return layer.restyled(replace(layer.style, **style))


def test_filled_areas_have_borders_of_no_class() -> None:
    one = SymbolClass("A", Rule("name == 'A'"), RED)
    group = group_of(classed(areas(fill=Fill.PLAIN, fill_opacity=0.5, opacity=0.5), one))
    assert [style["fillColor"] for style in group["styles"]] == [RED, GREY]
    assert [style["color"] for style in group["styles"]] == ["#FFFFFF", "#FFFFFF"]
    assert group["styles"][0]["fillOpacity"] == pytest.approx(0.25)
    plain = group_of(classed(areas(), one))
    assert [style["color"] for style in plain["styles"]] == [RED, GREY]


def test_lines_by_class() -> None:
    lines = [shapely.LineString([(-3.3, y), (-3.29, y)]) for y in (55.24, 55.25, 55.26)]
    layer = shapes(
        "Streets", LayerKind.STREETS, lines, name=["a", "b", "c"], surface=["x", "y", "x"]
    )
    group = group_of(classed(layer, SymbolClass("X", Category("x"), RED), column="surface"))
    assert sorted((band["class"], len(band["paths"])) for band in group["bands"]) == [
        (0, 2),
        (1, 1),
    ]
    assert not group["quiet"]
    assert group_of(layer)["quiet"]


def test_a_rule_that_cannot_be_used_is_told() -> None:
    group = group_of(classed(areas(), SymbolClass("?", Rule("nothing > 3"), RED)))
    assert "Classes are not shown" in group["note"]
    assert {item["class"] for item in group["items"]} == {0}


def test_a_class_that_is_empty_for_its_rule_is_told() -> None:
    layer = classed(services(), SymbolClass("Kept", Rule("ward > 3"), RED))
    group = group_of(layer)
    assert group["note"] == "No row is in “Kept”, for its rule cannot be told: “ward” holds texts."
    assert (
        group_of(classed(services(), SymbolClass("Kept", Rule("ward == 'x'"), RED)))["note"] == ""
    )


def test_blending_scales_and_names_are_carried() -> None:
    group = group_of(areas(blend=Blend.MULTIPLY, nearest=1000.0, farthest=50_000.0))
    assert (group["blend"], group["nearest"], group["farthest"]) == ("multiply", 1000, 50_000)
    assert all(item["label"] for item in group["items"])
    assert not any(i["label"] for i in group_of(areas(labels=Labels(shown=False)))["items"])
    other = group_of(areas(labels=Labels(column="code")))
    assert [item["name"] for item in other["items"]] == ["1", "2"]


def test_a_column_that_is_not_shown_is_in_no_page() -> None:
    hidden = areas(labels=Labels(shown=False, column="officer"))
    table = hidden.table.append_column("officer", pa.array(["Jane Secret", "John Secret"]))
    for kind in (LayerKind.BOUNDARIES, LayerKind.OTHER, LayerKind.DEPLOYMENTS):
        layer = replace(hidden, table=table, kind=kind)
        group = group_of(layer)
        assert [item["name"] for item in group["items"]] == ["A", "B"]
        assert "Secret" not in json.dumps(group)
        shown = layer.restyled(replace(layer.style, labels=Labels(column="officer")))
        assert "Jane Secret" in json.dumps(group_of(shown))


def test_names_keep_clear_only_of_services_that_are_seen() -> None:
    area = areas()
    middle = points("Services", LayerKind.SERVICES, [-3.31], [55.24], name=["One"], ward=["East"])
    kept = SymbolClass("East", Category("East"), RED, visible=False)

    def place(*others: Layer, audience: Audience = Audience.POLICE) -> Any:
        project = replace(Project(), layers=(*others, area))
        question = Question(project, BOUNDS, DAY, audience)
        made = html_content.content(question, (), frozenset(), lambda: None)
        groups = json.loads(json.dumps(made))["groups"]
        return next(one for one in groups if one["title"] == "Areas")["items"][0]["label"]

    alone = place()
    assert place(middle) != alone
    assert place(replace(middle, visible=False)) == alone
    assert place(classed(middle, kept, column="ward")) == alone
    secret = replace(middle, sensitivity=Sensitivity.RESTRICTED)
    for audience in Audience:
        seen = showing(secret.kind, secret.sensitivity, audience, exported=True)
        if seen is not Showing.EACH:
            assert place(secret, audience=audience) == place(audience=audience)


def test_events_stay_counts_whatever_their_style() -> None:
    layer = classed(stops(), SymbolClass("secret", Rule("outcome == 'secret-7'"), RED))
    group = group_of(layer.restyled(replace(layer.style, labels=Labels(column="outcome"))))
    assert group["kind"] == "cells"
    assert "secret" not in json.dumps(group)


def test_deployments_that_meet_a_zone_carry_a_sign() -> None:
    zone = circle_zone("Quay", -3.3, 55.25, 200, "settled in May", agreement_id="paper", id="zone")
    at = [datetime(2026, 3, 24, hour, tzinfo=UTC) for hour in (10, 12)]
    table = pa.table({"name": ["Near", "Far"], "start": [at[0]] * 2, "end": [at[1]] * 2})
    held = np.array(
        [shapely.box(-3.301, 55.249, -3.299, 55.251), shapely.box(-3.26, 55.26, -3.25, 55.27)],
        dtype=object,
    )
    fields = {name: name for name in table.column_names}
    layer = new_layer("Plan", LayerKind.DEPLOYMENTS, table, Shapes(held), fields)
    project = Project("City", "UTC", (), {"zone": zone}, {"paper": agreement()})
    group = group_of(layer, project)
    assert group["alerts"] == [[55.251, -3.299]]
    assert group["legend"][-1] == {
        "symbol": "alert",
        "color": VERMILLION,
        "label": "Meets a zone at its hours",
        "count": "1",
    }


def test_a_dashed_line_is_dashed() -> None:
    style = Style(color=RED, line=Line.DASHED)
    assert group_of(areas().restyled(style))["styles"][0]["dashArray"]
