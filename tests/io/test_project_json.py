"""The look of a layer and the base map come back from the project file as they were."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.project import project_json
from gisapp.layers.audience import Audience
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.project import Project
from gisapp.layers.style import Blend, Fill, Labels, Line, PointDrawing, Style
from gisapp.layers.symbology import Category, Range, Rule, Scheme, SymbolClass, Symbology, Test
from gisapp.render.cache import Cache
from gisapp.render.look import Look, Scene
from gisapp.render.scene import render_image
from gisapp.render.view import MapView
from tests.ui import made

numbers = st.floats(allow_nan=False, allow_infinity=False)
lengths = st.floats(0, 200)
shares = st.floats(0, 1)
scales = st.none() | st.floats(0, 1e9)
colors = st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)
classes = st.builds(
    SymbolClass,
    label=st.text(),
    test=st.builds(Category, st.text())
    | st.builds(Range, numbers, numbers, st.booleans())
    | st.builds(Rule, st.text()),
    color=st.none() | colors,
    size=st.none() | lengths,
    width=st.none() | lengths,
    visible=st.booleans(),
)
symbologies = st.builds(
    Symbology,
    classes=st.lists(classes, max_size=4).map(tuple),
    column=st.text(),
    scheme=st.sampled_from(Scheme),
    others=st.text(),
)
labels = st.builds(
    Labels, st.booleans(), st.text(), st.floats(1, 99), st.booleans(), st.integers(0, 10), scales
)
styles = st.builds(
    Style,
    color=colors,
    size=lengths,
    width=lengths,
    opacity=shares,
    fill_opacity=shares,
    line=st.sampled_from(Line),
    fill=st.sampled_from(Fill),
    points=st.sampled_from(PointDrawing),
    blend=st.sampled_from(Blend),
    nearest=scales,
    farthest=scales,
    symbology=st.none() | symbologies,
    labels=labels,
)


@given(styles)
def test_a_style_comes_back_as_it_was(style: Style) -> None:
    assert project_json.style_from(project_json.style_text(style)) == style


def test_a_style_of_a_file_without_symbology_is_read() -> None:
    text = (
        '{"color": "#0072B2", "size": 11, "width": 1.0, "opacity": 1.0, "fill_opacity": 0.0, '
        '"line": "solid", "fill": "none"}'
    )
    assert project_json.style_from(text) == Style(color="#0072B2", size=11)


@pytest.mark.parametrize("text", ["null", "[]", '{"color": 1}', '{"line": "wavy", "fill": "none"}'])
def test_a_damaged_style_is_no_style(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        project_json.style_from(text)


def written() -> dict[str, Any]:
    tests: tuple[Test, ...] = (Category("a"), Range(0.0, 1.0, first=True), Rule("doses > 1"))
    classes = tuple(SymbolClass(f"Class {n}", test, "#112233") for n, test in enumerate(tests))
    style = Style(nearest=5_000, farthest=50_000, symbology=Symbology(classes, "substance"))
    found: dict[str, Any] = json.loads(project_json.style_text(style))
    return found


#: What could stand in a file made by somebody else; none of it is right everywhere.
ODD: tuple[object, ...] = (
    math.nan,
    -1,
    1e300,
    10**30,
    [],
    {},
    True,
    None,
    "",
    "#12",
    "</style><script>",
)


def places_in(value: Any) -> Iterator[tuple[Any, ...]]:
    """The way to each place of a value."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield (key,)
            yield from ((key, *rest) for rest in places_in(part))


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_style_with_one_odd_value_is_refused_or_can_be_drawn(odd: object) -> None:
    layer = made.overdoses(30)
    for path in places_in(written()):
        value = written()
        place = value
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = odd
        try:
            style = project_json.style_from(json.dumps(value))
        except (ValueError, KeyError, TypeError):
            continue
        project = Project(layers=(layer.restyled(style),))
        look = Look(date(2025, 6, 4), None, Audience.POLICE)
        scene = Scene(project, MapView.fit(layer.bounds, 60, 40), look)
        assert not render_image(scene, Cache()).isNull()


def test_a_style_with_more_classes_than_anybody_reads_is_refused() -> None:
    classes = tuple(SymbolClass(str(n), Category(str(n))) for n in range(1_001))
    with pytest.raises(ValueError, match="more than"):
        project_json.style_from(project_json.style_text(Style(symbology=Symbology(classes, "a"))))


@given(st.sampled_from(BaseMapKind), st.text(), st.text(), st.booleans())
def test_a_base_map_comes_back_as_it_was(
    kind: BaseMapKind, source: str, name: str, visible: bool
) -> None:
    base_map = BaseMap(kind, source, name, visible=visible)
    assert project_json.base_map_from(project_json.base_map_text(base_map)) == base_map
    assert project_json.base_map_from(project_json.base_map_text(None)) is None


def test_a_layer_is_drawn_within_its_scales() -> None:
    style = replace(Style(), nearest=5_000, farthest=50_000)
    assert [style.shown_at(scale) for scale in (4_999, 5_000, 50_000, 50_001)] == [
        False,
        True,
        True,
        False,
    ]
    assert Style().shown_at(1e9)
