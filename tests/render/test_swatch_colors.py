"""A swatch has the colour that its layer has on the empty map, however clear that is."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.style import BLUE, ORANGE, Fill, LegendEntry, Style
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.legend import legend
from gisapp.render.scene import Scene, render_image
from gisapp.render.swatches import draw_swatch
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.styles.swatch import entry_icon
from tests.render.conftest import LAT, LON, far, look, pixel, points, shapes

CLASSES = ("#FFF2CC", "#E0B24C", "#937C4C")
BOX = (LON - 0.03, LAT - 0.01, LON + 0.03, LAT + 0.01)
VIEW = MapView.fit(BOX, 600, 240)


def districts(opacity: float, strength: float) -> Layer:
    geoms = [
        shapely.box(LON + d, LAT - 0.01, LON + d + 0.02, LAT + 0.01) for d in (-0.03, -0.01, 0.01)
    ]
    layer = shapes(LayerKind.BOUNDARIES, geoms)
    layer = replace(layer, table=pa.table({"name": ["a", "b", "c"]}))
    classes = tuple(
        SymbolClass(name, Category(name), color) for name, color in zip("abc", CLASSES, strict=True)
    )
    style = replace(
        layer.style, opacity=opacity, fill_opacity=strength, fill=Fill.PLAIN, color=ORANGE
    )
    named = replace(style.labels, shown=False)
    return layer.restyled(
        replace(style, labels=named, symbology=Symbology(classes, "name", others=""))
    )


def on_the_page(entry: LegendEntry, dark: bool, exported: bool) -> str:
    """The colour in the middle of a swatch, drawn on a panel of quite another colour."""
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FF00FF"))
    painter = QPainter(image)
    draw_swatch(painter, QRectF(4, 4, 32, 32), entry, dark=dark, exported=exported)
    painter.end()
    return pixel(image, 20, 20)


def in_the_list(entry: LegendEntry) -> str:
    return pixel(entry_icon(entry, 32).pixmap(32, 32).toImage(), 16, 16)


@pytest.mark.parametrize("strength", [0.7, 0.1])
@pytest.mark.parametrize("opacity", [1.0, 0.6, 0.3])
@pytest.mark.parametrize(("dark", "exported"), [(False, False), (True, False), (False, True)])
def test_classes_of_areas_have_the_colours_of_the_map(
    dark: bool, exported: bool, opacity: float, strength: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = districts(opacity, strength)
    how = look(dark=dark, exported=exported)
    image = render_image(Scene(Project(layers=(layer,)), VIEW, how))
    (section,) = legend(Project(layers=(layer,)), how, Cache(), VIEW)
    monkeypatch.setattr(theme, "current", lambda: theme.tokens(dark))
    shown = [pixel(image, x, 120) for x in (100, 300, 500)]
    for color, entry in zip(shown, section.entries, strict=True):
        # Weak fills have a border in the picture, but the middle is free of it.
        assert far(on_the_page(entry, dark, exported), color) <= 2
        if not exported:
            assert far(in_the_list(entry), color) <= 2


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("symbol", ["point", "line"])
def test_points_and_lines_are_as_clear_as_on_the_map(
    symbol: str, dark: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "current", lambda: theme.tokens(dark))
    layer = points(LayerKind.OVERDOSES, [LON], [LAT])
    style = replace(layer.style, color=BLUE, opacity=0.5, size=30, width=20)
    image = render_image(Scene(Project(layers=(layer.restyled(style),)), VIEW, look(dark=dark)))
    entry = LegendEntry("One", style, symbol)
    assert far(on_the_page(entry, dark, False), pixel(image, 300, 120)) <= 2
    assert far(in_the_list(entry), pixel(image, 300, 120)) <= 2


@pytest.mark.parametrize("audience", [Audience.POLICE, Audience.PARTNERS])
def test_a_service_that_is_half_clear_is_so_in_the_legend(audience: Audience) -> None:
    style = Style(color=BLUE, size=11, opacity=0.5)
    whole, half = (
        on_the_page(LegendEntry("x", one, "service"), False, audience is Audience.PARTNERS)
        for one in (replace(style, opacity=1.0), style)
    )
    assert far(whole, BLUE) <= 1
    assert QColor(half).lightness() > QColor(whole).lightness() + 40


def test_classes_of_points_without_a_row_of_the_others_leave_them_out() -> None:
    layer = points(LayerKind.STOPS, [LON, LON + 0.01], [LAT, LAT])
    table = pa.table({"kind": ["a", "b"]})
    classes = tuple(SymbolClass(name, Category(name), BLUE) for name in "ab")
    style = replace(layer.style, symbology=Symbology(classes, "kind"))
    layer = replace(layer, table=table, style=style)
    (section,) = legend(Project(layers=(layer,)), look(), Cache(), VIEW)
    assert [entry.label for entry in section.entries] == ["a", "b"]
    fewer = replace(style, symbology=Symbology(classes[:1], "kind"))
    (section,) = legend(Project(layers=(layer.restyled(fewer),)), look(), Cache(), VIEW)
    assert [entry.label for entry in section.entries] == ["a", "All others"]
