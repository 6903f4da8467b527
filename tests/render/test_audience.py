"""What an audience may not see is not drawn, not listed and not hit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gisapp.layers.audience import SMALL_COUNT, Audience, Sensitivity
from gisapp.layers.event_cells import cell_grid, event_cells
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.identify import identify, rows_in_shape
from gisapp.render.legend import legend
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, look, pixels, points, scattered, shapes, town

EVENTS = (LayerKind.OVERDOSES, LayerKind.STOPS, LayerKind.REFERRALS)
OTHERS = (Audience.PUBLIC, Audience.PARTNERS, Audience.PATROL)
VIEW = MapView.fit((LON - 0.02, LAT - 0.015, LON + 0.02, LAT + 0.015), 400, 300)


def is_blank(project: Project, audience: Audience, **more: object) -> bool:
    image = pixels(render_image(Scene(project, VIEW, look(audience, **more))))
    return bool((image == image[0, 0]).all())


def heap(kind: LayerKind, count: int) -> Layer:
    """Events on one place in the middle of a cell."""
    grid = cell_grid(Points(np.full(40, LON), np.full(40, LAT)))
    lon = (np.floor(LON / grid.lon_step) + 0.5) * grid.lon_step
    lat = (np.floor(LAT / grid.lat_step) + 0.5) * grid.lat_step
    return points(kind, [float(lon)] * count, [float(lat)] * count)


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("audience", OTHERS)
def test_no_pixel_of_events_below_the_threshold(kind: LayerKind, audience: Audience) -> None:
    project = Project(layers=(heap(kind, SMALL_COUNT - 1),))
    assert is_blank(project, audience)
    assert not is_blank(project, Audience.POLICE)


def test_enough_events_are_shown_as_a_cell() -> None:
    project = Project(layers=(heap(LayerKind.OVERDOSES, SMALL_COUNT),))
    assert not is_blank(project, Audience.PUBLIC)
    assert is_blank(project, Audience.PATROL)


@pytest.mark.parametrize("method", ["kde", "gistar"])
def test_hotspots_of_a_few_events_are_not_shown(method: str) -> None:
    layer = replace(heap(LayerKind.OVERDOSES, SMALL_COUNT - 1), visible=False)
    project = Project(layers=(layer,), hotspots=(Hotspots(layer.id, method, 50, 200),))
    assert is_blank(project, Audience.PUBLIC)
    assert is_blank(project, Audience.PATROL)


def test_a_restricted_layer_is_for_police_alone() -> None:
    layer = replace(points(LayerKind.OTHER, [LON], [LAT]), sensitivity=Sensitivity.RESTRICTED)
    project = Project(layers=(layer,))
    assert is_blank(project, Audience.PARTNERS)
    assert not legend(project, look(Audience.PARTNERS))
    assert not identify(Scene(project, VIEW, look(Audience.PARTNERS)), 200, 150)
    assert identify(Scene(project, VIEW, look()), 200, 150)


def test_deployments_are_not_for_the_public() -> None:
    box = shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
    layer = replace(shapes(LayerKind.DEPLOYMENTS, [box]), sensitivity=Sensitivity.PUBLIC)
    assert is_blank(Project(layers=(layer,)), Audience.PUBLIC)


def test_what_is_exported_shows_police_no_single_event() -> None:
    layer = points(LayerKind.OVERDOSES, [LON], [LAT])
    project = Project(layers=(layer,))
    each = pixels(render_image(Scene(project, VIEW, look())))
    cells = pixels(render_image(Scene(project, VIEW, look(exported=True))))
    assert (each != each[0, 0]).any(axis=-1).sum() < 400
    # A cell of 250 m or more, not a dot: whatever is in it looks the same.
    assert (cells != cells[0, 0]).any(axis=-1).sum() > 400


def test_a_cell_that_is_hit_tells_no_rows() -> None:
    project = Project(layers=(heap(LayerKind.STOPS, 40),))
    (layer,) = project.layers
    assert isinstance(layer.geometry, Points)
    x, y = VIEW.to_screen(layer.geometry.lon[:1], layer.geometry.lat[:1])
    (hit,) = identify(Scene(project, VIEW, look(Audience.PARTNERS)), float(x[0]), float(y[0]))
    assert hit.kind == "cell"
    assert len(hit.rows) == 0
    assert hit.label == "40 stops in a cell of 250 m"
    assert not identify(Scene(project, VIEW, look(Audience.PATROL)), float(x[0]), float(y[0]))


def test_nobody_but_police_selects_events() -> None:
    project = town()
    layer = project.layers_of(LayerKind.OVERDOSES)[0]
    area = shapely.box(-85, 39, -84, 40)
    assert len(rows_in_shape(project, look(), layer.id, area)) == len(layer)
    for audience in OTHERS:
        assert not len(rows_in_shape(project, look(audience), layer.id, area))


def test_cells_do_not_move_with_the_view_and_hide_small_counts() -> None:
    layer = scattered(LayerKind.STOPS, 20_000)
    assert isinstance(layer.geometry, Points)
    cells = event_cells(layer.geometry, Audience.PUBLIC)
    assert cells.counts.min() >= SMALL_COUNT
    assert len(layer) - cells.counts.sum() >= SMALL_COUNT
    half = np.arange(len(layer)) % 2 == 0
    assert event_cells(layer.geometry, Audience.PUBLIC, half).grid == cells.grid


def test_one_cell_left_out_takes_another_with_it() -> None:
    grid = cell_grid(Points(np.array([LON]), np.array([LAT])))
    lon = [LON] * 30 + [LON + 3 * grid.lon_step] * 20 + [LON + 6 * grid.lon_step] * 4
    spread = Points(np.array(lon), np.full(len(lon), LAT))
    cells = event_cells(spread, Audience.PUBLIC)
    hidden = len(spread) - int(cells.counts.sum())
    assert cells.hidden == 2
    assert hidden >= SMALL_COUNT
    assert int(event_cells(spread, Audience.POLICE).counts.sum()) == len(spread)
