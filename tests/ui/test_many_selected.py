"""Very many selected rows are marked on the map by a worker, and the table lists them by number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtGui import QImage, QPainter
from scipy.spatial import cKDTree

from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.marked_places import DOT
from gisapp.render.view import MapView
from gisapp.ui.map import selection_overlay
from gisapp.ui.map.selection_overlay import SelectionOverlay
from gisapp.ui.session import Selection
from gisapp.ui.table.panel import TablePanel

ROWS = 40_000


@pytest.fixture
def session(open_session):
    chance = np.random.default_rng(1)
    places = Points(chance.uniform(-0.1, 0.1, ROWS), chance.uniform(51.4, 51.6, ROWS))
    layer = new_layer("Stops", LayerKind.STOPS, pa.table({"n": np.arange(ROWS)}), places)
    return open_session(Project(layers=(layer,)))


def painted(overlay, view):
    image = QImage(view.width, view.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    overlay.paint(painter, view)
    painter.end()
    return np.array(image.constBits(), dtype=np.uint8).any()


def test_the_halo_of_very_many_comes_a_moment_later(session, qtbot):
    view = MapView.fit(session.project.bounds, 300, 200)
    overlay = SelectionOverlay()
    came = []
    overlay.changed = lambda: came.append(1)
    session.select(Selection(layer_id=session.project.layers[0].id, rows=np.arange(ROWS)))
    overlay.prepare(session)
    assert not painted(overlay, view), "the map does not wait for it"
    qtbot.waitUntil(lambda: bool(came), timeout=5000)
    assert painted(overlay, view)
    session.select(Selection())
    overlay.prepare(session)
    assert not painted(overlay, view)


def test_of_millions_only_places_in_view_are_marked_and_each_of_them(session, monkeypatch):
    monkeypatch.setattr(selection_overlay, "_INDEXED", 100)
    layer = session.project.layers[0]
    rows = np.flatnonzero(np.random.default_rng(2).random(ROWS) < 0.2)
    many = selection_overlay._Marked(layer, rows, session.look, Cache())
    for zoom in (1.0, 3.0, 40.0):
        view = MapView.fit(session.project.bounds, 300, 200).zoomed(zoom)
        each = replace(layer.style, points=PointDrawing.EACH)
        many = replace(many, layer=layer.restyled(each))
        marks = many.marks(view, Progress())
        x, y = marks.x, marks.y
        px, py = view.to_screen(layer.geometry.lon[rows], layer.geometry.lat[rows])
        seen = (px > 0) & (px < view.width) & (py > 0) & (py < view.height)
        marked = np.column_stack(
            [(x - view.x) / view.resolution + 150, (view.y - y) / view.resolution + 100]
        )
        true = np.column_stack([px, py])
        assert len(x) <= 4 * seen.sum() + 100
        # Where rings would run into each other a dot stands for all in a square of 8 pixels.
        crowded = len(marks.radius) and marks.radius.max() == DOT
        assert cKDTree(marked).query(true[seen])[0].max() < (8 * 2**0.5 + 1.5 if crowded else 1.5)
        within = (marked > 2).all(axis=1) & (marked < [view.width - 2, view.height - 2]).all(axis=1)
        assert cKDTree(true).query(marked[within])[0].max() < 1.5


def test_the_halo_of_thousands_of_outlines_comes_a_moment_later(open_session, qtbot):
    zones = [
        circle_zone(f"Zone {n}", -0.1 + n * 0.001, 51.5, 30.0, "as agreed") for n in range(300)
    ]
    session = open_session(Project().with_zones(zones))
    view = MapView.fit((-0.11, 51.49, 0.21, 51.51), 300, 200)
    overlay = SelectionOverlay()
    came = []
    overlay.changed = lambda: came.append(1)
    session.select(Selection(zone_ids=tuple(session.project.zones)))
    overlay.prepare(session)
    assert not painted(overlay, view), "the map does not wait for it"
    qtbot.waitUntil(lambda: bool(came), timeout=5000)
    assert painted(overlay, view)


def test_all_rows_are_selected_and_brought_back_from_a_sorted_list(session, qtbot, idle):
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_layer(session.project.layers[0].id)
    idle(session)
    assert isinstance(panel.model.rows, range), "no array for rows in the order of the file"
    panel.view.selectAll()
    assert session.selection.rows.tolist() == list(range(ROWS))
    panel.sort_by(0)
    panel.sort_by(0)
    qtbot.waitUntil(lambda: panel.model.index(0, 0).data() == f"{ROWS - 1:,}")
    session.select(Selection(layer_id=panel.key, rows=np.array([0])))
    chosen = [index.row() for index in panel.view.selectionModel().selectedRows()]
    assert chosen == [ROWS - 1]
