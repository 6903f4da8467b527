"""The look of a layer and the base map come back from the project file as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io import project_json
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.style import Blend, Fill, Labels, Line, PointDrawing, Style
from gisapp.layers.symbology import Category, Range, Rule, Scheme, SymbolClass, Symbology

numbers = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.none() | numbers
colors = st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)
classes = st.builds(
    SymbolClass,
    label=st.text(),
    test=st.builds(Category, st.text())
    | st.builds(Range, numbers, numbers, st.booleans())
    | st.builds(Rule, st.text()),
    color=st.none() | colors,
    size=maybe,
    width=maybe,
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
    Labels, st.booleans(), st.text(), numbers, st.booleans(), st.integers(0, 10), maybe
)
styles = st.builds(
    Style,
    color=colors,
    size=numbers,
    width=numbers,
    opacity=numbers,
    fill_opacity=numbers,
    line=st.sampled_from(Line),
    fill=st.sampled_from(Fill),
    points=st.sampled_from(PointDrawing),
    blend=st.sampled_from(Blend),
    nearest=maybe,
    farthest=maybe,
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
