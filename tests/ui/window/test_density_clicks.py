"""A click on heat says what it means, and selects what can be selected below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import shapely
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gisapp.layers.layer import Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.main_window import MainWindow
from tests.ui import made


def test_a_click_on_heat_is_answered_and_selects_the_area_below(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    events = made.overdoses()
    events = events.restyled(replace(events.style, points=PointDrawing.HEAT))
    area = shapely.box(*events.bounds) if events.bounds else shapely.Point(0, 0)
    geometry = Shapes(np.array([area], dtype=object))
    wards = new_layer("Wards", LayerKind.BOUNDARIES, pa.table({"name": ["Ward"]}), geometry)
    window = open_window(Project(title="Heat", layers=(wards, events)))
    session, canvas, left = window.session, window.canvas, Qt.MouseButton.LeftButton
    window.use_tool("tool.identify")
    qtbot.mouseClick(canvas, left, pos=canvas.rect().center())
    assert "overdoses per km² here" in canvas.hint
    assert session.selection.is_empty
    window.use_tool("tool.select")
    qtbot.mouseClick(canvas, left, pos=canvas.rect().center())
    assert session.selection.layer_id == wards.id
