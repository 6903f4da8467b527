"""Counts in squares and hexagons have on the map the very colours that the legend shows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gisapp.layers.classes import lightness
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import PointDrawing, default_style
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.legend import legend
from gisapp.render.look import Scene
from gisapp.render.ramps import hue_ramp
from gisapp.render.scene import render_image
from tests.render.test_point_ways import drawn, look, town, view_of


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("opacity", [0.3, 0.7, 1.0])
@pytest.mark.parametrize("way", [PointDrawing.SQUARES, PointDrawing.HEXAGONS])
def test_the_legend_has_the_colours_of_the_map(
    way: PointDrawing, opacity: float, dark: bool
) -> None:
    layer = town(60_000, way)
    layer = layer.restyled(replace(layer.style, opacity=opacity))
    view, how = view_of(layer), look(dark=dark)
    (section,) = legend(Project(layers=(layer,)), how, Cache(), view)
    (entry,) = section.entries
    seen = drawn(layer, how, view)[..., [2, 1, 0]].astype(int)
    for color, label in entry.ramp:
        rgb = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        same = (abs(seen - rgb).max(axis=2) <= 1).sum()
        assert same > 20, (label, color)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", [LayerKind.STOPS, LayerKind.OVERDOSES, LayerKind.REFERRALS])
def test_the_darkest_classes_are_told_apart_as_well_as_the_palest(
    kind: LayerKind, dark: bool
) -> None:
    color = default_style(kind).color
    light = np.array([lightness(one) for one in hue_ramp(color, 5, dark)])
    steps = abs(np.diff(light))
    assert steps.min() > 8
    assert steps.max() < 1.3 * steps.min()
    assert all((a < b) == dark for a, b in pairwise(light.tolist()))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("opacity", [0.3, 1.0])
@pytest.mark.parametrize("method", ["kde", "gistar"])
def test_the_legend_of_hotspots_has_the_colours_of_the_map(
    method: str, opacity: float, dark: bool
) -> None:
    layer = replace(town(20_000), visible=False)
    spots = Hotspots(layer.id, method, 150, 600, opacity=opacity)
    project, view, how = (
        Project(layers=(layer,), hotspots=(spots,)),
        view_of(layer),
        look(dark=dark),
    )
    (section,) = legend(project, how, Cache(), view)
    if method == "kde":
        named = [color for color, _ in section.entries[0].ramp]
    else:
        named = [entry.style.color for entry in section.entries]
    image = render_image(Scene(project, view, how), Cache())
    seen = np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)[:, [2, 1, 0]].astype(int)
    # Colours between two steps of a density are mixed: near each there are few of just its own.
    for color in named:
        rgb = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        assert (abs(seen - rgb).max(axis=1) <= 2).sum() > 5, color


@pytest.mark.parametrize("dark", [False, True])
def test_the_legend_of_heat_has_the_colours_of_the_map(dark: bool) -> None:
    layer = town(60_000, PointDrawing.HEAT)
    view, how = view_of(layer), look(dark=dark)
    (section,) = legend(Project(layers=(layer,)), how, Cache(), view)
    seen = drawn(layer, how, view)[..., [2, 1, 0]].astype(int)
    for color, label in section.entries[0].ramp:
        rgb = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        assert (abs(seen - rgb).max(axis=2) <= 3).sum() > 20, (label, color)
