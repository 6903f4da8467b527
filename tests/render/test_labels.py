"""Names do not overlap, lie along their streets, can be read, and are those that are asked for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
import shapely.affinity
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF
from pytest import MonkeyPatch
from shapely.geometry.base import BaseGeometry

from gisapp.io.importing import probe, propose, read_layer
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.project import Project
from gisapp.layers.style import Labels
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.painters import labels as labels_module
from gisapp.render.painters import street_labels
from gisapp.render.scene import Cache, Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, look, points, scattered, shapes

VIEW = MapView.fit((LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008), 640, 480)

Written = list[tuple[str, float, float, int, QFont, bool]]


@pytest.fixture
def written(monkeypatch: MonkeyPatch) -> Iterator[Written]:
    """What is written, with its middle in logical pixels, its angle, its font and its halo."""
    found: Written = []

    def note(
        frame: object, text: str, middle: QPointF, face: QFont, color: str, **more: object
    ) -> None:
        angle = more.get("angle", 0)
        assert isinstance(angle, int)
        found.append((text, middle.x(), middle.y(), angle, face, bool(more["halo"])))

    monkeypatch.setattr(labels_module, "write", note)
    monkeypatch.setattr(street_labels, "write", note)
    yield found


@pytest.fixture(scope="module")
def cincinnati(shared_data: Path) -> Layer:
    source = probe([shared_data / "cincinnati" / "roads_tiger2014"])
    return read_layer(source, propose(source, LayerKind.STREETS)).layer


def draw(*layers: Layer, view: MapView = VIEW, cache: Cache | None = None, **more: object) -> None:
    scene = Scene(Project(layers=layers), view, look(**more))  # type: ignore[arg-type]
    render_image(scene, cache or Cache())


def labelled(layer: Layer, **labels: object) -> Layer:
    return layer.restyled(replace(layer.style, labels=Labels(**labels)))  # type: ignore[arg-type]


def box_of(name: tuple[str, float, float, int, QFont, bool]) -> BaseGeometry:
    text, x, y, angle, face, _ = name
    metrics = QFontMetricsF(face)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    flat = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return shapely.affinity.rotate(flat, angle)


def test_names_of_real_streets_lie_on_them_and_not_over_each_other(
    cincinnati: Layer, written: Written
) -> None:
    view = MapView.fit((-84.525, 39.097, -84.505, 39.107), 1280, 800)
    draw(cincinnati, view=view)
    assert len(written) > 40
    names = np.array(cincinnati.texts("name"))
    assert isinstance(cincinnati.geometry, Shapes)
    for text, x, y, angle, _, _ in written:
        assert -90 <= angle <= 90
        at = shapely.Point(*view.to_map(x, y))
        own = cincinnati.geometry.geoms[names == text]
        pixel = view.resolution / 111_320
        assert shapely.distance(own, at).min() < 5 * pixel
    boxes = [box_of(name) for name in written]
    tree = shapely.STRtree(boxes)
    for number, box in enumerate(boxes):
        for other in tree.query(box, predicate="intersects").tolist():
            if other != number:
                # What a turned text needs is covered by squares: corners may just touch.
                assert box.intersection(boxes[other]).area < 0.12 * box.area


def test_a_street_is_named_again_no_sooner_than_after_250_pixels(
    cincinnati: Layer, written: Written
) -> None:
    draw(cincinnati, view=MapView.fit((-84.53, 39.095, -84.50, 39.11), 1280, 800))
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for text, x, y, *_ in written:
        assert all(math.hypot(x - ax, y - ay) >= 250 for ax, ay in places[text])
        places[text].append((x, y))
    assert any(len(some) > 1 for some in places.values())


def test_only_motorways_are_named_from_afar_and_then_nothing(
    cincinnati: Layer, written: Written
) -> None:
    view = MapView.fit((-84.6, 39.06, -84.4, 39.2), 1280, 800)
    draw(cincinnati, view=view)
    texts, classes = cincinnati.texts("name"), cincinnati.texts("road_class")
    motorways = {text for text, kind in zip(texts, classes, strict=True) if kind == "S1100"}
    assert written
    assert {text for text, *_ in written} <= motorways
    written.clear()
    draw(cincinnati, view=view.zoomed(0.5))
    assert not written


def test_names_of_streets_stay_on_the_ground_while_the_map_moves(
    cincinnati: Layer, written: Written
) -> None:
    cache = Cache()
    view = MapView.fit((-84.525, 39.097, -84.505, 39.107), 1000, 700)
    draw(cincinnati, view=view, cache=cache)
    before = {(text, round(x), round(y)) for text, x, y, *_ in written}
    written.clear()
    draw(cincinnati, view=view.panned(30, -20), cache=cache)
    after = {(text, round(x - 30), round(y + 20)) for text, x, y, *_ in written}
    assert len(before & after) > 0.7 * len(before)


def test_a_bent_line_has_no_name(written: Written) -> None:
    turns = [(LON + 0.0004 * (n % 2), LAT + 0.0002 * n) for n in range(-20, 20)]
    draw(shapes(LayerKind.STREETS, [shapely.LineString(turns)]))
    assert not written


def test_labels_are_as_the_style_has_them(written: Written) -> None:
    layer = points(LayerKind.SERVICES, [LON], [LAT], "Sites")
    layer = replace(layer, table=layer.table.append_column("beds", pa.array([12])))
    draw(labelled(layer, column="beds", size=15.0, halo=False))
    ((text, *_, face, halo),) = written
    assert (text, face.pixelSize(), halo) == ("12", 20, False)


@pytest.mark.parametrize("labels", [{"shown": False}, {"farthest": VIEW.scale / 2}])
def test_labels_that_are_not_wanted_are_not_written(
    written: Written, labels: dict[str, object]
) -> None:
    draw(labelled(points(LayerKind.SERVICES, [LON], [LAT]), **labels))
    assert not written


def test_the_limit_of_a_layer_overrides_that_of_the_map(written: Written) -> None:
    layer = points(LayerKind.SERVICES, [LON], [LAT])
    far = VIEW.zoomed(0.05)
    draw(layer, view=far)
    assert not written
    draw(labelled(layer, farthest=far.scale * 2), view=far)
    assert [text for text, *_ in written] == ["Row 0"]


@pytest.mark.parametrize("first", [0, 1])
def test_where_two_want_one_place_the_higher_priority_has_it(written: Written, first: int) -> None:
    areas = [
        shapes(
            kind, [shapely.box(LON - 0.008, LAT - 0.0004, LON + 0.008, LAT + 0.0004)], kind.value
        )
        for kind in (LayerKind.POPULATION, LayerKind.BOUNDARIES)
    ]
    some = [
        replace(layer, table=pa.table({"name": [layer.name]})).restyled(
            replace(layer.style, labels=Labels(size=30, priority=9 if place == first else 2))
        )
        for place, layer in enumerate(areas)
    ]
    draw(*some)
    assert written[0][0] == areas[first].name


def test_events_have_no_names(written: Written) -> None:
    for audience in (Audience.POLICE, Audience.PUBLIC):
        draw(labelled(scattered(LayerKind.OVERDOSES, 20), priority=10), audience=audience)
    assert not written


def test_a_hidden_class_has_no_names(written: Written) -> None:
    layer = points(LayerKind.SERVICES, [LON - 0.005, LON + 0.005], [LAT, LAT])
    hidden = Symbology((SymbolClass("Hidden", Category("Row 0"), visible=False),), "name")
    draw(layer.restyled(replace(layer.style, symbology=hidden)))
    assert [text for text, *_ in written] == ["Row 1"]


@pytest.mark.parametrize("kind", [LayerKind.SERVICES, LayerKind.STREETS, LayerKind.BOUNDARIES])
def test_no_name_is_cut_by_the_frame_of_the_window(kind: LayerKind, written: Written) -> None:
    rng = np.random.default_rng(6)
    lon, lat = LON + rng.uniform(-0.01, 0.01, 90), LAT + rng.uniform(-0.008, 0.008, 90)
    places = list(zip(lon.tolist(), lat.tolist(), strict=True))
    if kind is LayerKind.SERVICES:
        layer = points(kind, lon.tolist(), lat.tolist())
    elif kind is LayerKind.BOUNDARIES:
        layer = shapes(kind, [shapely.box(x, y, x + 0.004, y + 0.002) for x, y in places])
    else:
        ends = [[(x - 0.003, y), (x + 0.003, y + 0.002)] for x, y in places]
        layer = shapes(kind, [shapely.LineString(line) for line in ends])
        layer = labelled(layer, shown=True, farthest=1e7)
    project = Project(layers=(layer,))
    render_image(Scene(project, VIEW, look()), Cache())
    without, window = list(written), (430, 320)
    written.clear()
    render_image(Scene(project, VIEW, look(), window), Cache())
    left, top = (640 - 430) / 2, (480 - 320) / 2

    def cut(one: tuple[str, float, float, int, QFont, bool]) -> bool:
        text, x, y, angle, face, _ = one
        half = QFontMetricsF(face).horizontalAdvance(text) / 2
        across = half * math.cos(math.radians(angle)), half * math.sin(math.radians(angle))
        ends = [(x - across[0], y - across[1]), (x + across[0], y + across[1])]
        inside = [left < px < 640 - left and top < py < 480 - top for px, py in ends]
        return inside[0] != inside[1]

    assert any(cut(one) for one in without)
    assert not any(cut(one) for one in written)
    assert len(written) > 0.6 * len(without)
