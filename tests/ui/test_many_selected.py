"""Very many selected rows are marked on the map by a worker, and the table lists them by number."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QTableView
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
from gisapp.ui.table import marks
from gisapp.ui.table.model import TableModel
from gisapp.ui.table.panel import TablePanel
from gisapp.ui.table.row_filter import Part

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
    many = selection_overlay._Marked(layer, rows, session.look, Cache(), session.project)
    for zoom in (1.0, 3.0, 40.0):
        view = MapView.fit(session.project.bounds, 300, 200).zoomed(zoom)
        each = replace(layer.style, points=PointDrawing.EACH)
        many = replace(many, layer=layer.restyled(each))
        halo = many.marks(view, Progress())
        x, y = halo.x, halo.y
        px, py = view.to_screen(layer.geometry.lon[rows], layer.geometry.lat[rows])
        seen = (px > 0) & (px < view.width) & (py > 0) & (py < view.height)
        marked = np.column_stack(
            [(x - view.x) / view.resolution + 150, (view.y - y) / view.resolution + 100]
        )
        true = np.column_stack([px, py])
        assert len(x) <= 4 * seen.sum() + 100
        # Where rings would run into each other a dot stands for all in a square of 8 pixels.
        crowded = len(halo.radius) and halo.radius.max() == DOT
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


@pytest.fixture
def panel(session, qtbot, idle):
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    panel.show()
    panel.show_layer(session.project.layers[0].id)
    idle(session)
    return panel


def marked_in_view(panel):
    """The numbers of the rows in view that are marked, and of those that are not."""
    view, model = panel.view, panel.view.selectionModel()
    places = range(view.rowAt(0), view.rowAt(view.viewport().height() - 1) + 1)
    found = ([], [])
    for place in places:
        on = model.isRowSelected(place)
        found[0 if on else 1].append(int(panel.model.rows[place]))
    return found


def select(panel, rows):
    panel.session.select(Selection(layer_id=panel.key, rows=rows))


@pytest.mark.parametrize("at_once", [200_000, 0])
def test_of_very_many_selected_rows_those_in_view_are_marked(
    panel, session, qtbot, idle, monkeypatch, at_once
):
    monkeypatch.setattr(marks, "_AT_ONCE", at_once)
    rows = np.flatnonzero(np.arange(ROWS) % 3 == 1)
    select(panel, rows[::-1])
    idle(session)
    for at in (0, 17_003, ROWS):
        panel.view.verticalScrollBar().setValue(at)
        on, off = marked_in_view(panel)
        assert len(on) >= 2
        assert all(row % 3 == 1 for row in on)
        assert all(row % 3 != 1 for row in off)
    assert len(panel.view.selectionModel().selection()) < 200, "Qt is told of no more"
    assert session.selection.rows.tolist() == rows[::-1].tolist(), "and nothing else is selected"
    assert panel.count.text() == f"{ROWS:,} of {ROWS:,} shown · {len(rows):,} selected"
    panel.sort_by(0)
    panel.sort_by(0)
    qtbot.waitUntil(lambda: panel.model.index(0, 0).data() == f"{ROWS - 1:,}")
    idle(session)
    on, off = marked_in_view(panel)
    assert on
    assert all(row % 3 == 1 for row in on)
    assert all(row % 3 != 1 for row in off)


def test_the_bar_says_how_many_are_selected_and_how_many_of_them_are_listed(
    panel, session, qtbot, idle
):
    assert panel.count.text() == f"{ROWS:,} of {ROWS:,} shown"
    select(panel, np.arange(10))
    assert panel.count.text().endswith(" shown · 10 selected")
    session.filters.set(panel.key, Part.TABLE, np.arange(ROWS) % 2 == 0, "every second")
    qtbot.waitUntil(lambda: panel.model.rowCount() == ROWS // 2)
    assert panel.count.text().endswith(" · 10 selected, 5 of them listed · every second")
    session.select(Selection())
    assert panel.count.text() == f"{ROWS // 2:,} of {ROWS:,} shown · every second"


@pytest.mark.parametrize("at_once", [200_000, 0])
def test_one_row_more_or_less_of_very_many_by_a_click_with_ctrl(
    panel, session, qtbot, idle, monkeypatch, at_once
):
    monkeypatch.setattr(marks, "_AT_ONCE", at_once)
    rows = np.arange(0, ROWS, 4)
    select(panel, rows)
    idle(session)
    panel.view.verticalScrollBar().setValue(20_000)
    for row, change in ((20_001, {20_001}), (20_004, {20_004})):
        before = set(session.selection.rows.tolist())
        place = panel.view.visualRect(panel.model.index(row, 0)).center()
        keys = Qt.KeyboardModifier.ControlModifier
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, keys, place)
        idle(session)
        assert set(session.selection.rows.tolist()) == before ^ change
        assert panel.view.verticalScrollBar().value() == 20_000, "the rows stay where they are"
    on, _ = marked_in_view(panel)
    assert 20_001 in on
    assert 20_004 not in on
    assert panel.count.text().endswith(f" · {len(rows):,} selected")
    panel.view.verticalScrollBar().setValue(0)
    panel.view.verticalScrollBar().setValue(20_000)
    assert marked_in_view(panel)[0] == on, "also after others were in view"
    place = panel.view.visualRect(panel.model.index(20_002, 0)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    idle(session)
    assert session.selection.rows.tolist() == [20_002], "a plain click selects one row alone"
    assert marked_in_view(panel)[0] == [20_002]


@pytest.mark.parametrize("at_once", [200_000, 0])
def test_clicks_with_ctrl_that_follow_each_other_all_count(
    panel, session, qtbot, idle, monkeypatch, at_once
):
    monkeypatch.setattr(marks, "_AT_ONCE", at_once)
    rows = np.arange(0, ROWS, 2)
    select(panel, rows)
    idle(session)
    keys = Qt.KeyboardModifier.ControlModifier
    for row in (1, 3, 4, 5, 3):
        place = panel.view.visualRect(panel.model.index(row, 0)).center()
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, keys, place)
    idle(session)
    assert set(session.selection.rows.tolist()) == set(rows.tolist()) ^ {1, 4, 5}
    assert panel.marks.count == len(session.selection.rows)
    on, off = marked_in_view(panel)
    assert set(on) >= {1, 5}
    assert set(off) >= {3, 4}


@given(st.data())
def test_stretches_of_selected_places_are_those_of_the_flags(data):
    flags = np.array(data.draw(st.lists(st.booleans(), max_size=20)), dtype=bool)
    last = data.draw(st.integers(0, len(flags)))
    first = data.draw(st.integers(0, last))
    found = marks.Marks(flags, int(flags.sum()))
    places = [place for part in found.stretches(first, last) for place in range(*part)]
    assert places == [place for place in range(first, last) if flags[place]]
    assert found.few() == found.stretches(0, len(flags))
    wanted = np.flatnonzero(flags)
    order = np.array(data.draw(st.permutations(range(len(flags)))), dtype=np.int32)
    assert marks.marks_of(order, wanted, len(flags)).flags.tolist() == flags[order].tolist()


def test_of_a_million_marked_rows_qt_is_told_of_those_in_view(qtbot, open_session, monkeypatch):
    many = 1_000_000
    table = pa.table({"n": np.arange(many, dtype=np.int32)})
    layer = new_layer("Stops", LayerKind.OTHER, table, Points(np.zeros(many), np.zeros(many)))
    session = open_session(Project(layers=(layer,)))
    view = QTableView()
    qtbot.addWidget(view)
    model = TableModel(view)
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    model.show(table, np.arange(many, dtype=np.int32)[::-1])
    view.show()
    found = marks.RowMarks(view, model, session)
    told, searching = [], []
    view.selectionModel().selectionChanged.connect(
        lambda on, off: told.append(sum(part.height() for part in [*on, *off]))
    )
    search = marks.marks_of

    def searched(*asked):
        searching.append(threading.current_thread())
        return search(*asked)

    monkeypatch.setattr(marks, "marks_of", searched)
    found.follow(np.arange(0, many, 2))
    assert told == [], "the window does not wait for the rows to be looked through"
    qtbot.waitUntil(lambda: found.count == many // 2)
    for at in (300_000, 500_001):
        view.verticalScrollBar().setValue(at)
    assert view.selectionModel().isRowSelected(500_001)
    assert not view.selectionModel().isRowSelected(500_002)
    assert len(searching) == 1, "rows that scroll are not looked through again"
    assert searching[0] is not threading.main_thread()
    assert len(told) >= 3
    assert max(told) < 1_000, "some in view and around, and those that were"
