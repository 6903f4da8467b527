"""The small map of forms: drawn behind the window, of what was shown last."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gisapp.errors import Cancelled
from gisapp.layers.style import ORANGE, Style
from gisapp.progress import Progress
from gisapp.ui.session import Session
from gisapp.ui.widgets import mini_map
from gisapp.ui.widgets.mini_map import MiniMap

WEST = shapely.box(-84.60, 39.10, -84.55, 39.15)
EAST = shapely.box(-84.50, 39.10, -84.45, 39.15)
NOWHERE = np.empty(0)


@pytest.fixture
def small(qtbot: QtBot, session: Session) -> MiniMap:
    widget = MiniMap(session)
    qtbot.addWidget(widget)
    widget.resize(320, 240)
    widget.show()
    return widget


def shown(small: MiniMap, qtbot: QtBot) -> QImage:
    qtbot.waitUntil(lambda: small.drawn)
    return small.grab().toImage()


def test_areas_and_points_lie_where_they_are(small: MiniMap, qtbot: QtBot) -> None:
    small.show_places(NOWHERE, NOWHERE, [WEST, EAST], style=Style(color=ORANGE, fill_opacity=1.0))
    image = shown(small, qtbot)
    middle = image.height() // 2
    found = [image.pixelColor(x, middle).name().upper() == ORANGE for x in (80, 160, 240)]
    assert found == [True, False, True]
    small.show_places(np.array([-84.6, -84.4]), np.array([39.1, 39.1]), point_color=ORANGE)
    image = shown(small, qtbot)
    seen = [x for x in range(320) if image.pixelColor(x, middle).name().upper() == ORANGE]
    assert seen and min(seen) < 45 and max(seen) > 275
    assert not [x for x in seen if 45 < x < 275]


def test_what_is_there_already_lies_behind(small: MiniMap, qtbot: QtBot) -> None:
    small.show_places(np.array([-84.60, -84.45]), np.array([39.10, 39.15]))
    alone = shown(small, qtbot)
    small.set_behind([EAST])
    assert shown(small, qtbot) != alone


def test_with_no_place_it_says_why(small: MiniMap, qtbot: QtBot) -> None:
    small.show_places(NOWHERE, NOWHERE, [WEST])
    before = shown(small, qtbot)
    small.show_places(NOWHERE, NOWHERE, note="None of these rows has a place.")
    assert shown(small, qtbot) != before
    assert small.accessibleDescription() == "None of these rows has a place."


def test_it_can_be_stopped_anywhere(qapp: object) -> None:
    """Qt complains of a painter that ends in the middle of something, and that fails a test."""
    drawing = mini_map._Drawing(np.array([-84.5]), np.array([39.1]), (WEST, EAST), (WEST,))

    class Stopped(Progress):
        def __init__(self, after: int) -> None:
            super().__init__()
            self.left = after

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    after = 0
    while True:
        try:
            assert mini_map._picture(drawing, QSize(60, 40), 1.0, False, Stopped(after))
            break
        except Cancelled:
            after += 1
    assert after > 5


def test_what_has_no_place_is_passed_over(qapp: object) -> None:
    shapes = (None, shapely.Polygon(), WEST)
    drawing = mini_map._Drawing(NOWHERE, NOWHERE, shapes, (shapely.Polygon(),))
    assert drawing.bounds == WEST.bounds
    assert mini_map._picture(drawing, QSize(60, 40), 1.0, True, Progress()) is not None
    nothing = mini_map._Drawing(NOWHERE, NOWHERE, (shapely.Polygon(),))
    assert nothing.bounds is None
