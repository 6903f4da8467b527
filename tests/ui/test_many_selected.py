"""Very many selected rows are marked on the map by a worker, and the table lists them by number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtGui import QImage, QPainter

from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.view import MapView
from gisapp.ui.selection_overlay import SelectionOverlay
from gisapp.ui.session import Selection
from gisapp.ui.table_panel import TablePanel

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
