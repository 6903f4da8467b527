"""Each place near, counts far: once each place is drawn, every nearer view draws each."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.painters.each import few_rows
from gisapp.render.painters.points import draws_each
from gisapp.render.painters.squares import density
from gisapp.render.view import MapView
from tests.render.conftest import DAY, LAT, LON

POLICE = Look(DAY, None, Audience.POLICE)


def busy_streets(seed: int) -> Layer:
    """Many places with one stop each, and in the middle few with very many."""
    rng = np.random.default_rng(seed)
    far = rng.normal(0, 0.02, (9000, 2))
    near = rng.normal(0, 0.0035, (1500, 2))[rng.integers(0, 1500, 18_000)]
    lon, lat = np.concatenate([far, near]).T
    places = Points(LON + lon, LAT + lat * 0.7)
    return new_layer("Stops", LayerKind.STOPS, pa.table({"n": np.arange(len(lon))}), places)


def drawn_as_each(layer: Layer, view: MapView, cache: Cache, look: Look = POLICE) -> bool:
    _, counts = density(layer, look, view, cache, Progress())
    return draws_each(layer, counts, look, view, cache)


def zooming_in(view: MapView, rng: np.random.Generator) -> list[MapView]:
    views = [view]
    for _ in range(34):
        px, py = rng.uniform(0, view.width), rng.uniform(0, view.height)
        # The cursor wanders a little; most of the time it stays near the middle.
        px, py = (view.width + px) / 3, (view.height + py) / 3
        views.append(views[-1].zoomed(float(rng.uniform(1.05, 1.4)), px, py))
    return views


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [(1280, 800), (640, 400)])
def test_who_comes_nearer_never_sees_places_turn_into_counts(
    seed: int, size: tuple[int, int]
) -> None:
    layer, cache = busy_streets(seed), Cache()
    start = MapView.fit(layer.bounds, *size).zoomed(0.6)
    views = zooming_in(start, np.random.default_rng(seed))
    each = [drawn_as_each(layer, view, cache) for view in views]
    assert each == sorted(each)
    assert not each[0] and each[-1]
    for view, drawn in zip(views, each, strict=True):
        if drawn:
            # Symbols, not dots: what is drawn is what was decided.
            assert few_rows(layer, POLICE, view, cache, Progress()) is not None


def test_where_stacks_are_high_the_places_in_view_are_what_counts() -> None:
    """As in the middle of a real city: few places of many stops, in a layer of many single ones."""
    layer, cache = busy_streets(1), Cache()
    view = MapView.fit((LON - 0.002, LAT - 0.0012, LON + 0.002, LAT + 0.0012), 1280, 800)
    assert drawn_as_each(layer, view, cache)


def test_a_filter_that_leaves_few_places_lets_each_be_drawn() -> None:
    layer, cache = busy_streets(2), Cache()
    view = MapView.fit(layer.bounds, 1280, 800)
    assert not drawn_as_each(layer, view, cache)
    few = np.zeros(len(layer), dtype=bool)
    few[-4000::5] = True
    filtered = Look(DAY, None, Audience.POLICE, rows={layer.id: few})
    assert drawn_as_each(layer, view, cache, filtered)


def test_a_million_points_on_a_few_places_are_each_drawn() -> None:
    rng = np.random.default_rng(3)
    spots = rng.normal(0, 0.01, (400, 2))[rng.integers(0, 400, 300_000)]
    places = Points(LON + spots[:, 0], LAT + spots[:, 1])
    table = pa.table({"n": np.zeros(len(spots), dtype=np.int8)})
    layer = new_layer("Stops", LayerKind.STOPS, table, places)
    assert layer.style.points is PointDrawing.AUTOMATIC
    assert drawn_as_each(layer, MapView.fit(layer.bounds, 1280, 800), Cache())
