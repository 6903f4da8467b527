"""Areas with a hatched fill are hatched on the map, each class in its own colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import shapely
from PySide6.QtGui import QColor

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import Fill, Line, Style
from gisapp.layers.symbology import Category, Range, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.scene import Look, Scene, render_image
from gisapp.render.view import MapView

BOUNDS = (8.0, 47.0, 8.2, 47.1)


def colors(style: Style, left: int, right: int) -> list[tuple[int, int, int]]:
    """What is painted between two columns of a map of two areas side by side."""
    held = np.array([shapely.box(8, 47, 8.1, 47.1), shapely.box(8.1, 47, 8.2, 47.1)], dtype=object)
    table = pa.table({"kind": ["a", "b"], "number": [1, 2]})
    layer = new_layer("Areas", LayerKind.OTHER, table, Shapes(held)).restyled(style)
    look = Look(date(2025, 6, 4), None, Audience.POLICE)
    view = MapView.fit(BOUNDS, 400, 300, margin=0)
    image = render_image(Scene(Project(layers=(layer,)), view, look))
    found = [QColor(image.pixel(x, y)) for x in range(left, right) for y in range(120, 180)]
    return [(one.red(), one.green(), one.blue()) for one in found]


def test_a_hatch_leaves_most_of_the_ground_free(qapp: object) -> None:
    style = Style(color="#AA0000", width=0, fill=Fill.HATCHED, fill_opacity=1)
    ground = max(set(found := colors(style, 60, 140)), key=found.count)
    painted = [one for one in found if one != ground]
    assert 0.03 * len(found) < len(painted) < 0.5 * len(found)
    crossed = colors(replace(style, fill=Fill.CROSS_HATCHED), 60, 140)
    assert sum(one != ground for one in crossed) > 1.4 * len(painted)
    plain = colors(replace(style, fill=Fill.PLAIN), 60, 140)
    assert set(plain) == {(170, 0, 0)}


def test_each_class_is_hatched_in_its_colour(qapp: object) -> None:
    classes = Symbology((SymbolClass("b", Category("b"), "#0000AA"),), "kind")
    style = Style(color="#AA0000", width=0, fill=Fill.HATCHED, fill_opacity=1, symbology=classes)
    left, right = colors(style, 60, 140), colors(style, 260, 340)
    assert any(red > 200 and blue < 150 for red, _, blue in left)
    assert not any(blue > red + 40 for red, _, blue in left)
    assert any(blue > red + 40 for red, _, blue in right)
    assert not any(red > blue + 40 for red, _, blue in right)


def test_areas_of_one_class_are_parted_by_a_pale_edge(qapp: object) -> None:
    classes = Symbology((SymbolClass("Both", Range(0, 2, True), "#AA0000"),), "number")
    style = Style(width=2, line=Line.DASHED, fill=Fill.PLAIN, fill_opacity=0.9, symbology=classes)
    edge = colors(style, 199, 202)
    assert edge.count((255, 255, 255)) >= 60
    one_look = colors(replace(style, color="#AA0000", symbology=None), 199, 202)
    assert (255, 255, 255) not in one_look
