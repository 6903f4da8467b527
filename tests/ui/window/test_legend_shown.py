"""The legend of the panel says what the image shows, which reaches beyond the window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from pytestqt.qtbot import QtBot

from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.painters.points import draws_each
from gisapp.render.painters.squares import density
from gisapp.ui.main_window import MainWindow

LON, LAT = -93.265, 44.975
#: Degrees from the middle: some within the window, and many beyond its upper and lower edge.
CROWD, BEYOND = 0.004, (0.032, 0.043)


def stops() -> Layer:
    """900 places in the middle, and 4,800 far apart beyond the window."""
    random = np.random.default_rng(3)
    crowd = random.uniform(-CROWD, CROWD, (900, 2))
    side = random.choice([-1, 1], 4800)
    lon = LON + np.concatenate([crowd[:, 0], random.uniform(-0.045, 0.045, 4800)])
    lat = LAT + np.concatenate([crowd[:, 1], side * random.uniform(*BEYOND, 4800)])
    table = pa.table({"case": np.arange(len(lon))})
    return new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat))


def test_the_legend_says_what_the_image_shows(
    open_window: Callable[[Project | None], MainWindow], qtbot: QtBot
) -> None:
    layer = stops()
    window = open_window(Project(timezone="America/Chicago").with_layer(layer))
    session, canvas = window.session, window.canvas
    session.set_view(session.view.shown((LON - 0.03, LAT - 0.03, LON + 0.03, LAT + 0.03)))
    qtbot.waitUntil(lambda: canvas.images.is_sharp_at(session.view), timeout=10_000)
    qtbot.waitUntil(lambda: not canvas.busy, timeout=10_000)
    shown = canvas.images.shown
    assert shown is not None
    each = []
    for view in (session.view, shown.view):
        _, counts = density(layer, session.look, view, session.cache, Progress())
        each.append(draws_each(layer, counts, session.look, view, session.cache))
    assert each == [True, False], "what is in the window and in its image differ in kind"
    (section,) = (one for one in session.legend if one.id == layer.id)
    assert section.entries[0].label.startswith("Stops per square")
