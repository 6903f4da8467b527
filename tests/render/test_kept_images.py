"""While rows are filtered all else of the map comes from kept images, and looks just the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage

from gisapp.errors import Cancelled
from gisapp.layers.audience import Audience
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import Blend, Labels, PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.frame import Frame
from gisapp.render.kept_images import MOST, KeptImages, Part, cut_out
from gisapp.render.look import Look
from gisapp.render.scene import Cache, Scene, render_image
from gisapp.render.steps import Step, groups_of, steps_of
from gisapp.render.view import MapView
from tests.render.conftest import DAY, LAT, LON, pixels, scattered, town

VIEW = MapView.fit((LON - 0.03, LAT - 0.02, LON + 0.03, LAT + 0.02), 240, 160)
VIEWS = (VIEW, VIEW.panned(31, -17), VIEW.zoomed(6), replace(VIEW, dpr=1.5), replace(VIEW, dpr=2.0))


def restyled(project: Project, kind: LayerKind, **more: object) -> Project:
    (layer,) = project.layers_of(kind)
    return project.with_layer(layer.restyled(replace(layer.style, **more)))


def only(project: Project, kind: LayerKind) -> Layer:
    (layer,) = project.layers_of(kind)
    return layer


def whole_town() -> Project:
    project = town(600)
    for kind in (LayerKind.STREETS, LayerKind.BOUNDARIES, LayerKind.SERVICES):
        project = restyled(project, kind, labels=Labels(shown=True))
    return project.with_layer(scattered(LayerKind.STOPS, 400, 0.01, seed=3))


TOWN = whole_town()
PROJECTS = (
    TOWN,
    restyled(TOWN, LayerKind.STOPS, points=PointDrawing.CLUSTERS),
    restyled(TOWN, LayerKind.STOPS, points=PointDrawing.HEAT, opacity=0.5),
    restyled(TOWN, LayerKind.SERVICES, blend=Blend.MULTIPLY),
    restyled(TOWN, LayerKind.OVERDOSES, blend=Blend.SCREEN),
    restyled(TOWN, LayerKind.STREETS, blend=Blend.DARKEN),
    replace(TOWN, hotspots=(Hotspots(only(TOWN, LayerKind.STOPS).id),)),
)
FILTERED = (LayerKind.STOPS, LayerKind.OVERDOSES, LayerKind.SERVICES, LayerKind.DEPLOYMENTS)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    project = draw(st.sampled_from(PROJECTS))
    rows = {}
    for kind in draw(st.sets(st.sampled_from(FILTERED), max_size=2)):
        layer = only(project, kind)
        chance = np.random.default_rng(draw(st.integers(0, 3)))
        rows[layer.id] = chance.random(len(layer)) < draw(st.sampled_from((0.0, 0.3, 1.0)))
    look = Look(
        draw(st.sampled_from((DAY, date(2024, 6, 1)))),
        draw(st.sampled_from((None, time(23)))),
        draw(st.sampled_from((Audience.POLICE, Audience.PARTNERS))),
        dark=draw(st.booleans()),
        rows=rows,
    )
    return Scene(project, draw(st.sampled_from(VIEWS)), look)


@settings(max_examples=25, deadline=None)
@given(st.lists(scenes(), min_size=2, max_size=5))
def test_a_picture_with_kept_parts_equals_one_drawn_afresh(some: list[Scene]) -> None:
    cache = Cache()
    for scene in some:
        kept = render_image(scene, cache)
        afresh = render_image(scene)
        assert kept.devicePixelRatio() == afresh.devicePixelRatio()
        assert np.array_equal(pixels(kept), pixels(afresh))


def step(project: Project, share: float, **more: object) -> Scene:
    """The stops filtered by chance."""
    layer = only(project, LayerKind.STOPS)
    rows = np.random.default_rng(1).random(len(layer)) < share
    return Scene(project, VIEW, Look(DAY, None, Audience.POLICE, rows={layer.id: rows}, **more))


def test_a_step_of_a_filter_draws_nothing_but_what_is_filtered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = Cache()
    first = render_image(step(TOWN, 0.2), cache)
    drawn: list[object] = []

    def noted(scene: Scene, cache: Cache) -> list[Step]:
        def note(one: Step, frame: Frame) -> None:
            drawn.append(one.name)
            one.paint(frame)

        return [replace(one, paint=partial(note, one)) for one in steps_of(scene, cache)]

    monkeypatch.setattr("gisapp.render.scene.steps_of", noted)
    second = render_image(step(TOWN, 0.9), cache)
    assert drawn == [("layer", only(TOWN, LayerKind.STOPS).id)]
    assert not np.array_equal(pixels(first), pixels(second))


def test_a_filter_hardly_changes_what_it_does_not_concern() -> None:
    """Parts are drawn on images of their own: colours may be rounded once more, no more."""
    everything = Look(DAY, None, Audience.POLICE)
    plain = render_image(Scene(TOWN, VIEW, everything))
    filtered = render_image(step(TOWN, 2.0))
    away = np.abs(pixels(plain).astype(int) - pixels(filtered).astype(int))
    assert away.max() <= 3


def test_nothing_is_kept_where_nothing_is_filtered_nor_for_files() -> None:
    cache = Cache()
    render_image(step(TOWN, 0.5, exported=True), cache)
    assert len(cache.images) == 0
    render_image(step(TOWN, 0.5), cache)
    assert len(cache.images) == 2
    render_image(Scene(TOWN, VIEW, Look(DAY, None, Audience.POLICE)), cache)
    assert len(cache.images) == 0


def names_kept(project: Project, *filtered: LayerKind) -> list[list[object]]:
    scene = Scene(project, VIEW, Look(DAY, None, Audience.POLICE))
    ids = frozenset(only(project, kind).id for kind in filtered)
    groups = groups_of(steps_of(scene, Cache()), ids)
    kinds = {layer.id: layer.kind for layer in project.layers}
    return [
        [kinds.get(name[1]) if isinstance(name, tuple) else name for name in group.names]
        for group in groups
        if group.same
    ]


def test_what_blends_is_kept_only_with_what_lies_below_it() -> None:
    blended = restyled(TOWN, LayerKind.SERVICES, blend=Blend.MULTIPLY)
    above = names_kept(blended, LayerKind.STOPS)[-2:]
    assert above[0][0] == "zones"
    assert all(LayerKind.SERVICES not in group for group in above)
    below = restyled(TOWN, LayerKind.STREETS, blend=Blend.MULTIPLY)
    assert LayerKind.STREETS in names_kept(below, LayerKind.STOPS)[0]


def test_names_and_zones_are_drawn_anew_where_they_make_room_for_what_is_filtered() -> None:
    assert names_kept(TOWN, LayerKind.STOPS)[-1][-1] == "labels"
    clustered = restyled(TOWN, LayerKind.STOPS, points=PointDrawing.CLUSTERS)
    assert all("labels" not in group for group in names_kept(clustered, LayerKind.STOPS))
    assert all("zones" not in group for group in names_kept(TOWN, LayerKind.SERVICES))


def test_a_base_map_is_never_kept() -> None:
    with_map = replace(TOWN, base_map=BaseMap(BaseMapKind.XYZ, "https://example.org/{z}/{x}/{y}"))
    assert all("base map" not in group for group in names_kept(with_map, LayerKind.STOPS))


def image(side: int) -> QImage:
    made = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(QColor(0, 0, 0, 0))
    return made


def test_only_what_is_not_clear_is_cut_out() -> None:
    some = image(20)
    assert cut_out(some).image.isNull()
    some.setPixelColor(3, 5, QColor("red"))
    some.setPixelColor(9, 14, QColor("blue"))
    part = cut_out(some)
    assert (part.image.width(), part.image.height(), part.place) == (7, 10, QPoint(3, 5))


def test_the_oldest_images_go_first_and_those_of_a_project_with_it() -> None:
    kept = KeptImages()
    parts = [Part(image(4), QPoint()) for _ in range(MOST + 1)]
    for number, part in enumerate(parts):
        kept.put(TOWN, number, part)
    assert kept.get(TOWN, 0) is None
    assert kept.get(TOWN, MOST) is parts[-1]
    other = Project()
    assert kept.get(other, MOST) is None
    kept.drop(other)
    assert len(kept) == MOST
    kept.drop(TOWN)
    assert len(kept) == 0


def test_a_cancelled_drawing_keeps_nothing_half_made() -> None:
    class Stops(Progress):
        left = 6

        def check(self) -> None:
            self.left -= 1
            if not self.left:
                self.cancel()
            super().check()

    cache = Cache()
    with pytest.raises(Cancelled):
        render_image(step(TOWN, 0.5), cache, Stops())
    again = render_image(step(TOWN, 0.5), cache)
    assert np.array_equal(pixels(again), pixels(render_image(step(TOWN, 0.5))))
