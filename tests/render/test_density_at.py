"""A click on heat or on a hotspot surface says in plain words what its colour means there."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import shapely

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.identify import Hit, identify
from gisapp.render.look import Look, Scene
from gisapp.render.painters.heat import heat_in
from gisapp.render.scene import render_image
from gisapp.render.view import MapView
from tests.render.conftest import shapes
from tests.render.test_point_ways import look, town, view_of


def number(hit: Hit) -> float:
    found = re.search(r"About ([\d,.]+) stops per km² here", hit.label)
    assert found, hit.label
    return float(found[1].replace(",", ""))


@pytest.mark.parametrize("zoom", [1.0, 3.7])
def test_heat_says_how_dense_it_is_where_one_clicks(zoom: float) -> None:
    layer = town(20_000, PointDrawing.HEAT)
    view, cache, how = view_of(layer).zoomed(zoom), Cache(), look()
    heat = heat_in(layer, view, None, cache, Progress())
    side = heat.target.width() / heat.values.shape[1]
    scene = Scene(Project(layers=(layer,)), view, how)
    rng = np.random.default_rng(3)
    for px, py in zip(rng.uniform(0, 640, 40), rng.uniform(0, 400, 40), strict=True):
        row, column = (py - heat.target.top()) / side, (px - heat.target.left()) / side
        value = heat.values[int(row), int(column)]
        hits = identify(scene, float(px), float(py), cache)
        if hits:
            assert (hits[0].kind, len(hits[0].rows)) == ("density", 0)
            assert number(hits[0]) == pytest.approx(value, rel=0.06)
        else:
            assert value < 0.05 * heat.values.max()


def test_heat_follows_the_filter_and_is_nothing_where_it_is_clear() -> None:
    layer = town(20_000, PointDrawing.HEAT)
    view, project = view_of(layer), Project(layers=(layer,))
    at = view.width / 2, view.height / 2
    (whole,) = identify(Scene(project, view, look()), *at)
    half = np.arange(len(layer)) % 2 == 0
    (some,) = identify(Scene(project, view, look(rows={layer.id: half})), *at)
    assert number(some) == pytest.approx(number(whole) / 2, rel=0.3)
    none = np.zeros(len(layer), dtype=bool)
    assert not identify(Scene(project, view, look(rows={layer.id: none})), *at)
    assert not identify(Scene(project, view.panned(5000, 0), look()), *at)


def drawn(layer: Layer, method: str, how: Look, cache: Cache) -> tuple[Scene, MapView, Hotspots]:
    """A surface alone, as it is on the map after it was drawn."""
    spots = Hotspots(layer.id, method, 150, 600)
    project = Project(layers=(replace(layer, visible=False),), hotspots=(spots,))
    scene = Scene(project, view_of(layer), how)
    render_image(scene, cache)
    return scene, scene.view, spots


def peak(scene: Scene, spots: Hotspots, cache: Cache) -> tuple[float, float, float]:
    """The pixel of the densest cell, and its value."""
    made = prepared.surface_of(scene.project, spots, None, cache, Progress())
    assert not isinstance(made, str)
    row, column = np.unravel_index(int(made.values.argmax()), made.values.shape)
    middle = [(column + 0.5) * made.cell_m + made.grid.x, (row + 0.5) * made.cell_m + made.grid.y]
    lon, lat = made.plane.to_degrees(np.array([middle[0]]), np.array([middle[1]]))
    x, y = scene.view.to_screen(lon, lat)
    return float(x[0]), float(y[0]), float(made.values.max())


def test_a_density_says_its_value_to_the_police_and_its_step_to_others() -> None:
    layer, cache = town(20_000), Cache()
    scene, _, spots = drawn(layer, "kde", look(), cache)
    px, py, value = peak(scene, spots, cache)
    (hit,) = identify(scene, px, py, cache)
    assert number(hit) == pytest.approx(value, rel=0.06)
    assert hit.label.endswith("smoothed over 600 m")
    assert hit.layer_id == layer.id and not len(hit.rows)
    others = replace(look(), audience=Audience.PARTNERS)
    scene, _, spots = drawn(layer, "kde", others, cache)
    (hit,) = identify(scene, px, py, cache)
    assert re.match(r"[\d,.]+ or more stops per km² here", hit.label)


def test_hot_and_cold_spots_say_how_sure_they_are() -> None:
    layer, cache = town(20_000), Cache()
    scene, _, spots = drawn(layer, "gistar", look(), cache)
    px, py, _ = peak(scene, spots, cache)
    (hit,) = identify(scene, px, py, cache)
    assert hit.label == "Stops: more than chance, 99 % sure, neighbours within 600 m"


def test_what_is_not_shown_is_not_told() -> None:
    layer, cache = town(40), Cache()
    scene, _, spots = drawn(layer, "kde", look(), cache)
    px, py, _ = peak(scene, spots, cache)
    assert identify(scene, px, py, cache)
    few = replace(look(), audience=Audience.PUBLIC)
    made = prepared.surface_of(scene.project, spots, None, cache, Progress())
    assert not isinstance(made, str)
    lonely = np.argwhere(made.mask & (made.nearby > 0) & (made.nearby < 11))
    assert len(lonely)
    for row, column in lonely[::7].tolist():
        x = (column + 0.5) * made.cell_m + made.grid.x
        y = (row + 0.5) * made.cell_m + made.grid.y
        at = scene.view.to_screen(*made.plane.to_degrees(np.array([x]), np.array([y])))
        public = Scene(scene.project, scene.view, few)
        assert not identify(public, float(at[0][0]), float(at[1][0]), cache)
    patrol = replace(look(), audience=Audience.PATROL)
    assert not identify(Scene(scene.project, scene.view, patrol), px, py, cache)


def test_a_click_never_waits_for_a_surface_that_is_not_there_yet() -> None:
    layer = town(2000)
    spots = Hotspots(layer.id, "kde", 150, 600)
    project = Project(layers=(replace(layer, visible=False),), hotspots=(spots,))
    cache = Cache()
    assert not identify(Scene(project, view_of(layer), look()), 320, 200, cache)
    assert prepared.known_surface(project, spots, None, cache) is None


def test_others_are_told_the_density_that_stands_for_heat() -> None:
    layer, cache = town(60_000, PointDrawing.HEAT), Cache()
    how = replace(look(), audience=Audience.PARTNERS)
    scene = Scene(Project(layers=(layer,)), view_of(layer), how)
    render_image(scene, cache)
    (spots,) = prepared.hotspots_of(scene.project, layer, how, cache)
    px, py, _ = peak(scene, spots, cache)
    (hit,) = identify(scene, px, py, cache)
    assert "or more stops per km² here, smoothed over 400 m" in hit.label


def test_events_are_meant_before_the_surface_and_the_surface_before_the_ground() -> None:
    few, cache = town(30), Cache()
    ground = shapes(LayerKind.BOUNDARIES, [shapely.box(*few.bounds)])  # type: ignore[misc]
    spots = Hotspots(few.id, "kde", 150, 600)
    project = Project(layers=(ground, few), hotspots=(spots,))
    scene = Scene(project, view_of(few), look())
    render_image(scene, cache)
    assert isinstance(few.geometry, Points)
    x, y = scene.view.to_screen(few.geometry.lon[:1], few.geometry.lat[:1])
    found = [hit.kind for hit in identify(scene, float(x[0]), float(y[0]), cache)]
    assert found == ["feature", "density", "feature"]
