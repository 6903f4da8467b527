"""Classes are drawn as they say, and the legend shows what the map does."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.style import BLUE, ORANGE, PURPLE, Blend, Fill, Style
from gisapp.layers.symbology import Category, Rule, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.identify import identify
from gisapp.render.legend import legend
from gisapp.render.palette import LIGHT
from gisapp.render.scene import Cache, Scene, paint, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, far, look, pixel, points, shapes

VIEW = MapView.fit((LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008), 640, 480)
LEFT, RIGHT = (160, 240), (480, 240)


def halves(kind: LayerKind = LayerKind.POPULATION) -> Layer:
    west = shapely.box(LON - 0.008, LAT - 0.007, LON, LAT + 0.007)
    east = shapely.box(LON, LAT - 0.007, LON + 0.008, LAT + 0.007)
    return shapes(kind, [west, east])


def by_name(layer: Layer, *classes: SymbolClass, others: str = "Others", **style: object) -> Layer:
    symbology = Symbology(classes, "name", others=others)
    return layer.restyled(replace(layer.style, symbology=symbology, **style))


def row(layer: Layer, number: int, **look_of: object) -> SymbolClass:
    value = layer.texts("name")[number]
    return SymbolClass(f"The {number}", Category(value), **look_of)


def drawn(layer: Layer, view: MapView = VIEW, **more: object) -> QImage:
    return render_image(Scene(Project(layers=(layer,)), view, look(**more)), Cache())


def entries(layer: Layer, view: MapView = VIEW) -> list[tuple[str, str]]:
    (section,) = legend(Project(layers=(layer,)), look(), Cache(), view)
    return [(entry.label, entry.count) for entry in section.entries]


def test_areas_are_filled_by_class() -> None:
    layer = halves()
    layer = by_name(layer, row(layer, 0, color=BLUE), fill=Fill.PLAIN, fill_opacity=1.0)
    image = drawn(layer)
    assert far(pixel(image, *LEFT), BLUE) < 3
    assert far(pixel(image, *RIGHT), layer.style.color) < 3
    assert entries(layer) == [("The 0", "1"), ("Others", "1")]


def test_areas_in_no_class_are_not_drawn_where_there_are_no_others() -> None:
    layer = halves()
    layer = by_name(layer, row(layer, 0), others="", fill=Fill.PLAIN, fill_opacity=1.0)
    image = drawn(layer)
    assert pixel(image, *RIGHT) == LIGHT.background.lower()
    x, _ = VIEW.to_screen(*shapely.get_coordinates(layer.geometry.geoms[1]).T)
    assert pixel(image, float(x.max()), 240) == LIGHT.background.lower()
    assert entries(layer) == [("The 0", "1")]
    scene = Scene(Project(layers=(layer,)), VIEW, look())
    assert [len(identify(scene, *place)) for place in (LEFT, RIGHT)] == [1, 0]


def test_borders_that_are_not_filled_have_the_look_of_their_class() -> None:
    layer = halves(LayerKind.BOUNDARIES)
    layer = by_name(layer, row(layer, 0, color=BLUE, width=6.0), row(layer, 1, color=ORANGE))
    image = drawn(layer)
    x, _ = VIEW.to_screen(*shapely.get_coordinates(layer.geometry.geoms[0]).T)
    column = [pixel(image, float(x.min()) + 2, y) for y in range(200, 230)]
    assert min(far(color, BLUE) for color in column) < 20


def test_lines_have_the_colour_and_width_of_their_class() -> None:
    ways = [
        shapely.LineString([(LON - 0.009, LAT + up), (LON + 0.009, LAT + up)])
        for up in (0.004, 0.0, -0.004)
    ]
    layer = shapes(LayerKind.OTHER, ways)
    layer = by_name(
        layer, row(layer, 0, color=BLUE, width=8.0), row(layer, 2, visible=False), others="Rest"
    )
    image = drawn(layer)
    _, y = VIEW.to_screen(*shapely.get_coordinates(ways).T)
    assert far(pixel(image, 320, float(y[0])), BLUE) < 3
    assert far(pixel(image, 320, float(y[0]) + 3), BLUE) < 3
    assert far(pixel(image, 320, float(y[2])), layer.style.color) < 100
    assert pixel(image, 320, float(y[4])) == LIGHT.background.lower()
    assert entries(layer) == [("The 0", "1"), ("Rest", "1")]


def test_services_have_the_colour_and_size_of_their_class() -> None:
    layer = points(LayerKind.SERVICES, [LON - 0.005, LON + 0.005], [LAT, LAT], "Sites")
    layer = by_name(layer, row(layer, 0, color=PURPLE, size=44.0))
    image = drawn(layer)
    x, y = VIEW.to_screen(layer.geometry.lon, layer.geometry.lat)
    assert far(pixel(image, float(x[0]) + 16, float(y[0])), PURPLE) < 3
    assert far(pixel(image, float(x[1]) + 12, float(y[1])), BLUE) > 60


def test_deployments_have_the_look_of_their_class() -> None:
    layer = halves(LayerKind.DEPLOYMENTS)
    layer = by_name(
        layer, row(layer, 0, color=BLUE), row(layer, 1, visible=False), fill_opacity=1.0
    )
    image = drawn(layer)
    assert far(pixel(image, *LEFT), BLUE) < 3
    assert pixel(image, *RIGHT) == LIGHT.background.lower()


def test_a_layer_is_drawn_at_its_scales_only() -> None:
    layer = halves()
    style = replace(
        layer.style, fill_opacity=1.0, farthest=VIEW.scale * 1.5, nearest=VIEW.scale / 1.5
    )
    layer = layer.restyled(style)
    assert far(pixel(drawn(layer), *LEFT), style.color) < 3
    for view in (VIEW.zoomed(2.0), VIEW.zoomed(0.5)):
        assert pixel(drawn(layer, view), 300, 240) == LIGHT.background.lower()
        assert not identify(Scene(Project(layers=(layer,)), view, look()), 300, 240)


def test_the_legend_says_at_which_scale_a_layer_is_shown_but_not_on_paper() -> None:
    layer = halves()
    project = Project(layers=(layer.restyled(replace(layer.style, farthest=5000.0)),))
    (section,) = legend(project, look(), Cache(), VIEW)
    assert section.entries == ()
    assert section.note == "Shown at 1 : 5\N{THIN SPACE}000 and nearer"
    assert legend(project, look(exported=True), Cache(), VIEW) == ()


def test_layers_blend_with_those_below_and_not_with_themselves() -> None:
    layer = halves()
    whole = shapely.box(LON - 0.008, LAT - 0.007, LON + 0.008, LAT + 0.007)
    style = Style(color="#FF8000", fill=Fill.PLAIN, fill_opacity=1.0, width=0.5)
    below = layer.restyled(replace(style, color="#8080FF"))
    above = shapes(LayerKind.OTHER, [whole, whole]).restyled(replace(style, blend=Blend.MULTIPLY))
    image = render_image(Scene(Project(layers=(below, above)), VIEW, look()))
    assert far(pixel(image, *LEFT), "#804000") < 4


def test_what_a_file_cannot_blend_is_drawn_as_if_normal() -> None:
    layer = halves()
    layer = layer.restyled(replace(layer.style, blend=Blend.MULTIPLY, fill_opacity=1.0))
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    file = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    file.setOutputDevice(buffer)
    painter = QPainter(file)
    paint(Scene(Project(layers=(layer,)), VIEW, look(exported=True)), painter)
    painter.end()
    text = bytes(store.data()).decode()
    assert "<image" not in text
    assert layer.style.color.lower() in text.lower()


@pytest.mark.parametrize("kind", [LayerKind.POPULATION, LayerKind.SERVICES])
def test_a_rule_that_cannot_be_used_is_told_and_the_layer_drawn(kind: LayerKind) -> None:
    layer = halves() if kind is LayerKind.POPULATION else points(kind, [LON], [LAT])
    broken = Symbology((SymbolClass("Broken", Rule("nowhere == 1"), BLUE),))
    layer = layer.restyled(replace(layer.style, symbology=broken, fill_opacity=1.0))
    image = drawn(layer)
    assert pixel(image, 300, 240) != LIGHT.background.lower() or kind is LayerKind.SERVICES
    (section,) = legend(Project(layers=(layer,)), look(), Cache(), VIEW)
    assert "cannot be used to choose rows" in section.note


@pytest.mark.parametrize("kind", [LayerKind.POPULATION, LayerKind.DEPLOYMENTS])
def test_areas_are_hatched_in_the_colour_of_their_class(kind: LayerKind) -> None:
    layer = halves(kind)
    layer = by_name(layer, row(layer, 0, color=BLUE), fill=Fill.HATCHED, fill_opacity=1.0)
    image = drawn(layer)
    band = [pixel(image, x, 260) for x in range(120, 260)]
    assert min(far(color, BLUE) for color in band) < 90
    assert band.count(LIGHT.background.lower()) > 60
    other = [pixel(image, x, 260) for x in range(400, 540)]
    assert min(far(color, layer.style.color) for color in other) < 90
