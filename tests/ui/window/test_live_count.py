"""While a zone is reshaped the window says how many events lie in it, to those who may know."""

from __future__ import annotations

import numpy as np
import shapely
from pytestqt.qtbot import QtBot

from gisapp.analysis.points.known_indexes import index_of
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.drawing.live_count import inside_in_words
from gisapp.ui.main_window import MainWindow

AREA = shapely.box(-84.52, 39.1, -84.5, 39.11)


def test_the_events_inside_are_counted_with_the_filter(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    events = next(layer for layer in session.project.layers if layer.kind is LayerKind.OVERDOSES)
    points = events.geometry
    assert isinstance(points, Points)
    index_of(points)
    inside = shapely.intersects_xy(AREA, points.lon, points.lat)
    assert f"{inside.sum():,} overdoses" in inside_in_words(session, AREA)
    mask = np.arange(len(points)) % 2 == 0
    session.show_rows(events.id, mask)
    assert f"{(inside & mask).sum():,} overdoses" in inside_in_words(session, AREA)
    session.set_look(audience=Audience.PARTNERS)
    assert inside_in_words(session, AREA) == ""
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5_000)
