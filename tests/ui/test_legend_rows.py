"""The legend in the layers panel names the column of amounts once, above its classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from gisapp.analysis.classes.making import categories_of, graduated, with_classes
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.legend import legend
from gisapp.render.view import MapView
from gisapp.ui.layers.rows import add_rows
from gisapp.ui.session import Session


def test_amounts_stand_under_the_name_of_their_column(
    qtbot: QtBot, open_session: Callable[[Project], Session]
) -> None:
    table = pa.table({"name": list("abcdef"), "acres": [95, 120, 340, 500, 770, 1200]})
    layer = new_layer("Sites", LayerKind.SERVICES, table, Points(np.zeros(6), np.zeros(6)))
    made = graduated(layer, "acres", k=3)
    layer = layer.restyled(replace(layer.style, symbology=made))
    session = open_session(Project(layers=(layer,)))
    sections = legend(session.project, session.look)
    entries = sections[0].entries
    assert [one.label for one in entries[:3]] == [f"acres: {one.label}" for one in made.classes]
    session.set_legend(sections)
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    add_rows(tree, session)
    item = next(
        tree.topLevelItem(number)
        for number in range(tree.topLevelItemCount())
        if tree.topLevelItem(number).text(0) == "Sites"
    )
    rows = [item.child(number) for number in range(4)]
    assert [row.text(0) for row in rows] == ["acres", *(one.label for one in made.classes)]
    assert rows[1].toolTip(0) == f"acres: {made.classes[0].label}"


def test_the_hint_of_a_layer_stands_below_its_classes(
    qtbot: QtBot, open_session: Callable[[Project], Session]
) -> None:
    rng = np.random.default_rng(3)
    places = Points(rng.uniform(-0.1, 0.1, 60_000), rng.uniform(51.4, 51.6, 60_000))
    table = pa.table({"why": np.where(np.arange(60_000) % 2 == 0, "one", "other")})
    layer = new_layer("Stops", LayerKind.STOPS, table, places)
    layer = layer.restyled(with_classes(layer, categories_of(layer, "why")))
    session = open_session(Project(layers=(layer,)))
    view = MapView.fit(session.project.bounds, 400, 300)
    session.set_legend(legend(session.project, session.look, view=view))
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    add_rows(tree, session)
    item = tree.topLevelItem(tree.topLevelItemCount() - 1)
    last = item.child(item.childCount() - 1)
    assert last.text(0) == last.toolTip(0) == "Zoom in to see each in its colour"
