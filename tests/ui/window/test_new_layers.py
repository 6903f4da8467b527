"""A layer that comes in: the map shows it where it lies elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.layer import Bounds, Layer, Points, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.main_window import MainWindow
from tests.ui.window.opened import opened

#: London, far from the made project.
EAST, NORTH = -0.1, 51.5


def layer_at(lon: float, lat: float, name: str = "Elsewhere") -> Layer:
    steps = np.linspace(0.0, 0.05, 6)
    table = pa.table({"n": list(range(6))})
    return new_layer(name, LayerKind.OTHER, table, Points(lon + steps, lat + steps))


def width(bounds: Bounds) -> float:
    return bounds[2] - bounds[0]


def test_a_layer_off_the_view_is_shown_and_not_the_world(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    former = session.view
    session.perform(edits.add_layer(layer_at(EAST, NORTH)))
    west, south, east, north = session.view.bounds
    assert west < EAST and east > EAST + 0.05 and south < NORTH and north > NORTH + 0.05
    assert width(session.view.bounds) < 1.0, "not the ocean between the two"
    here = session.view
    session.perform(edits.add_layer(layer_at(EAST + 0.01, NORTH + 0.01, "Beside it")))
    assert session.view == here, "what is in view already moves nothing"
    window.commands.zoom_all()
    assert width(session.view.bounds) > width(former.bounds) + 50
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)


def test_what_was_imported_is_the_current_layer(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session = window.session
    path = tmp_path / "pharmacies.csv"
    path.write_text("name,lon,lat\nA,-0.12,51.50\nB,-0.11,51.51\n")
    window.commands.import_files([path])
    dialog = opened(ImportDialog)
    qtbot.waitUntil(dialog.add.isEnabled, timeout=10_000)
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.add.text() == "Done", timeout=10_000)
    layer = session.project.layers[-1]
    assert layer.name == "Pharmacies"
    assert session.current_layer_id == layer.id
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    tree = window.layers.tree
    tree.catch_up()
    assert tree.layer_at(tree.currentItem()).id == layer.id
    assert window.table.key == layer.id
    window.commands.undo()
    assert session.current_layer_id is None
    qtbot.waitUntil(lambda: not session.runner.busy and not window.canvas.busy, timeout=5_000)
