"""Counts are quiet marks that tell their class by size, and give way to a surface."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gisapp.layers.audience import Audience
from gisapp.layers.classes import CLASSES, Mark, mark_of, mark_sides
from gisapp.layers.event_cells import cell_grid
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.identify import identify
from gisapp.render.legend import legend
from gisapp.render.painters.services import service_discs
from gisapp.render.paper.legend import legend_fits, legend_height
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, agreement, look, pixels, points, scattered, zone_in

VIEW = MapView.fit((LON - 0.02, LAT - 0.015, LON + 0.02, LAT + 0.015), 400, 300)
HERE = Audience.PARTNERS


def in_cells(kind: LayerKind, *counts: int) -> Layer:
    """So many events in the middle of every second cell to the east."""
    grid = cell_grid(Points(np.full(40, LON), np.full(40, LAT)))
    column = np.floor(LON / grid.lon_step) + 0.5
    lat = (np.floor(LAT / grid.lat_step) + 0.5) * grid.lat_step
    lon: list[float] = []
    for number, count in enumerate(counts):
        lon += [float((column + 2 * number - 2) * grid.lon_step)] * count
    return points(kind, lon, [float(lat)] * len(lon), kind.label)


def inked(project: Project, audience: Audience = HERE) -> np.ndarray:
    color = pixels(render_image(Scene(project, VIEW, look(audience)))).astype(int)
    found: np.ndarray = np.abs(color - color[0, 0]).max(axis=-1) > 30
    return found


@pytest.mark.parametrize("classes", range(1, CLASSES + 1))
def test_areas_of_marks_grow_in_equal_steps(classes: int) -> None:
    areas = np.square(mark_sides(classes))
    assert len(areas) == classes
    assert areas.max() <= 1
    if classes > 1:
        assert areas[-1] == pytest.approx(1)
        assert np.diff(areas) == pytest.approx(np.diff(areas)[0])
        assert (np.diff(areas) > 0).all()


def test_a_mark_is_larger_where_there_are_more_and_leaves_the_ground_free() -> None:
    found = inked(Project(layers=(in_cells(LayerKind.STOPS, 12, 30, 90, 400),)))
    columns = np.flatnonzero(found.any(axis=0))
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    widths = [len(part) for part in parts]
    assert len(widths) == 4
    assert widths == sorted(widths) and widths[-1] > 2 * widths[0]


def test_kinds_of_events_have_shapes_of_their_own() -> None:
    assert mark_of(LayerKind.STOPS) is Mark.SQUARE
    assert mark_of(LayerKind.OVERDOSES) is Mark.DISC
    square = inked(Project(layers=(in_cells(LayerKind.STOPS, 400),))).sum()
    disc = inked(Project(layers=(in_cells(LayerKind.OVERDOSES, 400),))).sum()
    assert disc / square == pytest.approx(np.pi / 4, abs=0.12)


def test_a_mark_is_seen_through() -> None:
    stops = in_cells(LayerKind.STOPS, 400)
    line = pixels(render_image(Scene(Project(layers=(stops,)), VIEW, look(HERE)))).astype(int)
    darkest = line[..., :3].mean(axis=-1).min()
    assert darkest > 110, "a grey copy of it must not hide what lies under it"


@pytest.mark.parametrize("method", ["kde", "gistar"])
def test_a_surface_stands_for_the_counts_of_its_layer(method: str) -> None:
    stops, others = scattered(LayerKind.STOPS, 3000), scattered(LayerKind.OVERDOSES, 3000)
    spots = Hotspots(stops.id, method, 100, 400)
    project = Project(layers=(others, stops), hotspots=(spots,))
    alone = replace(project, layers=(stops,))
    hidden = replace(alone, layers=(replace(stops, visible=False),))
    assert (inked(alone) == inked(hidden)).all(), "no mark over the surface"
    sections = {section.id: section for section in legend(project, look(HERE))}
    assert sections[stops.id].entries == ()
    assert "surface" in sections[stops.id].note
    assert sections[others.id].entries[0].symbol == "marks"
    cache = Cache()
    scene = Scene(project, VIEW, look(HERE))
    render_image(scene, cache)
    hits = identify(scene, 200, 150, cache)
    found = [(hit.layer_id, hit.kind) for hit in hits]
    assert found == [(others.id, "cell"), (stops.id, "density")], "counts lie over the surface"


def test_counts_come_back_where_no_surface_may_be_seen() -> None:
    stops = scattered(LayerKind.STOPS, 3000)
    spots = Hotspots(stops.id, "kde", 100, 400, visible=False)
    sections = legend(Project(layers=(stops,), hotspots=(spots,)), look(HERE))
    assert sections[0].entries[0].symbol == "marks"
    too_fine = Hotspots(stops.id, "kde", 0.05, 400)
    sections = legend(Project(layers=(stops,), hotspots=(too_fine,)), look(HERE))
    assert sections[0].entries[0].symbol == "marks"


def test_police_see_each_event_beside_the_surface() -> None:
    stops = scattered(LayerKind.STOPS, 3000)
    spots = Hotspots(stops.id, "kde", 100, 400)
    sections = legend(Project(layers=(stops,), hotspots=(spots,)), look())
    assert sections[0].entries[0].symbol == "point"


def test_a_zone_smaller_than_the_symbol_on_it_is_a_ring_round_the_symbol() -> None:
    service = points(LayerKind.SERVICES, [LON], [LAT])
    project = zone_in(Project(layers=(service,)), agreement(), radius_m=15)
    far_away = MapView.fit((LON - 0.1, LAT - 0.08, LON + 0.1, LAT + 0.08), 640, 480)
    bare = replace(project, zones={})
    with_zone, without = (
        pixels(render_image(Scene(one, far_away, look()))).astype(int) for one in (project, bare)
    )
    changed = np.abs(with_zone - without).max(axis=-1) > 60
    assert changed.sum() > 20
    green = with_zone[changed]
    assert (green[:, 1] > green[:, 2]).mean() > 0.9


def test_the_outline_of_a_zone_never_lies_on_the_edge_of_its_disc() -> None:
    """As a zone grows out from under a disc its ring becomes its outline, without a jump."""
    service = points(LayerKind.SERVICES, [LON], [LAT])
    service = service.restyled(
        replace(service.style, labels=replace(service.style.labels, shown=False))
    )
    view = MapView.fit((LON - 0.1, LAT - 0.08, LON + 0.1, LAT + 0.08), 640, 480)
    disc = service_discs(service, look(), view, Cache())
    x, y, radius = disc.x.item(), disc.y.item(), disc.radius.item()
    for half in np.arange(radius - 1, radius + 5, 0.5):
        project = zone_in(
            Project(layers=(service,)), agreement(), radius_m=half * view.metres_per_pixel
        )
        bare = replace(project, zones={})
        with_zone, without = (
            pixels(render_image(Scene(one, view, look()))).astype(int) for one in (project, bare)
        )
        rows, columns = np.nonzero(np.abs(with_zone - without).max(axis=-1) > 100)
        away = np.hypot(columns + 0.5 - x, rows + 0.5 - y)
        # The middle of a line two pixels wide stands 2 points of 1/72 inch off the disc.
        assert np.median(away) == pytest.approx(max(half, radius + 2 * 96 / 72), abs=0.6), half


def test_the_base_map_comes_last_in_a_printed_legend_and_all_of_it_fits() -> None:
    layers = [points(LayerKind.SERVICES, [LON], [LAT], f"List {n}") for n in range(12)]
    street = points(LayerKind.STREETS, [LON], [LAT], "Streets")
    sections = legend(Project(layers=(*layers, street)), look(exported=True))
    assert sections[0].title == "Streets" and sections[0].base
    roomy = legend_height(sections, 230, 1, 10_000)
    assert legend_fits(sections, 230, roomy, 1)
    assert legend_fits(sections, 230, roomy * 0.85, 1), "set smaller, it needs less room"
    assert not legend_fits(sections, 230, roomy * 0.3, 1)
    assert legend_height(sections, 700, 3, 10_000) < roomy * 0.6
