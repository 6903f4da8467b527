"""Ways of drawing points reach HTML maps: as counts per cell or a surface, never as events."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gisapp.analysis.points.hexagons import hexagon_of
from gisapp.analysis.points.raster import mercator_y
from gisapp.io.html import content as html_content
from gisapp.io.html.question import Question
from gisapp.io.html.surfaces import surface_groups
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.event_cells import places
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from tests.io.test_html_map import BOUNDS, DAY, points, stops

WAYS = tuple(PointDrawing)
OTHERS = (Audience.PUBLIC, Audience.PARTNERS)


def drawn_as(layer: Layer, way: PointDrawing) -> Layer:
    return layer.restyled(replace(layer.style, points=way))


def groups(
    layer: Layer, audience: Audience = Audience.PARTNERS, *hotspots: Hotspots, **more: Any
) -> list[dict[str, Any]]:
    project = Project(layers=(layer,), hotspots=hotspots)
    question = Question(project, BOUNDS, DAY, audience, **more)
    surfaces, covered = surface_groups(question, Progress())
    made = html_content.content(question, surfaces, covered, lambda: None)
    return list(json.loads(json.dumps(made))["groups"])


def trees(count: int = 400) -> Layer:
    rng = np.random.default_rng(5)
    lon, lat = rng.normal(-3.30, 0.01, count), rng.normal(55.25, 0.006, count)
    layer = points("Trees", LayerKind.OTHER, lon, lat)
    return replace(layer, sensitivity=Sensitivity.PUBLIC)


@pytest.mark.parametrize("audience", OTHERS)
@pytest.mark.parametrize("way", [PointDrawing.SQUARES, PointDrawing.HEXAGONS])
def test_events_fill_the_cells_that_they_always_leave_in(
    way: PointDrawing, audience: Audience
) -> None:
    (group,) = groups(drawn_as(stops(), way), audience)
    (marks,) = groups(stops(), audience)
    assert (group["kind"], group["shape"]) == ("counted", "square")
    assert group["cells"] == marks["cells"], "other cells would let small counts be worked out"
    assert (group["count"], group["note"]) == (marks["count"], marks["note"])
    assert min(cell[2] for cell in group["cells"]) >= 11
    assert [one["label"] for one in group["legend"]] == [one["label"] for one in marks["legend"]]
    assert {one["color"] for one in group["legend"]} <= set(group["colors"])
    assert {one["opacity"] for one in group["legend"]} == {group["opacity"]}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("audience", list(Audience))
def test_no_way_of_drawing_lets_an_event_out(way: PointDrawing, audience: Audience) -> None:
    made = groups(drawn_as(stops(), way), audience)
    text = json.dumps(made)
    assert "secret-" not in text and "row-" not in text
    assert {one["kind"] for one in made} <= {"cells", "counted", "surface"}
    # One event lies alone at the edge: nobody but the police learns where.
    for group in made if audience in OTHERS else ():
        assert all(cell[2] >= 11 for cell in group.get("cells", ()))
        assert "-3.25" not in json.dumps([item["rings"] for item in group.get("items", ())])


def test_heat_leaves_as_a_surface_whose_fineness_goes_by_the_layer() -> None:
    layer = drawn_as(stops(4000), PointDrawing.HEAT)
    (group,) = groups(layer)
    assert (group["kind"], group["title"]) == ("surface", "Stops: density")
    assert "smoothed over 400 m, cells of 100 m" in group["note"]
    assert "Drawn only where 11 or more stops" in group["note"]
    assert group["items"] and group["farthest"] is None
    half = np.arange(len(layer)) % 2 == 0
    (some,) = groups(layer, rows={layer.id: half})
    assert "smoothed over 400 m, cells of 100 m" in some["note"]


def test_heat_on_few_places_says_so_and_advises_nobody_to_choose_cells() -> None:
    at = np.repeat([[-3.31, 55.24], [-3.30, 55.25], [-3.29, 55.26]], 300, axis=0)
    layer = points("Stops", LayerKind.STOPS, at[:, 0], at[:, 1])
    (group,) = groups(drawn_as(layer, PointDrawing.HEAT))
    assert "900 events lie on 3 places" in group["note"]
    assert "Choose" not in group["note"] and "Smooth over more" not in group["note"]


def test_heat_of_few_events_is_left_out_as_their_counts_are() -> None:
    few = points("Overdoses", LayerKind.OVERDOSES, [-3.3] * 10, [55.25] * 10)
    (group,) = groups(drawn_as(few, PointDrawing.HEAT))
    assert group["cells"] == []


def test_a_layer_with_hotspots_is_no_heat_beside_them() -> None:
    layer = drawn_as(stops(4000), PointDrawing.HEAT)
    (group,) = groups(layer, Audience.PARTNERS, Hotspots(layer.id, "kde", 150, 500))
    assert "smoothed over 500 m" in group["note"]


def test_places_that_may_be_seen_are_counted_in_true_hexagons() -> None:
    layer = drawn_as(trees(), PointDrawing.HEXAGONS)
    (group,) = groups(layer, Audience.PUBLIC)
    assert (group["kind"], group["shape"], group["count"]) == ("counted", "hexagon", "400")
    assert sum(cell[2] for cell in group["cells"]) == 400
    earth = 6378137.0
    width = 2.0 ** round(np.log2(np.radians(group["size"][0]) * earth)) / earth
    assert np.degrees(width) == pytest.approx(group["size"][0], abs=1e-8)
    x, y, counts, classes = np.array(group["cells"]).T
    at = places(layer.geometry)
    keys = hexagon_of(np.radians(at.lon) / width, mercator_y(at.lat) / width)
    held = hexagon_of(np.radians(x) / width, mercator_y(y) / width)
    middles = zip(held[0].tolist(), held[1].tolist(), strict=True)
    own = dict(zip(middles, counts.tolist(), strict=True))
    found, number = np.unique(np.column_stack(keys), axis=0, return_counts=True)
    assert own == dict(zip(map(tuple, found.tolist()), number.tolist(), strict=True))
    assert classes.max() + 1 == len(group["legend"])
    half = np.arange(400) < 150
    (some,) = groups(layer, Audience.PUBLIC, rows={layer.id: half})
    assert sum(cell[2] for cell in some["cells"]) == 150
    none = np.zeros(400, dtype=bool)
    assert groups(layer, Audience.PUBLIC, rows={layer.id: none})[0]["cells"] == []


def test_places_that_may_be_seen_can_be_squares_or_heat_too() -> None:
    (squares,) = groups(drawn_as(trees(), PointDrawing.SQUARES), Audience.PUBLIC)
    assert squares["shape"] == "square" and sum(cell[2] for cell in squares["cells"]) == 400
    (heat,) = groups(drawn_as(trees(), PointDrawing.HEAT), Audience.PUBLIC)
    assert heat["kind"] == "surface"
    (clusters,) = groups(drawn_as(trees(), PointDrawing.CLUSTERS), Audience.PUBLIC)
    assert clusters["kind"] == "points", "clusters are each place in an HTML map"


def outside(layer: Layer, far: int) -> Layer:
    """The layer with so many more rows at one place far from the bounds."""
    at = places(layer.geometry)
    lon = np.concatenate([at.lon, np.full(far, BOUNDS[0] - 0.2)])
    lat = np.concatenate([at.lat, np.full(far, BOUNDS[1] - 0.2)])
    return points(layer.name, layer.kind, lon, lat)


def test_what_lies_outside_of_the_map_is_said_where_counts_are_of_cells_in_it() -> None:
    inside = stops()
    for far, said in ((1, "1 more lies outside the map."), (1200, "1,200 more lie outside")):
        (group,) = groups(outside(inside, far), Audience.POLICE)
        assert group["count"] == f"{len(inside):,}"
        assert said in group["note"]
    (group,) = groups(inside, Audience.POLICE)
    assert "outside" not in group["note"]


@pytest.mark.parametrize("audience", OTHERS)
def test_others_are_told_no_number_of_what_lies_outside(audience: Audience) -> None:
    (few,) = groups(outside(stops(), 3), audience)
    assert "outside" not in few["note"]
    (many,) = groups(outside(stops(), 40), audience)
    assert many["note"].endswith("More lie outside the map.")
