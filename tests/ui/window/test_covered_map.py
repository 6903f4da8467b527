"""What lies over the map is known to whoever writes names on it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gisapp.render.look import Box
from gisapp.render.view import MapView
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.furniture import covered_by, paint_frame, paint_furniture
from gisapp.ui.map.meeting_overlay import meeting_boxes, paint_meeting

VIEW = MapView.fit((-3.4, 55.2, -3.3, 55.3), 900, 600)


def inked(image: QImage) -> np.ndarray:
    """Where an image is not clear."""
    flat = np.frombuffer(image.constBits(), dtype=np.uint32)
    found: np.ndarray = flat.reshape(image.height(), image.width()) != 0
    return found


def sheet() -> QImage:
    image = QImage(VIEW.width, VIEW.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def inside(boxes: tuple[Box, ...], more: int) -> np.ndarray:
    held = np.zeros((VIEW.height, VIEW.width), dtype=bool)
    for left, top, right, bottom in boxes:
        rows = slice(max(round(top) - more, 0), round(bottom) + more)
        held[rows, max(round(left) - more, 0) : round(right) + more] = True
    return held


@pytest.mark.parametrize("sources", ["", "Sources: a.csv", "Sources: " + "long name, " * 40])
def test_furniture_is_where_it_is_said_to_be(window: MainWindow, sources: str) -> None:
    image, names = sheet(), ("One", "Two", "Three", "Four")
    painter = QPainter(image)
    paint_furniture(painter, VIEW, sources)
    paint_frame(painter, VIEW, names)
    painter.end()
    ink = inked(image)
    ink[:3], ink[-3:], ink[:, :3], ink[:, -3:] = False, False, False, False  # the frame itself
    boxes = covered_by(VIEW, sources, names)
    assert not (ink & ~inside(boxes, 1)).any()
    for box in boxes:
        assert ink[inside((box,), -1)].mean() > 0.7


def test_what_stands_over_a_map_alone_is_where_it_is_said_to_be(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = window.session
    qtbot.waitUntil(lambda: bool(session.legend), timeout=10_000)
    for with_legend in (False, True):
        image = sheet().copy(0, 0, 1600, 900)
        view = VIEW.resized(1600, 900)
        asked = view, session.project, session.look, session.legend
        painter = QPainter(image)
        paint_meeting(painter, *asked, with_legend=with_legend)
        painter.end()
        boxes = meeting_boxes(*asked, with_legend=with_legend)
        assert len(boxes) == 1 + with_legend
        rows, columns = np.nonzero(inked(image))
        assert min(box[0] for box in boxes) == pytest.approx(columns.min(), abs=2)
        assert max(box[3] for box in boxes) == pytest.approx(rows.max() + 1, abs=2)


def test_names_keep_off_the_overview_map(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    overview = window.navigation.overview
    before = canvas.scene_at(canvas.view).covered
    overview.set_wanted(True)
    qtbot.waitUntil(lambda: not canvas.busy)
    assert canvas.images.shown is not None
    found = canvas.images.shown.covered
    assert len(found) == len(before) + 1
    left, top, right, bottom = found[0]
    shown = overview.geometry()
    assert (left, top, right - left, bottom - top) == shown.getRect()
