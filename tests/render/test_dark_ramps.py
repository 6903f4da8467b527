"""On a dark map the class of the most is the brightest, as counts are; what is stored stays."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gisapp.analysis.classes.making import Vary, graduated, shades, with_classes
from gisapp.layers.classes import lightness
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.style import CHOICES, Style
from gisapp.layers.symbology import Category, Range, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.class_styles import class_styles
from gisapp.render.legend import legend
from gisapp.render.ramps import hue_ramp
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.styles.class_form import ClassForm
from gisapp.ui.styles.class_table import class_table, fill_classes
from tests.render.conftest import LAT, LON, far, look, pixel, points, shapes

HUES = [color for _, color in CHOICES if color not in ("#4A4A4A", "#7F7F7F")]
VIEW = MapView.fit((LON - 0.05, LAT - 0.01, LON + 0.05, LAT + 0.01), 1000, 240)
ACROSS = (100, 300, 500, 700, 900)


def in_ranges(colors: list[str | None], test: type = Range) -> Style:
    classes = tuple(
        SymbolClass(str(n), Range(n, n + 1) if test is Range else Category(str(n)), color)
        for n, color in enumerate(colors)
    )
    return Style(symbology=Symbology(classes, "n"))


def colors_of(style: Style, *, dark: bool) -> list[str]:
    return [one.color for one in class_styles(style, dark)[:-1]]


def areas(kind: LayerKind = LayerKind.POPULATION) -> Layer:
    """Five areas from west to east with more from each to the next, in five classes."""
    west = [LON - 0.05 + 0.02 * n for n in range(5)]
    layer = shapes(kind, [shapely.box(x, LAT - 0.01, x + 0.02, LAT + 0.01) for x in west])
    layer = replace(layer, table=pa.table({"n": [1, 2, 3, 4, 5]}))
    style = replace(layer.style, labels=replace(layer.style.labels, shown=False))
    layer = layer.restyled(style)
    return layer.restyled(with_classes(layer, graduated(layer, "n", k=5)))


@pytest.mark.parametrize(
    ("dark", "exported", "rises"),
    [(False, False, False), (True, False, True), (True, True, False), (False, True, False)],
)
def test_the_most_stands_out_from_the_ground_on_map_and_in_legend(
    dark: bool, exported: bool, rises: bool
) -> None:
    layer, how = areas(), look(dark=dark, exported=exported)
    image = render_image(Scene(Project(layers=(layer,)), VIEW, how))
    seen = [pixel(image, x, 120) for x in ACROSS]
    assert all((lightness(a) < lightness(b)) == rises for a, b in pairwise(seen))
    (section,) = legend(Project(layers=(layer,)), how, Cache(), VIEW)
    told = [lightness(entry.style.color) for entry in section.entries]
    assert all((a < b) == rises for a, b in pairwise(told))


@pytest.mark.parametrize("vary", [Vary.COLOR, Vary.BOTH])
def test_points_of_more_are_brighter_and_no_other_size(vary: Vary) -> None:
    layer = points(LayerKind.OTHER, [LON - 0.04 + 0.02 * n for n in range(5)], [LAT] * 5)
    layer = replace(layer, table=pa.table({"n": [1, 2, 3, 4, 5]}))
    symbology = graduated(layer, "n", k=5, vary=vary)
    layer = layer.restyled(replace(layer.style, size=30, opacity=1.0, symbology=symbology))
    light, dark = (class_styles(layer.style, one) for one in (False, True))
    assert [one.size for one in light] == [one.size for one in dark]
    image = render_image(Scene(Project(layers=(layer,)), VIEW, look(dark=True)))
    x, y = VIEW.to_screen(layer.geometry.lon, layer.geometry.lat)
    seen = [pixel(image, place, float(y[0])) for place in x.tolist()]
    assert max(far(color, one.color) for color, one in zip(seen, dark, strict=False)) <= 2
    assert lightness(seen[-1]) > lightness(seen[0]) + 30


@pytest.mark.parametrize("color", HUES)
def test_classes_and_counts_go_the_same_way(color: str) -> None:
    ramp = in_ranges(list(shades(color, 5)))
    for dark in (False, True):
        classes = [lightness(one) for one in colors_of(ramp, dark=dark)]
        counts = [lightness(one) for one in hue_ramp(color, 5, dark)]
        assert (classes[0] < classes[-1]) == (counts[0] < counts[-1])


@pytest.mark.parametrize("pale", [False, True])
@pytest.mark.parametrize("color", HUES)
def test_every_ramp_that_is_made_is_turned_and_its_colours_stay(color: str, pale: bool) -> None:
    for count in range(2, 10):
        made = list(shades(color, count, pale=pale))
        assert colors_of(in_ranges(made), dark=True) == made[::-1]
        assert colors_of(in_ranges(made), dark=False) == made
        # A class that is taken away, or given a colour by hand, turns no other back.
        for gone in range(count if count > 3 else 0):
            left = made[:gone] + made[gone + 1 :]
            assert colors_of(in_ranges(left), dark=True) == left[::-1]
            by_hand = [*left[:gone], "#00FF88", *left[gone:]]
            assert colors_of(in_ranges(by_hand), dark=True) == [
                *left[::-1][:gone],
                "#00FF88",
                *left[::-1][gone:],
            ]


def test_categories_of_the_same_colours_are_no_ramp() -> None:
    made = list(shades(HUES[0], 5))
    assert colors_of(in_ranges(made, Category), dark=True) == made


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([color for _, color in CHOICES]), min_size=1, max_size=9))
def test_colours_that_were_chosen_stay(chosen: list[str]) -> None:
    assert colors_of(in_ranges(list(chosen)), dark=True) == chosen


def test_ranges_that_rise_already_or_have_the_own_colour_stay() -> None:
    rising = list(shades(HUES[0], 5))[::-1]
    assert colors_of(in_ranges(rising), dark=True) == rising
    assert colors_of(in_ranges([None] * 3), dark=True) == [Style().color] * 3
    brewer = ["#EFF3FF", "#BDD7E7", "#6BAED6", "#3182BD", "#08519C"]
    assert colors_of(in_ranges(brewer), dark=True) == brewer


def test_the_style_editor_shows_the_colours_of_the_map_and_changes_none(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = areas().style
    assert style.symbology is not None
    classes = style.symbology.classes
    monkeypatch.setattr(theme, "current", lambda: theme.tokens(True))
    table, form = class_table(), ClassForm("area")
    for widget in (table, form):
        qtbot.addWidget(widget)
    fill_classes(table, style, style.symbology, "area", [])
    icons = [table.item(row, 0).icon().pixmap(16, 16).toImage() for row in range(5)]
    light = [lightness(pixel(icon, 8, 8)) for icon in icons]
    assert light == sorted(light) and light[0] < light[-1] - 20
    told: list[SymbolClass] = []
    form.changed.connect(lambda one, _: told.append(one))
    form.show_class(classes[-1], style)
    assert form.color.color == classes[0].color
    form.label.setText("Most")
    form.label.textEdited.emit("Most")
    assert told == [replace(classes[-1], label="Most")]
