"""What is selected is marked round its symbol, disc or cell; nothing that is read is covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtGui import QImage, QPainter

from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.marked_places import DOT, RING, marks_of
from gisapp.render.painters.clusters import clusters_in, discs
from gisapp.render.painters.hexagons import hexagons_in
from gisapp.render.view import MapView
from gisapp.ui.map.selection_overlay import SelectionOverlay
from gisapp.ui.session import Selection, Session

LON, LAT = -93.265, 44.975
VIEW = MapView.fit((LON - 0.002, LAT - 0.002, LON + 0.002, LAT + 0.002), 400, 300)
FAR = MapView.fit((LON - 0.06, LAT - 0.05, LON + 0.06, LAT + 0.05), 400, 300)


def stops(way: PointDrawing) -> Layer:
    """Three hundred on one place, one beside it, and some all round."""
    rng = np.random.default_rng(2)
    lon = np.concatenate([np.full(300, LON), [LON + 0.001], LON + rng.normal(0, 0.02, 4000)])
    lat = np.concatenate([np.full(300, LAT), [LAT], LAT + rng.normal(0, 0.02, 4000)])
    table = pa.table({"case": np.arange(len(lon))})
    layer = new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat))
    return layer.restyled(replace(layer.style, points=way))


def halo(session: Session, rows: np.ndarray, view: MapView) -> np.ndarray:
    """How opaque the halo of some rows is at each pixel."""
    session.select(Selection((), session.project.layers[0].id, rows))
    overlay = SelectionOverlay()
    overlay.prepare(session)
    image = QImage(view.width, view.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    overlay.paint(painter, view)
    painter.end()
    return np.array(image.constBits(), dtype=np.uint8).reshape(view.height, -1, 4)[..., 3]


def test_a_ring_goes_round_the_symbol_of_its_stack(open_session: Callable[..., Session]) -> None:
    session = open_session(Project(layers=(stops(PointDrawing.EACH),)))
    layer = session.project.layers[0]
    marks = marks_of(layer, np.array([5, 300]), session.look, VIEW, Cache(), Progress())
    order = np.argsort(marks.radius)
    assert marks.radius[order[0]] >= RING
    assert marks.radius[order[1]] > 1.5 * RING
    seen = halo(session, np.array([5]), VIEW)
    assert seen[150, 200 - 14 : 200 + 14].max() == 0, "the number can be read"
    assert seen.any()


def test_a_line_goes_round_the_disc_that_holds_a_row(open_session: Callable[..., Session]) -> None:
    session = open_session(Project(layers=(stops(PointDrawing.CLUSTERS),)))
    layer = session.project.layers[0]
    found = clusters_in(layer, FAR, None, Cache(), Progress())
    disc = max(discs(FAR, found, layer.style), key=lambda one: one.count)
    seen = halo(session, np.array([5]), FAR)
    x, y = round(disc.x), round(disc.y)
    wide, high = int(disc.half_width * 0.7), int(disc.half_height * 0.7)
    assert seen[y - high : y + high, x - wide : x + wide].max() == 0
    assert seen.any()
    up, across = np.nonzero(seen)
    assert abs(up - y).max() < disc.half_height + 12
    assert abs(across - x).max() < disc.half_width + 12


@pytest.mark.parametrize("way", [PointDrawing.HEXAGONS, PointDrawing.SQUARES])
def test_the_colours_of_cells_are_seen_where_all_rows_are_selected(
    open_session: Callable[..., Session], way: PointDrawing
) -> None:
    session = open_session(Project(layers=(stops(way),)))
    layer = session.project.layers[0]
    seen = halo(session, np.arange(len(layer)), FAR)
    assert seen.any()
    if way is PointDrawing.HEXAGONS:
        found = hexagons_in(layer, FAR, None, Cache(), Progress())
        x = np.rint((found.x - FAR.x) / FAR.resolution + FAR.width / 2).astype(int)
        y = np.rint((FAR.y - found.y) / FAR.resolution + FAR.height / 2).astype(int)
        inside = (x > 3) & (x < 396) & (y > 3) & (y < 296)
        assert seen[y[inside], x[inside]].max() == 0


def test_of_very_many_seen_far_dots_stand_and_the_map_is_seen_between_them(
    open_session: Callable[..., Session],
) -> None:
    session = open_session(Project(layers=(stops(PointDrawing.EACH),)))
    layer = session.project.layers[0]
    rows = np.arange(len(layer))
    marks = marks_of(layer, rows, session.look, FAR, Cache(), Progress())
    assert set(marks.radius.tolist()) == {DOT}
    opaque = halo(session, rows, FAR) > 0
    assert 0.02 < opaque.mean() < 0.6
    crowded = opaque[130:170, 180:220]
    assert crowded.mean() < 0.7, "also where they are densest"
    near = marks_of(layer, rows, session.look, VIEW, Cache(), Progress())
    assert near.radius.min() >= RING, "near there is room for a ring round each"


def test_dots_lie_still_while_the_map_is_moved(open_session: Callable[..., Session]) -> None:
    session = open_session(Project(layers=(stops(PointDrawing.EACH),)))
    layer, rows = session.project.layers[0], np.arange(4301)
    before, after = (
        marks_of(layer, rows, session.look, view, Cache(), Progress())
        for view in (FAR, FAR.panned(13, 7))
    )
    known = set(zip(before.x.tolist(), before.y.tolist(), strict=True))
    again = set(zip(after.x.tolist(), after.y.tolist(), strict=True))
    assert len(known & again) > 0.95 * len(known)
