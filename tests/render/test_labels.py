"""Names do not overlap, lie along their streets, can be read, and are those that are asked for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
import shapely.affinity
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from pytest import MonkeyPatch
from shapely.geometry.base import BaseGeometry

from gisapp.io.reading.importing import probe, propose, read_layer
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.project import Project
from gisapp.layers.style import Labels
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.furniture import as_box
from gisapp.render.painters import labels as labels_module
from gisapp.render.painters import street_labels
from gisapp.render.paper import page as page_module
from gisapp.render.paper.page import Page, paint_page
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
    scene = Scene(Project(layers=layers), view, look(**more))
    render_image(scene, cache or Cache())


def labelled(layer: Layer, **labels: object) -> Layer:
    return layer.restyled(replace(layer.style, labels=Labels(**labels)))


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


def crowded(kind: LayerKind, count: int = 90) -> Layer:
    """Places, areas or streets all over the map, each with a name."""
    rng = np.random.default_rng(6)
    lon, lat = LON + rng.uniform(-0.01, 0.01, count), LAT + rng.uniform(-0.008, 0.008, count)
    places = list(zip(lon.tolist(), lat.tolist(), strict=True))
    if kind is LayerKind.SERVICES:
        layer = points(kind, lon.tolist(), lat.tolist())
    elif kind is LayerKind.BOUNDARIES:
        layer = shapes(kind, [shapely.box(x, y, x + 0.004, y + 0.002) for x, y in places])
    else:
        ends = [[(x - 0.003, y), (x + 0.003, y + 0.002)] for x, y in places]
        layer = shapes(kind, [shapely.LineString(line) for line in ends])
        layer = labelled(layer, shown=True, farthest=1e7)
    return layer


@pytest.mark.parametrize("kind", [LayerKind.SERVICES, LayerKind.STREETS, LayerKind.BOUNDARIES])
def test_no_name_is_cut_by_the_frame_of_the_window(kind: LayerKind, written: Written) -> None:
    layer = crowded(kind)
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


@pytest.mark.parametrize("window", [None, (430, 320)])
@pytest.mark.parametrize("kind", [LayerKind.SERVICES, LayerKind.STREETS, LayerKind.BOUNDARIES])
def test_no_name_stands_under_what_lies_over_the_map(
    kind: LayerKind, window: tuple[int, int] | None, written: Written
) -> None:
    project = Project(layers=(crowded(kind),))
    wide, high = window or (640, 480)
    covered = ((0.0, high - 90.0, 160.0, float(high)), (wide - 120.0, 0.0, float(wide), 70.0))
    across, down = (640 - wide) / 2, (480 - high) / 2
    boxes = shapely.transform(
        shapely.MultiPolygon([shapely.box(*one) for one in covered]),
        lambda xy: xy + np.array([across, down]),
    )
    render_image(Scene(project, VIEW, look(), window), Cache())
    without = list(written)
    written.clear()
    render_image(Scene(project, VIEW, look(), window, covered), Cache())
    assert any(box_of(one).intersects(boxes) for one in without)
    # Streets keep free of boxes along their line, letter heights aside.
    assert not any(box_of(one).buffer(-2).intersects(boxes) for one in written)
    assert len(written) > 0.6 * len(without)


@pytest.mark.parametrize("landscape", [True, False])
def test_no_name_of_a_page_stands_under_its_scale_bar_or_north_arrow(
    landscape: bool, written: Written, monkeypatch: MonkeyPatch
) -> None:
    boxes: list[QRectF] = []

    def noted(paint: Callable[..., QRectF]) -> Callable[..., QRectF]:
        def noting(*args: object, **more: object) -> QRectF:
            boxes.append(paint(*args, **more))
            return boxes[-1]

        return noting

    for name in ("paint_scale_bar", "paint_north"):
        monkeypatch.setattr(page_module, name, noted(getattr(page_module, name)))
    moment = datetime(2025, 11, 21, 12, tzinfo=UTC)
    page = Page("Names", moment, landscape=landscape, imperial=True)
    image = QImage(1200, 1200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    project = Project(layers=(crowded(LayerKind.BOUNDARIES, 900),))
    paint_page(painter, project, VIEW.zoomed(2.0), look(), page)
    painter.end()
    held = [shapely.box(*as_box(box)) for box in boxes]
    assert len(held) == 2
    assert len(written) > 40
    for box in held:
        near = box.buffer(40)
        assert any(box_of(one).intersects(near) for one in written)
        assert not any(box_of(one).intersects(box) for one in written)


def test_names_beside_each_other_are_not_read_as_one(written: Written) -> None:
    chance = np.random.default_rng(8)
    west = LON - 0.01 + np.arange(400) % 20 * 0.001 + chance.uniform(0, 0.0008, 400)
    south = LAT - 0.008 + np.arange(400) // 20 * 0.0008
    places = zip(west.tolist(), south.tolist(), strict=True)
    draw(
        shapes(LayerKind.BOUNDARIES, [shapely.box(x, y, x + 0.004, y + 0.0008) for x, y in places])
    )
    assert len(written) > 20
    beside = 0
    boxes = [box_of(one).bounds for one in written]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            if min(one[3], other[3]) - max(one[1], other[1]) > 2:
                gap = max(one[0], other[0]) - min(one[2], other[2])
                assert gap >= 0.5 * (one[3] - one[1])
                beside += gap < 30
    assert beside, "some stand close"
